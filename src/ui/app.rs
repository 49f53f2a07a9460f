mod asking;
mod bars;
mod typing;

use std::path::PathBuf;
use std::time::Duration;

use egui::{Context, Ui, ViewportCommand};

use super::browser::{Browser, Wish};
use super::canvas::{Seen, Viewer};
use super::chrome::{Chrome, Hover};
use super::cine::Cine;
use super::commands::{self, Asked, Command, Page};
use super::dialogs::Dialog;
use super::figure::FigurePanel;
use super::files::FileDialogs;
use super::ledger::LedgerPanel;
use super::notebook::NotebookPanel;
use super::notes::Notes;
use super::tags::Tags;
use super::{fonts, notices, status, theme, toolbar};
use crate::session::{Action, Copied, MOST_VIEWPORTS, Notice, Session, ViewportId};
/// The window's contents: a session, and what only the window knows.
#[derive(Debug)]
pub struct App {
    session: Option<Session>,
    files: FileDialogs,
    viewers: [Viewer; MOST_VIEWPORTS],
    browser: Browser,
    notes: Notes,
    ledger: LedgerPanel,
    figure: FigurePanel,
    notebook: NotebookPanel,
    /// How many densities went to the clipboard.
    densities: u64,
    tags: Tags,
    chrome: Chrome,
    dialog: Option<Dialog>,
    hover: Option<Hover>,
    told: Told,
    quit: Quit,
    /// The case is closed as soon as it is saved.
    close_once_saved: bool,
    cine: Cine,
    title: String,
}

/// What was said once and is not said again.
#[expect(clippy::struct_excessive_bools, reason = "each is said once")]
#[derive(Debug, Default)]
struct Told {
    /// egui has the palette and fonts.
    style: bool,
    /// The user knows that a font is missing.
    missing_font: bool,
    /// A dialogue was open in the last frame.
    dialog: bool,
    /// A field had the cursor in the last frame.
    typing: bool,
    /// When each piece of good news was first seen.
    good_news: Vec<(String, f64)>,
}

/// Whether the program is about to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quit {
    /// It goes on.
    No,
    /// As soon as the case is saved.
    OnceSaved,
    /// Without asking again.
    Now,
}

impl App {
    /// The window on a session.
    pub fn new(session: Session, files: FileDialogs) -> Self {
        Self {
            session: Some(session),
            files,
            viewers: Default::default(),
            browser: Browser::default(),
            notes: Notes::default(),
            ledger: LedgerPanel::default(),
            figure: FigurePanel::default(),
            notebook: NotebookPanel::default(),
            densities: 0,
            tags: Tags::default(),
            chrome: Chrome::default(),
            dialog: None,
            hover: None,
            told: Told::default(),
            quit: Quit::No,
            close_once_saved: false,
            cine: Cine::default(),
            title: String::new(),
        }
    }

    /// The session, until the window is closed.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The words in the title bar; `*` before the name marks unsaved changes.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the status line says now.
    pub fn status(&self) -> Option<String> {
        status::text(self.session.as_ref()?, self.hover)
    }

    /// Takes in background results; also runs while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        let Some(session) = &mut self.session else { return };
        if session.poll() {
            ctx.request_repaint();
        }
        if let Some(wait) = session.next_wake() {
            ctx.request_repaint_after(wait + Duration::from_millis(20));
        }
    }

    /// Saves what is pending when the window is closed.
    pub fn close(&mut self) {
        let typed = self.notes.finish().into_iter().chain(self.browser.finish());
        if let Some(mut session) = self.session.take() {
            let more = self.ledger.finish(&session).into_iter().chain(self.figure.finish(&session));
            let typed: Vec<Action> = typed.chain(more).collect();
            for action in typed {
                session.apply(action);
            }
            session.close();
        }
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        if !self.told.style {
            theme::set_up(&ctx);
            fonts::set_up(&ctx);
            self.told.style = true;
        }
        let Some(session) = self.session.take() else { return };
        typing::drop_letters_with_alt(&ctx);
        self.open_due_dialog(&session);
        let mut asked = Asked { commands: Vec::new(), actions: dropped(&ctx) };
        // Keys may have left the tag browser this frame: they are still its own.
        if self.dialog.is_none() && !self.tags.holds_focus() {
            let typing = ctx.text_edit_focused();
            let here = typing && self.notebook.is_shown(&session);
            // Whoever writes the notebook exports and leaves it without a hand on the mouse.
            let while_writing = |command: &Command| {
                matches!(command, Command::Notebook | Command::ExportReport | Command::ExportTimeline)
            };
            // Nobody leaves a field to save or to open.
            let of_files = |command: &Command| {
                matches!(command, Command::Save | Command::SaveAs | Command::OpenFolder | Command::OpenFiles)
            };
            let free = self.free_keys(&ctx, &session, typing);
            let pressed = commands::pressed(&ctx, self.page(&session), free);
            let counts = |command: &Command| !typing || of_files(command) || (here && while_writing(command));
            asked.commands.extend(pressed.into_iter().filter(counts));
        }
        self.panels(ui, &session, &mut asked);
        let Asked { commands, mut actions } = asked;
        self.tags.show(&ctx, &session, &mut actions);
        notices::show(&ctx, &session, &mut self.told.good_news, &mut actions);
        self.cine.play(&ctx, &session, &mut actions);
        for command in commands {
            self.run(&ctx, &session, command, &mut actions);
        }
        self.answers(&ctx, &session, &mut actions);
        self.open_due_dialog(&session);
        self.take_focus_for_dialog(&ctx);
        self.show_dialog(&ctx, &session, &mut actions);
        self.guard_close(&ctx, &session);
        self.show_title(&ctx, &session);
        self.told.typing = ctx.text_edit_focused();
        self.session = Some(self.apply(&ctx, session, actions));
    }

    fn apply(&mut self, ctx: &Context, mut session: Session, actions: Vec<Action>) -> Session {
        if !actions.is_empty() {
            ctx.request_repaint();
        }
        for action in actions {
            // What is being typed belongs before whatever comes next.
            if matches!(
                action,
                Action::Undo
                    | Action::Redo
                    | Action::SaveCase(_)
                    | Action::OpenCase(_)
                    | Action::Open(_)
                    | Action::NewCase
                    | Action::CloseCase
                    | Action::ShowSeries(..)
                    | Action::StepSeries(..)
                    | Action::Activate(_)
                    | Action::NextViewport
            ) {
                let more = self.ledger.finish(&session).into_iter().chain(self.figure.finish(&session));
                let words = self.browser.finish();
                let more = more.chain(self.notebook.finish());
                for typed in self.notes.finish().into_iter().chain(words).chain(more) {
                    session.apply(typed);
                }
            }
            session.apply(action);
        }
        // Tab is "next viewport" here: the focus that egui moved is given back.
        if ctx.input(|i| i.key_pressed(egui::Key::Tab))
            && !ctx.text_edit_focused()
            && self.dialog.is_none()
            && !self.tags.holds_focus()
        {
            ctx.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
        self.check_fonts(ctx, &mut session);
        self.copy_density(ctx, &session);
        match session.take_copied() {
            Some(Copied::Picture(picture)) => {
                let size = [picture.size.width as usize, picture.size.height as usize];
                let pixels = picture.pixels.as_flattened();
                ctx.copy_image(egui::ColorImage::from_rgba_unmultiplied(size, pixels));
            }
            Some(Copied::Text(text)) => ctx.copy_text(text),
            None => {}
        }
        let saved = !session.has_unsaved_changes() && session.places_asked().is_empty();
        if self.quit == Quit::OnceSaved && saved {
            self.quit(ctx);
        }
        if self.close_once_saved && saved {
            self.close_once_saved = false;
            session.apply(Action::CloseCase);
        }
        session
    }

    fn panels(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let bar = egui::Frame::new().fill(theme::BAR).inner_margin(egui::Margin::symmetric(8, 4));
        let side = egui::Frame::new().fill(theme::PANEL).inner_margin(8);
        egui::Panel::top("menus").frame(bar).show(ui, |ui| toolbar::menus(ui, session, asked));
        egui::Panel::top("toolbar").frame(bar).show(ui, |ui| toolbar::show(ui, session, asked));
        egui::Panel::bottom("status")
            .frame(bar)
            .show(ui, |ui| status::show(ui, session, self.hover, &mut asked.actions));
        if session.recovered().is_some() {
            egui::Panel::top("recovery")
                .frame(bar)
                .show(ui, |ui| bars::recovery(ui, session, &mut asked.actions));
        }
        super::whose::bar(ui, session, bar, &mut asked.actions);
        if let Some((figure, panel, _)) = session.opened_panel() {
            egui::Panel::top("opened panel")
                .frame(bar)
                .show(ui, |ui| super::figure::opened(ui, session, (figure, panel), &mut asked.commands));
        }
        if self.files.is_waiting() {
            egui::Panel::top("file dialogue").frame(bar).show(ui, |ui| self.waiting(ui));
        }
        if let Some(count) = session.missing_images() {
            egui::Panel::top("missing")
                .frame(bar)
                .show(ui, |ui| self.missing(ui, session, count, &mut asked.actions));
        }
        // In a small window the image has more of the width than either side.
        let most = (ui.available_width() * 0.3).max(120.0);
        let range = |widest: f32| most.min(180.0)..=most.min(widest);
        let viewports = !FigurePanel::is_shown(session) && !self.notebook.is_shown(session);
        if self.chrome.browser && viewports {
            let panel = egui::Panel::left("browser").default_size(256.0).size_range(range(480.0)).frame(side);
            let wish = panel.show(ui, |ui| self.browser.show(ui, session, &mut asked.actions)).inner;
            match wish {
                Some(Wish::Problems) => self.dialog = Some(Dialog::Problems),
                Some(Wish::Open) => asked.commands.push(Command::OpenFolder),
                None => {}
            }
        }
        if self.chrome.notes && viewports {
            let panel = egui::Panel::right("notes").default_size(264.0).size_range(range(560.0)).frame(side);
            panel.show(ui, |ui| {
                if session.is_anothers() {
                    ui.disable();
                }
                self.notes.show(ui, session, &mut asked.actions);
            });
        }
        if self.chrome.shows_ledger(session.case().lesions.len()) && viewports {
            let most = (ui.available_height() * 0.5).max(96.0);
            let panel = egui::Panel::bottom("ledger").default_size(most.min(240.0)).size_range(72.0..=most);
            panel.resizable(true).frame(side).show(ui, |ui| self.ledger.show(ui, session, asked));
        }
        self.middle(ui, session, asked);
    }

    /// The notebook, a figure or the images: whatever has the middle of the window.
    fn middle(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let center = egui::CentralPanel::default().frame(egui::Frame::NONE.fill(theme::LINE));
        let page = self.page(session);
        center.show(ui, |ui| match page {
            Page::Viewports => self.viewports(ui, session, asked),
            Page::Notebook | Page::Figure => {
                self.hover = None;
                // What was written here would be refused, and lost.
                if session.is_anothers() {
                    ui.disable();
                }
                if page == Page::Notebook {
                    self.notebook.show(ui, session, asked);
                } else {
                    self.figure.show(ui, session, asked);
                }
            }
        });
    }

    fn viewports(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let area = ui.available_rect_before_wrap();
        let workspace = session.workspace();
        let places = places(session, area);
        self.hover = None;
        for (id, rect) in places {
            let Some(viewer) = self.viewers.get_mut(id.0) else { continue };
            // Whole screen pixels: the picture is shown one to one.
            let rect = egui::Rect::from_min_max(
                egui::pos2(rect.min.x.ceil(), rect.min.y.ceil()),
                egui::pos2(rect.max.x.floor(), rect.max.y.floor()),
            );
            if rect.width() < 8.0 || rect.height() < 8.0 {
                continue;
            }
            let Seen { actions: more, commands, hover } = viewer.show(ui, session, id, rect);
            asked.actions.extend(more);
            asked.commands.extend(commands);
            self.hover = self.hover.or(hover);
            super::figure::crop(&ui.painter_at(rect), session, id, rect);
            if workspace.active == id && workspace.layout.count() > 1 {
                let stroke = egui::Stroke::new(1.0, theme::ACCENT);
                ui.painter().rect_stroke(rect.expand(1.0), 0.0, stroke, egui::StrokeKind::Inside);
            }
        }
    }

    fn show_title(&mut self, ctx: &Context, session: &Session) {
        let name = session.case_path().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
        let star = if session.has_unsaved_changes() { "*" } else { "" };
        let kind = match (session.is_read_only(), session.is_sample()) {
            (true, _) => " (read-only)",
            (false, true) => " (sample)",
            (false, false) => "",
        };
        let title = match name {
            Some(name) => format!("{star}{name}{kind} - Isodense"),
            None if star.is_empty() => "Isodense".to_owned(),
            None => format!("{star}new case - Isodense"),
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// What the density tool measures goes to the clipboard, each once.
    fn copy_density(&mut self, ctx: &Context, session: &Session) {
        if let Some((count, phrase)) = session.density_phrase()
            && count > self.densities
        {
            self.densities = count;
            ctx.copy_text(phrase);
        }
    }

    /// Says once when a name cannot be shown because the system has no font for it.
    fn check_fonts(&mut self, ctx: &Context, session: &mut Session) {
        if self.told.missing_font {
            return;
        }
        let names = session.library().patient_names();
        if names.iter().any(|name| fonts::is_illegible(ctx, name.reveal())) {
            self.told.missing_font = true;
            session.apply(Action::Tell(Notice::warning(
                "Some names cannot be shown.",
                "No font on this system has their letters. Install one (for example Noto Sans of its script) and start again.",
            )));
        }
    }
}

/// Where each visible viewport goes.
fn places(session: &Session, area: egui::Rect) -> Vec<(ViewportId, egui::Rect)> {
    let workspace = session.workspace();
    if let Some(id) = workspace.maximised {
        return vec![(id, area)];
    }
    let layout = workspace.layout;
    let step = egui::vec2(area.width() / layout.columns as f32, area.height() / layout.rows as f32);
    let gap = if layout.count() > 1 { 1.0 } else { 0.0 };
    let place = |index: usize| {
        let place = egui::vec2((index % layout.columns) as f32, (index / layout.columns) as f32);
        let rect = egui::Rect::from_min_size(area.min + place * step, step);
        (ViewportId(index), rect.shrink(gap))
    };
    (0..layout.count()).map(place).collect()
}

/// Files and folders dropped on the window.
fn dropped(ctx: &Context) -> Vec<Action> {
    let paths: Vec<PathBuf> =
        ctx.input(|i| i.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
    if paths.is_empty() { Vec::new() } else { vec![Action::Open(paths)] }
}
