//! Compressed frames: one file for each codec, each checks its stream's own header before it allocates.

mod deflate;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod jpegxl;
mod rle;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::{DicomError, Result};
use super::raster::{Colors, Raster, finish};
use crate::image::{Frame, Samples};

/// Decodes the bytes of one compressed frame.
pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Samples> {
    let syntax = &*frame.stored.transfer_syntax;
    let (raster, colors) = match syntax {
        "1.2.840.10008.1.2.5" => rle::decode(frame, bytes)?,
        "1.2.840.10008.1.2.1.98" => deflate::plain(frame, bytes)?,
        "1.2.840.10008.1.2.8.1" => deflate::inflate(frame, bytes)?,
        "1.2.840.10008.1.2.4.50"
        | "1.2.840.10008.1.2.4.51"
        | "1.2.840.10008.1.2.4.53"
        | "1.2.840.10008.1.2.4.55"
        | "1.2.840.10008.1.2.4.57"
        | "1.2.840.10008.1.2.4.70" => guarded("JPEG", || jpeg::decode(frame, bytes))?,
        "1.2.840.10008.1.2.4.80" | "1.2.840.10008.1.2.4.81" => {
            guarded("JPEG-LS", || jpegls::decode(frame, bytes))?
        }
        "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => {
            guarded("JPEG 2000", || jpeg2000::decode(frame, bytes))?
        }
        "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => {
            guarded("JPEG XL", || jpegxl::decode(frame, bytes))?
        }
        _ => return Err(DicomError::Unsupported(name_of(syntax))),
    };
    finish(frame, raster, colors)
}

/// What an unsupported transfer syntax is called.
fn name_of(syntax: &str) -> String {
    match syntax {
        "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203" => {
            "high-throughput JPEG 2000 (HTJ2K)".to_owned()
        }
        _ if syntax.starts_with("1.2.840.10008.1.2.4.10") => "video (MPEG)".to_owned(),
        _ if syntax.starts_with("1.2.840.10008.1.2.4.9") => "multi-component JPEG 2000 or JPIP".to_owned(),
        _ => format!("compressed pixels of transfer syntax {syntax}"),
    }
}

/// A foreign decoder's panic must not take the program with it.
fn guarded(name: &str, decode: impl FnOnce() -> Result<(Raster, Colors)>) -> Result<(Raster, Colors)> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(DicomError::Damaged(format!("the {name} decoder gave up"))))
}

/// Whether a fragment's first bytes begin a new stream.
pub(super) fn starts_stream(head: &[u8]) -> bool {
    const STARTS: [&[u8]; 5] =
        [b"\xFF\xD8\xFF", b"\xFF\x4F\xFF\x51", b"\x00\x00\x00\x0CjP  ", b"\xFF\x0A", b"\x00\x00\x00\x0CJXL "];
    STARTS.iter().any(|start| head.starts_with(start))
}

/// Refuses a stream that is of another size, kind or depth than the header says.
fn check(frame: &Frame, columns: usize, rows: usize, components: usize, bits: u32) -> Result<()> {
    let layout = &frame.stored.layout;
    let samples = usize::from(layout.samples_per_pixel);
    let allocated = u32::from(layout.bits_allocated);
    if (columns, rows, components) != (frame.size.columns, frame.size.rows, samples) || bits > allocated {
        return Err(DicomError::Mismatch {
            expected: describe(frame.size.columns, frame.size.rows, samples, allocated),
            found: describe(columns, rows, components, bits),
        });
    }
    Ok(())
}

fn describe(columns: usize, rows: usize, components: usize, bits: u32) -> String {
    format!("{columns} x {rows} x {components} of {bits} bits")
}

fn damaged(codec: &str, error: &dyn ToString) -> DicomError {
    DicomError::Damaged(format!("{codec}: {}", error.to_string()))
}
