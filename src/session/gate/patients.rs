//! Whose names count?
//!
//! Those of the patients whose images the case uses, or of which a view or a film is about to leave. Another patient
//! whose images happen to be open is named in nothing that was typed on purpose, and the name of one may be a word.

use std::sync::Arc;

use crate::case::{Case, Measurement, SavedView};
use crate::image::{Series, SeriesKey, StudyUid};
use crate::session::{Leaving, Session};

/// Those of some series that are of the patients whose images were measured in a case that no session shows; all of them
/// where nothing was.
pub(in crate::session) fn series_of_patients<'s>(case: &Case, series: &'s [Series]) -> Vec<&'s Series> {
    let measured = |series: &&Series| {
        case.measurements.iter().any(|m| match &m.study {
            Some(study) => *study == series.study.uid,
            None => m.points.drawn_on().is_some_and(|of| series.index_of(of).is_some()),
        })
    };
    let used: Vec<SeriesKey> = series.iter().filter(measured).map(Series::key).collect();
    let is_own =
        |series: &&Series| used.is_empty() || used.iter().any(|used| used.same_patient(&series.key()));
    series.iter().filter(is_own).collect()
}

impl Session {
    /// The open series of the patients of the case. Where it uses no image yet: all of them.
    pub(in crate::session) fn series_of_patients(&self) -> Vec<&Arc<Series>> {
        let all: Vec<&Arc<Series>> = self.library.all().collect();
        let mut files = all.iter().filter(|series| !series.is_picture());
        let Some(first) = files.next() else { return all };
        if files.all(|series| series.key().same_patient(&first.key())) {
            return all;
        }
        let used: Vec<&Arc<Series>> =
            self.series_used().into_iter().filter(|series| !series.is_picture()).collect();
        if used.is_empty() {
            return all;
        }
        let is_own = |series: &&Arc<Series>| {
            series.is_picture() || used.iter().any(|used| used.key().same_patient(&series.key()))
        };
        all.into_iter().filter(is_own).collect()
    }

    /// A series of each patient that the case uses, and of what leaves by itself.
    fn series_used(&self) -> Vec<&Arc<Series>> {
        let case = self.case();
        let of_study = |uid: &StudyUid| self.library.all().find(|series| series.study.uid == *uid);
        let measured =
            |m: &Arc<Measurement>| m.study.as_ref().and_then(of_study).or_else(|| self.series_measured(m));
        let mut used: Vec<&Arc<Series>> = case.measurements.iter().filter_map(measured).collect();
        used.extend(case.time_points.iter().flat_map(|point| &point.studies).filter_map(of_study));
        let panels = case.figures.iter().flat_map(|figure| &figure.panels).map(|panel| &panel.view);
        used.extend(
            panels
                .chain(case.key_images.iter().map(|key| &key.view))
                .flat_map(|view| self.series_of_view(view)),
        );
        match self.leaving() {
            Some(Leaving::View(id, ..) | Leaving::ViewCopy(id) | Leaving::Cine(id, ..)) => {
                let shown = self.shown(*id);
                used.extend(shown.into_iter().flat_map(|shown| {
                    let over =
                        shown.viewport.over.as_ref().and_then(|over| self.library.series(&over.series));
                    [Some(shown.series), over].into_iter().flatten()
                }));
            }
            Some(Leaving::Table(_) | Leaving::LedgerCopy | Leaving::Notebook(..)) | None => {}
        }
        used
    }

    fn series_of_view(&self, view: &SavedView) -> Vec<&Arc<Series>> {
        let over = view.over.as_ref().map(|over| (&over.series, over.part.as_ref()));
        let named = std::iter::once((&view.series, view.part.as_ref())).chain(over);
        named.filter_map(|(uid, part)| self.library.part(uid, part)).collect()
    }
}
