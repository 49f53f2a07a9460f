//! The `SUVbw` of one unit of the modality value, or why there is none.

use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};

use super::time::Injection;
use super::{Pet, Whole};

/// After so many half-lives hardly a thousandth is left: then a date or a clock is wrong.
const MOST_HALF_LIVES: f64 = 10.0;
/// Two times so many half-lives apart give the same SUV within half a percent.
const AGREE: f64 = 0.007;
/// A dose below this was not written in Bq: 370 and 10 are `MBq` and `mCi`.
const LEAST_DOSE_BQ: f64 = 100_000.0;

/// How the modality value becomes an `SUVbw`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Factor {
    /// `SUVbw` (g/ml) of one unit of the modality value.
    pub per_unit: f64,
    /// By which rule, in words.
    pub how: Arc<str>,
}

/// Why there is no SUV, as the end of a sentence. No value of the patient's is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the file does not say that attenuation and decay are corrected")]
    NotCorrected,
    #[error("decay is not corrected (NONE), and of these values nobody knows to what it would have to be")]
    DecayNotCorrected,
    #[error("decay is not corrected (NONE), though the file lists it as corrected (DECY)")]
    DecayContradicts,
    #[error(
        "decay is not corrected (NONE), and the file does not say for certain when its values were counted"
    )]
    NoTimeOfValues,
    #[error("the file does not say to which time decay is corrected")]
    UnknownDecayCorrection,
    #[error("the file does not say the units of its values")]
    NoUnits,
    #[error("there is no rule for values in {0}")]
    OtherUnits(String),
    #[error("the file's SUV is of another kind ({0})")]
    OtherSuv(String),
    #[error("the file's SUV is of another kind ({0}), and the patient's {1} is missing")]
    NoBody(&'static str, &'static str),
    #[error("the file's SUV is of another kind ({0}), and the patient's size is not one in m")]
    OddSize(&'static str),
    #[error("the file has no rescale slope")]
    NoRescale,
    #[error("its counts have no factor to Bq/ml or SUV")]
    NoCountFactor,
    #[error("the patient's weight is missing")]
    NoWeight,
    #[error("the injected dose is missing")]
    NoDose,
    #[error("the injected dose is too small to be in Bq")]
    DoseNotInBq,
    #[error("more than one injection is listed")]
    SeveralInjections,
    #[error("the half-life is missing")]
    NoHalfLife,
    #[error("the time of the injection is missing")]
    NoInjectionTime,
    #[error("the day of the injection is missing: with so long a half-life its time alone does not tell it")]
    NoInjectionDay,
    #[error("the time of the acquisition is missing")]
    NoAcquisitionTime,
    #[error("when the scan began is known only with all {0} images of the series")]
    NotWhole(u32),
    #[error("when the scan began is not known")]
    NoScanTime,
    #[error("the injection is not before the scan")]
    InjectionAfterScan,
    #[error("the injection is more than 10 half-lives before the scan")]
    InjectionTooEarly,
}

impl Pet {
    /// The factor of this image, by the rules of QIBA; `whole` is its series.
    pub(super) fn factor(&self, whole: &Whole) -> Result<Factor, Refusal> {
        let units = self.units.as_deref().ok_or(Refusal::NoUnits)?;
        if !matches!(units, "BQML" | "CNTS" | "GML" | "CM2ML") {
            return Err(Refusal::OtherUnits(units.to_owned()));
        }
        let none = self.decay_correction.as_deref() == Some("NONE");
        if none && self.corrected.decay {
            return Err(Refusal::DecayContradicts);
        }
        if none && units != "BQML" {
            return Err(Refusal::DecayNotCorrected);
        }
        if !self.corrected.attenuation || !(self.corrected.decay || none) {
            return Err(Refusal::NotCorrected);
        }
        if !self.rescaled {
            return Err(Refusal::NoRescale);
        }
        match (units, self.philips_suv, self.philips_activity) {
            ("GML" | "CM2ML", ..) => self.of_suv(units),
            ("CNTS", Some(suv), _) => Ok(Factor { per_unit: suv, how: "Philips SUV factor".into() }),
            ("CNTS", None, Some(activity)) => {
                let Factor { per_unit, how } = self.of_activity(whole)?;
                let how = format!("Philips activity factor, {how}").into();
                Ok(Factor { per_unit: activity * per_unit, how })
            }
            ("CNTS", None, None) => Err(Refusal::NoCountFactor),
            _ => self.of_activity(whole),
        }
    }

    /// Whether its SUV is by weight and dose, not by the file's own factor.
    pub(super) fn needs_dose(&self) -> bool {
        match self.units.as_deref() {
            Some("BQML") => true,
            Some("CNTS") => self.philips_suv.is_none(),
            Some(_) | None => false,
        }
    }

    /// `SUVbw` of 1 Bq/ml: body weight in g over the dose in Bq that is left at the time decay is corrected to.
    fn of_activity(&self, whole: &Whole) -> Result<Factor, Refusal> {
        let weight_g = self.weight_kg.reveal().ok_or(Refusal::NoWeight)? * 1000.0;
        if self.injections > 1 {
            return Err(Refusal::SeveralInjections);
        }
        let dose = self.dose_bq.ok_or(Refusal::NoDose)?;
        if dose < LEAST_DOSE_BQ {
            return Err(Refusal::DoseNotInBq);
        }
        match self.decay_correction.as_deref() {
            Some("ADMIN") => Ok(Factor {
                per_unit: weight_g / dose,
                how: "values corrected to the injection (ADMIN)".into(),
            }),
            Some("START") => {
                let (scan, how) = self.scan(whole)?;
                let half_life = self.half_life_s.ok_or(Refusal::NoHalfLife)?;
                let decayed = dose * (-self.half_lives_to(scan, half_life)?).exp2();
                Ok(Factor { per_unit: weight_g / decayed, how: how.into() })
            }
            Some("NONE") => {
                let half_life = self.half_life_s.ok_or(Refusal::NoHalfLife)?;
                let decayed = dose * (-self.half_lives_to(self.counted(half_life)?, half_life)?).exp2();
                let how = "decay not corrected (NONE), dose decayed to when the image was counted";
                Ok(Factor { per_unit: weight_g / decayed, how: how.into() })
            }
            Some(_) | None => Err(Refusal::UnknownDecayCorrection),
        }
    }

    /// When the values of an image without correction of decay were what they are: when within its duration the count
    /// rate is its mean, which is also what the Frame Reference Time says, after the start of the series (PS3.3
    /// C.8.9.4). Where both are known they must agree.
    fn counted(&self, half_life: f64) -> Result<NaiveDateTime, Refusal> {
        let after = |start: NaiveDateTime, seconds: f64| start.checked_add_signed(microseconds(seconds));
        let mean = self.acquisition.zip(self.duration_s);
        let mean = mean.and_then(|(start, duration)| after(start, average_time(duration, half_life)));
        let series = self.series.filter(|series| self.acquisition.is_none_or(|start| *series <= start));
        let stated = series.zip(self.reference_s).and_then(|(series, reference)| after(series, reference));
        match (mean, stated) {
            (Some(mean), Some(stated)) => {
                let apart = (mean - stated).as_seconds_f64().abs();
                if apart > half_life * AGREE { Err(Refusal::NoTimeOfValues) } else { Ok(mean) }
            }
            (Some(at), None) | (None, Some(at)) => Ok(at),
            (None, None) => Err(Refusal::NoTimeOfValues),
        }
    }

    /// The time that START corrects decay to: when the scan of the first bed began.
    fn scan(&self, whole: &Whole) -> Result<(NaiveDateTime, &'static str), Refusal> {
        let earliest = whole.earliest.filter(|_| whole.all_timed).ok_or(Refusal::NoAcquisitionTime)?;
        if let Some(start) = self.series.filter(|start| *start <= earliest) {
            return Ok((start, "dose decayed to the start of the series"));
        }
        // The series was made after the scan: its own date is not that of the scan.
        if let Some(start) = self.ge_scan {
            return Ok((start, "dose decayed to GE's scan time"));
        }
        if let (Some(acquired), Some(reference), Some(duration), Some(half_life)) =
            (self.acquisition, self.reference_s, self.duration_s, self.half_life_s)
        {
            let average = average_time(duration, half_life);
            let start = acquired.checked_add_signed(microseconds(average - reference));
            let how = "dose decayed to the scan's start, from the frame reference time";
            return Ok((start.ok_or(Refusal::NoScanTime)?, how));
        }
        match self.slices {
            Some(slices) if whole.images >= slices as usize => {
                Ok((earliest, "dose decayed to the earliest acquisition of the series"))
            }
            Some(slices) => Err(Refusal::NotWhole(slices)),
            None => Err(Refusal::NoScanTime),
        }
    }

    /// Half-lives from the injection to the scan.
    fn half_lives_to(&self, scan: NaiveDateTime, half_life: f64) -> Result<f64, Refusal> {
        let start = match self.injection.ok_or(Refusal::NoInjectionTime)? {
            Injection::At(start) => start,
            Injection::Clock(clock) => {
                let same_day = scan.date().and_time(clock);
                // A time alone that is later than the scan's is of the day before.
                let before = same_day.checked_sub_signed(TimeDelta::days(1)).filter(|_| same_day > scan);
                let latest = before.unwrap_or(same_day);
                // Only where a day earlier nothing would be left is the day evident: of F-18, Ga-68, C-11. A scan of
                // Zr-89 or I-124 is as likely days after the injection, one of Cu-64 the next day.
                let earlier = (scan - latest + TimeDelta::days(1)).as_seconds_f64();
                if earlier / half_life <= MOST_HALF_LIVES {
                    return Err(Refusal::NoInjectionDay);
                }
                latest
            }
        };
        if start > scan {
            return Err(Refusal::InjectionAfterScan);
        }
        let half_lives = (scan - start).as_seconds_f64() / half_life;
        if half_lives > MOST_HALF_LIVES { Err(Refusal::InjectionTooEarly) } else { Ok(half_lives) }
    }
}

/// When within a frame the count rate is its mean, s: `ln(d / (1 - exp(-d))) / k` with `d = k * duration`.
fn average_time(duration_s: f64, half_life_s: f64) -> f64 {
    let constant = std::f64::consts::LN_2 / half_life_s;
    let decay = constant * duration_s;
    (decay / -(-decay).exp_m1()).ln() / constant
}

fn microseconds(seconds: f64) -> TimeDelta {
    #[expect(clippy::cast_possible_truncation, reason = "saturates; what is too far is refused by the date")]
    let whole = (seconds * 1e6).round() as i64;
    TimeDelta::microseconds(whole)
}
