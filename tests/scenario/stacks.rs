//! Series of several stacks while their files arrive in any order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use glam::DVec3;
use isodense::dicom::write::{
    Modality, ObjectToWrite, Patient, SeriesToWrite, Study, Syntax, uid_from_text, write_object,
};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};
use isodense::image::SeriesKind;
use isodense::session::Action;

use crate::drive::{Drive, FIRST};

const SLICES: usize = 6;
const ECHOES: [f64; 3] = [20.0, 45.0, 80.0];

/// One image of a series of three echoes, interleaved; oblique, anisotropic.
fn image(folder: &Path, index: usize) {
    let (slice, echo) = (index / ECHOES.len(), index % ECHOES.len());
    let patient = Patient {
        name: "Quixote^Zebulon".to_owned(),
        id: "PID-7741".to_owned(),
        birth_date: "19680314".to_owned(),
        sex: "O".to_owned(),
        age: "051Y".to_owned(),
    };
    let study = Study {
        uid: uid_from_text("stacks study"),
        frame_of_reference: uid_from_text("stacks space"),
        date: "20200229".to_owned(),
        time: "101500".to_owned(),
        id: "7".to_owned(),
        description: "echoes".to_owned(),
    };
    let series = SeriesToWrite {
        uid: uid_from_text("stacks series"),
        number: 4,
        time: "101600".to_owned(),
        description: "echoes".to_owned(),
        thickness_mm: 3.0,
        between_slices_mm: 4.0,
        windows: vec![(35.0, 90.0, "OWN".to_owned())],
        modality: Modality::Mr {
            sequence: "SE".to_owned(),
            variant: "NONE".to_owned(),
            repetition_ms: 2000.0,
            echo_ms: ECHOES[echo],
            echo_train: 1,
            agent: None,
        },
    };
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
    let origin = DVec3::new(-7.5, 12.25, -31.0) + slice as f64 * 4.0 * DVec3::new(0.0, 0.28, 0.96);
    let plane = FramePlane::new(PatientPoint(origin), DVec3::X, DVec3::new(0.0, 0.96, -0.28), spacing);
    let samples: Vec<u16> = (0..20 * 36).map(|i| 100 + i % 97).collect();
    let object = ObjectToWrite {
        patient: &patient,
        study: &study,
        series: &series,
        sop_instance: &uid_from_text(&format!("stacks image {index}")),
        instance_number: index + 1,
        plane: plane.unwrap(),
        columns: 36,
        samples: &samples,
        syntax: Syntax::Plain,
    };
    write_object(&folder.join(format!("{index}.dcm")), &object).unwrap();
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
