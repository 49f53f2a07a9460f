/// Why a stream is not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The stream is cut off or contradicts itself. A stream that is cut off says that it "ends".
    #[error("{0}")]
    Damaged(&'static str),
    /// The stream is sound, but of a kind that is not decoded here.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
    /// The stream says that the image has more samples than [`Limits::samples`](crate::Limits::samples).
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
