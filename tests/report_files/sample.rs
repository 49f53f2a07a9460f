//! A report with everything that a report can have.

use std::sync::Arc;

use glam::DVec2;
use isodense::export::{ReportKind, report_bytes};
use isodense::render::{Color, DrawingList, Fonts, Item, Page, PagePanel, Picture, Stroke, Weight, palette};
use isodense::report::{Align, Block, Report, ReportFigure, ReportTable, Span, Words, blocks};
use isodense::view::{ScreenPoint, ViewportSize};
use isodense::work::{Cancel, Progress};

/// What a reader wrote: words of every look, and all that could be taken for a mark.
const NOTES: &str = "# Follow-up of two lesions — Größe, HU und Verlauf

The *left* lesion measures **12.4 × 9.8 mm** (−3.2 mm, −21 %) at σ² = 4.1 HU², µ = 40 HU; α ≤ 0.05. \
See [the criteria](https://example.org/criteria?v=1.1&part=2#sum) or write to <reader@example.org>. \
About 10^9^/L cells, H~2~O, ~~not seen~~, `ct_window(-600, 1500)` and ***both at once***. \
A long line of words follows so that it has to be broken: the quick brown fox jumps over the lazy dog, again and \
again, from T1-weighted to T2-weighted images, until the paragraph has four lines or more on a page of A4.

## What was done

1. Open the case
   - choose the series
     - axial, *soft tissue*
     - coronal
   - set the window
2. Measure

   with a second paragraph in the item
3. Compare

Another list begins anew:

3. third
4. fourth

> Quoted words of somebody else, long enough to go over more than one line of the page when it is printed on paper.
>
> - with a list
>
> and an end.

```
fn main() {
    let tabs\t= \"kept\"; // <&>
}
```

---

### Smaller heading
#### Smaller still
##### Fifth
###### Sixth

| Lesion | Longest, mm | Change | Note |
|:--|--:|:-:|---|
| A \\| left | 12.4 | −21 % | grew<br>again |
| B | 9.8 | +4 % | words that are long enough to need more than one line in their cell when all columns share the page |
";

fn words(text: &str) -> Words {
    vec![Span::plain(text)]
}

/// A picture with a ramp, a disc and noise.
fn picture(width: u32, height: u32) -> Picture {
    let mut picture = Picture::new(ViewportSize { width, height });
    let mut seed = 1_u32;
    for (index, pixel) in picture.pixels.iter_mut().enumerate() {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let index = u32::try_from(index).unwrap();
        let (x, y) = (index % width, index / width);
        let inside = x.abs_diff(width / 2).pow(2) + y.abs_diff(height / 2).pow(2) < (height / 3).pow(2);
        let grey = x * 120 / width + (seed >> 28) + if inside { 90 } else { 0 };
        let grey = u8::try_from(grey).unwrap();
        *pixel = [grey, grey, grey, 255];
    }
    picture
}

/// A page of that size at 150 dpi: one panel with a mark, and a letter beside it.
pub(crate) fn page(width_mm: f64, height_mm: f64) -> Arc<Page> {
    const DPI: f64 = 150.0;
    let [width, height] = [width_mm, height_mm].map(|mm| Page::pixels(mm, DPI));
    let whole = |pixels: f64| format!("{pixels:.0}").parse::<u32>().unwrap();
    let mut marks = DrawingList::default();
    let stroke = Stroke { width: 2.0, color: palette::MARK, halo: Some(palette::HALO) };
    let at = |x: f64, y: f64| ScreenPoint::new(x * width, y * height);
    marks.line(vec![at(0.2, 0.4), at(0.7, 0.5)], false, stroke);
    marks.text(DVec2::new(0.2 * width, 0.55 * height), 20.0, "12.4 mm", palette::MARK);
    let mut list = DrawingList::default();
    list.items.push(Item::Text {
        at: ScreenPoint::new(4.0, 2.0),
        size_px: 22.0,
        text: "A".into(),
        weight: Weight::Bold,
        color: Color([0, 0, 0, 255]),
        halo: None,
    });
    let picture = picture(whole(width - 20.0), whole(height - 40.0));
    let panels = vec![PagePanel { left: 10, top: 30, picture, list: marks }];
    let size = ViewportSize { width: whole(width), height: whole(height) };
    Arc::new(Page { size_mm: DVec2::new(width_mm, height_mm), size, dpi: DPI, panels, list })
}

/// A figure of that size, or one that cannot be drawn.
pub(crate) fn figure(number: usize, size_mm: Option<[f64; 2]>) -> Block {
    let caption = [
        Span::bold(format!("Figure {number}.")),
        Span::plain(format!(" Legend of figure {number}: window 40/400 HU, ")),
        Span { italic: true, ..Span::plain("axial") },
        Span::plain(" plane."),
    ];
    Block::Figure(ReportFigure {
        name: format!("figure-{number}"),
        page: size_mm.map(|[width, height]| page(width, height)),
        described: format!("Described{number}: a \"disc\" & a line"),
        caption: caption.to_vec(),
    })
}

pub(crate) fn table(columns: usize, rows: usize, cell: impl Fn(usize, usize) -> String) -> Block {
    let aligns = [Align::Left, Align::Right, Align::Center];
    Block::Table(ReportTable {
        caption: vec![Span::bold("Table 1."), Span::plain(" Sizes of all lesions.")],
        columns: (0..columns).map(|at| (aligns[at % 3], words(&format!("Head{at}")))).collect(),
        rows: (0..rows).map(|row| (0..columns).map(|at| words(&cell(row, at))).collect()).collect(),
    })
}

/// The report that most tests take.
pub(crate) fn report() -> Report {
    let mut all = blocks(NOTES);
    all.push(figure(1, Some([90.0, 60.0])));
    all.push(Block::Paragraph(words("Words between two figures.")));
    all.push(figure(2, Some([240.0, 80.0])));
    all.push(table(4, 3, |row, at| format!("r{row}c{at}\nü|{row}")));
    all.push(figure(3, Some([70.0, 400.0])));
    all.push(figure(4, None));
    all.push(Block::Paragraph(words("The last words.")));
    Report { title: "Follow-up of two lesions".into(), blocks: all }
}

pub(crate) fn of(blocks: Vec<Block>) -> Report {
    Report { title: "Test".into(), blocks }
}

pub(crate) fn paragraph(text: &str) -> Block {
    Block::Paragraph(words(text))
}

/// Reports that somebody could have made to break a writer.
pub(crate) fn hostile() -> Vec<(&'static str, Report)> {
    let long = "x".repeat(10_000);
    let tall = "word ".repeat(4000);
    let control: String =
        (0..0x120).filter_map(char::from_u32).chain("\u{fffe}\u{ffff}\u{2028}a".chars()).collect();
    let nested = (0..8).fold(vec![paragraph("deep")], |inner, _| {
        vec![Block::Quote(vec![Block::List(Some(u64::MAX - 3), vec![inner, vec![]])])]
    });
    vec![
        ("empty", Report::default()),
        ("long word", of(vec![paragraph(&long), Block::Heading(2, words(&long)), Block::Code(long.clone())])),
        ("wide table", of(vec![table(30, 4, |row, at| format!("cell {row} {at}"))])),
        ("tall cell", of(vec![table(3, 3, |row, at| if at == row { tall.clone() } else { "a".into() })])),
        ("long word in a table", of(vec![table(2, 1, |_, _| long.clone())])),
        (
            "control characters",
            of(vec![paragraph(&control), Block::Code(control.clone()), table(2, 1, |_, _| control.clone())]),
        ),
        ("nested", of(nested)),
        ("no page", of(vec![figure(1, None)])),
        ("headings alone", of((0..200).map(|_| Block::Heading(2, words("Heading"))).collect())),
        ("tall figures", of((1..4).map(|at| figure(at, Some([30.0, 900.0]))).collect())),
    ]
}

/// The bytes of a report's file.
pub(crate) fn bytes(report: &Report, kind: ReportKind) -> Vec<u8> {
    report_bytes(report, kind, &Fonts::default(), &Cancel::default(), &Progress::default()).unwrap()
}

/// The words of a report in the order of reading, without what no file can hold.
pub(crate) fn all_words(report: &Report) -> Vec<String> {
    let mut text = String::new();
    gather(&report.blocks, &mut text);
    split(&text)
}

pub(crate) fn split(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn gather(blocks: &[Block], text: &mut String) {
    for block in blocks {
        match block {
            Block::Heading(_, words) | Block::Paragraph(words) => add(words, text),
            Block::List(_, items) => items.iter().for_each(|item| gather(item, text)),
            Block::Quote(inner) => gather(inner, text),
            Block::Code(code) => add(&[Span::plain(code.as_str())], text),
            Block::Rule => {}
            Block::Table(table) => {
                add(&table.caption, text);
                table.columns.iter().for_each(|(_, words)| add(words, text));
                table.rows.iter().flatten().for_each(|words| add(words, text));
            }
            Block::Figure(figure) => add(&figure.caption, text),
        }
    }
}

fn add(words: &[Span], text: &mut String) {
    for span in words {
        *text += &span.text;
    }
    *text += "\n";
}

/// The letters that a file can hold, without space.
pub(crate) fn printable(words: &[String]) -> String {
    let held = |c: &char| !c.is_control() && !c.is_whitespace() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    words.iter().flat_map(|word| word.chars()).filter(held).collect()
}
