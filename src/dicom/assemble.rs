//! Instances into series: grouped, sorted by place, checked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::header::Instance;
use super::scan::Problem;
use super::split::{Group, split};
use super::stack::{Stack, film, stack};
use super::suv;
use crate::image::{
    Calibration, CompressionRatio, Frame, FrameIndex, FrameOfReference, Lossy, Part, Series, SeriesKey,
    SopInstanceUid, Warning,
};

/// Groups instances by patient, study and series.
///
/// A second copy of an object is left out and reported, and so is another object of the same identity. The result does not depend on the order given.
pub fn assemble(instances: Vec<Instance>) -> (Vec<Series>, Vec<Problem>) {
    let mut groups: BTreeMap<_, Vec<Arc<Instance>>> = BTreeMap::new();
    for instance in instances {
        // One patient's name may be written in two ways: the key knows.
        let key = SeriesKey::new(&instance.patient, &instance.study, &instance.series);
        groups.entry(key).or_default().push(Arc::new(instance));
    }
    let mut all = Vec::with_capacity(groups.len());
    let mut problems = Vec::new();
    for group in groups.values() {
        let (series, duplicates) = assemble_series(group);
        all.extend(series);
        problems.extend(duplicates);
    }
    // Stable: what is equal here keeps the order of its identifiers.
    all.sort_by(|a: &Series, b: &Series| {
        let key =
            |s: &Series| (s.patient.id.clone(), s.study.date.clone(), s.study.time.clone(), s.info.number);
        key(a).cmp(&key(b))
    });
    (all, problems)
}

/// Makes the stacks of one series of instances that belong together; none of no instances.
///
/// Where objects of several patients or studies claim to be one series, the largest part is it and the others
/// are reported: one patient's images never stand under another's name.
/// Cheap enough to be called again whenever another file of the series has arrived.
pub fn assemble_series(instances: &[Arc<Instance>]) -> (Vec<Series>, Vec<Problem>) {
    let (instances, strangers) = of_one_patient(instances);
    let (instances, mut problems, others) = without_duplicates(&instances);
    problems.extend(strangers);
    let mut stacks = stacks(&instances);
    if others > 0
        && let Some(first) = stacks.first_mut()
    {
        first.warnings.push(Warning::TwoVersions { count: others });
    }
    (stacks, problems)
}

/// The stacks of the instances of one series.
fn stacks(instances: &[Arc<Instance>]) -> Vec<Series> {
    let groups = split(suv::frames_of(instances), instances);
    let (files, count) = (instances.len(), groups.len());
    if count < 2 {
        let whole = groups.into_iter().next().unwrap_or_default();
        return one_stack(instances, whole).into_iter().collect();
    }
    // Which instances have a frame in a stack; documents among images are counted with the first one.
    let by_uid: HashMap<&SopInstanceUid, usize> =
        instances.iter().enumerate().map(|(index, instance)| (&instance.sop_instance, index)).collect();
    let stacks = groups.into_iter().enumerate().filter_map(|(index, group)| {
        let mut own: BTreeSet<usize> =
            group.frames.iter().filter_map(|frame| by_uid.get(&frame.of.sop_instance).copied()).collect();
        if index == 0 {
            let documents = instances.iter().enumerate().filter(|(_, instance)| instance.frames.is_empty());
            own.extend(documents.map(|(index, _)| index));
        }
        let own: Vec<Arc<Instance>> =
            own.into_iter().filter_map(|index| instances.get(index).map(Arc::clone)).collect();
        let part =
            Part { id: group.id.as_str().into(), name: group.name.clone(), number: index + 1, count, files };
        Some(Series { part: Some(part), ..one_stack(&own, group)? })
    });
    stacks.collect()
}

/// One stack of the instances that have frames in it.
fn one_stack(instances: &[Arc<Instance>], group: Group) -> Option<Series> {
    let first = instances.first()?;
    let mut warnings = Warnings::default();
    let space = space(instances, &mut warnings);
    let Stack { frames, grid, slices, warnings: of_stack } =
        if group.film { film(group.frames) } else { stack(group.frames) };
    warnings.extend(of_stack);
    if instances.iter().any(|instance| instance.mosaic) {
        warnings.add(Warning::Mosaic);
    }
    for frame in &frames {
        warnings.extend(own_warnings(frame));
    }
    for instance in instances {
        warnings.extend(instance.warnings.iter().cloned());
    }
    Some(Series {
        patient: Arc::clone(&first.patient),
        study: Arc::clone(&first.study),
        info: first.series.clone(),
        part: None,
        space,
        frames,
        grid,
        slices,
        files: instances.len(),
        warnings: warnings.0,
        index: FrameIndex::default(),
    })
}

/// The instances of the patient and study that most are of, and the others as problems.
fn of_one_patient(instances: &[Arc<Instance>]) -> (Vec<Arc<Instance>>, Vec<Problem>) {
    let whose = |instance: &Arc<Instance>| {
        let (id, name) = (&instance.patient.id, &instance.patient.name);
        // One patient's name may be written in two ways, if there is an ID to know by.
        let name = if id.reveal().is_empty() { Some(name.clone()) } else { None };
        (id.clone(), name, instance.study.uid.clone())
    };
    let mut parts: BTreeMap<_, Vec<Arc<Instance>>> = BTreeMap::new();
    for instance in instances {
        parts.entry(whose(instance)).or_default().push(Arc::clone(instance));
    }
    let mut parts: Vec<Vec<Arc<Instance>>> = parts.into_values().collect();
    // Stable: of parts of one size the first by identifier.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut parts = parts.into_iter();
    let own = parts.next().unwrap_or_default();
    let problem = |instance: Arc<Instance>| {
        let reason = "its series belongs to another patient or study that is open: open it by itself";
        unused(&instance, reason.to_owned())
    };
    (own, parts.flatten().map(problem).collect())
}

fn unused(instance: &Instance, reason: String) -> Problem {
    Problem { path: instance.path.to_path_buf(), reason, bytes: instance.content.whereabouts() }
}

/// The instances in a fixed order, each object once; and how many of the others are no copies.
fn without_duplicates(instances: &[Arc<Instance>]) -> (Vec<Arc<Instance>>, Vec<Problem>, usize) {
    let mut sorted: Vec<&Arc<Instance>> = instances.iter().collect();
    sorted.sort_by(|a, b| (a.instance_number, &a.path).cmp(&(b.instance_number, &b.path)));
    let mut seen: HashMap<&SopInstanceUid, &Arc<Instance>> = HashMap::new();
    let mut kept = Vec::with_capacity(sorted.len());
    let mut problems = Vec::new();
    let mut others = 0;
    for instance in sorted {
        if let Some(first) = seen.get(&instance.sop_instance) {
            let first_path = first.path.display();
            let reason = match first.content.is_same_as(&instance.content) {
                Some(true) => format!("same image as {first_path}"),
                Some(false) => {
                    others += 1;
                    format!(
                        "another image with the same identity (UID); open it by itself. Shown is {first_path}"
                    )
                }
                None => format!("perhaps the same image as {first_path}: the two could not be compared"),
            };
            problems.push(unused(instance, reason));
        } else {
            seen.insert(&instance.sop_instance, instance);
            kept.push(Arc::clone(instance));
        }
    }
    (kept, problems, others)
}

/// The one space that all images declare, or the series' own.
fn space(instances: &[Arc<Instance>], warnings: &mut Warnings) -> FrameOfReference {
    let mut declared = instances.iter().map(|instance| instance.frame_of_reference.as_ref());
    let first = declared.next().flatten();
    let one = declared.all(|other| other == first);
    match first {
        Some(uid) if one => return FrameOfReference::Declared(Arc::clone(uid)),
        Some(_) | None if !one => {
            let what = "The images declare several Frames of Reference; marks hold for this series only.";
            warnings.add(Warning::Ignored(what.to_owned()));
        }
        Some(_) | None if instances.iter().any(|instance| !instance.frames.is_empty()) => {
            warnings.add(Warning::NoFrameOfReference);
        }
        Some(_) | None => {}
    }
    let uid = instances.first().map(|instance| instance.series.uid.clone());
    FrameOfReference::OnlyThisSeries(uid.unwrap_or_else(|| crate::image::SeriesUid::new("")))
}

/// What to say about one frame, whatever it stands beside.
fn own_warnings(frame: &Frame) -> Vec<Warning> {
    let mut warnings = Vec::new();
    match frame.calibration {
        Calibration::None if frame.regions.iter().any(|region| region.spacing.is_some()) => {
            warnings.push(Warning::InRegions);
        }
        Calibration::None => warnings.push(Warning::NotCalibrated),
        Calibration::AtDetector { magnification: None } => warnings.push(Warning::AtDetector),
        Calibration::AtDetector { magnification: Some(factor) } => {
            warnings.push(Warning::Magnified { factor });
        }
        Calibration::InPatient
        | Calibration::InRegion
        | Calibration::Corrected { .. }
        | Calibration::ByReader(_) => {}
    }
    if let Some(lossy) = frame.lossy {
        warnings.push(Warning::Lossy(lossy));
    }
    if frame.plane.is_none() && !frame.warnings.contains(&Warning::PlacesDetector) {
        warnings.push(Warning::NoPosition);
    }
    warnings.extend(frame.warnings.iter().cloned());
    warnings
}

/// Warnings, each once, in the order they came up.
#[derive(Default)]
struct Warnings(Vec<Warning>);

impl Warnings {
    fn add(&mut self, warning: Warning) {
        // Every slice has a ratio of its own: the series says the highest.
        if let Warning::Lossy(lossy) = warning {
            let ratio = |lossy: &Lossy| lossy.ratio.map_or(0.0, CompressionRatio::value);
            for said in &mut self.0 {
                if let Warning::Lossy(said) = said
                    && said.certain == lossy.certain
                {
                    if ratio(&lossy) > ratio(said) {
                        *said = lossy;
                    }
                    return;
                }
            }
        }
        if !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }

    fn extend(&mut self, warnings: impl IntoIterator<Item = Warning>) {
        for warning in warnings {
            self.add(warning);
        }
    }
}
