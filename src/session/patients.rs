//! Whose case is it? No edit joins a case whose patient is not the one shown.
//!
//! The case file holds no patient attribute. Whose it is follows from the studies and series that it speaks of, by
//! what their files say while they are open; the session remembers that when they are closed. A patient who cannot be
//! told (no ID, no name, or a word such as "ANONYMOUS" in their place) is not another one, and nothing is refused
//! where there is nothing to compare. The reader may say that two are one person: the case keeps the studies of which
//! that was said.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Action, FigureAction, Notice, Session, Tool, ViewportId};
use crate::case::{Case, Edit};
use crate::image::{PatientInfo, SamePatient, Series, SeriesUid, StudyUid};

/// What the images in the active viewport have to do with the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// They are of its patient, or it speaks of none yet.
    Own,
    /// Nobody can tell: the files do not say who it is, or the case's own images were never open here.
    Unknown,
    /// They are of another patient: nothing of the case can be changed.
    Another,
}

/// What is known of the patients of the case.
#[derive(Default)]
pub(super) struct Patients {
    /// Whose images were shown when the case began.
    first: Option<Arc<PatientInfo>>,
    /// Everybody whom the case speaks of, as far as files said who that is.
    own: Vec<Arc<PatientInfo>>,
    /// Those of the open images who are others.
    others: Vec<Arc<PatientInfo>>,
    /// The patients of each study and series that was open in this session: it outlives their images.
    studies: HashMap<StudyUid, Vec<Arc<PatientInfo>>>,
    series: HashMap<SeriesUid, Vec<Arc<PatientInfo>>>,
    /// For which case and which state of the library `own` was found.
    of: Option<(Arc<Case>, u64)>,
    /// The viewport that the action at hand works on.
    pub(super) acting: Option<ViewportId>,
}

impl std::fmt::Debug for Patients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Patients").field("own", &self.own.len()).finish_non_exhaustive()
    }
}

impl Session {
    /// Whose images the active viewport shows; `None` where it is empty or shows a picture of the case.
    pub fn whose(&self) -> Option<Whose> {
        let series = self.library.series(&self.workspace.viewport(self.workspace.active)?.series)?;
        (!series.is_picture()).then_some(())?;
        match self.whose_is(&series.patient) {
            // What the case speaks of already is its own, also where no file says whose it is.
            Whose::Unknown if references(self.case()).names(series) => Some(Whose::Own),
            whose @ (Whose::Own | Whose::Unknown | Whose::Another) => Some(whose),
        }
    }

    /// Whether nothing of the case can be changed, since the active viewport shows another patient.
    pub fn is_anothers(&self) -> bool {
        self.whose() == Some(Whose::Another)
    }

    /// Whether a series is of another patient than the case.
    pub fn is_of_another(&self, series: &Series) -> bool {
        !series.is_picture() && self.whose_is(&series.patient) == Whose::Another
    }

    fn patient_in(&self, id: ViewportId) -> Option<&Arc<PatientInfo>> {
        let series = self.library.series(&self.workspace.viewport(id)?.series)?;
        (!series.is_picture()).then_some(&series.patient)
    }

    /// The patient that an action at hand works on.
    fn patient_at_hand(&self) -> Option<&Arc<PatientInfo>> {
        self.patient_in(self.patients.acting.unwrap_or(self.workspace.active))
    }

    fn whose_is(&self, patient: &PatientInfo) -> Whose {
        if self.patients.others.iter().any(|other| **other == *patient) {
            return Whose::Another;
        }
        if self.case().is_blank() {
            return Whose::Own;
        }
        if self.patients.own.is_empty() {
            let spoken_of = references(self.case());
            return if spoken_of.is_empty() { Whose::Own } else { Whose::Unknown };
        }
        among(&self.patients.own, patient)
    }

    /// Learns whose the open images are, and from them whose the case is.
    pub(super) fn learn_patients(&mut self) {
        let changes = self.library.assembled();
        let case = Arc::clone(self.history.present());
        if self.patients.of.as_ref().is_some_and(|(of, at)| Arc::ptr_eq(of, &case) && *at == changes) {
            return;
        }
        if self.patients.of.as_ref().is_none_or(|(_, at)| *at != changes) {
            for series in self.library.all().filter(|series| !series.is_picture()) {
                let note = |list: &mut Vec<Arc<PatientInfo>>| {
                    if !list.contains(&series.patient) {
                        list.push(Arc::clone(&series.patient));
                    }
                };
                note(self.patients.studies.entry(series.study.uid.clone()).or_default());
                note(self.patients.series.entry(series.info.uid.clone()).or_default());
            }
        }
        if case.is_blank() {
            self.patients.first = None;
        }
        self.patients.own = self.patients_of(&case);
        let mut others: Vec<Arc<PatientInfo>> = Vec::new();
        for series in self.library.all().filter(|series| !series.is_picture()) {
            let another = || among(&self.patients.own, &series.patient) == Whose::Another;
            if !others.contains(&series.patient) && another() {
                others.push(Arc::clone(&series.patient));
            }
        }
        self.patients.others = others;
        self.patients.of = Some((case, changes));
    }

    /// Other images are open, or none: what was known of those before stays known.
    pub(super) fn forget_changes_of_library(&mut self) {
        self.patients.of = None;
        self.learn_patients();
    }

    /// Whether the ledger lists the visit of a series: it is of the case's patient, or, while the case is nobody's, of
    /// the one in the active viewport.
    pub(super) fn is_of_ledger(&self, series: &Series) -> bool {
        let not_another = |shown: &Arc<PatientInfo>| shown.is_same(&series.patient) != SamePatient::No;
        !series.is_picture()
            && if self.patients.own.is_empty() {
                self.patient_in(self.workspace.active).is_none_or(not_another)
            } else {
                !self.is_of_another(series)
            }
    }

    /// What was being typed when another patient came on the screen is of the one before.
    pub(super) fn keep_typed(&mut self) {
        if self.is_anothers()
            && let Some(edit) = self.typing.take()
        {
            self.commit_whoever_is_shown(edit);
        }
    }

    /// Everybody whom a case speaks of, as far as that is known.
    fn patients_of(&self, case: &Case) -> Vec<Arc<PatientInfo>> {
        if case.is_blank() {
            return Vec::new();
        }
        let mut own: Vec<Arc<PatientInfo>> = self.patients.first.iter().map(Arc::clone).collect();
        let mut spoken_of = references(case);
        for measurement in case.measurements.iter().filter(|m| m.study.is_none()) {
            let series = self.series_measured(measurement).filter(|series| !series.is_picture());
            spoken_of.studies.extend(series.map(|series| series.study.uid.clone()));
        }
        if spoken_of.is_empty() {
            // Words alone are of whoever was on the screen when they were saved.
            spoken_of.studies.extend(case.sources.iter().map(|source| source.study.clone()));
        }
        for patients in spoken_of.patients(&self.patients) {
            // One UID under two patients: it is that of the one whom the case is of already.
            if patients.iter().any(|patient| among(&own, patient) == Whose::Own && !own.is_empty()) {
                continue;
            }
            own.extend(patients.iter().map(Arc::clone));
        }
        own
    }

    /// Forgets whose the case was: another one begins.
    pub(super) fn forget_patients(&mut self) {
        self.patients.first = None;
        self.patients.of = None;
        self.learn_patients();
    }

    /// Whether an edit has to be refused: another patient is on the screen, or it would bring one into the case.
    pub(super) fn is_refused(&mut self, edit: &Edit) -> bool {
        self.learn_patients();
        let next = self.case().with(edit.clone());
        if next.as_ref().is_ok_and(|next| *next == **self.case()) {
            return false;
        }
        if self.patient_at_hand().is_some_and(|patient| self.whose_is(patient) == Whose::Another) {
            return true;
        }
        let Ok(next) = next else { return false };
        let mut own = self.patients.own.clone();
        if own.is_empty() {
            own.extend(self.patient_at_hand().map(Arc::clone));
        }
        let mut new = references(&next);
        new.take_away(&references(self.case()));
        new.patients(&self.patients).any(|patients| {
            if own.is_empty() {
                own.extend(patients.iter().map(Arc::clone));
            }
            !patients.is_empty() && patients.iter().all(|patient| among(&own, patient) == Whose::Another)
        })
    }

    /// The first thing that is said of somebody makes the case theirs.
    pub(super) fn begin_of_patient(&mut self, was_blank: bool) {
        if was_blank && !self.case().is_blank() {
            self.patients.first = self.patient_at_hand().map(Arc::clone);
        }
        if self.case().is_blank() {
            self.patients.first = None;
        }
    }

    /// Whether an action has to be refused before it begins: what it draws, drags or starts would be lost.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other action changes nothing, or commits an edit"
    )]
    pub(super) fn refuses(&mut self, action: &Action) -> bool {
        let begins = match action {
            Action::Place(..) => match self.tool {
                Tool::Window | Tool::Pan | Tool::Zoom | Tool::AutoWindow | Tool::Crosshair => false,
                Tool::Grow | Tool::Brush | Tool::Eraser | Tool::Density | Tool::Measure(_) => true,
            },
            Action::Typing(Some(edit)) => self.is_refused(edit),
            Action::DragGrip(..)
            | Action::AddPicture(_)
            | Action::ChangeMask(_)
            | Action::ToggleMargin
            | Action::CopyMask
            | Action::Undo
            | Action::Redo => true,
            _ => false,
        };
        if !begins {
            return false;
        }
        self.learn_patients();
        let refused = self.patient_at_hand().is_some_and(|patient| self.whose_is(patient) == Whose::Another);
        if refused {
            self.tell_of_another();
        }
        refused
    }

    pub(super) fn tell_of_another(&mut self) {
        self.tell(Notice::warning(
            "These images are of another patient than the case.",
            "Nothing of the case was changed. Start a new case for them, say that it is the same patient, or go back to \
             the images of the case: the bar above the images offers all three.",
        ));
    }

    /// The reader says that the patient shown and that of the case are one person.
    pub(super) fn say_same_patient(&mut self) {
        let Some(patient) = self.patient_in(self.workspace.active).cloned() else { return };
        let mut studies = self.case().same_patient.clone();
        let of_theirs = |series: &&Arc<Series>| series.patient.identity() == patient.identity();
        for series in self.library.all().filter(of_theirs) {
            if !series.is_picture() && !studies.contains(&series.study.uid) {
                studies.push(series.study.uid.clone());
            }
        }
        studies.sort();
        self.commit_whoever_is_shown(Edit::SamePatient(studies));
    }

    /// A new case for the patient shown; images of others are closed, what was not saved is kept.
    pub(super) fn start_case_here(&mut self) {
        let Some(patient) = self.patient_in(self.workspace.active).cloned() else { return };
        if !self.set_aside() {
            return;
        }
        self.begin_blank_case();
        self.keep_images_of(&patient);
    }

    pub(super) fn keep_images_of(&mut self, patient: &PatientInfo) {
        self.library.retain(|series| series.patient.identity() == patient.identity());
        for id in (0..self.workspace.viewports()).map(ViewportId) {
            let gone = self.workspace.viewport(id).is_some_and(|v| self.library.series(&v.series).is_none());
            if gone {
                self.workspace.put(id, None);
            }
        }
        self.workspace.left_empty = false;
        self.fill_viewports();
        self.refresh_values(None);
        self.want_all();
    }

    /// Shows the images that the case speaks of, in place of another patient's.
    pub(super) fn go_back_to_case(&mut self) {
        let spoken_of = references(self.case());
        let own = || self.library.browse().into_iter().filter(|s| !s.is_picture() && !s.frames.is_empty());
        let named = own().find(|s| spoken_of.names(s) && !self.is_of_another(s));
        let any = || own().find(|s| self.whose_is(&s.patient) == Whose::Own);
        match named.or_else(any).map(|series| series.key()) {
            Some(key) => self.show_series(self.workspace.active, &key),
            None => self.tell(Notice::info(
                "The images of the case are not open.",
                "Open their folder, or start a new case for the images shown.",
            )),
        }
    }
}

/// The viewport that an action works on, where it is not the active one.
#[expect(clippy::wildcard_enum_match_arm, reason = "most actions work on the active viewport")]
pub(super) fn acted_on(action: &Action) -> Option<ViewportId> {
    match action {
        Action::Place(id, _)
        | Action::DragGrip(id, _)
        | Action::MarkKeyImage(id)
        | Action::Figure(FigureAction::Send(id) | FigureAction::Montage { viewport: id, .. }) => Some(*id),
        _ => None,
    }
}

/// What a patient has to do with some others.
fn among(others: &[Arc<PatientInfo>], patient: &PatientInfo) -> Whose {
    let mut whose = Whose::Own;
    for other in others {
        let same = other.is_same(patient);
        // Also files that say the same nothing: the browser lists them as one.
        if same == SamePatient::Yes || (same == SamePatient::Unknown && **other == *patient) {
            return Whose::Own;
        }
        if same == SamePatient::No {
            whose = Whose::Another;
        } else if whose != Whose::Another {
            whose = Whose::Unknown;
        }
    }
    whose
}

/// Studies and series that a case speaks of.
#[derive(Default)]
struct References {
    studies: BTreeSet<StudyUid>,
    series: BTreeSet<SeriesUid>,
}

impl References {
    fn is_empty(&self) -> bool {
        self.studies.is_empty() && self.series.is_empty()
    }

    fn take_away(&mut self, known: &Self) {
        self.studies.retain(|uid| !known.studies.contains(uid));
        self.series.retain(|uid| !known.series.contains(uid));
    }

    fn names(&self, series: &Series) -> bool {
        self.studies.contains(&series.study.uid) || self.series.contains(&series.info.uid)
    }

    /// The patients of each, where files said who that is.
    fn patients<'a>(&'a self, known: &'a Patients) -> impl Iterator<Item = &'a Vec<Arc<PatientInfo>>> {
        let of_studies = self.studies.iter().filter_map(|uid| known.studies.get(uid));
        of_studies.chain(self.series.iter().filter_map(|uid| known.series.get(uid)))
    }
}

fn references(case: &Case) -> References {
    let mut found = References::default();
    for measurement in &case.measurements {
        found.studies.extend(measurement.study.clone());
        if measurement.study.is_none() {
            found.series.extend(measurement.drawn_on_plane.as_ref().map(|plane| plane.series.clone()));
            found.series.extend(measurement.mask.as_ref().map(|mask| mask.series.clone()));
        }
    }
    let panels = case.figures.iter().flat_map(|figure| &figure.panels).map(|panel| &panel.view);
    for view in case.key_images.iter().map(|key| &key.view).chain(panels) {
        found.series.insert(view.series.clone());
        found.series.extend(view.over.as_ref().map(|over| over.series.clone()));
    }
    found.studies.extend(case.time_points.iter().flat_map(|point| point.studies.iter().cloned()));
    found.studies.extend(case.same_patient.iter().cloned());
    // Pictures of the case are of no patient that a file names.
    found.series.retain(|uid| !case.pictures.iter().any(|picture| picture.series_uid() == *uid));
    found
}
