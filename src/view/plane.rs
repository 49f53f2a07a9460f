use glam::{DQuat, DVec3};
use serde::{Deserialize, Serialize};

use crate::geometry::{Mm, PatientPoint};

/// A plane through the patient as it is looked at: which way the screen's right and down go, and a point it holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// A point of the plane.
    pub through: PatientPoint,
    /// Unit vector to the right of the screen.
    pub right: DVec3,
    /// Unit vector down the screen.
    pub down: DVec3,
}

impl Plane {
    /// Seen from the feet: the patient's left is at the right (radiological convention), posterior is down.
    pub fn axial(through: PatientPoint) -> Self {
        Self { through, right: DVec3::X, down: DVec3::Y }
    }

    /// Seen from the front: the patient's left is at the right, the feet are down.
    pub fn coronal(through: PatientPoint) -> Self {
        Self { through, right: DVec3::X, down: -DVec3::Z }
    }

    /// Seen from the patient's left: posterior is at the right, the feet are down.
    pub fn sagittal(through: PatientPoint) -> Self {
        Self { through, right: DVec3::Y, down: -DVec3::Z }
    }

    /// Unit vector out of the plane: right x down.
    pub fn normal(&self) -> DVec3 {
        self.right.cross(self.down).normalize()
    }

    /// The plane moved along its normal.
    pub fn moved(self, along: Mm) -> Self {
        Self { through: PatientPoint(self.through.0 + self.normal() * along.0), ..self }
    }

    /// The parallel plane that holds a point.
    pub fn through(self, through: PatientPoint) -> Self {
        Self { through, ..self }
    }

    /// The plane turned about an axis through a point of it, by radians, as a right-handed screw turns.
    pub fn turned(self, about: PatientPoint, axis: DVec3, angle: f64) -> Self {
        let turn = DQuat::from_axis_angle(axis.normalize(), angle);
        // Made exact again: turns add up while a line is dragged.
        let right = (turn * self.right).normalize();
        let down = turn * self.down;
        Self { through: about, right, down: (down - right * down.dot(right)).normalize() }
    }

    /// What readers call the plane: within 1 degree of the patient's axes by its name, otherwise oblique.
    pub fn name(&self) -> &'static str {
        let normal = self.normal().abs();
        let near = |part: f64| part > 0.999_85;
        if near(normal.z) {
            "axial"
        } else if near(normal.y) {
            "coronal"
        } else if near(normal.x) {
            "sagittal"
        } else {
            "oblique"
        }
    }

    /// How far (mm) a point lies from the plane, along its normal.
    pub fn distance(&self, point: PatientPoint) -> Mm {
        Mm((point.0 - self.through.0).dot(self.normal()))
    }
}

/// What a thick plane shows of the values along its normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlabMode {
    /// Their mean.
    #[default]
    Mean,
    /// The largest (maximum intensity projection).
    Mip,
    /// The smallest.
    MinIp,
}

/// How thick a plane is, and what it shows of its thickness.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Slab {
    /// Half of it lies on each side of the plane; 0 for a plane without thickness.
    pub thickness: Mm,
    /// What is shown of it.
    pub mode: SlabMode,
}

/// How values between samples come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The nearest sample.
    Nearest,
    /// In proportion to the distances (bilinear in a frame, trilinear in a volume).
    #[default]
    Linear,
    /// By Catmull-Rom splines through the samples.
    Cubic,
}

impl Interpolation {
    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nearest => "none",
            Self::Linear => "linear",
            Self::Cubic => "cubic",
        }
    }

    /// The next one round: linear, cubic, pixels.
    pub fn next(self) -> Self {
        match self {
            Self::Linear => Self::Cubic,
            Self::Cubic => Self::Nearest,
            Self::Nearest => Self::Linear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_lie_as_radiologists_hang_them() {
        let at = PatientPoint::new(3.0, -4.0, 5.0);
        assert_eq!(Plane::axial(at).normal(), DVec3::Z);
        assert_eq!(Plane::coronal(at).normal(), DVec3::Y);
        assert_eq!(Plane::sagittal(at).normal(), -DVec3::X);
        assert_eq!(Plane::coronal(at).distance(PatientPoint::new(0.0, 6.0, 0.0)), Mm(10.0));
        assert_eq!(Plane::sagittal(at).moved(Mm(2.5)).through, PatientPoint::new(0.5, -4.0, 5.0));
        assert_eq!(
            ["axial", "coronal", "sagittal"],
            [Plane::axial(at), Plane::coronal(at), Plane::sagittal(at)].map(|p| p.name())
        );
    }

    #[test]
    fn a_quarter_turn_of_the_axial_plane_about_the_x_axis_is_coronal() {
        let at = PatientPoint::new(3.0, -4.0, 5.0);
        let turned = Plane::axial(at).turned(at, DVec3::X, -std::f64::consts::FRAC_PI_2);
        assert!(turned.down.distance(-DVec3::Z) < 1e-12 && turned.right.distance(DVec3::X) < 1e-12);
        assert_eq!(turned.name(), "coronal");
        assert_eq!(Plane::axial(at).turned(at, DVec3::X, 0.3).name(), "oblique");
    }
}
