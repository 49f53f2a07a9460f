//! How is a number or a list put in a sentence?

use super::threshold::TOLERANCE;
use crate::numbers::shortest;

/// A number with as many decimals as it needs: two, or more when two would round it to a whole number that a
/// threshold might be, so that 29.998 % never reads 30 % beside "less than 30 %".
pub(super) fn number(value: f64) -> String {
    for decimals in 2..=7 {
        let text = shortest(value, decimals);
        let misleads = !text.contains('.') && (value - value.round()).abs() > TOLERANCE * value.abs();
        if !misleads {
            return text;
        }
    }
    shortest(value, 2)
}

/// "A", "A and B", "A, B and C".
pub(super) fn list<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(S::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "12 mm and 30 % lower", "the same": a change in words.
pub(super) fn change(from: f64, now: f64, unit: &str) -> String {
    let by = now - from;
    if by.abs() <= TOLERANCE * from.abs().max(now.abs()) {
        return "the same".to_owned();
    }
    let direction = if by > 0.0 { "higher" } else { "lower" };
    let percent =
        if from > 0.0 { format!(" and {} %", number((by / from * 100.0).abs())) } else { String::new() };
    format!("{} {unit}{percent} {direction}", number(by.abs()))
}
