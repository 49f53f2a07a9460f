//! A mosaic of Siemens or United Imaging: many slices side by side in one stored image, each made a frame of its own.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use glam::{DVec2, DVec3};

use super::csa::Csa;
use super::value::{Attributes as _, ElementValue as _, Expected};
use crate::geometry::{FramePlane, PatientPoint, PixelPoint};
use crate::image::{Frame, FrameRef, FrameSize, Tile};

/// More slices than any scanner puts in one mosaic: what claims more is no mosaic.
const MOST_TILES: f64 = 1024.0;

/// What the private elements of Siemens say about the tiles.
struct Tiles {
    count: usize,
    /// Unit vector from one slice to the next.
    normal: DVec3,
}

/// The words of Image Type by which machines say that an image is a mosaic.
const WORDS: [&str; 2] = ["MOSAIC", "VFRAME"];

/// Whether the image claims to be a mosaic.
pub(super) fn is_mosaic(top: &InMemDicomObject) -> bool {
    top.text(tags::IMAGE_TYPE).is_some_and(|kind| kind.split('\\').any(|part| WORDS.contains(&part.trim())))
}

/// Puts the slices of a mosaic in its place; `false` where they cannot be told apart.
///
/// The mosaic then stays one frame, with no place in the patient: its pixels lie in many planes.
pub(super) fn split_all(top: &InMemDicomObject, frames: &mut Vec<Arc<Frame>>) -> bool {
    let slices = match frames.as_slice() {
        [whole] => united(top, whole).or_else(|| siemens(top, whole)),
        _ => None,
    };
    if let Some(slices) = slices {
        *frames = slices.into_iter().map(Arc::new).collect();
        return true;
    }
    for frame in frames {
        Arc::make_mut(frame).plane = None;
    }
    false
}

/// Size of the tiles and how many stand in a row: as many as in a column, the last rows perhaps empty.
fn tiling(whole: &Frame, count: usize) -> Option<(usize, FrameSize)> {
    let across = (1..=32_usize).find(|across| across * across >= count)?;
    let FrameSize { columns, rows } = whole.size;
    let fits = count >= 2 && columns % across == 0 && rows % across == 0;
    fits.then(|| (across, FrameSize { columns: columns / across, rows: rows / across }))
}

/// The slice with this number from 0, its first pixel here.
fn tile(whole: &Frame, (across, size): (usize, FrameSize), index: usize, origin: DVec3) -> Option<Frame> {
    let plane = whole.plane?;
    let plane = FramePlane::new(PatientPoint(origin), plane.right(), plane.down(), plane.spacing()).ok()?;
    let (column, row) = (index % across * size.columns, index / across * size.rows);
    let mut frame = whole.clone();
    frame.of = FrameRef { frame_number: u32::try_from(index + 1).ok()?, ..frame.of };
    frame.size = size;
    frame.plane = Some(plane);
    frame.overlays = Arc::from([]);
    frame.tile = Some(Tile { column, row, whole: whole.size });
    Some(frame)
}

/// The slices of a mosaic of United Imaging (Image Type VFRAME), which gives each of them its own position.
fn united(top: &InMemDicomObject, whole: &Frame) -> Option<Vec<Frame>> {
    const CREATOR: &str = "Image Private Header";
    let items = private(top, 0x0065, CREATOR, 0x51)?.items()?;
    let count = private(top, 0x0065, CREATOR, 0x50).and_then(|element| {
        element.numbers(Expected::Text).first().copied().filter(|count| count.is_finite())
    });
    // The two must agree, where both are there.
    if count.is_some_and(|count| (count - items.len() as f64).abs() > 0.5) || items.len() as f64 > MOST_TILES
    {
        return None;
    }
    let tiling = tiling(whole, items.len())?;
    let slice = |(index, item): (usize, &InMemDicomObject)| {
        let at = item.numbers(tags::IMAGE_POSITION_PATIENT, Expected::Text);
        let &[x, y, z] = at.first_chunk::<3>()?;
        tile(whole, tiling, index, DVec3::new(x, y, z))
    };
    items.iter().enumerate().map(slice).collect()
}

/// The slices of a mosaic of Siemens; `None` where the header does not say how many there are and which way they follow.
///
/// Image Position of a mosaic is where the first pixel of a slice as large as the whole mosaic would be; the
/// slices have its middle. The spacing of the slices is Spacing Between Slices.
fn siemens(top: &InMemDicomObject, whole: &Frame) -> Option<Vec<Frame>> {
    let plane = whole.plane?;
    let Tiles { count, normal } = tiles(top)?;
    let tiling @ (_, size) = tiling(whole, count)?;
    let FrameSize { columns, rows } = whole.size;
    // Along or against the normal of the image, never aslant: else the number is not what it is taken for.
    let along = normal.dot(plane.normal());
    if (along.abs() - 1.0).abs() > 1e-3 {
        return None;
    }
    let spacing = top.decimal(tags::SPACING_BETWEEN_SLICES).filter(|spacing| *spacing > 0.0)?;
    let step = plane.normal() * along.signum() * spacing;
    let margin = DVec2::new((columns - size.columns) as f64, (rows - size.rows) as f64) / 2.0;
    let first = plane.patient_from_pixel(PixelPoint(margin)).0;
    (0..count).map(|index| tile(whole, tiling, index, first + step * index as f64)).collect()
}

/// Number and direction, from the private elements of Siemens.
fn tiles(top: &InMemDicomObject) -> Option<Tiles> {
    let csa = private(top, 0x0029, "SIEMENS CSA HEADER", 0x10)?.bytes();
    let csa = Csa::new(&csa);
    let own = private(top, 0x0019, "SIEMENS MR HEADER", 0x0A)
        .and_then(|element| element.numbers(Expected::Whole).first().copied());
    let in_csa = csa.numbers("NumberOfImagesInMosaic").and_then(|numbers| numbers.first().copied());
    let count = match (own, in_csa) {
        (Some(own), Some(csa)) if (own - csa).abs() > 0.5 => return None,
        (own, csa) => own.or(csa)?,
    };
    let &[x, y, z] = csa.numbers("SliceNormalVector")?.first_chunk::<3>()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked here")]
    let count = (2.0..=MOST_TILES).contains(&count).then_some(count as usize)?;
    Some(Tiles { count, normal: DVec3::new(x, y, z) })
}

/// A private element by its creator and its last two digits.
fn private<'t>(
    top: &'t InMemDicomObject,
    group: u16,
    creator: &str,
    element: u16,
) -> Option<&'t InMemElement> {
    let mut blocks = 0x10..=0xFF;
    let block = blocks.find(|block| top.text(Tag(group, *block)).is_some_and(|name| name == creator))?;
    top.get(Tag(group, block << 8 | element))
}
