//! A course of events drawn to scale, from the top down: a line with a dot for each event, its words beside it.

use glam::DVec2;

use super::{Color, DrawingList, Fonts, Item, Page, Stroke, Weight, measure_in, wrapped};
use crate::typography::typeset;
use crate::view::{ScreenPoint, ViewportSize};

/// Something on a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// Days from where days are counted; of a month or a year its middle.
    pub day: i64,
    /// When, in words.
    pub when: String,
    /// What, in words.
    pub what: String,
    /// It is an examination, and no event of the reader's.
    pub is_study: bool,
}

const WIDTH_MM: f64 = 160.0;
/// The line stands this far from the left.
const LINE_MM: f64 = 6.0;
/// The words begin here.
const WORDS_MM: f64 = 18.0;
/// Between the time and what happened.
const COLUMN_MM: f64 = 4.0;
const TEXT_PT: f64 = 9.0;
/// From one line of words to the next.
const LEADING_MM: f64 = 4.2;
/// Between two events at least.
const APART_MM: f64 = 1.6;
const EDGE_MM: f64 = 3.0;
/// The shortest a timeline of several days is.
const LEAST_MM: f64 = 50.0;

const INK: Color = Color([0, 0, 0, 255]);
const WEAK: Color = Color([120, 120, 120, 255]);
const STUDY: Color = Color([30, 90, 160, 255]);
const EVENT: Color = Color([176, 60, 20, 255]);

/// An entry with its words broken into lines.
struct Slot<'e> {
    entry: &'e TimelineEntry,
    when: Vec<String>,
    what: Vec<String>,
    /// Where its words begin, mm from the top.
    top: f64,
    /// Where its dot is, mm from the top.
    dot: f64,
}

impl Slot<'_> {
    fn height(&self) -> f64 {
        self.when.len().max(self.what.len()) as f64 * LEADING_MM
    }
}

/// Draws entries, which are in the order of their days.
///
/// Dots are at their days to scale; words that would lie on each other move down, and a line leads to their dot.
pub fn timeline_page(entries: &[TimelineEntry], dpi: f64, fonts: &Fonts) -> Page {
    let slots = placed(entries, fonts);
    let height = slots.last().map_or(EDGE_MM, |slot| (slot.top + slot.height()).max(slot.dot)) + EDGE_MM;
    let size_mm = DVec2::new(WIDTH_MM, height);
    let mut list = DrawingList::default();
    let px = |mm: f64| mm / 25.4 * dpi;
    let at = |x: f64, y: f64| ScreenPoint(DVec2::new(px(x), px(y)));
    let line = |color, width: f64| Stroke { width: px(width), color, halo: None };
    if let (Some(first), Some(last)) = (slots.first(), slots.last()) {
        list.line(vec![at(LINE_MM, first.dot), at(LINE_MM, last.dot)], false, line(WEAK, 0.5));
    }
    let column = WORDS_MM + when_width(&slots, fonts) + COLUMN_MM;
    for slot in &slots {
        let middle = slot.top + LEADING_MM / 2.0;
        let lead = vec![at(LINE_MM, slot.dot), at(WORDS_MM - 6.0, middle), at(WORDS_MM - 1.5, middle)];
        list.line(lead, false, line(WEAK, 0.2));
        let color = if slot.entry.is_study { STUDY } else { EVENT };
        let ring = (0..24).map(|step| {
            let angle = f64::from(step) * std::f64::consts::TAU / 24.0;
            at(LINE_MM + 1.3 * angle.cos(), slot.dot + 1.3 * angle.sin())
        });
        list.fill(ring.collect(), color);
        for (x, lines, weight) in
            [(WORDS_MM, &slot.when, Weight::Bold), (column, &slot.what, Weight::Regular)]
        {
            for (index, text) in lines.iter().enumerate() {
                list.items.push(Item::Text {
                    at: at(x, slot.top + index as f64 * LEADING_MM),
                    size_px: TEXT_PT / 72.0 * dpi,
                    text: text.clone(),
                    weight,
                    color: INK,
                    halo: None,
                });
            }
        }
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand pixels")]
    let pixels = |mm: f64| Page::pixels(mm, dpi).max(1.0) as u32;
    let size = ViewportSize { width: pixels(size_mm.x), height: pixels(size_mm.y) };
    Page { size_mm, size, dpi, panels: Vec::new(), list }
}

fn placed<'e>(entries: &'e [TimelineEntry], fonts: &Fonts) -> Vec<Slot<'e>> {
    let text_mm = TEXT_PT * 25.4 / 72.0;
    let slot = |entry: &'e TimelineEntry| Slot {
        entry,
        when: broken(&entry.when, 52.0, Weight::Bold, text_mm, fonts),
        what: Vec::new(),
        top: EDGE_MM,
        dot: 0.0,
    };
    let mut slots: Vec<Slot<'e>> = entries.iter().map(slot).collect();
    let room = WIDTH_MM - WORDS_MM - when_width(&slots, fonts) - COLUMN_MM - EDGE_MM;
    for slot in &mut slots {
        slot.what = broken(&slot.entry.what, room, Weight::Regular, text_mm, fonts);
    }
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return slots };
    let span = (last.day - first.day) as f64;
    let needed: f64 = slots.iter().map(|slot| slot.height() + APART_MM).sum();
    let length = if span > 0.0 { needed.max(LEAST_MM) } else { 0.0 };
    let mut free = EDGE_MM;
    for slot in &mut slots {
        let share = if span > 0.0 { (slot.entry.day - first.day) as f64 / span } else { 0.0 };
        slot.dot = EDGE_MM + LEADING_MM / 2.0 + share * length;
        slot.top = (slot.dot - LEADING_MM / 2.0).max(free);
        free = slot.top + slot.height() + APART_MM;
    }
    slots
}

fn when_width(slots: &[Slot<'_>], fonts: &Fonts) -> f64 {
    let size = TEXT_PT * 25.4 / 72.0;
    let widths =
        slots.iter().flat_map(|slot| &slot.when).map(|line| measure_in(fonts, line, size, Weight::Bold).x);
    widths.fold(0.0, f64::max)
}

/// Words in lines of a width, mm.
fn broken(words: &str, width: f64, weight: Weight, size_mm: f64, fonts: &Fonts) -> Vec<String> {
    wrapped(&typeset(words), width, size_mm, weight, fonts).lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(day: i64, what: &str) -> TimelineEntry {
        TimelineEntry { day, when: format!("day {day}"), what: what.to_owned(), is_study: day == 0 }
    }

    /// Centres of dots, and tops of the times, mm.
    fn seen(entries: &[TimelineEntry]) -> (Vec<f64>, Vec<f64>, Page) {
        let page = timeline_page(entries, 254.0, &Fonts::default());
        let (mut dots, mut words) = (Vec::new(), Vec::new());
        for item in &page.list.items {
            match item {
                Item::Fill { points, .. } => {
                    dots.push(points.iter().map(|point| point.0.y).sum::<f64>() / points.len() as f64 / 10.0);
                }
                Item::Text { at, weight, .. } if *weight == Weight::Bold => words.push(at.0.y / 10.0),
                Item::Text { .. } | Item::Line { .. } => {}
            }
        }
        (dots, words, page)
    }

    #[test]
    fn dots_are_to_scale_and_words_do_not_meet() {
        let long = "a craniotomy with subtotal resection of the tumour, and a ventricular drain that was left in place for \
                    eleven days until the pressure was low enough for it to be removed";
        let entries = [
            entry(-700, "headache"),
            entry(0, "CT"),
            entry(1, long),
            entry(2, "relapse"),
            entry(1400, "MRI"),
        ];
        let (dots, words, page) = seen(&entries);
        let share = |at: usize| (dots[at] - dots[0]) / (dots[4] - dots[0]);
        for (at, expected) in [(1, 700.0 / 2100.0), (2, 701.0 / 2100.0), (3, 702.0 / 2100.0)] {
            assert!((share(at) - expected).abs() < 1e-6, "{at}: {}", share(at));
        }
        assert!(words.windows(2).all(|two| two[1] - two[0] >= LEADING_MM + APART_MM - 1e-9), "{words:?}");
        assert!(words[3] - words[2] > 2.0 * LEADING_MM, "the long one has several lines: {words:?}");
        assert!(words[4] < page.size_mm.y - LEADING_MM && dots[4] < page.size_mm.y);
        assert_eq!(page.size.width, 1600);
    }

    #[test]
    fn one_day_or_nothing_is_drawn_too() {
        let (dots, words, page) = seen(&[entry(0, "CT"), entry(0, "operation")]);
        assert!((dots[0] - dots[1]).abs() < 1e-9 && words[1] > words[0]);
        assert!(page.size_mm.y < 25.0, "{}", page.size_mm.y);
        assert!(timeline_page(&[], 300.0, &Fonts::default()).list.items.is_empty());
    }
}
