//! Planes through the reference volumes against an independent tool (numpy and `SimpleITK`: `truth.json`): places of voxels,
//! interpolated values, whole planes, gaps, tilt and letters.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use glam::DVec3;
use isodense::dicom::{ScanEvent, assemble, load_frame, scan};
use isodense::geometry::{EdgeLetters, FramePlane, Mm, PatientPoint, PixelSpacing, SliceStack};
use isodense::image::{FrameSize, Samples, Series, Volume};
use isodense::render::{sample_plane, value_at};
use isodense::view::{Interpolation, Slab};
use isodense::work::{Cancel, Progress};
use serde_json::Value;

use common::{data, truth};

/// The series of a reference volume; `None` where its files are several stacks.
fn series_of(data: &Path, name: &str, volume: &Value) -> Option<Series> {
    let folder: PathBuf = data.join(name.split('#').next().unwrap());
    let found = Mutex::new(Vec::new());
    scan(&[folder], &Cancel::default(), &Progress::default(), |event| {
        if let ScanEvent::Found(instance) = event {
            found.lock().unwrap().push(*instance);
        }
    });
    let (all, _) = assemble(found.into_inner().unwrap());
    let count = usize::try_from(volume["n_slices"].as_u64().unwrap()).unwrap();
    let first = volume["files_sorted_along_normal"][0].as_str().map(str::to_owned);
    let holds = |series: &Series| {
        first.as_ref().is_none_or(|file| series.frames.iter().any(|frame| frame.stored.path.ends_with(file)))
    };
    all.into_iter().find(|series| series.frames.len() == count && holds(series))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn point(value: &Value) -> PatientPoint {
    let [x, y, z] = numbers(value).try_into().unwrap();
    PatientPoint::new(x, y, z)
}

fn index(value: &Value, key: &str) -> usize {
    usize::try_from(value[key].as_u64().unwrap()).unwrap()
}

/// How many numbers of each name were held against the reference.
type Counts = BTreeMap<&'static str, usize>;

#[test]
fn planes_are_as_the_reference_says() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let mut counts = Counts::new();
    for (name, expected) in truth["volumes"].as_object().unwrap() {
        let series = series_of(&data, name, expected);
        if expected["several_orientations"] == true {
            assert!(series.is_none(), "{name}: one volume of several orientations");
            continue;
        }
        let series = series.unwrap();
        let volume = Volume::new(&series, |frame| load_frame(frame).ok().map(Arc::new)).unwrap();
        assert!(volume.samples.iter().all(Option::is_some), "{name}");
        check_places(&mut counts, name, &volume, expected);
        check_letters(&mut counts, name, &volume.slices, expected);
        check_samples(&mut counts, name, &volume, expected);
        check_voxel_planes(&mut counts, name, &volume, expected);
    }
    println!("{counts:?}");
    let volumes = truth["volumes"].as_object().unwrap().values();
    let all = |key: &str, each: usize| {
        volumes.clone().filter_map(|volume| volume[key].as_array()).map(Vec::len).sum::<usize>() / each
    };
    assert_eq!(counts["voxel"], all("voxel_centres_mm", 1));
    assert_eq!(counts["gap"], all("gaps_mm", 1));
    assert_eq!(counts["sample"], all("linear_samples", 1));
    assert_eq!((counts["letters"], counts["shear"]), (12, 12), "the truth has not shrunk");
    let planes = volumes.filter(|volume| volume.get("voxel_plane_row").is_some()).count();
    assert_eq!(counts["plane"], 2 * planes);
    assert!(planes >= 8 && counts["sample"] >= 30, "the truth has not shrunk");
}

fn check_places(counts: &mut Counts, name: &str, volume: &Volume, expected: &Value) {
    let stack = &*volume.slices;
    for voxel in expected["voxel_centres_mm"].as_array().unwrap() {
        let at = ["col", "row", "k"].map(|key| index(voxel, key) as f64);
        let ours = stack.patient_from_voxel(DVec3::from_array(at));
        assert!(ours.distance(point(&voxel["xyz"])).0 < 1e-3, "{name}: {ours:?} {voxel}");
        // And back, through the shear and the uneven steps.
        let back = stack.voxel_from_patient(ours).unwrap();
        assert!(back.distance(DVec3::from_array(at)) < 1e-6, "{name}: {back} {voxel}");
        // The value there is the voxel's own, of the acquired frame.
        let frame = &volume.frames[index(voxel, "k")];
        let place = index(voxel, "row") * stack.size()[0] + index(voxel, "col");
        let stored = volume.samples[index(voxel, "k")].as_ref().unwrap().stored(place).unwrap();
        if !frame.padding.is_some_and(|padding| padding.contains(stored)) {
            let (ours, theirs) = (value_at(volume, ours).unwrap(), frame.transform.value(stored));
            assert!((ours - theirs).abs() < 1e-3, "{name}: {ours} {theirs}");
        }
        *counts.entry("voxel").or_default() += 1;
    }
    let gaps = numbers(&expected["gaps_mm"]);
    assert_eq!(gaps.len() + 1, stack.slices(), "{name}");
    for (pair, gap) in stack.places().windows(2).zip(&gaps) {
        assert!((pair[1] - pair[0] - gap).abs() < 1e-3, "{name}: {pair:?} {gap}");
        *counts.entry("gap").or_default() += 1;
    }
    let normal = stack.first().normal();
    let shift = |pair: &[DVec3]| {
        let step = pair[1] - pair[0];
        (step - normal * step.dot(normal)).length()
    };
    let most = stack.origins().windows(2).map(shift).fold(0.0, f64::max);
    assert!(
        (most - expected["in_plane_shift_per_step_mm_max"].as_f64().unwrap()).abs() < 1e-3,
        "{name}: {most}"
    );
    assert_eq!(most > 0.1, expected["sheared_stack"] == true, "{name}");
    if let Some(tilt) = expected["gantry_tilt"].as_str().and_then(|text| text.parse::<f64>().ok()) {
        // The table moves along the patient's axis: the way from slice to slice is that far off the normal.
        let way = (*stack.origins().last().unwrap() - stack.origins()[0]).normalize();
        let degrees = way.dot(normal).clamp(-1.0, 1.0).acos().to_degrees();
        assert!((degrees - tilt.abs()).abs() < 0.05, "{name}: {degrees} {tilt}");
        *counts.entry("tilt").or_default() += 1;
    }
    *counts.entry("shear").or_default() += 1;
}

/// The letters of a plane along the stack's axes, as they are cut from it and not only as they are stored.
fn check_letters(counts: &mut Counts, name: &str, stack: &SliceStack, expected: &Value) {
    let own = stack.first();
    let (plane, _) = stack.covering(stack.middle(), own.right(), own.down()).unwrap();
    let letters = EdgeLetters::of(&plane);
    assert_eq!(Value::from(vec![letters.left, letters.right]), expected["image_left_right"], "{name}");
    assert_eq!(Value::from(vec![letters.top, letters.bottom]), expected["image_top_bottom"], "{name}");
    *counts.entry("letters").or_default() += 1;
}

fn check_samples(counts: &mut Counts, name: &str, volume: &Volume, expected: &Value) {
    let range = ["max", "min"].map(|key| expected["volume_stats"][key].as_f64().unwrap_or(f64::NAN));
    for sample in expected["linear_samples"].as_array().into_iter().flatten() {
        let (at, theirs) = (point(&sample["xyz"]), sample["value"].as_f64().unwrap());
        let voxel = volume.slices.voxel_from_patient(at).unwrap();
        let listed = numbers(&sample["continuous_index_col_row_slice"]);
        assert!(voxel.distance(DVec3::from_slice(&listed)) < 1e-3, "{name}: {voxel} {listed:?}");
        let ours = value_at(volume, at).unwrap();
        let allowed = 1e-4 * (range[0] - range[1]);
        assert!((ours - theirs).abs() <= allowed, "{name}: {ours} {theirs} at {at:?}");
        // A plane through the point, however it is turned, shows the same.
        let (right, down) = (DVec3::new(0.6, 0.64, 0.48), DVec3::new(-0.8, 0.48, 0.36));
        let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
        let plane = FramePlane::new(at, right, down, spacing).unwrap();
        let one = FrameSize { columns: 1, rows: 1 };
        let shown = sample_plane(volume, &plane, one, Slab::default(), Interpolation::Linear);
        assert!((shown.stored(0).unwrap() - theirs).abs() <= allowed, "{name}: {shown:?} {theirs}");
        *counts.entry("sample").or_default() += 1;
    }
}

/// The coronal and sagittal planes of voxels: a pixel of the plane for each voxel of it.
fn check_voxel_planes(counts: &mut Counts, name: &str, volume: &Volume, expected: &Value) {
    let stack = &*volume.slices;
    let (own, [columns, rows]) = (stack.first(), stack.size());
    let between = Mm((stack.places()[stack.slices() - 1]) / (stack.slices() - 1) as f64);
    let planes = [
        ("voxel_plane_row", DVec3::Y, own.right(), own.spacing().between_columns, columns),
        ("voxel_plane_col", DVec3::X, own.down(), own.spacing().between_rows, rows),
    ];
    for (key, axis, right, step, width) in planes {
        let Some(truth) = expected.get(key) else { continue };
        let origin = stack.patient_from_voxel(axis * index(truth, "index") as f64);
        let spacing = PixelSpacing::new(between, step).unwrap();
        let plane = FramePlane::new(origin, right, own.normal(), spacing).unwrap();
        let size = FrameSize { columns: width, rows: stack.slices() };
        let Samples::F32(values) = sample_plane(volume, &plane, size, Slab::default(), Interpolation::Linear)
        else {
            panic!("not f32")
        };
        let wide: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
        let mean = wide.iter().sum::<f64>() / wide.len() as f64;
        let sd = (wide.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / wide.len() as f64).sqrt();
        let low = wide.iter().copied().fold(f64::INFINITY, f64::min);
        let high = wide.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let range = truth["max"].as_f64().unwrap() - truth["min"].as_f64().unwrap();
        for (ours, which) in [(mean, "mean"), (low, "min"), (high, "max"), (sd, "sd_population")] {
            let theirs = truth[which].as_f64().unwrap();
            assert!((ours - theirs).abs() <= 1e-4 * range, "{name} {key} {which}: {ours} {theirs}");
        }
        *counts.entry("plane").or_default() += 1;
    }
}
