//! Values of attributes as small numbers, and as words.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::image::{Attribute, Frame, Varying};

/// An attribute's values of some frames, as indices of the distinct ones; 0 is "not given".
#[derive(Debug, Clone)]
pub(super) struct Coded {
    pub attribute: Attribute,
    pub codes: Vec<u32>,
    /// Distinct values, ascending; the first frame's order where they have none.
    pub values: Vec<Option<Varying>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Exact {
    Number(u64),
    Direction([i64; 3]),
    Text(Arc<str>),
}

/// What counts as one value: noise in the last digits does not.
fn exact(attribute: Attribute, value: &Varying) -> Exact {
    match value {
        Varying::Number(number) if is_time(attribute) => Exact::Number(number.to_bits()),
        Varying::Number(number) => Exact::Number(rounded(*number).to_bits()),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "parts of a unit vector; anything else saturates"
        )]
        Varying::Direction(parts) => Exact::Direction(parts.map(|part| (part * 1000.0).round() as i64)),
        Varying::Text(text) => Exact::Text(Arc::clone(text)),
    }
}

/// Four significant digits: what a name shows.
pub(super) fn rounded(number: f64) -> f64 {
    if number.fract() == 0.0 || !number.is_finite() {
        return if number.is_finite() { number + 0.0 } else { 0.0 };
    }
    let scale = 10_f64.powf(3.0 - number.abs().log10().floor());
    if scale.is_finite() && scale > 0.0 { (number * scale).round() / scale } else { number }
}

pub(super) fn is_time(attribute: Attribute) -> bool {
    matches!(attribute, Attribute::AcquisitionTime | Attribute::ContentTime | Attribute::FrameReferenceTime)
}

/// The attributes that differ among some frames, in the order of preference.
pub(super) fn coded(frames: &[Arc<Frame>]) -> Vec<Coded> {
    let mut attributes = vec![Attribute::Thickness, Attribute::InPlane, Attribute::Object];
    for (attribute, _) in frames.iter().flat_map(|frame| frame.varying.iter()) {
        if !attributes.contains(attribute) {
            attributes.push(*attribute);
        }
    }
    attributes.sort_unstable();
    attributes.into_iter().filter_map(|attribute| of_attribute(frames, attribute)).collect()
}

/// The value of an attribute of a frame, also of those that it says in another place.
fn value_of(frame: &Frame, attribute: Attribute) -> Option<Cow<'_, Varying>> {
    if attribute == Attribute::Thickness {
        return Some(Cow::Owned(Varying::Number(frame.thickness?.0)));
    }
    if attribute == Attribute::InPlane {
        let plane = frame.plane?;
        let [x, y] = [plane.right(), plane.down()].map(|axis| plane.origin().0.dot(axis).round() + 0.0);
        return Some(Cow::Owned(Varying::Text(format!("{x} {y}").into())));
    }
    if attribute == Attribute::Object {
        let object = || Cow::Owned(Varying::Text(Arc::clone(&frame.of.sop_instance.0)));
        return (frame.stored.frames > 1).then(object);
    }
    frame.attribute(attribute).map(Cow::Borrowed)
}

fn of_attribute(frames: &[Arc<Frame>], attribute: Attribute) -> Option<Coded> {
    let mut known: HashMap<Option<Exact>, u32> = HashMap::new();
    let mut values: Vec<Option<Varying>> = Vec::new();
    let mut codes = Vec::with_capacity(frames.len());
    for frame in frames {
        let value = value_of(frame, attribute);
        let code = *known.entry(value.as_deref().map(|value| exact(attribute, value))).or_insert_with(|| {
            values.push(value.map(Cow::into_owned));
            u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
        });
        codes.push(code);
    }
    if values.len() < 2 {
        return None;
    }
    // Ascending, so that stacks stand in the order of their values.
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| {
        let number = |i: &usize| match values.get(*i) {
            Some(Some(Varying::Number(number))) => *number,
            Some(Some(_)) => 0.0,
            Some(None) | None => f64::NEG_INFINITY,
        };
        let text = |i: &usize| match values.get(*i) {
            Some(Some(Varying::Text(text))) => Some(Arc::clone(text)),
            _ => None,
        };
        number(a).total_cmp(&number(b)).then_with(|| text(a).cmp(&text(b)))
    });
    let mut place = vec![0_u32; values.len()];
    for (new, old) in (0_u32..).zip(&order) {
        if let Some(slot) = place.get_mut(*old) {
            *slot = new;
        }
    }
    let codes = codes.iter().map(|code| place.get(*code as usize).copied().unwrap_or(0)).collect();
    let values = order.into_iter().filter_map(|old| values.get(old).cloned()).collect();
    Some(Coded { attribute, codes, values })
}

impl Coded {
    pub(super) fn value(&self, frame: usize) -> Option<&Varying> {
        self.values.get(*self.codes.get(frame)? as usize)?.as_ref()
    }
}
