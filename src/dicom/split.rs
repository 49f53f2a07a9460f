//! One DICOM series into stacks: by shape first, then, where frames lie at one place, by what varies there.
//!
//! 1. By *shape*: direction (packs of slices half a degree apart are two), size, pixel spacing, colour, scout or not. More than [`MOST_SMALL`] shapes of one or
//!    two frames each stay together: a rotation is one stack, a localizer in three planes is three.
//! 2. Frames without a place stay in the order of their numbers; every object of many frames (a clip) is a stack.
//! 3. Where frames of one shape lie at one place, the attribute that tells them apart splits them ([`choose`]).
//!
//! The same frames give the same stacks, in whatever order they come.

use std::collections::HashSet;
use std::sync::Arc;

use super::header::Instance;
use super::stack::{exactly_one_direction, same_direction};
use crate::geometry::{FramePlane, Mm, PixelSpacing};
use crate::image::{Attribute, Frame, FrameSize, SopInstanceUid, Varying};

mod choose;
#[cfg(test)]
mod holes;
mod name;
mod order;
mod places;
#[cfg(test)]
mod tests;
mod value;

use choose::by_attributes;
use value::Said;

/// Shapes of one or two frames beyond this many are one stack.
const MOST_SMALL: usize = 6;
/// A shape of this many frames is always a stack of its own.
const NOT_SMALL: usize = 3;
/// Shapes that are told apart at most: every frame is compared with each.
const MOST_SHAPES: usize = 512;

/// The frames of one stack, in the order in which they are shown where their places do not say it.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub frames: Vec<Arc<Frame>>,
    /// What tells it from its neighbours, for keys; empty where there are none.
    pub id: String,
    /// The same for people.
    pub name: String,
    /// All frames lie at one place and differ by an attribute: a film, not duplicates.
    pub film: bool,
}

/// What the frames of a stack have in common.
#[derive(Debug, Clone)]
struct Shape {
    plane: Option<FramePlane>,
    size: FrameSize,
    spacing: Option<PixelSpacing>,
    color: bool,
    scout: bool,
    /// The object, of a clip without places, and its number.
    clip: Option<(SopInstanceUid, Option<i32>)>,
}

impl Shape {
    fn of(frame: &Frame, placed: bool) -> Self {
        let clip = !placed && frame.stored.frames > 1;
        Self {
            plane: frame.plane.filter(|_| placed),
            size: frame.size,
            spacing: frame.spacing.filter(|_| placed),
            color: frame.color,
            scout: placed && is_scout(frame),
            clip: clip.then(|| (frame.of.sop_instance.clone(), frame.instance_number)),
        }
    }

    fn holds(&self, other: &Self) -> bool {
        if self.clip != other.clip || self.size != other.size {
            return false;
        }
        match (&self.plane, &other.plane) {
            (Some(a), Some(b)) => {
                self.color == other.color
                    && self.scout == other.scout
                    && same_direction(a, b)
                    && same_spacing(self.spacing, other.spacing)
            }
            // Photographs of several kinds in one size are one list.
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// Whether two spacings are one, as far as rounding in headers goes.
pub(super) fn same_spacing(a: Option<PixelSpacing>, b: Option<PixelSpacing>) -> bool {
    let near = |a: Mm, b: Mm| (a - b).abs().0 <= 1e-4 * a.abs().0.max(b.abs().0);
    match (a, b) {
        (Some(a), Some(b)) => {
            near(a.between_rows, b.between_rows) && near(a.between_columns, b.between_columns)
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Image Type LOCALIZER: a scout, scanogram, topogram, surview.
fn is_scout(frame: &Frame) -> bool {
    match frame.attribute(Attribute::ImageType) {
        Some(Varying::Text(kind)) => kind.split('\\').any(|word| word == "LOCALIZER"),
        _ => false,
    }
}

/// Frames of one shape.
#[derive(Debug)]
struct Class {
    shape: Shape,
    frames: Vec<Arc<Frame>>,
}

/// Splits the frames of the instances of one DICOM series into stacks: no frame is lost, none is in two.
pub(super) fn split(mut frames: Vec<Arc<Frame>>, instances: &[Arc<Instance>]) -> Vec<Group> {
    let said = Said::new(instances);
    frames.sort_by(|a, b| (a.instance_number, &a.of).cmp(&(b.instance_number, &b.of)));
    let (classes, rest) = gather(classes(frames).into_iter().flat_map(packs).collect());
    let names = name::of_shapes(&classes.iter().map(|class| &class.shape).collect::<Vec<_>>());
    let several = classes.len() + usize::from(!rest.is_empty()) > 1;
    let mut groups = Vec::new();
    for (class, name) in classes.into_iter().zip(names) {
        let id = if several { name::shape_id(&class.shape) } else { String::new() };
        let name = if several { name } else { String::new() };
        let placed = class.shape.plane.is_some();
        let parts =
            if placed { by_attributes(class.frames, &said) } else { vec![Group::plain(class.frames)] };
        groups.extend(parts.into_iter().map(|part| Group {
            id: joined(&id, &part.id, ";"),
            name: joined(&name, &part.name, ", "),
            ..part
        }));
    }
    if !rest.is_empty() {
        let (id, name) = if several { ("rest", "single images") } else { ("", "") };
        groups.push(Group { id: id.to_owned(), name: name.to_owned(), ..Group::plain(rest) });
    }
    name::make_unique(&mut groups);
    groups
}

impl Group {
    fn plain(frames: Vec<Arc<Frame>>) -> Self {
        Self { frames, id: String::new(), name: String::new(), film: false }
    }
}

fn joined(a: &str, b: &str, between: &str) -> String {
    match (a.is_empty(), b.is_empty()) {
        (_, true) => a.to_owned(),
        (true, false) => b.to_owned(),
        (false, false) => format!("{a}{between}{b}"),
    }
}

/// Frames by shape, in the order in which the shapes first come.
fn classes(frames: Vec<Arc<Frame>>) -> Vec<Class> {
    // An object with a place for its first frame only has none.
    let mut unplaced: HashSet<SopInstanceUid> = HashSet::new();
    for frame in frames.iter().filter(|frame| frame.plane.is_none() && frame.stored.frames > 1) {
        unplaced.insert(frame.of.sop_instance.clone());
    }
    let mut classes: Vec<Class> = Vec::new();
    let mut last = 0;
    for frame in frames {
        let placed =
            frame.plane.is_some() && (unplaced.is_empty() || !unplaced.contains(&frame.of.sop_instance));
        let shape = Shape::of(&frame, placed);
        // Neighbours are mostly alike.
        let found = match classes.get(last) {
            Some(class) if class.shape.holds(&shape) => Some(last),
            _ => classes.iter().position(|class| class.shape.holds(&shape)),
        };
        let room = classes.len() < MOST_SHAPES;
        last = found.or_else(|| (!room).then(|| classes.len() - 1)).unwrap_or(classes.len());
        match classes.get_mut(last) {
            Some(class) => class.frames.push(frame),
            None => classes.push(Class { shape, frames: vec![frame] }),
        }
    }
    classes
}

/// Frames of nearly one direction as the packs that they are: some slices of exactly one direction each. Where a
/// direction has fewer than that, it is noise in the header.
fn packs(class: Class) -> Vec<Class> {
    let mut packs: Vec<Class> = Vec::new();
    for frame in &class.frames {
        let Some(plane) = frame.plane.filter(|_| class.shape.plane.is_some()) else { return vec![class] };
        let holds = |pack: &Class| pack.shape.plane.is_some_and(|own| exactly_one_direction(&own, &plane));
        if let Some(pack) = packs.iter_mut().find(|pack| holds(pack)) {
            pack.frames.push(Arc::clone(frame));
        } else if packs.len() < MOST_SMALL {
            let shape = Shape { plane: Some(plane), ..class.shape.clone() };
            packs.push(Class { shape, frames: vec![Arc::clone(frame)] });
        } else {
            return vec![class];
        }
    }
    let whole = packs.len() < 2 || packs.iter().any(|pack| pack.frames.len() < NOT_SMALL);
    if whole { vec![class] } else { packs }
}

/// Takes the small shapes together where they are too many to be stacks of their own.
fn gather(classes: Vec<Class>) -> (Vec<Class>, Vec<Arc<Frame>>) {
    let is_small = |class: &Class| class.frames.len() < NOT_SMALL;
    let placed = classes.iter().filter(|c| is_small(c) && c.shape.plane.is_some()).count();
    // Radiographs of one examination have a size each: one list, unless some of them are many alike.
    let pictures = classes.iter().filter(|c| c.shape.plane.is_none() && c.shape.clip.is_none());
    let loose = pictures.clone().count() > 1 && pictures.clone().any(is_small);
    let (small, own): (Vec<_>, Vec<_>) = classes.into_iter().partition(|class| {
        is_small(class) && if class.shape.plane.is_some() { placed > MOST_SMALL } else { loose }
    });
    let mut rest: Vec<Arc<Frame>> = small.into_iter().flat_map(|class| class.frames).collect();
    rest.sort_by(|a, b| (a.instance_number, &a.of).cmp(&(b.instance_number, &b.of)));
    (own, rest)
}
