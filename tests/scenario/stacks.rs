//! Series of several stacks while their files arrive in any order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use glam::DVec3;
use isodense::dicom::write::{Modality, write_bytes};
use isodense::image::SeriesKind;
use isodense::session::Action;

use crate::drive::{Drive, FIRST};
use crate::made::MadeSeries;

const SLICES: usize = 6;
const ECHOES: [f64; 3] = [20.0, 45.0, 80.0];

/// One image of a series of three echoes, interleaved; oblique, anisotropic.
fn image(folder: &Path, index: usize) {
    let (slice, echo) = (index / ECHOES.len(), index % ECHOES.len());
    let mut made = MadeSeries::ct("stacks", [DVec3::X, DVec3::new(0.0, 0.96, -0.28)], 4.0, 36);
    made.study.description = "echoes".into();
    made.series.description = "echoes".into();
    made.series.thickness_mm = 3.0;
    made.series.modality = Modality::Mr {
        sequence: "SE".to_owned(),
        variant: "NONE".to_owned(),
        repetition_ms: 2000.0,
        echo_ms: ECHOES[echo],
        echo_train: 1,
        agent: None,
    };
    let samples: Vec<u16> = (0..20 * 36).map(|i| 100 + i % 97).collect();
    write_bytes(&folder.join(format!("{index}.dcm")), &made.file(index, slice, &samples)).unwrap();
}

#[test]
fn a_viewport_keeps_its_frame_while_its_series_falls_into_stacks() {
    let root = tempfile::tempdir().unwrap();
    let count = SLICES * ECHOES.len();
    // Steps that do not divide the count: four batches, in no order of slice or echo.
    let order: Vec<usize> = (0..count).map(|step| (step * 7 + 4) % count).collect();
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), count);
    let mut drive = Drive::new();
    let mut shown = None;
    for (batch, part) in order.chunks(5).enumerate() {
        let folder = root.path().join(batch.to_string());
        fs::create_dir(&folder).unwrap();
        for index in part {
            image(&folder, *index);
        }
        drive.apply(Action::Open(vec![folder]));
        drive.settle();
        let frame = drive.shown().frame.of.clone();
        let first = shown.get_or_insert_with(|| frame.clone());
        assert_eq!(*first, frame, "the viewport shows another image after batch {batch}");
        let library = drive.session.library();
        let frames: usize = library.browse().iter().map(|series| series.frames.len()).sum();
        assert_eq!(frames, ((batch + 1) * 5).min(count), "images are lost or counted twice");
        let stacks = library.stacks(drive.shown().series);
        assert_eq!(stacks.len(), library.browse().len(), "one DICOM series");
        let ids: BTreeSet<_> = stacks.iter().map(|stack| stack.key()).collect();
        assert_eq!(ids.len(), stacks.len(), "two stacks have one key");
    }
    let list: Vec<_> = drive.session.library().browse().into_iter().cloned().collect();
    let names: Vec<&str> = list.iter().map(|stack| stack.part.as_ref().unwrap().name.as_str()).collect();
    assert_eq!(names, ["TE 20 ms", "TE 45 ms", "TE 80 ms"]);
    for stack in &list {
        assert_eq!((stack.kind(), stack.frames.len()), (SeriesKind::Volume, SLICES));
        assert_eq!(stack.part.as_ref().unwrap().files, count);
    }
    // Every stack can be shown, by key and by stepping on.
    drive.show(&list[0].key());
    for stack in &list[1..] {
        drive.apply(Action::StepSeries(FIRST, 1));
        drive.settle();
        assert_eq!(drive.viewport().series, stack.key());
    }
    drive.wait("a thumbnail of every stack", |session| {
        list.iter().all(|stack| matches!(session.library().thumbnail(&stack.key()), Some(Some(_))))
    });
}
