//! What could say who the patient is in what is about to leave.

use std::path::Path;
use std::sync::Arc;

use super::Leaving;
use super::table::uids_in;
use crate::case::{Case, Ledger, Measurement, MeasurementId};
use crate::export::Table;
use crate::image::{Frame, Series};
use crate::session::gate::{
    FindingPlace, FindingSeverity, Findings, Found, Gate, GateText, HeadersRead, ImageFacts, file_name_text,
    series_of_patients,
};
use crate::session::{Mark, Session, Slices, Viewport, ViewportId};

impl Session {
    /// What could say who the patient is in the texts and images that would leave now.
    pub(super) fn findings_of(&self, what: &Leaving) -> Gate {
        if let Leaving::Notebook(path, part) = what {
            return self.notebook_findings(part, Some(path));
        }
        let mut findings = Findings::new(&self.leaving.kept);
        let mut texts = match what {
            Leaving::View(_, _, options) if !options.marks => Vec::new(),
            Leaving::View(id, ..) | Leaving::ViewCopy(id) => self.texts_of_marks(&self.marks(*id)),
            Leaving::Cine(id, _, options) if options.marks => {
                let all: Vec<Mark> = self
                    .slices_of(*id, options.slices)
                    .iter()
                    .filter_map(|there| self.shown_in(there))
                    .flat_map(|shown| self.marks_on(&shown, None))
                    .collect();
                self.texts_of_marks(&all)
            }
            Leaving::Cine(..) | Leaving::Notebook(..) => Vec::new(),
            Leaving::Table(_) => {
                let mut texts = measurement_texts(self.case(), |_| true);
                texts.extend(self.texts_of_lesions());
                texts
            }
            Leaving::LedgerCopy => self.texts_of_lesions(),
        };
        texts.extend(what.file().and_then(file_name_text));
        self.in_texts(&texts, &mut findings);
        match what {
            Leaving::View(id, ..) | Leaving::ViewCopy(id) => {
                if let Some(shown) = self.shown(*id) {
                    let mut facts = ImageFacts::default();
                    self.add_facts(&shown, &self.frames_shown(&shown), &mut facts);
                    findings.add_image(&facts, FindingPlace::View, "image", &shown.image_name());
                }
            }
            Leaving::Cine(id, _, options) => self.in_film(*id, options.slices, &mut findings),
            Leaving::Table(_) => uids_found(&self.table_to_leave(), &mut findings),
            Leaving::LedgerCopy | Leaving::Notebook(..) => {}
        }
        Gate { reading: self.headers_left(self.frames_of_leaving(what).into_iter()), findings: findings.list }
    }

    /// The images that leave with it.
    pub(super) fn frames_of_leaving(&self, what: &Leaving) -> Vec<Arc<Frame>> {
        match what {
            Leaving::View(id, ..) | Leaving::ViewCopy(id) => {
                self.shown(*id).map_or_else(Vec::new, |shown| self.frames_shown(&shown))
            }
            Leaving::Cine(id, _, options) => {
                let slices = self.slices_of(*id, options.slices);
                let shown = slices.iter().filter_map(|there| self.shown_in(there));
                let mut frames: Vec<Arc<Frame>> = shown.flat_map(|shown| self.frames_shown(&shown)).collect();
                // Each slice of a plane is cut through all of them.
                frames.sort_by_key(Arc::as_ptr);
                frames.dedup_by(|a, b| Arc::ptr_eq(a, b));
                frames
            }
            Leaving::Notebook(..) => self.frames_of_notebook(self.figures_leaving().iter()),
            // What their images say is looked for in the texts: any of them may have been typed.
            Leaving::Table(_) | Leaving::LedgerCopy => {
                let case = self.case();
                let measured = case.measurements.iter().filter_map(|m| m.points.drawn_on());
                let mut frames: Vec<Arc<Frame>> =
                    measured.filter_map(|of| self.frame(of)).map(Arc::clone).collect();
                let series = case.measurements.iter().filter_map(|m| self.series_measured(m));
                frames.extend(series.filter_map(|series| series.middle()).map(Arc::clone));
                frames
            }
        }
    }

    /// A viewport on each of the slices.
    pub(super) fn slices_of(&self, id: ViewportId, slices: Slices) -> Vec<Viewport> {
        let (Some(shown), size) = (self.shown(id), self.workspace.size(id)) else { return Vec::new() };
        slices.of(shown.count).into_iter().filter_map(|index| shown.at_slice(size, index)).collect()
    }

    fn in_film(&self, id: ViewportId, slices: Slices, findings: &mut Findings<'_>) {
        let mut facts = ImageFacts::default();
        let viewports = self.slices_of(id, slices);
        for shown in viewports.iter().filter_map(|there| self.shown_in(there)) {
            self.add_facts(&shown, &self.frames_shown(&shown), &mut facts);
        }
        // Of another series it is another decision.
        let of = self.shown(id).map(|shown| shown.series.info.uid.as_str().to_owned()).unwrap_or_default();
        findings.add_image(&facts, FindingPlace::View, "images", &of);
    }

    /// The words of measurements that are seen.
    fn texts_of_marks(&self, marks: &[Mark]) -> Vec<GateText> {
        measurement_texts(self.case(), |id| marks.iter().any(|mark| mark.measurement.id == id))
    }

    fn texts_of_lesions(&self) -> Vec<GateText> {
        lesion_texts(self.case(), &self.ledger())
    }
}

/// What could say who the patient is in the table of a case's measurements that no session shows, under that file name.
/// One header of each series is read here.
pub fn table_findings(
    (case, ledger, table): (&Case, &Ledger, &Table),
    series: &[Series],
    output: &Path,
    kept: &[String],
) -> Gate {
    let mut headers = HeadersRead::default();
    for series in series_of_patients(case, series) {
        headers.add_series(series);
        headers.add_files(series.middle().into_iter().map(AsRef::as_ref));
    }
    let mut texts = measurement_texts(case, |_| true);
    texts.extend(lesion_texts(case, ledger));
    texts.extend(file_name_text(output));
    let mut findings = Findings::new(kept);
    headers.in_texts(&texts, &mut findings);
    uids_found(table, &mut findings);
    Gate { reading: 0, findings: findings.list }
}

fn measurement_texts(case: &Case, leaves: impl Fn(MeasurementId) -> bool) -> Vec<GateText> {
    let leaving = case.measurements.iter().filter(|m| !m.label.is_empty() && leaves(m.id));
    let text = |m: &Arc<Measurement>| {
        let place = format!("words of measurement {}", m.id.0);
        GateText::new(FindingPlace::Measurement(m.id), place, &m.label)
    };
    leaving.map(text).collect()
}

/// What the reader called lesions, their sites and the time points.
pub(in crate::session) fn lesion_texts(case: &Case, ledger: &Ledger) -> Vec<GateText> {
    let mut texts = Vec::new();
    for lesion in &case.lesions {
        let number = lesion.id.0;
        let place = format!("name of lesion {number}");
        texts.push(GateText::new(FindingPlace::Lesion(lesion.id), place, &lesion.name));
        let place = format!("site of lesion {number}");
        texts.push(GateText::new(FindingPlace::Site(lesion.id), place, &lesion.site));
    }
    texts.extend(time_point_texts(ledger));
    // Times are said by the words of the event that they are counted from.
    let anchor = case.notebook.anchor.and_then(|id| case.notebook.event(id));
    texts.extend(anchor.map(|event| {
        GateText::new(FindingPlace::Event(event.id), format!("event {}", event.id.0), &event.words)
    }));
    texts
}

/// What the reader called the time points.
pub(in crate::session) fn time_point_texts(ledger: &Ledger) -> impl Iterator<Item = GateText> {
    ledger.columns.iter().enumerate().map(|(index, column)| {
        let place = format!("name of time point {}", index + 1);
        GateText::new(FindingPlace::TimePoint(index), place, &column.point.name)
    })
}

fn uids_found(table: &Table, findings: &mut Findings<'_>) {
    let mut uids = uids_in(table);
    if uids.is_empty() {
        return;
    }
    uids.sort();
    uids.dedup();
    findings.add(Found {
        kind: "uids",
        of: &uids.join(" "),
        at: FindingPlace::Uids,
        place: "columns of UIDs".to_owned(),
        what: "with access to the archive a UID leads to the patient".to_owned(),
        severity: FindingSeverity::Asks,
        range: None,
        value: None,
        around: [String::new(), String::new()],
        quote: String::new(),
        cure: Some(String::new()),
    });
}
