//! Bytes above ASCII where nothing is declared that explains them.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, WINDOWS_1252};

use super::{exact, with_escapes};

/// The text in the set that fits best; Latin-1 where it is between Latin letters.
pub(super) fn decode(bytes: &[u8]) -> String {
    exact(best(bytes), bytes).unwrap_or_else(|| with_escapes(WINDOWS_1252, bytes))
}

fn best(bytes: &[u8]) -> &'static Encoding {
    // One byte is no evidence of anything.
    if is_latin(bytes) || bytes.iter().filter(|byte| **byte >= 0x80).count() < 2 {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(None, Utf8Detection::Allow);
    // Single-byte alphabets cannot be told apart in so few letters: Latin-1 is what DICOM files mostly mean.
    if [SHIFT_JIS, EUC_JP, EUC_KR, GBK, BIG5, UTF_8].contains(&found) { found } else { WINDOWS_1252 }
}

/// Letters above ASCII stand alone or in pairs among ASCII letters: `Jérôme`, `Çağrı`.
fn is_latin(bytes: &[u8]) -> bool {
    let mut longest = 0;
    let mut run = 0;
    for byte in bytes {
        run = if *byte >= 0x80 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let above = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let all = |least: u8| bytes.iter().all(|byte| *byte < 0x80 || *byte >= least);
    // Below 0xA0 stand the first bytes of Shift-JIS.
    (longest == 1 && all(0xA0)) || (longest == 2 && all(0xC0) && letters > above)
}
