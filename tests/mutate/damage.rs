//! Ways to damage a file: random bytes, and what knows where elements, lengths and sizes stand.

/// A fixed sequence: a failure can be repeated.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // Seeds that are neighbours shall not begin alike.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        // Knuth's MMIX constants; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Where an element's head, length and value stand, at any depth; items and delimiters too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    at: usize,
    length_at: usize,
    /// 2 or 4 bytes.
    width: usize,
    value_at: usize,
    /// Where the next head begins, inside this one's value where that is a sequence.
    next: usize,
    tag: (u16, u16),
}

/// Every head of a file that is not deflated, as far as the file makes sense.
pub(crate) fn heads(bytes: &[u8]) -> Vec<Head> {
    let mut heads = Vec::new();
    let mut at = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    let u16_at = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    while let (Some(group), Some(element)) = (u16_at(at), u16_at(at + 2)) {
        let vr = bytes.get(at + 4..at + 6).unwrap_or_default();
        let explicit = group != 0xFFFE && vr.len() == 2 && vr.iter().all(u8::is_ascii_uppercase);
        let long =
            matches!(vr, b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV" | b"SQ" | b"UN" | b"UT" | b"UC");
        let (length_at, width, value_at) = match (explicit, long) {
            (true, true) => (at + 8, 4, at + 12),
            (true, false) => (at + 6, 2, at + 8),
            (false, _) => (at + 4, 4, at + 8),
        };
        let length = if width == 2 { u16_at(length_at).map(u32::from) } else { u32_at(length_at) };
        let Some(length) = length else { break };
        let inside = group == 0xFFFE || (explicit && vr == b"SQ") || length == u32::MAX;
        // Fragments are items whose values are no elements.
        let fragment = heads.iter().any(|head: &Head| head.tag == (0x7FE0, 0x0010)) && group == 0xFFFE;
        let next = if inside && !fragment { value_at } else { value_at.saturating_add(length as usize) };
        heads.push(Head { at, length_at, width, value_at, next, tag: (group, element) });
        if next <= at || next > bytes.len() || heads.len() > 5000 {
            break;
        }
        at = next;
    }
    heads
}

fn set(bytes: &mut [u8], at: usize, value: &[u8]) {
    for (place, &byte) in bytes.iter_mut().skip(at).zip(value) {
        *place = byte;
    }
}

/// How many ways there are.
pub(crate) const WAYS: usize = 16;

/// Damages a copy in one way; the ways that need elements fall back to random bytes.
pub(crate) fn damaged(original: &[u8], heads: &[Head], way: usize, random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    let Some(head) = heads.get(random.below(heads.len())).copied() else {
        scatter(&mut bytes, original.len(), random);
        return bytes;
    };
    let end = head.next.min(bytes.len());
    match way {
        0 => bytes.truncate(random.below(original.len())),
        // In the middle of a head, an item, a value.
        1 => bytes.truncate((head.at + random.below(20)).min(original.len())),
        2 => scatter(&mut bytes, original.len(), random),
        // Most of what counts stands in the first part.
        3 => scatter(&mut bytes, original.len().min(1500), random),
        4 | 5 => wrong_length(&mut bytes, head, random),
        6 | 7 => wrong_size(&mut bytes, heads, random),
        8 => {
            let other = heads[random.below(heads.len())];
            let (one, two) = (bytes[head.at..head.at + 4].to_vec(), bytes[other.at..other.at + 4].to_vec());
            set(&mut bytes, head.at, &two);
            set(&mut bytes, other.at, &one);
        }
        9 => drop(bytes.drain(head.at..end)),
        10 => {
            let copy = bytes[head.at..end.min(head.at + 4096)].to_vec();
            let times = 1 + random.below(3);
            for _ in 0..times {
                bytes.splice(head.at..head.at, copy.iter().copied());
            }
        }
        11 => {
            let vr = random.of(&[b"UN", b"SQ", b"OB", b"OW", b"US", b"DS", b"FD", b"ZZ", b"AT"]);
            set(&mut bytes, head.at + 4, vr);
        }
        12 => fragments(&mut bytes, heads, random),
        13 => nest(&mut bytes, head.at, random),
        14 => {
            // The pixels' own bytes.
            let from = heads.iter().find(|head| head.tag.0 == 0x7FE0).map_or(0, |head| head.value_at);
            for _ in 0..=random.below(8) {
                let at = from + random.below(original.len() - from);
                set(&mut bytes, at, &[random.byte()]);
            }
        }
        _ => {
            // A block from elsewhere in the file.
            let (from, to) = (random.below(original.len()), random.below(original.len()));
            let length = random.below(64);
            let block = original[from..(from + length).min(original.len())].to_vec();
            set(&mut bytes, to, &block);
        }
    }
    bytes
}

fn scatter(bytes: &mut [u8], reach: usize, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(reach);
        let byte = random.byte();
        set(bytes, at, &[byte]);
    }
}

fn wrong_length(bytes: &mut [u8], head: Head, random: &mut Random) {
    let rest = u32::try_from(bytes.len() - head.value_at.min(bytes.len())).unwrap();
    let any = u32::try_from(random.below(1 << 20)).unwrap();
    let length = random.of(&[
        0,
        1,
        3,
        u32::MAX,
        u32::MAX - 1,
        0x7FFF_FFFF,
        0x8000_0000,
        rest,
        rest.saturating_sub(1),
        rest + 1,
        any,
    ]);
    set(bytes, head.length_at, &length.to_le_bytes()[..head.width]);
}

/// Rows, columns, bits and frames that no image has, or that do not fit this one.
fn wrong_size(bytes: &mut [u8], heads: &[Head], random: &mut Random) {
    for _ in 0..=random.below(3) {
        let sized: Vec<&Head> = heads.iter().filter(|head| head.tag.0 == 0x0028).collect();
        let Some(head) = sized.get(random.below(sized.len())).copied() else { return };
        if head.tag.1 == 0x0008 {
            let text = random.of(&["10000000", "2147483647", "65535", "0", "-1", "1e9", "99"]);
            let width = head.next.saturating_sub(head.value_at).min(12);
            let text = format!("{text:<width$}");
            set(bytes, head.value_at, &text.as_bytes()[..width]);
        } else {
            let any = u16::try_from(random.below(1 << 16)).unwrap();
            let value = random.of(&[0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 64, 255, 4096, 65535, any]);
            set(bytes, head.value_at, &value.to_le_bytes());
        }
    }
}

/// Items of pixel data: empty, endless, far too many, or gone.
fn fragments(bytes: &mut Vec<u8>, heads: &[Head], random: &mut Random) {
    let items: Vec<&Head> = heads.iter().filter(|head| head.tag.0 == 0xFFFE).collect();
    let Some(item) = items.get(random.below(items.len())).copied() else {
        let reach = bytes.len();
        scatter(bytes, reach, random);
        return;
    };
    match random.below(4) {
        0 => set(bytes, item.length_at, &[0; 4]),
        1 => set(bytes, item.length_at, &[0xFF; 4]),
        2 => {
            let empty = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0].repeat(1 + random.below(3000));
            bytes.splice(item.at..item.at, empty);
        }
        _ => {
            // Offsets of the table, wherever they lead.
            for at in (item.value_at..item.next.min(item.value_at + 64)).step_by(4) {
                let offset = u32::try_from(random.below(1 << 20)).unwrap();
                set(bytes, at, &offset.to_le_bytes());
            }
        }
    }
}

/// Sequences inside sequences, mostly some dozens deep, sometimes 10,000.
fn nest(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let depth = if random.below(8) == 0 { 10_000 } else { random.below(80) };
    let implicit = bytes.get(at + 4).is_some_and(|byte| !byte.is_ascii_uppercase());
    let open: &[u8] = if implicit {
        &[0x40, 0, 0x75, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
    } else {
        b"\x40\0\x75\x02SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF"
    };
    let close = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
    let mut nested = open.repeat(depth);
    if random.below(2) == 0 {
        nested.extend(close.repeat(depth));
    }
    bytes.splice(at..at, nested);
}
