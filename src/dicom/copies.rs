//! Are two files that claim to be one object the same image?
//!
//! They are if they are the same bytes. They also are if they differ in their transfer syntax alone: the same SOP
//! Instance UID, the same place and scale, every other attribute of the top level equal, and equal decoded samples of
//! every frame. A lossy copy, another comment, one pixel more or less make another image.

use std::hash::{DefaultHasher, Hasher as _};
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::bytes;
use super::error::Result;
use super::load::load_frame;
use super::marks::Mark;
use super::scan::Whereabouts;
use crate::image::{ArchiveEntry, Frame, FrameRef, Samples};

/// Bytes that are compared at a time.
const STEP: usize = 256 << 10;

/// A file's bytes, for comparing: looked at only where two files claim to be one, and then once.
#[derive(Debug, Clone)]
pub struct Content {
    path: Arc<Path>,
    archive: Option<Arc<ArchiveEntry>>,
    length: u64,
    hash: Arc<OnceLock<Option<u64>>>,
    image: Option<Encoded>,
}

/// An image, whatever its pixels are encoded in.
#[derive(Debug, Clone)]
struct Encoded {
    first: Arc<Frame>,
    marks: Arc<[Mark]>,
    /// Of the decoded samples.
    hash: Arc<OnceLock<Option<u64>>>,
}

impl Content {
    pub(super) fn new(path: &Arc<Path>, archive: Option<&Arc<ArchiveEntry>>, length: u64) -> Self {
        let archive = archive.map(Arc::clone);
        Self { path: Arc::clone(path), archive, length, hash: Arc::default(), image: None }
    }

    /// The same, of an image with these frames and marks.
    pub(super) fn of_image(self, frames: &[Arc<Frame>], marks: &Arc<[Mark]>) -> Self {
        let image = frames.first().map(|first| Encoded {
            first: Arc::clone(first),
            marks: Arc::clone(marks),
            hash: Arc::default(),
        });
        Self { image, ..self }
    }

    /// Where the bytes are.
    pub(crate) fn whereabouts(&self) -> Whereabouts {
        self.archive.as_ref().map_or(Whereabouts::File, |entry| Whereabouts::Archive(Arc::clone(entry)))
    }

    /// Whether both hold the same image; `None` where one cannot be read.
    ///
    /// It may read both files from end to end, and decode them: where somebody waits, ask before on another thread. The answer stays.
    pub fn is_same_as(&self, other: &Self) -> Option<bool> {
        if self.path == other.path {
            return Some(true);
        }
        if self.length == other.length && self.hash()? == other.hash()? {
            return Some(true);
        }
        match (&self.image, &other.image) {
            (Some(a), Some(b)) if a.may_be(b) => Some(a.hash()? == b.hash()?),
            _ => Some(false),
        }
    }

    fn hash(&self) -> Option<u64> {
        *self.hash.get_or_init(|| self.read().ok())
    }

    fn read(&self) -> Result<u64> {
        let (mut reader, _) = bytes::open_at(&self.path, self.archive.as_deref(), false)?;
        let mut hasher = DefaultHasher::new();
        let mut step = vec![0; STEP];
        loop {
            let read = reader.read(&mut step)?;
            if read == 0 {
                return Ok(hasher.finish());
            }
            hasher.write(step.get(..read).unwrap_or_default());
        }
    }
}

impl Encoded {
    /// Whether all but the samples is equal and the encoding is another.
    fn may_be(&self, other: &Self) -> bool {
        let (a, b) = (&self.first, &other.first);
        let said = |image: &Self| -> Vec<Mark> {
            image.marks.iter().filter(|mark| !mark.follows_the_encoding()).copied().collect()
        };
        a.stored.transfer_syntax != b.stored.transfer_syntax
            && a.stored.frames == b.stored.frames
            && (a.size, a.plane, a.spacing) == (b.size, b.plane, b.spacing)
            && (&a.transform, &a.unit, a.color) == (&b.transform, &b.unit, b.color)
            && said(self) == said(other)
    }

    fn hash(&self) -> Option<u64> {
        *self.hash.get_or_init(|| self.decoded().ok())
    }

    fn decoded(&self) -> Result<u64> {
        let mut hasher = DefaultHasher::new();
        let size = self.first.tile.map_or(self.first.size, |tile| tile.whole);
        for frame_number in 1..=self.first.stored.frames {
            let of = FrameRef { frame_number, ..self.first.of.clone() };
            let frame = Frame { of, size, tile: None, ..(*self.first).clone() };
            hasher.write(bytes_of(&*load_frame(&frame)?));
        }
        Ok(hasher.finish())
    }
}

/// The samples as the machine holds them.
fn bytes_of(samples: &Samples) -> &[u8] {
    match samples {
        Samples::U8(all) => all,
        Samples::I8(all) => bytemuck::cast_slice(all),
        Samples::U16(all) => bytemuck::cast_slice(all),
        Samples::I16(all) => bytemuck::cast_slice(all),
        Samples::U32(all) => bytemuck::cast_slice(all),
        Samples::I32(all) => bytemuck::cast_slice(all),
        Samples::F32(all) => bytemuck::cast_slice(all),
        Samples::F64(all) => bytemuck::cast_slice(all),
        Samples::Rgb8(all) => all.as_flattened(),
    }
}
