use std::sync::Arc;

use super::text::{CODE, Keep, Set, Style};
use super::{HEIGHT, Mark, Strip, Strips, WIDTH, What, WordsMark};
use crate::export::pdf::points;
use crate::export::report::lines::Look;
use crate::render::text::{letters, width};
use crate::render::{Color, Fonts, Page, Weight, measure};
use crate::report::{Align, Block, ReportFigure, Span, plain_words};

pub(super) const BLACK: Color = Color([0x11, 0x11, 0x11, 255]);
const GREY: Color = Color([0x44, 0x44, 0x44, 255]);
const BAR: Color = Color([0xc8, 0xc8, 0xc8, 255]);
/// Words of paragraphs.
const BODY: Style =
    Style { look: Look { size: 10.5, bold: false }, italic: false, color: BLACK, leading: 14.5 };
/// Legends of figures and tables.
const CAPTION: Style =
    Style { look: Look { size: 9.0, bold: false }, italic: false, color: GREY, leading: 12.0 };
/// Lines of code.
const CODE_LINE: Style =
    Style { look: Look { size: 9.5, bold: false }, italic: false, color: BLACK, leading: 13.0 };
/// Between paragraphs.
pub(super) const GAP: f64 = 7.0;
/// Between the items of a list.
const ITEM_GAP: f64 = 3.0;
/// Between a figure or a table and what is above and below it.
pub(super) const FIGURE_GAP: f64 = 12.0;
/// Between a figure and its legend.
const CAPTION_GAP: f64 = 5.0;
/// How far the words of an item are to the right of those around the list.
const INDENT: f64 = 20.0;
/// Between a number and the words of its item.
const MARKER_GAP: f64 = 6.0;
/// How far quoted words are to the right.
const QUOTED: f64 = 14.0;
/// Around code.
const CODE_PADDING: f64 = 6.0;
/// What is left for words, however deep they are nested.
const NARROWEST: f64 = 120.0;
/// What is left on a page above a tall figure, for its heading.
const ABOVE_FIGURE: f64 = 50.0;

/// What items without numbers begin with, by depth.
const BULLETS: [&str; 3] = ["•", "–", "▪"];
/// Font size, line height and gap above and below a heading of each level.
const HEADINGS: [[f64; 4]; 6] = [
    [20.0, 24.0, 24.0, 12.0],
    [15.0, 18.5, 20.0, 7.0],
    [12.5, 15.5, 16.0, 6.0],
    [11.5, 14.5, 13.0, 5.0],
    [10.5, 14.0, 12.0, 4.0],
    [10.5, 14.0, 12.0, 4.0],
];

/// Between which edges blocks stand, and what is beside them.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// From the left edge of the text, points.
    pub(super) left: f64,
    /// The quotes around: where the bar is, and the first strip that has it.
    bars: Vec<(f64, usize)>,
    items: usize,
}

impl Frame {
    pub(super) fn width(&self) -> f64 {
        WIDTH - self.left
    }

    fn moved(&self, by: f64) -> Self {
        Self { left: (self.left + by).min(WIDTH - NARROWEST), ..self.clone() }
    }
}

/// A report that becomes strips.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) strips: Strips,
    /// What the block before wants below it, points.
    below: f64,
    /// The number or bullet that the next line gets, and the right edge of it.
    marker: Option<(String, f64)>,
}

/// A tidy report as strips.
pub(super) fn strips(blocks: &[Block], fonts: &Fonts) -> Strips {
    let mut flow = Flow { fonts, strips: Strips::default(), below: 0.0, marker: None };
    flow.blocks(blocks, &Frame { left: 0.0, bars: Vec::new(), items: 0 });
    flow.strips
}

impl Flow<'_> {
    fn blocks(&mut self, blocks: &[Block], frame: &Frame) {
        for block in blocks {
            self.block(block, frame);
        }
    }

    fn block(&mut self, block: &Block, frame: &Frame) {
        match block {
            Block::Heading(level, words) => self.heading(*level, words, frame),
            Block::Paragraph(words) => {
                let gap = self.gap(if frame.items > 0 { ITEM_GAP } else { GAP });
                self.text(words, in_quote(BODY, frame), frame, gap, Keep::default());
            }
            Block::List(first, items) => self.list(*first, items, frame),
            Block::Quote(inner) => {
                self.below = self.below.max(GAP);
                let mut inside = frame.moved(QUOTED);
                inside.bars.push((frame.left, self.strips.all.len()));
                self.blocks(inner, &inside);
                self.below = self.below.max(GAP);
            }
            Block::Code(text) => self.code(text, frame),
            Block::Rule => {
                self.marker_alone(frame);
                let mut strip = Strip { gap: self.gap(FIGURE_GAP), height: 0.7, ..Strip::default() };
                strip.marks.push(area(frame.left, 0.0, [frame.width(), 0.7], BAR));
                self.push(strip, None, frame);
                self.below = FIGURE_GAP;
            }
            Block::Table(table) => {
                self.marker_alone(frame);
                if !table.caption.is_empty() {
                    let gap = self.gap(FIGURE_GAP);
                    self.text(&table.caption, CAPTION, frame, gap, Keep { next: true, together: true });
                    self.below = CAPTION_GAP;
                }
                self.table(table, frame);
                self.below = FIGURE_GAP;
            }
            Block::Figure(figure) => {
                self.marker_alone(frame);
                self.figure(figure, frame);
            }
        }
    }

    /// What a block stands below the block before it, when it wants so much itself.
    pub(super) fn gap(&mut self, above: f64) -> f64 {
        std::mem::take(&mut self.below).max(above)
    }

    /// Adds a strip. Where it is a line of words, whose base line is at `base`, it gets the marker that waits.
    pub(super) fn push(&mut self, mut strip: Strip, base: Option<f64>, frame: &Frame) {
        if let Some(y) = base
            && let Some((text, right)) = self.marker.take()
        {
            let letters = letters(self.fonts, &text, BODY.look.size, Weight::Regular);
            let left = right - width(&letters);
            let words = WordsMark { letters, size: BODY.look.size, italic: false, color: BLACK };
            strip.marks.insert(0, Mark { x: left.max(0.0), y, what: What::Words(words) });
        }
        for (x, first) in &frame.bars {
            let over_gap = self.strips.all.len() > *first;
            let what = What::Area { width: 2.0, height: strip.height, color: BAR, over_gap };
            strip.marks.insert(0, Mark { x: *x, y: 0.0, what });
        }
        self.strips.all.push(strip);
    }

    fn heading(&mut self, level: u8, words: &[Span], frame: &Frame) {
        let index = usize::from(level.clamp(1, 6)) - 1;
        let [size, leading, above, below] = HEADINGS[index];
        // The sixth level is told from the fifth, which has its size.
        let (bold, italic) = (index < 5, index >= 4);
        let style = Style { look: Look { size, bold }, italic, color: BLACK, leading };
        let gap = self.gap(above);
        let first = self.strips.all.len();
        self.text(words, style, frame, gap, Keep { next: true, together: true });
        if let Some(strip) = self.strips.all.get_mut(first) {
            let title = plain_words(words).replace('\n', " ");
            strip.marks.insert(0, Mark { x: 0.0, y: 0.0, what: What::Heading { level, title } });
        }
        // Never less than that, but what follows may not want more.
        self.below = below;
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>], frame: &Frame) {
        self.marker_alone(frame);
        let marker = |index: usize| match first {
            None => BULLETS[frame.items % 3].to_owned(),
            Some(first) => format!("{}.", first.saturating_add(index as u64)),
        };
        let widest = marker(items.len().saturating_sub(1));
        let widest = measure(self.fonts, &widest, BODY.look.size).x;
        let mut inside = frame.moved((widest + MARKER_GAP).max(INDENT));
        inside.items += 1;
        if frame.items == 0 {
            self.below = self.below.max(ITEM_GAP);
        }
        for (index, item) in items.iter().enumerate() {
            self.marker = Some((marker(index), inside.left - MARKER_GAP));
            self.blocks(item, &inside);
            self.marker_alone(&inside);
        }
        if frame.items == 0 {
            self.below = self.below.max(GAP);
        }
    }

    /// A marker that no line has got stands on a line of its own.
    fn marker_alone(&mut self, frame: &Frame) {
        if self.marker.is_some() {
            let gap = self.gap(ITEM_GAP);
            let strip = Strip { gap, height: BODY.leading, keep_next: true, ..Strip::default() };
            self.push(strip, Some(BODY.base()), frame);
        }
    }

    fn code(&mut self, text: &str, frame: &Frame) {
        let words = [Span::plain(text)];
        let width = frame.width() - 2.0 * CODE_PADDING;
        let set = Set::new(&words, CODE_LINE, width, self.fonts);
        let last = set.lines.len() - 1;
        for (index, line) in set.lines.iter().enumerate() {
            let above = if index == 0 { CODE_PADDING } else { 0.0 };
            let below = if index == last { CODE_PADDING } else { 0.0 };
            let height = above + CODE_LINE.leading + below;
            let mut marks = vec![area(frame.left, 0.0, [frame.width(), height], CODE)];
            let at = [frame.left + CODE_PADDING, above];
            marks.extend(set.marks(line, Align::Left, at));
            let gap = if index == 0 { self.gap(GAP + 2.0) } else { 0.0 };
            let strip = Strip { gap, height, keep_next: index == 0 && last > 0, head: None, marks };
            self.push(strip, Some(above + CODE_LINE.base()), frame);
        }
        self.below = GAP + 2.0;
    }

    fn figure(&mut self, figure: &ReportFigure, frame: &Frame) {
        let gap = self.gap(FIGURE_GAP);
        let mut above_caption = gap;
        if let Some(page) = &figure.page {
            let below = if figure.caption.is_empty() { 0.0 } else { self.caption_height(figure, frame) };
            let strip = drawn(page, frame, HEIGHT - below - ABOVE_FIGURE);
            self.push(Strip { gap, keep_next: !figure.caption.is_empty(), ..strip }, None, frame);
            above_caption = CAPTION_GAP;
        }
        if !figure.caption.is_empty() {
            let keep = Keep { next: false, together: true };
            self.text(&figure.caption, CAPTION, frame, above_caption, keep);
        }
        self.below = FIGURE_GAP;
    }

    /// The height of a legend with its gap; of a very long one only what is kept with the figure.
    fn caption_height(&mut self, figure: &ReportFigure, frame: &Frame) -> f64 {
        let set = Set::new(&figure.caption, CAPTION, frame.width(), self.fonts);
        CAPTION_GAP + CAPTION.leading * set.lines.len().min(30) as f64
    }
}

/// A figure at its own size, or smaller where it has not the room.
fn drawn(page: &Arc<Page>, frame: &Frame, tallest: f64) -> Strip {
    let [width, height] = page.size_mm.to_array().map(points);
    let fit = (frame.width() / width).min(tallest / height).min(1.0);
    let scale = fit * 72.0 / page.dpi;
    let what = What::Figure { page: Arc::clone(page), scale };
    let marks = vec![Mark { x: frame.left, y: 0.0, what }];
    Strip { height: height * fit, marks, ..Strip::default() }
}

/// Quoted words are grey.
fn in_quote(style: Style, frame: &Frame) -> Style {
    if frame.bars.is_empty() { style } else { Style { color: GREY, ..style } }
}

/// A filled rectangle of a width and height.
pub(super) fn area(x: f64, y: f64, size: [f64; 2], color: Color) -> Mark {
    let [width, height] = size;
    Mark { x, y, what: What::Area { width, height, color, over_gap: false } }
}
