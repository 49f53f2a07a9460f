//! M01, M02, U02: what a shape measures, and with what.

use super::{bugs, isodense, measure, near, text, warnings};

/// Rows 2 mm, columns 0.5 mm apart; 32 x 32 pixels.
const ANISOTROPIC: &str = "M01_anisotropic/aniso.dcm";
/// 16 x 16 pixels of 1 mm.
const SMALL: &str = "V09_negative_slope/neg.dcm";

#[test]
fn lengths_angles_and_areas_use_both_spacings() {
    let Some(_) = bugs() else { return };
    // 8 columns are 4 mm, 1.5 rows 3 mm.
    near(&measure(ANISOTROPIC, "length 10,10 18,11.5")["length_mm"], 5.0, "3-4-5");
    let angle = measure(ANISOTROPIC, "angle 18,10 10,10 18,11.5");
    near(&angle["angle_deg"], (3.0_f64 / 4.0).atan().to_degrees(), "angle");
    near(&measure(ANISOTROPIC, "rect 2,2 12,7")["area_mm2"], 10.0 * 5.0, "area");
    let round = measure(ANISOTROPIC, "ellipse 16,16 8,2");
    near(&round["area_mm2"], std::f64::consts::PI * 16.0, "ellipse");
}

#[test]
fn a_region_outside_the_image_says_so() {
    let Some(_) = bugs() else { return };
    for shape in ["ellipse 100,100 3,3", "rect 20,20 25,25", "polygon -9,-9 -3,-9 -3,-3"] {
        let answer = isodense("measure", SMALL, &["--shape", shape]);
        assert_eq!(answer.code, 1, "{shape}");
        assert!(
            answer.err.contains("outside the image") && !answer.err.contains("smaller"),
            "{}",
            answer.err
        );
    }
}

#[test]
fn a_region_partly_outside_says_its_area_and_the_part_inside() {
    let Some(_) = bugs() else { return };
    // The image ends at -0.5: of 6 x 4 pixels there 3.5 x 2.5.
    let found = measure(SMALL, "rect -3,-2 3,2");
    near(&found["area_mm2"], 24.0, "outline");
    near(&found["area_inside_mm2"], 8.75, "inside");
    assert_eq!(found["n"], 12);
    let words = text("measure", SMALL, &["--shape", "rect -3,-2 3,2"]);
    assert!(
        words.contains("area 24.0 mm²") && words.contains("partly outside the image: 8.8 mm²"),
        "{words}"
    );
    let half = measure(SMALL, "ellipse -0.5,7 6,3");
    near(&half["area_mm2"], std::f64::consts::PI * 18.0, "ellipse");
    let inside = half["area_inside_mm2"].as_f64().unwrap();
    assert!((inside - std::f64::consts::PI * 9.0).abs() < 1e-4, "{inside}");
    assert!(measure(SMALL, "rect -0.5,-0.5 15.5,15.5")["area_inside_mm2"].is_null(), "that is all of it");
    let part = isodense("measure", SMALL, &["--shape", "rect -9,-9 -0.2,-0.2"]);
    assert!(part.err.contains("partly outside"), "{}", part.err);
}

#[test]
fn a_region_is_smaller_than_a_pixel_only_when_it_is() {
    let Some(_) = bugs() else { return };
    let says = |shape: &str| isodense("measure", SMALL, &["--shape", shape]).err;
    assert!(says("rect 2.2,2.2 2.6,2.6").contains("smaller than one pixel"));
    let narrow = says("rect 2.2,2 2.6,12");
    assert!(narrow.contains("narrower than a pixel") && !narrow.contains("smaller"), "{narrow}");
    assert!(says("polygon 2,2 5,5 9,9").contains("encloses no area"));
}

#[test]
fn an_outline_that_crosses_itself_or_runs_twice_says_so() {
    let Some(_) = bugs() else { return };
    let eight = "polygon 2,2 12,12 12,2 2,12";
    near(&measure(SMALL, eight)["area_mm2"], 50.0, "two triangles of 25");
    near(&measure(SMALL, eight)["area_twice_mm2"], 0.0, "no part of it twice");
    let words = text("measure", SMALL, &["--shape", eight]);
    assert!(words.contains("crosses itself") && words.contains("even-odd"), "{words}");
    let twice = isodense("measure", SMALL, &["--shape", "polygon 2,2 8,2 8,8 2,8 2,2 8,2 8,8 2,8"]);
    assert_eq!((twice.code, twice.out.as_str()), (1, ""), "never 0.0 mm²");
    assert!(twice.err.contains("twice") && twice.err.contains("even-odd"), "{}", twice.err);
    // Twice round, the second time further in: the inner 16 count as outside.
    let inner = "polygon 2,2 8,2 8,8 2,8 2,2 3,3 7,3 7,7 3,7 3,3";
    near(&measure(SMALL, inner)["area_mm2"], 20.0, "36 less 16");
    near(&measure(SMALL, inner)["area_twice_mm2"], 16.0, "twice");
    assert!(
        text("measure", SMALL, &["--shape", inner]).contains("16.0 mm² inside it twice counts as outside")
    );
    assert!(measure(SMALL, "polygon 2,2 8,2 8,8 2,8")["area_twice_mm2"].is_null());
}

#[test]
fn projections_say_what_their_millimetres_are() {
    let Some(_) = bugs() else { return };
    for (name, right, calibration) in [
        ("ermf", 1.6, "at_detector_magnification_estimated"),
        ("ermf_below1", 2.0, "at_detector"),
        ("ermf0", 2.0, "at_detector"),
        ("sid_sod", 1.6, "at_detector_magnification_estimated"),
        ("sid_sod_swapped", 2.0, "at_detector"),
        ("both_equal_ermf", 1.6, "at_detector_magnification_estimated"),
        ("both_other", 2.0, "at_detector"),
        ("corrected", 1.6, "at_detector_magnification_estimated"),
        ("ermf_and_sid", 1.6, "at_detector_magnification_estimated"),
        ("geometry", 1.6, "corrected_geometry"),
    ] {
        let input = format!("U02_xray/{name}.dcm");
        let found = measure(&input, "length 2,3 12,3");
        near(&found["length_mm"], right, name);
        assert_eq!(found["calibration"], calibration, "{name}");
        // Never both.
        let (said, words) = (warnings(&input), text("measure", &input, &["--shape", "length 2,3 12,3"]));
        let at_detector = said.contains("measured at the detector");
        assert_eq!(at_detector, calibration == "at_detector", "{name}: {said}");
        assert_eq!(words.contains("at the detector"), calibration == "at_detector", "{name}: {words}");
        let magnified = said.contains("divided by an estimated magnification of 1.250");
        assert_eq!(magnified, calibration.ends_with("estimated"), "{name}: {said}");
        let disagree = matches!(name, "both_other" | "ermf_and_sid");
        assert_eq!(said.contains("disagree"), disagree, "{name}: {said}");
    }
    let nominal = measure("U02_xray/nominal.dcm", "length 2,3 12,3");
    near(&nominal["length_px"], 10.0, "the pixels of a scanned film say nothing of the patient");
}
