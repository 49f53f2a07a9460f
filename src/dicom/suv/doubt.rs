//! What of a PET header can hardly be right, though an SUV can be computed from it.
//!
//! | number | plausible | why |
//! |---|---|---|
//! | weight | 0.2 to 300 kg | scanner tables bear about 300 kg; a rat has 0.2 kg. Grams and tonnes lie far beyond |
//! | dose | 1 `MBq` to 10 `GBq` | a mouse gets some `MBq`, a patient at most a few `GBq` (Y-90). `kBq` or `MBq` taken for Bq lie below |
//!
//! Below 100 `kBq`, where no image could be made, there is no SUV at all.

use super::Pet;

const WEIGHT_KG: std::ops::RangeInclusive<f64> = 0.2..=300.0;
const DOSE_BQ: std::ops::RangeInclusive<f64> = 1e6..=1e10;

impl Pet {
    /// The doubts about an SUV by weight and dose, each the end of a sentence.
    pub(super) fn doubts(&self) -> Vec<Doubt> {
        let weight = self.weight_kg.reveal().filter(|weight| !WEIGHT_KG.contains(weight)).map(|weight| {
            let unit = match weight {
                weight if weight >= 1000.0 => "grams?",
                weight if weight > 1.0 => "is that kg?",
                _ => "is that kg, or of a small animal?",
            };
            Doubt { number: "weight", words: format!("weight {} kg: {unit}", digits(weight)) }
        });
        let dose = self.dose_bq.filter(|dose| !DOSE_BQ.contains(dose)).map(|dose| {
            let unit = if dose < *DOSE_BQ.start() { "kBq?" } else { "is that Bq?" };
            Doubt { number: "dose", words: format!("dose {} Bq: {unit}", digits(dose)) }
        });
        weight.into_iter().chain(dose).collect()
    }
}

/// A number that can hardly be right.
pub(super) struct Doubt {
    /// Which: stands beside every value.
    pub number: &'static str,
    /// The number and what it could be, for the list of warnings.
    pub words: String,
}

/// `70,000`: digits in groups of three, and decimals as far as they say something.
fn digits(value: f64) -> String {
    let text = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") };
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() { grouped } else { format!("{grouped}.{decimals}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Phi;

    fn words(weight: f64, dose: f64) -> Vec<String> {
        let pet = Pet { weight_kg: Phi::new(Some(weight)), dose_bq: Some(dose), ..Pet::default() };
        pet.doubts().into_iter().map(|doubt| doubt.words).collect()
    }

    #[test]
    fn what_cannot_be_kilograms_or_becquerels_is_asked() {
        assert_eq!(words(70.0, 350e6), Vec::<String>::new());
        assert_eq!(words(300.0, 1e10), Vec::<String>::new());
        assert_eq!(words(70_000.0, 350e6), ["weight 70,000 kg: grams?"]);
        assert_eq!(words(420.5, 350e6), ["weight 420.5 kg: is that kg?"]);
        assert_eq!(words(0.07, 350e6), ["weight 0.07 kg: is that kg, or of a small animal?"]);
        assert_eq!(words(70.0, 350_000.0), ["dose 350,000 Bq: kBq?"]);
        assert_eq!(words(70.0, 3.5e14), ["dose 350,000,000,000,000 Bq: is that Bq?"]);
        assert_eq!(words(70_000.0, 350_000.0).len(), 2);
    }
}
