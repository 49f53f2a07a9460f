//! What Exif data say that matters: how the picture lies, its colours, and what kinds of data there are to tell of.

use super::color::Colors;
use super::directory::{Directory, Tags};
use super::report::Dropped;

/// Tags of directories inside the first one.
pub(super) const EXIF: u16 = 34665;
pub(super) const GPS: u16 = 34853;
const MAKER_NOTE: u16 = 37500;
const INTEROPERABILITY: u16 = 40965;

#[derive(Debug)]
pub(super) struct Exif {
    pub orientation: u8,
    /// What the camera says of colours where there is no profile.
    pub colors: Colors,
    pub dropped: Vec<Dropped>,
}

/// Reads Exif data, which start with a TIFF header. What makes no sense says nothing.
pub(super) fn read(bytes: &[u8]) -> Exif {
    let mut exif = Exif { orientation: 1, colors: Colors::Srgb, dropped: vec![Dropped::Exif] };
    // Some programs that write PNG keep the name that JPEG has before it.
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    let Some((tags, at)) = Tags::open(bytes) else { return exif };
    let Some(first) = tags.directory(at) else { return exif };
    exif.orientation = first.orientation();
    let (inner, _) = inner(&tags, &first);
    exif.dropped.extend(inner.dropped);
    exif.colors = inner.colors;
    if first.next != 0 {
        exif.dropped.push(Dropped::Thumbnail);
    }
    exif
}

/// What the directories inside a first one hold, and the byte after them.
pub(super) fn inner(tags: &Tags<'_>, first: &Directory<'_>) -> (Exif, u64) {
    let mut exif = Exif { orientation: 1, colors: Colors::Srgb, dropped: Vec::new() };
    let mut end = 0;
    if first.get(GPS).is_some() {
        exif.dropped.push(Dropped::Gps);
        end = first.first(GPS).and_then(|at| tags.directory(at)).map_or(0, |gps| gps.end);
    }
    let Some(camera) = first.first(EXIF).and_then(|at| tags.directory(at)) else { return (exif, end) };
    end = end.max(camera.end);
    exif.dropped.push(Dropped::Exif);
    if camera.get(MAKER_NOTE).is_some() {
        exif.dropped.push(Dropped::MakerNote);
    }
    let rules = camera.first(INTEROPERABILITY).and_then(|at| tags.directory(at));
    if let Some(rules) = rules {
        end = end.max(rules.end);
        // DCF 2.0: a camera set to Adobe RGB says so only here.
        if rules.get(1).is_some_and(|index| index.data.starts_with(b"R03")) {
            exif.colors = Colors::AdobeRgb;
        }
    }
    (exif, end)
}
