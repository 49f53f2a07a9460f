use super::pixels::Transform;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::report::Dropped;

/// Scans of one picture at most: the finest programs write twenty; each takes time for the whole picture.
const MOST_SCANS: usize = 100;
/// Of either side. libjpeg's own limit, and below those where 16 bits in decoders run over.
const LONGEST_SIDE: u32 = 65_500;

/// What a frame header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pictures) struct Frame {
    /// Which process: the marker's second byte.
    process: u8,
    precision: u8,
    pub width: u32,
    pub height: u32,
    pub components: u8,
    /// Columns and rows of blocks in the smallest unit.
    pub unit: (u8, u8),
    names: [u8; 3],
}

/// What a walk through the segments finds.
#[derive(Debug, Default)]
pub(in crate::pictures) struct Segments<'a> {
    /// The segments that make the pixels, without the marks of start and end.
    pub pixels: Vec<u8>,
    pub frame: Option<Frame>,
    /// The byte after the mark of the end; none where the file breaks off.
    pub end: Option<usize>,
    pub dropped: Vec<Dropped>,
    pub exif: Option<&'a [u8]>,
    /// The parts of the profile, each with its number.
    pub profile: Vec<(u8, &'a [u8])>,
    jfif: bool,
    adobe: Option<u8>,
    scans: usize,
}

impl Frame {
    fn parse(process: u8, data: &[u8]) -> Option<Self> {
        let &[precision, high, low, wide, narrow, components, ref rest @ ..] = data else { return None };
        let (all, _) = rest.get(..usize::from(components) * 3)?.as_chunks::<3>();
        let most = |pick: fn(u8) -> u8| all.iter().map(|part| pick(part[1])).max().unwrap_or(1).clamp(1, 4);
        let name = |at: usize| all.get(at).map_or(0, |part| part[0]);
        Some(Self {
            process,
            precision,
            width: u32::from(u16::from_be_bytes([wide, narrow])),
            height: u32::from(u16::from_be_bytes([high, low])),
            components,
            unit: (most(|factors| factors >> 4), most(|factors| factors & 15)),
            names: [name(0), name(1), name(2)],
        })
    }

    /// Whether coefficients of the whole picture are kept while it is decoded.
    pub(super) fn is_progressive(&self) -> bool {
        self.process == 0xC2
    }

    /// Refuses what no decoder here reads, in its own words.
    pub(in crate::pictures) fn check(&self) -> Result<()> {
        let unsupported = |what: String| Err(PictureError::Unsupported(what));
        match (self.process, self.precision, self.components) {
            (0xC3, ..) => unsupported("a lossless JPEG".to_owned()),
            (0xC5..=0xC7 | 0xCD..=0xCF, ..) => unsupported("a hierarchical JPEG".to_owned()),
            (0xC9..=0xCB, ..) => unsupported("a JPEG with arithmetic coding".to_owned()),
            (_, bits, _) if bits != 8 => unsupported(format!("a JPEG of {bits} bits")),
            (_, _, 1 | 3 | 4) if self.height == 0 => {
                unsupported("a JPEG that does not say its height".to_owned())
            }
            (_, _, 1 | 3 | 4) if self.width.max(self.height) > LONGEST_SIDE => {
                let (width, height) = (self.width, self.height);
                let text = format!("{width} x {height} pixels, more than {LONGEST_SIDE} on one side");
                Err(PictureError::TooLarge(text))
            }
            (_, _, 1 | 3 | 4) => Ok(()),
            (_, _, count) => unsupported(format!("a JPEG of {count} components")),
        }
    }
}

/// Walks from the mark of the start to that of the end. A file that breaks off is walked as far as it goes.
pub(in crate::pictures) fn walk(bytes: &[u8]) -> Result<Segments<'_>> {
    let mut found = Segments::default();
    let mut at = 2;
    while let Some((marker, after)) = next_marker(bytes, at) {
        match marker {
            // Marks without a segment.
            0x01 | 0xD0..=0xD8 => at = after,
            0xD9 => {
                found.end = Some(after);
                break;
            }
            _ => {
                let Some(length) = bytes.get(after..).and_then(|rest| rest.first_chunk::<2>()) else { break };
                let length = usize::from(u16::from_be_bytes(*length));
                if length < 2 {
                    return Err(PictureError::Damaged("a JPEG segment has no length"));
                }
                at = after + length;
                let Some(data) = bytes.get(after + 2..at) else { break };
                let scan_end = if marker == 0xDA { end_of_scan(bytes, at) } else { at };
                found.take(marker, data, bytes.get(after..scan_end).unwrap_or_default())?;
                at = scan_end;
            }
        }
    }
    Ok(found)
}

/// The next marker and the byte after it. What stands between segments is skipped, as every decoder does.
fn next_marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0x00 => at += 2,
            0xFF => at += 1,
            _ => return Some((marker, at + 2)),
        }
    }
}

/// Where coded data end: before the next marker that is not a restart.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some((marker, after)) = next_marker(bytes, at) {
        if !matches!(marker, 0xD0..=0xD7) {
            return after - 2;
        }
        at = after;
    }
    bytes.len()
}

impl<'a> Segments<'a> {
    /// Takes a segment; `whole` is all of it after the marker, with the coded data that follow.
    fn take(&mut self, marker: u8, data: &'a [u8], whole: &[u8]) -> Result<()> {
        match marker {
            0xE0..=0xEF => self.application(marker, data),
            0xFE => self.dropped.push(Dropped::Comment),
            0xC0..=0xCF | 0xDA..=0xDF => {
                if !matches!(marker, 0xC4 | 0xC8 | 0xCC) && marker < 0xD0 {
                    let frame = Frame::parse(marker, data);
                    let frame = frame.ok_or(PictureError::Damaged("the JPEG's frame makes no sense"))?;
                    if self.frame.replace(frame).is_some() {
                        return Err(PictureError::Damaged("the JPEG has two frames"));
                    }
                }
                self.scans += usize::from(marker == 0xDA);
                if self.scans > MOST_SCANS {
                    let text = format!("more than the {MOST_SCANS} scans that a JPEG may have");
                    return Err(PictureError::TooLarge(text));
                }
                self.pixels.extend_from_slice(&[0xFF, marker]);
                self.pixels.extend_from_slice(whole);
            }
            _ => self.dropped.push(Dropped::Other),
        }
        Ok(())
    }

    /// Data of an application: what they are goes by their first bytes.
    fn application(&mut self, marker: u8, data: &'a [u8]) {
        let starts = |name: &[u8]| data.starts_with(name);
        match marker {
            0xE0 if starts(b"JFIF\0") => {
                self.jfif = true;
                // After version and density: columns and rows of a small picture.
                if data.get(12..14).is_some_and(|sides| sides != [0, 0]) {
                    self.dropped.push(Dropped::Thumbnail);
                }
            }
            0xE0 if starts(b"JFXX\0") => self.dropped.push(Dropped::Thumbnail),
            0xE1 if starts(b"Exif\0") => {
                self.dropped.push(Dropped::Exif);
                self.exif = self.exif.or(data.get(6..));
            }
            0xE1 if starts(b"http://ns.adobe.com/") => self.dropped.push(Dropped::Xmp),
            0xE2 if starts(b"ICC_PROFILE\0") => {
                self.dropped.push(Dropped::Icc);
                if let Some([number, _, part @ ..]) = data.get(12..) {
                    self.profile.push((*number, part));
                }
            }
            0xED if starts(b"Photoshop") => self.dropped.extend(photoshop(data)),
            // How the colours are coded.
            0xEE if starts(b"Adobe") => self.adobe = data.get(11).copied(),
            _ => self.dropped.push(Dropped::Other),
        }
    }

    /// The profile of all its parts in order; none where one is missing.
    pub(super) fn whole_profile(&self) -> Option<Vec<u8>> {
        let mut parts = self.profile.clone();
        parts.sort_by_key(|(number, _)| *number);
        let in_order = parts.iter().zip(1usize..).all(|((number, _), at)| usize::from(*number) == at);
        in_order.then(|| parts.iter().flat_map(|(_, part)| part.iter().copied()).collect())
    }

    /// How components become colours, as libjpeg decides it.
    pub(in crate::pictures) fn transform(&self) -> Transform {
        let frame = self.frame.as_ref();
        match (frame.map_or(1, |frame| frame.components), self.adobe) {
            (4, Some(2)) => Transform::Ycck,
            (4, _) => Transform::Cmyk,
            (3, Some(0)) if !self.jfif => Transform::Rgb,
            (3, None) if !self.jfif && frame.is_some_and(|frame| frame.names == *b"RGB") => Transform::Rgb,
            (3, _) => Transform::YCbCr,
            _ => Transform::Grey,
        }
    }
}

/// What Photoshop's resources hold, by their numbers.
pub(in crate::pictures) fn photoshop(data: &[u8]) -> Vec<Dropped> {
    let mut dropped = vec![Dropped::Other];
    let has = |number: u16| {
        let [high, low] = number.to_be_bytes();
        data.windows(6).any(|window| window == [b'8', b'B', b'I', b'M', high, low])
    };
    let kinds = [
        (0x0404, Dropped::Iptc),
        (0x0409, Dropped::Thumbnail),
        (0x040C, Dropped::Thumbnail),
        (0x0422, Dropped::Exif),
        (0x0424, Dropped::Xmp),
    ];
    dropped.extend(kinds.into_iter().filter(|(number, _)| has(*number)).map(|(_, kind)| kind));
    dropped
}
