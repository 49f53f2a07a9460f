//! What else a header says, each value as a number that only equality means anything of.
//!
//! Two acquisitions of one series may differ in any attribute: a comment, a scan option, a software version. No list
//! holds them all, so every element of the top level is kept, four bytes for its value, and asked where frames lie at
//! one place and nothing better tells them apart.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_core::header::Header as _;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::value::ElementValue as _;

/// Longer values are tables and documents.
pub(super) const LONGEST_MARK: usize = 4096;

/// An attribute and a hash of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    tag: u32,
    value: u32,
}

impl Mark {
    /// Of a value that is not looked into.
    pub(super) fn new(tag: Tag, value: &[u8]) -> Self {
        Self { tag: number(tag), value: mixed(START, trimmed(value)) }
    }

    /// Which attribute, group before element.
    pub(super) fn tag(self) -> u32 {
        self.tag
    }

    /// Equal where the values are.
    pub(super) fn value(self) -> u32 {
        self.value
    }

    /// Whether another transfer syntax changes the attribute and not the image.
    pub(super) fn follows_the_encoding(self) -> bool {
        const FORM: &[Tag] = &[
            tags::PHOTOMETRIC_INTERPRETATION,
            tags::PLANAR_CONFIGURATION,
            tags::EXTENDED_OFFSET_TABLE,
            tags::EXTENDED_OFFSET_TABLE_LENGTHS,
        ];
        FORM.iter().any(|tag| number(*tag) == self.tag)
    }
}

/// The marks of a data set, by ascending tag, then those of the private elements that are not in it.
pub(super) fn marks(top: &InMemDicomObject, private: &[Mark]) -> Arc<[Mark]> {
    let said = top.iter().filter(|element| is_mark(element));
    let said = said.map(|element| Mark { tag: number(element.tag()), value: print(element, START) });
    said.chain(private.iter().copied()).collect()
}

/// Whether the value may change from slice to slice within one acquisition: the dose follows the patient's girth, the
/// rescale of a PET slice its counts. It tells acquisitions apart only where nothing else does.
pub(super) fn follows_the_slice(tag: u32) -> bool {
    const WAYWARD: &[Tag] = &[
        tags::TABLE_HEIGHT,
        tags::HEART_RATE,
        tags::NOMINAL_INTERVAL,
        tags::EXPOSURE_TIME,
        tags::X_RAY_TUBE_CURRENT,
        tags::EXPOSURE,
        tags::EXPOSURE_INU_AS,
        tags::GENERATOR_POWER,
        tags::SAR,
        tags::X_RAY_TUBE_CURRENT_INU_A,
        tags::CTD_IVOL,
        tags::TABLE_POSITION,
        tags::SMALLEST_IMAGE_PIXEL_VALUE,
        tags::LARGEST_IMAGE_PIXEL_VALUE,
        tags::WINDOW_CENTER,
        tags::WINDOW_WIDTH,
        tags::WINDOW_CENTER_WIDTH_EXPLANATION,
        tags::RESCALE_INTERCEPT,
        tags::RESCALE_SLOPE,
    ];
    // Of what a maker keeps to himself nobody knows.
    let private = tag >> 16 & 1 == 1;
    private || WAYWARD.iter().any(|wayward| number(*wayward) == tag)
}

fn number(tag: Tag) -> u32 {
    u32::from(tag.0) << 16 | u32::from(tag.1)
}

/// Not who the patient is, nor what names or counts the one image, nor where it lies.
fn is_mark(element: &InMemElement) -> bool {
    let Tag(group, _) = element.tag();
    let own = matches!(
        element.tag(),
        tags::SOP_INSTANCE_UID
            | tags::INSTANCE_CREATION_DATE
            | tags::INSTANCE_CREATION_TIME
            | tags::INSTANCE_NUMBER
            | tags::IMAGE_POSITION_PATIENT
            | tags::IMAGE_ORIENTATION_PATIENT
            | tags::SLICE_LOCATION
            | tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE
            | tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE
    );
    // The length of a group is that of its encoding.
    let length = element.tag().1 == 0;
    group % 2 == 0 && group >= 0x0008 && group != 0x0010 && !own && !length && size(element) <= LONGEST_MARK
}

/// Without the padding that makes a length even.
fn trimmed(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | 0] = value {
        value = rest;
    }
    value
}

const START: u32 = 0x811C_9DC5;

/// A hash: eight bytes at a time, for every header of thousands comes by here.
fn mixed(start: u32, value: &[u8]) -> u32 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let (eights, rest) = value.as_chunks::<8>();
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let words = eights.iter().chain([&last]).map(|eight| u64::from_le_bytes(*eight));
    let start = u64::from(start) ^ (value.len() as u64) << 32;
    let all = words.fold(start, |hash, word| (hash ^ word).wrapping_mul(PRIME).rotate_left(29));
    #[expect(clippy::cast_possible_truncation, reason = "half of the bits")]
    let short = (all ^ all >> 32) as u32;
    short
}

/// Bytes of a value in its shortest encoding.
fn size(element: &InMemElement) -> usize {
    const HEAD: usize = 8;
    match element.items() {
        None => element.bytes().len(),
        Some(items) => {
            items.iter().map(|item| HEAD + item.iter().map(|e| HEAD + size(e)).sum::<usize>()).sum()
        }
    }
}

/// The hash of a value; of what the items of a sequence hold, however they are encoded.
fn print(element: &InMemElement, start: u32) -> u32 {
    let Some(items) = element.items().filter(|items| !items.is_empty()) else {
        return mixed(start, trimmed(&element.bytes()));
    };
    items
        .iter()
        .flat_map(InMemDicomObject::iter)
        .fold(start, |hash, inside| print(inside, mixed(hash, &number(inside.tag()).to_be_bytes())))
}
