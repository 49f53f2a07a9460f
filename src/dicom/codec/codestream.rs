//! JPEG 2000 code streams that are legal, or read everywhere, and that the decoder does not know: put into the form that it does.
//!
//! Only lengths and markers are touched, never the coded data:
//!
//! * the last tile-part may have the length 0, "to the end of the code stream" (ISO 15444-1 A.4.2): its length is put in;
//! * marker segments that only say how the stream is laid out, or which profile it follows, are left out;
//! * an end marker (EOC) that is missing behind a complete last tile-part is added.

use std::borrow::Cow;
use std::ops::Range;

const SOT: u8 = 0x90;
const EOC: [u8; 2] = [0xFF, 0xD9];
/// Profile, corresponding profile, packet lengths of the main header: a decoder needs none of them.
const NEEDLESS: [u8; 3] = [0x56, 0x57, 0x59];

/// What is to be changed in a stream.
#[derive(Debug, Default, PartialEq)]
struct Changes {
    /// Marker segments to leave out, in ascending order.
    without: Vec<Range<usize>>,
    /// Where a tile-part's length stands, and what it is.
    length: Option<(usize, u32)>,
    /// Where the last tile-part ends, if no end marker follows.
    end_at: Option<usize>,
}

/// The stream as the decoder knows it; as it is where nothing is to be changed, or where it makes no sense.
pub(super) fn mended(stream: &[u8]) -> Cow<'_, [u8]> {
    let Some(changes) = changes(stream).filter(|changes| *changes != Changes::default()) else {
        return Cow::Borrowed(stream);
    };
    let mut out = Vec::with_capacity(stream.len() + 2);
    let end = changes.end_at.unwrap_or(stream.len());
    let mut at = 0;
    for part in changes.without {
        out.extend_from_slice(stream.get(at..part.start).unwrap_or_default());
        at = part.end;
    }
    let removed = at - out.len();
    out.extend_from_slice(stream.get(at..end).unwrap_or_default());
    // What is left out stands in the main header, before any tile-part.
    if let Some((at, length)) = changes.length
        && let Some(four) = out.get_mut(at - removed..at - removed + 4)
    {
        four.copy_from_slice(&length.to_be_bytes());
    }
    if changes.end_at.is_some() {
        out.extend_from_slice(&EOC);
    }
    Cow::Owned(out)
}

/// Where the last tile-part ends that goes on to the end of the stream; `None` where the stream is cut off.
fn end_of(stream: &[u8]) -> Option<usize> {
    // A fragment has an even length, and some writers pad with more than one zero.
    let unpadded = stream.iter().rposition(|byte| *byte != 0)? + 1;
    stream.get(..unpadded)?.ends_with(&EOC).then(|| unpadded - EOC.len())
}

fn changes(stream: &[u8]) -> Option<Changes> {
    let two = |at: usize| stream.get(at..)?.first_chunk::<2>().copied();
    let mut changes = Changes::default();
    let mut at = 2;
    // The main header.
    loop {
        let [0xFF, kind] = two(at)? else { return None };
        if kind == SOT {
            break;
        }
        let next = if (0x30..=0x3F).contains(&kind) {
            at + 2
        } else {
            at + 2 + usize::from(u16::from_be_bytes(two(at + 2)?))
        };
        if NEEDLESS.contains(&kind) {
            changes.without.push(at..next);
        }
        at = next;
    }
    // The tile-parts.
    while two(at) == Some([0xFF, SOT]) {
        let length_at = at + 6;
        let length = u32::from_be_bytes(*stream.get(length_at..)?.first_chunk::<4>()?);
        if length == 0 {
            let end = end_of(stream)?;
            changes.length = Some((length_at, u32::try_from(end.checked_sub(at)?).ok()?));
            at = end;
            break;
        }
        // A tile-part is at least its own marker segment and a start of data.
        at = at.checked_add(usize::try_from(length).ok()?.max(14))?;
    }
    if at > stream.len() {
        return None;
    }
    let rest = stream.get(at..).unwrap_or_default();
    if rest.iter().all(|byte| *byte == 0) {
        changes.end_at = Some(at);
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOD: u8 = 0x93;

    /// SOC, a SIZ of no content, more of the main header, and one tile-part of this length with six bytes of data.
    fn stream(header: &[u8], length: u32, tail: &[u8]) -> Vec<u8> {
        let mut all = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 2];
        all.extend(header);
        all.extend([0xFF, SOT, 0, 10, 0, 0]);
        all.extend(length.to_be_bytes());
        all.extend([0, 1, 0xFF, SOD, 1, 2, 3, 4, 5, 6]);
        all.extend(tail);
        all
    }

    #[test]
    fn what_the_decoder_knows_is_not_touched() {
        for whole in [stream(&[], 20, &EOC), stream(&[0xFF, 0x64, 0, 4, 0, 1], 20, &[0xFF, 0xD9, 0])] {
            assert!(matches!(mended(&whole), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn a_length_of_zero_goes_on_to_the_end() {
        for tail in [&[0xFF, 0xD9][..], &[0xFF, 0xD9, 0], &[0xFF, 0xD9, 0, 0, 0]] {
            assert_eq!(*mended(&stream(&[], 0, tail)), *stream(&[], 20, tail));
        }
        // Without an end marker nothing says that it is all there.
        assert!(matches!(mended(&stream(&[], 0, &[])), Cow::Borrowed(_)));
        assert!(matches!(mended(&stream(&[], 0, &[0])), Cow::Borrowed(_)));
    }

    #[test]
    fn an_end_that_is_missing_is_added_and_needless_segments_go() {
        assert_eq!(*mended(&stream(&[], 20, &[])), *stream(&[], 20, &EOC));
        assert_eq!(*mended(&stream(&[], 20, &[0])), *stream(&[], 20, &EOC));
        let lengths = [0xFF, 0x57, 0, 4, 0, 1, 0xFF, 0x64, 0, 2];
        assert_eq!(*mended(&stream(&lengths, 0, &EOC)), *stream(&[0xFF, 0x64, 0, 2], 20, &EOC));
    }

    #[test]
    fn what_makes_no_sense_stays() {
        let whole = stream(&[0xFF, 0x57, 0, 4, 0, 1], 0, &EOC);
        for length in 0..whole.len() {
            let cut = &whole[..length];
            // Never a panic, never longer than what came and an end.
            assert!(mended(cut).len() <= length + 2);
        }
        assert!(matches!(mended(&stream(&[], 4000, &EOC)), Cow::Borrowed(_)));
    }
}
