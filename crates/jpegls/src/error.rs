/// Why a stream is not decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The stream contradicts itself, or is cut off before its first scan.
    #[error("{0}")]
    Damaged(String),
    /// The stream is sound, but of a kind that is not decoded here.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// The frame header says that the image has more samples than [`Limits::samples`](crate::Limits::samples).
    #[error("the image has more samples than allowed: {columns} x {rows} x {components}")]
    TooLarge {
        /// Width in samples.
        columns: usize,
        /// Height in samples.
        rows: usize,
        /// Samples of a pixel.
        components: usize,
    },
}

pub(super) type Result<T> = std::result::Result<T, Error>;
