use std::fmt;

use glam::DVec3;

use super::{FramePlane, PatientPoint};
use crate::numbers::decimal;

/// A second or third letter is written when that component of the direction is at least this large.
const NEXT_LETTER: f64 = 0.25;

/// Letters of a patient direction, strongest first: `L`, `R`, `A`, `P`, `H`, `F`, or more, as in `AH`.
pub fn direction_letters(direction: DVec3) -> String {
    let unit = direction.normalize_or_zero();
    let mut parts = [(unit.x, 'L', 'R'), (unit.y, 'P', 'A'), (unit.z, 'H', 'F')];
    parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    parts
        .iter()
        .enumerate()
        .filter(|(rank, (part, ..))| part.abs() >= NEXT_LETTER || (*rank == 0 && *part != 0.0))
        .map(|(_, (part, positive, negative))| if *part > 0.0 { *positive } else { *negative })
        .collect()
}

/// A patient position for people: `L 12.3  P 4.0  H 88.1 mm`.
pub fn position_letters(point: PatientPoint) -> String {
    let part = |value: f64, positive: char, negative: char| {
        format!("{} {}", if value < 0.0 { negative } else { positive }, decimal(value.abs(), 1))
    };
    let p = point.0;
    format!("{}  {}  {} mm", part(p.x, 'L', 'R'), part(p.y, 'P', 'A'), part(p.z, 'H', 'F'))
}

/// The letters at the four edges of an image, from its orientation only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeLetters {
    /// At the first column.
    pub left: String,
    /// At the last column.
    pub right: String,
    /// At the first row.
    pub top: String,
    /// At the last row.
    pub bottom: String,
}

impl EdgeLetters {
    /// Letters of the image as it is stored.
    pub fn of(plane: &FramePlane) -> Self {
        Self {
            left: direction_letters(-plane.right()),
            right: direction_letters(plane.right()),
            top: direction_letters(-plane.down()),
            bottom: direction_letters(plane.down()),
        }
    }
}

impl fmt::Display for EdgeLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{} {}-{}", self.left, self.right, self.top, self.bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilted_axial_image_has_two_letters_down_its_side() {
        // The columns of a GE head CT with 18.5 degrees of gantry tilt.
        assert_eq!(direction_letters(DVec3::new(0.0, 0.948, -0.317)), "PF");
        assert_eq!(direction_letters(DVec3::new(-1.0, 0.0, 0.0)), "R");
        assert_eq!(direction_letters(DVec3::new(0.1, 0.2, 0.97)), "H");
        assert_eq!(direction_letters(DVec3::ZERO), "");
    }

    #[test]
    fn a_position_names_its_sides() {
        assert_eq!(position_letters(PatientPoint::new(-12.34, 4.0, 88.06)), "R 12.3  P 4.0  H 88.1 mm");
    }
}
