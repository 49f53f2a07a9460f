use super::{HEIGHT, MARGIN, Mark, SHEET, Sheet, Strip, Strips, What, WordsMark};
use crate::render::text::{letters, width};
use crate::render::{Color, Fonts, Weight};

/// Font size of the numbers of pages.
const NUMBER_SIZE: f64 = 8.5;
const NUMBER_COLOR: Color = Color([0x66, 0x66, 0x66, 255]);
/// The base line of the numbers of pages, from the lower edge.
const NUMBER_UP: f64 = 36.0;

/// Puts strips on sheets, from top to bottom: what is kept together is on one sheet if it has room there.
pub(super) fn sheets(strips: Strips) -> Vec<Sheet> {
    let Strips { all, heads } = strips;
    let mut stack = Stack { sheets: vec![Sheet::default()], y: 0.0, heads };
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let kept = rest.iter().take_while(|strip| strip.keep_next).count() + 1;
        let (chain, after) = rest.split_at(kept.min(rest.len()));
        stack.put_chain(chain);
        rest = after;
    }
    stack.sheets
}

#[derive(Debug)]
struct Stack {
    sheets: Vec<Sheet>,
    /// How much of the last sheet is full, from the top of its text.
    y: f64,
    heads: Vec<Strip>,
}

impl Stack {
    /// Puts strips that belong together on one sheet, or, when they are taller than that, on as many as they need.
    fn put_chain(&mut self, chain: &[Strip]) {
        let heights: f64 = chain.iter().map(|strip| strip.gap + strip.height).sum();
        let first_gap = chain.first().map_or(0.0, |strip| strip.gap);
        let head = chain.first().map_or(0.0, |strip| self.head_height(strip));
        if self.y > 0.0 && !fits(self.y + heights) && fits(heights - first_gap + head) {
            self.begin_sheet();
        }
        for strip in chain {
            if self.y > 0.0 && !fits(self.y + strip.gap + strip.height) {
                self.begin_sheet();
            }
            self.put(strip);
        }
    }

    fn begin_sheet(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = 0.0;
    }

    fn head_height(&self, strip: &Strip) -> f64 {
        strip.head.and_then(|head| self.heads.get(head)).map_or(0.0, |head| head.height)
    }

    fn put(&mut self, strip: &Strip) {
        let mut gap = strip.gap;
        if self.y <= 0.0 {
            gap = 0.0;
            if let Some(head) = strip.head.and_then(|head| self.heads.get(head)).cloned() {
                self.place(&head, 0.0);
            }
        }
        self.place(strip, gap);
    }

    fn place(&mut self, strip: &Strip, gap: f64) {
        self.y += gap;
        let top = MARGIN + self.y;
        if let Some(sheet) = self.sheets.last_mut() {
            for mark in &strip.marks {
                sheet.marks.push(placed(mark, top, gap));
            }
        }
        self.y += strip.height;
    }
}

fn fits(y: f64) -> bool {
    y <= HEIGHT + 1e-6
}

/// A mark of a strip on a sheet. `gap` is between the strip and the one before it.
fn placed(mark: &Mark, top: f64, gap: f64) -> Mark {
    let mut mark = mark.clone();
    mark.x += MARGIN;
    mark.y += top;
    if let What::Area { height, over_gap: true, .. } = &mut mark.what {
        mark.y -= gap;
        *height += gap;
    }
    mark
}

/// Writes the number of each sheet below its text, and of how many.
pub(super) fn number(sheets: &mut [Sheet], fonts: &Fonts) {
    let count = sheets.len();
    for (index, sheet) in sheets.iter_mut().enumerate() {
        let text = format!("{} / {count}", index + 1);
        let letters = letters(fonts, &text, NUMBER_SIZE, Weight::Regular);
        sheet.marks.push(Mark {
            x: (SHEET[0] - width(&letters)) / 2.0,
            y: SHEET[1] - NUMBER_UP,
            what: What::Words(WordsMark { letters, size: NUMBER_SIZE, italic: false, color: NUMBER_COLOR }),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip with one mark that tells it from others by its height.
    fn strip(height: f64, gap: f64, keep_next: bool, head: Option<usize>) -> Strip {
        let what = What::Area { width: 1.0, height, color: Color([0; 4]), over_gap: false };
        Strip { gap, height, keep_next, head, marks: vec![Mark { x: 0.0, y: 0.0, what }] }
    }

    /// The heights of the strips of each sheet, and where the first and the last begin.
    fn told(sheets: &[Sheet]) -> Vec<Vec<f64>> {
        let height = |mark: &Mark| match mark.what {
            What::Area { height, .. } => height.round(),
            What::Words(_) | What::Figure { .. } | What::Link { .. } | What::Heading { .. } => -1.0,
        };
        sheets.iter().map(|sheet| sheet.marks.iter().map(height).collect()).collect()
    }

    #[test]
    fn strips_fill_a_sheet_and_begin_the_next_at_its_top() {
        let all = vec![
            strip(300.0, 0.0, false, None),
            strip(390.0, 20.0, false, None),
            strip(50.0, 9.0, false, None),
        ];
        let sheets = sheets(Strips { all, heads: vec![] });
        assert_eq!(told(&sheets), [vec![300.0], vec![390.0, 50.0]]);
        let places: Vec<f64> = sheets[1].marks.iter().map(|mark| mark.y - MARGIN).collect();
        assert!((places[0]).abs() < 1e-9 && (places[1] - 399.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_kept_together_is_on_one_sheet_if_it_can_be() {
        let all = vec![
            strip(600.0, 0.0, false, None),
            strip(30.0, 10.0, true, None),
            strip(80.0, 5.0, false, None),
        ];
        assert_eq!(told(&sheets(Strips { all, heads: vec![] })), [vec![600.0], vec![30.0, 80.0]]);
        // A chain that is taller than a sheet goes on where it is.
        let all = (0..30).map(|_| strip(100.0, 0.0, true, None)).collect();
        let sheets = sheets(Strips { all, heads: vec![] });
        assert_eq!(told(&sheets).iter().map(Vec::len).collect::<Vec<_>>(), [7, 7, 7, 7, 2]);
    }

    #[test]
    fn the_head_of_a_table_is_repeated_above_what_goes_on() {
        let mut all = vec![strip(600.0, 0.0, false, None)];
        all.extend((0..4).map(|_| strip(40.0, 0.0, false, Some(0))));
        let sheets = sheets(Strips { all, heads: vec![strip(20.0, 0.0, true, None)] });
        assert_eq!(told(&sheets), [vec![600.0, 40.0, 40.0], vec![20.0, 40.0, 40.0]]);
        assert!((sheets[1].marks[1].y - MARGIN - 20.0).abs() < 1e-9);
    }

    #[test]
    fn a_background_goes_over_the_gap_but_not_over_the_top() {
        let what = What::Area { width: 1.0, height: 10.0, color: Color([0; 4]), over_gap: true };
        let bar =
            Strip { gap: 8.0, height: 10.0, marks: vec![Mark { x: 0.0, y: 0.0, what }], ..Strip::default() };
        let sheets = sheets(Strips { all: vec![bar.clone(), bar], heads: vec![] });
        assert_eq!(told(&sheets), [[10.0, 18.0]]);
        assert!((sheets[0].marks[1].y - MARGIN - 10.0).abs() < 1e-9);
    }
}
