//! Two acquisitions at the same places, one with holes: no slice of the other fills them, whatever tells them apart.

use std::sync::Arc;

use crate::dicom::tests::Fixture;
use crate::dicom::{Instance, assemble_series};
use crate::image::{NotAVolume, Series, Warning};

type Tag = (u16, u16);

const SLICES: usize = 9;
const STEP: f64 = 2.5;

/// How the images of two acquisitions are numbered.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Numbers {
    /// The second after the first.
    Blocks,
    /// The second after the first, and backwards.
    Zigzag,
    /// In turn, slice by slice.
    InTurn,
    /// As after an anonymiser: in no order.
    Shuffled,
    /// Both from 1.
    Same,
}

/// What stands in a header: which acquisition, which slice.
type Write<'w> = &'w dyn Fn(Fixture, usize, usize) -> Fixture;

/// A number that looks like noise, always the same.
fn noise(seed: usize) -> usize {
    let mut mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^= mixed >> 29;
    mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40
}

fn number(numbers: Numbers, which: usize, slice: usize) -> usize {
    match numbers {
        Numbers::Blocks => 1 + which * SLICES + slice,
        Numbers::Zigzag if which == 1 => 2 * SLICES - slice,
        Numbers::InTurn => 1 + 2 * slice + which,
        Numbers::Shuffled => 1 + noise(which * SLICES + slice) % 1000,
        Numbers::Zigzag | Numbers::Same => 1 + slice,
    }
}

/// One image. Whatever changes from slice to slice in a real acquisition does so here.
fn image(numbers: Numbers, which: usize, slice: usize, write: Write<'_>) -> Arc<Instance> {
    let place = STEP * slice as f64;
    let seed = which * SLICES + slice;
    let fixture = Fixture::ct()
        .text((8, 0x18), "UI", &format!("1.2.3.4.{}.{}", noise(seed + 7), seed))
        .text((8, 0x33), "TM", &format!("1015{:02}.{:03}", noise(seed) % 60, noise(seed + 1) % 1000))
        .text((0x18, 0x1060), "DS", &format!("{}.{}", 700 + noise(seed) % 90, noise(seed + 5) % 10))
        .text((0x18, 0x1151), "IS", &(180 + noise(seed + 3) % 40).to_string())
        .text((0x18, 0x1152), "IS", &(90 + noise(seed + 4) % 40).to_string())
        .text((0x20, 0x13), "IS", &number(numbers, which, slice).to_string())
        .text((0x20, 0x32), "DS", &format!("{:.6}\\{:.6}\\7", -20.0 - 0.6 * place, 31.5 + 0.8 * place))
        .text((0x20, 0x1041), "DS", &format!("{place:.2}"))
        .text((0x28, 0x1050), "DS", &(40 + noise(seed + 2) % 30).to_string())
        .text((0x28, 0x1051), "DS", &(300 + noise(seed + 6) % 30).to_string());
    Arc::new(write(fixture, which, slice).read().unwrap())
}

/// Assembles two acquisitions without the slices `lost` of acquisition `of`, in several orders, and demands both.
fn assert_apart(what: &str, numbers: Numbers, of: usize, lost: &[usize], write: Write<'_>) {
    let here = |which: usize, slice: usize| which != of || !lost.contains(&slice);
    let mut images: Vec<(usize, Arc<Instance>)> = Vec::new();
    for which in 0..2 {
        let slices = (0..SLICES).filter(|slice| here(which, *slice));
        images.extend(slices.map(|slice| (which, image(numbers, which, slice, write))));
    }
    for turn in 0..4 {
        images.sort_by_key(|(_, image)| {
            noise(usize::try_from(image.instance_number.unwrap()).unwrap() * 5 + turn)
        });
        let given: Vec<Arc<Instance>> = images.iter().map(|(_, image)| Arc::clone(image)).collect();
        let (stacks, problems) = assemble_series(&given);
        let case = format!("{what}, {numbers:?}, {lost:?} of {of} lost");
        assert!(problems.is_empty(), "{case}: {problems:?}");
        assert_eq!(stacks.len(), 2, "{case}: {:?}", told(&stacks));
        let whose = |stack: &Series| {
            let uids = stack.frames.iter().map(|frame| &frame.of.sop_instance);
            let mut whose: Vec<usize> = uids
                .filter_map(|uid| images.iter().find(|(_, image)| image.sop_instance == *uid))
                .map(|(which, _)| *which)
                .collect();
            whose.dedup();
            whose
        };
        let mut found: Vec<usize> = Vec::new();
        for stack in &stacks {
            let [which] = whose(stack)[..] else {
                panic!("{case}: a slice is borrowed: {:?}", told(&stacks))
            };
            found.push(which);
            assert_hole(&case, stack, &(0..SLICES).filter(|slice| here(which, *slice)).collect::<Vec<_>>());
        }
        found.sort_unstable();
        assert_eq!(found, [0, 1], "{case}");
    }
}

/// A stack of these slices: a volume, or one that says which are missing between them.
fn assert_hole(case: &str, stack: &Series, slices: &[usize]) {
    assert_eq!(stack.frames.len(), slices.len(), "{case}");
    let inside = slices.last().unwrap() + 1 - slices[0] - slices.len();
    let said = stack
        .warnings
        .iter()
        .find_map(|warning| if let Warning::Gap { missing, .. } = warning { Some(*missing) } else { None });
    assert_eq!(said, (inside > 0).then_some(inside), "{case}: {:?}", stack.warnings);
    assert_eq!(stack.grid.is_ok(), inside == 0, "{case}: {:?}", stack.grid);
}

fn told(stacks: &[Series]) -> Vec<(String, usize)> {
    let name = |stack: &Series| stack.part.as_ref().map(|part| part.name.clone()).unwrap_or_default();
    stacks.iter().map(|stack| (name(stack), stack.frames.len())).collect()
}

/// First, middle, last, several.
const LOST: [&[usize]; 5] = [&[0], &[4], &[8], &[3, 4], &[0, 5, 8]];

/// Attributes that two acquisitions may differ in, and a value for each.
const DIFFERENCES: &[(Tag, &str, [&str; 2])] = &[
    ((0x08, 0x08), "CS", ["ORIGINAL\\PRIMARY\\AXIAL", "DERIVED\\SECONDARY\\AXIAL"]),
    ((0x08, 0x32), "TM", ["101500", "101730.5"]),
    ((0x08, 0x103E), "LO", ["Thorax", "Thorax late"]),
    ((0x08, 0x2111), "ST", ["", "averaged"]),
    ((0x18, 0x10), "LO", ["", "agent"]),
    ((0x18, 0x20), "CS", ["SE", "GR"]),
    ((0x18, 0x21), "CS", ["SK", "SK\\SP"]),
    ((0x18, 0x22), "CS", ["FS", "PFP"]),
    ((0x18, 0x24), "SH", ["*tse2d", "*fl2d"]),
    ((0x18, 0x60), "DS", ["120", "100"]),
    ((0x18, 0x80), "DS", ["2000", "2500"]),
    ((0x18, 0x81), "DS", ["12", "90"]),
    ((0x18, 0x82), "DS", ["150", "2200"]),
    ((0x18, 0x83), "DS", ["1", "2"]),
    ((0x18, 0x86), "IS", ["1", "2"]),
    ((0x18, 0x95), "DS", ["130", "260"]),
    ((0x18, 0x1020), "LO", ["1.0", "1.1"]),
    ((0x18, 0x1030), "LO", ["Chest", "Chest 2"]),
    ((0x18, 0x1042), "TM", ["101400", "101600"]),
    ((0x18, 0x1151), "IS", ["200", "310"]),
    ((0x18, 0x1160), "SH", ["WEDGE", "FLAT"]),
    ((0x18, 0x1210), "SH", ["B30f", "B60f"]),
    ((0x18, 0x1314), "DS", ["20", "70"]),
    ((0x18, 0x9087), "FD", ["0", "800"]),
    ((0x20, 0x12), "IS", ["1", "2"]),
    ((0x20, 0x100), "IS", ["1", "2"]),
    ((0x20, 0x4000), "LT", ["", "repeated"]),
    ((0x20, 0x9056), "SH", ["1", "2"]),
    ((0x28, 0x1053), "DS", ["0.5", "0.25"]),
    ((0x40, 0x0254), "LO", ["Chest plain", "Chest portal"]),
];

#[test]
fn a_hole_is_not_filled_whatever_the_acquisitions_differ_in() {
    let orders = [Numbers::Blocks, Numbers::InTurn, Numbers::Shuffled, Numbers::Same];
    for (at, (tag, vr, values)) in DIFFERENCES.iter().enumerate() {
        for (turn, lost) in LOST.iter().enumerate() {
            let write = |fixture: Fixture, which: usize, _: usize| match values[which] {
                "" => fixture.without(*tag),
                value if *vr == "FD" => fixture.with(*tag, vr, &value.parse::<f64>().unwrap().to_le_bytes()),
                value => fixture.text(*tag, vr, value),
            };
            let what = format!("{tag:04X?}");
            assert_apart(&what, orders[(at + turn) % 4], (at + turn / 2) % 2, lost, &write);
        }
    }
}

#[test]
fn a_hole_is_not_filled_where_only_numbers_tell() {
    for lost in LOST {
        for numbers in [Numbers::Blocks, Numbers::InTurn, Numbers::Zigzag] {
            for of in 0..2 {
                // The end of one run and the start of the next are one where both are missing a slice there.
                if numbers == Numbers::Zigzag && lost.contains(&8) {
                    continue;
                }
                assert_apart("numbers", numbers, of, lost, &|fixture, _, _| fixture);
            }
        }
    }
}

#[test]
fn a_hole_is_not_filled_where_only_times_tell() {
    // Every second slice first, as magnetic resonance takes them; the second acquisition some seconds later.
    let order =
        |slice: usize| if slice.is_multiple_of(2) { slice / 2 } else { SLICES.div_ceil(2) + slice / 2 };
    for lost in LOST {
        for of in 0..2 {
            assert_apart("times", Numbers::Same, of, lost, &|fixture, which, slice| {
                let seconds = 10 + which * 14 + order(slice);
                fixture.text((8, 0x32), "TM", &format!("1015{seconds:02}.25"))
            });
        }
    }
}

#[test]
fn numbers_that_close_up_after_a_hole_do_not_hide_it() {
    for of in 0..2 {
        let lost = 4;
        assert_apart("renumbered", Numbers::Same, of, &[lost], &|fixture, which, slice| {
            let gone = usize::from(which > of || (which == of && slice > lost));
            fixture.text((0x20, 0x13), "IS", &(1 + which * SLICES + slice - gone).to_string())
        });
    }
}

#[test]
fn two_acquisitions_that_nothing_tells_apart_stay_together_and_say_so() {
    let all = |which: usize, slice: usize| image(Numbers::Same, which, slice, &|fixture, _, _| fixture);
    let mut images: Vec<_> = (0..SLICES).map(|slice| all(0, slice)).collect();
    images.extend((0..SLICES).filter(|slice| *slice != 4).map(|slice| all(1, slice)));
    let (stacks, _) = assemble_series(&images);
    assert_eq!(stacks.len(), 1, "{:?}", told(&stacks));
    assert!(stacks[0].warnings.contains(&Warning::DuplicatePositions { count: SLICES - 1 }));
}

#[test]
fn packs_half_a_degree_apart_are_two_and_noise_is_none() {
    let turned = |pack: usize, slice: usize, degrees: f64| {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let place = 3.0 * slice as f64 + 40.0 * pack as f64;
        image(Numbers::Same, pack, slice, &|fixture, _, _| {
            fixture
                .text((0x20, 0x13), "IS", &(1 + pack * SLICES + slice).to_string())
                .text((0x20, 0x37), "DS", &format!("1\\0\\0\\0\\{cosine:.6}\\{sine:.6}"))
                .text((0x20, 0x32), "DS", &format!("5\\{:.4}\\{:.4}", -sine * place, cosine * place))
        })
    };
    for degrees in [0.1, 0.3, 0.5] {
        let packs: Vec<_> = (0..10).map(|n| turned(n / 5, n % 5, 3.0 + degrees * (n / 5) as f64)).collect();
        let stacks = assemble_series(&packs).0;
        assert_eq!(stacks.len(), 2, "{degrees} degrees: {:?}", told(&stacks));
        assert!(stacks.iter().all(|stack| stack.grid.is_ok() && stack.frames.len() == 5));
    }
    let noisy: Vec<_> = (0..10).map(|n| turned(0, n, 3.0 + 0.002 * (noise(n) % 100) as f64)).collect();
    assert_eq!(assemble_series(&noisy).0.len(), 1);
}

#[test]
fn two_single_planes_are_no_volume() {
    let planes = |beside: f64| {
        let of = |slice: usize| {
            image(Numbers::Same, 0, slice, &|fixture, _, slice| {
                let (x, z) = (beside * slice as f64, -10.0 * slice as f64);
                fixture.text((0x20, 0x37), "DS", "1\\0\\0\\0\\1\\0").text(
                    (0x20, 0x32),
                    "DS",
                    &format!("{x}\\7\\{z}"),
                )
            })
        };
        assemble_series(&[of(0), of(1)]).0.remove(0)
    };
    for beside in [8.0, 17.3, 300.0] {
        let scouts = planes(beside);
        assert_eq!(scouts.grid, Err(NotAVolume::SinglePlanes));
        assert!(!scouts.warnings.iter().any(|warning| matches!(warning, Warning::Tilt { .. })));
    }
    assert!(planes(0.0).grid.is_ok() && planes(5.0).grid.is_ok());
}
