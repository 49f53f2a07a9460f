//! G01 to G24: where images lie, and which of them are one stack.

use super::{bugs, frames, stacks, warnings};

/// Kind, frames and distance between slices of each stack.
fn found(input: &str) -> Vec<(String, u64, Option<f64>)> {
    let of = |stack: &serde_json::Value| {
        let between = stack["spacing_mm"]["between_slices"].as_f64();
        (stack["kind"].as_str().unwrap().to_owned(), stack["frames"].as_u64().unwrap(), between)
    };
    stacks(input).iter().map(of).collect()
}

fn is_volume(input: &str, slices: u64, between: f64) {
    let found = found(input);
    let [(kind, count, Some(step))] = found.as_slice() else { panic!("{input}: {found:?}") };
    assert_eq!((kind.as_str(), *count), ("volume", slices), "{input}");
    assert!((step - between).abs() < 1e-3, "{input}: {step}, {between} is right");
}

fn heights(input: &str) -> Vec<Option<f64>> {
    frames(input).iter().map(|frame| Some(frame.plane?.origin().0.z)).collect()
}

#[test]
fn nuclear_medicine_slices_lie_where_the_detector_sequence_places_them() {
    let Some(_) = bugs() else { return };
    for (name, step) in [("neg", -4.5), ("pos", 4.5)] {
        let input = format!("G01_nm_negative_spacing/{name}.dcm");
        let right: Vec<_> = (0..6).map(|k| Some(100.0 + step * f64::from(k))).collect();
        assert_eq!(heights(&input), right, "{name}");
        is_volume(&input, 6, 4.5);
        assert!(!warnings(&input).contains("does not say where"), "{name}");
    }
}

#[test]
fn projections_of_a_turning_detector_are_no_stack_and_say_why() {
    let Some(_) = bugs() else { return };
    let input = "G13_nm_wrong_z/tomo.dcm";
    assert!(heights(input).iter().all(Option::is_none));
    assert!(found(input).iter().all(|(kind, ..)| kind != "volume"));
    let said = warnings(input);
    assert!(said.contains("not supported") && !said.contains("does not say where"), "{said}");
}

#[test]
fn frames_go_by_their_places() {
    let Some(_) = bugs() else { return };
    for name in ["enhanced", "legacy"] {
        let input = format!("G02_ect_random_frames/{name}.dcm");
        let right = [3.0, 0.0, 5.0, 1.0, 4.0, 2.0, 7.0, 6.0].map(|slice| Some(2.0 * slice));
        assert_eq!(heights(&input), right);
        is_volume(&input, 8, 2.0);
    }
    for (input, slices, between) in [
        ("G05_iop_noise/a", 8, 3.0),
        ("G05_iop_noise/b", 8, 3.0),
        ("G05_iop_noise/c", 8, 3.0),
        ("G08_rounded_positions/a", 40, 0.3),
        ("G08_rounded_positions/b", 40, 0.625),
        ("G16_interleaved_half_positions/s", 12, 2.0),
        ("G18_concatenation/s", 8, 2.0),
    ] {
        is_volume(input, slices, between);
    }
    // 0.6 and 0.7 mm as written: 40 slices in one stack, and said to be uneven.
    assert_eq!(found("G08_rounded_positions/c"), [("stack".to_owned(), 40, None)]);
    assert!(warnings("G08_rounded_positions/c").contains("not evenly spaced"));
    let times = found("G03_philips_4d_dims/philips.dcm");
    assert_eq!(times.len(), 3);
    assert!(
        times.iter().all(|(kind, count, step)| (kind.as_str(), *count, *step) == ("volume", 4, Some(3.0)))
    );
}

#[test]
fn what_is_no_volume_is_none() {
    let Some(_) = bugs() else { return };
    let scout = found("G06_scout_in_series/s");
    assert!(scout.iter().any(|(kind, count, _)| (kind.as_str(), *count) == ("volume", 10)), "{scout:?}");
    assert!(scout.iter().any(|(kind, count, _)| (kind.as_str(), *count) == ("single", 1)), "{scout:?}");
    for input in
        ["G09_zero_spacing_cine/s", "G10_multiframe_no_position/mf.dcm", "G24_shared_position/shared.dcm"]
    {
        assert!(found(input).iter().all(|(kind, ..)| kind != "volume"), "{input}");
    }
    assert_eq!(heights("G24_shared_position/shared.dcm"), [Some(50.0); 4]);
    let own = [0.0, 2.0, 4.0, 6.0].map(Some);
    assert_eq!(heights("G24_shared_position/both.dcm"), own);
    assert_eq!(heights("G24_shared_position/hole.dcm"), [Some(0.0), Some(2.0), None, Some(6.0)]);
    for name in ["zero_iop", "parallel", "five", "nan", "ipp2", "ipp_nan"] {
        let input = format!("G21_bad_geometry/{name}");
        assert!(found(&input).iter().all(|(kind, ..)| kind != "volume"), "{name}");
    }
}

#[test]
fn sides_follow_the_orientation_and_not_the_patient_position() {
    let Some(_) = bugs() else { return };
    for (name, right) in
        [("ffp", ["L", "R", "P", "A"]), ("hfdl", ["P", "A", "R", "L"]), ("contradict", ["L", "R", "A", "P"])]
    {
        let stack = &stacks(&format!("G14_two_z_blocks_decubitus/{name}"))[0];
        let sides = ["left", "right", "top", "bottom"].map(|side| stack["edges"][side].as_str().unwrap());
        assert_eq!(sides, right, "{name}");
    }
}

#[test]
fn spacings_and_shapes_are_those_of_each_frame() {
    let Some(_) = bugs() else { return };
    let mixed = frames("G19_spacing_per_frame/mixed.dcm");
    let spacing = |frame: usize| mixed[frame].spacing.unwrap().between_rows.0;
    assert_eq!((spacing(0), spacing(1)), (1.0, 0.5));
    assert!((frames("G11_pixel_aspect/aspect.dcm")[0].pixel_aspect - 2.0).abs() < f64::EPSILON);
}

#[test]
fn frame_counts_that_disagree_are_survived() {
    let Some(_) = bugs() else { return };
    for name in ["three_items", "five_items"] {
        assert_eq!(frames(&format!("G23_frame_counts/{name}.dcm")).len(), 4, "{name}");
    }
    assert!(warnings("G23_frame_counts/pixels_short.dcm").contains("end early"));
}
