//! The samples of any image: of a DICOM file, or of a picture of the case.

use crate::image::{Decoded, Frame, PixelLocation, Samples};
use crate::{dicom, pictures, store};

/// Reads and decodes one frame; why not, in words.
pub fn load_frame(frame: &Frame) -> Result<Decoded, String> {
    match &frame.stored.location {
        PixelLocation::Picture { sha256 } => load_picture(frame, sha256),
        PixelLocation::Native { .. }
        | PixelLocation::Encapsulated { .. }
        | PixelLocation::Deflated { .. } => dicom::load_frame(frame).map_err(|error| error.to_string()),
    }
}

/// A picture is all colour, grey or not: no window changes what a journal prints.
fn load_picture(frame: &Frame, sha256: &str) -> Result<Decoded, String> {
    let png = store::read_picture(&frame.stored.path, sha256).map_err(|error| error.to_string())?;
    let picture = pictures::decode(&png).map_err(|error| error.to_string())?;
    let (width, height) = picture.dimensions();
    if (width as usize, height as usize) != (frame.size.columns, frame.size.rows) {
        let (columns, rows) = (frame.size.columns, frame.size.rows);
        return Err(format!("the picture is {width} x {height}, but the case says {columns} x {rows}"));
    }
    Ok(Samples::Rgb8(picture.as_chunks::<3>().0.to_vec()).into())
}
