use image::ImageError;

/// Why a picture cannot join a case. It holds no path and nothing that the file says: the caller names the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// A known format, but none of the three.
    #[error("this is {0}: save it as PNG, JPEG or TIFF, and add that")]
    OtherFormat(&'static str),
    /// What the rest of the program is for.
    #[error("this is a DICOM file: open it as an image, not as a picture")]
    Dicom,
    /// Nothing that is known.
    #[error("this is no picture that Isodense knows: save it as PNG, JPEG or TIFF, and add that")]
    Unknown,
    /// More than is safe to decode; found before anything is decoded.
    #[error("refused: {0}")]
    TooLarge(String),
    /// The file ends before the picture does.
    #[error("the file breaks off before the end of the picture: copy it again from where it came from")]
    Truncated,
    /// The file contradicts itself.
    #[error("the file is damaged: {0}")]
    Damaged(&'static str),
    /// A valid file in a form that is not decoded.
    #[error("{0} cannot be read: save it as an ordinary PNG, JPEG or TIFF, and add that")]
    Unsupported(String),
}

impl PictureError {
    /// What a decoder found, without its words, which may hold bytes of the file.
    pub(super) fn decoding(error: &ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge("it takes more memory than it may".to_owned()),
            ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Self::Truncated
            }
            ImageError::IoError(_)
            | ImageError::Decoding(_)
            | ImageError::Encoding(_)
            | ImageError::Parameter(_)
            | ImageError::Unsupported(_) => Self::Damaged("its pixels make no sense"),
        }
    }
}

/// What the readers of pictures return.
pub(super) type Result<T> = std::result::Result<T, PictureError>;
