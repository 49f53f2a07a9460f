use super::{Calibration, Frame};
use crate::geometry::{PixelPoint, PixelSpacing};

/// One item of the Sequence of Ultrasound Regions (PS3.3 C.8.5.5): a rectangle with a scale of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UltrasoundRegion {
    /// Column and row of the first pixel, from 0.
    pub min: (u32, u32),
    /// Column and row of the last pixel, which belongs to it.
    pub max: (u32, u32),
    /// What the pixels stand above: of overlapping regions the one with priority says what a pixel is.
    pub priority: bool,
    /// Distances between pixels of a two-dimensional image whose both axes are in cm; `None` of anything else.
    pub spacing: Option<PixelSpacing>,
}

impl UltrasoundRegion {
    fn holds(&self, point: PixelPoint) -> bool {
        let inside = |at: f64, min: u32, max: u32| f64::from(min) - 0.5 <= at && at <= f64::from(max) + 0.5;
        inside(point.column(), self.min.0, self.max.0) && inside(point.row(), self.min.1, self.max.1)
    }
}

/// What lengths between some points of a frame are measured with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Distances between pixel centres: mm, or one unit per pixel width where there is no calibration.
    pub spacing: PixelSpacing,
    /// What a length is.
    pub calibration: Calibration,
}

impl Frame {
    /// The scale that holds for all these points together.
    ///
    /// That is the frame's own; of an image with ultrasound regions the one of the region that holds every point,
    /// unless a pixel there belongs to something else. Never one across regions.
    pub fn scale_at(&self, points: &[PixelPoint]) -> Scale {
        if self.spacing.is_none()
            && let Some(spacing) = self.region_spacing(points)
        {
            return Scale { spacing, calibration: Calibration::InRegion };
        }
        Scale { spacing: self.display_spacing(), calibration: self.calibration }
    }

    /// Why these points together have no scale, though the image has calibrated ultrasound regions; else `None`.
    pub fn no_scale_here(&self, points: &[PixelPoint]) -> Option<&'static str> {
        let calibrated = || self.regions.iter().filter(|region| region.spacing.is_some());
        if self.spacing.is_some() || calibrated().next().is_none() || self.region_spacing(points).is_some() {
            return None;
        }
        let of = |point: &PixelPoint| calibrated().find(|region| region.holds(*point));
        let found: Option<Vec<&UltrasoundRegion>> = points.iter().map(of).collect();
        Some(match found {
            None => "not all points lie in a calibrated region of the image",
            Some(found) => match found.first() {
                Some(first) if found.iter().any(|other| !same(first.spacing, other.spacing)) => {
                    "the points lie in regions of different scale"
                }
                Some(first) if found.iter().any(|other| *other != *first) => {
                    "the points lie in different regions of the image"
                }
                Some(_) | None => "something of another scale lies over the region there",
            },
        })
    }

    fn region_spacing(&self, points: &[PixelPoint]) -> Option<PixelSpacing> {
        let around = |region: &&UltrasoundRegion| {
            region.spacing.is_some() && points.iter().all(|point| region.holds(*point))
        };
        let own = self.regions.iter().find(around)?;
        // A colour box inside the grey image has the same scale; a strip or a trace over it has none or another.
        let agrees = |other: &UltrasoundRegion| {
            let touched = points.iter().any(|point| other.holds(*point));
            let above = other.priority || !own.priority;
            !(touched && above) || same(other.spacing, own.spacing)
        };
        self.regions.iter().all(agrees).then_some(own.spacing).flatten()
    }
}

fn same(a: Option<PixelSpacing>, b: Option<PixelSpacing>) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
    match (a, b) {
        (Some(a), Some(b)) => {
            near(a.between_rows.0, b.between_rows.0) && near(a.between_columns.0, b.between_columns.0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Mm;
    use crate::image::testing::oblique_frame;

    fn region(min: (u32, u32), max: (u32, u32), cm: Option<(f64, f64)>, priority: bool) -> UltrasoundRegion {
        let spacing = cm.map(|(rows, columns)| PixelSpacing {
            between_rows: Mm(rows * 10.0),
            between_columns: Mm(columns * 10.0),
        });
        UltrasoundRegion { min, max, priority, spacing }
    }

    fn unit(regions: &[UltrasoundRegion], points: &[(f64, f64)]) -> &'static str {
        let mut frame = oblique_frame();
        (frame.plane, frame.spacing, frame.calibration) = (None, None, Calibration::None);
        frame.regions = regions.into();
        let points: Vec<_> = points.iter().map(|(c, r)| PixelPoint::new(*c, *r)).collect();
        frame.scale_at(&points).calibration.length_unit()
    }

    #[test]
    fn millimetres_hold_inside_one_region_only() {
        let left = region((0, 0), (4, 5), Some((0.05, 0.03)), true);
        let right = region((5, 0), (9, 5), Some((0.05, 0.03)), true);
        assert_eq!(unit(&[left, right], &[(0.0, 0.0), (4.4, 5.0)]), "mm");
        assert_eq!(unit(&[left, right], &[(0.0, 0.0), (5.0, 5.0)]), "px");
        assert_eq!(unit(&[left], &[(3.0, 3.0), (6.0, 3.0)]), "px");
        assert_eq!(unit(&[region((0, 0), (9, 5), None, true)], &[(3.0, 3.0), (6.0, 3.0)]), "px");
    }

    #[test]
    fn why_there_is_no_scale_is_said() {
        let mut frame = oblique_frame();
        (frame.plane, frame.spacing, frame.calibration) = (None, None, Calibration::None);
        let why = |frame: &Frame, list: [(f64, f64); 2]| {
            frame.no_scale_here(&list.map(|(c, r)| PixelPoint::new(c, r)))
        };
        assert_eq!(why(&frame, [(1.0, 1.0), (2.0, 2.0)]), None, "no region: no spacing at all");
        let left = region((0, 0), (3, 5), Some((0.05, 0.03)), true);
        frame.regions = [left, region((4, 0), (6, 5), Some((0.07, 0.03)), true)].into();
        assert_eq!(why(&frame, [(1.0, 1.0), (2.0, 2.0)]), None);
        let different = Some("the points lie in regions of different scale");
        assert_eq!(why(&frame, [(1.0, 1.0), (5.0, 2.0)]), different);
        let outside = Some("not all points lie in a calibrated region of the image");
        assert_eq!(why(&frame, [(1.0, 1.0), (8.0, 2.0)]), outside);
        frame.regions = [left, region((4, 0), (6, 5), Some((0.05, 0.03)), true)].into();
        assert_eq!(
            why(&frame, [(1.0, 1.0), (5.0, 2.0)]),
            Some("the points lie in different regions of the image")
        );
    }

    #[test]
    fn what_lies_over_a_region_takes_its_pixels() {
        let image = region((0, 0), (9, 5), Some((0.05, 0.03)), false);
        let bar = region((0, 0), (2, 5), None, true);
        let colour = region((4, 1), (8, 4), Some((0.05, 0.03)), true);
        assert_eq!(unit(&[image, bar, colour], &[(3.0, 3.0), (6.0, 3.0)]), "mm");
        assert_eq!(unit(&[image, bar], &[(2.0, 3.0), (6.0, 3.0)]), "px");
    }
}
