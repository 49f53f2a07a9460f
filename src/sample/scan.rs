//! Acquires a slice of the head: thickness, noise, stored numbers.

use glam::DVec3;

use crate::geometry::{FramePlane, PixelPoint};

use super::head::{Head, coil};
use super::noise::{gaussian, hash};
use super::plan::Plan;

/// Where a slice is sampled across its thickness, as shares of it.
const ACROSS: [f64; 2] = [-0.25, 0.25];

/// Partial volume in the plane, as the width of every edge.
const EDGE_CT_MM: f64 = 0.9;
const EDGE_MR_MM: f64 = 1.3;

/// Values of one slice without noise, row by row.
pub(super) fn ideal(plan: &Plan, plane: &FramePlane) -> Vec<f64> {
    let head =
        Head::new(plan.contrast, plan.state, if plan.contrast.is_ct() { EDGE_CT_MM } else { EDGE_MR_MM });
    let normal = plane.normal();
    let mut values = Vec::with_capacity(usize::from(plan.rows) * usize::from(plan.columns));
    for row in 0..plan.rows {
        for column in 0..plan.columns {
            let p = plane.patient_from_pixel(PixelPoint::new(f64::from(column), f64::from(row))).0;
            let sum: f64 = ACROSS.iter().map(|at| head.value(p + at * plan.thickness_mm * normal)).sum();
            values.push(sum / ACROSS.len() as f64);
        }
    }
    values
}

/// The value at one point of a slice without noise, the slice's thickness included.
#[cfg(test)]
pub(super) fn ideal_at(plan: &Plan, plane: &FramePlane, p: DVec3) -> f64 {
    let head = Head::new(plan.contrast, plan.state, EDGE_CT_MM);
    ACROSS.iter().map(|at| head.value(p + at * plan.thickness_mm * plane.normal())).sum::<f64>() / 2.0
}

/// Stored samples of one slice as bit patterns, row by row.
pub(super) fn stored(plan: &Plan, plane: &FramePlane, slice: usize) -> Vec<u16> {
    let mut values = ideal(plan, plane);
    if plan.contrast.is_ct() {
        tomography_noise(&mut values, plan, slice);
        values.iter().map(|hu| ct_bits(*hu, plan.intercept)).collect()
    } else {
        resonance_noise(&mut values, plan, plane, slice);
        values.iter().map(|signal| whole(signal.clamp(0.0, 4095.0)).cast_unsigned()).collect()
    }
}

fn whole(value: f64) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped by the callers; `as` saturates")]
    let whole = (value + 0.5).floor() as i16;
    whole
}

fn ct_bits(hu: f64, intercept: f64) -> u16 {
    // 12 bits from -1024 on, as scanners store.
    whole(hu.clamp(-1024.0, 3071.0) - intercept).cast_unsigned()
}

fn seed(plan: &Plan) -> u32 {
    plan.folder.bytes().fold(17, |seed, byte| hash([i32::from(byte), 0, 0], seed))
}

/// Grain of about two pixels, stronger in the middle of the head; little in air.
///
/// Like the noise of filtered back projection it has next to no power at low frequencies: it spares means.
fn tomography_noise(values: &mut [f64], plan: &Plan, slice: usize) {
    const BORDER: i32 = 3;
    let (columns, rows) = (i32::from(plan.columns), i32::from(plan.rows));
    let seed = seed(plan);
    let depth = i32::try_from(slice).unwrap_or(0);
    let white: Vec<f64> = (-BORDER..rows + BORDER)
        .flat_map(|r| (-BORDER..columns + BORDER).map(move |c| gaussian([c, r, depth], seed)))
        .collect();
    let stride = usize::from(plan.columns) + 6;
    for (index, value) in values.iter_mut().enumerate() {
        let (row, column) = (index / usize::from(plan.columns), index % usize::from(plan.columns));
        let corner = row * stride + column;
        let inner = corner + 2 * stride + 2;
        let line = |start: usize| white[start] + 2.0 * white[start + 1] + white[start + 2];
        let fine = (line(inner) + 2.0 * line(inner + stride) + line(inner + 2 * stride)) / 16.0;
        let around: f64 = (0..7).map(|k| white[corner + k * stride..][..7].iter().sum::<f64>()).sum();
        // 36 / 256 - 2 * 0.9 / 49 + 0.81 / 49 is 0.347 squared.
        let grain = (fine - 0.9 * around / 49.0) / 0.347;
        let (u, v) = (
            2.0 * column as f64 / f64::from(plan.columns) - 1.0,
            2.0 * row as f64 / f64::from(plan.rows) - 1.0,
        );
        let strength = if *value < -900.0 { 0.2 } else { 1.1 - 0.35 * (u * u + v * v).min(1.0) };
        *value += plan.noise * strength * grain;
    }
}

/// Sensitivity of the coil, then noise in both channels of the receiver (Rician magnitude).
fn resonance_noise(values: &mut [f64], plan: &Plan, plane: &FramePlane, slice: usize) {
    let seed = seed(plan);
    let depth = i32::try_from(slice).unwrap_or(0);
    let columns = usize::from(plan.columns);
    for (index, value) in values.iter_mut().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let p: DVec3 = plane.patient_from_pixel(PixelPoint::new(column as f64, row as f64)).0;
        let cell = [i32::try_from(column).unwrap_or(0), i32::try_from(row).unwrap_or(0), depth];
        // Air is quieter: the coils' images are weighted by their signal.
        let noise = if *value < 10.0 { 0.45 * plan.noise } else { plan.noise };
        let real = *value * coil(p) + noise * gaussian(cell, seed);
        let imaginary = noise * gaussian(cell, seed ^ 0x00ff_00ff);
        #[expect(clippy::imprecise_flops, reason = "hypot differs between platforms, sqrt does not")]
        let magnitude = (real * real + imaginary * imaginary).sqrt();
        *value = magnitude;
    }
}
