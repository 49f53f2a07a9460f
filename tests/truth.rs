//! `truth.json` `multiframe` and `volumes`: every number that `golden` and `series` leave, with nothing left over.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and report")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use isodense::dicom::{load_frame, read_header};
use isodense::image::{Frame, ModalityTransform};
use serde_json::Value;

use common::{data, truth};

/// How many numbers of each name were compared.
#[derive(Default)]
struct Checked(BTreeMap<String, usize>);

impl Checked {
    fn near(&mut self, place: &str, name: &str, ours: f64, theirs: f64, tolerance: f64) {
        assert!((ours - theirs).abs() <= tolerance, "{place} {name}: {ours} is not {theirs}");
        *self.0.entry(name.to_owned()).or_default() += 1;
    }

    fn all_near(&mut self, place: &str, name: &str, ours: &[f64], theirs: &Value, tolerance: f64) {
        let theirs = numbers(theirs);
        assert_eq!(ours.len(), theirs.len(), "{place} {name}");
        let worst = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(worst <= tolerance, "{place} {name}: {ours:?} is not {theirs:?}");
        *self.0.entry(name.to_owned()).or_default() += 1;
    }

    fn same(&mut self, place: &str, name: &str, ours: impl Into<Value>, theirs: &Value) {
        assert_eq!(&ours.into(), theirs, "{place} {name}");
        *self.0.entry(name.to_owned()).or_default() += 1;
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// A number that the reference kept as text; `None` where it has none.
fn written(value: &Value) -> Option<f64> {
    value.as_str().and_then(|text| text.parse().ok())
}

fn modality_values(frame: &Frame) -> Vec<f64> {
    let samples = load_frame(frame).unwrap();
    (0..samples.len()).map(|index| frame.transform.value(samples.stored(index).unwrap())).collect()
}

/// Mean, smallest and largest value, and SD of the population.
fn statistics(values: impl Iterator<Item = f64> + Clone) -> [f64; 4] {
    let (mut n, mut sum, mut low, mut high) = (0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY);
    for value in values.clone() {
        (n, sum, low, high) = (n + 1.0, sum + value, low.min(value), high.max(value));
    }
    let mean = sum / n;
    let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
    [mean, low, high, (squares / n).sqrt()]
}

fn check_statistics(checked: &mut Checked, place: &str, name: &str, ours: [f64; 4], theirs: &Value) {
    for (key, ours) in ["mean", "min", "max", "sd_population"].into_iter().zip(ours) {
        let expected = theirs[key].as_f64().unwrap();
        // The reference sums in another order.
        let tolerance = if matches!(key, "min" | "max") { 1e-9 } else { 1e-7 } * expected.abs().max(1.0);
        checked.near(place, &format!("{name} {key}"), ours, expected, tolerance);
    }
}

/// Every key of these objects must be checked here, or named as checked elsewhere.
fn nothing_left_over<'a>(objects: impl Iterator<Item = &'a Value>, checked: &Checked, elsewhere: &[&str]) {
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    for key in objects.flat_map(|object| object.as_object().unwrap().keys()) {
        *totals.entry(key).or_default() += 1;
    }
    let unknown: BTreeSet<&str> = totals
        .iter()
        .filter(|(key, _)| !elsewhere.contains(key))
        .filter(|(key, total)| checked.0.get(**key) != Some(total))
        .map(|(key, _)| *key)
        .collect();
    assert!(unknown.is_empty(), "not all checked: {unknown:?} of {totals:?}, {:?}", checked.0);
    println!("{:?}", checked.0);
}

#[test]
fn every_frame_of_every_multi_frame_object_is_as_the_reference_says() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let objects = truth["multiframe"].as_object().unwrap();
    let mut checked = Checked::default();
    for (name, object) in objects {
        let instance = read_header(&data.join(name)).unwrap();
        checked.same(name, "frames", instance.frames.len(), &object["frames"]);
        for expected in object["list"].as_array().unwrap() {
            let number = usize::try_from(expected["frame_1based"].as_u64().unwrap()).unwrap();
            let place = format!("{name} frame {number}");
            check_frame(&mut checked, &place, &instance.frames[number - 1], expected);
        }
    }
    let frames = objects.values().flat_map(|object| object["list"].as_array().unwrap());
    // `golden` reads the pixels and measures the ellipses.
    nothing_left_over(frames, &checked, &["frame_1based", "pixels"]);
    assert_eq!((objects.len(), checked.0["mean"]), (6, 22), "the truth has not shrunk");
}

fn check_frame(checked: &mut Checked, place: &str, frame: &Frame, expected: &Value) {
    let plane = frame.plane.unwrap();
    checked.all_near(
        place,
        "image_position",
        &plane.origin().0.to_array(),
        &expected["image_position"],
        1e-9,
    );
    let orientation = [plane.right().to_array(), plane.down().to_array()].concat();
    checked.all_near(place, "image_orientation", &orientation, &expected["image_orientation"], 1e-5);
    let spacing = [plane.spacing().between_rows.0, plane.spacing().between_columns.0];
    checked.all_near(place, "pixel_spacing_row_col", &spacing, &expected["pixel_spacing_row_col"], 1e-12);
    let thickness = written(&expected["slice_thickness"]).unwrap();
    checked.near(place, "slice_thickness", frame.thickness.unwrap().0, thickness, 1e-12);
    let ModalityTransform::Rescale { slope, intercept } = frame.transform else { panic!("{place}: a table") };
    checked.near(place, "rescale_slope", slope, expected["rescale_slope"].as_f64().unwrap(), 1e-12);
    let expected_intercept = expected["rescale_intercept"].as_f64().unwrap();
    checked.near(place, "rescale_intercept", intercept, expected_intercept, 1e-12);
    let [mean, low, high, _] = statistics(modality_values(frame).into_iter());
    for (name, ours) in [("mean", mean), ("min", low), ("max", high)] {
        let theirs = expected[name].as_f64().unwrap();
        checked.near(place, name, ours, theirs, 1e-9 * theirs.abs().max(1.0));
    }
    let ellipse = &expected["ellipse"];
    let counted = ellipse["n"].as_f64().unwrap() * plane.spacing().pixel_area_mm2();
    checked.near(place, "ellipse", counted, ellipse["area_mm2_counted"].as_f64().unwrap(), 1e-6);
}

/// The frames of a reference volume, in the reference's own order.
fn frames_of(data: &Path, name: &str, volume: &Value) -> Option<Vec<Arc<Frame>>> {
    let folder = data.join(name.split('#').next().unwrap());
    let files = volume["files_sorted_along_normal"].as_array()?;
    let read = |file: &Value| {
        let instance = read_header(&folder.join(file.as_str().unwrap())).unwrap();
        assert_eq!(instance.frames.len(), 1, "{name}");
        if let Some(uid) = volume["frame_of_reference"].as_str().filter(|uid| *uid != "None") {
            assert_eq!(instance.frame_of_reference.as_deref(), Some(uid), "{name}");
        }
        Arc::clone(&instance.frames[0])
    };
    Some(files.iter().map(read).collect())
}

#[test]
fn every_volume_is_as_the_reference_says() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let volumes = truth["volumes"].as_object().unwrap();
    let mut checked = Checked::default();
    for (name, volume) in volumes {
        let Some(frames) = frames_of(&data, name, volume) else {
            assert_eq!(volume["several_orientations"], true, "{name}");
            check_orientations(&mut checked, &data.join(name), volume);
            continue;
        };
        *checked.0.entry("frame_of_reference".to_owned()).or_default() += 1;
        checked.same(name, "n_slices", frames.len(), &volume["n_slices"]);
        checked.same(name, "rows", frames[0].size.rows, &volume["rows"]);
        checked.same(name, "cols", frames[0].size.columns, &volume["cols"]);
        check_places(&mut checked, name, &frames, volume);
        check_values(&mut checked, name, &frames, volume);
    }
    let elsewhere = [
        // `series` and `golden` hold the order, the letters, the voxel centres and the single images.
        "files_sorted_along_normal",
        "image_left_right",
        "image_top_bottom",
        "voxel_centres_mm",
        "images",
        // Attributes that are no geometry, and are not read for it.
        "spacing_between_slices",
        "gantry_tilt",
        "patient_position",
        // What other programs make of it; `reformat` holds what lies between slices.
        "simpleitk_gdcm",
        "linear_samples",
        "slice_spacing_for_resampling",
        "several_orientations",
        // Counted by the names of their numbers.
        "volume_stats",
        "voxel_plane_row",
        "voxel_plane_col",
    ];
    // Sizes of the volume of several orientations are not checked as one.
    let of_one = volumes.values().filter(|volume| volume["several_orientations"] != true);
    nothing_left_over(of_one.clone(), &checked, &elsewhere);
    for name in ["volume_stats", "voxel_plane_row", "voxel_plane_col"] {
        let total = of_one.clone().filter(|volume| volume.get(name).is_some()).count();
        assert_eq!(checked.0[&format!("{name} mean")], total, "{name}");
    }
    assert_eq!((volumes.len(), of_one.count()), (13, 12), "the truth has not shrunk");
}

fn check_orientations(checked: &mut Checked, folder: &Path, volume: &Value) {
    for group in volume["orientation_groups"].as_array().unwrap() {
        let files = group["files"].as_array().unwrap();
        assert_eq!(group["n"].as_u64(), Some(files.len() as u64));
        for file in files {
            let instance = read_header(&folder.join(file.as_str().unwrap())).unwrap();
            let plane = instance.frames[0].plane.unwrap();
            let ours = [plane.right().to_array(), plane.down().to_array()].concat();
            let place = file.as_str().unwrap();
            checked.all_near(place, "group orientation", &ours, &group["image_orientation"], 1e-5);
        }
    }
}

fn check_places(checked: &mut Checked, name: &str, frames: &[Arc<Frame>], volume: &Value) {
    let planes: Vec<_> = frames.iter().map(|frame| frame.plane.unwrap()).collect();
    let spacing = [planes[0].spacing().between_rows.0, planes[0].spacing().between_columns.0];
    checked.all_near(name, "pixel_spacing_row_col", &spacing, &volume["pixel_spacing_row_col"], 1e-9);
    let normal = planes[0].normal();
    for (key, ours) in
        [("row_cosine", planes[0].right()), ("col_cosine", planes[0].down()), ("normal", normal)]
    {
        checked.all_near(name, key, &ours.to_array(), &volume[key], 1e-5);
    }
    let positions: Vec<f64> = planes.iter().map(|plane| plane.position_along_normal().0).collect();
    let listed = &volume["position_along_normal_mm"];
    checked.all_near(name, "position_along_normal_mm", &positions, listed, 1e-3);
    let gaps: Vec<f64> = positions.windows(2).map(|pair| pair[1] - pair[0]).collect();
    checked.all_near(name, "gaps_mm", &gaps, &volume["gaps_mm"], 1e-3);
    let mut sorted = gaps.clone();
    sorted.sort_by(f64::total_cmp);
    let (least, most) = (sorted[0], sorted[sorted.len() - 1]);
    let median = f64::midpoint(sorted[sorted.len() / 2], sorted[(sorted.len() - 1) / 2]);
    for (key, ours) in [("gap_min", least), ("gap_max", most), ("gap_median", median)] {
        checked.near(name, key, ours, volume[key].as_f64().unwrap(), 1e-4);
    }
    checked.same(name, "uniform_within_0_01mm", most - least <= 0.01, &volume["uniform_within_0_01mm"]);
    let part = (most - median).max(median - least) / median;
    checked.same(name, "uniform_within_2_percent", part <= 0.02, &volume["uniform_within_2_percent"]);
    let shifts = planes.windows(2).map(|pair| {
        let step = pair[1].origin().0 - pair[0].origin().0;
        (step - normal * step.dot(normal)).length()
    });
    let shift = shifts.fold(0.0, f64::max);
    let listed = volume["in_plane_shift_per_step_mm_max"].as_f64().unwrap();
    checked.near(name, "in_plane_shift_per_step_mm_max", shift, listed, 1e-4);
    checked.same(name, "sheared_stack", shift > 0.1, &volume["sheared_stack"]);
    let thickness = frames[0].thickness.map(|thickness| thickness.0);
    assert_eq!(thickness, written(&volume["slice_thickness"]), "{name}: thickness");
    *checked.0.entry("slice_thickness".to_owned()).or_default() += 1;
}

/// Statistics of all voxels, and of the coronal and sagittal voxel planes through the middle.
fn check_values(checked: &mut Checked, name: &str, frames: &[Arc<Frame>], volume: &Value) {
    if volume.get("volume_stats").is_none() {
        return;
    }
    let slices: Vec<Vec<f64>> = frames.iter().map(|frame| modality_values(frame)).collect();
    let all = slices.iter().flatten().copied();
    check_statistics(checked, name, "volume_stats", statistics(all), &volume["volume_stats"]);
    let columns = frames[0].size.columns;
    let index = |key: &str| usize::try_from(volume[key]["index"].as_u64().unwrap()).unwrap();
    let (row, column) = (index("voxel_plane_row"), index("voxel_plane_col"));
    let of_row = slices.iter().flat_map(|slice| &slice[row * columns..(row + 1) * columns]).copied();
    check_statistics(checked, name, "voxel_plane_row", statistics(of_row), &volume["voxel_plane_row"]);
    let of_column = slices.iter().flat_map(|slice| slice.iter().skip(column).step_by(columns)).copied();
    check_statistics(checked, name, "voxel_plane_col", statistics(of_column), &volume["voxel_plane_col"]);
}
