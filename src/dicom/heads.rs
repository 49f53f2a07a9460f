//! Where elements begin and end in the bytes: heads and extents. Nothing is copied.

use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntry as _, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

use super::limits::DEEPEST;

pub(super) const ITEM: Tag = Tag(0xFFFE, 0xE000);
pub(super) const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
pub(super) const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);
/// The length of what a delimiter ends.
pub(super) const UNDEFINED: u32 = u32::MAX;

/// How elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoding {
    pub explicit: bool,
    pub big_endian: bool,
}

impl Encoding {
    pub(super) const IMPLICIT: Self = Self { explicit: false, big_endian: false };
    pub(super) const EXPLICIT: Self = Self { explicit: true, big_endian: false };
    pub(super) const BIG_ENDIAN: Self = Self { explicit: true, big_endian: true };

    pub(super) fn u16(self, bytes: &[u8]) -> Option<u16> {
        let two: [u8; 2] = bytes.get(..2)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    }

    pub(super) fn u32(self, bytes: &[u8]) -> Option<u32> {
        let four: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    pub(super) fn u64(self, bytes: &[u8]) -> Option<u64> {
        let eight: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
        Some(if self.big_endian { u64::from_be_bytes(eight) } else { u64::from_le_bytes(eight) })
    }

    pub(super) fn tag(self, bytes: &[u8]) -> Option<Tag> {
        Some(Tag(self.u16(bytes)?, self.u16(bytes.get(2..)?)?))
    }
}

/// Whether these two bytes are a value representation of PS3.5 table 6.2-1.
pub(super) fn is_vr(bytes: [u8; 2]) -> bool {
    VR::from_binary(bytes).is_some()
}

/// Whether the length of such an element takes four bytes. Those that nobody knows yet have one (PS3.5 7.1.2).
pub(super) fn has_long_length(vr: [u8; 2]) -> bool {
    const LONG: &[u8] = b"OBODOFOLOVOWSQSVUCUNURUTUV";
    !is_vr(vr) || LONG.chunks_exact(2).any(|long| long == vr)
}

/// The start of an element, of an item or of a delimiter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub tag: Tag,
    /// `None` where the file does not say it.
    pub vr: Option<[u8; 2]>,
    /// Bytes of the value, or [`UNDEFINED`].
    pub length: u32,
    /// Bytes of the head itself.
    pub size: usize,
}

impl Head {
    /// Reads the head that these bytes begin with; `None` where they are too few.
    pub(super) fn read(bytes: &[u8], encoding: Encoding) -> Option<Self> {
        let tag = encoding.tag(bytes)?;
        let vr: [u8; 2] = bytes.get(4..6)?.try_into().ok()?;
        // Some writers slip implicit elements into explicit data sets.
        if !encoding.explicit || tag.0 == 0xFFFE || !vr.iter().all(u8::is_ascii_uppercase) {
            return Some(Self { tag, vr: None, length: encoding.u32(bytes.get(4..)?)?, size: 8 });
        }
        if has_long_length(vr) {
            return Some(Self { tag, vr: Some(vr), length: encoding.u32(bytes.get(8..)?)?, size: 12 });
        }
        Some(Self { tag, vr: Some(vr), length: u32::from(encoding.u16(bytes.get(6..)?)?), size: 8 })
    }
}

/// The value representation: as the file says, or else as the dictionary does. `signed` where Pixel Representation
/// says so: it decides between US and SS.
pub(super) fn vr(tag: Tag, in_file: Option<[u8; 2]>, signed: bool) -> VR {
    if let Some(vr) = in_file {
        return VR::from_binary(vr).unwrap_or(VR::UN);
    }
    let Some(entry) = StandardDataDictionary.by_tag(tag) else { return VR::UN };
    match entry.vr() {
        VirtualVr::Exact(vr) => vr,
        VirtualVr::Xs if signed => VR::SS,
        VirtualVr::Xs => VR::US,
        VirtualVr::Ox | VirtualVr::Px | VirtualVr::Lt | _ => VR::OW,
    }
}

/// Whether a value of unknown representation holds items (PS3.5 6.2.2 note 2), always implicit little endian; some
/// writers give them a known length.
pub(super) fn holds_items(value: &[u8], length: u32) -> bool {
    let first = value.get(4..).and_then(|bytes| Encoding::IMPLICIT.u32(bytes));
    length >= 8
        && value.starts_with(&[0xFE, 0xFF, 0x00, 0xE0])
        && first.is_some_and(|first| first == UNDEFINED || first <= length - 8)
}

/// Pixel data, found and not read.
#[derive(Debug, Clone, Copy)]
pub(super) struct PixelElement {
    pub tag: Tag,
    /// Place of the value.
    pub offset: usize,
    /// `None` for undefined length: fragments.
    pub length: Option<u32>,
    /// The value is declared as 16-bit words.
    pub words: bool,
    /// The value begins with an item, as fragments do.
    pub items: bool,
}

/// Why a data set ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// At pixel data.
    Pixels(PixelElement),
    /// Where the bytes end.
    Clean,
    /// An element reaches beyond the file, or makes no sense.
    Broken,
    /// More bytes are needed, at least up to here.
    More(usize),
}

/// What stands between a place and what lies behind it.
#[derive(Debug)]
pub(super) enum Stop {
    Broken,
    More(usize),
}

/// Elements in a row, and how to get over them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'a> {
    /// The bytes at hand.
    pub data: &'a [u8],
    /// Bytes there are in all; `data` may be the first part of them.
    pub total: usize,
    pub encoding: Encoding,
}

impl<'a> Walk<'a> {
    /// Over bytes that are all there.
    pub(super) fn over(data: &'a [u8], encoding: Encoding) -> Self {
        Self { data, total: data.len(), encoding }
    }

    /// An offset that lies in the file and in the bytes at hand, or what is missing.
    fn within(&self, end: usize) -> Result<usize, Stop> {
        if end > self.total {
            Err(Stop::Broken)
        } else if end > self.data.len() {
            Err(Stop::More(end))
        } else {
            Ok(end)
        }
    }

    pub(super) fn head(&self, at: usize) -> Result<Head, Stop> {
        match Head::read(self.data.get(at..).unwrap_or_default(), self.encoding) {
            Some(head) => Ok(head),
            None if self.data.len() < self.total => Err(Stop::More((at + 12).min(self.total))),
            None => Err(Stop::Broken),
        }
    }

    /// (end of the value, end of its delimiter) of the element whose head stands here.
    pub(super) fn value_end(&self, head: &Head, at: usize) -> Result<(usize, usize), Stop> {
        self.nested_end(head, at + head.size, 0)
    }

    fn nested_end(&self, head: &Head, value_at: usize, depth: usize) -> Result<(usize, usize), Stop> {
        if head.length != UNDEFINED {
            let end = self.within(value_at.saturating_add(head.length as usize))?;
            return Ok((end, end));
        }
        // UN of undefined length holds implicit little endian items (PS3.5 6.2.2 note 2).
        let encoding = if head.vr == Some(*b"UN") { Encoding::IMPLICIT } else { self.encoding };
        Walk { encoding, ..*self }.sequence_end(value_at, depth + 1)
    }

    /// (end of the items, end of their delimiter)
    fn sequence_end(&self, mut at: usize, depth: usize) -> Result<(usize, usize), Stop> {
        // Sequences and their items count one each.
        if depth > 2 * DEEPEST {
            return Err(Stop::Broken);
        }
        loop {
            let head = self.head(at)?;
            let value_at = at + head.size;
            match head.tag {
                SEQUENCE_END => return Ok((at, value_at)),
                ITEM if head.length == UNDEFINED => at = self.item_end(value_at, depth + 1)?,
                ITEM => at = self.within(value_at.saturating_add(head.length as usize))?,
                _ => return Err(Stop::Broken),
            }
        }
    }

    /// The end of an item's delimiter.
    fn item_end(&self, mut at: usize, depth: usize) -> Result<usize, Stop> {
        loop {
            let head = self.head(at)?;
            match head.tag {
                ITEM_END => return Ok(at + head.size),
                SEQUENCE_END => return Ok(at),
                _ => at = self.nested_end(&head, at + head.size, depth)?.1,
            }
        }
    }

    /// From `start` over the whole elements of the top level, to the pixel data or through it: where they end, and why.
    pub(super) fn survey(&self, start: usize, through_pixels: bool) -> (usize, End) {
        let mut at = start;
        let mut begun = false;
        let why = |stop| match stop {
            Stop::More(end) => End::More(end),
            Stop::Broken => End::Broken,
        };
        loop {
            if at >= self.total {
                return (at, End::Clean);
            }
            let head = match self.head(at) {
                Ok(head) => head,
                Err(stop) => return (at, why(stop)),
            };
            if !through_pixels && matches!(head.tag, Tag(0x7FE0, 0x0008..=0x0010)) {
                return (at, self.pixels(&head, at + head.size));
            }
            let Tag(group, _) = head.tag;
            if group < 0x0008 && group != 0x0002 && (begun || group == 0) {
                // Padding after the last element: zeros are common.
                return (at, End::Clean);
            }
            // Some systems put elements of their own before group 0008.
            begun |= group >= 0x0008;
            match self.value_end(&head, at) {
                Ok((_, next)) => at = next,
                Err(stop) => return (at, why(stop)),
            }
        }
    }

    fn pixels(&self, head: &Head, offset: usize) -> End {
        let length = (head.length != UNDEFINED).then_some(head.length);
        // Only of an undefined length anybody asks.
        let first = offset + 4;
        if length.is_none() && first > self.data.len() && first <= self.total {
            return End::More(first);
        }
        let value = self.data.get(offset..).unwrap_or_default();
        let items = self.encoding.tag(value) == Some(ITEM);
        End::Pixels(PixelElement { tag: head.tag, offset, length, words: head.vr == Some(*b"OW"), items })
    }

    /// Where the first element from `start` on stands whose group is not below `group`.
    pub(super) fn before(&self, start: usize, group: u16) -> usize {
        let mut at = start;
        while let Ok(head) = self.head(at)
            && head.tag.0 < group
            && let Ok((_, next)) = self.value_end(&head, at)
        {
            at = next;
        }
        at
    }

    /// The bytes of the items of a sequence whose value these are; what follows a broken one is left out.
    pub(super) fn items(self) -> impl Iterator<Item = &'a [u8]> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let head = self.head(at).ok().filter(|head| head.tag == ITEM)?;
            let value_at = at + head.size;
            let end = if head.length == UNDEFINED {
                self.item_end(value_at, 0).ok()?
            } else {
                value_at.saturating_add(head.length as usize).min(self.data.len())
            };
            at = end;
            self.data.get(value_at..end)
        })
    }
}
