//! The CSA header that Siemens machines hide in a private element: names with values, read with care.
//!
//! No public description exists; the layout is the one that nibabel (MIT) and dcm2niix (BSD) read.

/// More entries than any machine writes.
const MOST_TAGS: u32 = 1024;
/// More values than any entry has that is read here.
const MOST_ITEMS: u32 = 4096;
const NAME_LENGTH: usize = 64;

/// A CSA header's bytes, in either of its two versions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Csa<'a> {
    bytes: &'a [u8],
    /// `SV10`: each item says its own length; before it, lengths count from the first entry's items.
    second: bool,
}

impl<'a> Csa<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, second: bytes.starts_with(b"SV10") }
    }

    fn whole(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    }

    /// The numbers of an entry, as many as its text holds; `None` where there is no such entry.
    pub(super) fn numbers(&self, wanted: &str) -> Option<Vec<f64>> {
        let mut at = if self.second { 8 } else { 0 };
        let tags = self.whole(at)?;
        if tags > MOST_TAGS {
            return None;
        }
        at += 8;
        let mut first_items = None;
        for _ in 0..tags {
            let name = self.bytes.get(at..at + NAME_LENGTH)?;
            // Name, multiplicity, VR, type, number of items, a mark.
            let items = self.whole(at + NAME_LENGTH + 12)?;
            if items > MOST_ITEMS {
                return None;
            }
            let first_items = *first_items.get_or_insert(items);
            at += NAME_LENGTH + 20;
            let found = until_zero(name) == wanted.as_bytes();
            let mut numbers = Vec::new();
            for _ in 0..items {
                let length = if self.second {
                    self.whole(at + 4)?
                } else {
                    // Items without a value count below nothing.
                    self.whole(at)?.saturating_sub(first_items)
                };
                at += 16;
                let end = at.checked_add(usize::try_from(length).ok()?)?;
                let text = std::str::from_utf8(until_zero(self.bytes.get(at..end)?)).unwrap_or("");
                if found && let Ok(number) = text.trim().parse::<f64>() {
                    numbers.push(number);
                }
                at = end.checked_next_multiple_of(4)?;
            }
            if found {
                return Some(numbers);
            }
        }
        None
    }
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Csa;

    /// An SV10 header with these entries.
    fn header(entries: &[(&str, &[&str])]) -> Vec<u8> {
        let mut bytes = b"SV10\x04\x03\x02\x01".to_vec();
        bytes.extend(u32::try_from(entries.len()).unwrap().to_le_bytes());
        bytes.extend(77_u32.to_le_bytes());
        for (name, items) in entries {
            let mut field = name.as_bytes().to_vec();
            field.resize(64, 0);
            bytes.extend(field);
            bytes.extend([0; 12]);
            bytes.extend(u32::try_from(items.len()).unwrap().to_le_bytes());
            bytes.extend(77_u32.to_le_bytes());
            for item in *items {
                let length = u32::try_from(item.len()).unwrap().to_le_bytes();
                bytes.extend([length, length, 77_u32.to_le_bytes(), length].concat());
                bytes.extend(item.as_bytes());
                bytes.resize(bytes.len().next_multiple_of(4), 0);
            }
        }
        bytes
    }

    #[test]
    fn entries_are_found_by_name_and_every_cut_is_survived() {
        let bytes = header(&[
            ("EchoLinePosition", &["64  "]),
            ("SliceNormalVector", &["-0.1", "0.25\0", "0.97 ", ""]),
            ("NumberOfImagesInMosaic", &["36"]),
        ]);
        let csa = Csa::new(&bytes);
        assert_eq!(csa.numbers("SliceNormalVector"), Some(vec![-0.1, 0.25, 0.97]));
        assert_eq!(csa.numbers("NumberOfImagesInMosaic"), Some(vec![36.0]));
        assert_eq!(csa.numbers("Nothing"), None);
        for cut in 0..bytes.len() {
            let found = Csa::new(&bytes[..cut]).numbers("NumberOfImagesInMosaic");
            assert!(found.is_none_or(|found| found == [36.0] || found == [3.0] || found.is_empty()));
            let mut broken = bytes.clone();
            broken[cut] ^= 0xFF;
            let _any = Csa::new(&broken).numbers("NumberOfImagesInMosaic");
        }
    }
}
