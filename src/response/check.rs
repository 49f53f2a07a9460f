//! Can these numbers be a table at all?

use super::table::{Cell, Presence, Role, Row, TimePoint};
use super::threshold::is_gone_or_normal;

/// No lesion has a larger value, and sums of products of these stay finite.
const LARGEST: f64 = 1e12;

/// Why a table cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// There is no column.
    #[error("the table has no time point")]
    NoTimePoint,
    /// The baseline is not one of the columns.
    #[error("the baseline is time point {baseline}, but the table has {count}")]
    Baseline {
        /// Number of the baseline, counted from 1.
        baseline: usize,
        /// How many time points there are.
        count: usize,
    },
    /// A row has more or fewer cells than there are columns.
    #[error("{lesion}: {cells} cells for {count} time points")]
    Length {
        /// Name of the lesion.
        lesion: String,
        /// How many cells it has.
        cells: usize,
        /// How many time points there are.
        count: usize,
    },
    /// A day is not a number.
    #[error("{time_point}: the day is not a number")]
    Day {
        /// Label of the time point.
        time_point: String,
    },
    /// A later column has an earlier day.
    #[error("{later} stands after {earlier} but was taken before it")]
    DayOrder {
        /// Label of the column that stands first.
        earlier: String,
        /// Label of the column that stands second.
        later: String,
    },
    /// A number is not finite, or is below what it can be.
    #[error("{lesion}, {time_point}: {quantity} cannot be {value}")]
    Value {
        /// Name of the lesion.
        lesion: String,
        /// Label of the time point.
        time_point: String,
        /// What was measured.
        quantity: &'static str,
        /// The unusable number.
        value: f64,
    },
    /// What is there at the baseline is not new.
    #[error(
        "{lesion}, {time_point}: recorded as new, yet it is there at the baseline. Is it a target or a non-target?"
    )]
    NewAtBaseline {
        /// Name of the lesion.
        lesion: String,
        /// Label of the baseline.
        time_point: String,
    },
    /// A lesion read as gone, removed or too small to measure carries a size.
    #[error("{lesion}, {time_point}: read as gone or too small to measure, yet it has a size")]
    SizeWithoutLesion {
        /// Name of the lesion.
        lesion: String,
        /// Label of the time point.
        time_point: String,
    },
}

pub(super) fn time_points(time_points: &[TimePoint], baseline: usize) -> Result<(), TableError> {
    if time_points.is_empty() {
        return Err(TableError::NoTimePoint);
    }
    if baseline >= time_points.len() {
        return Err(TableError::Baseline { baseline: baseline.saturating_add(1), count: time_points.len() });
    }
    days(time_points)
}

/// Equal days are allowed: two examinations of one day, such as CT and MR.
fn days(time_points: &[TimePoint]) -> Result<(), TableError> {
    let mut before: Option<(&str, f64)> = None;
    for time_point in time_points {
        let Some(day) = time_point.day else { continue };
        if !day.is_finite() {
            return Err(TableError::Day { time_point: time_point.label.clone() });
        }
        if let Some((label, earlier)) = before
            && day < earlier
        {
            return Err(TableError::DayOrder { earlier: label.to_owned(), later: time_point.label.clone() });
        }
        before = Some((&time_point.label, day));
    }
    Ok(())
}

pub(super) fn row(row: &Row, time_points: &[TimePoint]) -> Result<(), TableError> {
    if row.cells.len() != time_points.len() {
        return Err(TableError::Length {
            lesion: row.name.clone(),
            cells: row.cells.len(),
            count: time_points.len(),
        });
    }
    for (cell, time_point) in row.cells.iter().zip(time_points) {
        if let Some(cell) = cell {
            self::cell(row, &time_point.label, cell)?;
        }
    }
    Ok(())
}

fn cell(row: &Row, label: &str, cell: &Cell) -> Result<(), TableError> {
    let sizes = [
        ("the longest diameter", cell.longest_mm),
        ("the short axis", cell.short_mm),
        ("the volume", cell.volume_mm3),
        ("the slice thickness", cell.slice_thickness_mm),
    ];
    let unusable = |&(_, value): &(_, Option<f64>)| value.is_some_and(|v| !(0.0..=LARGEST).contains(&v));
    let density = ("the mean density", cell.mean_hu.filter(|v| !(-LARGEST..=LARGEST).contains(v)));
    let wrong = sizes.into_iter().find(unusable).or(Some(density));
    if let Some((quantity, Some(value))) = wrong {
        let (lesion, time_point) = (row.name.clone(), label.to_owned());
        return Err(TableError::Value { lesion, time_point, quantity, value });
    }
    let sized = [cell.longest_mm, cell.short_mm, cell.volume_mm3].iter().any(Option::is_some);
    if cell.presence != Presence::Present && sized {
        return Err(TableError::SizeWithoutLesion { lesion: row.name.clone(), time_point: label.to_owned() });
    }
    Ok(())
}

/// RECIST 1.1 section 4.3.5: a new lesion was not there at the baseline. A node under 10 mm is no disease there.
pub(super) fn is_not_new_at(row: &Row, time_points: &[TimePoint], baseline: usize) -> Result<(), TableError> {
    let there = row.cell(baseline).filter(|cell| cell.is_there() && !is_gone_or_normal(row, cell));
    match (row.role, there, time_points.get(baseline)) {
        (Role::New, Some(_), Some(at)) => {
            Err(TableError::NewAtBaseline { lesion: row.name.clone(), time_point: at.label.clone() })
        }
        (Role::Target | Role::NonTarget | Role::New, _, _) => Ok(()),
    }
}
