//! Values of attributes as small numbers, and as words.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::dicom::header::Instance;
use crate::dicom::marks::{Mark, follows_the_slice};
use crate::image::{Attribute, Frame, SopInstanceUid, Varying};

/// An attribute's values of some frames, as indices of the distinct ones; 0 is "not given".
#[derive(Debug, Clone)]
pub(super) struct Coded {
    pub attribute: Attribute,
    pub codes: Vec<u32>,
    /// Distinct values, ascending; the first frame's order where they have none.
    pub values: Vec<Option<Varying>>,
}

/// What the objects of a series say besides, looked up only where frames lie at one place.
pub(super) struct Said<'i> {
    instances: &'i [Arc<Instance>],
    of: OnceCell<HashMap<&'i SopInstanceUid, &'i [Mark]>>,
}

impl<'i> Said<'i> {
    pub(super) fn new(instances: &'i [Arc<Instance>]) -> Self {
        Self { instances, of: OnceCell::new() }
    }

    fn marks(&self, frame: &Frame) -> &'i [Mark] {
        let all = || self.instances.iter().map(|one| (&one.sop_instance, &*one.marks)).collect();
        self.of.get_or_init(all).get(&frame.of.sop_instance).copied().unwrap_or_default()
    }
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

/// All other attributes that have so many values among the frames, in the order of their tags.
pub(super) fn others(frames: &[Arc<Frame>], said: &Said<'_>, count: usize) -> Vec<Coded> {
    // Of each attribute its values so far, and which frame has which; none where it has too many.
    type Values = Option<(Vec<u32>, Vec<(usize, u32)>)>;
    let mut values: BTreeMap<u32, Values> = BTreeMap::new();
    for (index, frame) in frames.iter().enumerate() {
        for mark in said.marks(frame) {
            let entry = values.entry(mark.tag()).or_insert_with(|| Some((Vec::new(), Vec::new())));
            let Some((known, of_frames)) = entry else { continue };
            if !known.contains(&mark.value()) {
                known.push(mark.value());
            }
            of_frames.push((index, mark.value()));
            if known.len() > count {
                *entry = None;
            }
        }
    }
    let few = values.into_iter().filter_map(|(tag, values)| Some((tag, values?.1)));
    few.filter_map(|(tag, values)| of_marks(tag, &values, frames.len(), count)).collect()
}

/// An attribute that is not understood: its values in the order in which they first come.
fn of_marks(tag: u32, values: &[(usize, u32)], frames: usize, count: usize) -> Option<Coded> {
    let mut said = vec![None; frames];
    for (index, value) in values {
        *said.get_mut(*index)? = Some(*value);
    }
    let mut known: Vec<Option<u32>> = Vec::with_capacity(count);
    let mut codes = Vec::with_capacity(frames);
    for value in said {
        let code = known.iter().position(|one| *one == value).unwrap_or(known.len());
        if code == known.len() {
            // What has a value for each slice ends here.
            if code == count {
                return None;
            }
            known.push(value);
        }
        codes.push(u32::try_from(code).unwrap_or(u32::MAX));
    }
    let word = |value: Option<u32>| value.map(|value| Varying::Text(format!("{value:08x}").into()));
    let values: Vec<_> = known.into_iter().map(word).collect();
    (values.len() == count).then_some(Coded { attribute: Attribute::Other(tag), codes, values })
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
    /// Whether the value may change within one acquisition.
    pub(super) fn follows_the_slice(&self) -> bool {
        matches!(self.attribute, Attribute::Other(tag) if follows_the_slice(tag))
    }

    pub(super) fn value(&self, frame: usize) -> Option<&Varying> {
        self.values.get(*self.codes.get(frame)? as usize)?.as_ref()
    }
}
