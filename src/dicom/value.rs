//! Values of elements as numbers and text, whatever VR the writer chose.

use std::borrow::Cow;

use dicom_core::Tag;

use super::element::{Dataset, Element};

/// What an element's bytes are where the file does not say.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    /// DS or IS.
    Text,
    /// US or SS, or UL where there are four bytes.
    Whole,
    /// FD, or FL where there are four bytes.
    Float,
}

impl<'a> Element<'a> {
    /// The value as ASCII text, without padding.
    pub(super) fn text(&self) -> Cow<'a, str> {
        match String::from_utf8_lossy(self.value) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches([' ', '\0'])),
            Cow::Owned(text) => Cow::Owned(text.trim_matches([' ', '\0']).to_owned()),
        }
    }

    /// All values as numbers; what is no number is NaN.
    pub(super) fn numbers(&self, expected: Expected) -> Vec<f64> {
        let vr = self.vr.filter(|vr| vr != b"UN");
        let text = || self.text().split('\\').map(parse_decimal).collect();
        let each = |width, read: &dyn Fn(&[u8]) -> f64| self.value.chunks_exact(width).map(read).collect();
        let e = self.encoding;
        let us = |b: &[u8]| e.u16(b).map_or(f64::NAN, f64::from);
        let ul = |b: &[u8]| e.u32(b).map_or(f64::NAN, f64::from);
        let fl = |b: &[u8]| e.u32(b).map_or(f64::NAN, |bits| f64::from(f32::from_bits(bits)));
        let fd = |b: &[u8]| e.u64(b).map_or(f64::NAN, f64::from_bits);
        match vr.as_ref() {
            Some(b"US" | b"OW") => each(2, &us),
            Some(b"SS") => each(2, &|b| e.u16(b).map_or(f64::NAN, |v| f64::from(v.cast_signed()))),
            Some(b"UL") => each(4, &ul),
            Some(b"SL") => each(4, &|b| e.u32(b).map_or(f64::NAN, |v| f64::from(v.cast_signed()))),
            Some(b"FL" | b"OF") => each(4, &fl),
            Some(b"FD" | b"OD") => each(8, &fd),
            Some(b"UV") => each(8, &|b| e.u64(b).map_or(f64::NAN, |v| v as f64)),
            Some(b"SV") => each(8, &|b| e.u64(b).map_or(f64::NAN, |v| v.cast_signed() as f64)),
            Some(_) => text(),
            None => match (expected, self.value.len()) {
                (Expected::Text, _) => text(),
                (Expected::Whole, 4) => each(4, &ul),
                (Expected::Whole, _) => each(2, &us),
                (Expected::Float, 4) => each(4, &fl),
                (Expected::Float, _) => each(8, &fd),
            },
        }
    }

    /// The values as 16-bit words, for tables.
    pub(super) fn words(&self) -> Vec<u16> {
        self.value.chunks_exact(2).filter_map(|two| self.encoding.u16(two)).collect()
    }
}

/// A decimal string; a comma counts as a point, as some writers' locale has it.
fn parse_decimal(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\0']);
    text.parse().or_else(|_| text.replace(',', ".").parse()).unwrap_or(f64::NAN)
}

impl<'a> Dataset<'a> {
    /// ASCII text, `None` where absent or empty.
    pub(super) fn text(&self, tag: Tag) -> Option<Cow<'a, str>> {
        self.get(tag).map(Element::text).filter(|text| !text.is_empty())
    }

    pub(super) fn numbers(&self, tag: Tag, expected: Expected) -> Vec<f64> {
        self.get(tag).map(|element| element.numbers(expected)).unwrap_or_default()
    }

    /// The first value of a decimal, `None` where absent or no finite number.
    pub(super) fn decimal(&self, tag: Tag) -> Option<f64> {
        self.first(tag, Expected::Text)
    }

    /// The first value of a binary float.
    pub(super) fn float(&self, tag: Tag) -> Option<f64> {
        self.first(tag, Expected::Float)
    }

    /// The first value of a binary whole number.
    pub(super) fn whole(&self, tag: Tag) -> Option<f64> {
        self.first(tag, Expected::Whole)
    }

    fn first(&self, tag: Tag, expected: Expected) -> Option<f64> {
        let element = self.get(tag)?;
        element.numbers(expected).first().copied().filter(|value| value.is_finite())
    }

    /// A count: a whole number of at most 2^32 - 1, written as number or text.
    pub(super) fn count(&self, tag: Tag, expected: Expected) -> Option<u32> {
        let value = self.first(tag, expected)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked here")]
        (0.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)
    }

    pub(super) fn items(&self, tag: Tag) -> Vec<Self> {
        self.get(tag).map(Element::items).unwrap_or_default()
    }

    /// The first item of a sequence.
    pub(super) fn item(&self, tag: Tag) -> Option<Self> {
        self.items(tag).into_iter().next()
    }
}
