//! Brings the colours of a picture to sRGB.
//!
//! `moxcms` reads profiles and works out their curves and primaries. What it makes of them is applied here in whole numbers:
//! its own conversions depend on the processor in the last place, and then the same photograph would not be the same file.
//! Profiles of tables (printers, some scanners) are not applied; the note says so.

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace};

use super::report::{ColorSpace, Note};

/// What a file says of its colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Colors {
    /// sRGB, or nothing at all, which is taken for it.
    Srgb,
    AdobeRgb,
    DisplayP3,
    Profile(Vec<u8>),
    /// Something that is not applied.
    Unknown,
}

/// Light of full strength, in whole numbers.
const FULL: i64 = 65_535;
/// Levels of 8 bits within which a conversion is the rounding of sRGB's own profile.
const SAME: u8 = 2;

/// Converts the samples, and says what was done.
pub(super) fn to_srgb(picture: &mut DynamicImage, colors: &Colors) -> Option<Note> {
    let profile = match colors {
        Colors::Srgb => return None,
        Colors::Unknown => None,
        Colors::AdobeRgb => Some(ColorProfile::new_adobe_rgb()),
        Colors::DisplayP3 => Some(ColorProfile::new_display_p3()),
        Colors::Profile(bytes) => ColorProfile::new_from_slice(bytes).ok(),
    };
    profile.map_or(Some(Note::NotConverted), |profile| convert(picture, &profile))
}

/// Applies a profile where it can be applied, and says what was done where it does anything.
fn convert(picture: &mut DynamicImage, profile: &ColorProfile) -> Option<Note> {
    if profile.color_space == DataColorSpace::Gray {
        return convert_greys(picture, profile);
    }
    let Some(shaper) = Shaper::new(profile) else { return Some(Note::NotConverted) };
    if shaper.is_nothing() {
        return None;
    }
    // Grey pixels in a file of colours have equal shares of them, and those are grey in any space: only the curve could
    // differ, as with colours whose profile is of greys.
    let Some(picture) = picture.as_mut_rgb8() else { return Some(Note::NotConverted) };
    for pixel in picture.as_chunks_mut::<3>().0 {
        *pixel = shaper.convert(*pixel);
    }
    Some(Note::Converted(named(profile)))
}

fn convert_greys(picture: &mut DynamicImage, profile: &ColorProfile) -> Option<Note> {
    let linear = profile.build_gray_linearize_table::<u8, 256, 8>();
    let (Some(samples), Ok(linear)) = (picture.as_mut_luma8(), linear) else {
        return Some(Note::NotConverted);
    };
    let shown = encoded();
    let table = whole_light(&linear).map(|light| shown[index(light)]);
    if (0u8..=255).zip(table).all(|(from, to)| from.abs_diff(to) <= SAME) {
        return None;
    }
    samples.iter_mut().for_each(|sample| *sample = table[usize::from(*sample)]);
    Some(Note::Converted(ColorSpace::Grey))
}

fn named(profile: &ColorProfile) -> ColorSpace {
    let known = [
        (ColorProfile::new_display_p3(), ColorSpace::DisplayP3),
        (ColorProfile::new_adobe_rgb(), ColorSpace::AdobeRgb),
        (ColorProfile::new_pro_photo_rgb(), ColorSpace::ProPhoto),
    ];
    let primaries = profile.rgb_to_xyz_matrix();
    let near = |other: &ColorProfile| {
        let other = other.rgb_to_xyz_matrix();
        primaries.v.as_flattened().iter().zip(other.v.as_flattened()).all(|(a, b)| (a - b).abs() < 0.004)
    };
    known.iter().find(|(other, _)| near(other)).map_or(ColorSpace::Other, |(_, space)| *space)
}

/// Curves, a matrix and the curve of sRGB, in whole numbers: the same on every machine.
struct Shaper {
    linear: [[i64; 256]; 3],
    /// In 65536ths.
    matrix: [[i64; 3]; 3],
    encoded: Vec<u8>,
}

impl Shaper {
    /// None for a profile without curves and primaries.
    fn new(profile: &ColorProfile) -> Option<Self> {
        if !profile.is_matrix_shaper() {
            return None;
        }
        let matrix = profile.transform_matrix(&ColorProfile::new_srgb());
        let linear = |curve| profile.build_8bit_lin_table(curve).ok().map(|table| whole_light(&table));
        Some(Self {
            linear: [linear(&profile.red_trc)?, linear(&profile.green_trc)?, linear(&profile.blue_trc)?],
            matrix: matrix.v.map(|row| row.map(|share| whole(share * 65_536.0))),
            encoded: encoded(),
        })
    }

    fn convert(&self, pixel: [u8; 3]) -> [u8; 3] {
        let [r, g, b] = pixel.map(usize::from);
        let light = [self.linear[0][r], self.linear[1][g], self.linear[2][b]];
        self.matrix.map(|row| {
            let sum: i64 = row.iter().zip(light).map(|(part, light)| part * light).sum();
            self.encoded[index((sum + 32_768) >> 16)]
        })
    }

    /// Whether it changes no colour by more than the rounding of a profile does.
    fn is_nothing(&self) -> bool {
        let steps = || (0u8..=255).step_by(17);
        let same = |pixel: [u8; 3]| {
            self.convert(pixel).iter().zip(pixel).all(|(to, from)| to.abs_diff(from) <= SAME)
        };
        steps().all(|r| steps().all(|g| steps().all(|b| same([r, g, b]))))
    }
}

/// The light of each sample.
fn whole_light(linear: &[f32; 256]) -> [i64; 256] {
    linear.map(|light| whole(f64::from(light) * 65_535.0).clamp(0, FULL))
}

/// The sample of sRGB for each light.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 and 255")]
fn encoded() -> Vec<u8> {
    let encode = |light: f64| {
        if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
    };
    (0..=FULL)
        .map(|light| (encode(light as f64 / 65_535.0) * 255.0).round().clamp(0.0, 255.0) as u8)
        .collect()
}

fn index(light: i64) -> usize {
    usize::try_from(light.clamp(0, FULL)).unwrap_or(0)
}

/// The nearest whole number; 0 for what is none.
#[expect(clippy::cast_possible_truncation, reason = "clamped far below what 64 bits hold")]
fn whole(value: f64) -> i64 {
    value.round().clamp(-1.0e9, 1.0e9) as i64
}
