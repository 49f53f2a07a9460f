//! Is a threshold reached?
//!
//! Sums of decimal numbers miss their last bit: 0.1 + 0.2 is not 0.3. Every comparison with a threshold of the
//! criteria therefore counts a value as reaching it when it misses it by no more than 1e-9 of the numbers compared,
//! which is a millionth of a micrometre on a 1 mm lesion and far below any measurement.

use super::table::{Cell, Presence, Row, size_mm};

/// Greatest relative distance at which two numbers count as equal.
pub(super) const TOLERANCE: f64 = 1e-9;

/// A lymph node with a shorter short axis than this is normal (RECIST 1.1 section 4.2), in mm.
pub(super) const NORMAL_NODE_MM: f64 = 10.0;

/// What a lesion counts that is seen but too small to measure (RECIST 1.1 section 4.3.2), in mm.
pub(super) const TOO_SMALL_MM: f64 = 5.0;

/// `value >= limit`.
pub(super) fn at_least(value: f64, limit: f64) -> bool {
    value >= limit - TOLERANCE * value.abs().max(limit.abs())
}

/// Whether `now` is at least `fraction` above `from`. Above nothing, anything is.
pub(super) fn rose_by(now: f64, from: f64, fraction: f64) -> bool {
    now > 0.0 && at_least(now, from * (1.0 + fraction))
}

/// Whether `now` is at least `fraction` below `from`, which must be more than 0.
pub(super) fn fell_by(now: f64, from: f64, fraction: f64) -> bool {
    from > 0.0 && at_least(from * (1.0 - fraction), now)
}

/// Whether `now` is at least `step` more than `from`, in their unit.
pub(super) fn grew_by(now: f64, from: f64, step: f64) -> bool {
    at_least(now, from + step)
}

/// The diameter RECIST 1.1 sums, in mm: the short axis of a node, else the longest diameter (section 4.3.2).
pub(super) fn recist_mm(row: &Row, cell: &Cell) -> Option<f64> {
    diameter(cell, if row.node { cell.short_mm } else { cell.longest_mm })
}

/// The longest diameter in mm, of a node too: RANO-BM and Choi know no short axis.
pub(super) fn longest_mm(_: &Row, cell: &Cell) -> Option<f64> {
    diameter(cell, cell.longest_mm)
}

/// The product of the two diameters in mm2.
pub(super) fn product_mm2(_: &Row, cell: &Cell) -> Option<f64> {
    cell.product_mm2()
}

fn diameter(cell: &Cell, measured: Option<f64>) -> Option<f64> {
    match cell.presence {
        Presence::Absent => Some(0.0),
        Presence::TooSmall => Some(TOO_SMALL_MM),
        Presence::Present => size_mm(measured),
        Presence::Resected => None,
    }
}

/// Whether a lesion was read as gone. What an operation took away did not go by itself.
pub(super) fn is_gone(_: &Row, cell: &Cell) -> bool {
    cell.presence == Presence::Absent
}

/// Gone, or a node back to normal: the target's part in a complete response (RECIST 1.1 section 4.3.1).
pub(super) fn is_gone_or_normal(row: &Row, cell: &Cell) -> bool {
    let normal = |short: f64| !at_least(short, NORMAL_NODE_MM);
    is_gone(row, cell) || (row.node && recist_mm(row, cell).is_some_and(normal))
}
