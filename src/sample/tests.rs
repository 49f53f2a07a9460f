//! The head holds what its truth promises.

use glam::DVec3;

use crate::geometry::{FramePlane, PatientPoint, PixelPoint};

use super::lesion::{Lesion, RADIAL, TANGENTIAL};
use super::plan::{self, Plan};
use super::scan;

fn ct_of(lesion: &Lesion) -> Plan {
    let date = if lesion.name == "first" { "2015-05-12_CT" } else { "2017-09-28_CT" };
    plan::all().into_iter().find(|plan| plan.folder == date).unwrap()
}

/// HU of one stored slice.
fn slice_hu(plan: &Plan, slice: usize) -> (FramePlane, Vec<f64>) {
    let plane = plan.plane(slice).unwrap();
    let stored = scan::stored(plan, &plane, slice);
    let hu = stored.iter().map(|bits| f64::from(bits.cast_signed()) + plan.intercept).collect();
    (plane, hu)
}

fn slice_at(plan: &Plan, z: f64) -> usize {
    (0..plan.slices).find(|k| (plan.plane(*k).unwrap().origin().0.z - z).abs() < 1e-9).unwrap()
}

#[test]
fn spacing_is_never_square_and_slices_are_close() {
    for plan in plan::all() {
        assert!((plan.between_rows - plan.between_columns).abs() > 0.01, "{}", plan.folder);
        assert!(plan.between_slices_mm() <= 4.0 + 1e-9, "{}", plan.folder);
        plan.plane(0).unwrap();
    }
}

#[test]
fn one_ct_is_sheared_and_one_mr_is_oblique() {
    let plans = plan::all();
    let tilted = plans.iter().find(|plan| plan.folder == "2015-05-26_CT").unwrap();
    assert!((tilted.between_slices_mm() - 3.84).abs() < 1e-9);
    assert!((tilted.step - DVec3::new(0.0, 0.0, 4.0)).length() < 1e-12);
    let oblique = plans.iter().find(|plan| plan.folder == "2015-05-12_MR_T2").unwrap();
    let off_axis = |v: DVec3| v.x.abs().max(v.y.abs()).max(v.z.abs()) < 0.999;
    assert!(off_axis(oblique.right) && off_axis(oblique.down) && off_axis(oblique.step.normalize()));
}

/// Mean over the voxels whose centres lie in the ellipsoid, noise and partial volume included.
#[test]
fn the_stored_mean_is_right() {
    for lesion in [Lesion::first(), Lesion::recurrence()] {
        let plan = ct_of(&lesion);
        let (mut sum, mut count) = (0.0, 0.0);
        for slice in 0..plan.slices {
            let z = plan.plane(slice).unwrap().origin().0.z;
            if (z - lesion.centre.z).abs() > lesion.semi_axes().z {
                continue;
            }
            let (plane, hu) = slice_hu(&plan, slice);
            for (index, value) in hu.iter().enumerate() {
                let columns = usize::from(plan.columns);
                let at = PixelPoint::new((index % columns) as f64, (index / columns) as f64);
                if lesion.scale_at(plane.patient_from_pixel(at).0) <= 1.0 {
                    sum += value;
                    count += 1.0;
                }
            }
        }
        let mean = sum / count;
        let volume = count * plan.between_rows * plan.between_columns * plan.between_slices_mm() / 1000.0;
        println!("{}: mean {mean:.2} HU, {count} voxels, {volume:.2} mL", lesion.name);
        assert!((mean - lesion.mean_hu).abs() < 1.0, "{} {mean}", lesion.name);
        let slice = slice_at(&plan, lesion.centre.z);
        let (plane, hu) = slice_hu(&plan, slice);
        let inside: Vec<f64> = (0..hu.len())
            .filter(|index| {
                let columns = usize::from(plan.columns);
                let at = PixelPoint::new((index % columns) as f64, (index / columns) as f64);
                lesion.scale_at(plane.patient_from_pixel(at).0) <= 0.85
            })
            .map(|index| hu[index])
            .collect();
        let region = inside.iter().sum::<f64>() / inside.len() as f64;
        println!("{}: region {region:.2} HU", lesion.name);
        assert!((region - lesion.mean_hu).abs() < 0.5, "{} {region}", lesion.name);
        assert!((volume / lesion.volume_ml() - 1.0).abs() < 0.03, "{} {volume}", lesion.name);
    }
}

/// HU at a patient point of a noise-free slice, between pixel centres.
fn between_pixels(plan: &Plan, plane: &FramePlane, hu: &[f64], p: DVec3) -> f64 {
    let (at, _) = plane.pixel_from_patient(PatientPoint(p));
    let floor = at.0.floor();
    let f = at.0 - floor;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the test image")]
    let (column, row) = (floor.x as usize, floor.y as usize);
    let value = |c: usize, r: usize| hu[r * usize::from(plan.columns) + c];
    let line = |r: usize| value(column, r) * (1.0 - f.x) + value(column + 1, r) * f.x;
    line(row) * (1.0 - f.y) + line(row + 1) * f.y
}

/// Where the lesion gives way to the looser tissue around it: half way between their densities.
#[test]
fn the_size_in_the_image_is_right() {
    for lesion in [Lesion::first(), Lesion::recurrence()] {
        let plan = ct_of(&lesion);
        let plane = plan.plane(slice_at(&plan, lesion.centre.z)).unwrap();
        let hu = scan::ideal(&plan, &plane);
        let semi = lesion.semi_axes();
        let level = f64::midpoint(lesion.mean_hu, 23.0);
        for (direction, half, full) in [(RADIAL, semi.x, 2.0 * semi.x), (TANGENTIAL, semi.y, 2.0 * semi.y)] {
            let edge = |sign: f64| {
                let mut along = 0.9 * half;
                while along < 1.3 * half
                    && between_pixels(&plan, &plane, &hu, lesion.centre + sign * along * direction) > level
                {
                    along += 0.02;
                }
                along
            };
            let length = edge(1.0) + edge(-1.0);
            println!("{}: {full} mm measures {length:.2}", lesion.name);
            assert!((length - full).abs() < 0.5 * plan.between_columns, "{} {full} {length}", lesion.name);
        }
        let profile: Vec<(f64, f64)> = (0..plan.slices)
            .map(|k| plan.plane(k).unwrap())
            .filter(|plane| (plane.origin().0.z - lesion.centre.z).abs() < 1.3 * semi.z)
            .map(|plane| {
                let z = plane.origin().0.z;
                let p = DVec3::new(lesion.centre.x, lesion.centre.y, z);
                (z, scan::ideal_at(&plan, &plane, p))
            })
            .collect();
        let crossings: Vec<f64> = profile
            .windows(2)
            .filter(|w| (w[0].1 > level) != (w[1].1 > level))
            .map(|w| w[0].0 + (w[1].0 - w[0].0) * (level - w[0].1) / (w[1].1 - w[0].1))
            .collect();
        let length = crossings.last().unwrap() - crossings[0];
        println!("{}: {} mm up measures {length:.2}", lesion.name, 2.0 * semi.z);
        assert!((length - 2.0 * semi.z).abs() < 2.0, "{} {profile:?}", lesion.name);
    }
}

#[test]
fn the_ready_case_measures_the_axes() {
    let ready = super::ready_case().unwrap();
    let length = |ends: [PatientPoint; 2]| ends[0].distance(ends[1]).0;
    assert!((length(ready[0].long_axis) - 35.0).abs() < 1e-9);
    assert!((length(ready[0].short_axis) - 22.0).abs() < 1e-9);
    assert!((length(ready[0].through_plane) - 40.0).abs() < 1e-9);
    assert!((length(ready[1].short_axis) - 16.0).abs() < 1e-9);
}
