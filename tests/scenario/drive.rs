//! A session driven by actions, with the invariants checked after every one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use isodense::case::{MeasurementId, Points, QuantityKind};
use isodense::geometry::PixelPoint;
use isodense::image::{Series, SeriesKey};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{
    Action, Environment, MOST_VIEWPORTS, Readiness, Session, Shown, Viewport, ViewportId,
};
use isodense::store;

pub(crate) const FIRST: ViewportId = ViewportId(0);
pub(crate) const CT: &str = "2015-05-12_CT";

/// How the patients of all test images are called, in every form that could leak.
pub(crate) const NAMES: [&str; 8] = [
    "Sample^",
    "Sample Isodense",
    "ISODENSE-SAMPLE",
    "\u{6837}\u{4f8b}",
    "19680314",
    "Quixote",
    "Zebulon",
    "PID-7741",
];

pub(crate) fn sample(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom").join(folder)
}

/// Fails when bytes name a patient.
pub(crate) fn assert_nameless(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for name in NAMES {
        assert!(!text.contains(name), "{what} names the patient: {name}");
    }
}

pub(crate) struct Drive {
    pub(crate) session: Session,
}

impl Drive {
    pub(crate) fn new() -> Self {
        Self::with(Environment::for_tests())
    }

    pub(crate) fn with(environment: Environment) -> Self {
        let session = Session::new(environment);
        invariants(&session);
        Self { session }
    }

    /// A session that shows these folders, with everything on screen loaded.
    pub(crate) fn open(paths: &[PathBuf]) -> Self {
        let mut drive = Self::new();
        drive.apply(Action::Open(paths.to_vec()));
        drive.settle();
        drive
    }

    pub(crate) fn apply(&mut self, action: Action) {
        let before = Arc::clone(self.session.case());
        let only_seen = matches!(action, Action::DragGrip(..) | Action::Escape);
        let placing = matches!(action, Action::Place(..));
        let named = format!("{action:?}");
        self.session.apply(action);
        if only_seen || (placing && self.session.is_drawing()) {
            assert!(Arc::ptr_eq(&before, self.session.case()), "a half-done gesture is in the case: {named}");
        }
        invariants(&self.session);
    }

    /// Polls until something is so. The limit only ends a test that would never end.
    pub(crate) fn wait(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        let start = Instant::now();
        while !done(&self.session) {
            assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
            if self.session.poll() {
                invariants(&self.session);
            } else {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        invariants(&self.session);
    }

    /// Waits until the scan is over and every viewport has its pixels.
    pub(crate) fn settle(&mut self) {
        self.wait("the scan ends and the images are there", |session| {
            let waits = |id| matches!(session.readiness(id), Readiness::Loading | Readiness::InPart { .. });
            session.scan().is_none() && !shown(session).any(|(id, _)| waits(id))
        });
    }

    pub(crate) fn shown(&self) -> Shown<'_> {
        self.session.shown(FIRST).expect("the first viewport shows an image")
    }

    pub(crate) fn viewport(&self) -> &Viewport {
        self.shown().viewport
    }

    /// The open series of a study date and a description or modality.
    pub(crate) fn series(&self, date: &str, what: &str) -> Arc<Series> {
        let is = |s: &&&Arc<Series>| {
            s.study.date.as_deref() == Some(date) && (s.info.modality == what || s.info.description == what)
        };
        Arc::clone(self.session.library().browse().iter().find(is).expect("the series is open"))
    }

    pub(crate) fn show(&mut self, series: &SeriesKey) {
        self.apply(Action::ShowSeries(FIRST, series.clone()));
        self.settle();
    }

    /// One drag of the left button in the first viewport, in pixels of the frame.
    pub(crate) fn drag(&mut self, from: [f64; 2], to: [f64; 2]) {
        let [from, to] = [from, to].map(|[column, row]| PixelPoint::new(column, row));
        let moved = Moved::Yes;
        for pointer in [Pointer::Press(from), Pointer::Move(to), Pointer::Release(to, moved)] {
            self.apply(Action::Place(FIRST, pointer));
        }
    }

    pub(crate) fn has_notice(&self, text: &str) -> bool {
        has_notice(&self.session, text)
    }
}

pub(crate) fn has_notice(session: &Session, text: &str) -> bool {
    session.notices().iter().any(|n| n.summary.contains(text) || n.details.contains(text))
}

/// What the viewports of the layout show.
pub(crate) fn shown(session: &Session) -> impl Iterator<Item = (ViewportId, Shown<'_>)> {
    let ids = (0..session.workspace().layout.count()).map(ViewportId);
    ids.filter_map(|id| Some((id, session.shown(id)?)))
}

/// What holds whatever was done.
fn invariants(session: &Session) {
    let case = session.case();
    if let Some(id) = &session.selected() {
        assert!(case.measurement(*id).is_some(), "{id:?} is selected but not in the case");
    }
    for id in (0..case.free_id().0 + 9).map(MeasurementId) {
        let (valued, there) = (session.values(id).is_some(), case.measurement(id).is_some());
        assert_eq!(valued, there, "values and measurements differ at {id:?}");
    }
    viewports(session);
    saved(session);
    assert_nameless("the session's debug text", format!("{session:?}").as_bytes());
}

fn viewports(session: &Session) {
    let workspace = session.workspace();
    assert!(workspace.visible().iter().all(|id| id.0 < MOST_VIEWPORTS));
    for id in (0..workspace.layout.count()).map(ViewportId) {
        let shown = session.shown(id);
        assert_eq!(shown.is_some(), workspace.viewport(id).is_some(), "{id:?} shows what is not open");
        let Some(shown) = shown else { continue };
        for mark in session.marks(id) {
            let measurement = &mark.measurement;
            let known = session.case().measurement(measurement.id).is_some();
            assert!(
                known || (session.is_drawing() && measurement.mask.is_some()),
                "a mark is not in the case"
            );
            let same = measurement.points.drawn_on() == Some(&shown.frame.of);
            match &measurement.points {
                Points::Pixel { .. } => assert!(same, "a mark without a place shows on another frame"),
                Points::Patient { space, points, .. } => {
                    assert_eq!(*space, shown.series.space, "a mark of another Frame of Reference shows");
                    let plane = shown.frame.plane.expect("a mark of the patient on a frame without a place");
                    let [before, after] = shown.reach();
                    // A body shows wherever the plane cuts it.
                    if measurement.mask.is_some() {
                        assert!(!mark.outlines.body.is_empty() || !mark.outlines.margin.is_empty());
                        continue;
                    }
                    if let Some(body) = measurement.size_box() {
                        assert!(body.meets(&plane, [before, after]), "a body shows where it is not");
                        continue;
                    }
                    for point in points {
                        let off = (point.0 - plane.origin().0).dot(plane.normal());
                        assert!(same || (off >= -before - 1e-9 && off <= after + 1e-9), "{off} mm off");
                    }
                }
            }
            // A mark that is being dragged shows what it would become; its values are not the case's.
            let held =
                session.case().measurement(measurement.id).is_some_and(|m| Arc::ptr_eq(m, measurement));
            // Beside a mask stands a choice of its values; the list has them all.
            let whole = held && measurement.mask.is_none();
            if let Some(Ok(values)) = session.values(measurement.id).filter(|_| whole) {
                let text = mark.lines.join("\n");
                for value in values {
                    let named = text.contains(value.unit.label());
                    let must = !matches!(value.kind, QuantityKind::Stored | QuantityKind::PaddingCount);
                    assert!(named || !must, "no unit of {:?} in {text:?}", value.kind);
                }
            }
        }
    }
}

fn saved(session: &Session) {
    let case = session.case();
    let Some(path) = session.case_path() else {
        assert!(!(case.is_blank() && session.has_unsaved_changes() && session.recovered().is_none()));
        return;
    };
    if !session.has_unsaved_changes() && path.is_file() {
        let file = store::open_case(path).expect("a case that counts as saved can be read").case;
        assert_eq!(file.measurements, case.measurements, "the case counts as saved");
        assert_eq!((&file.title, &file.notes), (&case.title, &case.notes));
    }
}
