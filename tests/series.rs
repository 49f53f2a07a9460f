//! Series against the reference: order, gaps, places in the patient, edge letters, what is not a volume.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use isodense::dicom::{Instance, Problem, ScanEvent, assemble, read_header, scan};
use isodense::geometry::{EdgeLetters, PatientPoint, PixelPoint};
use isodense::image::{Series, SeriesKind, ValueUnit, Warning};
use isodense::work::{Cancel, Progress};
use serde_json::Value;

use common::{data, truth};

fn scanned(paths: &[PathBuf]) -> (Vec<Instance>, Vec<Problem>) {
    let found = Mutex::new((Vec::new(), Vec::new()));
    scan(paths, &Cancel::default(), &Progress::default(), |event| {
        let mut found = found.lock().unwrap();
        match event {
            ScanEvent::Found(instance) => found.0.push(*instance),
            ScanEvent::Skipped(problem) => found.1.push(problem),
        }
    });
    found.into_inner().unwrap()
}

/// The series of a reference volume: its folder holds other series too.
fn series_of(data: &Path, name: &str, volume: &Value) -> Series {
    let folder = data.join(name.split('#').next().unwrap());
    let (instances, _) = scanned(&[folder]);
    let (all, _) = assemble(instances);
    let count = usize::try_from(volume["n_slices"].as_u64().unwrap()).unwrap();
    let wanted = volume["files_sorted_along_normal"][0].as_str().map(str::to_owned);
    let holds = |series: &Series| {
        wanted.as_ref().is_none_or(|file| series.frames.iter().any(|frame| frame.stored.path.ends_with(file)))
    };
    all.into_iter().find(|series| series.frames.len() == count && holds(series)).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn volumes_are_sorted_and_placed_as_the_reference_says() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    for (name, volume) in truth["volumes"].as_object().unwrap() {
        if volume["several_orientations"] == true {
            two_orientations(&data, name, volume);
            continue;
        }
        let series = series_of(&data, name, volume);
        println!("{name}: {:?} {:?}", series.kind(), series.warnings);
        let files: Vec<&str> = series
            .frames
            .iter()
            .map(|frame| frame.stored.path.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(Value::from(files), volume["files_sorted_along_normal"], "{name}: order");
        let planes: Vec<_> = series.frames.iter().map(|frame| frame.plane.unwrap()).collect();
        for (plane, expected) in planes.iter().zip(numbers(&volume["position_along_normal_mm"])) {
            assert!((plane.position_along_normal().0 - expected).abs() < 1e-3, "{name}: position");
        }
        for (pair, expected) in planes.windows(2).zip(numbers(&volume["gaps_mm"])) {
            let gap = pair[1].position_along_normal() - pair[0].position_along_normal();
            assert!((gap.0 - expected).abs() < 1e-3, "{name}: gap {gap} is not {expected}");
        }
        let letters = EdgeLetters::of(&planes[0]);
        let sides = [&letters.left, &letters.right, &letters.top, &letters.bottom];
        let expected = ["image_left_right", "image_top_bottom"].map(|key| volume[key].as_array().unwrap());
        for (found, expected) in sides.into_iter().zip(expected.into_iter().flatten()) {
            let expected = expected.as_str().unwrap();
            assert_eq!(found, expected, "{name}: letters");
        }
        let spacing = numbers(&volume["pixel_spacing_row_col"]);
        assert!((planes[0].spacing().between_rows.0 - spacing[0]).abs() < 1e-9, "{name}: spacing");
        assert!((planes[0].spacing().between_columns.0 - spacing[1]).abs() < 1e-9, "{name}: spacing");
        voxels(name, &series, volume);
        let even = volume["uniform_within_2_percent"] == true;
        assert_eq!(series.grid.is_ok(), even, "{name}: {:?}", series.grid);
        let tilted = series.warnings.iter().any(|warning| matches!(warning, Warning::Tilt { .. }));
        assert_eq!(Value::from(tilted), volume["sheared_stack"], "{name}: tilt");
    }
}

/// No volume over two directions: each is a stack, and the stacks hold every file once.
fn two_orientations(data: &Path, name: &str, volume: &Value) {
    let (stacks, _) = assemble(scanned(&[data.join(name.split('#').next().unwrap())]).0);
    let names: Vec<_> = stacks.iter().map(|stack| stack.part.as_ref().unwrap().name.as_str()).collect();
    assert_eq!(names, ["sagittal", "axial"], "{name}");
    let frames: usize = stacks.iter().map(|stack| stack.frames.len()).sum();
    assert_eq!(Value::from(frames), volume["n_slices"]);
    for stack in &stacks {
        let first = stack.frames[0].plane.unwrap().normal();
        assert!(stack.frames.iter().all(|frame| frame.plane.unwrap().normal().dot(first) > 0.9999));
        assert!(stack.grid.is_ok(), "{name}: {:?}", stack.grid);
    }
}

/// Voxel centres by the frame itself and, where there is one, by the grid.
fn voxels(name: &str, series: &Series, volume: &Value) {
    for voxel in volume["voxel_centres_mm"].as_array().unwrap() {
        let [k, row, col] = ["k", "row", "col"].map(|key| voxel[key].as_f64().unwrap());
        let expected = numbers(&voxel["xyz"]);
        let expected = PatientPoint::new(expected[0], expected[1], expected[2]);
        let frame = &series.frames[usize::try_from(voxel["k"].as_u64().unwrap()).unwrap()];
        let found = frame.plane.unwrap().patient_from_pixel(PixelPoint::new(col, row));
        assert!(found.distance(expected).0 < 2e-3, "{name}: {found:?} is not {expected:?}");
        if let Ok(grid) = series.grid {
            let found = grid.patient_from_voxel((col, row, k).into());
            // Positions of mr_brain_ge_pd are rounded, so an affine grid is off by a part of a millimetre.
            assert!(found.distance(expected).0 < 0.2, "{name}: grid {found:?} is not {expected:?}");
        }
    }
}

#[test]
fn frames_of_enhanced_objects_have_their_own_place() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    for (name, object) in truth["multiframe"].as_object().unwrap() {
        let instance = read_header(&data.join(name)).unwrap();
        assert_eq!(Value::from(instance.frames.len()), object["frames"], "{name}");
        for expected in object["list"].as_array().unwrap() {
            let index = usize::try_from(expected["frame_1based"].as_u64().unwrap()).unwrap() - 1;
            let frame = &instance.frames[index];
            let plane = frame.plane.unwrap();
            let position = numbers(&expected["image_position"]);
            let position = PatientPoint::new(position[0], position[1], position[2]);
            assert!(plane.origin().distance(position).0 < 1e-6, "{name} frame {}", index + 1);
            let orientation = numbers(&expected["image_orientation"]);
            assert!(
                (plane.right().x - orientation[0]).abs() < 1e-5
                    && (plane.down().z - orientation[5]).abs() < 1e-5
            );
            let spacing = numbers(&expected["pixel_spacing_row_col"]);
            assert!((plane.spacing().between_rows.0 - spacing[0]).abs() < 1e-9);
        }
    }
}

#[test]
fn units_are_hounsfield_only_in_computed_tomography() {
    let Some(data) = data() else { return };
    let unit = |folder: &str| {
        let (series, _) = assemble(scanned(&[data.join(folder)]).0);
        series
            .into_iter()
            .find(|series| series.kind() == SeriesKind::Volume || series.frames.len() > 4)
            .unwrap()
            .frames[0]
            .unit
            .clone()
    };
    assert_eq!(unit("ct_head_ge_tilt"), ValueUnit::Hounsfield);
    assert_eq!(unit("mr_brain_uih_t1_sag"), ValueUnit::Stored);
    assert_eq!(unit("pet_qin_headneck/PET"), ValueUnit::Declared("BQML".into()));
}

#[test]
fn every_file_of_the_test_data_is_found_or_explained() {
    let Some(data) = data() else { return };
    let (instances, problems) = scanned(std::slice::from_ref(&data));
    let found = instances.len();
    let frames_found: Vec<(PathBuf, usize)> =
        instances.iter().map(|instance| (instance.path.to_path_buf(), instance.frames.len())).collect();
    let (series, duplicates) = assemble(instances);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for problem in &problems {
        *reasons.entry(problem.reason.clone()).or_default() += 1;
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for series in &series {
        *kinds.entry(series.kind().name()).or_default() += 1;
    }
    println!("{found} objects, {} series {kinds:?}, {} duplicates", series.len(), duplicates.len());
    println!("{reasons:#?}");
    for problem in problems
        .iter()
        .filter(|problem| problem.reason.contains("no DICOM") || problem.reason.contains("missing"))
    {
        println!("{}: {}", problem.path.display(), problem.reason);
    }
    // Of a series of several stacks the first one counts the files of all.
    let files: usize = series
        .iter()
        .map(|series| match &series.part {
            Some(part) if part.number == 1 => part.files,
            Some(_) => 0,
            None => series.files,
        })
        .sum();
    assert_eq!(files + duplicates.len(), found);
    // Every frame of every file that is used is in exactly one stack.
    let unused = |path: &PathBuf| duplicates.iter().any(|problem| problem.path == *path);
    let expected: usize =
        frames_found.iter().filter(|(path, _)| !unused(path)).map(|(_, frames)| frames).sum();
    let mut shown: Vec<_> = series
        .iter()
        .flat_map(|series| &series.frames)
        .map(|frame| (&frame.stored.path, frame.of.frame_number))
        .collect();
    assert_eq!(shown.len(), expected);
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), expected, "a frame is in two stacks");
    let keys: BTreeSet<_> = series.iter().map(Series::key).collect();
    assert_eq!(keys.len(), series.len(), "two stacks have one key");
    assert!(problems.iter().chain(&duplicates).all(|problem| !problem.reason.is_empty()));
    // Files of one identity: copies, and the traps and encodings of one image, which are none.
    let counts = isodense::dicom::by_reason(&duplicates);
    println!("{counts:?}");
    let kinds: Vec<_> = counts.iter().map(|(kind, _)| kind.as_str()).collect();
    let other = "another image with the same identity (UID) as one that is shown";
    assert_eq!(kinds, [other, "second copy of an image"]);
}
