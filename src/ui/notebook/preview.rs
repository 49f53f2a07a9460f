//! How the notebook reads: its blocks, with values as chips that lead to their pixels.

use egui::{RichText, ScrollArea, Stroke, Ui};

use super::words::words;
use crate::report::{Block, ReportTable, Words, plain_words};
use crate::session::{Action, Chip, NotebookView};
use crate::ui::theme;

const SIZE: f32 = 14.0;
/// Between blocks, points.
const APART: f32 = 8.0;

/// The preview, and how high its blocks are.
#[derive(Debug, Default)]
pub(super) struct Preview {
    /// The reading and the width that the heights are of.
    of: (u64, f32),
    heights: Vec<Option<f32>>,
}

impl Preview {
    /// Shows the blocks that are in sight; what a click on a value does.
    pub(super) fn show(&mut self, ui: &mut Ui, view: &NotebookView, reading: u64) -> Option<Action> {
        let width = ui.available_width();
        if self.of != (reading, width) {
            self.of = (reading, width);
            self.heights = vec![None; view.blocks.len()];
        }
        let mut went = None;
        if view.blocks.is_empty() {
            ui.label(RichText::new("What you write reads here.").color(theme::WEAK));
        }
        ScrollArea::vertical().id_salt("notebook preview").auto_shrink(false).show_viewport(
            ui,
            |ui, seen| {
                let top = ui.cursor().top();
                for (block, height) in view.blocks.iter().zip(&mut self.heights) {
                    let at = ui.cursor().top() - top;
                    let high = height.unwrap_or_else(|| guess(block, width));
                    // Far out of sight it only takes its room.
                    if at + high < seen.min.y - 200.0 || at > seen.max.y + 200.0 {
                        ui.add_space(high);
                        continue;
                    }
                    self::block(ui, block, &view.chips, &mut went);
                    ui.add_space(APART);
                    *height = Some(ui.cursor().top() - top - at);
                }
            },
        );
        went
    }
}

/// About how high a block is that was never seen.
fn guess(block: &Block, width: f32) -> f32 {
    let lines = |letters: usize| (letters as f32 * SIZE * 0.5 / width.max(50.0)).ceil().max(1.0);
    let of = |words: &Words| lines(plain_words(words).len()) * SIZE * 1.35;
    match block {
        Block::Heading(_, words) | Block::Paragraph(words) => of(words) + APART,
        Block::List(_, items) => items.iter().flatten().map(|inner| guess(inner, width)).sum(),
        Block::Quote(inner) => inner.iter().map(|inner| guess(inner, width)).sum(),
        Block::Code(text) => text.lines().count() as f32 * SIZE * 1.35 + APART,
        Block::Rule => 12.0,
        Block::Table(table) => (table.rows.len() + 1) as f32 * 22.0 + APART,
        Block::Figure(figure) => 60.0 + of(&figure.caption),
    }
}

fn block(ui: &mut Ui, block: &Block, chips: &[Chip], went: &mut Option<Action>) {
    match block {
        Block::Heading(level, heading) => {
            let size = [22.0, 18.0, 16.0][usize::from(*level).clamp(1, 3) - 1];
            words(ui, heading, chips, (size, true), went);
        }
        Block::Paragraph(text) => words(ui, text, chips, (SIZE, false), went),
        Block::List(first, items) => {
            for (index, item) in items.iter().enumerate() {
                ui.horizontal_top(|ui| {
                    let mark = first
                        .map_or_else(|| "\u{2022}".to_owned(), |first| format!("{}.", first + index as u64));
                    ui.label(RichText::new(mark).size(SIZE));
                    ui.vertical(|ui| item.iter().for_each(|inner| self::block(ui, inner, chips, went)));
                });
            }
        }
        Block::Quote(inner) => {
            ui.indent("quote", |ui| inner.iter().for_each(|inner| self::block(ui, inner, chips, went)));
        }
        Block::Code(text) => {
            ui.label(RichText::new(text).monospace());
        }
        Block::Rule => {
            ui.separator();
        }
        Block::Table(table) => self::table(ui, table, chips, went),
        Block::Figure(figure) => {
            egui::Frame::new().stroke(Stroke::new(1.0, theme::LINE)).corner_radius(4).inner_margin(8).show(
                ui,
                |ui| {
                    ui.set_width(ui.available_width());
                    words(ui, &figure.caption, chips, (13.0, false), went);
                    let number = figure.name.strip_prefix("figure-");
                    if number.is_none() {
                        let words = figure.described.split_once(". ").map_or("", |(_, words)| words);
                        ui.label(RichText::new(words.replace("; ", "\n")).size(13.0).color(theme::WEAK));
                    }
                },
            );
        }
    }
}

fn table(ui: &mut Ui, table: &ReportTable, chips: &[Chip], went: &mut Option<Action>) {
    let count = table.columns.len().max(1);
    if !table.caption.is_empty() {
        words(ui, &table.caption, chips, (13.0, false), went);
    }
    let width = (ui.available_width() / count as f32 - 12.0).max(40.0);
    egui::Frame::new().stroke(Stroke::new(1.0, theme::LINE)).inner_margin(4).show(ui, |ui| {
        let salt = ui.next_auto_id();
        egui::Grid::new(salt).striped(true).num_columns(count).spacing([8.0, 4.0]).max_col_width(width).show(
            ui,
            |ui| {
                for (_, heading) in &table.columns {
                    ui.vertical(|ui| words(ui, heading, chips, (13.0, true), went));
                }
                ui.end_row();
                for row in &table.rows {
                    for cell in row {
                        ui.vertical(|ui| words(ui, cell, chips, (13.0, false), went));
                    }
                    ui.end_row();
                }
            },
        );
    });
}
