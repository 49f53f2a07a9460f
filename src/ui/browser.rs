//! The study browser: patients, studies, series, and the scan that fills it.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Align2, FontId, Rect, RichText, Sense, TextureHandle, TextureOptions, Ui, Vec2};

use super::overlays::{date, hidden_day};
use super::pictures::PictureWords;
use super::theme;
use crate::image::{Series, SeriesKey, StudyInfo};
use crate::render::Picture;
use crate::session::{Action, Session, ViewportId};
use crate::words::counted;

const THUMBNAIL: f32 = 56.0;
/// Height of a stack's line.
const STACK: f32 = 22.0;
/// Stacks of a series that are listed before the reader asks for all.
const STACKS: usize = 6;

/// The textures of thumbnails.
#[derive(Default)]
pub(super) struct Browser {
    thumbnails: HashMap<SeriesKey, (Arc<Picture>, TextureHandle)>,
    words: PictureWords,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Browser").field("thumbnails", &self.thumbnails.len()).finish_non_exhaustive()
    }
}

/// What the browser asks for beside actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// Show the files that were not used.
    Problems,
    /// Open a folder.
    Open,
}

impl Browser {
    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) -> Option<Wish> {
        let mut wish = None;
        ui.add_space(4.0);
        ui.label(RichText::new("Studies").size(15.0).strong());
        egui::Panel::bottom("scan").resizable(false).show_separator_line(false).show(ui, |ui| {
            wish = scan_line(ui, session, actions);
        });
        let (pictures, list): (Vec<_>, Vec<_>) =
            session.library().browse().into_iter().partition(|series| series.is_picture());
        if list.is_empty() && session.case().pictures.is_empty() && session.scan().is_none() {
            ui.add_space(8.0);
            ui.label(RichText::new("Nothing is open.").color(theme::WEAK));
            if ui.button("Open folder…").clicked() {
                wish = Some(Wish::Open);
            }
        }
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let patients = list.chunk_by(|a, b| a.patient == b.patient);
            for (number, patient) in patients.enumerate() {
                patient_row(ui, session, patient[0], number);
                // Studies of several patients may lack a UID, or share one: each opens and closes by itself.
                ui.push_id(&patient[0].patient, |ui| {
                    for study in patient.chunk_by(|a, b| one_study(&a.study, &b.study)) {
                        self.study(ui, session, study, actions);
                    }
                });
                ui.add_space(8.0);
            }
            self.pictures(ui, session, &pictures, actions);
        });
        wish
    }

    /// What is typed of a picture but not yet in the case.
    pub(super) fn finish(&mut self) -> Option<Action> {
        self.words.finish()
    }

    /// The pictures of the case, with what the reader says of each.
    fn pictures(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        series: &[&Arc<Series>],
        actions: &mut Vec<Action>,
    ) {
        if session.case().pictures.is_empty() {
            return;
        }
        ui.add_space(4.0);
        ui.label(RichText::new("Pictures").strong());
        for (index, picture) in session.case().pictures.iter().enumerate() {
            match series.iter().find(|series| series.info.uid == picture.series_uid()) {
                Some(series) => self.series_row(ui, session, &[series], actions),
                None => {
                    ui.label(RichText::new("Its file is not there.").color(theme::WARNING));
                }
            }
            self.words.show(ui, index, picture, actions);
            ui.add_space(6.0);
        }
    }

    fn study(&mut self, ui: &mut Ui, session: &Session, series: &[&Arc<Series>], actions: &mut Vec<Action>) {
        let said = StudyInfo::of_series(series.iter().map(|series| &***series));
        let study = said.unwrap_or(&series[0].study);
        let title = if session.workspace().patient_hidden {
            hidden_day(session, &study.uid)
        } else {
            let when = study.date.as_deref().map_or_else(|| "No date".to_owned(), date);
            format!("{when}   {}", study.description)
        };
        let font = egui::TextStyle::Body.resolve(ui.style());
        let mut job = egui::text::LayoutJob::simple_singleline(title, font, theme::TEXT);
        // A long description must not widen the panel.
        job.wrap = egui::text::TextWrapping::truncate_at_width(ui.available_width() - 28.0);
        let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
        egui::CollapsingHeader::new(galley)
            .id_salt((study.uid.as_str(), &study.date, &study.time))
            .default_open(true)
            .show_unindented(ui, |ui| {
                for stacks in series.chunk_by(|a, b| a.same_series(b)) {
                    self.series_row(ui, session, stacks, actions);
                    if stacks.len() > 1 {
                        stack_rows(ui, session, stacks, actions);
                    }
                }
            });
    }

    /// A series; of several stacks the one that is shown, or else the largest.
    fn series_row(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        stacks: &[&Arc<Series>],
        actions: &mut Vec<Action>,
    ) {
        let (rect, response) =
            ui.allocate_exact_size(Vec2::new(ui.available_width(), THUMBNAIL + 8.0), Sense::click_and_drag());
        let workspace = session.workspace();
        let shown: Vec<_> = stacks.iter().flat_map(|stack| showing(session, stack)).collect();
        let active = shown.contains(&workspace.active);
        let in_active = |stack: &&&Arc<Series>| showing(session, stack).contains(&workspace.active);
        let first_largest = || stacks.iter().rev().max_by_key(|stack| stack.frames.len());
        let Some(series) = stacks.iter().find(in_active).or_else(first_largest) else { return };
        let number = series.info.number.map_or_else(String::new, |n| format!("#{n} "));
        let frames: usize = stacks.iter().map(|stack| stack.frames.len()).sum();
        let images = match stacks.len() {
            1 => images(frames),
            several => format!("{several} stacks, {}", images(frames)),
        };
        let name = format!("{} {number}{}, {images}", series.info.modality, series.info.description);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, active, &name));
        carry(ui, &response, series.key(), &series.info.description);
        if response.clicked() {
            actions.push(Action::ShowSeries(workspace.active, series.key()));
        }
        if !ui.is_rect_visible(rect) {
            return;
        }
        let painter = ui.painter_at(rect);
        row_background(&painter, &response, active, &shown);
        let small = Rect::from_min_size(rect.min + Vec2::new(8.0, 4.0), Vec2::splat(THUMBNAIL));
        self.thumbnail(ui, session, series, small);
        let left = small.right() + 8.0;
        let line = |row: f32, text: &str, size: f32, color| {
            let font = FontId::proportional(size);
            let width = rect.right() - left - 8.0;
            let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(width);
            let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
            painter.galley(egui::pos2(left, rect.top() + row), galley, color);
        };
        let heading = format!("{} {number}", series.info.modality);
        let heading = if heading.trim().is_empty() { "No modality" } else { heading.trim() };
        line(6.0, heading, 12.5, theme::ACCENT);
        match series.info.description.as_str() {
            "" => line(23.0, "No description", 13.5, theme::WEAK),
            description => line(23.0, description, 13.5, theme::TEXT),
        }
        let loaded: usize = stacks.iter().map(|stack| session.library().loaded(stack)).sum();
        let count = if stacks.len() == 1 && !shown.is_empty() && loaded < frames {
            format!("{images}, {loaded} loaded")
        } else {
            images
        };
        // Of several stacks each has its own mark.
        let (warned, texts) = match stacks {
            [only] => warnings(only),
            _ => ("", String::new()),
        };
        line(42.0, &format!("{count}{warned}"), 12.0, theme::WEAK);
        if !texts.is_empty() {
            response.on_hover_text(texts);
        }
    }

    fn thumbnail(&mut self, ui: &Ui, session: &Session, series: &Series, rect: Rect) {
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 2.0, theme::IMAGE);
        let uid = &series.key();
        match session.library().thumbnail(uid) {
            Some(Some(picture)) => {
                // Made again when the scan ends, of what is the middle then.
                if self.thumbnails.get(uid).is_some_and(|(old, _)| !Arc::ptr_eq(old, picture)) {
                    self.thumbnails.remove(uid);
                }
                let (_, texture) = self.thumbnails.entry(uid.clone()).or_insert_with(|| {
                    let size = [picture.size.width as usize, picture.size.height as usize];
                    let image = egui::ColorImage::from_rgba_unmultiplied(size, picture.pixels.as_flattened());
                    let texture = ui.ctx().load_texture("thumbnail", image, TextureOptions::LINEAR);
                    (Arc::clone(picture), texture)
                });
                let whole = Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
                painter.image(texture.id(), rect, whole, egui::Color32::WHITE);
            }
            Some(None) => {
                painter.text(
                    rect.center(),
                    Align2::CENTER_CENTER,
                    "?",
                    FontId::proportional(18.0),
                    theme::WEAK,
                );
            }
            None => {
                let text = if series.frames.is_empty() { "doc" } else { "…" };
                painter.text(
                    rect.center(),
                    Align2::CENTER_CENTER,
                    text,
                    FontId::proportional(14.0),
                    theme::WEAK,
                );
            }
        }
    }
}

/// Whether two series stand under one heading. What has no UID is told apart by its date.
fn one_study(a: &StudyInfo, b: &StudyInfo) -> bool {
    a.uid == b.uid && (!a.uid.as_str().is_empty() || a.date == b.date)
}

fn images(count: usize) -> String {
    match count {
        0 => "document".to_owned(),
        some => counted(some, "image"),
    }
}

/// The viewports in sight that show a stack.
fn showing(session: &Session, stack: &Series) -> Vec<ViewportId> {
    let workspace = session.workspace();
    let shows = |id: &ViewportId| workspace.viewport(*id).is_some_and(|viewport| stack.is(&viewport.series));
    workspace.visible().into_iter().filter(shows).collect()
}

/// A mark where care is needed, and all sentences.
fn warnings(series: &Series) -> (&'static str, String) {
    let texts: Vec<_> = series.warnings.iter().map(ToString::to_string).collect();
    let mark = if series.warnings.iter().any(|warning| !warning.is_note()) { "  (!)" } else { "" };
    (mark, texts.join("\n"))
}

/// The stacks of a series, each on a line of its own; of many those around the one shown.
fn stack_rows(ui: &mut Ui, session: &Session, stacks: &[&Arc<Series>], actions: &mut Vec<Action>) {
    let Some(first) = stacks.first() else { return };
    let id = ui.make_persistent_id(("stacks", first.study.uid.as_str(), first.info.uid.as_str()));
    let many = stacks.len() > STACKS + 1;
    let open = !many || ui.data(|data| data.get_temp(id).unwrap_or(false));
    let shown = stacks.iter().position(|stack| !showing(session, stack).is_empty()).unwrap_or(0);
    let (from, count) = if open {
        (0, stacks.len())
    } else {
        (shown.saturating_sub(STACKS / 2).min(stacks.len() - STACKS), STACKS)
    };
    for stack in stacks.iter().skip(from).take(count) {
        stack_row(ui, session, stack, actions);
    }
    if many {
        let text = if open { "Fewer stacks".to_owned() } else { format!("All {} stacks…", stacks.len()) };
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            if ui
                .add(egui::Button::new(RichText::new(text).small().color(theme::WEAK)).frame(false))
                .clicked()
            {
                ui.data_mut(|data| data.insert_temp(id, !open));
            }
        });
    }
}

/// A row can be dragged onto a viewport; its words go with the pointer.
fn carry(ui: &Ui, response: &egui::Response, series: SeriesKey, words: &str) {
    response.dnd_set_drag_payload(series);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let layer = egui::LayerId::new(egui::Order::Tooltip, response.id.with("carried"));
        let painter = ui.ctx().layer_painter(layer);
        let at = at + Vec2::new(14.0, 14.0);
        painter.text(at, Align2::LEFT_TOP, words, FontId::proportional(13.0), theme::ACCENT);
    }
}

/// What lies under a row: whether it is chosen, under the pointer, and shown in any viewport.
fn row_background(painter: &egui::Painter, response: &egui::Response, active: bool, shown: &[ViewportId]) {
    let fill = if active {
        theme::CHOSEN
    } else if response.hovered() {
        theme::BAR
    } else {
        theme::PANEL
    };
    painter.rect_filled(response.rect, 4.0, fill);
    if !shown.is_empty() {
        let edge = Rect::from_min_size(response.rect.min, Vec2::new(3.0, response.rect.height()));
        painter.rect_filled(edge, 1.0, theme::ACCENT);
    }
}

fn stack_row(ui: &mut Ui, session: &Session, stack: &Arc<Series>, actions: &mut Vec<Action>) {
    let Some(part) = &stack.part else { return };
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), STACK), Sense::click_and_drag());
    let shown = showing(session, stack);
    let active = shown.contains(&session.workspace().active);
    let label = format!("{}, {}, {}", part.name, part.place(), images(stack.frames.len()));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, active, &label));
    carry(ui, &response, stack.key(), &part.name);
    if response.clicked() {
        actions.push(Action::ShowSeries(session.workspace().active, stack.key()));
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter_at(rect);
    row_background(&painter, &response, active, &shown);
    let (mark, texts) = warnings(stack);
    let count = format!("{}{mark}", stack.frames.len());
    let right = egui::pos2(rect.right() - 8.0, rect.center().y);
    let taken = painter.text(right, Align2::RIGHT_CENTER, count, FontId::proportional(12.0), theme::WEAK);
    let left = rect.left() + 16.0;
    let mut job =
        egui::text::LayoutJob::simple_singleline(part.name.clone(), FontId::proportional(13.0), theme::TEXT);
    job.wrap = egui::text::TextWrapping::truncate_at_width(taken.left() - left - 8.0);
    let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
    let top = rect.center().y - galley.size().y / 2.0;
    painter.galley(egui::pos2(left, top), galley, theme::TEXT);
    let hover = if texts.is_empty() { label } else { format!("{label}\n{texts}") };
    response.on_hover_text(hover);
}

fn patient_row(ui: &mut Ui, session: &Session, series: &Series, number: usize) {
    ui.add_space(4.0);
    if session.workspace().patient_hidden {
        ui.label(RichText::new(format!("Patient {}", number + 1)).strong());
        return;
    }
    let patient = &series.patient;
    let name = patient.name.reveal();
    let name = if name.is_empty() { "No name".to_owned() } else { name.to_string() };
    ui.add(egui::Label::new(RichText::new(name).strong()).truncate());
    let id = patient.id.reveal();
    let id = if id.is_empty() { "No ID".to_owned() } else { format!("ID {id}") };
    ui.add(egui::Label::new(RichText::new(id).small().color(theme::WEAK)).truncate());
}

/// Progress with Cancel while a scan runs; the count of files not used.
fn scan_line(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) -> Option<Wish> {
    let mut wish = None;
    if let Some(scan) = session.scan() {
        let (done, total) = (scan.progress.done(), scan.progress.total());
        let text = if total == 0 {
            "Counting files…".to_owned()
        } else {
            format!("{done} of {}", counted(total, "file"))
        };
        let share = if total == 0 { 0.0 } else { done as f32 / total as f32 };
        ui.add(egui::ProgressBar::new(share).text(text));
        if ui.button("Cancel scan").clicked() {
            actions.push(Action::CancelScan);
        }
    }
    let problems = session.library().problems().count();
    if problems > 0 {
        let text = format!("{} not used…", counted(problems, "file"));
        if ui.button(RichText::new(text).color(theme::WARNING)).clicked() {
            wish = Some(Wish::Problems);
        }
    }
    ui.add_space(4.0);
    wish
}
