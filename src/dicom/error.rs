use std::io;

/// Why a file, a folder or a frame could not be read. It holds no path and no patient attribute: the
/// caller names the path, last.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DicomError {
    /// The operating system did not give the bytes.
    #[error("the file could not be read: {}", words(.0))]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("not DICOM: {0}")]
    NotDicom(&'static str),
    /// A DICOMDIR: it lists files, which the search finds by itself.
    #[error("DICOMDIR index, not an image")]
    Index,
    /// A ZIP archive: the search opens it like a folder.
    #[error("a ZIP archive, not an image")]
    Zip,
    /// What the archive says about a file in it is wrong.
    #[error("the archive is damaged: {0}")]
    Archive(String),
    /// The header contradicts itself or the file.
    #[error("the header makes no sense: {0}")]
    Header(String),
    /// The header promises more than the file can hold or than is safe to make.
    #[error("refused: {0}")]
    TooLarge(String),
    /// A valid file in a form that Isodense cannot decode.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// The compressed image differs from what the header says.
    #[error("the compressed image is {found}, but the header says {expected}")]
    Mismatch {
        /// What the header says.
        expected: String,
        /// What the stream says.
        found: String,
    },
    /// The pixel data are damaged.
    #[error("the pixel data are damaged: {0}")]
    Damaged(String),
    /// What is there now is not what the header was read of.
    #[error("the file changed since it was opened: open it again")]
    Changed,
    /// The caller does not want the result any more.
    #[error("cancelled")]
    Cancelled,
}

/// What the system says, without its numbers.
pub(super) fn words(error: &io::Error) -> String {
    let known = [
        (io::ErrorKind::NotFound, "it is not there"),
        (io::ErrorKind::PermissionDenied, "you may not read it"),
    ];
    let word = known.iter().find(|(kind, _)| *kind == error.kind());
    word.map_or_else(|| error.to_string(), |(_, word)| (*word).to_owned())
}

pub(super) type Result<T> = std::result::Result<T, DicomError>;
