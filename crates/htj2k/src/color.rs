//! Colours and ranges of samples (ISO 15444-1 Annex G).

#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use super::Error;
use super::Error::Damaged;
use super::size::{Area, Component};
use super::tile::Plane;

/// Makes red, green and blue of the first three components.
pub(super) fn transform(planes: &mut [Plane]) -> Result<(), Error> {
    match planes {
        [Plane::Whole(first), Plane::Whole(second), Plane::Whole(third), ..] => {
            pulp::Arch::new().dispatch(Reversible([first, second, third]));
        }
        [Plane::Real(first), Plane::Real(second), Plane::Real(third), ..] => {
            pulp::Arch::new().dispatch(Irreversible([first, second, third]));
        }
        [_, _, _, ..] => return Err(Damaged("the HTJ2K stream has colours of two kinds")),
        // Without three components there is nothing to transform.
        _ => {}
    }
    Ok(())
}

/// RCT (G.2).
#[derive(Debug)]
struct Reversible<'p>([&'p mut [i32]; 3]);

impl pulp::WithSimd for Reversible<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let [first, second, third] = self.0;
        for ((first, second), third) in first.iter_mut().zip(second).zip(third) {
            let green = first.wrapping_sub(second.wrapping_add(*third) >> 2);
            (*first, *second, *third) = (third.wrapping_add(green), green, second.wrapping_add(green));
        }
    }
}

/// ICT (G.3).
#[derive(Debug)]
struct Irreversible<'p>([&'p mut [f32]; 3]);

impl pulp::WithSimd for Irreversible<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let [first, second, third] = self.0;
        for ((first, second), third) in first.iter_mut().zip(second).zip(third) {
            let (y, cb, cr) = (*first, *second, *third);
            *first = y + 1.402 * cr;
            *second = y - 0.344_136_3 * cb - 0.714_136_3 * cr;
            *third = y + 1.772 * cb;
        }
    }
}

/// Where the samples of a tile's component go: an image whose components stand together in a pixel.
#[derive(Debug)]
pub(super) struct Store<'s> {
    pub(super) plane: &'s Plane,
    pub(super) depth: Component,
    pub(super) tile: Area,
    pub(super) samples: &'s mut [i32],
    pub(super) image: Area,
    pub(super) component: usize,
    pub(super) components: usize,
}

impl pulp::WithSimd for Store<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let range = Range::of(self.depth);
        match self.plane {
            Plane::Whole(values) => self.rows(values, |value| range.whole(value)),
            Plane::Real(values) => self.rows(values, |value| range.real(value)),
        }
    }
}

impl Store<'_> {
    #[inline(always)]
    fn rows<T: Copy>(self, values: &[T], sample: impl Fn(T) -> i32) {
        let Store { tile, samples, image, component, components, .. } = self;
        let line = image.width() * components;
        let first = (tile.top - image.top) * line + (tile.left - image.left) * components;
        let rows = samples.get_mut(first..).unwrap_or_default().chunks_mut(line);
        for (row, values) in rows.zip(values.chunks_exact(tile.width())) {
            if components == 1 {
                for (place, &value) in row.iter_mut().zip(values) {
                    *place = sample(value);
                }
            } else {
                for (place, &value) in row.iter_mut().skip(component).step_by(components).zip(values) {
                    *place = sample(value);
                }
            }
        }
    }
}

/// The values that a sample may have; those without a sign are coded around the middle.
#[derive(Debug, Clone, Copy)]
struct Range {
    least: i32,
    most: i32,
    middle: i32,
}

impl Range {
    fn of(Component { bits, signed }: Component) -> Self {
        let half = 1 << (bits - 1);
        if signed {
            Self { least: -half, most: half - 1, middle: 0 }
        } else {
            Self { least: 0, most: 2 * half - 1, middle: half }
        }
    }

    #[inline(always)]
    fn whole(self, value: i32) -> i32 {
        value.wrapping_add(self.middle).clamp(self.least, self.most)
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "clamped to at most 24 bits")]
    fn real(self, value: f32) -> i32 {
        let value = value.round_ties_even() + self.middle as f32;
        value.clamp(self.least as f32, self.most as f32) as i32
    }
}

/// Lifts the samples of a component that is the whole image.
pub(super) fn lift(samples: &mut [i32], depth: Component) {
    pulp::Arch::new().dispatch(Lift { samples, range: Range::of(depth) });
}

#[derive(Debug)]
struct Lift<'s> {
    samples: &'s mut [i32],
    range: Range,
}

impl pulp::WithSimd for Lift<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for sample in self.samples {
            *sample = self.range.whole(*sample);
        }
    }
}
