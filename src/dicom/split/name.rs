//! What stacks are called.

use std::collections::HashMap;

use super::value::{Coded, rounded};
use super::{Group, Shape};
use crate::image::{Attribute, Varying};
use crate::numbers::{decimal, shortest};

/// A normal within this cosine of an axis is called by it alone: some 10 degrees.
const UPRIGHT: f64 = 0.985;

/// Names of shapes, each of what tells it from the others; one shape has none.
pub(super) fn of_shapes(shapes: &[&Shape]) -> Vec<String> {
    let scouts = shapes.iter().filter(|shape| shape.scout).count();
    let placed = shapes.iter().any(|shape| shape.plane.is_some());
    let mut names: Vec<String> = shapes
        .iter()
        .map(|shape| match (&shape.clip, shape.plane) {
            (Some((_, Some(number))), _) => format!("clip {number}"),
            (Some((_, None)), _) => "clip".to_owned(),
            (None, None) if placed => "no position".to_owned(),
            (None, None) => size(shape),
            (None, Some(_)) if shape.scout && scouts == 1 && shapes.len() > 1 => "scout".to_owned(),
            (None, Some(_)) if shape.scout && scouts < shapes.len() => format!("{} scout", direction(shape)),
            (None, Some(_)) => direction(shape).to_owned(),
        })
        .collect();
    let more: [fn(&Shape) -> String; 4] = [
        |shape| if shape.clip.is_some() { String::new() } else { size(shape) },
        spacing,
        |shape| if shape.color { "colour".to_owned() } else { String::new() },
        tilt,
    ];
    for add in more {
        let parts: Vec<String> = shapes.iter().map(|shape| add(shape)).collect();
        // What shapes of one name do not differ in says nothing.
        let telling: Vec<bool> = (0..names.len())
            .map(|at| {
                let differs =
                    |other: usize| names.get(other) == names.get(at) && parts.get(other) != parts.get(at);
                (0..names.len()).any(differs)
            })
            .collect();
        for ((name, part), telling) in names.iter_mut().zip(parts).zip(telling) {
            if telling && !part.is_empty() {
                *name = format!("{name}, {part}");
            }
        }
    }
    names
}

fn direction(shape: &Shape) -> &'static str {
    let Some(plane) = shape.plane else { return "" };
    let normal = plane.normal().abs();
    if normal.z >= normal.x && normal.z >= normal.y {
        "axial"
    } else if normal.y >= normal.x {
        "coronal"
    } else {
        "sagittal"
    }
}

/// By how much it leans from the axis that it is called by.
fn tilt(shape: &Shape) -> String {
    let Some(plane) = shape.plane else { return String::new() };
    let cosine = plane.normal().abs().max_element().min(1.0);
    if cosine >= UPRIGHT {
        String::new()
    } else {
        format!("{}° oblique", decimal(cosine.acos().to_degrees(), 0))
    }
}

fn size(shape: &Shape) -> String {
    format!("{} x {}", shape.size.columns, shape.size.rows)
}

fn spacing(shape: &Shape) -> String {
    shape.spacing.map_or_else(String::new, |spacing| {
        format!("{} x {} mm", decimal(spacing.between_columns.0, 2), decimal(spacing.between_rows.0, 2))
    })
}

/// A shape's identity: by values, so that another shape does not change it.
pub(super) fn shape_id(shape: &Shape) -> String {
    if let Some((object, _)) = &shape.clip {
        return format!("clip {object}");
    }
    let Some(plane) = shape.plane else { return format!("no place {}", size(shape)) };
    let numbers = [plane.right(), plane.down()].map(|v| format!("{:.2},{:.2},{:.2}", v.x, v.y, v.z));
    let kind = match (shape.scout, shape.color) {
        (true, _) => " scout",
        (false, true) => " colour",
        (false, false) => "",
    };
    format!("{} {}{kind}", numbers.join(","), joined(&size(shape), &spacing(shape)))
}

fn joined(a: &str, b: &str) -> String {
    if b.is_empty() { a.to_owned() } else { format!("{a} {b}") }
}

/// An attribute's value as part of a stack's identity.
pub(super) fn value_id(attribute: Attribute, value: Option<&Varying>) -> String {
    match value {
        Some(Varying::Number(number)) => format!("{attribute:?}={}", rounded(*number)),
        Some(Varying::Direction([x, y, z])) => format!("{attribute:?}={x:.3},{y:.3},{z:.3}"),
        Some(Varying::Text(text)) => format!("{attribute:?}={text}"),
        None => format!("{attribute:?}"),
    }
}

pub(super) fn order_id(by: Option<Attribute>, rank: u32) -> String {
    by.map_or_else(|| format!("Number#{rank}"), |by| format!("{by:?}#{rank}"))
}

/// The k-th at its place.
pub(super) fn of_order(by: Option<Attribute>, rank: u32) -> String {
    match by {
        Some(Attribute::TriggerDelay) => format!("phase {rank}"),
        Some(Attribute::Acquisition) | None => format!("set {rank}"),
        Some(_) => format!("time {rank}"),
    }
}

/// The value that a frame's group has; `None` where it says nothing.
pub(super) fn of_value(coded: &Coded, frame: usize) -> Option<String> {
    let code = coded.codes.get(frame).copied().unwrap_or(0);
    let Some(value) = coded.value(frame) else {
        return (coded.attribute == Attribute::Contrast).then(|| "no contrast".to_owned());
    };
    Some(match value {
        Varying::Number(number) => of_number(coded.attribute, *number, code),
        Varying::Direction(_) => format!("direction {}", directions_before(coded, code) + 1),
        Varying::Text(_) if matches!(coded.attribute, Attribute::Other(_)) => format!("set {}", code + 1),
        Varying::Text(text) if coded.attribute == Attribute::ImageType => own_words(text, coded),
        Varying::Text(_) if coded.attribute == Attribute::InPlane => format!("position {}", code + 1),
        Varying::Text(_) if coded.attribute == Attribute::Object => format!("object {}", code + 1),
        Varying::Text(text) => of_text(coded.attribute, text),
    })
}

/// Directions are numbered without those images that have none.
fn directions_before(coded: &Coded, code: u32) -> usize {
    coded.values.iter().take(code as usize).filter(|value| value.is_some()).count()
}

fn of_number(attribute: Attribute, number: f64, code: u32) -> String {
    let n = plain(rounded(number));
    match attribute {
        Attribute::Segment => format!("segment {n}"),
        Attribute::BValue => format!("b = {n} s/mm²"),
        Attribute::EchoTime => format!("TE {n} ms"),
        Attribute::EchoNumber => format!("echo {n}"),
        Attribute::InversionTime => format!("TI {n} ms"),
        Attribute::RepetitionTime => format!("TR {n} ms"),
        Attribute::FlipAngle => format!("flip {n}°"),
        Attribute::TubeVoltage => format!("{n} kV"),
        Attribute::CardiacPercent => format!("phase {n} %"),
        Attribute::TriggerDelay => format!("trigger {n} ms"),
        Attribute::TemporalPosition => format!("time {n}"),
        Attribute::TemporalOffset => format!("{n} s"),
        Attribute::Contrast => "contrast".to_owned(),
        Attribute::Acquisition => format!("acquisition {n}"),
        Attribute::FrameReferenceTime => format!("{} s", plain(rounded(number / 1000.0))),
        Attribute::AcquisitionTime | Attribute::ContentTime => clock(number),
        Attribute::Dimension(which) => format!("dimension {} = {n}", which + 1),
        Attribute::Thickness => format!("{n} mm thick"),
        Attribute::Kernel
        | Attribute::InPlane
        | Attribute::Object
        | Attribute::ContrastPhase
        | Attribute::ImageType
        | Attribute::ComplexComponent
        | Attribute::GradientDirection
        | Attribute::Sequence
        | Attribute::StackId
        | Attribute::Other(_) => format!("set {}", code + 1),
    }
}

fn of_text(attribute: Attribute, text: &str) -> String {
    let text = text.replace('\\', " ");
    if attribute == Attribute::Kernel {
        format!("kernel {text}")
    } else if attribute == Attribute::StackId {
        format!("stack ID {text}")
    } else {
        text.to_lowercase()
    }
}

/// A time of day.
fn clock(seconds: f64) -> String {
    let day = seconds.rem_euclid(86_400.0);
    let (hours, minutes) = ((day / 3600.0).floor(), (day / 60.0).floor() % 60.0);
    format!("{hours:02.0}:{minutes:02.0}:{:04.1}", (day % 60.0).clamp(0.0, 59.9))
}

fn plain(number: f64) -> String {
    shortest(number, 3)
}

/// The words of an image type that not all of them have.
fn own_words(text: &str, coded: &Coded) -> String {
    let others: Vec<&str> = coded
        .values
        .iter()
        .filter_map(|value| match value {
            Some(Varying::Text(text)) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    let in_all = |word: &str| others.iter().all(|other| other.split('\\').any(|own| own == word));
    let mut words: Vec<&str> = text.split('\\').filter(|word| !word.is_empty() && !in_all(word)).collect();
    words.dedup();
    if words.is_empty() {
        return "plain".to_owned();
    }
    words.into_iter().map(spoken).collect::<Vec<_>>().join(" ")
}

fn spoken(word: &str) -> String {
    match word {
        "M" | "MAGNITUDE" | "M_FFE" | "M_SE" | "M_IR" => "magnitude".to_owned(),
        "P" | "PHASE" => "phase".to_owned(),
        "R" | "REAL" => "real".to_owned(),
        "I" | "IMAGINARY" => "imaginary".to_owned(),
        "ADC" | "FA" | "MIP" | "MPR" => word.to_owned(),
        word => word.to_lowercase().replace('_', " "),
    }
}

/// Stacks of one name are numbered; no two have one identity.
pub(super) fn make_unique(groups: &mut [Group]) {
    if groups.len() < 2 {
        for group in groups {
            group.id.clear();
            group.name.clear();
        }
        return;
    }
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut ids: HashMap<String, usize> = HashMap::new();
    for group in groups.iter() {
        *names.entry(group.name.clone()).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for group in groups {
        if names.get(&group.name).is_some_and(|count| *count > 1) {
            let number = seen.entry(group.name.clone()).or_default();
            *number += 1;
            group.name = if group.name.is_empty() {
                format!("set {number}")
            } else {
                format!("{} ({number})", group.name)
            };
        } else if group.name.is_empty() {
            "others".clone_into(&mut group.name);
        }
        let same = ids.entry(group.id.clone()).or_default();
        *same += 1;
        if *same > 1 {
            group.id = format!("{}#{same}", group.id);
        }
    }
}
