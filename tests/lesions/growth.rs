//! A region that grows into air, background, the border of the image or the end of the stack is asked about first.

use std::sync::Arc;

use isodense::case::QuantityKind;
use isodense::geometry::{Mm, PixelPoint};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Doubt, GrowthQuestion, Tool};

use super::common;
use super::{Drive, FIRST, both_dates, last, sample, show, value, values};

/// A series by itself, all of it loaded, with the growing tool in the hand.
fn opened(folder: std::path::PathBuf) -> Drive {
    let mut drive = Drive::open(&[folder]);
    let series = Arc::clone(drive.shown().series);
    drive.wait("the series is loaded", |session| session.library().loaded(&series) == series.frames.len());
    drive.apply(Action::Choose(Tool::Grow));
    drive
}

/// Clicks on a pixel of a slice, with a drag of so many pixels to the right.
fn click(drive: &mut Drive, slice: usize, column: f64, row: f64, right: f64) -> Option<GrowthQuestion> {
    drive.apply(Action::GoToSlice(FIRST, slice));
    let [from, to] = [PixelPoint::new(column, row), PixelPoint::new(column + right, row)];
    drive.apply(Action::Place(FIRST, Pointer::Press(from)));
    drive.apply(Action::Place(FIRST, Pointer::Move(to)));
    drive
        .apply(Action::Place(FIRST, Pointer::Release(to, if right == 0.0 { Moved::No } else { Moved::Yes })));
    let question = drive.session.growth_question().cloned();
    assert_eq!(question.is_some(), drive.session.is_drawing(), "a question is all that waits");
    question
}

fn count(drive: &Drive) -> usize {
    drive.session.case().measurements.len()
}

fn has(question: &GrowthQuestion, is: impl Fn(&Doubt) -> bool) -> bool {
    question.doubts.iter().any(is)
}

/// Whether it is air, nearly all of it.
fn is_air(question: &GrowthQuestion) -> bool {
    has(question, |doubt| matches!(doubt, Doubt::Air(share) if *share > 0.99))
}

/// Millilitres and voxels of the mask that was drawn last.
fn drawn(drive: &Drive) -> (f64, u64) {
    let id = last(drive);
    let mask = drive.session.case().measurement(id).and_then(|m| m.mask.clone()).expect("a mask");
    (value(&values(drive, id), QuantityKind::Volume), mask.voxels.count())
}

#[test]
fn a_click_outside_the_head_takes_nothing_before_the_reader_says_so() {
    let mut drive = opened(sample("2015-05-12_CT"));
    let question = click(&mut drive, 20, 24.0, 30.0, 30.0).expect("air is asked about");
    assert!(is_air(&question), "{question:?}");
    assert!(question.doubts.contains(&Doubt::Border), "{question:?}");
    assert!(question.text().contains("is air or lung"), "{}", question.text());
    assert!(question.text().ends_with("mL. Take it anyway?"), "{}", question.text());
    assert_eq!((count(&drive), drive.session.history().undo_name()), (0, None));

    // Whatever is not a yes drops it, and none of it is a step.
    for no in [
        Action::AnswerGrowth(false),
        Action::Escape,
        Action::Choose(Tool::Grow),
        Action::Undo,
        Action::Place(FIRST, Pointer::Cancel),
    ] {
        let named = format!("{no:?}");
        click(&mut drive, 20, 24.0, 30.0, 30.0).expect("air is asked about");
        // What the pointer does meanwhile changes nothing of the question.
        let at = PixelPoint::new(200.0, 140.0);
        drive.apply(Action::Place(FIRST, Pointer::Move(at)));
        drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::Yes)));
        drive.apply(Action::Place(FIRST, Pointer::Finish));
        assert_eq!(drive.session.growth_question(), Some(&question), "{named}");
        drive.apply(no);
        assert_eq!(drive.session.growth_question(), None, "{named}");
        assert!(!drive.session.is_drawing() && count(&drive) == 0, "{named}");
        // An answer to nothing is nothing.
        drive.apply(Action::AnswerGrowth(true));
        assert_eq!((count(&drive), drive.session.history().undo_name()), (0, None), "{named}");
        drive.apply(Action::Choose(Tool::Grow));
    }

    // Another click begins another region in place of the one that was asked about.
    click(&mut drive, 20, 24.0, 30.0, 30.0).expect("air is asked about");
    let other = click(&mut drive, 20, 250.0, 290.0, 30.0).expect("air is asked about");
    assert_ne!(other, question);
    drive.apply(Action::AnswerGrowth(false));

    click(&mut drive, 20, 24.0, 30.0, 30.0).expect("air is asked about");
    drive.apply(Action::AnswerGrowth(true));
    assert_eq!((count(&drive), drive.session.history().undo_name()), (1, Some("draw lesion mask")));
    let (volume, voxels) = drawn(&drive);
    // By numpy and scipy: what lies within 60 mm of the click, is of its values and hangs together with it.
    assert_eq!(voxels, 204_651);
    assert!((volume - 447.940_108_8).abs() < 1e-6, "{volume} mL");
    assert!((volume - question.volume_ml).abs() < 1e-9, "{volume} is what was asked about: {question:?}");
    assert!((value(&values(&drive, last(&drive)), QuantityKind::Mean) + 1000.0).abs() < 1.0);
    drive.apply(Action::Undo);
    assert_eq!(count(&drive), 0);
}

#[test]
fn a_mask_that_is_there_stays_as_it_is_until_the_reader_says_yes() {
    let (mut drive, truths) = both_dates();
    show(&mut drive, &truths[0]);
    drive.apply(Action::Select(None));
    drive.apply(Action::Choose(Tool::Grow));
    let slice = drive.shown().index;
    let plane = drive.shown().frame.plane.expect("a slice with a place");
    let at = plane.pixel_from_patient(truths[0].center).0.0;
    assert_eq!(click(&mut drive, slice, at.x, at.y, 6.0), None, "a lesion within the head is none of it");
    assert_eq!(count(&drive), 1);
    let (volume, voxels) = drawn(&drive);
    assert!((volume / truths[0].volume_ml - 1.0).abs() < 0.05, "{volume} mL");
    // The next click adds to it; in air it is asked about, and what is asked is the size of what would come.
    let question = click(&mut drive, slice, 24.0, 30.0, 30.0).expect("air is asked about");
    assert!(is_air(&question), "{question:?}");
    assert_eq!(drawn(&drive), (volume, voxels));
    drive.apply(Action::AnswerGrowth(false));
    assert_eq!(drawn(&drive), (volume, voxels));
    click(&mut drive, slice, 24.0, 30.0, 30.0).expect("air is asked about");
    drive.apply(Action::AnswerGrowth(true));
    assert_eq!(drive.session.history().undo_name(), Some("grow mask"));
    let both = drawn(&drive).0;
    assert!((both - volume - question.volume_ml).abs() < 1e-6, "{both} mL");
}

#[test]
fn the_border_the_ends_of_the_stack_and_the_limit_are_asked_about() {
    let mut drive = opened(sample("2015-05-12_CT"));
    let last = drive.shown().series.frames.len() - 1;
    // Brain: it fills the ball of 60 mm around the click.
    let question = click(&mut drive, 20, 136.0, 150.0, 0.0).expect("it goes on beyond 60 mm");
    assert!(question.doubts.contains(&Doubt::CutOff(Mm(60.0))), "{question:?}");
    assert!(
        !question.doubts.contains(&Doubt::Border) && !has(&question, |doubt| matches!(doubt, Doubt::Air(_))),
        "{question:?}"
    );
    assert!(question.text().contains("was cut off 60\u{a0}mm from the click"), "{}", question.text());
    // The ball has 904.8 mL.
    assert!((50.0..904.8).contains(&question.volume_ml), "{question:?}");
    let question = click(&mut drive, 1, 136.0, 150.0, 10.0).expect("it reaches the end of the stack");
    assert!(question.doubts.contains(&Doubt::Ends { first: true, last: false }), "{question:?}");
    assert!(question.text().contains("reaches the first slice"), "{}", question.text());
    let question = click(&mut drive, last - 1, 24.0, 30.0, 30.0).expect("it reaches the end of the stack");
    assert!(question.doubts.contains(&Doubt::Ends { first: false, last: true }), "{question:?}");
    assert!(question.text().contains("reaches the last slice"), "{}", question.text());
    assert_eq!(count(&drive), 0);
}

#[test]
fn the_background_of_an_mri_is_asked_about_and_its_lesion_is_not() {
    for folder in ["2015-05-12_MR_T1", "2015-05-12_MR_T2", "2015-05-12_MR_T1C"] {
        let mut drive = opened(sample(folder));
        let size = drive.shown().frame.size;
        let middle = drive.shown().series.frames.len() / 2;
        let corners = [[9.0, 11.0], [size.columns as f64 - 12.0, size.rows as f64 - 10.0]];
        for [column, row] in corners {
            let question = click(&mut drive, middle, column, row, 30.0).expect("background is asked about");
            let dark = |doubt: &Doubt| matches!(doubt, Doubt::Background(share) if *share > 0.9);
            assert!(question.doubts.iter().any(dark), "{folder}: {question:?}");
            assert!(question.doubts.contains(&Doubt::Border), "{folder}: {question:?}");
            drive.apply(Action::AnswerGrowth(false));
        }
        assert_eq!(count(&drive), 0);
        let (_, truths) = both_dates();
        drive.apply(Action::PointAt(FIRST, truths[0].center));
        let plane = drive.shown().frame.plane.expect("a slice with a place");
        let at = plane.pixel_from_patient(truths[0].center).0.0;
        let slice = drive.shown().index;
        let question = click(&mut drive, slice, at.x, at.y, 0.0);
        let wrong = |doubt: &Doubt| matches!(doubt, Doubt::Background(_) | Doubt::Border | Doubt::Air(_));
        assert!(!question.is_some_and(|question| question.doubts.iter().any(wrong)), "{folder}");
    }
}

#[test]
fn the_background_of_a_pet_is_asked_about_and_its_hot_spot_is_not() {
    let Some(data) = common::data() else { return };
    let mut drive = opened(data.join("pet_qin_headneck/PET"));
    let series = Arc::clone(drive.shown().series);
    // The hottest voxel of the middle third.
    let (mut hot, count_of) = ((0.0, 0, 0.0, 0.0), series.frames.len());
    for index in count_of / 3..2 * count_of / 3 {
        let frame = &series.frames[index];
        let samples = drive.session.samples(frame).expect("it is loaded");
        for at in 0..frame.size.columns * frame.size.rows {
            let value = samples.stored(at).and_then(|stored| frame.measured(stored)).unwrap_or(0.0);
            if value > hot.0 {
                hot = (value, index, (at % frame.size.columns) as f64, (at / frame.size.columns) as f64);
            }
        }
    }
    let question = click(&mut drive, hot.1, hot.2, hot.3, 0.0);
    assert_eq!(question, None);
    assert_eq!(count(&drive), 1);
    let (spot, _) = drawn(&drive);
    assert!((0.1..60.0).contains(&spot), "{spot} mL");
    drive.apply(Action::Select(None));
    let question = click(&mut drive, hot.1, 6.0, 9.0, 30.0).expect("background is asked about");
    assert!(question.doubts.iter().any(|doubt| matches!(doubt, Doubt::Background(_))), "{question:?}");
    assert_eq!(count(&drive), 1);
}
