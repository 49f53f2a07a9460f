//! How is a number written? One rule for everything that people read, and for the tables of other programs.
//!
//! Rounding is half away from zero, as people do by hand, on the decimal digits that the number shows (2.675 is 2.68,
//! though the nearest binary fraction lies below it). The twelfth significant digit and what follows is the noise of the
//! arithmetic before and is dropped first, so that 16.049 999 999 999 997 is the 16.05 that it stands for. Text is plain
//! ASCII; [`crate::typography`] sets it for print.

/// Significant digits that a computed number is trusted to.
const DIGITS: usize = 12;

/// A number with a fixed number of decimals, rounded half away from zero, and never "-0".
///
/// ```
/// use isodense::numbers::decimal;
/// assert_eq!([decimal(-12.5, 0), decimal(2.675, 2), decimal(-0.04, 1)], ["-13", "2.68", "0.0"]);
/// ```
pub fn decimal(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let digits = settled(value.abs()).to_string();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let kept = fraction.bytes().chain(std::iter::repeat(b'0')).take(decimals);
    let mut rounded: Vec<u8> = whole.bytes().chain(kept).collect();
    if fraction.as_bytes().get(decimals).is_some_and(|next| *next >= b'5') {
        increment(&mut rounded);
    }
    let is_zero = rounded.iter().all(|digit| *digit == b'0');
    let point = rounded.len() - decimals;
    let mut text = String::with_capacity(rounded.len() + 2);
    if value < 0.0 && !is_zero {
        text.push('-');
    }
    for (place, digit) in rounded.into_iter().enumerate() {
        if place == point {
            text.push('.');
        }
        text.push(char::from(digit));
    }
    text
}

/// One more in the last place of ASCII digits.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

/// The number without the noise of the arithmetic that made it: to twelve significant digits.
fn settled(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

/// A number with as many decimals as it needs and `most` at most: `2.5`, `400`, `0.4`.
pub fn shortest(value: f64, most: usize) -> String {
    let text = decimal(value, most);
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        None => text,
    }
}

/// A number beside others that span `span`, such as the level beside the width of a window: with two decimals at most,
/// or as many as three digits of the span need, and none that is zero at the end.
pub fn fitting(value: f64, span: f64) -> String {
    let span = span.abs();
    let decimals = (2..12).find(|decimals| span * 10_f64.powi(*decimals) >= 99.5).unwrap_or(12);
    shortest(value, decimals.unsigned_abs() as usize)
}

/// How many decimals a number has that a hand drags, beside others that span `span`.
///
/// None from a span of 20 on, and below that two digits of it: a hand on a window of 1700 does not mean its hundredths.
pub fn drag_decimals(span: f64) -> usize {
    let span = span.abs();
    let decimals = (1..12).find(|decimals| span * 10_f64.powi(*decimals) >= 20.0).unwrap_or(12);
    if span >= 20.0 { 0 } else { decimals.unsigned_abs() as usize }
}

/// A dragged number rounded by [`drag_decimals`].
///
/// ```
/// use isodense::numbers::dragged;
/// assert_eq!([dragged(53.088, 53.088), dragged(1701.95, 1701.95), dragged(0.8043, 0.8043)], [53.0, 1702.0, 0.8]);
/// ```
pub fn dragged(value: f64, span: f64) -> f64 {
    decimal(value, drag_decimals(span)).parse().unwrap_or(value)
}

/// A difference: with its sign, which nothing that rounds to zero has.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = decimal(value, decimals);
    let is_zero = !text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    if value > 0.0 && !is_zero { format!("+{text}") } else { text }
}

/// Decimals of a percentage: one below 100, none from there on.
fn percent_decimals(value: f64) -> usize {
    usize::from(settled(value.abs()) < 99.95)
}

/// A percentage without its sign character: `12.5`, `140`.
pub fn percent(value: f64) -> String {
    decimal(value, percent_decimals(value))
}

/// A change in percent: `+12.5 %`, `-140 %`, `0.0 %`.
pub fn percent_change(value: f64) -> String {
    format!("{} %", signed(value, percent_decimals(value)))
}

/// The number as tables for other programs hold it: to a millionth, or to six significant digits where it is smaller
/// than one, so that a diffusion coefficient in mm²/s keeps its digits.
pub fn tabled(value: f64) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return if value == 0.0 { 0.0 } else { value };
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a double")]
    let places = (5 - value.abs().log10().floor() as i32).max(6).unsigned_abs() as usize;
    decimal(value, places).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn halves_go_away_from_zero_on_the_digits_that_people_see() {
        let cases = [
            (-12.5, 0, "-13"),
            (12.5, 0, "13"),
            (0.5, 0, "1"),
            (-0.5, 0, "-1"),
            (1.5, 0, "2"),
            (2.5, 0, "3"),
            (2.675, 2, "2.68"),
            (1.005, 2, "1.01"),
            (1.005 * 100.0, 0, "101"),
            (16.049_999_999_999_997, 1, "16.1"),
            (0.25, 1, "0.3"),
            (-0.35, 1, "-0.4"),
            (9.995, 2, "10.00"),
            (99.5, 0, "100"),
            (0.449_9, 0, "0"),
            (-0.04, 1, "0.0"),
            (-0.0, 0, "0"),
            (7.0, 3, "7.000"),
            (1e21, 1, "1000000000000000000000.0"),
            (0.000_812_35, 7, "0.0008124"),
        ];
        for (value, decimals, text) in cases {
            assert_eq!(decimal(value, decimals), text, "{value} to {decimals}");
        }
        assert_eq!(decimal(f64::NAN, 1), "NaN");
    }

    #[test]
    fn zeros_at_the_end_are_dropped_and_signs_of_nothing_too() {
        let words = [2.5, 2.0, 0.4, 400.5, 2.499_9, 0.001, -0.001].map(|value| shortest(value, 2));
        assert_eq!(words, ["2.5", "2", "0.4", "400.5", "2.5", "0", "0"]);
        assert_eq!([1.25, -1.25, 0.04, -0.04].map(|value| signed(value, 1)), ["+1.3", "-1.3", "0.0", "0.0"]);
    }

    #[test]
    fn a_window_says_its_numbers_whole() {
        let words = |width, center| [fitting(width, width), fitting(center, width)];
        assert_eq!(words(400.5, 40.25), ["400.5", "40.25"]);
        assert_eq!(words(0.4, -0.05), ["0.4", "-0.05"]);
        assert_eq!(words(0.001_6, 0.000_88), ["0.0016", "0.00088"]);
        assert_eq!(words(0.0, 3.0), ["0", "3"]);
    }

    #[test]
    fn a_percentage_below_a_hundred_has_one_decimal() {
        let words = [-12.5, 0.04, -0.04, 50.0, 99.94, 99.95, 100.0, 140.5, -140.5].map(percent_change);
        assert_eq!(
            words,
            ["-12.5 %", "0.0 %", "0.0 %", "+50.0 %", "+99.9 %", "+100 %", "+100 %", "+141 %", "-141 %"]
        );
        assert_eq!([percent(12.25), percent(250.0)], ["12.3", "250"]);
    }

    #[test]
    fn a_table_holds_no_noise_and_small_numbers_keep_their_digits() {
        let cases = [
            (21.999_999_999_999_993, 22.0),
            (769.999_999_999_999_8, 770.0),
            (1.234_567_89, 1.234_568),
            (0.000_812_345_678, 0.000_812_346),
            (-0.0, 0.0),
        ];
        for (value, expected) in cases {
            assert_eq!(tabled(value).to_bits(), f64::to_bits(expected), "{value}");
        }
    }

    proptest! {
        #[test]
        fn the_text_is_within_half_a_unit_of_the_last_place(value in -1e7_f64..1e7, decimals in 0_usize..6) {
            let read: f64 = decimal(value, decimals).parse().unwrap();
            let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap());
            prop_assert!((read - value).abs() <= half * (1.0 + 1e-6) + value.abs() * 1e-11);
            let size = |value: f64| decimal(value, decimals).trim_start_matches('-').to_owned();
            prop_assert_eq!(size(-value), size(value));
        }
    }
}
