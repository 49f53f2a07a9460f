//! The bit streams of a block's segments (ITU-T T.814 7.1): what was stuffed into them is taken out beforehand.

#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

/// A stream without its stuffing; the first bit is the lowest of the first word.
#[derive(Debug, Default)]
pub(super) struct Unstuffed {
    words: Vec<u64>,
    /// Bits that do not fill a word yet.
    held: u64,
    count: u32,
    /// What follows the end for ever.
    pad: u64,
}

impl Unstuffed {
    fn restart(&mut self, pad: u64) {
        self.words.clear();
        (self.held, self.count, self.pad) = (0, 0, pad);
    }

    /// Adds at most eight bits.
    #[inline(always)]
    fn push(&mut self, bits: u64, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        if self.count >= 64 {
            self.words.push(self.held.to_le());
            self.count -= 64;
            self.held = bits >> (count - self.count);
        }
    }

    #[inline(always)]
    fn push_word(&mut self, word: u64) {
        self.words.push((self.held | word << self.count).to_le());
        self.held = (word >> 1) >> (63 - self.count);
    }

    fn finish(&mut self) {
        self.words.push((self.held | self.pad << self.count).to_le());
        self.words.push(self.pad);
    }

    /// A stream that is read forwards: after FF, a byte has seven bits.
    #[inline(always)]
    pub(super) fn forward(&mut self, bytes: &[u8], pad: u64) {
        self.restart(pad);
        let mut after_ff = false;
        let (words, rest) = bytes.as_chunks::<8>();
        for eight in words {
            let word = u64::from_le_bytes(*eight);
            if after_ff || has_zero(!word) {
                self.bytes_forward(eight, &mut after_ff);
            } else {
                self.push_word(word);
            }
        }
        self.bytes_forward(rest, &mut after_ff);
        self.finish();
    }

    #[inline(always)]
    fn bytes_forward(&mut self, bytes: &[u8], after_ff: &mut bool) {
        for &byte in bytes {
            if *after_ff {
                self.push(u64::from(byte & 0x7F), 7);
            } else {
                self.push(u64::from(byte), 8);
            }
            *after_ff = byte == 0xFF;
        }
    }

    /// The refinement bits, which are read from the end backwards; zeros follow.
    pub(super) fn backward(&mut self, bytes: &[u8]) {
        self.restart(0);
        self.bytes_backward(bytes, true);
        self.finish();
    }

    /// The code words and u of the clean-up pass: half a byte, then the bytes before it; zeros follow.
    #[inline(always)]
    pub(super) fn backward_from_half(&mut self, bytes: &[u8], last: u8) {
        self.restart(0);
        let half = u64::from(last >> 4);
        self.push(half, if half & 7 == 7 { 3 } else { 4 });
        self.bytes_backward(bytes, last | 0x0F > 0x8F);
        self.finish();
    }

    /// Read backwards, a byte has seven bits if all seven are set and the byte read before it is above 8F.
    #[inline(always)]
    fn bytes_backward(&mut self, bytes: &[u8], above_8f: bool) {
        let mut above_8f = above_8f;
        let (rest, words) = bytes.as_rchunks::<8>();
        for eight in words.iter().rev() {
            let word = u64::from_be_bytes(*eight);
            if has_zero(!word & 0x7F7F_7F7F_7F7F_7F7F) {
                self.single_backward(eight, &mut above_8f);
            } else {
                self.push_word(word);
                above_8f = eight[0] > 0x8F;
            }
        }
        self.single_backward(rest, &mut above_8f);
    }

    #[inline(always)]
    fn single_backward(&mut self, bytes: &[u8], above_8f: &mut bool) {
        for &byte in bytes.iter().rev() {
            if *above_8f && byte & 0x7F == 0x7F {
                self.push(u64::from(byte & 0x7F), 7);
            } else {
                self.push(u64::from(byte), 8);
            }
            *above_8f = byte > 0x8F;
        }
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { bytes: bytemuck::cast_slice(&self.words), at: 0, pad: self.pad }
    }
}

/// Whether one of the eight bytes is zero.
#[inline(always)]
fn has_zero(word: u64) -> bool {
    word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080 != 0
}

/// A place in an unstuffed stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    pad: u64,
}

impl Reader<'_> {
    /// The next bits, 57 at least, the first of them lowest.
    #[inline(always)]
    pub(super) fn peek(&self) -> u64 {
        let eight = self.bytes.get(self.at >> 3..).and_then(<[u8]>::first_chunk::<8>);
        eight.map_or(self.pad, |eight| u64::from_le_bytes(*eight) >> (self.at & 7))
    }

    #[inline(always)]
    pub(super) fn skip(&mut self, bits: u32) {
        self.at += bits as usize;
    }

    #[inline(always)]
    pub(super) fn bit(&mut self) -> bool {
        let bit = self.peek() & 1 != 0;
        self.at += 1;
        bit
    }
}

/// Whether quads with nothing around them hold anything: runs of an adaptive code (T.814 7.3.3).
#[derive(Debug)]
pub(super) struct Events<'b> {
    bytes: core::slice::Iter<'b, u8>,
    held: u32,
    count: u32,
    after_ff: bool,
    state: usize,
    /// Twice the events of nothing to come, and one if something follows them.
    run: i32,
}

/// The exponent of a run's length in each state.
const EXPONENTS: [u32; 13] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

impl<'b> Events<'b> {
    /// `bytes` ends before the last one, which only tells the segment's length.
    #[inline(always)]
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        let mut events = Self { bytes: bytes.iter(), held: 0, count: 0, after_ff: false, state: 0, run: 0 };
        events.run = events.next_run();
        events
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> bool {
        self.run -= 2;
        let something = self.run == -1;
        if self.run < 0 {
            self.run = self.next_run();
        }
        something
    }

    fn next_run(&mut self) -> i32 {
        let exponent = EXPONENTS.get(self.state).copied().unwrap_or(0);
        if self.bits(1) == 1 {
            self.state = (self.state + 1).min(EXPONENTS.len() - 1);
            return ((1 << exponent) - 1) << 1;
        }
        self.state = self.state.saturating_sub(1);
        (self.bits(exponent) << 1 | 1).cast_signed()
    }

    /// The next bits, the first of them highest.
    fn bits(&mut self, count: u32) -> u32 {
        while self.count < count {
            let mut byte = self.bytes.next().copied().unwrap_or(0xFF);
            // Half of the last byte tells the segment's length.
            if self.bytes.len() == 0 {
                byte |= 0x0F;
            }
            let bits = if self.after_ff { 7 } else { 8 };
            self.held = self.held << bits | u32::from(byte) & ((1 << bits) - 1);
            self.count += bits;
            self.after_ff = byte == 0xFF;
        }
        self.count -= count;
        self.held >> self.count & ((1 << count) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Events, Unstuffed};

    /// The first bits of a stream, the first of them lowest.
    fn bits(stream: &Unstuffed, count: u32) -> u64 {
        let mut reader = stream.reader();
        (0..count).map(|at| u64::from(reader.bit()) << at).sum()
    }

    #[test]
    fn a_byte_after_ff_has_seven_bits() {
        let mut stream = Unstuffed::default();
        stream.forward(&[0xFF, 0x7F, 0x01], u64::MAX);
        assert_eq!(bits(&stream, 30), 0x7F << 23 | 1 << 15 | 0x7FFF);
        // The same across a word of eight bytes.
        stream.forward(&[0, 0, 0, 0, 0, 0, 0, 0xFF, 0x00, 0x01], 0);
        let mut reader = stream.reader();
        reader.skip(56);
        assert_eq!(reader.peek() & 0xFF_FFFF, 0x80FF);
    }

    #[test]
    fn backwards_a_byte_of_ones_after_one_above_8f_has_seven_bits() {
        let mut stream = Unstuffed::default();
        stream.backward(&[0x01, 0x7F, 0x90]);
        assert_eq!(bits(&stream, 24), 1 << 15 | 0x7F << 8 | 0x90);
        stream.backward(&[0x01, 0x7F, 0x8F]);
        assert_eq!(bits(&stream, 25), 1 << 16 | 0x7F << 8 | 0x8F);
        // Half a byte first, here of three bits, for it is 7.
        stream.backward_from_half(&[0x05], 0x70);
        assert_eq!(bits(&stream, 12), 5 << 3 | 7);
    }

    #[test]
    fn streams_go_on_after_their_end() {
        let mut stream = Unstuffed::default();
        for length in 0..20 {
            stream.forward(&vec![0; length], u64::MAX);
            let mut reader = stream.reader();
            reader.skip(u32::try_from(length * 8).unwrap());
            assert_eq!(reader.peek() & 0xFFFF_FFFF, 0xFFFF_FFFF, "{length}");
            reader.skip(100_000);
            assert_eq!(reader.peek(), u64::MAX, "{length}");
        }
    }

    #[test]
    fn runs_of_nothing_grow() {
        // Ones: runs of 1, 1, 1, 2, 2, 2, 4 events of nothing; then a zero and two bits: one more and something.
        let mut events = Events::new(&[0b1111_1110, 0b0100_0000, 0]);
        let found: Vec<bool> = (0..15).map(|_| events.next()).collect();
        assert_eq!(found.iter().position(|event| *event), Some(14), "{found:?}");
    }
}
