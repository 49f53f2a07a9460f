//! Huffman codes and the bits that follow them (T.81 annexes C and F.2.2).

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

/// Bits that one table look-up resolves; longer codes are rare.
const LOOK: u32 = 12;
/// In an entry: the look-up gave the value too, not only the code's length.
const WHOLE: u32 = 0x80;
/// In an entry: the bits to drop.
const LENGTH: u32 = 0x1F;

/// A Huffman table: codes, and for short ones the value that follows as well.
#[derive(Debug, Clone)]
pub(super) struct Huffman {
    /// Value << 16 | symbol << 8 | flag | bits to drop; 0 bits where the code is longer than the look-up.
    entries: Box<[u32]>,
    /// For each length from 1: the first code that is longer, aligned to 16 bits.
    ends: [u32; 16],
    /// For each length: what added to a code gives its place among the symbols.
    offsets: [i32; 16],
    symbols: Vec<u8>,
}

impl Huffman {
    /// A table from the codes of each length and their symbols; `None` where they do not fit.
    pub(super) fn new(counts: [u8; 16], symbols: &[u8], direct: bool) -> Option<Self> {
        let highest = if direct { 16 } else { 255 };
        if symbols.iter().any(|&symbol| symbol > highest) {
            return None;
        }
        let mut entries = vec![0_u32; 1 << LOOK].into_boxed_slice();
        let (mut ends, mut offsets) = ([0; 16], [0; 16]);
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            let ours = symbols.get(place..place + usize::from(count))?;
            let row = length as usize - 1;
            *offsets.get_mut(row)? = i32::try_from(place).ok()? - code.cast_signed();
            for &symbol in ours {
                if length <= LOOK {
                    fill(&mut entries, code, length, symbol)?;
                }
                code += 1;
            }
            place += ours.len();
            if code > 1 << length {
                return None;
            }
            *ends.get_mut(row)? = code << (16 - length);
            code <<= 1;
        }
        Some(Self { entries, ends, offsets, symbols: symbols.get(..place)?.to_vec() })
    }
}

/// The entries of all bit patterns that begin with a code.
fn fill(entries: &mut [u32], code: u32, length: u32, symbol: u8) -> Option<()> {
    let size = size_of(symbol);
    let first = (code << (LOOK - length)) as usize;
    let ours = entries.get_mut(first..first + (1 << (LOOK - length)))?;
    for (pattern, entry) in (code << (LOOK - length)..).zip(ours) {
        *entry = u32::from(symbol) << 8;
        if length + size <= LOOK {
            let extra = (pattern >> (LOOK - length - size)) & ((1 << size) - 1);
            let value = if symbol == 16 { 0x8000 } else { extend(extra, size).cast_unsigned() };
            *entry |= value << 16 | WHOLE | (length + size);
        } else {
            *entry |= length;
        }
    }
    Some(())
}

/// How many bits follow a code. Of an alternating symbol the low half counts; the 16 of T.81 table H.2 has none.
fn size_of(symbol: u8) -> u32 {
    u32::from(symbol & 15)
}

/// T.81 F.2.2.1: the lower half of the patterns is negative.
#[inline(always)]
fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits.cast_signed();
    let half = (1 << size) >> 1;
    if bits < half { bits - (1 << size) + 1 } else { bits }
}

/// Reads the bits of a scan: stuffed zeros are dropped, and a marker is the end.
///
/// A value: what is called seldom takes and returns it, so that the frequent steps can keep it in registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    buffer: u64,
    held: u32,
    /// Bits handed out that the stream does not have.
    invented: u32,
    /// A code that is in no table was met.
    corrupt: bool,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, at, buffer: 0, held: 0, invented: 0, corrupt: false }
    }

    /// Whether everything that was read was there.
    pub(super) fn sound(&self) -> bool {
        !self.corrupt && self.invented <= self.held
    }

    /// A place at or before the marker that ends the scan.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Notes that what was read makes no sense.
    pub(super) fn spoil(&mut self) {
        self.corrupt = true;
    }

    /// Bytes that are left.
    pub(super) fn rest(&self) -> usize {
        self.data.len().saturating_sub(self.at)
    }

    /// At least 32 bits.
    #[inline(always)]
    fn refill(&mut self) {
        if self.held >= 32 {
            return;
        }
        if let Some(eight) = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_be_bytes(*eight);
            // Without a 0xFF there is neither stuffing nor a marker.
            let (ones, highs) = (u64::MAX / 255, u64::MAX / 255 * 128);
            if (!word).wrapping_sub(ones) & word & highs == 0 {
                self.buffer |= word >> self.held;
                self.at += ((63 - self.held) >> 3) as usize;
                self.held |= 0x38;
                return;
            }
        }
        *self = self.refilled_slowly();
    }

    #[cold]
    #[inline(never)]
    fn refilled_slowly(mut self) -> Self {
        while self.held <= 56 {
            let byte = match self.data.get(self.at..) {
                Some([0xFF, 0x00, ..]) => {
                    self.at += 2;
                    0xFF
                }
                Some([0xFF, 0xFF, ..]) => {
                    self.at += 1;
                    continue;
                }
                Some([0xFF, ..] | []) | None => {
                    self.invented = self.invented.saturating_add(8);
                    0
                }
                Some([byte, ..]) => {
                    self.at += 1;
                    *byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.held);
            self.held += 8;
        }
        self
    }

    #[inline(always)]
    fn drop(&mut self, bits: u32) {
        self.buffer <<= bits;
        self.held -= bits;
    }

    /// A symbol and the value that its bits give.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the parts of an entry")]
    pub(super) fn value(&mut self, table: &Huffman) -> (u8, i32) {
        self.refill();
        let entry = table.entries.get((self.buffer >> (64 - LOOK)) as usize).copied().unwrap_or(0);
        if entry & WHOLE != 0 {
            self.drop(entry & LENGTH);
            return ((entry >> 8) as u8, entry.cast_signed() >> 16);
        }
        let symbol = if entry & LENGTH == 0 {
            let symbol;
            (*self, symbol) = self.long_code(table);
            symbol
        } else {
            self.drop(entry & LENGTH);
            (entry >> 8) as u8
        };
        if symbol == 16 && table.symbols.iter().all(|&symbol| symbol <= 16) {
            return (symbol, 0x8000);
        }
        let size = size_of(symbol);
        // Two steps, as a shift by 64 is none.
        let bits = (self.buffer >> 32 >> (32 - size)) as u32;
        self.drop(size);
        (symbol, extend(bits, size))
    }

    /// A code longer than the look-up.
    #[cold]
    #[inline(never)]
    fn long_code(mut self, table: &Huffman) -> (Self, u8) {
        let next = (self.buffer >> 48) as u32;
        for ((length, &end), &offset) in (1..).zip(&table.ends).zip(&table.offsets) {
            if next < end {
                let place = (next >> (16 - length)).cast_signed() + offset;
                self.drop(length);
                let symbol = usize::try_from(place).ok().and_then(|place| table.symbols.get(place));
                self.corrupt |= symbol.is_none();
                return (self, symbol.copied().unwrap_or(0));
            }
        }
        self.corrupt = true;
        (self, 0)
    }

    /// Goes on after the next restart marker; `false` where there is none.
    pub(super) fn restart(&mut self) -> bool {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let marker = rest.windows(2).position(|two| matches!(two, [0xFF, 0x01..=0xFE]));
        let found = marker.filter(|&place| matches!(rest.get(place + 1), Some(0xD0..=0xD7)));
        if !self.sound() {
            return false;
        }
        if let Some(place) = found {
            self.at += place + 2;
            (self.buffer, self.held, self.invented) = (0, 0, 0);
        }
        found.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_all_lengths_are_read() {
        // Codes 0, 10, 110, ... and two of 16 bits, for the sizes 0 to 16.
        let mut counts = [1; 16];
        counts[15] = 2;
        let symbols: Vec<u8> = (0..17).collect();
        let table = Huffman::new(counts, &symbols, true).unwrap();
        // 0 | 10 1 | 110 00 | 15 ones, 0 (size 15) and 15 bits 1 | 16 ones (size 16), padded
        let bits = format!("0{}{}{}{}{}", "101", "11000", "1".repeat(15), "0", "1".repeat(15 + 16));
        let mut bytes = Vec::new();
        for eight in bits.as_bytes().chunks(8) {
            let text = format!("{:0<8}", std::str::from_utf8(eight).unwrap());
            bytes.push(u8::from_str_radix(&text, 2).unwrap());
            if bytes.last() == Some(&0xFF) {
                bytes.push(0);
            }
        }
        let mut reader = Bits::new(&bytes, 0);
        let read: Vec<_> = (0..5).map(|_| reader.value(&table)).collect();
        assert_eq!(read[..3], [(0, 0), (1, 1), (2, -3)]);
        assert_eq!(read[3], (15, 32767));
        assert_eq!((read[4].0, read[4].1 & 0xFFFF), (16, 0x8000));
        assert!(reader.sound());
        assert!((0..8).any(|_| {
            reader.value(&table);
            !reader.sound()
        }));
    }

    #[test]
    fn too_many_codes_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(counts, &[0, 1, 2], true).is_none());
        counts[0] = 1;
        assert!(Huffman::new(counts, &[], true).is_none());
        assert!(Huffman::new(counts, &[17], true).is_none());
        assert!(Huffman::new(counts, &[17], false).is_some());
    }
}
