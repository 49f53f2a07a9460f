//! Reference arrays.

use std::path::Path;

/// The numbers of a `.npy` file of little endian doubles.
pub(crate) fn read_npy(path: &Path) -> Vec<f64> {
    let bytes = std::fs::read(path).unwrap();
    assert!(bytes.starts_with(b"\x93NUMPY\x01"));
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert!(String::from_utf8_lossy(&bytes[10..10 + header]).contains("'<f8'"));
    bytes[10 + header..].chunks_exact(8).map(|eight| f64::from_le_bytes(eight.try_into().unwrap())).collect()
}
