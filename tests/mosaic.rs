//! Siemens mosaics: each slice a frame of its own, against nibabel 5.3 (`nicom.dicomwrappers.MosaicWrapper`).

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

#[expect(dead_code, reason = "the reference here is nibabel, not truth.json")]
mod common;

use std::path::{Path, PathBuf};

use isodense::dicom::{Instance, assemble, load_frame, read_header};
use isodense::geometry::{PatientPoint, PixelPoint};
use isodense::image::Warning;

use common::data;

/// A voxel of a mosaic: row, column, slice (from 0), stored value, place in the patient (LPS, mm).
type Voxel = (usize, usize, usize, f64, [f64; 3]);

struct Reference {
    folder: &'static str,
    file: &'static str,
    voxels: [Voxel; 4],
    /// Sums of the stored values of slices 0, 3, 17 and 35.
    sums: [f64; 4],
}

const REFERENCES: [Reference; 3] = [
    Reference {
        folder: "ax/axasc36",
        file: "MR.1.3.12.2.1107.5.2.32.35131.2014031012525641770887330",
        voxels: [
            (0, 0, 0, 0.0, [-104.0, -145.062_488, -64.474_641]),
            (5, 9, 3, 18.0, [-74.75, -127.741_142, -55.4928]),
            (63, 2, 35, 16.0, [-97.5, 72.097_841, 38.675_515]),
            (20, 40, 17, 184.0, [26.0, -73.833_115, -10.652_559]),
        ],
        sums: [332_373.0, 492_694.0, 1_421_842.0, 505_962.0],
    },
    Reference {
        folder: "cor/corasc36",
        file: "MR.1.3.12.2.1107.5.2.32.35131.2014031012553857441288245",
        voxels: [
            (0, 0, 0, 0.0, [-104.0, -118.987_088, 110.234_683]),
            (5, 9, 3, 21.0, [-74.75, -110.800_241, 92.523_725]),
            (63, 2, 35, 28.0, [-97.5, -25.794_159, -111.381_292]),
            (20, 40, 17, 970.0, [26.0, -68.451_589, 36.637_106]),
        ],
        sums: [73_963.0, 84_851.0, 599_557.0, 1_039_439.0],
    },
    Reference {
        folder: "sag/sagasc36",
        file: "MR.1.3.12.2.1107.5.2.32.35131.2014031012583942473089577",
        voxels: [
            (0, 0, 0, 0.0, [-63.0, -140.319_614, 78.576_271]),
            (5, 9, 3, 12.0, [-52.2, -111.069_614, 62.326_271]),
            (63, 2, 35, 27.0, [63.0, -133.819_614, -126.173_729]),
            (20, 40, 17, 750.0, [-1.8, -10.319_614, 13.576_271]),
        ],
        sums: [688_068.0, 1_054_170.0, 1_558_108.0, 247_224.0],
    },
];

fn mosaic(data: &Path, reference: &Reference) -> PathBuf {
    data.join("vendors_mosaic_siemens").join(reference.folder).join(reference.file)
}

fn read(data: &Path, reference: &Reference) -> Instance {
    read_header(&mosaic(data, reference)).unwrap()
}

#[test]
fn each_slice_of_a_mosaic_has_its_own_pixels_and_place() {
    let Some(data) = data() else { return };
    for reference in &REFERENCES {
        let instance = read(&data, reference);
        assert_eq!((instance.frames.len(), instance.mosaic), (36, false), "{}", reference.folder);
        let sum = |slice: usize| {
            let samples = load_frame(&instance.frames[slice]).unwrap();
            assert_eq!(samples.len(), 64 * 64);
            (0..samples.len()).map(|index| samples.stored(index).unwrap()).sum::<f64>()
        };
        for (slice, expected) in [0, 3, 17, 35].into_iter().zip(reference.sums) {
            assert!((sum(slice) - expected).abs() < 0.5, "{} slice {slice}", reference.folder);
        }
        for (row, column, slice, value, place) in reference.voxels {
            let frame = &instance.frames[slice];
            assert_eq!((frame.size.columns, frame.size.rows), (64, 64));
            assert_eq!(frame.of.frame_index(), slice);
            let stored = load_frame(frame).unwrap().stored(row * 64 + column).unwrap();
            assert!((stored - value).abs() < f64::EPSILON, "{}: {stored} is not {value}", reference.folder);
            let at = PixelPoint::new(column as f64, row as f64);
            let found = frame.plane.unwrap().patient_from_pixel(at);
            let expected = PatientPoint::new(place[0], place[1], place[2]);
            assert!(found.distance(expected).0 < 1e-3, "{}: {found:?} is not {place:?}", reference.folder);
        }
    }
}

#[test]
fn a_mosaic_is_a_volume() {
    let Some(data) = data() else { return };
    for reference in &REFERENCES {
        let (series, problems) = assemble(vec![read(&data, reference)]);
        assert!(problems.is_empty());
        let grid = series[0].grid.as_ref().unwrap();
        assert_eq!(grid.size, [64, 64, 36]);
        assert!((grid.between_slices().0 - 3.6).abs() < 1e-6);
        assert!(!series[0].warnings.contains(&Warning::Mosaic));
    }
}

#[test]
fn a_mosaic_that_says_too_little_is_one_image_without_a_place() {
    let Some(data) = data() else { return };
    let bytes = std::fs::read(mosaic(&data, &REFERENCES[0])).unwrap();
    for (hidden, with) in [
        (&b"SIEMENS CSA HEADER"[..], &b"SOMEBODY ELSE     "[..]),
        (b"SliceNormalVector\0", b"SliceNormalNothing"),
    ] {
        let mut changed = bytes.clone();
        let at = changed.windows(hidden.len()).position(|part| part == hidden).unwrap();
        changed[at..at + with.len()].copy_from_slice(with);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mosaic.dcm");
        std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), &changed).unwrap();
        let instance = read_header(&path).unwrap();
        assert_eq!((instance.frames.len(), instance.mosaic), (1, true));
        assert_eq!(instance.frames[0].size.columns, 384);
        assert!(instance.frames[0].plane.is_none());
        let (series, _) = assemble(vec![instance]);
        assert!(series[0].warnings.contains(&Warning::Mosaic));
        assert!(series[0].grid.is_err());
    }
}
