//! Which page is shown, and what else the file holds.

use crate::pictures::color::Colors;
use crate::pictures::directory::{Directory, Tags};
use crate::pictures::error::{PictureError, Result};
use crate::pictures::exif;
use crate::pictures::jpeg::photoshop;
use crate::pictures::report::Dropped;

/// Pages that are counted.
const MOST_PAGES: usize = 10_000;
const SUB_FILES: u16 = 330;
/// Of Adobe's raw pictures: the version.
const DNG: u16 = 50706;

/// What a file holds.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub page: Directory<'a>,
    /// How many there are, without small copies.
    pub pages: u32,
    pub dropped: Vec<Dropped>,
    pub colors: Colors,
}

/// Finds the first page that is not a small copy of another, and what kinds of data there are.
pub(super) fn pages<'a>(tags: &Tags<'a>, first: u64) -> Result<File<'a>> {
    let mut dropped = Vec::new();
    let mut colors = Colors::Srgb;
    let mut shown: Option<Directory<'a>> = None;
    let (mut pages, mut end, mut at) = (0, 8, first);
    let mut seen = Vec::new();
    let mut sub_files = false;
    while at != 0 && seen.len() < MOST_PAGES && !seen.contains(&at) {
        seen.push(at);
        let Some(page) = tags.directory(at) else { break };
        at = page.next;
        end = end.max(page.end).max(data_end(&page));
        dropped.extend(kinds(&page));
        let (inner, inner_end) = exif::inner(tags, &page);
        end = end.max(inner_end);
        dropped.extend(inner.dropped);
        for sub in page.numbers(SUB_FILES).into_iter().take(MOST_PAGES).filter_map(|at| tags.directory(at)) {
            sub_files = true;
            end = end.max(sub.end).max(data_end(&sub));
            dropped.push(Dropped::Thumbnail);
        }
        let raw = page.get(DNG).is_some() || page.first(262).is_some_and(|kind| kind == 32803);
        if raw || tags.bytes.get(8..10) == Some(b"CR") {
            return Err(PictureError::OtherFormat("a camera's raw picture"));
        }
        if page.first(254).unwrap_or(0) & 1 == 1 {
            dropped.push(Dropped::Thumbnail);
        } else {
            pages += 1;
            if shown.is_none() {
                colors = inner.colors;
                shown = Some(page);
            }
        }
    }
    if seen.is_empty() || (shown.is_none() && tags.directory(first).is_none()) {
        return Err(PictureError::Truncated);
    }
    let page = match shown {
        Some(page) => page,
        // Cameras put a small picture first and the raw one inside it.
        None if sub_files => return Err(PictureError::OtherFormat("a camera's raw picture")),
        None => tags.directory(first).ok_or(PictureError::Truncated)?,
    };
    // One byte may fill the last word.
    if tags.bytes.len() as u64 > end.saturating_add(1) {
        dropped.push(Dropped::TrailingBytes);
    }
    Ok(File { page, pages: pages.max(1), dropped, colors })
}

/// The byte after the last strip or tile.
fn data_end(page: &Directory<'_>) -> u64 {
    let ends = |offsets: u16, counts: u16| {
        let (offsets, counts) = (page.numbers(offsets), page.numbers(counts));
        // Without a count there is one strip, uncompressed, that may well go on to the end.
        let missing = if counts.is_empty() { u64::MAX } else { 0 };
        let counts = counts.into_iter().chain(std::iter::repeat(missing));
        offsets.into_iter().zip(counts).map(|(at, count)| at.saturating_add(count)).max().unwrap_or(0)
    };
    ends(273, 279).max(ends(324, 325))
}

/// The kinds of metadata that the tags of a page are.
fn kinds(page: &Directory<'_>) -> Vec<Dropped> {
    let kind = |tag: u16, data: &[u8]| match tag {
        269..=272 | 285 | 305 | 315 | 316 | 333 | 337 | 33432 | 40091..=40095 => vec![Dropped::Text],
        306 => vec![Dropped::Time],
        700 => vec![Dropped::Xmp],
        33723 => vec![Dropped::Iptc],
        34377 => photoshop(data),
        34675 => vec![Dropped::Icc],
        37500 => vec![Dropped::MakerNote],
        // Of the pixels themselves, or of directories that are told of elsewhere.
        254..=266 | 273..=284 | 286..=301 | 317..=332 | 334 | 336 | 338..=532 | 34665 | 34853 => Vec::new(),
        _ => vec![Dropped::Other],
    };
    page.entries.iter().flat_map(|entry| kind(entry.tag, entry.data)).collect()
}
