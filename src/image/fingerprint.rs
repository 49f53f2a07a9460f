//! What tells whether pixels are the same that were measured before.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::Decoded;
use crate::with_samples;

/// Samples hashed at a time.
const PIECE: usize = 8192;

/// SHA-256 of the samples of a frame, in hexadecimal: of their values, whatever type they are stored in.
///
/// Two encodings of the same values (a lossless compression, another byte order) have one fingerprint.
pub fn fingerprint(samples: &Decoded) -> String {
    let there = samples.there();
    let mut hash = Sha256::new();
    with_samples!(
        &**samples,
        grey => add(&mut hash, grey.get(..there).unwrap_or(grey)),
        rgb => hash.update(rgb.get(..there).unwrap_or(rgb).as_flattened())
    );
    HEXLOWER.encode(&hash.finalize())
}

fn add<T: Copy + Into<f64>>(hash: &mut Sha256, samples: &[T]) {
    let mut bytes = Vec::with_capacity(8 * PIECE);
    for piece in samples.chunks(PIECE) {
        bytes.clear();
        bytes.extend(piece.iter().flat_map(|sample| Into::<f64>::into(*sample).to_le_bytes()));
        hash.update(&bytes);
    }
}

/// SHA-256 of any bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Samples;

    #[test]
    fn one_other_value_is_another_fingerprint_and_another_type_is_not() {
        let of = |samples: Samples| fingerprint(&samples.into());
        let first = of(Samples::I16(vec![1, 2, 300]));
        assert_eq!(first.len(), 64);
        assert_eq!(first, of(Samples::U16(vec![1, 2, 300])));
        assert_ne!(first, of(Samples::I16(vec![1, 2, 301])));
        assert_ne!(first, of(Samples::I16(vec![1, 2])));
        // printf '\0\0\0\0\0\0\360?' | sha256sum
        assert_eq!(
            of(Samples::U8(vec![1])),
            "6c3c396ed6b5c36dcae172271f462051b1266b851e92df3deea8ac65478fd712"
        );
    }
}
