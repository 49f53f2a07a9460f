//! Tiny files built by hand: never square, never at zero, rescale never identity.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use glam::DVec3;

use super::{DicomError, Instance, assemble, assemble_series, load_frame, load_overlays, read_header};
use crate::geometry::{Mm, PixelPoint, PixelSpacing};
use crate::image::{
    Calibration, ModalityTransform, NotAVolume, PixelLocation, Samples, Series, ValueUnit, Voi, VoiFunction,
    Warning,
};

mod data_sets;
mod files;
pub(super) mod pixels;

/// Five columns, three rows, signed 16 bits, explicit little endian.
pub(super) struct Fixture {
    elements: Vec<((u16, u16), &'static str, Vec<u8>)>,
}

impl Fixture {
    pub(super) fn ct() -> Self {
        let mut fixture = Self { elements: Vec::new() };
        for (tag, vr, text) in [
            ((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.2"),
            ((8, 0x18), "UI", "1.2.3.4"),
            ((8, 0x60), "CS", "CT"),
            ((0x10, 0x10), "PN", "Doe^Jane"),
            ((0x20, 0xD), "UI", "1.2.3"),
            ((0x20, 0xE), "UI", "1.2.3.1"),
            ((0x20, 0x32), "DS", "-20\\31.5\\7"),
            ((0x20, 0x37), "DS", "0.8\\0.6\\0\\0\\0\\-1"),
            ((0x20, 0x52), "UI", "1.2.3.9"),
            ((0x28, 4), "CS", "MONOCHROME2"),
            ((0x28, 0x30), "DS", "0.7\\0.4"),
            ((0x28, 0x1052), "DS", "-1000"),
            ((0x28, 0x1053), "DS", "0.5"),
        ] {
            fixture = fixture.text(tag, vr, text);
        }
        for (tag, value) in [(2, 1), (0x10, 3), (0x11, 5), (0x100, 16), (0x101, 12), (0x102, 11), (0x103, 1)]
        {
            fixture = fixture.with((0x28, tag), "US", &u16::to_le_bytes(value));
        }
        let pixels: Vec<u8> = (0..15_i16).flat_map(|i| ((i - 7) * 100).to_le_bytes()).collect();
        fixture.with((0x7FE0, 0x10), "OW", &pixels)
    }

    pub(super) fn with(mut self, tag: (u16, u16), vr: &'static str, value: &[u8]) -> Self {
        self.elements.retain(|element| element.0 != tag);
        self.elements.push((tag, vr, value.to_vec()));
        self
    }

    pub(super) fn text(self, tag: (u16, u16), vr: &'static str, text: &str) -> Self {
        self.with(tag, vr, text.as_bytes())
    }

    pub(super) fn without(mut self, tag: (u16, u16)) -> Self {
        self.elements.retain(|element| element.0 != tag);
        self
    }

    pub(super) fn bytes(mut self) -> Vec<u8> {
        self.elements.sort();
        let mut out = vec![0; 128];
        out.extend(b"DICM");
        let syntax = ((2, 0x10), "UI", b"1.2.840.10008.1.2.1\0".to_vec());
        let own = self.elements.iter().any(|element| element.0 == syntax.0);
        for ((group, element), vr, mut value) in
            Some(syntax).filter(|_| !own).into_iter().chain(self.elements)
        {
            if value.len() % 2 == 1 {
                value.push(if vr == "UI" { 0 } else { b' ' });
            }
            out.extend(group.to_le_bytes());
            out.extend(element.to_le_bytes());
            out.extend(vr.bytes());
            if matches!(vr, "OB" | "OW" | "SQ") {
                out.extend([0, 0]);
                out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
            } else {
                out.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
            }
            out.extend(value);
        }
        out
    }

    pub(super) fn read(self) -> Result<Instance, DicomError> {
        read_bytes(&self.bytes())
    }
}

fn read_bytes(bytes: &[u8]) -> Result<Instance, DicomError> {
    let (_folder, path) = on_disk(bytes);
    read_header(&path)
}

fn on_disk(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dcm");
    File::create(&path).unwrap().write_all(bytes).unwrap();
    (folder, path)
}

#[test]
fn a_frame_knows_its_place_its_values_and_its_unit() {
    let (_folder, path) = on_disk(&Fixture::ct().bytes());
    let instance = read_header(&path).unwrap();
    let frame = &instance.frames[0];
    assert_eq!((frame.size.columns, frame.size.rows), (5, 3));
    assert_eq!(frame.spacing, Some(PixelSpacing { between_rows: Mm(0.7), between_columns: Mm(0.4) }));
    assert_eq!(frame.calibration, Calibration::InPatient);
    let right = frame.plane.unwrap().patient_from_pixel(PixelPoint::new(1.0, 0.0));
    assert!(right.0.distance(DVec3::new(-19.68, 31.74, 7.0)) < 1e-12);
    assert_eq!(frame.unit, ValueUnit::Hounsfield);
    let samples = load_frame(frame).unwrap();
    assert_eq!(*samples, Samples::I16((0..15).map(|i| (i - 7) * 100).collect()));
    assert!((frame.transform.value(samples.stored(1).unwrap()) + 1300.0).abs() < 1e-12);
    assert_eq!(instance.patient.name.reveal().to_string(), "Doe, Jane");
    assert!(!format!("{instance:?}").contains("Doe"));
}

#[test]
fn no_frame_is_hounsfield_without_a_rescale_or_outside_ct() {
    let unit = |fixture: Fixture| fixture.read().unwrap().frames[0].unit.clone();
    assert_eq!(unit(Fixture::ct().without((0x28, 0x1052)).without((0x28, 0x1053))), ValueUnit::Stored);
    assert_eq!(unit(Fixture::ct().text((8, 0x60), "CS", "MR")), ValueUnit::Rescaled);
    assert_eq!(unit(Fixture::ct().text((0x28, 0x1054), "LO", "US")), ValueUnit::Rescaled);
    assert_eq!(unit(Fixture::ct().text((0x28, 0x1054), "LO", "MGML")), ValueUnit::Declared("MGML".into()));
}

#[test]
fn a_projection_is_never_plain_millimetres() {
    let cr = || Fixture::ct().text((8, 0x60), "CS", "CR").without((0x20, 0x32)).without((0x20, 0x37));
    let frame = |fixture: Fixture| (*fixture.read().unwrap().frames[0]).clone();
    assert_eq!(frame(cr()).calibration, Calibration::None);
    assert!((frame(cr()).pixel_aspect - 1.75).abs() < 1e-12);
    let imager = || cr().text((0x18, 0x1164), "DS", "0.2\\0.1");
    assert_eq!(frame(imager()).calibration, Calibration::AtDetector { magnification: None });
    let magnified = frame(imager().text((0x18, 0x1110), "DS", "1000").text((0x18, 0x1111), "DS", "800"));
    assert_eq!(magnified.calibration, Calibration::AtDetector { magnification: Some(1.25) });
    assert!((magnified.spacing.unwrap().between_rows.0 - 0.16).abs() < 1e-12);
    let corrected = frame(cr().text((0x28, 0x0A02), "CS", "FIDUCIAL"));
    assert_eq!(corrected.calibration, Calibration::Corrected { fiducial: true });
}

#[test]
fn a_spacing_of_zero_is_no_spacing() {
    let frame = (*Fixture::ct().text((0x28, 0x30), "DS", "0\\0.4").read().unwrap().frames[0]).clone();
    assert_eq!((frame.spacing, frame.calibration), (None, Calibration::None));
    assert!(frame.plane.is_none() && matches!(frame.warnings[0], Warning::Ignored(_)));
}

#[test]
fn windows_keep_their_names_and_complete_pairs() {
    let fixture = Fixture::ct()
        .text((0x28, 0x1050), "DS", "40\\600\\1")
        .text((0x28, 0x1051), "DS", "80\\2800")
        .text((0x28, 0x1055), "LO", "BRAIN\\BONE")
        .text((0x28, 0x1056), "CS", "SIGMOID");
    let frame = (*fixture.read().unwrap().frames[0]).clone();
    let names: Vec<&str> = frame.presets.iter().map(|preset| preset.name.as_str()).collect();
    assert_eq!(names, ["BRAIN", "BONE"]);
    let Voi::Window(window) = &frame.presets[1].voi else { panic!("a window") };
    assert!((window.center - 600.0).abs() < 1e-12 && window.function == VoiFunction::Sigmoid);
    assert!(frame.warnings.iter().any(|warning| matches!(warning, Warning::Ignored(_))));
}

#[test]
fn a_length_beyond_the_file_ends_the_header_there() {
    let mut bytes = Fixture::ct().bytes();
    let at = bytes.windows(4).position(|four| four == [0x28, 0, 4, 0]).unwrap();
    bytes[at + 4..at + 8].copy_from_slice(b"UN\0\0");
    bytes.splice(at + 8..at + 8, 0xFFFF_FFF0_u32.to_le_bytes());
    let instance = read_bytes(&bytes).unwrap();
    assert!(instance.frames.is_empty());
    assert!(instance.warnings.iter().any(|warning| matches!(warning, Warning::Repaired(_))));
}

#[test]
fn truncated_pixels_keep_what_is_there() {
    let mut bytes = Fixture::ct()
        .text((0x28, 0x120), "US", "")
        .with((0x28, 0x120), "SS", &(-2000_i16).to_le_bytes())
        .bytes();
    bytes.truncate(bytes.len() - 10);
    let (_folder, path) = on_disk(&bytes);
    let instance = read_header(&path).unwrap();
    assert_eq!(instance.warnings, [Warning::Truncated { expected: 30, found: 20 }]);
    assert!(matches!(instance.frames[0].stored.location, PixelLocation::Native { length: 20, .. }));
    let decoded = load_frame(&instance.frames[0]).unwrap();
    assert_eq!(decoded.there(), 10);
    let cut = decoded.cut(instance.frames[0].size).unwrap();
    assert_eq!(cut.to_string(), "The image ends early: 2 of 3 rows are there.");
    let Samples::I16(samples) = &*decoded else { panic!("16 bits, signed") };
    assert_eq!((samples[9], samples[10], samples[14]), (200, -2000, -2000));
}

/// Slices at these places along the normal, each its own file.
fn series(places: &[f64]) -> Series {
    let instances = places.iter().enumerate().map(|(index, place)| slice(index, *place)).collect();
    assemble(instances).0.remove(0)
}

fn slice(index: usize, place: f64) -> Instance {
    // The normal of the fixture's orientation is (-0.6, 0.8, 0).
    let position = format!("{:.6}\\{:.6}\\7", -20.0 - 0.6 * place, 31.5 + 0.8 * place);
    let uid = format!("1.2.3.4.{}", index + 1);
    Fixture::ct().text((0x20, 0x32), "DS", &position).text((8, 0x18), "UI", &uid).read().unwrap()
}

#[test]
fn even_slices_are_a_volume_whatever_their_numbers() {
    let series = series(&[5.0, 0.0, 2.5, 7.5]);
    let grid = series.grid.unwrap();
    assert!((grid.between_slices().0 - 2.5).abs() < 1e-5);
    assert_eq!(grid.size, [5, 3, 4]);
    let uids: Vec<&str> = series.frames.iter().map(|frame| frame.of.sop_instance.as_str()).collect();
    assert_eq!(uids, ["1.2.3.4.2", "1.2.3.4.3", "1.2.3.4.1", "1.2.3.4.4"]);
    assert!(series.warnings.is_empty(), "{:?}", series.warnings);
}

#[test]
fn missing_double_and_uneven_slices_are_no_volume() {
    let gap = series(&[0.0, 2.5, 5.0, 10.0, 12.5]);
    assert_eq!(gap.grid, Err(NotAVolume::UnevenSpacing));
    assert_eq!(gap.warnings, [Warning::Gap { missing: 1, after: 2 }]);
    let double = series(&[0.0, 2.5, 2.5, 5.0]);
    assert_eq!(double.grid, Err(NotAVolume::DuplicatePositions));
    assert_eq!(double.warnings, [Warning::DuplicatePositions { count: 1 }]);
    let uneven = series(&[0.0, 2.5, 5.0, 8.75]);
    assert_eq!(uneven.grid, Err(NotAVolume::UnevenSpacing));
    assert!(matches!(uneven.warnings[..], [Warning::UnevenSpacing { .. }]));
}

#[test]
fn a_second_copy_is_reported_and_left_out() {
    let (first, copy) = (on_disk(&Fixture::ct().bytes()), on_disk(&Fixture::ct().bytes()));
    let read = |file: &(tempfile::TempDir, PathBuf)| read_header(&file.1).unwrap();
    let (series, problems) = assemble(vec![slice(1, 2.5), read(&first), read(&copy)]);
    assert_eq!(series[0].frames.len(), 2);
    assert!(problems.len() == 1 && problems[0].reason.starts_with("same image as "));
    assert!(series[0].warnings.iter().all(|warning| !matches!(warning, Warning::TwoVersions { .. })));
}

#[test]
fn another_image_of_the_same_identity_is_reported_as_that() {
    let first = on_disk(&Fixture::ct().bytes());
    let mut pixels = Fixture::ct().bytes();
    *pixels.last_mut().unwrap() ^= 1;
    let header = Fixture::ct().text((0x20, 0x4000), "LT", "a comment").bytes();
    for other in [pixels, header] {
        let other = on_disk(&other);
        let both = |a: &Path, b: &Path| assemble(vec![read_header(a).unwrap(), read_header(b).unwrap()]);
        let (series, problems) = both(&first.1, &other.1);
        assert_eq!((series[0].files, series[0].frames.len(), problems.len()), (1, 1, 1));
        assert!(series[0].warnings.contains(&Warning::TwoVersions { count: 1 }));
        let shown = &series[0].frames[0].stored.path;
        assert!(problems[0].reason.starts_with("another image with the same identity (UID)"));
        assert!(problems[0].reason.ends_with(&shown.display().to_string()) && problems[0].path != **shown);
        // Whichever comes first, the same one is shown.
        assert_eq!(both(&other.1, &first.1).0[0].frames[0].stored.path, *shown);
    }
}

#[test]
fn two_patients_are_never_one_series() {
    let other = |index: usize| {
        let uid = format!("1.2.3.5.{index}");
        let fixture = Fixture::ct().text((0x10, 0x20), "LO", "somebody else").text((8, 0x18), "UI", &uid);
        Arc::new(fixture.read().unwrap())
    };
    let mut mixed = vec![other(0), Arc::new(slice(0, 0.0)), Arc::new(slice(1, 2.5)), other(1)];
    mixed.push(Arc::new(slice(2, 5.0)));
    for _ in 0..mixed.len() {
        mixed.rotate_left(1);
        let (series, problems) = assemble_series(&mixed);
        let [series] = &series[..] else { panic!("one series") };
        assert_eq!((series.files, series.frames.len(), problems.len()), (3, 3, 2));
        assert_ne!(series.patient.id.reveal(), "somebody else");
        assert!(problems.iter().all(|problem| problem.reason.contains("another patient")));
    }
    // Told apart by patient, both are there.
    let own = |instance: &Arc<Instance>| Instance::clone(instance);
    assert_eq!(assemble(mixed.iter().map(own).collect()).0.len(), 2);
}

#[test]
fn files_without_a_series_uid_stay_in_their_folder() {
    let file = || Fixture::ct().text((0x20, 0xE), "UI", "").bytes();
    let (first, second) = (on_disk(&file()), on_disk(&file()));
    let beside = first.0.path().join(".").join("b.dcm");
    std::fs::copy(&first.1, &beside).unwrap();
    let uid = |path: &Path| read_header(path).unwrap().series.uid;
    assert_eq!(uid(&first.1), uid(&beside));
    assert_ne!(uid(&first.1), uid(&second.1));
}

#[test]
fn a_rescale_belongs_to_its_slice() {
    let other = Fixture::ct().text((0x28, 0x1053), "DS", "2").text((8, 0x18), "UI", "9").text(
        (0x20, 0x32),
        "DS",
        "-23\\35.5\\7",
    );
    let (series, _) = assemble(vec![slice(0, 0.0), other.read().unwrap()]);
    assert!(series[0].warnings.contains(&Warning::RescaleVaries));
    assert_eq!(series[0].frames[1].transform, ModalityTransform::Rescale { slope: 2.0, intercept: -1000.0 });
}
