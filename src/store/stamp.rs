use std::path::Path;

use serde::{Deserialize, Serialize};

use super::case_file::read;

/// What a file held: tells whether somebody else has changed it since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    hash: u64,
}

impl Stamp {
    /// The stamp of what a case file holds now; `None` where it cannot be read.
    pub fn of_file(path: &Path) -> Option<Self> {
        read(path).ok().map(|bytes| Self::of(&bytes))
    }

    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, hash: hash(bytes) }
    }
}

/// FNV-1a: the same in every version of the program, and nobody forges a case.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
