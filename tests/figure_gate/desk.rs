//! An author at a figure of two panels, one of each date, who types what is in the headers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use glam::DVec2;
use isodense::case::figure::{FigureMark, FigureShape, FileKind, MeasurementsShown};
use isodense::case::{Edit, Figure, Kind, PanelId};
use isodense::geometry::PixelPoint;
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{
    Action, Environment, FigureAction, FigureOptions, Finding, Gate, PanelState, Readiness, Session, Tool,
    ViewportId,
};

use crate::files;

pub(crate) const VIEWPORT: ViewportId = ViewportId(0);
pub(crate) const DATES: [&str; 2] = ["20150512", "20150526"];

pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) folder: tempfile::TempDir,
}

impl Desk {
    /// The images of both dates are open; there is no figure.
    pub(crate) fn open(planted: &[files::Planted]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let images = files::write(&folder.path().join("images"), &DATES, planted);
        let mut desk = Self { session: Session::new(Environment::for_tests()), folder };
        desk.open_images(&images);
        desk
    }

    pub(crate) fn open_images(&mut self, images: &Path) {
        self.session.apply(Action::Open(vec![images.to_owned()]));
        self.wait("the images", |session| {
            session.scan().is_none() && session.readiness(VIEWPORT) == Readiness::Ready
        });
    }

    /// A figure of both dates, with nothing typed.
    pub(crate) fn with_figure(planted: &[files::Planted]) -> Self {
        let mut desk = Self::open(planted);
        for date in DATES {
            desk.show(date);
            desk.figure_does(FigureAction::Send(VIEWPORT));
        }
        desk.show_figure();
        desk
    }

    pub(crate) fn show_figure(&mut self) {
        let id = self.session.case().figures[0].id;
        self.figure_does(FigureAction::Show(Some(id)));
        self.settle();
    }

    /// Until the panels and the headers are there.
    pub(crate) fn settle(&mut self) {
        self.wait("the figure", |session| {
            let figure = session.figure().unwrap();
            let loading =
                |panel: &Arc<_>| matches!(session.panel_drawing(panel), Err(PanelState::Loading { .. }));
            !figure.panels.iter().any(loading) && session.figure_findings(figure, None).reading == 0
        });
    }

    pub(crate) fn show(&mut self, date: &str) {
        let library = self.session.library();
        let series = library.browse().into_iter().find(|s| s.study.date.as_deref() == Some(date)).unwrap();
        let key = series.key();
        self.session.apply(Action::ShowSeries(VIEWPORT, key));
        self.wait("the series", |session| session.readiness(VIEWPORT) == Readiness::Ready);
    }

    pub(crate) fn figure_does(&mut self, action: FigureAction) {
        self.session.apply(Action::Figure(action));
    }

    pub(crate) fn wait(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        let start = Instant::now();
        while !done(&self.session) {
            assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
            if !self.session.poll() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }

    pub(crate) fn figure(&self) -> Arc<Figure> {
        Arc::clone(&self.session.case().figures[0])
    }

    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Figure)) {
        let mut figure = Figure::clone(&self.figure());
        change(&mut figure);
        self.figure_does(FigureAction::Change(Arc::new(figure), "type"));
    }

    pub(crate) fn gate(&self) -> Gate {
        self.session.figure_findings(&self.figure(), None)
    }

    pub(crate) fn open_findings(&self) -> Vec<Finding> {
        self.gate().open().cloned().collect()
    }

    /// Place and kind of what is open.
    pub(crate) fn places(&self) -> Vec<(String, String)> {
        self.open_findings().into_iter().map(|finding| (finding.place, finding.what)).collect()
    }

    /// Types something that identifies wherever something can be typed.
    pub(crate) fn type_everywhere(&mut self) {
        self.show(DATES[0]);
        self.session.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
        let [from, to] = [PixelPoint::new(10.0, 10.0), PixelPoint::new(20.0, 22.0)];
        for pointer in [Pointer::Press(from), Pointer::Move(to), Pointer::Release(to, Moved::Yes)] {
            self.session.apply(Action::Place(VIEWPORT, pointer));
        }
        let measured = self.session.case().measurements[0].id;
        self.session.apply(Action::Commit(Edit::Relabel(measured, "density ACC-55021".to_owned())));
        self.change(|figure| {
            "Meningioma of Zebulon Quixote".clone_into(&mut figure.title);
            figure.column_headings = vec!["CT on 2015-05-12".to_owned(), "CT".to_owned()];
            figure.row_headings = vec!["PID 7741 first".to_owned()];
            "Arrow: tumour (Toboso).".clone_into(&mut figure.closing);
            for panel in [1, 2] {
                figure.panel_mut(PanelId(panel)).unwrap().measurements = MeasurementsShown::Values;
            }
            let second = figure.panel_mut(PanelId(2)).unwrap();
            second.caption = Some("Axial CT on 26.05.2015, born 14.03.1968".to_owned());
            let words = FigureShape::Text("Dr. Panza".to_owned());
            second.marks.push(FigureMark::new(words, DVec2::new(8.0, 8.0)));
        });
    }

    /// Asks for the file, and waits until it is there or refused.
    pub(crate) fn export(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let path: PathBuf = self.folder.path().join(name);
        if path.exists() {
            std::fs::remove_file(&path).unwrap();
        }
        let kind = FileKind::of(&path).unwrap();
        let options = FigureOptions { kind, dpi: Some(96.0), width_mm: None };
        let id = self.figure().id;
        self.figure_does(FigureAction::Export(id, path.clone(), options));
        self.wait("the figure is written", |session| session.writing().is_none());
        match self.session.written() {
            Some(Ok(_)) => Ok(std::fs::read(path).unwrap()),
            Some(Err(why)) => Err(why.clone()),
            None => {
                if path.exists() {
                    // Refused and written all the same: no test takes it for a refusal.
                    return Ok(std::fs::read(path).unwrap());
                }
                let notice = self.session.notices().last().unwrap();
                Err(format!("{} {}", notice.summary, notice.details))
            }
        }
    }
}
