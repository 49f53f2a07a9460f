//! Directories of tags: the structure that TIFF and Exif share (TIFF 6.0, 2; and its form of 64 bits).

/// Entries of one directory at most: as many as a TIFF can count.
const MOST_ENTRIES: u64 = 65_535;

/// A TIFF or the Exif data of another format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tags<'a> {
    pub bytes: &'a [u8],
    pub big_endian: bool,
    /// Offsets of 64 bits.
    wide: bool,
}

/// A directory, as far as it is there.
#[derive(Debug, Default)]
pub(super) struct Directory<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Where the next one is; 0 for none.
    pub next: u64,
    /// The byte after the last one that belongs to it or to its values.
    pub end: u64,
}

#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub tag: u16,
    kind: u16,
    /// The value; empty where it lies outside of the file.
    pub data: &'a [u8],
    big_endian: bool,
}

impl<'a> Tags<'a> {
    /// Reads the header; and where the first directory is.
    pub(super) fn open(bytes: &'a [u8]) -> Option<(Self, u64)> {
        let big_endian = match bytes.get(..2)? {
            b"II" => false,
            b"MM" => true,
            _ => return None,
        };
        let tags = Self { bytes, big_endian, wide: false };
        match tags.number(2, 2)? {
            42 => Some((tags, tags.number(4, 4)?)),
            43 if tags.number(4, 2)? == 8 => Some((Self { wide: true, ..tags }, tags.number(8, 8)?)),
            _ => None,
        }
    }

    fn number(&self, at: u64, length: u64) -> Option<u64> {
        self.slice(at, length).map(|bytes| number(bytes, self.big_endian))
    }

    fn slice(&self, at: u64, length: u64) -> Option<&'a [u8]> {
        let end = usize::try_from(at.checked_add(length)?).ok()?;
        self.bytes.get(usize::try_from(at).ok()?..end)
    }

    /// The directory at an offset; none where its entries are not all there.
    pub(super) fn directory(&self, at: u64) -> Option<Directory<'a>> {
        if at == 0 {
            return None;
        }
        let (count_length, entry_length, offset_length) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.number(at, count_length)?;
        if count > MOST_ENTRIES {
            return None;
        }
        let first = at.checked_add(count_length)?;
        let after = first.checked_add(count.checked_mul(entry_length)?)?;
        self.slice(first, count * entry_length)?;
        let mut directory = Directory { entries: Vec::new(), next: 0, end: after + offset_length };
        directory.next = self.number(after, offset_length).unwrap_or(0);
        for index in 0..count {
            let at = first + index * entry_length;
            let tag = u16::try_from(self.number(at, 2)?).ok()?;
            let kind = u16::try_from(self.number(at + 2, 2)?).ok()?;
            let values = self.number(at + 4, offset_length)?;
            let value_at = at + 4 + offset_length;
            let length = values.saturating_mul(size(kind));
            let at = if length <= offset_length { value_at } else { self.number(value_at, offset_length)? };
            let data = self.slice(at, length).unwrap_or_default();
            if !data.is_empty() {
                directory.end = directory.end.max(at + length);
            }
            directory.entries.push(Entry { tag, kind, data, big_endian: self.big_endian });
        }
        Some(directory)
    }
}

impl<'a> Directory<'a> {
    pub(super) fn get(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// The first number of a tag.
    pub(super) fn first(&self, tag: u16) -> Option<u64> {
        self.get(tag)?.numbers().next()
    }

    /// All numbers of a tag; none where it is not there.
    pub(super) fn numbers(&self, tag: u16) -> Vec<u64> {
        self.get(tag).map(|entry| entry.numbers().collect()).unwrap_or_default()
    }

    /// The Exif orientation; 1 where there is none that makes sense.
    pub(super) fn orientation(&self) -> u8 {
        let value = self.first(274).and_then(|value| u8::try_from(value).ok());
        value.filter(|value| (1..=8).contains(value)).unwrap_or(1)
    }
}

impl Entry<'_> {
    /// Its values, where they are whole numbers without a sign.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        let length = if matches!(self.kind, 1 | 3 | 4 | 7 | 13 | 16 | 18) { size(self.kind) } else { 0 };
        let length = usize::try_from(length).unwrap_or(0);
        // A length of none would never end.
        let data = if length == 0 { &[] } else { self.data };
        data.chunks_exact(length.max(1)).map(|bytes| number(bytes, self.big_endian))
    }

    /// Its first value, where that is a fraction.
    pub(super) fn fraction(&self) -> Option<f64> {
        if self.kind != 5 {
            return None;
        }
        let (upper, lower) = self.data.get(..8)?.split_at(4);
        let (upper, lower) = (number(upper, self.big_endian), number(lower, self.big_endian));
        (lower != 0).then(|| upper as f64 / lower as f64)
    }
}

/// Bytes of one value.
fn size(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 1,
    }
}

fn number(bytes: &[u8], big_endian: bool) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}
