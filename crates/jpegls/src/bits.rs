//! The bits of one entropy-coded segment (T.87 A.1 and C.1), with the stuffed bits taken out beforehand.

#![expect(clippy::inline_always, reason = "one call for each sample: these are the inner loop")]

/// One segment without its stuffed bits, and eight zero bytes after it.
#[derive(Debug)]
pub(super) struct Segment {
    bytes: Vec<u8>,
    /// Bits that the stream really has.
    bits: usize,
}

impl Segment {
    /// The segment at the start of `data`, and how many bytes it takes there. It ends before a marker or
    /// before the fill bytes in front of it.
    pub(super) fn unstuffed(data: &[u8]) -> (Self, usize) {
        let mut out = Vec::with_capacity(data.len() + 16);
        // Up to seven bits that do not fill a byte yet, at the top.
        let (mut pending, mut count) = (0_u64, 0_u32);
        let mut at = 0;
        loop {
            // Eight bytes without 0xFF at a time.
            while let Some(eight) = data.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
                let word = u64::from_be_bytes(*eight);
                if has_ff(word) {
                    break;
                }
                out.extend_from_slice(&(pending | word >> count).to_be_bytes());
                pending = (word << 1) << (63 - count);
                at += 8;
            }
            let Some(&byte) = data.get(at) else { break };
            let next = if byte == 0xFF { data.get(at + 1) } else { None };
            if next.is_some_and(|next| *next >= 0x80) {
                break;
            }
            let mut push = |byte: u8, width: u32| {
                pending |= (u64::from(byte) << (64 - width)) >> count;
                count += width;
                if count >= 8 {
                    out.push(pending.to_be_bytes()[0]);
                    pending <<= 8;
                    count -= 8;
                }
            };
            push(byte, 8);
            at += 1;
            if let Some(&stuffed) = next {
                push(stuffed, 7);
                at += 1;
            }
        }
        let bits = out.len() * 8 + count as usize;
        out.extend_from_slice(&pending.to_be_bytes());
        out.extend_from_slice(&[0; 8]);
        (Self { bytes: out, bits }, at)
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { bytes: &self.bytes, at: 0, bits: self.bits }
    }
}

/// Whether any byte of the word is 0xFF.
fn has_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (!word).wrapping_sub(ONES) & word & (ONES << 7) != 0
}

/// Reads from the highest bit down; after the end it gives zeros and says so by [`Reader::is_over`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'s> {
    bytes: &'s [u8],
    at: usize,
    bits: usize,
}

/// Bits of a window that are certainly there.
const WINDOW: u32 = 57;

impl Reader<'_> {
    /// Whether more was read than the stream has.
    pub(super) fn is_over(&self) -> bool {
        self.at > self.bits
    }

    /// The next 57 bits or more, at the top of the word.
    #[inline(always)]
    fn window(&self) -> u64 {
        let eight = self.bytes.get(self.at >> 3..).and_then(|rest| rest.first_chunk::<8>());
        eight.map_or(0, |eight| u64::from_be_bytes(*eight) << (self.at & 7))
    }

    /// `count` bits as a number; at most 57.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let bits = (self.window() >> 1) >> (63 - count);
        self.at += count as usize;
        // No caller asks for more than 32.
        saturated(bits)
    }

    /// One bit.
    #[inline(always)]
    pub(super) fn flag(&mut self) -> bool {
        self.take(1) == 1
    }

    /// A limited-length Golomb code (A.5.3): `escape` zeros announce a plain number of `plain` bits.
    #[inline(always)]
    pub(super) fn golomb(&mut self, k: u32, escape: u32, plain: u32) -> u32 {
        let window = self.window();
        let zeros = (window | 1).leading_zeros();
        let length = zeros + 1 + k;
        if zeros < escape && length <= WINDOW {
            self.at += length as usize;
            // The code's one bit is still on top of the `k` low bits.
            let value = window >> (64 - length);
            let value = value.wrapping_add(u64::from(zeros).wrapping_sub(1) << k);
            return saturated(value);
        }
        self.long_golomb(k, escape, plain)
    }

    #[cold]
    #[inline(never)]
    fn long_golomb(&mut self, k: u32, escape: u32, plain: u32) -> u32 {
        let mut zeros = (self.window() | 1).leading_zeros();
        if zeros >= WINDOW - 1 {
            let ahead = Self { at: self.at + 56, ..*self };
            zeros = 56 + (ahead.window() | 1).leading_zeros();
        }
        if zeros >= escape {
            self.at += escape as usize + 1;
            return self.take(plain) + 1;
        }
        self.at += zeros as usize + 1;
        saturated((u64::from(zeros) << k) + u64::from(self.take(k)))
    }
}

fn saturated(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
