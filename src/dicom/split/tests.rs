//! Series of tiny files at known places: five columns of 0.4 mm, three rows of 0.7 mm, oblique.

use std::sync::Arc;

use crate::dicom::tests::Fixture;
use crate::dicom::{Instance, assemble_series};
use crate::image::{NotAVolume, Series, SeriesKind, Warning};

type Extra<'a> = ((u16, u16), &'static str, &'a str);

const TE: (u16, u16) = (0x18, 0x81);
const IMAGE_TYPE: (u16, u16) = (8, 8);
const ACQUISITION_TIME: (u16, u16) = (8, 0x32);

/// One image; its number is also its UID's last part.
fn image(number: usize, place: f64, extra: &[Extra<'_>]) -> Arc<Instance> {
    // The normal of the fixture's orientation is (-0.6, 0.8, 0).
    let position = format!("{:.6}\\{:.6}\\7", -20.0 - 0.6 * place, 31.5 + 0.8 * place);
    let mut fixture = Fixture::ct()
        .text((0x20, 0x32), "DS", &position)
        .text((8, 0x18), "UI", &format!("1.2.3.4.{number}"))
        .text((0x20, 0x13), "IS", &number.to_string());
    for (tag, vr, text) in extra {
        fixture = fixture.text(*tag, vr, text);
    }
    Arc::new(fixture.read().unwrap())
}

/// Assembles in several orders: the result is one.
fn stacks(images: &[Arc<Instance>]) -> Vec<Series> {
    let mut images = images.to_vec();
    let (first, problems) = assemble_series(&images);
    assert!(problems.is_empty(), "{problems:?}");
    for turn in 1..=images.len() {
        images.rotate_left(1);
        if turn % 3 == 0 {
            images.reverse();
        }
        assert_eq!(told(&assemble_series(&images).0), told(&first));
    }
    let frames: usize = first.iter().map(|stack| stack.frames.len()).sum();
    assert_eq!(frames, images.iter().map(|image| image.frames.len()).sum::<usize>());
    first
}

/// Name and frames of each stack.
fn told(stacks: &[Series]) -> Vec<(String, Vec<String>)> {
    let frames = |stack: &Series| {
        let of = stack.frames.iter().map(|f| format!("{}/{}", f.of.sop_instance, f.of.frame_number));
        of.collect::<Vec<_>>()
    };
    stacks.iter().map(|stack| (name(stack), frames(stack))).collect()
}

fn name(stack: &Series) -> String {
    stack.part.as_ref().map(|part| part.name.clone()).unwrap_or_default()
}

fn names(stacks: &[Series]) -> Vec<String> {
    stacks.iter().map(name).collect()
}

/// Every stack is a regular volume of that many slices.
fn assert_volumes(stacks: &[Series], slices: usize) {
    for stack in stacks {
        let grid = stack.grid.as_ref().unwrap();
        assert_eq!(grid.size, [5, 3, slices]);
        assert!((grid.between_slices().0 - 2.5).abs() < 1e-5);
        assert!(!stack.warnings.iter().any(|w| matches!(w, Warning::DuplicatePositions { .. })));
    }
}

#[test]
fn interleaved_echoes_are_a_stack_each() {
    let echo = |number: usize, te| image(number + 1, 2.5 * ((number / 2) as f64), &[(TE, "DS", te)]);
    let images: Vec<_> =
        (0..8).map(|number| echo(number, if number % 2 == 0 { "80.000001" } else { "20" })).collect();
    let found = stacks(&images);
    assert_eq!(names(&found), ["TE 20 ms", "TE 80 ms"]);
    assert_volumes(&found, 4);
    assert!(found.iter().all(|stack| stack.part.as_ref().unwrap().count == 2 && stack.files == 4));
    // The key of a stack is its own, and stays when another echo comes.
    assert_ne!(found[0].key(), found[1].key());
    assert!(found[0].key().same_series(&found[1].key()));
    let mut more = images.clone();
    more.extend((0..4).map(|slice| image(50 + slice, 2.5 * slice as f64, &[(TE, "DS", "45")])));
    let three = stacks(&more);
    assert_eq!(names(&three), ["TE 20 ms", "TE 45 ms", "TE 80 ms"]);
    assert_eq!((three[0].key(), three[2].key()), (found[0].key(), found[1].key()));
}

#[test]
fn diffusion_is_split_by_weighting_and_direction() {
    let mut images = Vec::new();
    for slice in 0..3_usize {
        let place = 2.5 * slice as f64;
        for (which, (b, direction)) in
            [(0.0, [0.0; 3]), (1000.0, [1.0, 0.0, 0.0]), (1000.0, [0.0, 1.0, 0.0]), (1000.0, [0.0, 0.6, 0.8])]
                .into_iter()
                .enumerate()
        {
            let number = slice * 4 + which + 1;
            let position = format!("{:.6}\\{:.6}\\7", -20.0 - 0.6 * place, 31.5 + 0.8 * place);
            let vector: Vec<u8> = direction.iter().flat_map(|part: &f64| part.to_le_bytes()).collect();
            let fixture = Fixture::ct()
                .text((0x20, 0x32), "DS", &position)
                .text((8, 0x18), "UI", &format!("1.2.3.4.{number}"))
                .text((0x20, 0x13), "IS", &number.to_string())
                .with((0x18, 0x9087), "FD", &f64::to_le_bytes(b))
                .with((0x18, 0x9089), "FD", &vector);
            images.push(Arc::new(fixture.read().unwrap()));
        }
    }
    let found = stacks(&images);
    let weighted = |direction: usize| format!("b = 1000 s/mm², direction {direction}");
    assert_eq!(names(&found), ["b = 0 s/mm²".to_owned(), weighted(1), weighted(2), weighted(3)]);
    assert_volumes(&found, 3);
}

#[test]
fn makers_own_weightings_are_read() {
    type Own = Vec<((u16, u16), &'static str, String)>;
    let siemens = |b: &str| -> Own {
        vec![((0x19, 0x10), "LO", "SIEMENS MR HEADER".to_owned()), ((0x19, 0x100C), "IS", b.to_owned())]
    };
    let ge = |b: &str| -> Own {
        let own = format!("1{b:0>9}\\8\\0\\0");
        vec![((0x43, 0x12), "LO", "GEMS_PARM_01".to_owned()), ((0x43, 0x1239), "IS", own)]
    };
    // The same numbers of another maker mean something else.
    let other = |b: &str| -> Own {
        vec![((0x19, 0x10), "LO", "SOMEBODY ELSE".to_owned()), ((0x19, 0x100C), "IS", b.to_owned())]
    };
    let series = |own: &dyn Fn(&str) -> Own| {
        let of = |number: usize, b: &str| {
            let extra = own(b);
            let extra: Vec<Extra<'_>> =
                extra.iter().map(|(tag, vr, text)| (*tag, *vr, text.as_str())).collect();
            image(number, 2.5 * (number / 2) as f64, &extra)
        };
        let images: Vec<_> = (2..8).map(|n| of(n, if n % 2 == 0 { "0" } else { "800" })).collect();
        names(&stacks(&images))
    };
    for own in [&siemens as &dyn Fn(&str) -> Own, &ge] {
        assert_eq!(series(own), ["b = 0 s/mm²", "b = 800 s/mm²"]);
    }
    assert_eq!(series(&other), ["set 1", "set 2"], "by order alone");
}

#[test]
fn times_that_differ_from_slice_to_slice_make_whole_volumes() {
    // Four times of three slices, in the order of acquisition 1, 3, 2, and the last time broken off.
    let mut images = Vec::new();
    for time in 0..4_usize {
        for (order, slice) in [0_usize, 2, 1].into_iter().enumerate() {
            if time == 3 && order == 2 {
                continue;
            }
            let at = format!("1015{:02}.{order}", 20 + time * 2);
            // Numbered by slice, which would be the wrong order.
            images.push(image(slice * 4 + time + 1, 2.5 * slice as f64, &[(ACQUISITION_TIME, "TM", &at)]));
        }
    }
    let found = stacks(&images);
    assert_eq!(names(&found), ["time 1", "time 2", "time 3", "time 4"]);
    assert_volumes(&found[..3], 3);
    assert_eq!(found[3].frames.len(), 2);
    for (time, stack) in found[..3].iter().enumerate() {
        let uids: Vec<&str> = stack.frames.iter().map(|frame| frame.of.sop_instance.as_str()).collect();
        let expected = [1, 5, 9].map(|number| format!("1.2.3.4.{}", number + time));
        assert_eq!(uids, expected);
    }
}

#[test]
fn weighting_and_time_combine() {
    let mut images = Vec::new();
    for index in 0..18_usize {
        let (slice, te, time) = (index / 6, index % 2, index / 2 % 3);
        let te = if te == 0 { "30" } else { "90" };
        let time = (time + 1).to_string();
        let extra = [(TE, "DS", te), ((0x20, 0x100), "IS", time.as_str())];
        images.push(image(index + 1, 2.5 * slice as f64, &extra));
    }
    let found = stacks(&images);
    assert_eq!(found.len(), 6);
    assert_eq!(names(&found)[..2], ["TE 30 ms, time 1", "TE 30 ms, time 2"]);
    assert_volumes(&found, 3);
}

#[test]
fn a_scout_and_slices_of_another_size_stand_alone() {
    let mut images: Vec<_> = (0..4).map(|slice| image(slice + 1, 2.5 * slice as f64, &[])).collect();
    let scout =
        [(IMAGE_TYPE, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER"), ((0x20, 0x37), "DS", "1\\0\\0\\0\\0\\-1")];
    images.push(image(9, 0.0, &scout));
    let found = stacks(&images);
    assert_eq!(names(&found), ["coronal", "scout"]);
    assert_volumes(&found[..1], 4);
    // As large as three, other slices are a stack too.
    let wide = |number: usize| {
        let mut fixture = Fixture::ct();
        for (tag, value) in [(0x10, 5_u16), (0x11, 3)] {
            fixture = fixture.with((0x28, tag), "US", &value.to_le_bytes());
        }
        let place = 1.25 + 2.5 * number as f64;
        let position = format!("{:.6}\\{:.6}\\7", -20.0 - 0.6 * place, 31.5 + 0.8 * place);
        let fixture = fixture.text((0x20, 0x32), "DS", &position);
        Arc::new(fixture.text((8, 0x18), "UI", &format!("1.2.3.5.{number}")).read().unwrap())
    };
    images.extend((0..3).map(wide));
    let found = stacks(&images);
    assert_eq!(names(&found), ["coronal, 3 x 5", "coronal, 5 x 3", "scout"]);
    assert!(found[..2].iter().all(|stack| stack.kind() == SeriesKind::Volume));
    assert!(!found.iter().any(|stack| stack.warnings.contains(&Warning::MixedSizes)));
}

#[test]
fn three_planes_are_three_stacks_and_a_rotation_is_one() {
    let turned = |number: usize, degrees: f64| {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let orientation = format!("{cosine:.6}\\{sine:.6}\\0\\0\\0\\-1");
        image(number, 0.0, &[((0x20, 0x37), "DS", &orientation)])
    };
    let localizer =
        [turned(1, 0.0), turned(2, 90.0), image(3, 0.0, &[((0x20, 0x37), "DS", "1\\0\\0\\0\\1\\0")])];
    assert_eq!(names(&stacks(&localizer)), ["coronal", "sagittal", "axial"]);
    let rotation: Vec<_> = (0..12).map(|step| turned(step + 1, step as f64 * 15.0)).collect();
    let found = stacks(&rotation);
    assert_eq!((found.len(), found[0].part.as_ref()), (1, None));
    assert!(found[0].warnings.contains(&Warning::SeveralOrientations { count: 12 }));
    let numbers: Vec<_> = found[0].frames.iter().map(|frame| frame.instance_number.unwrap()).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>(), "in the order of the rotation");
}

#[test]
fn a_film_at_one_place_is_one_stack_in_the_order_of_time() {
    let phases: Vec<_> = [40, 0, 80, 20, 60]
        .iter()
        .enumerate()
        .map(|(number, trigger)| image(number + 1, 5.0, &[((0x18, 0x1060), "DS", &trigger.to_string())]))
        .collect();
    let [film] = &stacks(&phases)[..] else { panic!("one stack") };
    let numbers: Vec<_> = film.frames.iter().map(|frame| frame.instance_number.unwrap()).collect();
    assert_eq!(numbers, [2, 4, 1, 5, 3]);
    assert_eq!(film.grid, Err(NotAVolume::DuplicatePositions));
    assert!(film.warnings.is_empty(), "{:?}", film.warnings);
}

#[test]
fn one_image_twice_stays_a_duplicate() {
    let mut images: Vec<_> = (0..5).map(|slice| image(slice + 1, 2.5 * slice as f64, &[])).collect();
    images.push(image(9, 5.0, &[(ACQUISITION_TIME, "TM", "101520")]));
    let [stack] = &stacks(&images[..5])[..] else { panic!("one stack") };
    assert!(stack.part.is_none() && stack.warnings.is_empty());
    let images: Vec<_> = (0..6)
        .map(|n| image(n + 1, 2.5 * (n.min(4)) as f64, &[(ACQUISITION_TIME, "TM", &format!("10152{n}"))]))
        .collect();
    let [stack] = &stacks(&images)[..] else { panic!("one stack") };
    assert_eq!(stack.warnings, [Warning::DuplicatePositions { count: 1 }]);
}

#[test]
fn overlap_gap_between_slices_and_tilt_are_told_with_numbers() {
    let thick = |thickness: &str| {
        let of = |slice: usize| image(slice + 1, 2.5 * slice as f64, &[((0x18, 0x50), "DS", thickness)]);
        stacks(&(0..4).map(of).collect::<Vec<_>>()).remove(0).warnings
    };
    assert!(thick("2.5").is_empty());
    let [overlap] = &thick("4")[..] else { panic!("one warning") };
    assert!(overlap.is_note());
    assert_eq!(overlap.to_string(), "Slices overlap: 4.00 mm thick, 2.50 mm apart.");
    let [between] = &thick("2")[..] else { panic!("one warning") };
    assert!(between.is_note());
    assert_eq!(
        between.to_string(),
        "Slices are 2.00 mm thick and 2.50 mm apart: 0.50 mm between two are not shown."
    );
    // Half a millimetre along the rows for each slice of 2.5 mm: atan(0.2).
    let sheared = |slice: usize| {
        let (place, shift) = (2.5 * slice as f64, 0.5 * slice as f64);
        let (x, y) = (-20.0 - 0.6 * place + 0.8 * shift, 31.5 + 0.8 * place + 0.6 * shift);
        image(slice + 1, 0.0, &[((0x20, 0x32), "DS", &format!("{x:.6}\\{y:.6}\\7"))])
    };
    let sheared = stacks(&(0..4).map(sheared).collect::<Vec<_>>()).remove(0);
    let [Warning::Tilt { degrees }] = sheared.warnings[..] else { panic!("{:?}", sheared.warnings) };
    assert!((degrees - 11.309_932).abs() < 1e-4, "{degrees}");
    assert!(sheared.grid.is_ok());
}

/// An item or sequence element in explicit VR little endian.
fn element(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    let length = u32::try_from(value.len()).unwrap();
    if vr == "item" {
        out.extend(length.to_le_bytes());
    } else {
        out.extend(vr.bytes());
        if vr == "SQ" {
            out.extend([0, 0]);
            out.extend(length.to_le_bytes());
        } else {
            out.extend(u16::try_from(length).unwrap().to_le_bytes());
        }
    }
    out.extend(value);
    out
}

fn group(tag: (u16, u16), elements: &[Vec<u8>]) -> Vec<u8> {
    element(tag, "SQ", &element((0xFFFE, 0xE000), "item", &elements.concat()))
}

#[test]
fn functional_groups_split_the_frames_of_one_object() {
    // Two places, three b-values; the frames go through the b-values first.
    let frame = |index: usize| {
        let (place, b) = (2.5 * (index / 3) as f64, [0.0, 500.0, 1000.0][index % 3]);
        let position = format!("{:.6}\\{:.6}\\7 ", -20.0 - 0.6 * place, 31.5 + 0.8 * place);
        let even = &position.as_bytes()[..position.len() / 2 * 2];
        let own = [
            group((0x18, 0x9117), &[element((0x18, 0x9087), "FD", &f64::to_le_bytes(b))]),
            group((0x20, 0x9113), &[element((0x20, 0x32), "DS", even)]),
        ];
        element((0xFFFE, 0xE000), "item", &own.concat())
    };
    let frames: Vec<u8> = (0..6).flat_map(frame).collect();
    let object = Fixture::ct()
        .without((0x20, 0x32))
        .text((0x28, 8), "IS", "6")
        .with((0x5200, 0x9230), "SQ", &frames)
        .with((0x7FE0, 0x10), "OW", &[1; 6 * 30]);
    let found = stacks(&[Arc::new(object.read().unwrap())]);
    assert_eq!(names(&found), ["b = 0 s/mm²", "b = 500 s/mm²", "b = 1000 s/mm²"]);
    assert_volumes(&found, 2);
    let numbers: Vec<_> = found[1].frames.iter().map(|frame| frame.of.frame_number).collect();
    assert_eq!(numbers, [2, 5]);
    assert!(found.iter().all(|stack| stack.files == 1 && stack.part.as_ref().unwrap().files == 1));
}
