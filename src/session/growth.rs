//! Whether a region that grew is what the reader meant: air, the background, the border of the image and the ends of
//! the stack are asked about before anything enters the case.

use super::{Session, mold};
use crate::case::nearest_rank;
use crate::geometry::{Mm, SliceStack};
use crate::image::{ValueUnit, Volume};
use crate::mask::Mask;
use crate::numbers::decimal;
use crate::typography::typeset;
use crate::words::counted;

/// Below it is air or lung, HU: air is -1000, lung -900 to -500, fat begins at -150.
const AIR_HU: f64 = -300.0;
/// Below it a scanner wrote nothing: air cannot be less dense than -1024 HU by much.
const NOTHING_HU: f64 = -1500.0;
/// A region of which more than this is air or background took it.
const MOST_AIR: f64 = 0.25;
/// A region with more than this of its outline along the image's border is cut off there.
const MOST_BORDER: f64 = 0.05;
/// A region larger than a ball of this diameter is hardly a lesion, mm: 268.1 mL.
const LARGE_MM: f64 = 80.0;
/// An image's outermost pixels are background where 95 % of them are below this share of its bright values.
const DARK: f64 = 0.15;
/// Noise of the background reaches so many times beyond what 95 % of it is below.
const NOISE: f64 = 1.5;

/// Why a region may not be what the reader meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doubt {
    /// This share of its voxels is air or lung by its CT value.
    Air(f64),
    /// This share of its voxels is as dark as what lies around the patient.
    Background(f64),
    /// It reaches the border of the image, or the padding around it.
    Border,
    /// It reaches the first slice, the last slice, or both.
    Ends {
        /// The first.
        first: bool,
        /// The last.
        last: bool,
    },
    /// It goes as far from the click as it may, mm: there it was cut off.
    CutOff(Mm),
    /// It ends at so many slices whose pixels are not there.
    Missing(usize),
    /// It is larger than a ball of this diameter, mm.
    Large(Mm),
}

impl Doubt {
    /// What the region does, as the end of a sentence that begins with "The region".
    fn words(self) -> String {
        let percent = |share: f64| decimal(share * 100.0, 0);
        match self {
            Self::Air(share) => {
                format!("is air or lung ({} % of it below {} HU)", percent(share), decimal(AIR_HU, 0))
            }
            Self::Background(share) => {
                format!("lies in the background of the image ({} % of it)", percent(share))
            }
            Self::Border => "reaches the border of the image".to_owned(),
            Self::Ends { first: true, last: true } => "reaches the first and the last slice".to_owned(),
            Self::Ends { first: true, .. } => "reaches the first slice".to_owned(),
            Self::Ends { .. } => "reaches the last slice".to_owned(),
            Self::CutOff(far) => format!("was cut off {} mm from the click", decimal(far.0, 0)),
            Self::Missing(count) => {
                format!("ends at {} without pixels", counted(count, "slice"))
            }
            Self::Large(across) => format!("is larger than a ball {} mm across", decimal(across.0, 0)),
        }
    }
}

/// A region that grew and is not in the case yet: the reader has to say whether it is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct GrowthQuestion {
    /// Why, the plainest first; never empty.
    pub doubts: Vec<Doubt>,
    /// How large the region is, millilitres, without what was marked before.
    pub volume_ml: f64,
}

impl GrowthQuestion {
    /// The question, in words for print.
    pub fn text(&self) -> String {
        let mut words: Vec<String> = self.doubts.iter().map(|doubt| doubt.words()).collect();
        let last = words.pop().unwrap_or_default();
        let all = if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) };
        typeset(&format!("The region {all}: {} mL. Take it anyway?", decimal(self.volume_ml, 1)))
    }
}

/// A region as it grew.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) voxels: Mask,
    /// Slices whose pixels were wanted and missing.
    pub(super) missing: usize,
}

impl Session {
    /// What has to be answered before the region that was grown last enters the case.
    pub fn growth_question(&self) -> Option<&GrowthQuestion> {
        self.molding.as_ref()?.question()
    }

    /// The region is taken into the case, or dropped.
    pub(super) fn answer_growth(&mut self, take: bool) {
        let Some(molding) = self.molding.take_if(|molding| molding.question().is_some()) else { return };
        if take {
            self.patients.acting = Some(molding.viewport());
            self.take_mold(molding);
        }
    }

    /// What makes a region doubtful that grew from a voxel with that mean value around it.
    pub(super) fn question_of(
        &self,
        seed: &mold::Seed,
        region: &Region,
        volume: &Volume,
    ) -> Option<GrowthQuestion> {
        let slices = &volume.slices;
        let size = region.voxels.volume_mm3(slices).ok().filter(|_| !region.voxels.is_empty())?;
        let mut doubts = Vec::new();
        doubts.extend(air(seed, &region.voxels, volume));
        let ends = region.voxels.ends(|at| is_nothing(volume, at));
        if ends.border > MOST_BORDER {
            doubts.push(Doubt::Border);
        }
        // A region in one or two slices always reaches their ends.
        if slices.slices() > 2 && (ends.first || ends.last) {
            doubts.push(Doubt::Ends { first: ends.first, last: ends.last });
        }
        let reach = self.settings.grow_reach_mm;
        let far = region.voxels.farthest_from(seed.centre(slices), slices);
        if far.is_some_and(|far| far.0 > reach - step(slices)) {
            doubts.push(Doubt::CutOff(Mm(reach)));
        }
        if region.missing > 0 {
            doubts.push(Doubt::Missing(region.missing));
        }
        if doubts.is_empty() && size > std::f64::consts::PI / 6.0 * LARGE_MM.powi(3) {
            doubts.push(Doubt::Large(Mm(LARGE_MM)));
        }
        (!doubts.is_empty()).then(|| GrowthQuestion { doubts, volume_ml: size / 1000.0 })
    }
}

/// The longest way from a voxel to the next, mm.
fn step(slices: &SliceStack) -> f64 {
    let spacing = slices.first().spacing();
    spacing.between_columns.0.max(spacing.between_rows.0).max(slices.between_slices().0)
}

/// The modality value of a voxel; `None` of padding, and of what is not there.
fn value(volume: &Volume, [column, row, slice]: [usize; 3]) -> Option<f64> {
    let (frame, samples) = (volume.frames.get(slice)?, volume.samples.get(slice)?.as_ref()?);
    let columns = volume.slices.size()[0];
    samples.stored(row * columns + column).and_then(|stored| frame.measured(stored))
}

fn is_hounsfield(volume: &Volume, slice: usize) -> bool {
    volume.frames.get(slice).is_some_and(|frame| frame.unit == ValueUnit::Hounsfield)
}

/// Whether nothing was imaged there: padding, whether it is declared or not.
fn is_nothing(volume: &Volume, at: [usize; 3]) -> bool {
    value(volume, at).is_none_or(|value| is_hounsfield(volume, at[2]) && value < NOTHING_HU)
}

/// Whether the region is air, or the background of an image that knows no air.
fn air(seed: &mold::Seed, region: &Mask, volume: &Volume) -> Option<Doubt> {
    let is_ct = is_hounsfield(volume, seed.voxel[2]);
    let below = if is_ct { AIR_HU } else { background(volume, seed.voxel[2])? };
    let (mut all, mut dark) = (0_u64, 0_u64);
    for slice in region.filled_slices() {
        for run in region.slice_runs(slice) {
            all += run.count() as u64;
            let is_dark =
                |column: &usize| value(volume, [*column, run.row, slice]).is_some_and(|v| v <= below);
            dark += (run.first..=run.last).filter(is_dark).count() as u64;
        }
    }
    let share = dark as f64 / all.max(1) as f64;
    let found = share > MOST_AIR || seed.mean <= below;
    found.then_some(if is_ct { Doubt::Air(share) } else { Doubt::Background(share) })
}

/// The value below which it is background, in an image whose air has no value of its own (MR, PET): what lies along the
/// border of a slice, where that is dark. `None` where the patient fills the image.
fn background(volume: &Volume, slice: usize) -> Option<f64> {
    let bright = bright(volume)?;
    let [columns, rows] = volume.slices.size();
    let mut found = None;
    // Software that corrects distortion leaves zeros along the border: the noise begins within.
    for inset in [0.0, 0.02, 0.05] {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few pixels")]
        let inset = (inset * columns.min(rows) as f64).round() as usize;
        if columns <= 2 * inset || rows <= 2 * inset {
            break;
        }
        let (right, bottom) = (columns - 1 - inset, rows - 1 - inset);
        let across = (inset..=right).flat_map(|column| [[column, inset], [column, bottom]]);
        let down = (inset..=bottom).flat_map(|row| [[inset, row], [right, row]]);
        let values = across.chain(down).filter_map(|[column, row]| value(volume, [column, row, slice]));
        let Some(level) = nearest_rank(&mut values.collect::<Vec<_>>(), 0.95) else { continue };
        if (0.0..DARK * bright).contains(&level) {
            found = Some(f64::max(level * NOISE, found.unwrap_or(0.0)));
        }
    }
    found
}

/// What 99 % of the volume's values are below, by some thousands of them.
fn bright(volume: &Volume) -> Option<f64> {
    const IN_A_SLICE: usize = 500;
    const SLICES: usize = 100;
    let [columns, rows] = volume.slices.size();
    // Odd: one that divides the columns would look at a few columns only.
    let apart = (columns * rows / IN_A_SLICE).max(1) | 1;
    let slices = volume.slices.slices();
    let places = (0..slices).step_by((slices / SLICES).max(1)).flat_map(|slice| {
        (0..columns * rows).step_by(apart).map(move |at| [at % columns, at / columns, slice])
    });
    let mut values: Vec<f64> = places.filter_map(|at| value(volume, at)).collect();
    nearest_rank(&mut values, 0.99).filter(|bright| *bright > 0.0)
}
