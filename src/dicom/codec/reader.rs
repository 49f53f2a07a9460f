//! Our codecs as readers of dicom-rs, in its registry of transfer syntaxes.
//!
//! They give the components as the stream has them, which dicom-rs calls red, green and blue in any case: `color.rs` knows.
//!
//! The registry keeps a reader of its own in silence where it has one: `Cargo.toml` switches none of them on, and
//! `tests.rs` fails where one is. The syntax of uncompressed fragments (1.2.840.10008.1.2.1.98) has one, which copies them.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use dicom_dictionary_std::uids;
use dicom_encoding::adapters::{DecodeError, DecodeResult, PixelDataObject, PixelDataReader};
use dicom_encoding::{submit_ele_transfer_syntax, transfer_syntax};

use super::target::Target;
use super::{Codec, deflate, jpeg, jpeg2000, jpegls, jpegxl, name_of, rle};
use crate::dicom::error::{DicomError, Result};

/// A codec that decodes one frame.
#[derive(Debug, Clone, Copy)]
struct Reader {
    name: &'static str,
    decode: fn(&Target<'_>, &[u8]) -> Result<Vec<u8>>,
}

impl Reader {
    fn bytes(self, object: &dyn PixelDataObject, frame: u32) -> Result<Vec<u8>> {
        let missing = || DicomError::Header("the object of a compressed frame is incomplete".to_owned());
        let target = Target::of(object).ok_or_else(missing)?;
        let bytes = object.frame_pixel_data(frame).ok_or_else(missing)?;
        // A foreign decoder's panic must not take the program with it.
        catch_unwind(AssertUnwindSafe(|| (self.decode)(&target, &bytes)))
            .unwrap_or_else(|_| Err(DicomError::Damaged(format!("the {} decoder gave up", self.name))))
    }
}

impl PixelDataReader for Reader {
    fn decode_frame(&self, object: &dyn PixelDataObject, frame: u32, out: &mut Vec<u8>) -> DecodeResult<()> {
        let bytes = self.bytes(object, frame).map_err(|error| DecodeError::Custom {
            message: error.to_string(),
            source: Some(Box::new(Arc::new(error))),
        })?;
        // The same bytes: a copy would cost as much as some codecs take for a tenth of their work.
        if out.is_empty() {
            *out = bytes;
        } else {
            out.extend_from_slice(&bytes);
        }
        Ok(())
    }
}

/// Our own error out of dicom-rs's, which gives it by reference only.
pub(super) fn error_of(error: dicom_pixeldata::Error, syntax: &str) -> DicomError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    let mut ours = None;
    while let Some(one) = cause {
        ours = one.downcast_ref::<Arc<DicomError>>().map(Arc::clone);
        cause = if ours.is_some() { None } else { one.source() };
    }
    drop(error);
    // Any other is of no codec at all: the object is ours, and complete.
    ours.and_then(Arc::into_inner).unwrap_or_else(|| DicomError::Unsupported(name_of(syntax)))
}

/// Submits the reader of each transfer syntax, and says which codec a syntax has.
macro_rules! readers {
    ($($codec:ident by $decode:path, $name:literal { $($uid:literal $syntax:literal,)+ })*) => {
        $($(submit_ele_transfer_syntax!(
            $uid,
            $syntax,
            transfer_syntax::Codec::encapsulated_pixel_data_reader(Reader { name: $name, decode: $decode })
        );)+)*

        /// The codec of a transfer syntax.
        pub(super) fn codec_of(syntax: &str) -> Option<Codec> {
            match syntax {
                uids::ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN => Some(Codec::Plain),
                $($($uid)|+ => Some(Codec::$codec),)*
                _ => None,
            }
        }
    };
}

readers! {
    Rle by rle::decode, "RLE" {
        "1.2.840.10008.1.2.5" "RLE Lossless",
    }
    Deflated by deflate::decode, "deflate" {
        "1.2.840.10008.1.2.8.1" "Deflated Image Frame Compression",
    }
    Jpeg by jpeg::decode, "JPEG" {
        "1.2.840.10008.1.2.4.50" "JPEG Baseline",
        "1.2.840.10008.1.2.4.51" "JPEG Extended",
        "1.2.840.10008.1.2.4.53" "JPEG Spectral Selection",
        "1.2.840.10008.1.2.4.55" "JPEG Full Progression",
        "1.2.840.10008.1.2.4.57" "JPEG Lossless",
        "1.2.840.10008.1.2.4.70" "JPEG Lossless SV1",
    }
    JpegLs by jpegls::decode, "JPEG-LS" {
        "1.2.840.10008.1.2.4.80" "JPEG-LS Lossless",
        "1.2.840.10008.1.2.4.81" "JPEG-LS Near-Lossless",
    }
    Jpeg2000 by jpeg2000::decode, "JPEG 2000" {
        "1.2.840.10008.1.2.4.90" "JPEG 2000 Lossless",
        "1.2.840.10008.1.2.4.91" "JPEG 2000",
        "1.2.840.10008.1.2.4.201" "HTJ2K Lossless",
        "1.2.840.10008.1.2.4.202" "HTJ2K Lossless RPCL",
        "1.2.840.10008.1.2.4.203" "HTJ2K",
    }
    JpegXl by jpegxl::decode, "JPEG XL" {
        "1.2.840.10008.1.2.4.110" "JPEG XL Lossless",
        "1.2.840.10008.1.2.4.111" "JPEG XL JPEG Recompression",
        "1.2.840.10008.1.2.4.112" "JPEG XL",
    }
}
