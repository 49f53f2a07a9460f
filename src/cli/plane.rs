use std::str::FromStr;
use std::sync::Arc;

use glam::DVec3;

use super::CliError;
use super::find::read_samples;
use crate::geometry::PatientPoint;
use crate::image::{Series, Volume};
use crate::view::{Plane, SlabMode};

/// A direction of planes as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum PlaneChoice {
    /// One of the patient's own, through `--at`.
    Axial,
    /// From the front.
    Coronal,
    /// From the patient's left.
    Sagittal,
    /// A point, then the directions of the rows and of the columns.
    Free(Plane),
}

impl PlaneChoice {
    /// The plane through a point; a free one through its own, and the others through the middle, where none is named.
    pub(super) fn plane(self, at: Option<PatientPoint>, middle: PatientPoint) -> Plane {
        let through = at.unwrap_or(middle);
        match self {
            Self::Axial => Plane::axial(through),
            Self::Coronal => Plane::coronal(through),
            Self::Sagittal => Plane::sagittal(through),
            Self::Free(plane) => at.map_or(plane, |at| plane.through(at)),
        }
    }
}

impl FromStr for PlaneChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "axial" => return Ok(Self::Axial),
            "coronal" => return Ok(Self::Coronal),
            "sagittal" => return Ok(Self::Sagittal),
            _ => {}
        }
        let wrong = || {
            format!(
                "`{text}` is no plane: axial, coronal, sagittal, or a point and two directions at right angles, \
                 OX,OY,OZ;RX,RY,RZ;CX,CY,CZ"
            )
        };
        let triples: Vec<&str> = text.split(';').collect();
        let [through, right, down] = triples.as_slice() else { return Err(wrong()) };
        let vector = |text: &str| {
            let numbers: super::arguments::Numbers<3> = text.parse().ok()?;
            Some(DVec3::from_array(numbers.0))
        };
        let (Some(through), Some(right), Some(down)) = (vector(through), vector(right), vector(down)) else {
            return Err(wrong());
        };
        let (right, down) = (right.normalize_or_zero(), down.normalize_or_zero());
        if right == DVec3::ZERO || down == DVec3::ZERO || right.dot(down).abs() > 1e-3 {
            return Err(wrong());
        }
        let down = (down - right * down.dot(right)).normalize();
        Ok(Self::Free(Plane { through: PatientPoint(through), right, down }))
    }
}

/// What a thick plane shows, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ModeChoice {
    /// The mean.
    Mean,
    /// The largest value.
    Mip,
    /// The smallest value.
    Minip,
}

impl From<ModeChoice> for SlabMode {
    fn from(choice: ModeChoice) -> Self {
        match choice {
            ModeChoice::Mean => Self::Mean,
            ModeChoice::Mip => Self::Mip,
            ModeChoice::Minip => Self::MinIp,
        }
    }
}

/// The volume of a series with the samples that a value at a point needs: those of the slices around it, and none where the
/// point lies beside them.
pub(super) fn volume_at(series: &Series, point: PatientPoint) -> Result<Volume, CliError> {
    let slices =
        series.slices.as_ref().map_err(|why| CliError::failed(format!("the series is no volume: {why}")))?;
    let around = slices.slices_between([point]);
    let frames = series.frames.get(around.clone()).into_iter().flatten();
    let samples =
        frames.map(|frame| Ok(Some(Arc::new(read_samples(frame)?)))).collect::<Result<_, CliError>>()?;
    Volume::part(series, &around, samples).ok_or_else(|| CliError::failed("the series is no volume"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_named_or_given_in_numbers() {
        assert_eq!("coronal".parse(), Ok(PlaneChoice::Coronal));
        let free: PlaneChoice = "1,2,3;0,2,0;0,0,-1".parse().unwrap();
        let PlaneChoice::Free(plane) = free else { panic!("{free:?}") };
        assert_eq!((plane.right, plane.normal()), (DVec3::Y, -DVec3::X));
        assert_eq!(plane.through, PatientPoint::new(1.0, 2.0, 3.0));
        for wrong in
            ["", "axial ", "1,2,3;1,0,0", "1,2,3;1,0,0;1,1,0", "1,2,3;0,0,0;0,1,0", "1,2,x;1,0,0;0,1,0"]
        {
            assert!(wrong.parse::<PlaneChoice>().is_err(), "{wrong}");
        }
    }
}
