//! SUV of other kinds, and how much of the body weight what they are normalized by is.
//!
//! SUV Type (PS3.3 C.8.9.1) names the kind; its formulas are those of PS3.16 (126411 to 126415): lean body mass after James
//! with the multipliers 120 and 128, after Janmahasatian, ideal body weight after Sugawara, body surface after Du Bois.

use super::Pet;
use super::rule::{Factor, Refusal};

/// Patient's Sex as far as the formulas know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Male,
    Female,
}

impl Sex {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "M" => Some(Self::Male),
            "F" => Some(Self::Female),
            _ => None,
        }
    }
}

/// What the formulas ask of a patient beside the weight.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Body {
    /// Patient's Size, m.
    pub(super) size_m: Option<f64>,
    pub(super) sex: Option<Sex>,
}

/// What an SUV is normalized by, instead of body weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Norm {
    LeanJames120,
    LeanJames128,
    LeanJanmahasatian,
    IdealWeight,
    Surface,
}

impl Norm {
    /// Of an SUV Type of PS3.3.
    fn read(kind: &str) -> Option<Self> {
        match kind {
            "LBM" => Some(Self::LeanJames120),
            "LBMJAMES128" => Some(Self::LeanJames128),
            "LBMJANMA" => Some(Self::LeanJanmahasatian),
            "IBW" => Some(Self::IdealWeight),
            "BSA" => Some(Self::Surface),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::LeanJames120 => "LBM",
            Self::LeanJames128 => "LBMJAMES128",
            Self::LeanJanmahasatian => "LBMJANMA",
            Self::IdealWeight => "IBW",
            Self::Surface => "BSA",
        }
    }

    /// kg of the part of the body, or its surface in units of 10 cm², so that thousands are g and cm².
    fn part(self, weight_kg: f64, body: Body) -> Result<f64, Refusal> {
        let size_m = body.size_m.ok_or(Refusal::NoBody(self.name(), "size"))?;
        // Nobody is less than 20 cm or more than 3 m long: then it was written in cm or mm.
        if !(0.2..3.0).contains(&size_m) {
            return Err(Refusal::OddSize(self.name()));
        }
        let size_cm = size_m * 100.0;
        if self == Self::Surface {
            return Ok(0.071_84 * weight_kg.powf(0.425) * size_cm.powf(0.725));
        }
        let male = body.sex.ok_or(Refusal::NoBody(self.name(), "sex"))? == Sex::Male;
        let james = |multiplier: f64| 1.10 * weight_kg - multiplier * (weight_kg / size_cm).powi(2);
        Ok(match self {
            Self::LeanJames120 if male => james(120.0),
            Self::LeanJames128 if male => james(128.0),
            Self::LeanJames120 | Self::LeanJames128 => {
                1.07 * weight_kg - 148.0 * (weight_kg / size_cm).powi(2)
            }
            Self::LeanJanmahasatian => {
                let index = weight_kg / size_m.powi(2);
                let (own, by_index) = if male { (6680.0, 216.0) } else { (8780.0, 244.0) };
                9270.0 * weight_kg / (own + by_index * index)
            }
            Self::IdealWeight if male => 48.0 + 1.06 * (size_cm - 152.0),
            Self::IdealWeight => 45.5 + 0.91 * (size_cm - 152.0),
            Self::Surface => weight_kg,
        })
    }
}

impl Pet {
    /// `SUVbw` of one unit of values that are an SUV already; without an SUV Type grams are of body weight.
    pub(super) fn of_suv(&self, units: &str) -> Result<Factor, Refusal> {
        let kind = self.suv_type.as_deref().unwrap_or(if units == "GML" { "BW" } else { "BSA" });
        if units == "GML" && kind == "BW" {
            return Ok(Factor { per_unit: 1.0, how: "the file's values are SUVbw (GML)".into() });
        }
        let norm = Norm::read(kind).ok_or_else(|| Refusal::OtherSuv(kind.to_owned()))?;
        if (norm == Norm::Surface) != (units == "CM2ML") {
            return Err(Refusal::OtherSuv(format!("{kind} in {units}")));
        }
        let weight_kg = self.weight_kg.reveal().ok_or(Refusal::NoWeight)?;
        let part = norm.part(weight_kg, *self.body.reveal())?;
        if part <= 0.0 {
            return Err(Refusal::OddSize(norm.name()));
        }
        let how =
            format!("the file's values are SUV of another kind ({kind}), times body weight over its own");
        Ok(Factor { per_unit: weight_kg / part, how: how.into() })
    }
}
