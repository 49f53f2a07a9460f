//! What tells whether pixels are the same that were measured before.

use sha2::{Digest as _, Sha256};

use super::Decoded;
use crate::with_samples;

/// SHA-256 of the samples of a frame, in hexadecimal: of their values, whatever type they are stored in.
///
/// Two encodings of the same values (a lossless compression, another byte order) have one fingerprint.
pub fn fingerprint(samples: &Decoded) -> String {
    let mut hash = Sha256::new();
    let mut bytes = Vec::with_capacity(1 << 16);
    let mut add = |value: [u8; 8]| {
        bytes.extend_from_slice(&value);
        if bytes.len() >= 1 << 16 {
            hash.update(&bytes);
            bytes.clear();
        }
    };
    let there = samples.there();
    with_samples!(
        &**samples,
        grey => grey.iter().take(there).for_each(|sample| add(f64::from(*sample).to_le_bytes())),
        rgb => rgb.iter().take(there).for_each(|[r, g, b]| add([*r, *g, *b, 0, 0, 0, 0, 0]))
    );
    hash.update(&bytes);
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
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
        assert_eq!(of(Samples::U8(vec![1])), "6c3c396ed6b5c36dcae172271f462051b1266b851e92df3deea8ac65478fd712");
    }
}
