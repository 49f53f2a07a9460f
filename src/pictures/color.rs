//! Brings the colours of a picture to sRGB.
//!
//! Profiles of primaries and curves (cameras, screens, phones) are applied by whole numbers. Those of tables (printers,
//! some scanners) are not; the note says so.

use super::icc::{self, Curve, Profile};
use super::raster::Raster;
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

type Matrix = [[f64; 3]; 3];

/// The primaries of sRGB, Display P3, Adobe RGB and `ProPhoto` RGB in the light of D50, as their profiles have them.
const SRGB: Matrix = [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]];
const DISPLAY_P3: Matrix =
    [[0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407]];
const ADOBE_RGB: Matrix =
    [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]];
const PRO_PHOTO: Matrix = [[0.79767, 0.28804, 0.0], [0.13519, 0.71188, 0.0], [0.03134, 0.00009, 0.82491]];

/// Light of full strength, in whole numbers.
const FULL: i64 = 65_535;
/// Levels of 8 bits within which a conversion is the rounding of sRGB's own profile.
const SAME: u8 = 2;

/// Converts the samples, and says what was done.
pub(super) fn to_srgb(raster: &mut Raster, colors: &Colors) -> Option<Note> {
    let built_in =
        |primaries, curve: Curve| Profile::Rgb { primaries, curves: [curve.clone(), curve.clone(), curve] };
    let profile = match colors {
        Colors::Srgb => return None,
        Colors::Unknown => return Some(Note::NotConverted),
        Colors::AdobeRgb => built_in(ADOBE_RGB, Curve::gamma(563.0 / 256.0)),
        Colors::DisplayP3 => built_in(DISPLAY_P3, Curve::srgb()),
        Colors::Profile(bytes) => match icc::parse(bytes) {
            Some(profile) => profile,
            None => return Some(Note::NotConverted),
        },
    };
    match (profile, raster.color) {
        (Profile::Rgb { primaries, curves }, true) => {
            let Some(shaper) = Shaper::new(&primaries, &curves) else { return Some(Note::NotConverted) };
            if shaper.is_nothing() {
                return None;
            }
            let (pixels, _) = raster.samples.as_chunks_mut::<3>();
            for pixel in pixels {
                *pixel = shaper.convert(*pixel);
            }
            Some(Note::Converted(named(&primaries)))
        }
        (Profile::Grey(curve), false) => {
            let shown = encoded();
            let table = linear(&curve).map(|light| shown[index(light)]);
            if (0u8..=255).zip(table).all(|(from, to)| from.abs_diff(to) <= SAME) {
                return None;
            }
            raster.samples.iter_mut().for_each(|sample| *sample = table[usize::from(*sample)]);
            Some(Note::Converted(ColorSpace::Grey))
        }
        // Grey pixels in a file of colours have equal shares of them, and those are grey in any space: only the
        // curve could differ, as with colours whose profile is of greys.
        (Profile::Rgb { primaries, curves }, false) => {
            let shaper = Shaper::new(&primaries, &curves);
            shaper.is_none_or(|shaper| !shaper.is_nothing()).then_some(Note::NotConverted)
        }
        (Profile::Grey(_), true) => Some(Note::NotConverted),
    }
}

fn named(primaries: &Matrix) -> ColorSpace {
    let known = [
        (DISPLAY_P3, ColorSpace::DisplayP3),
        (ADOBE_RGB, ColorSpace::AdobeRgb),
        (PRO_PHOTO, ColorSpace::ProPhoto),
    ];
    let near = |other: &Matrix| {
        primaries.as_flattened().iter().zip(other.as_flattened()).all(|(a, b)| (a - b).abs() < 0.004)
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
    fn new(primaries: &Matrix, curves: &[Curve; 3]) -> Option<Self> {
        let inverse = inverse(&SRGB)?;
        let mut matrix = [[0; 3]; 3];
        for (row, out) in matrix.iter_mut().enumerate() {
            for (column, cell) in out.iter_mut().enumerate() {
                // Primaries stand in rows, so that sums run over the second index of one and the first of the other.
                let sum: f64 = (0..3).map(|k| primaries[column][k] * inverse[k][row]).sum();
                *cell = whole(sum * 65_536.0);
            }
        }
        let linear = [linear(&curves[0]), linear(&curves[1]), linear(&curves[2])];
        Some(Self { linear, matrix, encoded: encoded() })
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
fn linear(curve: &Curve) -> [i64; 256] {
    let mut table = [0; 256];
    for (sample, light) in table.iter_mut().enumerate() {
        *light = whole(curve.at(sample as f64 / 255.0) * 65_535.0).clamp(0, FULL);
    }
    table
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

/// The inverse by cofactors.
fn inverse(m: &Matrix) -> Option<Matrix> {
    let cofactor = |row: usize, column: usize| {
        let (r, s) = ((row + 1) % 3, (row + 2) % 3);
        let (c, d) = ((column + 1) % 3, (column + 2) % 3);
        m[r][c] * m[s][d] - m[r][d] * m[s][c]
    };
    let determinant: f64 = (0..3).map(|column| m[0][column] * cofactor(0, column)).sum();
    if determinant.abs() < 1e-9 {
        return None;
    }
    let mut out = [[0.0; 3]; 3];
    for (row, cells) in out.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = cofactor(column, row) / determinant;
        }
    }
    Some(out)
}
