//! Streams of `OpenJPH` and `OpenJPEG` (synthetic waves of 21 columns and 13 rows), decoded as they do.
//!
//! The sums are of the values that those decoders gave when the streams were made: each value times its place,
//! counted from 1 to 251 and again.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

use htj2k::{Component, Limits, decode};

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.bytes().filter_map(|b| char::from(b).to_digit(16)).map(|d| d.try_into().unwrap()).collect();
    digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect()
}

/// Decodes a stream, and holds the mean of its weighted values against its makers'.
fn hold(hex: &str, components: &[Component], sum: f64, tolerance: f64) {
    let image = decode(&bytes_of(hex), &Limits::default()).unwrap();
    assert_eq!((image.columns, image.rows), (21, 13));
    assert_eq!(image.components, components);
    assert_eq!(image.samples.len(), 21 * 13 * components.len());
    let places = (1..=251).cycle();
    let found: f64 = image.samples.iter().zip(places).map(|(&value, place)| f64::from(value * place)).sum();
    let weights: f64 = (0..image.samples.len()).map(|at| (at % 251 + 1) as f64).sum();
    assert!((found - sum).abs() / weights <= tolerance, "{found} instead of {sum}");
}

#[test]
fn signed_samples_are_exact() {
    hold(
        include_str!("streams/htj2k_signed.hex"),
        &[Component { bits: 16, signed: true }],
        24_934_320.0,
        0.0,
    );
}

#[test]
fn reversible_colours_are_exact() {
    let eight = Component { bits: 8, signed: false };
    hold(include_str!("streams/htj2k_rgb.hex"), &[eight; 3], 16_745_946.0, 0.0);
}

#[test]
fn samples_with_loss_are_within_two() {
    let sixteen = Component { bits: 16, signed: false };
    hold(include_str!("streams/htj2k_lossy.hex"), &[sixteen], 90_556_380.0, 2.0);
}
