//! How fast does a lesion grow?

use super::ledger::Quantity;
use super::table::Table;
use super::threshold::TOLERANCE;

/// Mean length of a year in days (Julian year).
const DAYS_PER_YEAR: f64 = 365.25;

/// Exponential growth between two measurements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Change per year in percent, the same factor every day. `None` when the number is beyond `f64`.
    pub percent_per_year: Option<f64>,
    /// Days in which a growing lesion doubles (Schwartz, Cancer 1961; 14: 1272-1294). `None` when it does not grow.
    pub doubling_days: Option<f64>,
    /// Days in which a shrinking lesion halves. `None` when it does not shrink.
    pub halving_days: Option<f64>,
}

/// Growth from `first` to `last` (the same unit, usually mm3) in `days`.
///
/// `None` unless both values are above 0, the days are above 0 and all three are finite. Only a volume has a volume
/// doubling time: a diameter doubles three times slower.
pub fn growth(first: f64, last: f64, days: f64) -> Option<Growth> {
    let usable = [first, last, days].iter().all(|v| v.is_finite() && *v > 0.0);
    let log_ratio = usable.then(|| last.ln() - first.ln())?;
    let steady = log_ratio.abs() <= TOLERANCE;
    let time = days * std::f64::consts::LN_2 / log_ratio.abs();
    let time = (!steady && time.is_finite()).then_some(time);
    Some(Growth {
        percent_per_year: Some((log_ratio / days * DAYS_PER_YEAR).exp_m1() * 100.0).filter(|p| p.is_finite()),
        doubling_days: time.filter(|_| log_ratio > 0.0),
        halving_days: time.filter(|_| log_ratio < 0.0),
    })
}

/// Growth of one lesion's volume between two time points of a table; `None` across an operation on it.
pub fn growth_between(table: &Table, row: usize, from: usize, to: usize) -> Option<Growth> {
    if table.is_severed(row, from, to) {
        return None;
    }
    let row = table.rows().get(row)?;
    let volume = |at| Quantity::Volume.of(row.cell(at)?);
    let day = |at: usize| table.time_points().get(at)?.day;
    growth(volume(from)?, volume(to)?, day(to)? - day(from)?)
}
