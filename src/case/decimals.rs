/// Most digits of a number that is shown to its last one.
const MOST_DIGITS: i32 = 5;
/// Most decimals of any number.
const MOST_DECIMALS: usize = 12;

/// Decimals of one value of an image: those of its step, as far as its size lets them say something.
///
/// 0.000803 mm²/s, 0.888, 3.011 Gy, 0.120 OD, 38 HU. Without a step four digits, and none of a whole number.
pub fn value_decimals(value: f64, step: Option<f64>) -> usize {
    match step.filter(|step| *step > 0.0 && step.is_finite()) {
        Some(step) => of_step(step).min(by_size(value).max(exact(value).unwrap_or(0))),
        None if value.fract() == 0.0 => 0,
        None => by_size(value),
    }
}

/// Decimals of what is computed from values, by the largest of them so that they line up: one more than values have.
pub fn computed_decimals(largest: f64, step: Option<f64>) -> usize {
    let (largest, least) = (largest.abs(), usize::from(largest.abs() < 10_000.0));
    if largest < 2.0 && largest > 0.0 {
        return small(largest);
    }
    let most = match step.filter(|step| *step > 0.0 && step.is_finite()) {
        Some(step) => of_step(step / 10.0).min(by_size(largest)),
        None => least,
    };
    most.max(least)
}

/// Decimals for a number below 2: four, and more where four digits would not be left (ADC in mm²/s).
fn small(value: f64) -> usize {
    let four_digits = |decimals: &usize| value * power(*decimals) >= 1000.0;
    (4..=MOST_DECIMALS).find(four_digits).unwrap_or(MOST_DECIMALS)
}

/// Decimals that leave about four digits.
fn by_size(value: f64) -> usize {
    match value.abs() {
        size if size >= 10_000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        size if size > 0.0 => small(size),
        _ => MOST_DECIMALS,
    }
}

/// Decimals that a step is written with; of one that no three digits give, enough to tell neighbours apart.
fn of_step(step: f64) -> usize {
    let magnitude = (0..=MOST_DECIMALS).find(|decimals| step * power(*decimals) > 0.999_999);
    let magnitude = magnitude.unwrap_or(MOST_DECIMALS);
    let written = (magnitude..=magnitude + 2).find(|decimals| is_whole(step * power(*decimals)));
    written.unwrap_or(magnitude + 1).min(MOST_DECIMALS)
}

/// Decimals that give a number as it is, where some five digits do.
fn exact(value: f64) -> Option<usize> {
    #[expect(clippy::cast_possible_truncation, reason = "the digits before the point")]
    let before = if value.abs() >= 1.0 { value.abs().log10().floor() as i32 + 1 } else { 0 };
    let most = usize::try_from(MOST_DIGITS - before).ok()?;
    (0..=most).find(|decimals| is_whole(value * power(*decimals)))
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() <= 1e-9 * value.abs().max(1e-3)
}

fn power(decimals: usize) -> f64 {
    (0..decimals).fold(1.0, |power, _| power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_decimals_of_its_own_size_and_step() {
        for (value, step, decimals) in [
            (0.000_803, 1e-6, 6),
            (0.888, 0.001, 3),
            (3.011, 0.001, 3),
            (3.011_04, 1e-6, 3),
            (3.011_044_1, 3.051_757e-5, 3),
            (12.345, 0.001, 3),
            (0.12, 0.001, 3),
            (38.0, 1.0, 0),
            (-1024.0, 1.0, 0),
            (0.0, 1e-6, 6),
            (0.0, 1.0, 0),
            (12.25, 0.25, 2),
            (12.3, 0.1, 1),
            (5120.4, 0.3471, 1),
            (51_204.3, 0.3471, 0),
            (12.222, 2.444_4, 1),
        ] {
            assert_eq!(value_decimals(value, Some(step)), decimals, "{value} in steps of {step}");
        }
        let without =
            [0.0, 5120.0, 812.34, 0.25, 3.011, 0.000_812_34].map(|value| value_decimals(value, None));
        assert_eq!(without, [0, 0, 1, 4, 3, 7]);
    }

    #[test]
    fn a_mean_has_one_more_than_its_values() {
        for (largest, step, decimals) in [
            (51.0, Some(1.0), 1),
            (1234.0, Some(1.0), 1),
            (12_345.0, Some(1.0), 0),
            (3.045, Some(0.001), 3),
            (0.000_965, Some(1e-6), 7),
            (0.25, Some(1.0), 4),
            (0.0, Some(1.0), 1),
            (51.0, None, 1),
        ] {
            assert_eq!(computed_decimals(largest, step), decimals, "{largest} in steps of {step:?}");
        }
    }
}
