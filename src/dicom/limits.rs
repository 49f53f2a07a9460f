//! What a file may claim: every limit of the reader, in one place.
//!
//! | what | limit | where it bites |
//! |---|---|---|
//! | header | [`LARGEST_HEADER`] | bytes before the pixels that are read at most |
//! | object | [`LARGEST_OBJECT`] | a file of which every element is read |
//! | inflated header | [`FREE_INFLATED`] and [`MOST_INFLATION`] times the file | a deflated data set |
//! | items | [`MOST_ITEMS`] of all sequences that are read | the whole object |
//! | nesting | [`DEEPEST`] sequences of undefined length in each other | what follows is not read; the file says so |
//! | frame | [`LARGEST_FRAME`] | no image is larger, in bytes as decoded |
//! | frame that is not there | [`SURE_FRAME`], [`LEAST_PART`] | an uncompressed image whose bytes are missing |
//! | frames | [`MOST_FRAMES`], and one of 8 bytes each where they are compressed | the whole object |
//! | fragments | [`MOST_FRAGMENTS`] | of one object |
//! | decompression | [`FREE_SAMPLES`] and [`MOST_SAMPLES_PER_BYTE`] of the stream | a compressed frame; RLE: 64 bytes a byte |
//!
//! Memory follows: a header takes at most 96 times its file's bytes (an item that says nothing else than that it is
//! there takes a kilobyte) and 2 KiB for each frame, and 256 KiB; a frame takes at most 24 bytes a sample while it is
//! decoded, and 4 MiB. `tests/mutate.rs` holds both on every damaged file, and each limit by name.

/// Bytes of a header: nothing but an attack or a misread length has more.
pub const LARGEST_HEADER: usize = 512 << 20;
/// Bytes of an object that is read whole: it is there twice.
pub const LARGEST_OBJECT: u64 = 4 << 30;
/// Bytes to which a header may always be inflated.
pub const FREE_INFLATED: usize = 16 << 20;
/// Beyond that, bytes for each byte of the file: text and tables shrink to a twentieth at best.
pub const MOST_INFLATION: usize = 20;
/// Items of all sequences of one object: ten for each of the most frames.
pub const MOST_ITEMS: usize = 1_000_000;
/// Sequences inside sequences deeper than this are an attack: reports nest a dozen deep.
pub const DEEPEST: usize = 64;
/// Bytes of one decoded frame.
pub const LARGEST_FRAME: u64 = 1 << 30;
/// A larger native frame must have some of its bytes in the file.
pub const SURE_FRAME: u64 = 16 << 20;
/// Which part of it must be there: one of so many.
pub const LEAST_PART: u64 = 16;
/// Frames of one object: a frame's description alone takes half a kilobyte.
pub const MOST_FRAMES: u32 = 100_000;
/// Fragments of one object: ten for each of the most frames.
pub const MOST_FRAGMENTS: usize = 1_000_000;
/// Samples that a compressed frame of any length may have: blank images shrink to next to nothing.
pub const FREE_SAMPLES: u64 = 16 << 20;
/// Beyond that, samples for each byte of the stream: twice the strongest compression that anybody reads.
pub const MOST_SAMPLES_PER_BYTE: u64 = 200;
