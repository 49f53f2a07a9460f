//! Elements as they stand in the bytes: vetted lengths, nothing copied, sequences split on demand.

use dicom_core::Tag;

use super::limits::DEEPEST;
use super::marks::Mark;
use super::varying::is_private_diffusion;

const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);
const UNDEFINED: u32 = u32::MAX;
/// Longer private values are tables and protocols.
const LONGEST_PRIVATE: usize = 64;

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
}

/// One element. The VR is `None` where the file does not say it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub tag: Tag,
    pub vr: Option<[u8; 2]>,
    pub value: &'a [u8],
    pub encoding: Encoding,
}

/// The elements of a data set or item, in the file's order.
#[derive(Debug, Default)]
pub(super) struct Dataset<'a> {
    pub elements: Vec<Element<'a>>,
    /// What the short private elements of the top level say that nobody understands.
    pub private: Vec<Mark>,
}

/// Pixel data found by the walk.
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

/// Why the walk over a data set ended.
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

/// The start of an element.
struct Head {
    tag: Tag,
    vr: Option<[u8; 2]>,
    length: u32,
    value_at: usize,
}

/// Whether these two bytes are a value representation of PS3.5 table 6.2-1.
pub(super) fn is_vr(bytes: [u8; 2]) -> bool {
    const ALL: &[u8] = b"AEASATCSDADSDTFDFLISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV";
    ALL.chunks_exact(2).any(|vr| vr == bytes)
}

pub(super) fn has_long_length(vr: [u8; 2]) -> bool {
    const LONG: &[u8] = b"OBODOFOLOVOWSQSVUCUNURUTUV";
    LONG.chunks_exact(2).any(|long| long == vr)
}

fn tag(bytes: &[u8], encoding: Encoding) -> Option<Tag> {
    Some(Tag(encoding.u16(bytes)?, encoding.u16(bytes.get(2..)?)?))
}

fn head(data: &[u8], at: usize, encoding: Encoding) -> Option<Head> {
    let bytes = data.get(at..)?;
    let tag = tag(bytes, encoding)?;
    let implicit = |vr| Some(Head { tag, vr, length: encoding.u32(bytes.get(4..)?)?, value_at: at + 8 });
    if !encoding.explicit || tag.0 == 0xFFFE {
        return implicit(None);
    }
    let vr: [u8; 2] = bytes.get(4..6)?.try_into().ok()?;
    if !vr.iter().all(u8::is_ascii_uppercase) {
        // Some writers slip implicit elements into explicit data sets.
        return implicit(None);
    }
    if has_long_length(vr) {
        Some(Head { tag, vr: Some(vr), length: encoding.u32(bytes.get(8..)?)?, value_at: at + 12 })
    } else {
        let length = u32::from(encoding.u16(bytes.get(6..)?)?);
        Some(Head { tag, vr: Some(vr), length, value_at: at + 8 })
    }
}

/// What stands between a data set's elements and its end.
struct Walk<'a> {
    /// The bytes at hand.
    data: &'a [u8],
    /// Bytes there are in all; `data` may be the first part of them.
    total: usize,
    encoding: Encoding,
}

enum Stop {
    Broken,
    More(usize),
}

impl Walk<'_> {
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

    fn head(&self, at: usize) -> Result<Head, Stop> {
        match head(self.data, at, self.encoding) {
            Some(head) => Ok(head),
            None if self.data.len() < self.total => Err(Stop::More((at + 12).min(self.total))),
            None => Err(Stop::Broken),
        }
    }

    /// The end of a value that starts at `head.value_at`, over nested items if its length is undefined.
    fn value_end(&self, head: &Head, depth: usize) -> Result<(usize, usize), Stop> {
        if head.length != UNDEFINED {
            let end = self.within(head.value_at.saturating_add(head.length as usize))?;
            return Ok((end, end));
        }
        // UN of undefined length holds implicit little endian items (PS3.5 6.2.2 note 2).
        let encoding = if head.vr == Some(*b"UN") { Encoding::IMPLICIT } else { self.encoding };
        Walk { encoding, ..*self }.sequence_end(head.value_at, depth + 1)
    }

    /// (end of the items, end of their delimiter)
    fn sequence_end(&self, mut at: usize, depth: usize) -> Result<(usize, usize), Stop> {
        // Sequences and their items count one each.
        if depth > 2 * DEEPEST {
            return Err(Stop::Broken);
        }
        loop {
            let head = self.head(at)?;
            match head.tag {
                SEQUENCE_END => return Ok((at, head.value_at)),
                ITEM if head.length == UNDEFINED => at = self.item_end(head.value_at, depth + 1)?.1,
                ITEM => at = self.within(head.value_at.saturating_add(head.length as usize))?,
                _ => return Err(Stop::Broken),
            }
        }
    }

    /// (end of the elements, end of the item's delimiter)
    fn item_end(&self, mut at: usize, depth: usize) -> Result<(usize, usize), Stop> {
        loop {
            let head = self.head(at)?;
            if head.tag == ITEM_END {
                return Ok((at, head.value_at));
            }
            if head.tag == SEQUENCE_END {
                return Ok((at, at));
            }
            at = self.value_end(&head, depth)?.1;
        }
    }
}

/// The few private elements that say what the pixels are, and their creators: the tiles of Siemens mosaics, the
/// scan time of GE's PET, the factors of Philips' PET, the tiles of United Imaging's.
fn is_wanted_private(tag: Tag) -> bool {
    let low = tag.1 & 0xFF;
    match tag.0 {
        0x0019 | 0x0029 => tag.1 <= 0xFF || matches!(low, 0x0A | 0x10),
        0x0009 => tag.1 <= 0xFF || low == 0x0D,
        0x0065 => tag.1 <= 0xFF || matches!(low, 0x50 | 0x51),
        0x7053 => tag.1 <= 0xFF || matches!(low, 0x00 | 0x09),
        _ => false,
    }
}

/// Walks over the top level of a data set from `start`, up to its pixel data.
pub(super) fn walk(data: &[u8], start: usize, total: usize, encoding: Encoding) -> (Dataset<'_>, End) {
    let walk = Walk { data, total, encoding };
    let mut elements = Vec::with_capacity(128);
    let mut private = Vec::new();
    let mut at = start;
    let mut begun = false;
    let end = loop {
        if at >= total {
            break End::Clean;
        }
        let head = match walk.head(at) {
            Ok(head) => head,
            Err(Stop::More(end)) => break End::More(end),
            Err(Stop::Broken) => break End::Broken,
        };
        if matches!(head.tag, Tag(0x7FE0, 0x0008..=0x0010)) {
            let length = (head.length != UNDEFINED).then_some(head.length);
            let words = head.vr == Some(*b"OW");
            // Only of an undefined length anybody asks.
            let first = head.value_at + 4;
            if length.is_none() && first > data.len() && first <= total {
                break End::More(first);
            }
            let items = data.get(head.value_at..).is_some_and(|value| tag(value, encoding) == Some(ITEM));
            break End::Pixels(PixelElement { tag: head.tag, offset: head.value_at, length, words, items });
        }
        if head.tag.0 < 0x0008 && head.tag.0 != 0x0002 && (begun || head.tag.0 == 0) {
            // Padding after the last element: zeros are common.
            break End::Clean;
        }
        // Some systems put elements of their own before group 0008.
        begun |= head.tag.0 >= 0x0008;
        match walk.value_end(&head, 0) {
            Ok((end, next)) => {
                if let Some(value) = data.get(head.value_at..end) {
                    let known = is_wanted_private(head.tag) || is_private_diffusion(head.tag);
                    if head.tag.0 % 2 == 0 || known {
                        elements.push(Element { tag: head.tag, vr: head.vr, value, encoding });
                    } else if value.len() <= LONGEST_PRIVATE {
                        private.push(Mark::new(head.tag, value));
                    }
                }
                at = next;
            }
            Err(Stop::More(end)) => break End::More(end),
            Err(Stop::Broken) => break End::Broken,
        }
    };
    let mut dataset = Dataset { elements, private };
    dataset.sort();
    (dataset, end)
}

/// The elements from `start` whose group is below `group`, and where the next one starts.
pub(super) fn elements_before(
    data: &[u8],
    start: usize,
    group: u16,
    encoding: Encoding,
) -> (Dataset<'_>, usize) {
    let walk = Walk { data, total: data.len(), encoding };
    let mut elements = Vec::new();
    let mut at = start;
    while let Ok(head) = walk.head(at)
        && head.tag.0 < group
        && let Ok((end, next)) = walk.value_end(&head, 0)
        && let Some(value) = data.get(head.value_at..end)
    {
        elements.push(Element { tag: head.tag, vr: head.vr, value, encoding });
        at = next;
    }
    let mut dataset = Dataset { elements, private: Vec::new() };
    dataset.sort();
    (dataset, at)
}

impl<'a> Dataset<'a> {
    pub(super) fn get(&self, tag: Tag) -> Option<&Element<'a>> {
        // The walk keeps the file's order, which is ascending but for broken files.
        match self.elements.binary_search_by(|element| element.tag.cmp(&tag)) {
            Ok(found) => self.elements.get(found),
            Err(_) => None,
        }
    }

    /// Puts elements in ascending order, as broken files do not.
    fn sort(&mut self) {
        if !self.elements.is_sorted_by_key(|element| element.tag) {
            self.elements.sort_by_key(|element| element.tag);
        }
    }
}

impl<'a> Element<'a> {
    /// The items of a sequence; what follows a broken one is left out.
    pub(super) fn items(&self) -> Vec<Dataset<'a>> {
        let encoding = if self.vr == Some(*b"UN") { Encoding::IMPLICIT } else { self.encoding };
        let walk = Walk { data: self.value, total: self.value.len(), encoding };
        let mut items = Vec::new();
        let mut at = 0;
        while let Ok(head) = walk.head(at)
            && head.tag == ITEM
        {
            let (end, next) = if head.length == UNDEFINED {
                match walk.item_end(head.value_at, 0) {
                    Ok(ends) => ends,
                    Err(Stop::Broken | Stop::More(_)) => break,
                }
            } else {
                let end = head.value_at.saturating_add(head.length as usize).min(self.value.len());
                (end, end)
            };
            let Some(bytes) = self.value.get(head.value_at..end) else { break };
            items.push(elements_of(bytes, encoding));
            at = next;
        }
        items
    }
}

fn elements_of(data: &[u8], encoding: Encoding) -> Dataset<'_> {
    elements_before(data, 0, u16::MAX, encoding).0
}
