use super::MAIN;
use crate::export::xml::Tag;

/// A list with bullets, whichever it is: the number of its numbering.
pub(super) const BULLETS: usize = 1;
/// The numberings before those of lists: that of bullets and that of the style of numbered lists.
const FIXED: usize = 2;
/// Levels of a list in Word.
pub(super) const LEVELS: usize = 9;
/// How far the words of a level are to the right of those of the level above, twentieths of a point.
pub(super) const STEP: u32 = 400;
/// The largest number that Word lets a list begin with.
const LARGEST: u64 = 32_767;

/// The numbered lists of a document: the level of each, and the number of its first item.
#[derive(Debug, Default)]
pub(super) struct Lists(Vec<(usize, u64)>);

impl Lists {
    /// Begins a list: the number of its numbering. Numbered lists have one of their own, so that each begins anew.
    pub(super) fn begin(&mut self, first: Option<u64>, level: usize) -> usize {
        let Some(first) = first else { return BULLETS };
        self.0.push((level, first.min(LARGEST)));
        FIXED + self.0.len()
    }
}

/// The part that says how lists are numbered.
pub(super) fn numbering(lists: &Lists) -> String {
    let mut inner = kind(0, |level| ("bullet", ["•", "–", "▪"][level % 3].to_owned()));
    inner += &kind(1, |level| ("decimal", format!("%{}.", level + 1)));
    inner += &number(BULLETS, 0, "");
    inner += &number(FIXED, 1, "");
    for (place, (level, first)) in lists.0.iter().enumerate() {
        let start = Tag::new("w:startOverride").with("w:val", first.to_string()).empty();
        let begins = Tag::new("w:lvlOverride").with("w:ilvl", level.to_string()).around(&start);
        inner += &number(FIXED + 1 + place, 1, &begins);
    }
    Tag::new("w:numbering").with("xmlns:w", MAIN).around(&inner)
}

/// A kind of list with its levels.
fn kind(id: usize, look: impl Fn(usize) -> (&'static str, String)) -> String {
    let value = |name: &'static str, value: &str| Tag::new(name).with("w:val", value).empty();
    let mut inner = value("w:multiLevelType", "hybridMultilevel");
    for (level, depth) in (0..LEVELS).zip(1_u32..) {
        let (format, text) = look(level);
        let indent = Tag::new("w:ind")
            .with("w:left", (STEP * depth).to_string())
            .with("w:hanging", STEP.to_string())
            .empty();
        let parts = [
            value("w:start", "1"),
            value("w:numFmt", format),
            value("w:lvlText", &text),
            value("w:lvlJc", "left"),
            Tag::new("w:pPr").around(&indent),
        ];
        inner += &Tag::new("w:lvl").with("w:ilvl", level.to_string()).around(&parts.concat());
    }
    Tag::new("w:abstractNum").with("w:abstractNumId", id.to_string()).around(&inner)
}

fn number(id: usize, kind: usize, inner: &str) -> String {
    let kind = Tag::new("w:abstractNumId").with("w:val", kind.to_string()).empty();
    Tag::new("w:num").with("w:numId", id.to_string()).around(&(kind + inner))
}
