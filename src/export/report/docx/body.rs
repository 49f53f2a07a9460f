use super::numbering::{LEVELS, Lists, STEP};
use super::picture::Picture;
use super::table;
use super::words::{lines, runs};
use crate::export::report::addresses::uri;
use crate::export::report::pictures::Pictures;
use crate::export::xml::Tag;
use crate::render::Fonts;
use crate::report::{Align, Block, ReportFigure, Span};

/// Width of the text on paper, mm: A4 between margins of 25 mm.
pub(super) const TEXT_WIDTH_MM: f64 = 160.0;
/// The tallest that a picture may be, mm: its legend has room below it.
const TALLEST_MM: f64 = 215.0;
/// Twentieths of a point in a millimetre.
const TWIPS: f64 = 1440.0 / 25.4;
/// How far quoted words are to the right, twentieths of a point.
const QUOTED: u32 = 284;
/// Lines of code that are kept on one page.
const KEPT_LINES: usize = 30;

/// Where the next block stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// From the left margin, twentieths of a point.
    pub(super) left: u32,
    /// The lists around it.
    depth: usize,
    quoted: bool,
    /// Whether a list ends right before it.
    after_list: bool,
    /// The numbering and the level of the item that it begins.
    begins: Option<(usize, usize)>,
}

/// How a paragraph is set where its style does not say so.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent properties of a paragraph")]
pub(super) struct Setting {
    pub(super) style: &'static str,
    pub(super) keep_next: bool,
    pub(super) keep_lines: bool,
    /// Whether what it belongs to is right below it.
    pub(super) close: bool,
    pub(super) align: Align,
}

/// The document on its way.
#[derive(Debug)]
pub(super) struct Body<'a> {
    pub(super) xml: String,
    /// Where links lead, each place once.
    pub(super) links: Vec<String>,
    pub(super) media: Vec<&'a [u8]>,
    pub(super) lists: Lists,
    pub(super) fonts: &'a Fonts,
    pictures: &'a Pictures,
    /// Whether the first heading is the title, so that the others are a level higher.
    titled: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(pictures: &'a Pictures, fonts: &'a Fonts) -> Self {
        Self {
            xml: String::new(),
            links: Vec::new(),
            media: Vec::new(),
            lists: Lists::default(),
            fonts,
            pictures,
            titled: false,
        }
    }

    /// Writes a whole report.
    ///
    /// Where it begins with its only heading of level 1, that is the title in Word's sense, and headings of level 2
    /// have the style of the first level.
    pub(super) fn report(&mut self, blocks: &[Block]) {
        let tops = blocks.iter().filter(|block| matches!(block, Block::Heading(..=1, _))).count();
        self.titled = tops == 1 && matches!(blocks.first(), Some(Block::Heading(..=1, _)));
        self.blocks(blocks, Place::default());
        if self.xml.is_empty() {
            self.xml += &Tag::new("w:p").empty();
        }
    }

    fn blocks(&mut self, blocks: &[Block], place: Place) {
        let mut place = place;
        for block in blocks {
            self.block(block, place);
            place.begins = None;
            // Items are close together; what follows the last of them is not.
            place.after_list = place.depth == 0 && matches!(block, Block::List(..));
        }
    }

    fn block(&mut self, block: &Block, place: Place) {
        match block {
            Block::Heading(level, words) => {
                let setting = Setting { style: self.heading(*level), ..Setting::default() };
                self.words(words, setting, place);
            }
            Block::Paragraph(words) => self.words(words, Setting::default(), place),
            Block::List(first, items) => {
                let place = self.begun(place);
                self.list(*first, items, place);
            }
            Block::Quote(inner) => {
                let place = self.begun(place);
                self.blocks(inner, Place { left: place.left + QUOTED, quoted: true, ..place });
            }
            Block::Code(text) => {
                let keep_lines = text.matches('\n').count() < KEPT_LINES;
                let setting = Setting { style: "Code", keep_lines, ..Setting::default() };
                self.paragraph(&Tag::new("w:r").around(&lines(text)), setting, place);
            }
            Block::Rule => {
                let place = self.begun(place);
                self.paragraph("", Setting { style: "Rule", ..Setting::default() }, place);
            }
            Block::Table(report_table) => {
                let place = self.begun(place);
                if !report_table.caption.is_empty() {
                    let setting =
                        Setting { style: "Caption", keep_next: true, close: true, ..Setting::default() };
                    self.words(&report_table.caption, setting, place);
                }
                table::table(self, report_table, place);
            }
            Block::Figure(figure) => {
                let place = self.begun(place);
                self.figure(figure, place);
            }
        }
    }

    fn heading(&self, level: u8) -> &'static str {
        const STYLES: [&str; 7] =
            ["Title", "Heading1", "Heading2", "Heading3", "Heading4", "Heading5", "Heading6"];
        let place = usize::from(level) - usize::from(self.titled);
        STYLES[place.min(6)]
    }

    /// An item that begins with no words has a paragraph with its number alone.
    fn begun(&mut self, place: Place) -> Place {
        if place.begins.is_some() {
            self.paragraph("", Setting { keep_next: true, ..Setting::default() }, place);
        }
        Place { begins: None, ..place }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>], mut place: Place) {
        let level = place.depth.min(LEVELS - 1);
        let numbering = self.lists.begin(first, level);
        for item in items {
            let begins = Some((numbering, level));
            let inside = Place { left: place.left + STEP, depth: place.depth + 1, begins, ..place };
            place.after_list = false;
            if item.is_empty() {
                self.paragraph("", Setting::default(), inside);
            }
            self.blocks(item, inside);
        }
    }

    fn figure(&mut self, figure: &ReportFigure, place: Place) {
        let pictures = self.pictures;
        if let (Some(page), Some(png)) = (&figure.page, pictures.get(&figure.name)) {
            let width = (TEXT_WIDTH_MM - f64::from(place.left) / TWIPS).max(10.0);
            let scale = (width / page.size_mm.x).min(TALLEST_MM / page.size_mm.y).min(1.0);
            let picture = Picture {
                place: self.media.len(),
                name: &figure.name,
                described: &figure.described,
                size_mm: page.size_mm * scale,
            };
            let keep_next = !figure.caption.is_empty();
            self.paragraph(
                &picture.run(),
                Setting { style: "Figure", keep_next, ..Setting::default() },
                place,
            );
            self.media.push(png);
        }
        if !figure.caption.is_empty() {
            let setting = Setting { style: "Caption", keep_lines: true, ..Setting::default() };
            self.words(&figure.caption, setting, place);
        }
    }

    fn words(&mut self, words: &[Span], setting: Setting, place: Place) {
        let runs = self.runs(words, None);
        self.paragraph(&runs, setting, place);
    }

    /// Words as runs; where they lead is noted.
    pub(super) fn runs(&mut self, words: &[Span], size: Option<f64>) -> String {
        let links = &mut self.links;
        runs(words, size, |to| {
            let to = uri(to);
            let place = links.iter().position(|known| *known == to).unwrap_or_else(|| {
                links.push(to);
                links.len() - 1
            });
            super::words::relation(place)
        })
    }

    /// Writes a paragraph of runs.
    pub(super) fn paragraph(&mut self, runs: &str, setting: Setting, place: Place) {
        let properties = properties(setting, place);
        self.xml += &Tag::new("w:p").around(&(properties + runs));
    }
}

/// The properties of a paragraph, in the order that the format asks for.
fn properties(setting: Setting, place: Place) -> String {
    let value = |name: &'static str, value: &str| Tag::new(name).with("w:val", value).empty();
    let switch = |is: bool, name: &'static str| if is { Tag::new(name).empty() } else { String::new() };
    let style = match (setting.style, place.begins) {
        ("", Some((super::numbering::BULLETS, _))) => "ListBullet",
        ("", Some(_)) => "ListNumber",
        ("", None) if place.depth > 0 => "ListContinue",
        ("", None) if place.quoted => "Quote",
        (style, _) => style,
    };
    let number = place.begins.map_or_else(String::new, |(numbering, level)| {
        let parts = value("w:ilvl", &level.to_string()) + &value("w:numId", &numbering.to_string());
        Tag::new("w:numPr").around(&parts)
    });
    let indent = match (place.left, place.begins) {
        (0, _) => String::new(),
        (left, begins) => {
            let indent = Tag::new("w:ind").with("w:left", left.to_string());
            let hanging = if begins.is_some() { STEP } else { 0 };
            indent.with("w:hanging", hanging.to_string()).empty()
        }
    };
    let spacing = match (setting.close, setting.style.is_empty() && place.after_list) {
        (true, _) => Tag::new("w:spacing").with("w:after", "60").empty(),
        (false, true) => Tag::new("w:spacing").with("w:before", "160").empty(),
        (false, false) => String::new(),
    };
    let align = match setting.align {
        Align::Left => String::new(),
        Align::Center => value("w:jc", "center"),
        Align::Right => value("w:jc", "right"),
    };
    let parts = [
        if style.is_empty() { String::new() } else { value("w:pStyle", style) },
        switch(setting.keep_next, "w:keepNext"),
        switch(setting.keep_lines, "w:keepLines"),
        number,
        spacing,
        indent,
        align,
    ];
    let parts = parts.concat();
    if parts.is_empty() { parts } else { Tag::new("w:pPr").around(&parts) }
}
