//! What numbers of real files mean: ultrasound regions, real world values, projections, screen shots.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

#[expect(dead_code, reason = "the reference here are the attributes themselves, by hand")]
mod common;

use std::path::Path;
use std::sync::Arc;

use glam::DVec3;
use isodense::case::{
    Kind, Measurement, Padding, Points, Quantity, QuantityKind, QuantityUnit, evaluate, label_lines,
    probe_value,
};
use isodense::dicom::{load_frame, read_header};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelPoint, PixelSpacing, SliceStack};
use isodense::image::{Calibration, Frame, FrameOfReference, Warning, Window};
use isodense::mask::Mask;
use isodense::render::{Picture, SliceRenderer};
use isodense::view::{Framing, Look, Slice, View, ViewportSize};

use common::data;

fn frames(data: &Path, name: &str) -> Vec<Arc<Frame>> {
    read_header(&data.join(name)).unwrap().frames
}

/// A length on a frame, as its label says it.
fn length(frame: &Frame, from: (f64, f64), to: (f64, f64)) -> (f64, &'static str) {
    let pixels = [from, to].map(|(column, row)| PixelPoint::new(column, row));
    let space = FrameOfReference::Declared("1.2".into());
    let measurement = Measurement::new(Kind::Length, Points::drawn(frame, &space, &pixels));
    let values = evaluate(&measurement, frame, None, Padding::Exclude).unwrap();
    let quantity = Quantity::find(&values, QuantityKind::Length).unwrap();
    let QuantityUnit::Length(calibration) = quantity.unit else { panic!("a length") };
    (quantity.value, calibration.length_unit())
}

fn near((value, unit): (f64, &str), expected: f64, expected_unit: &str) {
    assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
    assert_eq!(unit, expected_unit);
}

#[test]
fn ultrasound_is_measured_inside_its_regions_only() {
    let Some(data) = data() else { return };
    // Region (120, 60) to (800, 518) with 0.026 228 787 66 cm; a trace below it has no length up and down.
    let two = frames(&data, "codecs_pydicom_data/OBXXXX1A_rle_2frame.dcm");
    assert_eq!(two.len(), 2);
    for frame in &two {
        assert_eq!((frame.spacing, frame.calibration), (None, Calibration::None));
        near(length(frame, (200.0, 100.0), (300.0, 100.0)), 26.228_787_661_969_98, "mm");
        // 300 columns and 400 rows are 500 pixels.
        near(length(frame, (200.0, 100.0), (500.0, 500.0)), 131.143_938_309_849_9, "mm");
        near(length(frame, (200.0, 500.0), (200.0, 530.0)), 30.0, "px");
        near(length(frame, (200.0, 530.0), (230.0, 570.0)), 50.0, "px");
        near(length(frame, (10.0, 100.0), (200.0, 100.0)), 190.0, "px");
    }
    // Two images side by side of one scale, columns 32 to 335 and 336 to 639; a strip at columns 32 to 63.
    let aloka = &frames(&data, "codecs_pydicom_data/gdcm-US-ALOKA-16.dcm")[0];
    near(length(aloka, (100.0, 100.0), (200.0, 100.0)), 38.265_306_502_580_64, "mm");
    near(length(aloka, (400.0, 100.0), (400.0, 200.0)), 38.265_306_502_580_64, "mm");
    near(length(aloka, (300.0, 100.0), (400.0, 100.0)), 100.0, "px");
    near(length(aloka, (40.0, 50.0), (140.0, 50.0)), 100.0, "px");
    let one = &frames(&data, "codecs_pydicom_data/JPGLosslessP14SV1_1s_1f_8b.dcm")[0];
    near(length(one, (500.0, 300.0), (500.0, 400.0)), 25.476_696_592_378_157, "mm");
}

#[test]
fn regions_of_a_larger_image_calibrate_nothing() {
    let Some(data) = data() else { return };
    // 320 x 240 pixels, with regions up to (595, 414): it was made smaller, and they were not.
    for name in ["codecs_pydicom/examples_ybr_color.dcm", "codecs_pydicom/examples_palette.dcm"] {
        let frame = &frames(&data, name)[0];
        near(length(frame, (130.0, 100.0), (230.0, 100.0)), 100.0, "px");
        assert!(frame.warnings.iter().any(|warning| matches!(warning, Warning::Ignored(_))), "{name}");
    }
}

#[test]
fn a_real_world_value_stands_beside_the_stored_one_with_its_unit() {
    let Some(data) = data() else { return };
    for (index, frame) in frames(&data, "codecs_pydicom_data/eCT_Supplemental.dcm").iter().enumerate() {
        let map = &frame.real_world[0];
        assert_eq!((&*map.label, &*map.unit, map.first, map.last), ("RCBF", "ml/100ml/s", 0.0, 4095.0));
        let samples = load_frame(frame).unwrap();
        let at =
            (0..samples.len()).find(|at| samples.stored(*at).is_some_and(|stored| stored > 0.0)).unwrap();
        let stored = samples.stored(at).unwrap();
        let point = PixelPoint::new((at % 512) as f64, (at / 512) as f64);
        let values = probe_value(point, frame, &samples).unwrap();
        let real = Quantity::find(&values, QuantityKind::RealWorld).unwrap();
        assert!((real.value - (stored - 1024.0)).abs() < 1e-12, "frame {index}");
        assert!(label_lines(&values).iter().any(|line| line.ends_with(" ml/100ml/s (RCBF)")));
    }
}

/// The right values are pydicom's: stored values, and the palette's words shifted to 8 bits.
#[test]
fn a_supplemental_palette_colours_what_it_maps() {
    let Some(data) = data() else { return };
    let frames = frames(&data, "codecs_pydicom_data/eCT_Supplemental.dcm");
    let right = [
        (0, [244, 70], 1024.0, [1, 1, 1]),
        (0, [188, 132], 1025.0, [1, 1, 11]),
        (0, [232, 280], 1196.0, [255, 255, 215]),
        (1, [234, 204], 1026.0, [1, 1, 20]),
        (1, [230, 177], 1170.0, [255, 255, 215]),
    ];
    for (index, [column, row], stored, [red, green, blue]) in right {
        let frame = &frames[index];
        let samples = load_frame(frame).unwrap();
        assert_eq!(samples.stored(row * 512 + column), Some(stored));
        let size = ViewportSize { width: 512, height: 512 };
        let look = Look::with_window(Window::linear(40.0, 80.0));
        let view = View { of: Slice::Acquired(frame.of.clone()), framing: Framing::fit(frame, size), look };
        let mut picture = Picture::new(size);
        let resolved = view.resolve(frame, size);
        SliceRenderer::default().render(frame, &samples, &resolved, &view.look, &mut picture);
        assert_eq!(picture.pixels[row * 512 + column], [red, green, blue, 255], "{stored}");
    }
}

/// The digital phantom of IBSI 1 (the reference manual, section 5): its volume is the consensus; the longest line of its
/// voxels' boxes is beside IBSI's, which lies between the middles of outer faces (13.1 mm), and ITK's between centres.
#[test]
fn a_mask_of_the_image_biomarker_standardisation_initiative_has_its_volume() {
    let Some(data) = data() else { return };
    let packed = std::fs::read(data.join("ibsi/digital/mask/mask.nii.gz")).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*packed), &mut bytes).unwrap();
    let side = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let size = [side(42), side(44), side(46)];
    assert_eq!((size, side(70)), ([5, 4, 4], 4), "16 bit");
    let voxel = |column, row, slice| side(352 + 2 * ((slice * size[1] + row) * size[0] + column)) > 0;
    let mask = Mask::from_fn(size, voxel);
    let spacing = PixelSpacing::new(Mm(2.0), Mm(2.0)).unwrap();
    let plane = |slice: usize| {
        FramePlane::new(PatientPoint(DVec3::Z * 2.0 * slice as f64), DVec3::X, DVec3::Y, spacing).unwrap()
    };
    let planes: Vec<FramePlane> = (0..size[2]).map(plane).collect();
    let measures = mask.measures(&SliceStack::new(&planes, [5, 4], &[None; 4]).unwrap()).unwrap().unwrap();
    assert_eq!(measures.voxels, 74);
    assert!((measures.volume_mm3 - 592.0).abs() < 1e-9, "voxel counting: 592 mm3, tolerance 4");
    // By numpy from the same file: centres 11.661904, middles of faces 13.114877, corners of boxes.
    assert!((measures.diameter.length.0 - 15.099_668_870_541_5).abs() < 1e-9, "{:?}", measures.diameter);
    assert!(measures.diameter.length.0 > 13.1 && measures.diameter.length.0 < 13.1 + 2.0 * 3.0_f64.sqrt());
}
