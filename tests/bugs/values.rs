//! V01 to V14: what a pixel says.

use serde_json::Value;

use super::{bugs, first_line, frame, frames, isodense, json, measure, near, probe, text, warnings};

fn real_world<'a>(found: &'a Value, label: &str) -> Option<&'a Value> {
    found["real_world"].as_array()?.iter().find(|map| map["label"] == label)
}

#[test]
fn decimals_are_those_of_the_value_and_its_step() {
    let Some(_) = bugs() else { return };
    // Stored 800 + 10 row + column.
    for (input, pixel, right) in [
        ("V08_mr_signed_offset_adc/fix.dcm", "3,0", "0.000803 mm2/s (stored value 803)"),
        ("V08_mr_signed_offset_adc/exp.dcm", "3,0", "0.000803 mm2/s (stored value 803)"),
        ("W04_small_values/fa_window.dcm", "8,8", "0.888 mm2/s (stored value 888)"),
        ("V14_modality_lut/od.dcm", "2,1", "0.120 OD (stored value 12)"),
        ("V12_units/type_HU.dcm", "2,1", "1.2 HU (stored value 12)"),
        ("V04_offset_8192/off.dcm", "1,0", "0.0 HU (stored value 8192)"),
        ("M01_anisotropic/aniso.dcm", "3,2", "23 stored value"),
    ] {
        assert_eq!(first_line(input, pixel), right, "{input}");
    }
    // A region: 0.000866 is the mean of stored 844 to 888, 0.000844 its least value.
    let adc = text("measure", "V08_mr_signed_offset_adc/fix.dcm", &["--shape", "rect 4,4 8,8"]);
    assert!(adc.contains("mean 0.0008660 mm2/s, SD 0.0000145") && adc.contains("25 px"), "{adc}");
    assert!(adc.contains("min 0.0008440, median 0.0008660, max 0.0008880 mm2/s"), "{adc}");
}

#[test]
fn stored_values_become_modality_values() {
    let Some(_) = bugs() else { return };
    for (input, pixel, right) in [
        ("V01_philips_scale_slope/scale.dcm", "3,4", 43.0 * 1.2 - 5.0),
        ("V04_offset_8192/off.dcm", "0,0", -8192.0),
        ("V04_offset_8192/off.dcm", "2,0", 57343.0),
        ("V04_offset_8192/off.dcm", "3,0", 31808.0),
        ("V09_negative_slope/neg.dcm", "3,4", 57.0),
        ("V14_modality_lut/signed.dcm", "0,0", 0.0),
        ("V14_modality_lut/signed.dcm", "3,4", 300.0 * 43.0),
        ("V14_modality_lut/eight.dcm", "3,4", 43.0),
        ("V14_modality_lut/od.dcm", "3,4", 0.43),
        ("V14_modality_lut/both.dcm", "3,4", 430.0),
        ("V12_units/type_OD.dcm", "3,4", 0.0043),
    ] {
        near(&probe(input, pixel)["value"], right, input);
    }
}

#[test]
fn units_are_what_the_file_says_and_no_more() {
    let Some(_) = bugs() else { return };
    for (name, right) in [
        ("type_HU", "HU"),
        ("type_HU_pad", "HU"),
        ("no_type", "HU"),
        ("type_empty", "HU"),
        ("localizer", "HU"),
        ("type_HU_MOD", "HU_MOD"),
        ("type_MGML", "MGML"),
        ("type_Z_EFF", "Z_EFF"),
        ("type_ED", "ED"),
        ("type_EDW", "EDW"),
        ("type_PCT", "PCT"),
        ("type_OD", "OD"),
        ("type_US", "rescaled value"),
    ] {
        let found = probe(&format!("V12_units/{name}.dcm"), "2,1");
        assert_eq!(found["unit"], right, "{name}");
    }
    // A picture of a CT is none.
    assert_ne!(probe("V12_units/sc_of_ct.dcm", "2,1")["unit"], "HU");
}

#[test]
fn real_world_values_hold_within_their_ranges() {
    let Some(_) = bugs() else { return };
    let value = |input: &str, pixel: &str, label: &str| {
        real_world(&probe(input, pixel), label).map(|map| map["value"].as_f64().unwrap())
    };
    let rwvm = "V01_philips_scale_slope/rwvm.dcm";
    near(&value(rwvm, "3,4", "Philips").into(), 43.0 * 1.53455 - 3142.0, rwvm);
    let table = "V02_rwvm_lut/rwvlut.dcm";
    near(&value(table, "3,4", "SQ").into(), 43.0 * 43.0 / 10.0, table);
    near(&value(table, "0,1", "SQ").into(), 10.0, table);
    assert_eq!((value(table, "9,0", "SQ"), value(table, "1,15", "SQ")), (None, None));
    let ranges = "V13_rwvm_ranges/ranges.dcm";
    let all = |pixel| ["LOW", "HIGH", "ALL"].map(|label| value(ranges, pixel, label));
    assert_eq!(all("3,4"), [Some(43.0), None, Some(22.5)]);
    assert_eq!(all("3,12"), [None, Some(146.0), Some(62.5)]);
    // Stored -80 and, in the last corner, 85; as unsigned words the first one is 65456.
    for (input, label) in [("signed", "S"), ("signed_as_us", "W")] {
        let input = format!("V13_rwvm_ranges/{input}.dcm");
        near(&value(&input, "0,0", label).into(), -3.0, &input);
        near(&value(&input, "15,15", label).into(), 13.5, &input);
    }
}

#[test]
fn nan_infinity_and_padding_are_left_out_and_counted() {
    let Some(_) = bugs() else { return };
    for name in ["float", "double"] {
        let input = format!("V03_float_pixels/{name}.dcm");
        let found = measure(&input, "rect 0,0 7,7");
        assert_eq!(
            (&found["n"], &found["padding"], &found["nan"]),
            (&61.into(), &1.into(), &2.into()),
            "{name}"
        );
        // (10 row + column) / 7 of all but the first three and the last, which is 1.25e-7.
        let mut values: Vec<f64> = (0..64).map(|i| f64::from(10 * (i / 8) + i % 8) / 7.0).skip(3).collect();
        *values.last_mut().unwrap() = 1.25e-7;
        near(&found["mean"], values.iter().sum::<f64>() / 61.0, name);
        near(&found["min"], 1.25e-7, name);
        near(&found["max"], 76.0 / 7.0, name);
        let words = text("measure", &input, &["--shape", "rect 0,0 7,7"]);
        assert!(words.contains("3 of 64 px left out: padding or NaN"), "{words}");
        let only = isodense("measure", &input, &["--shape", "rect 2,0 2.4,0.4"]);
        assert!(only.code == 1 && only.err.contains("only padding"), "{}", only.err);
        let nan = isodense("measure", &input, &["--shape", "rect 0,0 0.4,0.4"]);
        assert!(nan.code == 1 && nan.err.contains("only NaN"), "{}", nan.err);
        assert!(text("probe", &input, &["--pixel", "2,0"]).contains("padding"), "{name}");
        let (frame, samples) = frame(&input);
        let window = isodense::render::auto_window(&frame, &samples, None);
        assert!(window.center.abs() < 12.0 && window.width < 15.0, "{window:?}");
    }
}

#[test]
fn each_frame_of_a_pet_has_its_own_slope() {
    let Some(_) = bugs() else { return };
    for name in ["enhanced", "legacy"] {
        let frames = frames(&format!("V07_enhanced_pet/{name}.dcm"));
        let values: Vec<f64> = frames.iter().map(|frame| frame.transform.value(143.0)).collect();
        assert_eq!(values, [1430.0, 2860.0], "{name}");
    }
}

/// `SUVbw` of 5000 Bq/ml by 70 kg and 350 `MBq`, F-18, so many seconds before the scan.
fn suv(seconds: f64) -> f64 {
    5000.0 * 70_000.0 / (350e6 * (-seconds / 6586.2).exp2())
}

#[test]
fn an_suv_follows_from_times_and_numbers_however_they_are_written() {
    let Some(_) = bugs() else { return };
    for (name, right) in [
        ("colons", suv(3600.0)),
        ("fraction", suv(3600.0)),
        ("short", suv(3600.0)),
        ("weight_comma", suv(3600.0)),
        ("corrected_one", suv(3600.0)),
        ("equal", suv(0.0)),
        ("weight_g", 1000.0 * suv(3600.0)),
    ] {
        let found = probe(&format!("V10_pet_text/{name}.dcm"), "3,3");
        near(&real_world(&found, "SUVbw").unwrap()["value"], right, name);
    }
    for name in ["weight_zero", "no_units", "no_decay_word", "minutes", "dose_neg", "before"] {
        let input = format!("V10_pet_text/{name}.dcm");
        assert_eq!(real_world(&probe(&input, "3,3"), "SUVbw"), None, "{name}");
        assert!(warnings(&input).contains("No SUV is shown"), "{name}");
    }
}

#[test]
fn an_implausible_weight_is_warned_of_wherever_the_suv_stands() {
    let Some(_) = bugs() else { return };
    let (input, says) = ("V10_pet_text/weight_g.dcm", "weight 70,000 kg: grams?");
    let found = probe(input, "3,3");
    assert_eq!(real_world(&found, "SUVbw").unwrap()["unit"], "g/ml (weight implausible)");
    assert!(found["warnings"][0].as_str().unwrap().contains(says), "{found}");
    assert!(text("probe", input, &["--pixel", "3,3"]).contains(says));
    assert!(text("measure", input, &["--shape", "rect 2,2 6,6"]).contains(says));
    assert!(
        json("measure", input, &["--shape", "rect 2,2 6,6"])["warnings"][0].as_str().unwrap().contains(says)
    );
    assert!(warnings(input).contains(says));
    let plain = "V10_pet_text/colons.dcm";
    assert_eq!(real_world(&probe(plain, "3,3"), "SUVbw").unwrap()["unit"], "g/ml");
    assert!(!text("probe", plain, &["--pixel", "3,3"]).contains("may be wrong"));
}
