//! The system's file dialogues, on their own threads, and a typed path where there are none.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::notebook::ReportChoice;
use crate::case::FigureId;
use crate::export::ExportOptions;
use crate::session::{CineOptions, PICTURE_ENDINGS, Session, ViewportId};

/// A dialogue that comes back sooner was never on the screen: there is none on this system.
const NEVER_SHOWN: Duration = Duration::from_millis(700);

/// What a path is wanted for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Purpose {
    /// A folder of images.
    OpenFolder,
    /// Image files.
    OpenFiles,
    /// Pictures that are not DICOM.
    AddPicture,
    /// A case.
    OpenCase,
    /// Where to write the case.
    SaveCase,
    /// Where to write a picture.
    Export(ViewportId, ExportOptions),
    /// Where to write the table of measurements.
    ExportTable,
    /// Where to write a figure: the kind of file is what its name says.
    Figure(FigureId),
    /// Where to write a film of a series: the kind of file is what its name says.
    Cine(ViewportId, CineOptions),
    /// Where to write the notebook, and how: the kind of file is what its name says.
    Report(ReportChoice),
    /// Where to write the timeline, and whether with dates.
    Timeline(ReportChoice),
    /// Where the case's images are.
    FindMissing,
}

impl Purpose {
    /// The heading of the dialogue.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::OpenFolder => "Open a folder of images",
            Self::OpenFiles => "Open image files, ZIP archives or a DICOMDIR",
            Self::AddPicture => "Add pictures to the case: PNG, JPEG or TIFF",
            Self::OpenCase => "Open a case",
            Self::SaveCase => "Save the case as",
            Self::Export(..) => "Export the view as",
            Self::ExportTable => "Export the measurements as CSV or JSON",
            Self::Figure(_) => "Export the figure as PDF, TIFF, PNG, JPEG or SVG",
            Self::Cine(..) => "Export the series as GIF or animated PNG",
            Self::Report(_) => "Export the notebook as Word, PDF, HTML or Markdown",
            Self::Timeline(_) => "Export the timeline as PDF, SVG, TIFF, PNG, JPEG, CSV or JSON",
            Self::FindMissing => "Where are the images of this case?",
        }
    }

    /// Whether the path is written, not read.
    pub(super) fn writes(&self) -> bool {
        match self {
            Self::SaveCase
            | Self::Export(..)
            | Self::ExportTable
            | Self::Figure(_)
            | Self::Cine(..)
            | Self::Report(_)
            | Self::Timeline(_) => true,
            Self::OpenFolder | Self::OpenFiles | Self::AddPicture | Self::OpenCase | Self::FindMissing => {
                false
            }
        }
    }

    /// The whole path to start with: files go beside the case, or to the reader's home.
    pub(super) fn start(&self, session: &Session) -> PathBuf {
        let name = self.suggestion();
        if name.is_empty() { PathBuf::new() } else { start_folder(session).join(name) }
    }

    /// A file name to start with.
    pub(super) fn suggestion(&self) -> String {
        match self {
            Self::SaveCase => "case.json".to_owned(),
            Self::ExportTable => "measurements.csv".to_owned(),
            Self::Figure(_) => "figure.pdf".to_owned(),
            Self::Cine(..) => "film.gif".to_owned(),
            Self::Report(_) => "report.docx".to_owned(),
            Self::Timeline(_) => "timeline.pdf".to_owned(),
            Self::Export(_, options) => format!("view.{}", options.format.extension()),
            Self::OpenFolder | Self::OpenFiles | Self::AddPicture | Self::OpenCase | Self::FindMissing => {
                String::new()
            }
        }
    }
}

/// Where a dialogue that saves begins: the case's own folder; never the program's own sample.
pub(super) fn start_folder(session: &Session) -> PathBuf {
    let beside = session.case_path().filter(|_| !session.is_sample()).map(crate::files::folder_of);
    let beside = beside.filter(|folder| !folder.as_os_str().is_empty());
    let home = || std::env::home_dir().filter(|home| home.is_dir());
    let folder = beside.or_else(home).or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    std::path::absolute(&folder).unwrap_or(folder)
}

/// What a dialogue answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// These paths.
    Chosen(Purpose, Vec<PathBuf>),
    /// There is no dialogue on this system: the path has to be typed.
    NoDialogue(Purpose),
    /// The reader closed it.
    Closed,
}

/// The way to the system's dialogues.
#[derive(Debug)]
pub struct FileDialogs {
    native: bool,
    sender: Sender<Answer>,
    answers: Receiver<Answer>,
    /// How many dialogues have not answered yet.
    waiting: usize,
}

impl FileDialogs {
    /// The system's own.
    pub fn native() -> Self {
        let (sender, answers) = bounded(8);
        Self { native: true, sender, answers, waiting: 0 }
    }

    /// None: paths are typed. For tests and remote shells.
    pub fn typed() -> Self {
        Self { native: false, ..Self::native() }
    }

    pub(super) fn ask(&mut self, purpose: Purpose, session: &Session, ctx: &egui::Context) {
        let folder = start_folder(session);
        self.waiting += 1;
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        if !self.native {
            let _full = sender.try_send(Answer::NoDialogue(purpose));
            return;
        }
        let thread = std::thread::Builder::new().name("isodense-dialogue".to_owned());
        let for_failure = (self.sender.clone(), purpose.clone());
        let started = thread.spawn(move || {
            let asked = Instant::now();
            let paths = show(&purpose, &folder);
            let answer = match paths {
                Some(paths) if !paths.is_empty() => Answer::Chosen(purpose, paths),
                _ if asked.elapsed() < NEVER_SHOWN => Answer::NoDialogue(purpose),
                _ => Answer::Closed,
            };
            let _window_gone = sender.send(answer);
            ctx.request_repaint();
        });
        if started.is_err() {
            let _full = for_failure.0.try_send(Answer::NoDialogue(for_failure.1));
        }
    }

    pub(super) fn answer(&mut self) -> Option<Answer> {
        let answer = self.answers.try_recv().ok()?;
        self.waiting = self.waiting.saturating_sub(1);
        Some(answer)
    }

    /// Whether a dialogue of the system is open, or on its way to the screen.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting > 0
    }

    /// Waits no longer: for a dialogue that never came. What it still answers counts.
    pub(super) fn stop_waiting(&mut self) {
        self.waiting = 0;
    }
}

fn show(purpose: &Purpose, folder: &Path) -> Option<Vec<PathBuf>> {
    let dialog = rfd::FileDialog::new().set_title(purpose.title());
    let dialog = if purpose.writes() { dialog.set_directory(folder) } else { dialog };
    let case = |dialog: rfd::FileDialog| dialog.add_filter("Isodense case", &["json"]);
    let one = |path: Option<PathBuf>| path.map(|path| vec![path]);
    match purpose {
        Purpose::OpenFolder | Purpose::FindMissing => one(dialog.pick_folder()),
        Purpose::OpenFiles => dialog.pick_files(),
        Purpose::AddPicture => dialog.add_filter("Pictures", &PICTURE_ENDINGS).pick_files(),
        Purpose::OpenCase => one(case(dialog).pick_file()),
        Purpose::SaveCase => one(case(dialog).set_file_name(purpose.suggestion()).save_file()),
        Purpose::Export(..)
        | Purpose::ExportTable
        | Purpose::Figure(_)
        | Purpose::Report(_)
        | Purpose::Timeline(_)
        | Purpose::Cine(..) => one(dialog.set_file_name(purpose.suggestion()).save_file()),
    }
}
