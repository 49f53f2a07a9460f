//! Values of elements as numbers and text, whatever VR the writer chose.

use std::borrow::Cow;

use dicom_core::value::Value;
use dicom_core::{PrimitiveValue, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

/// What a value's bytes are where its VR does not say.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    /// DS or IS.
    Text,
    /// US or SS, or UL where there are four bytes.
    Whole,
    /// FD, or FL where there are four bytes.
    Float,
}

/// The value of one element, read with care.
pub(super) trait ElementValue {
    /// The bytes as a little endian file has them; none of a sequence.
    fn bytes(&self) -> Cow<'_, [u8]>;
    /// The value as ASCII text, without padding.
    fn text(&self) -> Cow<'_, str>;
    /// All values as numbers; what is no number is NaN.
    fn numbers(&self, expected: Expected) -> Vec<f64>;
    /// The values as 16-bit words, for tables.
    fn words(&self) -> Vec<u16>;
}

impl ElementValue for InMemElement {
    fn bytes(&self) -> Cow<'_, [u8]> {
        match self.value() {
            // The decoder makes one character of a byte, in IS and DS.
            Value::Primitive(PrimitiveValue::Str(text)) if !text.is_ascii() => {
                text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
            }
            Value::Primitive(PrimitiveValue::Tags(tags)) => {
                tags.iter().flat_map(|tag| [tag.0.to_le_bytes(), tag.1.to_le_bytes()]).flatten().collect()
            }
            Value::Primitive(value) => value.to_bytes(),
            Value::Sequence(_) | Value::PixelSequence(_) => Cow::default(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        let text = match self.value() {
            Value::Primitive(PrimitiveValue::U8(bytes)) => String::from_utf8_lossy(bytes),
            Value::Primitive(PrimitiveValue::Str(text)) => Cow::Borrowed(text.as_str()),
            Value::Primitive(value) => value.to_raw_str(),
            Value::Sequence(_) | Value::PixelSequence(_) => Cow::default(),
        };
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches([' ', '\0'])),
            Cow::Owned(text) => Cow::Owned(text.trim_matches([' ', '\0']).to_owned()),
        }
    }

    fn numbers(&self, expected: Expected) -> Vec<f64> {
        use PrimitiveValue as P;
        let Value::Primitive(value) = self.value() else { return Vec::new() };
        match value {
            P::U16(values) => values.iter().copied().map(f64::from).collect(),
            P::I16(values) => values.iter().copied().map(f64::from).collect(),
            P::U32(values) => values.iter().copied().map(f64::from).collect(),
            P::I32(values) => values.iter().copied().map(f64::from).collect(),
            P::F32(values) => values.iter().copied().map(f64::from).collect(),
            P::F64(values) => values.to_vec(),
            P::U64(values) => values.iter().map(|value| *value as f64).collect(),
            P::I64(values) => values.iter().map(|value| *value as f64).collect(),
            P::U8(bytes) => numbers_of(self.vr(), bytes, expected)
                .unwrap_or_else(|| self.text().split('\\').map(parse_decimal).collect()),
            P::Empty => numbers_of(self.vr(), &[], expected).unwrap_or_else(|| vec![f64::NAN]),
            P::Str(_) | P::Strs(_) | P::Tags(_) | P::Date(_) | P::DateTime(_) | P::Time(_) => {
                self.text().split('\\').map(parse_decimal).collect()
            }
        }
    }

    fn words(&self) -> Vec<u16> {
        self.bytes().as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)).collect()
    }
}

/// Numbers of bytes that stayed bytes; `None` where they are text.
fn numbers_of(vr: VR, bytes: &[u8], expected: Expected) -> Option<Vec<f64>> {
    fn each<const WIDTH: usize>(bytes: &[u8], read: impl Fn([u8; WIDTH]) -> f64) -> Vec<f64> {
        bytes.as_chunks::<WIDTH>().0.iter().map(|one| read(*one)).collect()
    }
    let us = |b| f64::from(u16::from_le_bytes(b));
    let fl = |b| f64::from(f32::from_le_bytes(b));
    #[expect(clippy::wildcard_enum_match_arm, reason = "most of the 34 VRs are text")]
    match vr {
        VR::OW => Some(each(bytes, us)),
        VR::OF => Some(each(bytes, fl)),
        VR::OD => Some(each(bytes, f64::from_le_bytes)),
        VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::UV | VR::SV | VR::UN => {
            match (expected, bytes.len()) {
                (Expected::Text, _) => (vr != VR::UN).then(Vec::new),
                (Expected::Whole, 4) => Some(each(bytes, |b| f64::from(u32::from_le_bytes(b)))),
                (Expected::Whole, _) => Some(each(bytes, us)),
                (Expected::Float, 4) => Some(each(bytes, fl)),
                (Expected::Float, _) => Some(each(bytes, f64::from_le_bytes)),
            }
        }
        _ => None,
    }
}

/// A decimal string; a comma counts as a point, as some writers' locale has it.
fn parse_decimal(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\0']);
    text.parse().or_else(|_| text.replace(',', ".").parse()).unwrap_or(f64::NAN)
}

/// The attributes of a data set or an item.
pub(super) trait Attributes {
    /// ASCII text, `None` where absent or empty.
    fn text(&self, tag: Tag) -> Option<Cow<'_, str>>;
    /// All values, none where absent.
    fn numbers(&self, tag: Tag, expected: Expected) -> Vec<f64>;
    /// The items of a sequence.
    fn items(&self, tag: Tag) -> &[InMemDicomObject];

    /// The first item of a sequence.
    fn item(&self, tag: Tag) -> Option<&InMemDicomObject> {
        self.items(tag).first()
    }

    /// The first value of a decimal, `None` where absent or no finite number.
    fn decimal(&self, tag: Tag) -> Option<f64> {
        first(&self.numbers(tag, Expected::Text))
    }

    /// The first value of a binary float.
    fn float(&self, tag: Tag) -> Option<f64> {
        first(&self.numbers(tag, Expected::Float))
    }

    /// The first value of a binary whole number.
    fn whole(&self, tag: Tag) -> Option<f64> {
        first(&self.numbers(tag, Expected::Whole))
    }

    /// A count: a whole number of at most 2^32 - 1, written as number or text.
    fn count(&self, tag: Tag, expected: Expected) -> Option<u32> {
        let value = first(&self.numbers(tag, expected))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked here")]
        (0.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)
    }
}

fn first(numbers: &[f64]) -> Option<f64> {
    numbers.first().copied().filter(|value| value.is_finite())
}

impl Attributes for InMemDicomObject {
    fn text(&self, tag: Tag) -> Option<Cow<'_, str>> {
        self.get(tag).map(ElementValue::text).filter(|text| !text.is_empty())
    }

    fn numbers(&self, tag: Tag, expected: Expected) -> Vec<f64> {
        self.get(tag).map(|element| element.numbers(expected)).unwrap_or_default()
    }

    fn items(&self, tag: Tag) -> &[InMemDicomObject] {
        self.get(tag).and_then(InMemElement::items).unwrap_or_default()
    }
}
