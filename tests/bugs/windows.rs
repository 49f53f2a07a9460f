//! W01, W03, W04, D02: how values become grey.

use isodense::image::{Voi, VoiFunction, Window};
use isodense::render::{default_voi, thumbnail};

use super::{bugs, frame, frames, isodense, text, warnings};

/// Grey levels of the whole image of 16 x 16 as it is first shown, row by row.
fn levels(input: &str) -> Vec<u8> {
    let (frame, samples) = frame(input);
    let picture = thumbnail(&frame, &samples, &default_voi(&frame, &samples), 16);
    picture.pixels.iter().map(|pixel| pixel[0]).collect()
}

/// PS3.3 C.11.2.1.2.1 and C.11.2.1.3.
fn right(value: f64, center: f64, width: f64, function: VoiFunction) -> f64 {
    let linear = |low: f64, high: f64, ramp: f64| {
        if value <= low {
            0.0
        } else if value > high {
            255.0
        } else {
            ramp * 255.0
        }
    };
    match function {
        VoiFunction::Linear => {
            let half = (width - 1.0) / 2.0;
            let ramp = (value - (center - 0.5)) / (width - 1.0) + 0.5;
            linear(center - 0.5 - half, center - 0.5 + half, ramp)
        }
        VoiFunction::LinearExact => {
            linear(center - width / 2.0, center + width / 2.0, (value - center) / width + 0.5)
        }
        VoiFunction::Sigmoid => 255.0 / (1.0 + (-4.0 * (value - center) / width).exp()),
    }
}

fn shows(input: &str, of: impl Fn(usize, usize) -> f64, window: (f64, f64, VoiFunction), inverted: bool) {
    let (center, width, function) = window;
    for (index, level) in levels(input).into_iter().enumerate() {
        let value = of(index / 16, index % 16);
        let right = right(value, center, width, function);
        let right = if inverted { 255.0 - right } else { right };
        assert!((f64::from(level) - right).abs() <= 1.0, "{input}: {value} is {level}, {right} is right");
    }
}

fn ramp(row: usize, column: usize) -> f64 {
    (10 * row + column) as f64
}

#[test]
fn a_window_narrower_than_1_on_fractions_is_a_plain_ramp() {
    let Some(_) = bugs() else { return };
    let adc = |row, column| (800.0 + ramp(row, column)) * 1e-6;
    let exact = (0.000_88, 0.000_16, VoiFunction::LinearExact);
    shows("W04_small_values/adc_window.dcm", adc, exact, false);
    shows("W04_small_values/adc_exact.dcm", adc, exact, false);
    shows("V08_mr_signed_offset_adc/exp.dcm", adc, exact, false);
    shows("W04_small_values/adc_sigmoid.dcm", adc, (exact.0, exact.1, VoiFunction::Sigmoid), false);
    let fa = |row, column| (800.0 + ramp(row, column)) * 1e-3;
    shows("W04_small_values/fa_window.dcm", fa, (0.88, 0.16, VoiFunction::LinearExact), false);
    // 1 wide is allowed, and a threshold.
    shows("W04_small_values/fa_wide.dcm", fa, (0.5, 1.0, VoiFunction::Linear), false);
    let small = |row, column| ramp(row, column) * 0.005;
    let window = (0.456_532_356_5, 0.913_064_713_1, VoiFunction::LinearExact);
    shows("W01_windows/small.dcm", small, window, false);
    // As RIGHT.md quotes them.
    let levels = levels("W04_small_values/adc_window.dcm");
    for ((row, column), right) in [((0, 0), 0), ((4, 8), 77), ((8, 8), 141), ((12, 8), 204), ((15, 15), 255)]
    {
        let found = levels[row * 16 + column];
        assert!(found.abs_diff(right) <= 1, "{row}, {column}: {found}, {right} is right");
    }
}

#[test]
fn a_narrow_window_can_be_asked_for_where_values_are_fractions() {
    let Some(_) = bugs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let render = |input: &str, name: &str, window: &[&str]| {
        let to = folder.path().join(name);
        let more = ["--output", to.to_str().unwrap(), "--width-px", "16"];
        let more: Vec<&str> = more.into_iter().chain(window.iter().copied()).collect();
        (isodense("render", input, &more).code, std::fs::read(to).unwrap_or_default())
    };
    let asked = ["--window", "0.00088,0.00016"];
    let (code, picture) = render("W04_small_values/adc_no_window.dcm", "asked.png", &asked);
    assert_eq!(code, 0);
    assert_eq!(picture, render("W04_small_values/adc_window.dcm", "own.png", &[]).1);
    // Whole numbers have no window of that kind.
    assert_eq!(render("W01_windows/const.dcm", "no.png", &asked).0, 2);
    assert_eq!(render("W04_small_values/adc_no_window.dcm", "no.png", &["--window", "0.00088,0"]).0, 2);
}

#[test]
fn a_window_for_stored_values_is_said_and_an_automatic_one_stands_beside_it() {
    let Some(_) = bugs() else { return };
    let input = "W04_small_values/raw_window.dcm";
    assert!(warnings(input).contains("window does not fit"), "{}", warnings(input));
    let levels = levels(input);
    let (least, most) = (levels.iter().min().unwrap(), levels.iter().max().unwrap());
    assert!(most - least > 200, "{least} to {most}");
    // The file's own is still there to choose.
    let (frame, _) = frame(input);
    assert_eq!(frame.presets[0].voi, Voi::Window(Window::linear(880.0, 160.0)));
    for fits in ["adc_window", "adc_no_window", "fa_wide", "adc_sigmoid"] {
        assert_eq!(warnings(&format!("W04_small_values/{fits}.dcm")).find("does not fit"), None, "{fits}");
    }
}

#[test]
fn odd_windows_do_what_the_clause_says_or_are_not_used() {
    const LINEAR: VoiFunction = VoiFunction::Linear;
    let Some(_) = bugs() else { return };
    shows("W01_windows/w1.dcm", ramp, (80.0, 1.0, LINEAR), false);
    shows("W01_windows/w1half.dcm", ramp, (79.5, 1.0, LINEAR), false);
    shows("W01_windows/empty_function.dcm", ramp, (80.0, 100.0, LINEAR), false);
    shows("W01_windows/unknown_function.dcm", ramp, (80.0, 100.0, LINEAR), false);
    shows("W01_windows/huge.dcm", ramp, (1e9, 1e12, LINEAR), false);
    shows("W01_windows/one_zero.dcm", |_, _| 0.0, (0.0, 1.0, LINEAR), true);
    for unusable in ["w0", "neg", "exact_w0", "nanw"] {
        let input = format!("W01_windows/{unusable}.dcm");
        assert!(frames(&input)[0].presets.is_empty(), "{unusable}");
        let levels = levels(&input);
        assert!(levels[0] < 10 && levels[255] > 245, "{unusable}: automatic from end to end");
    }
    for constant in ["const", "const_w0"] {
        let levels = levels(&format!("W01_windows/{constant}.dcm"));
        assert!(levels.iter().all(|level| *level == levels[0]), "{constant}");
    }
}

#[test]
fn windows_of_a_frame_are_its_own() {
    let Some(_) = bugs() else { return };
    let frames = frames("W03_frame_voi/frames.dcm");
    let names: Vec<&str> = frames[0].presets.iter().map(|preset| preset.name.as_str()).collect();
    assert_eq!(names, ["CURRENT", "STANDARD", "SMOOTH", "CONTRAST", "CUSTOM"]);
    let windows = |frame: usize| frames[frame].presets.iter().map(|p| p.voi.as_window()).collect::<Vec<_>>();
    assert_eq!(windows(0)[2], Window::linear(3451.0, 721.0));
    assert_eq!(windows(1), [Window::linear(3400.0, 20.0)]);
}

#[test]
fn low_values_are_white_where_the_file_says_so() {
    let Some(_) = bugs() else { return };
    for (name, white) in [
        ("1_IDENTITY", true),
        ("1_INVERSE", true),
        ("1_none", true),
        ("2_IDENTITY", false),
        ("2_INVERSE", true),
        ("2_none", false),
    ] {
        let levels = levels(&format!("D02_presentation_shape/{name}.dcm"));
        assert_eq!((levels[0] > 250, levels[15] < 5), (white, white), "{name}");
    }
}

#[test]
fn optical_density_windows_count_in_thousandths() {
    let Some(_) = bugs() else { return };
    // No window in the file: automatic, over 0 to 1.65 OD.
    let levels = levels("V14_modality_lut/od.dcm");
    assert!(levels[0] < 10 && levels[255] > 245);
    assert!(text("probe", "V14_modality_lut/od.dcm", &["--pixel", "2,1"]).starts_with("0.120 OD"));
}
