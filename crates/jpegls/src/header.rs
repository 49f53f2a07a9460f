//! Marker segments (T.87 annex C).

use super::error::{Error, Result};
use super::params::Preset;

/// The frame header.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) precision: u32,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Identifier of each component.
    pub(super) components: Vec<u8>,
}

/// How the components of a scan follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interleave {
    /// One component, or line after line.
    Line,
    /// Sample after sample.
    Sample,
}

/// The scan header, and what holds for it from before.
#[derive(Debug, Clone)]
pub(super) struct ScanHeader {
    /// Places of the components in the image.
    pub(super) components: Vec<usize>,
    pub(super) near: u8,
    pub(super) interleave: Interleave,
    pub(super) preset: Preset,
    /// Lines between two restart markers; zero where there are none.
    pub(super) restart: usize,
}

/// Reads markers one after the other.
#[derive(Debug)]
pub(super) struct Markers<'s> {
    stream: &'s [u8],
    at: usize,
    preset: Preset,
    restart: usize,
    /// HP's colour transform, of an APP8 segment "mrfx".
    pub(super) transform: u8,
}

fn damaged(what: &str) -> Error {
    Error::Damaged(what.to_owned())
}

fn pair(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|two| u16::from_be_bytes(*two))
}

impl<'s> Markers<'s> {
    /// The stream up to and with its frame header; `None` where it is not JPEG-LS.
    pub(super) fn open(stream: &'s [u8]) -> Option<(Self, Result<Frame>)> {
        stream.strip_prefix(b"\xFF\xD8")?;
        let mut markers = Self { stream, at: 2, preset: Preset::default(), restart: 0, transform: 0 };
        loop {
            match markers.segment()? {
                (0xF7, body) => {
                    return Some((markers, Frame::read(body)));
                }
                // Another kind of frame: another kind of JPEG.
                (0xC0..=0xC3 | 0xC5..=0xCF | 0xD9 | 0xDA, _) => return None,
                (kind, body) => markers.take(kind, body).ok()?,
            }
        }
    }

    /// Everything up to the next scan header; `None` at the end of the image or of the stream.
    pub(super) fn next_scan(&mut self, image: &Frame) -> Result<Option<ScanHeader>> {
        loop {
            match self.segment() {
                None | Some((0xD9, _)) => return Ok(None),
                Some((0xDA, body)) => return self.scan_header(image, body).map(Some),
                Some((0xC0..=0xC3 | 0xC5..=0xCF | 0xF7, _)) => return Err(damaged("a second frame header")),
                Some((kind, body)) => self.take(kind, body)?,
            }
        }
    }

    /// The bytes after the last segment.
    pub(super) fn rest(&self) -> &'s [u8] {
        self.stream.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Skips fill bytes and one restart marker; false where another marker stands there.
    pub(super) fn restart_marker(&mut self) -> bool {
        let fill = self.rest().iter().take_while(|byte| **byte == 0xFF).count();
        let found = fill > 0 && self.rest().get(fill).is_some_and(|kind| (0xD0..=0xD7).contains(kind));
        if found {
            self.at += fill + 1;
        }
        found
    }

    /// The next marker and its segment's body.
    fn segment(&mut self) -> Option<(u8, &'s [u8])> {
        let fill = self.rest().iter().take_while(|byte| **byte == 0xFF).count();
        let kind = *self.rest().get(fill)?;
        if fill == 0 || kind == 0 {
            return None;
        }
        self.at += fill + 1;
        if matches!(kind, 0x01 | 0xD0..=0xD9) {
            return Some((kind, &[]));
        }
        let length = usize::from(pair(self.rest())?);
        let body = self.rest().get(2..length)?;
        self.at += length;
        Some((kind, body))
    }

    fn take(&mut self, kind: u8, body: &[u8]) -> Result<()> {
        match (kind, body) {
            (0xF8, [1, rest @ ..]) => {
                let values: Vec<u16> =
                    rest.as_chunks::<2>().0.iter().map(|b| u16::from_be_bytes(*b)).collect();
                let [max_value, t1, t2, t3, reset] = *values.as_slice() else {
                    return Err(damaged("parameters of another length"));
                };
                self.preset = Preset { max_value, thresholds: [t1, t2, t3], reset };
            }
            (0xF8, [2 | 3, ..]) => {
                return Err(Error::Unsupported("JPEG-LS with a mapping table (palette)".to_owned()));
            }
            (0xF8, [4, ..]) => {
                return Err(Error::Unsupported("JPEG-LS larger than 65535 x 65535".to_owned()));
            }
            (0xF8, _) => return Err(Error::Unsupported("JPEG-LS part 2 extensions".to_owned())),
            (0xDD, bytes) if (2..=4).contains(&bytes.len()) => {
                self.restart = bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            }
            (0xE8, [b'm', b'r', b'f', b'x', transform, ..]) => self.transform = *transform,
            _ => {}
        }
        Ok(())
    }

    fn scan_header(&self, image: &Frame, body: &[u8]) -> Result<ScanHeader> {
        let short = || damaged("a short scan header");
        let (&count, rest) = body.split_first().ok_or_else(short)?;
        let count = usize::from(count);
        let selected = rest.get(..2 * count).ok_or_else(short)?;
        let &[near, interleave, point] =
            rest.get(2 * count..).and_then(|r| r.first_chunk()).ok_or_else(short)?;
        let mut components = Vec::with_capacity(count);
        for &[id, table] in selected.as_chunks().0 {
            if table != 0 {
                return Err(Error::Unsupported("JPEG-LS with a mapping table (palette)".to_owned()));
            }
            let place = image.components.iter().position(|component| *component == id);
            let place = place.filter(|place| !components.contains(place));
            components.push(place.ok_or_else(|| damaged("a scan of a component that is not there"))?);
        }
        let interleave = match (interleave, count) {
            (_, 1) | (1, 2..=4) => Interleave::Line,
            (2, 2..=4) => Interleave::Sample,
            _ => return Err(damaged("components that are interleaved in an unknown way")),
        };
        if point != 0 {
            return Err(Error::Unsupported("JPEG-LS with a point transform".to_owned()));
        }
        Ok(ScanHeader { components, near, interleave, preset: self.preset, restart: self.restart })
    }
}

impl Frame {
    fn read(body: &[u8]) -> Result<Self> {
        let short = || damaged("a short frame header");
        let &[precision, r0, r1, c0, c1, count] = body.first_chunk().ok_or_else(short)?;
        let listed = body.get(6..6 + 3 * usize::from(count)).ok_or_else(short)?.as_chunks::<3>().0;
        let components: Vec<u8> = listed.iter().map(|[id, ..]| *id).collect();
        if listed.iter().any(|[_, sampling, _]| *sampling != 0x11) && count > 1 {
            return Err(Error::Unsupported("JPEG-LS with subsampled components".to_owned()));
        }
        if !(2..=16).contains(&precision) || count == 0 {
            return Err(damaged(&format!("{precision} bits in {count} components")));
        }
        Ok(Self {
            precision: precision.into(),
            rows: u16::from_be_bytes([r0, r1]).into(),
            columns: u16::from_be_bytes([c0, c1]).into(),
            components,
        })
    }
}
