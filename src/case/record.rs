//! What a measurement was worth when the case was saved, so that a later reader can tell whether it still is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::facts::{Facts, fact_differences};
use super::{MeasurementId, Quantity, QuantityKind};
use crate::numbers::shortest;

/// How far (as a share of the recorded value) a value may be off without being another: rounding of other machines.
pub const TOLERANCE: f64 = 1e-6;
/// How far a value near zero may be off.
const NEAR_ZERO: f64 = 1e-9;

/// One value as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedValue {
    /// What it says: [`QuantityKind::name`].
    pub quantity: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: String,
}

/// What a measurement was worth. It proves nothing by itself: `isodense verify` measures again and compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Which measurement.
    pub measurement: MeasurementId,
    /// Its values.
    pub values: Vec<RecordedValue>,
    /// SHA-256 of the samples of the image that it was drawn on, or of the digests of all the slices that a mask or a plane
    /// takes its values from; where they were loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<String>,
    /// What the files said of these images: place, scale, technique.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Recorded {
    /// The record of a measurement.
    pub fn new(
        measurement: MeasurementId,
        quantities: &[Quantity],
        pixels: Option<String>,
        facts: Facts,
    ) -> Self {
        let values = quantities
            .iter()
            // A ratio to nothing is no number, and no file can keep it.
            .filter(|quantity| quantity.value.is_finite())
            .map(|quantity| RecordedValue {
                quantity: quantity.kind.name().to_owned(),
                value: quantity.value,
                unit: quantity.unit.label().to_owned(),
            })
            .collect();
        Self { measurement, values, pixels, facts, extra: Map::new() }
    }

    /// How what was measured now differs from the record, each in a sentence; nothing where it does not.
    ///
    /// Counts and padding are equal; other values within [`TOLERANCE`] of the recorded one. Pixels and facts that are not
    /// known now, or were not recorded, say nothing.
    pub fn differences(&self, now: &[Quantity], pixels: Option<&str>, facts: &Facts) -> Vec<String> {
        let mut found = Vec::new();
        if !self.facts.is_empty() && !facts.is_empty() {
            found.extend(fact_differences(&self.facts, facts));
        }
        if let (Some(then), Some(now)) = (&self.pixels, pixels)
            && then != now
        {
            found.push("the image's pixels are not those that were measured".to_owned());
        }
        for then in &self.values {
            // A label may stand several times: one real world value for each mapping.
            let mut same = now.iter().filter(|quantity| quantity.kind.name() == then.quantity);
            let is = |quantity: &&Quantity| quantity.unit.label() == then.unit;
            let Some(quantity) = same.clone().find(is).or_else(|| same.next()) else {
                found.push(format!(
                    "{} was {}, now there is none",
                    then.quantity,
                    words(then.value, &then.unit)
                ));
                continue;
            };
            if quantity.unit.label() != then.unit || !is_close(quantity, then.value) {
                let now = words(quantity.value, quantity.unit.label());
                found.push(format!("{} was {}, is {now}", then.quantity, words(then.value, &then.unit)));
            }
        }
        found
    }
}

fn is_close(now: &Quantity, then: f64) -> bool {
    let off = (now.value - then).abs();
    let counted =
        matches!(now.kind, QuantityKind::Count | QuantityKind::PaddingCount | QuantityKind::NanCount);
    off <= if counted { 0.5 } else { NEAR_ZERO.max(TOLERANCE * then.abs()) }
}

/// Enough digits to show a difference of the tolerance.
fn words(value: f64, unit: &str) -> String {
    format!("{} {unit}", shortest(value, 6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{QuantityUnit, Step};
    use crate::image::ValueUnit;

    fn values(mean: f64, n: f64) -> Vec<Quantity> {
        let unit = QuantityUnit::Value(ValueUnit::Hounsfield, Step::default());
        vec![
            Quantity { kind: QuantityKind::Count, value: n, unit: QuantityUnit::Pixels },
            Quantity { kind: QuantityKind::Mean, value: mean, unit },
        ]
    }

    #[test]
    fn a_difference_beyond_rounding_is_told() {
        let record = {
            let facts = Facts::from([("kV".to_owned(), "120".to_owned())]);
            Recorded::new(MeasurementId(3), &values(38.0, 412.0), Some("aa".to_owned()), facts)
        };
        let differs = |mean, n, pixels| record.differences(&values(mean, n), pixels, &Facts::new());
        assert!(differs(38.0 + 3e-5, 412.0, Some("aa")).is_empty());
        assert!(differs(38.0, 412.0, None).is_empty(), "pixels that are not loaded say nothing");
        assert_eq!(differs(38.001, 412.0, None), ["mean was 38 HU, is 38.001 HU"]);
        assert_eq!(differs(38.0, 413.0, None).len(), 1);
        assert_eq!(differs(38.0, 412.0, Some("ab")).len(), 1);
        assert_eq!(
            record.differences(&values(38.0, 412.0)[..1], None, &record.facts),
            ["mean was 38 HU, now there is none"]
        );
        let other = Facts::from([("kV".to_owned(), "140".to_owned())]);
        assert_eq!(record.differences(&values(38.0, 412.0), None, &other), ["kV was 120, is 140"]);
        let back: Recorded = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
        assert_eq!(back, record);
    }
}
