//! Fills `dicom_object`'s data sets from bytes: its own socket for decoders, over a slice.
//!
//! Nothing outside the slice is read and nothing is believed: a value ends inside what is around it, a sequence nests
//! [`DEEPEST`] deep at most, and what makes no sense ends the item or the sequence that it stands in. Values stay as
//! the file has them. Text is bytes until a [`Charset`](super::text::Charset) decodes it, for a backslash may be half a
//! letter; where only the default repertoire is allowed, and for IS and DS always, it is `Str`.

use std::io;

use dicom_core::header::{DataElementHeader, SequenceItemHeader};
use dicom_core::value::C;
use dicom_core::{Length, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_parser::StatefulDecode;
use dicom_parser::stateful::decode::{Error, Result};

use super::error::DicomError;
use super::heads::{self, Encoding, Head, ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, Walk, holds_items};
use super::limits::{DEEPEST, MOST_ITEMS};
use super::marks::{LONGEST_MARK, Mark};
use super::varying::is_private_diffusion;

/// Longer private values are tables and protocols.
const LONGEST_PRIVATE: usize = 64;

/// Which elements of a data set are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// What a header is asked for: no private elements but those that are understood, no long sequences that nobody reads.
    Header,
    /// All of them, each as it is.
    Everything,
}

/// The sequences that a header is asked for. A test compares the list with the sources.
pub(super) const READ: &[Tag] = &[
    tags::CARDIAC_SYNCHRONIZATION_SEQUENCE,
    tags::CONTRAST_BOLUS_AGENT_SEQUENCE,
    tags::CONTRAST_BOLUS_USAGE_SEQUENCE,
    tags::CTX_RAY_DETAILS_SEQUENCE,
    tags::CT_EXPOSURE_SEQUENCE,
    tags::CT_IMAGE_FRAME_TYPE_SEQUENCE,
    tags::CT_RECONSTRUCTION_SEQUENCE,
    tags::DETECTOR_INFORMATION_SEQUENCE,
    tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE,
    tags::FRAME_CONTENT_SEQUENCE,
    tags::FRAME_VOILUT_SEQUENCE,
    tags::MEASUREMENT_UNITS_CODE_SEQUENCE,
    tags::MODALITY_LUT_SEQUENCE,
    tags::MR_DIFFUSION_SEQUENCE,
    tags::MR_ECHO_SEQUENCE,
    tags::MR_IMAGE_FRAME_TYPE_SEQUENCE,
    tags::MR_MODIFIER_SEQUENCE,
    tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE,
    tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
    tags::PET_FRAME_TYPE_SEQUENCE,
    tags::PIXEL_MEASURES_SEQUENCE,
    tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    tags::PLANE_ORIENTATION_SEQUENCE,
    tags::PLANE_POSITION_SEQUENCE,
    tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE,
    tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE,
    tags::SEGMENT_IDENTIFICATION_SEQUENCE,
    tags::SEQUENCE_OF_ULTRASOUND_REGIONS,
    tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
    tags::TEMPORAL_POSITION_SEQUENCE,
    tags::UNASSIGNED_PER_FRAME_CONVERTED_ATTRIBUTES_SEQUENCE,
    tags::UNASSIGNED_SHARED_CONVERTED_ATTRIBUTES_SEQUENCE,
    tags::VOILUT_SEQUENCE,
];

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

/// A sequence or an item that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    encoding: Encoding,
    /// None of its bytes lies behind this one.
    end: usize,
    /// Its head says where it ends, so the reader closes it there by itself; otherwise a delimiter does.
    defined: bool,
    holds: Holds,
}

/// What stands in a sequence or an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    DataSets,
    /// Functional groups, or what stands in one.
    Groups,
    /// Fragments of pixel data.
    Fragments,
}

/// What becomes of an element.
enum Next {
    Kept(DataElementHeader),
    PassedOver,
    Nonsense,
}

/// A decoder over bytes that are all there.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    data: &'a [u8],
    at: usize,
    /// What is open, from the outermost on: sequences and items in turn.
    open: Vec<Open>,
    top: Open,
    keep: Keep,
    signed: bool,
    items: usize,
    /// What the short private elements of the top level say that nobody understands.
    private: Vec<Mark>,
}

/// Makes a data set of whole elements, and marks of the private ones that are not in it.
pub(super) fn decode(
    data: &[u8],
    range: std::ops::Range<usize>,
    encoding: Encoding,
    keep: Keep,
) -> std::result::Result<(InMemDicomObject, Vec<Mark>), DicomError> {
    let top = Open { encoding, end: range.end, defined: false, holds: Holds::DataSets };
    let (at, open, private) = (range.start, Vec::new(), Vec::new());
    let mut decoder = Decoder { data, at, open, top, keep, signed: false, items: 0, private };
    let object = InMemDicomObject::read_dataset(&mut decoder);
    if decoder.items > MOST_ITEMS {
        return Err(DicomError::TooLarge(format!("a header of more than {MOST_ITEMS} items")));
    }
    let object = object.map_err(|_never| DicomError::Header("its sequences do not end".to_owned()))?;
    Ok((object, decoder.private))
}

impl<'a> Decoder<'a> {
    fn inner(&self) -> Open {
        self.open.last().copied().unwrap_or(self.top)
    }

    /// Over the bytes of what is open.
    fn walk(&self) -> Walk<'a> {
        let Open { end, encoding, .. } = self.inner();
        Walk::over(self.data.get(..end).unwrap_or(self.data), encoding)
    }

    /// Follows the reader, which closes what has a length where its bytes are over.
    fn follow(&mut self) {
        while self.open.last().is_some_and(|open| open.defined && open.end == self.at) {
            self.open.pop();
        }
    }

    /// Leaves what makes no sense: the rest of what has a length around it is passed over.
    fn give_up(&mut self) {
        self.at = self.inner().end;
    }

    /// The next element of the data set or item; `None` where it ends.
    fn element(&mut self) -> Option<DataElementHeader> {
        loop {
            let inner = self.inner();
            if self.at >= inner.end {
                return None;
            }
            let nested = !self.open.is_empty();
            let walk = self.walk();
            let Ok(head) = walk.head(self.at) else {
                self.give_up();
                return None;
            };
            match head.tag {
                ITEM_END if nested && !inner.defined => {
                    self.at += head.size;
                    return None;
                }
                SEQUENCE_END if nested && !inner.defined => return None,
                ITEM | ITEM_END | SEQUENCE_END if nested => {
                    self.give_up();
                    return None;
                }
                _ => {}
            }
            match self.taken(&head, walk) {
                Next::Kept(header) => return Some(header),
                Next::PassedOver if let Ok((_, next)) = walk.value_end(&head, self.at) => self.at = next,
                Next::PassedOver | Next::Nonsense => {
                    self.give_up();
                    return None;
                }
            }
        }
    }

    /// Takes the head of an element that is kept, and opens it.
    fn taken(&mut self, head: &Head, walk: Walk<'a>) -> Next {
        let inner = self.inner();
        let value_at = self.at + head.size;
        let value = walk.data.get(value_at..).unwrap_or_default();
        let undefined = head.length == UNDEFINED;
        if !undefined && value.len() < head.length as usize {
            return Next::Nonsense;
        }
        if matches!(head.tag, ITEM | ITEM_END | SEQUENCE_END) {
            return Next::PassedOver;
        }
        let mut vr = heads::vr(head.tag, head.vr, self.signed);
        let unknown = vr == VR::UN;
        if unknown && !undefined && self.keep == Keep::Header && holds_items(value, head.length) {
            vr = VR::SQ;
        }
        let is_sequence = vr == VR::SQ || undefined;
        let too_deep = is_sequence && self.open.len() >= 2 * DEEPEST;
        if too_deep || (self.keep == Keep::Header && !self.is_wanted(head, is_sequence, walk)) {
            return Next::PassedOver;
        }
        if is_sequence && value.len() / 8 > MOST_ITEMS && self.has_too_many_items(head, value) {
            self.items = usize::MAX;
            return Next::Nonsense;
        }
        if head.tag == tags::PIXEL_REPRESENTATION && self.open.is_empty() {
            self.signed = inner.encoding.u16(value) == Some(1);
        }
        self.at = value_at;
        if is_sequence {
            self.open.push(Open {
                encoding: if unknown { Encoding::IMPLICIT } else { inner.encoding },
                end: if undefined { inner.end } else { value_at + head.length as usize },
                defined: !undefined,
                holds: match head.tag {
                    tags::PIXEL_DATA if undefined => Holds::Fragments,
                    tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE | tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE => {
                        Holds::Groups
                    }
                    _ => inner.holds,
                },
            });
        }
        Next::Kept(DataElementHeader::new(head.tag, vr, Length(head.length)))
    }

    /// Counts the items of a long sequence before any of them is made.
    fn has_too_many_items(&self, head: &Head, value: &'a [u8]) -> bool {
        let value = value.get(..head.length as usize).unwrap_or(value);
        Walk::over(value, self.inner().encoding).items().nth(MOST_ITEMS).is_some()
    }

    /// Whether a header is asked for this element. Of private ones that are not, the marks are kept.
    fn is_wanted(&mut self, head: &Head, is_sequence: bool, walk: Walk<'a>) -> bool {
        let private = head.tag.0 % 2 == 1;
        let unread = is_sequence && !private && !READ.contains(&head.tag);
        if !self.open.is_empty() {
            return self.inner().holds != Holds::Groups || !(private || unread);
        }
        let unknown = private && !is_wanted_private(head.tag) && !is_private_diffusion(head.tag);
        if !unread && !unknown {
            return true;
        }
        let Ok((end, _)) = walk.value_end(head, self.at) else { return false };
        let value = walk.data.get(self.at + head.size..end).unwrap_or_default();
        if unknown && value.len() <= LONGEST_PRIVATE {
            self.private.push(Mark::new(head.tag, value));
        }
        // In another encoding it may be as short as a mark.
        unread && value.len() <= 2 * LONGEST_MARK
    }

    /// The next item of the sequence, its length if it has one; `None` where the sequence ends.
    fn item(&mut self) -> Option<Length> {
        let inner = self.inner();
        let head = self.walk().head(self.at);
        let Ok(head) = head else {
            self.give_up();
            return None;
        };
        let (value_at, length) = (self.at + head.size, head.length as usize);
        self.items = self.items.saturating_add(usize::from(head.tag == ITEM));
        match head.tag {
            SEQUENCE_END if !inner.defined => {
                self.at = value_at;
                None
            }
            ITEM if self.items > MOST_ITEMS => {
                self.give_up();
                None
            }
            ITEM if inner.holds == Holds::Fragments => {
                if length > inner.end.saturating_sub(value_at) {
                    self.give_up();
                    return None;
                }
                self.at = value_at;
                Some(Length(head.length))
            }
            ITEM => {
                let defined = head.length != UNDEFINED;
                let left = inner.end - value_at;
                let end = if defined { value_at + length.min(left) } else { inner.end };
                self.at = value_at;
                self.open.push(Open { end, defined, ..inner });
                let length = u32::try_from(end - value_at).unwrap_or(UNDEFINED);
                Some(if defined { Length(length) } else { Length::UNDEFINED })
            }
            _ => {
                self.give_up();
                None
            }
        }
    }

    /// The next bytes, which the last head vouched for.
    fn take(&mut self, length: u32) -> &'a [u8] {
        let bytes = self.data.get(self.at..self.at + length as usize).unwrap_or_default();
        self.at += length as usize;
        bytes
    }

    fn value(&mut self, header: &DataElementHeader) -> PrimitiveValue {
        let big_endian = self.inner().encoding.big_endian;
        primitive(header.vr, self.take(header.len.get().unwrap_or(0)), big_endian)
    }
}

/// Where the data set ends. The reader takes it for that, and for nothing else.
fn over(position: u64) -> Error {
    let source = io::Error::from(io::ErrorKind::UnexpectedEof);
    let source = dicom_encoding::decode::Error::ReadHeaderTag { backtrace: None, source };
    Error::DecodeElementHeader { position, source }
}

impl StatefulDecode for Decoder<'_> {
    type Reader = io::Empty;

    fn decode_header(&mut self) -> Result<DataElementHeader> {
        self.follow();
        match self.element() {
            Some(header) => Ok(header),
            None if self.open.pop().is_none() => Err(over(self.position())),
            None => Ok(DataElementHeader::new(ITEM_END, VR::UN, Length(0))),
        }
    }

    fn decode_item_header(&mut self) -> Result<SequenceItemHeader> {
        self.follow();
        let Some(len) = self.item() else {
            self.open.pop();
            return Ok(SequenceItemHeader::SequenceDelimiter);
        };
        Ok(SequenceItemHeader::Item { len })
    }

    fn read_value(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        Ok(self.value(header))
    }

    fn read_value_preserved(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        Ok(self.value(header))
    }

    fn read_value_bytes(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        Ok(PrimitiveValue::U8(C::from_slice(self.take(header.len.get().unwrap_or(0)))))
    }

    fn read_to_vec(&mut self, length: u32, vec: &mut Vec<u8>) -> Result<()> {
        vec.extend_from_slice(self.take(length));
        Ok(())
    }

    fn read_u32_to_vec(&mut self, length: u32, vec: &mut Vec<u32>) -> Result<()> {
        let encoding = self.inner().encoding;
        vec.extend(self.take(length).chunks_exact(4).filter_map(|four| encoding.u32(four)));
        Ok(())
    }

    fn read_to<W: io::Write>(&mut self, length: u32, mut out: W) -> Result<()> {
        let position = self.position();
        out.write_all(self.take(length)).map_err(|_full| over(position))
    }

    fn skip_bytes(&mut self, length: u32) -> Result<()> {
        self.take(length);
        Ok(())
    }

    fn seek(&mut self, position: u64) -> Result<()>
    where
        Self::Reader: io::Seek,
    {
        self.at = usize::try_from(position).map_or(self.top.end, |at| at.min(self.top.end));
        Ok(())
    }

    fn position(&self) -> u64 {
        self.at as u64
    }
}

/// A value as its representation has it. Numbers that do not fill their bytes stay bytes.
fn primitive(vr: VR, bytes: &[u8], big_endian: bool) -> PrimitiveValue {
    use PrimitiveValue as P;
    macro_rules! numbers {
        ($kind:ident, $number:ty) => {{
            const WIDTH: usize = size_of::<$number>();
            let (each, rest) = bytes.as_chunks::<WIDTH>();
            let read = if big_endian { <$number>::from_be_bytes } else { <$number>::from_le_bytes };
            rest.is_empty().then(|| P::$kind(each.iter().map(|one| read(*one)).collect()))
        }};
    }
    if bytes.is_empty() {
        return P::Empty;
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "most of the 34 VRs stay as they are")]
    let value = match vr {
        VR::IS | VR::DS if !bytes.is_ascii() => Some(P::Str(bytes.iter().copied().map(char::from).collect())),
        VR::AE | VR::AS | VR::CS | VR::DA | VR::DS | VR::DT | VR::IS | VR::TM | VR::UI => {
            std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(P::from)
        }
        VR::US => numbers!(U16, u16),
        VR::SS => numbers!(I16, i16),
        VR::UL => numbers!(U32, u32),
        VR::SL => numbers!(I32, i32),
        VR::UV => numbers!(U64, u64),
        VR::SV => numbers!(I64, i64),
        VR::FL => numbers!(F32, f32),
        VR::FD => numbers!(F64, f64),
        VR::AT => {
            let encoding = Encoding { explicit: true, big_endian };
            let (each, rest) = bytes.as_chunks::<4>();
            let tags = || each.iter().filter_map(|four| encoding.tag(four)).collect();
            rest.is_empty().then(|| P::Tags(tags()))
        }
        // As little endian has them they are bytes, and need no second look.
        VR::OW if big_endian => numbers!(U16, u16),
        VR::OL if big_endian => numbers!(U32, u32),
        VR::OF if big_endian => numbers!(F32, f32),
        VR::OD if big_endian => numbers!(F64, f64),
        VR::OV if big_endian => numbers!(U64, u64),
        _ => None,
    };
    value.unwrap_or_else(|| P::U8(C::from_slice(bytes)))
}
