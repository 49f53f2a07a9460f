//! Numbers in the notes that are tied to a measurement: `[about 38 HU](measurement:1#mean~1)`.
//!
//! To Markdown it is a link. The text holds the number and its unit as the reader wrote them; the target names the
//! measurement, what of it is meant ([`super::QuantityKind::name`], or `size` for all axes), and after `~` how far the
//! measured value may be off, in the unit of the text: a plain number, `0.5` or `0,5` or `5e-1`. Without one it is half of
//! the last digit written; what is no plain number (`5%`) is never read as one.

use std::ops::Range;

use super::{MeasurementId, Quantity, axes, number};

/// A number that the notes state of a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The words, as written.
    pub text: String,
    /// Which measurement.
    pub measurement: MeasurementId,
    /// What of it: `mean`, `size`, `area`.
    pub what: String,
    /// Where it stands in the notes, in bytes: `[text](target)`.
    pub range: Range<usize>,
    /// The numbers stated.
    pub numbers: Vec<f64>,
    /// Their unit as written; empty where none is.
    pub unit: String,
    /// How far the measured value may be off, in that unit.
    pub tolerance: f64,
    /// Why the claim cannot be checked: its tolerance is no plain number.
    pub unclear: Option<String>,
}

/// Every claim of the notes, in order. What does not read as one is text like any other.
pub fn claims(notes: &str) -> Vec<Claim> {
    const LINK: &str = "](measurement:";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = notes[from..].find(LINK).map(|at| from + at) {
        let target = at + LINK.len();
        let end = notes[target..].find(')').map_or(notes.len(), |end| target + end);
        if let Some(open) = notes[from..at].rfind('[').map(|open| from + open) {
            let claim = claim(&notes[open + 1..at], &notes[target..end]);
            let range = open..(end + 1).min(notes.len());
            found.extend(claim.map(|claim| Claim { range, ..claim }));
        }
        from = end;
    }
    found
}

fn claim(text: &str, target: &str) -> Option<Claim> {
    let (id, what) = target.split_once('#')?;
    let (what, tolerance) = match what.split_once('~') {
        Some((what, tolerance)) => (what, Some(tolerance)),
        None => (what, None),
    };
    let (numbers, last_digit, unit) = numbers_of(text);
    let measurement = MeasurementId(id.trim().parse().ok()?);
    let (tolerance, unclear) = match tolerance.map(|stated| (stated, plain_number(stated))) {
        None => (last_digit / 2.0, None),
        Some((_, Some(stated))) => (stated, None),
        Some((stated, None)) => {
            let stated = stated.trim();
            (
                0.0,
                Some(format!(
                    "its tolerance \"{stated}\" is no plain number in the unit of the text, as in ~0.5"
                )),
            )
        }
    };
    let (text, what) = (text.to_owned(), what.trim().to_owned());
    let claim = Claim { text, measurement, what, range: 0..0, numbers, unit, tolerance, unclear };
    (!claim.numbers.is_empty()).then_some(claim)
}

/// A finite number that is not negative, with a point or a comma before its decimals, also with an exponent. A comma before
/// three digits may stand for thousands and is none.
fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let known = |c: char| c.is_ascii_digit() || ['.', ',', 'e', 'E', '+', '-'].contains(&c);
    if !text.chars().all(known) || !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let point = match text.split_once(',') {
        Some((_, after)) if after.len() == 3 || after.contains([',', '.']) => return None,
        Some((whole, _)) if whole.contains(['.', 'e', 'E']) => return None,
        Some(_) | None => text.replace(',', "."),
    };
    point.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// The numbers of a text, the value of the last digit of the first, and the unit after the last.
fn numbers_of(text: &str) -> (Vec<f64>, f64, String) {
    let text = text.replace('\u{2212}', "-");
    let (mut numbers, mut last_digit, mut unit) = (Vec::new(), 1.0, String::new());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let negative =
            rest[..start].ends_with('-') && !rest[..start - 1].ends_with(|c: char| c.is_ascii_digit());
        let length =
            rest[start..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len() - start);
        let digits = rest[start..start + length].trim_end_matches('.');
        if let Ok(value) = digits.parse::<f64>() {
            if numbers.is_empty() {
                let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                last_digit = 0.1_f64.powi(i32::try_from(decimals).unwrap_or(0));
            }
            numbers.push(if negative { -value } else { value });
        }
        rest = &rest[start + length..];
        let word: String =
            rest.trim_start().chars().take_while(|c| !c.is_whitespace() && !",;)".contains(*c)).collect();
        // Between the numbers of a size stands an x.
        if !["", "x", "\u{d7}"].contains(&word.as_str()) {
            unit = word;
        }
    }
    (numbers, last_digit, unit)
}

impl Claim {
    /// What was measured, as the claim would say it, and whether it agrees; why it cannot be compared.
    pub fn check(&self, quantities: &[Quantity]) -> Result<(String, bool), String> {
        if let Some(unclear) = &self.unclear {
            return Err(unclear.clone());
        }
        let found: Vec<&Quantity> = match self.what.as_str() {
            "size" => axes(quantities),
            what => quantities.iter().filter(|quantity| quantity.kind.name() == what).take(1).collect(),
        };
        let Some(first) = found.first() else {
            return Err(format!("measurement {} has no {}", self.measurement.0, self.what));
        };
        let factor = factor(first.unit.label(), &self.unit)
            .ok_or_else(|| format!("it is measured in {}, not in {}", first.unit.label(), self.unit))?;
        let mut measured: Vec<f64> = found.iter().map(|quantity| quantity.value * factor).collect();
        let unit = if self.unit.is_empty() { first.unit.label() } else { &self.unit };
        let words: Vec<String> =
            measured.iter().map(|value| number(*value, decimals(self.tolerance))).collect();
        let words = format!("{} {unit}", words.join(" x "));
        if measured.len() != self.numbers.len() {
            return Ok((words, false));
        }
        // Whether the axes are named by size or in the order drawn is a matter of taste.
        let mut stated = self.numbers.clone();
        stated.sort_by(f64::total_cmp);
        measured.sort_by(f64::total_cmp);
        // Half a digit is written as one: 38.5 may be 38 or 39.
        let slack = self.tolerance * (1.0 + 1e-9) + 1e-9;
        let agrees =
            stated.iter().zip(&measured).all(|(stated, measured)| (stated - measured).abs() <= slack);
        Ok((words, agrees))
    }
}

/// One digit more than the tolerance has.
fn decimals(tolerance: f64) -> usize {
    (0..6)
        .find(|decimals| tolerance * 10_f64.powi(*decimals) >= 1.0)
        .map_or(6, |d| d.unsigned_abs() as usize + 1)
}

/// What a measured value is multiplied with to be in the unit of a text; `None` where the two have nothing in common.
pub(super) fn factor(measured: &str, stated: &str) -> Option<f64> {
    match (measured, stated) {
        (measured, stated) if stated.is_empty() || measured == stated => Some(1.0),
        ("mm", "cm") => Some(0.1),
        ("mm\u{b2}", "cm2" | "cm\u{b2}") => Some(0.01),
        ("mm\u{b2}", "mm2")
        | ("mL" | "mL (cut off)", "mL" | "ml" | "cm3" | "cm\u{b3}" | "cc")
        | ("\u{b0}", "degrees" | "deg") => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{QuantityKind, QuantityUnit, Step};
    use crate::image::{Calibration, ValueUnit};

    fn size(a: f64, b: f64, c: f64) -> Vec<Quantity> {
        let axis = |kind, value| Quantity { kind, value, unit: QuantityUnit::Length(Calibration::InPatient) };
        vec![
            axis(QuantityKind::Length, a),
            axis(QuantityKind::ShortAxis, b),
            axis(QuantityKind::ThirdAxis, c),
        ]
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let notes = "A mass of [2.2 cm x 3.5 cm \u{d7} 4.0 cm](measurement:2#size~0.05) with a CT value of \
            [about 38 HU](measurement:1#mean~1); see [the paper](https://example.org). [-3.25 HU](measurement:1#mean)";
        let found = claims(notes);
        assert_eq!(found.len(), 3);
        assert_eq!(&notes[found[1].range.clone()], "[about 38 HU](measurement:1#mean~1)");
        assert_eq!((found[0].numbers.as_slice(), found[0].unit.as_str()), ([2.2, 3.5, 4.0].as_slice(), "cm"));
        assert_eq!((found[1].numbers.as_slice(), found[1].tolerance), ([38.0].as_slice(), 1.0));
        assert_eq!(found[2].numbers, [-3.25]);
        assert!((found[2].tolerance - 0.005).abs() < 1e-12, "half of the last digit");
        for none in [
            "[38](measurement:x#mean)",
            "[no number](measurement:1#mean)",
            "](measurement:1#mean)",
            "[3](measurement:1",
        ] {
            assert!(claims(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_tolerance_is_read_as_it_is_meant_or_refused() {
        let of = |tolerance: &str| {
            let notes = format!("[38 HU](measurement:1#mean~{tolerance})");
            claims(&notes).remove(0)
        };
        for (text, number) in [
            ("5", 5.0),
            (" 0,5", 0.5),
            ("0.5 ", 0.5),
            ("1e-3", 0.001),
            ("1E-3", 0.001),
            (".5", 0.5),
            ("0", 0.0),
            ("12,25", 12.25),
            ("2.5e+1", 25.0),
        ] {
            let claim = of(text);
            assert_eq!((claim.tolerance, &claim.unclear), (number, &None), "{text}");
        }
        let unit = QuantityUnit::Value(ValueUnit::Hounsfield, Step::default());
        let mean = [Quantity { kind: QuantityKind::Mean, value: 38.0, unit }];
        for text in [
            "5%", "5 %", "5 HU", "-1", "", " ", "about 5", "1,000", "1.000,5", "5;1", "inf", "NaN", "1e999",
            "\u{b1}1", "1-2", "e3", "5~1",
        ] {
            let why = of(text).check(&mean).unwrap_err();
            assert!(why.contains("is no plain number") && why.contains(text.trim()), "{text}: {why}");
        }
    }

    #[test]
    fn a_claim_agrees_within_its_tolerance_in_its_own_unit() {
        let claim = &claims("[2.2 x 3.5 x 4.0 cm](measurement:2#size)")[0];
        assert_eq!(claim.check(&size(35.0, 22.4, 40.2)), Ok(("3.500 x 2.240 x 4.020 cm".to_owned(), true)));
        assert!(!claim.check(&size(35.0, 22.6, 40.0)).unwrap().1, "0.06 cm off");
        assert!(!claim.check(&size(35.0, 22.0, 40.0)[..2]).unwrap().1, "two axes are not three");
        let unit = QuantityUnit::Value(ValueUnit::Hounsfield, Step::default());
        let mean = [Quantity { kind: QuantityKind::Mean, value: 38.9, unit }];
        assert!(claims("[about 38 HU](measurement:1#mean~1)")[0].check(&mean).unwrap().1);
        assert!(!claims("[38 HU](measurement:1#mean)")[0].check(&mean).unwrap().1);
        assert!(claims("[38 mm](measurement:1#mean)")[0].check(&mean).is_err(), "HU are no mm");
        assert!(claims("[38 HU](measurement:1#area)")[0].check(&mean).is_err());
    }
}
