//! Ultrasound regions (PS3.3 C.8.5.5): rectangles of the image that have a scale of their own.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::value::{Attributes as _, Expected};
use crate::geometry::{Mm, PixelSpacing};
use crate::image::{FrameSize, UltrasoundRegion, Warning};

/// Every measurement looks at every region; machines write some ten.
const MOST_REGIONS: usize = 256;
/// Region Spatial Format of a two-dimensional image.
const TWO_DIMENSIONAL: u32 = 1;
/// Physical Units of a length.
const CENTIMETRES: u32 = 3;

/// The regions of an image.
pub(super) fn regions(
    top: &InMemDicomObject,
    size: FrameSize,
    warnings: &mut Vec<Warning>,
) -> Vec<UltrasoundRegion> {
    let items = top.items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS);
    let items = items.get(..MOST_REGIONS).unwrap_or(items);
    let mut regions: Vec<UltrasoundRegion> = items.iter().filter_map(region).collect();
    let beyond = |region: &UltrasoundRegion| {
        region.spacing.is_some()
            && (region.max.0 as usize > size.columns || region.max.1 as usize > size.rows)
    };
    // The regions of an image that was cut or made smaller are those of another image.
    if regions.iter().any(beyond) {
        for region in &mut regions {
            region.spacing = None;
        }
        let what = "The ultrasound regions reach beyond the image; lengths are in pixels.";
        warnings.push(Warning::Ignored(what.to_owned()));
    } else if regions.len() < items.len() {
        let what = "An ultrasound region is incomplete; it is not used.";
        warnings.push(Warning::Ignored(what.to_owned()));
    }
    regions
}

fn region(item: &InMemDicomObject) -> Option<UltrasoundRegion> {
    let count = |tag| item.count(tag, Expected::Whole);
    let min = (count(tags::REGION_LOCATION_MIN_X0)?, count(tags::REGION_LOCATION_MIN_Y0)?);
    let max = (count(tags::REGION_LOCATION_MAX_X1)?, count(tags::REGION_LOCATION_MAX_Y1)?);
    if max.0 < min.0 || max.1 < min.1 {
        return None;
    }
    let in_cm = [tags::PHYSICAL_UNITS_X_DIRECTION, tags::PHYSICAL_UNITS_Y_DIRECTION]
        .iter()
        .all(|tag| count(*tag) == Some(CENTIMETRES));
    // An axis may run against its pixels: a distance has no sign.
    let delta = |tag| item.float(tag).map(|cm| Mm(cm.abs() * 10.0));
    let deltas = delta(tags::PHYSICAL_DELTA_Y).zip(delta(tags::PHYSICAL_DELTA_X));
    let spacing = deltas
        .filter(|_| in_cm && count(tags::REGION_SPATIAL_FORMAT) == Some(TWO_DIMENSIONAL))
        .and_then(|(rows, columns)| PixelSpacing::new(rows, columns).ok());
    let priority = count(tags::REGION_FLAGS).is_none_or(|flags| flags & 1 == 0);
    Some(UltrasoundRegion { min, max, priority, spacing })
}
