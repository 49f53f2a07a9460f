//! Commands that need an answer first: dialogues, paths, the clipboard, the end of the program.

use std::path::{Path, PathBuf};

use egui::{Context, ViewportCommand};

use super::{App, Quit};
use crate::case::figure::FileKind;
use crate::case::{FigureId, Lesion};
use crate::export::ReportKind;
use crate::session::placing::Pointer;
use crate::session::{
    Action, FigureAction, FigureOptions, GateAction, Leaving, Notice, ReportOptions, ReportPart, Session,
    nothing_to_calibrate_with,
};
use crate::store;
use crate::typography::typeset;
use crate::ui::commands::{self, Command};
use crate::ui::dialogs::{self, Dialog, ExportForm, Outcome};
use crate::ui::figure::FigurePanel;
use crate::ui::files::{Answer, Purpose};
use crate::ui::montage::{CineForm, MontageForm};
use crate::ui::notebook::ReportChoice;
use crate::ui::notes::Field;
use crate::ui::typed_path::{TypedPath, with_ending};
use crate::ui::{layouts, screen};

impl App {
    /// Does a command: for the session by an action, for the window here.
    #[expect(clippy::wildcard_enum_match_arm, reason = "commands::actions names every other command")]
    pub(super) fn run(
        &mut self,
        ctx: &Context,
        session: &Session,
        command: Command,
        actions: &mut Vec<Action>,
    ) {
        // Whoever goes on working does not want the program to end at the next save.
        self.quit = Quit::No;
        self.close_once_saved = false;
        if FigurePanel::is_shown(session)
            && let Some(taken) = self.figure.takes(session, command)
        {
            actions.extend(taken);
            return;
        }
        if self.notebook.is_shown(session) && self.notebook.takes(command) {
            return;
        }
        match command {
            Command::Notebook | Command::ExportReport | Command::ExportTimeline => {
                self.run_notebook(ctx, session, command, actions);
            }
            Command::OpenFolder => self.files.ask(Purpose::OpenFolder, session, ctx),
            Command::OpenFiles => self.files.ask(Purpose::OpenFiles, session, ctx),
            Command::AddPicture => self.files.ask(Purpose::AddPicture, session, ctx),
            Command::OpenCase => self.files.ask(Purpose::OpenCase, session, ctx),
            Command::SaveAs => self.files.ask(Purpose::SaveCase, session, ctx),
            Command::Save => match session.case_path().filter(|_| !session.is_sample()) {
                Some(path) => actions.push(Action::SaveCase(path.to_owned())),
                None => self.files.ask(Purpose::SaveCase, session, ctx),
            },
            Command::NewCase => actions.push(Action::NewCase),
            Command::CloseCase if session.has_unsaved_changes() => self.dialog = Some(Dialog::UnsavedCase),
            Command::CloseCase => actions.push(Action::CloseCase),
            Command::Export => self.dialog = Some(Dialog::Export(ExportForm::default())),
            Command::Montage | Command::ExportCine => self.ask_for_slices(session, command, actions),
            Command::Copy => copy(ctx, session, actions),
            Command::WriteNotes => self.write(Field::Notes),
            Command::WriteLabel if session.wants_third_axis() => {
                actions.push(Action::Place(session.workspace().active, Pointer::Finish));
            }
            Command::WriteLabel => {
                if let Some(id) = session.selected() {
                    self.write(Field::Label(id));
                }
            }
            Command::WriteKeyLabel => {
                if let Some(id) = session.key_image() {
                    self.write(Field::Key(id));
                }
            }
            Command::NewLesion => {
                let name = format!("Lesion {}", session.case().free_lesion().0);
                actions.push(Action::NewLesion(Lesion::new(&name)));
                self.chrome.ledger = Some(true);
                self.ledger.write_name();
            }
            Command::Ledger => {
                self.chrome.ledger = Some(!self.chrome.shows_ledger(session.case().lesions.len()));
            }
            Command::Calibrate => match session.scale_giver() {
                Some(_) => self.dialog = Some(Dialog::Length(String::new())),
                None => actions.push(Action::Tell(nothing_to_calibrate_with())),
            },
            Command::NameDate => self.name_date(session),
            Command::ExportFigure => self.ask_for_figure(ctx, session, actions),
            Command::ExportTable => self.files.ask(Purpose::ExportTable, session, ctx),
            Command::CopyTable => actions.push(Action::Leave(Leaving::LedgerCopy)),
            Command::Browser => self.chrome.browser = !self.chrome.browser,
            Command::Notes => self.chrome.notes = !self.chrome.notes,
            Command::Problems => self.dialog = Some(Dialog::Problems),
            Command::Presets => self.dialog = Some(Dialog::Presets(session.settings().presets.clone())),
            Command::ChooseLayout => layouts::toggle(ctx),
            Command::GoToPoint => self.ask_for_point(session, actions),
            Command::MeasureScreen => self.measure_screen(ctx, session),
            Command::TrueSize if session.settings().screen_pixel.is_none() => {
                self.measure_screen(ctx, session);
            }
            Command::Help => self.dialog = Some(Dialog::Help),
            Command::FullScreen => {
                let full = ctx.input(|i| i.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            command => actions.extend(commands::actions(command, session)),
        }
    }

    fn run_notebook(
        &mut self,
        ctx: &Context,
        session: &Session,
        command: Command,
        actions: &mut Vec<Action>,
    ) {
        actions.extend(self.notes.finish().into_iter().chain(self.notebook.finish()));
        let choice = self.notebook.choice();
        if command == Command::ExportReport {
            self.files.ask(Purpose::Report(choice), session, ctx);
        } else if command == Command::ExportTimeline {
            self.files.ask(Purpose::Timeline(choice), session, ctx);
        } else if session.figure().is_some() {
            actions.push(Action::Figure(FigureAction::Show(None)));
            self.notebook.show_instead();
        } else {
            self.notebook.toggle();
        }
    }

    fn ask_for_figure(&mut self, ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
        match session.figure().or_else(|| session.case().figures.last()) {
            Some(figure) => self.files.ask(Purpose::Figure(figure.id), session, ctx),
            None => actions.push(Action::Tell(Notice::info(
                "There is no figure to export.",
                "K sends the view that you see to a figure.",
            ))),
        }
    }

    fn ask_for_slices(&mut self, session: &Session, command: Command, actions: &mut Vec<Action>) {
        if session.shown(session.workspace().active).is_none() {
            actions.push(Action::Tell(Notice::warning("There is no series.", "Show a series first.")));
        } else if command == Command::Montage {
            self.dialog = Some(Dialog::Montage(MontageForm::new(session)));
        } else {
            self.dialog = Some(Dialog::Cine(CineForm::new(session)));
        }
    }

    fn name_date(&mut self, session: &Session) {
        let ledger = session.ledger();
        let at = session.column_shown(&ledger);
        let name = at.and_then(|at| ledger.columns.get(at)).map(|column| column.point.name.clone());
        if let (Some(at), Some(name)) = (at, name) {
            self.dialog = Some(Dialog::DateName(at, name));
        }
    }

    fn ask_for_point(&mut self, session: &Session, actions: &mut Vec<Action>) {
        let id = session.workspace().active;
        let shown = session.shown(id);
        if shown.is_none_or(|shown| shown.frame.plane.is_none()) {
            let why = "This image does not say where it lies in the patient.";
            actions.push(Action::Tell(Notice::warning("There are no coordinates to go to.", why)));
            return;
        }
        let here = shown.and_then(|shown| session.crosshair_in(&shown.series.space));
        let text = here.map_or_else(String::new, crate::geometry::position_letters);
        self.dialog = Some(Dialog::Point(id, text));
    }

    fn measure_screen(&mut self, ctx: &Context, session: &Session) {
        self.dialog = Some(Dialog::Screen(screen::card_width(session, ctx.pixels_per_point())));
    }

    /// Opens the panel, if it is closed, and sends the keyboard there.
    fn write(&mut self, field: Field) {
        self.chrome.notes = true;
        self.notes.focus(field);
    }

    pub(super) fn answers(&mut self, ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
        while let Some(answer) = self.files.answer() {
            match answer {
                Answer::Chosen(purpose, paths) => actions.extend(chosen(&purpose, paths)),
                Answer::Closed => {}
                Answer::NoDialogue(purpose) => {
                    let start = match (&purpose, session.case_path()) {
                        (Purpose::SaveCase, Some(path)) if !session.is_sample() => path.to_owned(),
                        _ => purpose.start(session),
                    };
                    self.dialog = Some(Dialog::Path(purpose, TypedPath::new(&start)));
                    ctx.request_repaint();
                }
            }
        }
    }

    pub(super) fn show_dialog(&mut self, ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
        let Some(dialog) = &mut self.dialog else { return };
        match dialogs::show(ctx, session, dialog) {
            Outcome::Open => return,
            Outcome::Closed => {
                self.quit = Quit::No;
                self.close_once_saved = false;
                match dialog {
                    Dialog::Words(_) => actions.push(Action::GiveWords(None)),
                    Dialog::Gate => actions.push(Action::Gate(GateAction::Withdraw)),
                    Dialog::Growth => actions.push(Action::AnswerGrowth(false)),
                    Dialog::Places => actions.push(Action::KeepPlaces),
                    Dialog::Help
                    | Dialog::Problems
                    | Dialog::Export(_)
                    | Dialog::Montage(_)
                    | Dialog::Cine(_)
                    | Dialog::Presets(_)
                    | Dialog::Path(..)
                    | Dialog::Replace(..)
                    | Dialog::Length(_)
                    | Dialog::DateName(..)
                    | Dialog::Point(..)
                    | Dialog::Screen(_)
                    | Dialog::Unsaved
                    | Dialog::UnsavedCase => {}
                }
            }
            Outcome::Ask(purpose) => {
                if matches!(dialog, Dialog::Places) {
                    actions.push(Action::KeepPlaces);
                }
                self.files.ask(purpose, session, ctx);
            }
            // The system's own dialogue would ask.
            Outcome::Typed(purpose, path) if is_anothers(&purpose, &path, session) => {
                self.dialog = Some(Dialog::Replace(purpose, path));
                ctx.request_repaint();
                return;
            }
            Outcome::TypeAgain(purpose, text) => {
                self.dialog = Some(Dialog::Path(purpose, TypedPath::new(Path::new(&text))));
                ctx.request_repaint();
                return;
            }
            Outcome::Typed(purpose, path) | Outcome::Replaced(purpose, path) => {
                actions.extend(chosen(&purpose, vec![path]));
            }
            Outcome::Do(action) => actions.push(action),
            Outcome::SaveAndQuit => {
                // Only once it is saved: a full disk must not end the program.
                self.run(ctx, session, Command::Save, actions);
                self.quit = Quit::OnceSaved;
            }
            Outcome::Quit => self.quit(ctx),
            Outcome::SaveAndClose => {
                self.run(ctx, session, Command::Save, actions);
                self.close_once_saved = true;
            }
        }
        self.dialog = None;
        ctx.request_repaint();
        // A dialogue that leads to another one (a typed path) must not be lost.
        self.answers(ctx, session, actions);
    }

    pub(super) fn quit(&mut self, ctx: &Context) {
        self.quit = Quit::Now;
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    pub(super) fn guard_close(&mut self, ctx: &Context, session: &Session) {
        let asked = ctx.input(|i| i.viewport().close_requested());
        if asked && self.quit != Quit::Now && session.has_unsaved_changes() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.dialog = Some(Dialog::Unsaved);
        }
    }
}

/// Whether writing there would replace something that is not the case itself.
fn is_anothers(purpose: &Purpose, path: &Path, session: &Session) -> bool {
    let own = || session.case_path().is_some_and(|own| store::same_file(own, path));
    purpose.writes() && path.exists() && !(*purpose == Purpose::SaveCase && own())
}

fn chosen(purpose: &Purpose, paths: Vec<PathBuf>) -> Vec<Action> {
    let first = paths.first().cloned();
    let action = match purpose {
        Purpose::OpenFolder | Purpose::OpenFiles => Some(Action::Open(paths)),
        // Several are one step, as files that are opened.
        Purpose::AddPicture if paths.len() > 1 => Some(Action::Open(paths)),
        Purpose::AddPicture => first.map(Action::AddPicture),
        Purpose::OpenCase => first.map(Action::OpenCase),
        Purpose::SaveCase => first.map(|path| save_as(&path)),
        Purpose::Export(id, options) => first.map(|path| Action::Leave(Leaving::View(*id, path, *options))),
        Purpose::ExportTable => first.map(|path| Action::Leave(Leaving::Table(path))),
        Purpose::Figure(id) => first.map(|path| write_figure(*id, path)),
        Purpose::Cine(id, options) => first.map(|path| Action::Leave(Leaving::Cine(*id, path, *options))),
        Purpose::Report(choice) => first.map(|path| write_report(path, *choice)),
        Purpose::Timeline(choice) => first.map(|path| {
            let absolute_dates = choice.absolute_dates;
            Action::Leave(Leaving::Notebook(path, ReportPart::Timeline { absolute_dates }))
        }),
        Purpose::FindMissing => Some(Action::FindMissing(first)),
    };
    action.into_iter().collect()
}

/// The case as a file that is called a case. A name that the program completed was not confirmed: nothing is written
/// over then.
fn save_as(path: &Path) -> Action {
    let whole = with_ending(path);
    if whole != path && whole.exists() {
        let details =
            format!("Choose that file itself to write over it, or another name: {}", whole.display());
        return Action::Tell(Notice::error("There is a case of that name already.", details));
    }
    Action::SaveCase(whole)
}

/// The notebook as the kind of file that its name asks for.
fn write_report(path: PathBuf, choice: ReportChoice) -> Action {
    match ReportKind::of(&path) {
        Some(kind) => {
            let ReportChoice { absolute_dates, provenance } = choice;
            let options = ReportOptions { absolute_dates, provenance, ..ReportOptions::new(kind) };
            Action::Leave(Leaving::Notebook(path, ReportPart::Report(options)))
        }
        None => Action::Tell(Notice::error(
            "The report was not written.",
            "Its name must end in .docx, .pdf, .html or .md.",
        )),
    }
}

/// A figure as the kind of file that its name asks for.
fn write_figure(id: FigureId, path: PathBuf) -> Action {
    match FileKind::of(&path) {
        Some(kind) => {
            let options = FigureOptions { kind, dpi: None, width_mm: None };
            Action::Figure(FigureAction::Export(id, path, options))
        }
        None => Action::Tell(Notice::error(
            "The figure was not written.",
            "Its name must end in .pdf, .tif, .png, .jpg or .svg.",
        )),
    }
}

/// The selected measurement as text; with none, the view as a picture.
fn copy(ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
    if let Some(Ok(values)) = session.selected().and_then(|id| session.values(id)) {
        let text = typeset(&crate::case::label_lines_in(values, session.label_style()).join("\n"));
        if !text.is_empty() {
            actions.push(Action::Tell(Notice::info("The measurement was copied.", text.clone())));
            ctx.copy_text(text);
            return;
        }
    }
    actions.push(Action::Leave(Leaving::ViewCopy(session.workspace().active)));
}
