use std::fs::Metadata;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::{ArchiveEntry, Palette};

/// How stored samples mean colour (PS3.3 C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Photometric {
    /// Low values are white.
    Monochrome1,
    /// Low values are black.
    Monochrome2,
    /// Samples index a palette.
    PaletteColor,
    /// Red, green, blue.
    Rgb,
    /// Luminance and chrominance, every pixel.
    YbrFull,
    /// Luminance and chrominance, two pixels share chrominance.
    YbrFull422,
    /// JPEG 2000 irreversible transform.
    YbrIct,
    /// JPEG 2000 reversible transform.
    YbrRct,
}

/// How the samples of a frame are laid out in their bytes.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one attribute of the file")]
pub struct SampleLayout {
    /// Bits from one sample to the next: 1, 8, 12, 16, 32 or 64. The decoded samples have the type of this size.
    pub bits_allocated: u16,
    /// Bits that carry the value.
    pub bits_stored: u16,
    /// Place of the highest bit that carries the value.
    pub high_bit: u16,
    /// Two's complement.
    pub signed: bool,
    /// Float Pixel Data or Double Float Pixel Data.
    pub float: bool,
    /// 1 for grey and palette, 3 for colour.
    pub samples_per_pixel: u16,
    /// Planar Configuration 1: all red, then all green, then all blue.
    pub planar: bool,
    /// What the samples mean.
    pub photometric: Photometric,
    /// The palette of `PaletteColor`; of a grey image the supplemental one.
    pub palette: Option<Arc<Palette>>,
}

impl SampleLayout {
    /// Bits of one uncompressed pixel, all its samples together.
    pub fn bits_per_pixel(&self) -> u64 {
        // Two pixels share their chrominance.
        let samples = if self.photometric == Photometric::YbrFull422 { 2 } else { self.samples_per_pixel };
        u64::from(samples) * u64::from(self.bits_allocated)
    }

    /// The palette of a grey image whose stored values have colours from some number on (PS3.3 C.7.6.19).
    pub fn supplemental(&self) -> Option<&Palette> {
        let grey = matches!(self.photometric, Photometric::Monochrome1 | Photometric::Monochrome2);
        self.palette.as_deref().filter(|_| grey)
    }

    /// The least and the highest stored value that its bits can hold.
    pub fn stored_range(&self) -> [f64; 2] {
        if self.float {
            return [f64::MIN, f64::MAX];
        }
        let values = f64::from(self.bits_stored).exp2();
        if self.signed { [-values / 2.0, values / 2.0 - 1.0] } else { [0.0, values - 1.0] }
    }
}

/// Where the pixel data stand in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PixelLocation {
    /// Uncompressed bytes of all frames.
    Native {
        /// First byte in the file.
        offset: u64,
        /// Bytes there really are.
        length: u64,
        /// Words are big endian; samples of 8 bits then stand two in a word, the second one first.
        big_endian: bool,
    },
    /// Fragments (PS3.5 A.4): the first item starts at this byte.
    Encapsulated {
        /// First byte of the first item's tag.
        offset: u64,
        /// Extended Offset Table: where each frame's first item starts, counted from the end of the first item.
        table: Option<Arc<[u64]>>,
        /// What is found out when the first frame is read, for all of them.
        fragments: Fragments,
    },
    /// Inside a deflated data set: the file has to be inflated first.
    Deflated {
        /// Where the deflated bytes start in the file.
        start: u64,
        /// First byte of the uncompressed pixels in the inflated data set.
        offset: u64,
        /// Bytes there should be.
        length: u64,
    },
    /// No DICOM file: a picture of the case, a PNG of pixels alone.
    Picture {
        /// The SHA-256 that it has as long as it is what joined the case, in lower-case hexadecimal digits.
        sha256: Arc<str>,
    },
}

/// Where the fragments of an object are: found once, not once for each frame. Only `dicom` looks inside.
///
/// It says nothing that the file does not, so all are equal.
#[derive(Debug, Clone, Default)]
pub struct Fragments {
    /// The entries of the Basic Offset Table.
    pub(crate) basic_table: Arc<OnceLock<Vec<u64>>>,
    /// All fragments, where no table tells the frames apart.
    pub(crate) map: Arc<OnceLock<FragmentMap>>,
}

impl PartialEq for Fragments {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Fragments {}

/// All fragments of an object, and which of them begin a frame.
#[derive(Debug)]
pub(crate) struct FragmentMap {
    /// First byte and length of each.
    pub fragments: Vec<(u64, u64)>,
    /// Of each frame that was found, its first fragment.
    pub starts: Vec<usize>,
}

/// What a file was like when its header was read. One that is different now may be another patient's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState {
    length: u64,
    /// When it was written; `None` where the system does not say.
    modified: Option<SystemTime>,
}

impl From<&Metadata> for FileState {
    fn from(about: &Metadata) -> Self {
        Self { length: about.len(), modified: about.modified().ok() }
    }
}

/// Where a stored object's pixels are and how to read them. Only `dicom` looks inside, and at pictures `session`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredImage {
    /// The file. It is never written. Of a file in an archive the archive's path and the name in it: for showing and
    /// telling apart, never for opening.
    pub path: Arc<Path>,
    /// Where the file lies in an archive, if it does: its bytes come from there.
    pub archive: Option<Arc<ArchiveEntry>>,
    /// What the file was like when its header was read; `None` in an archive, which has checksums.
    pub state: Option<FileState>,
    /// Transfer syntax UID.
    pub transfer_syntax: Arc<str>,
    /// Layout of the decoded samples.
    pub layout: SampleLayout,
    /// Where the bytes are.
    pub location: PixelLocation,
    /// Frames in the object.
    pub frames: u32,
}

impl StoredImage {
    /// Whether it is a picture of the case, and no DICOM file.
    pub fn is_picture(&self) -> bool {
        matches!(self.location, PixelLocation::Picture { .. })
    }

    /// The file on disk that holds the object: its own, or the archive.
    pub fn file(&self) -> &Path {
        self.archive.as_ref().map_or(&self.path, |entry| entry.archive.path())
    }

    /// The folder, or the archive, that the object lies in.
    pub fn folder(&self) -> Option<&Path> {
        if self.archive.is_some() { Some(self.file()) } else { self.path.parent() }
    }
}
