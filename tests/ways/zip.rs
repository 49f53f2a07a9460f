//! ZIP archives byte by byte, so that each field can lie.

use std::io::Write as _;
use std::path::Path;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use isodense::store::write_atomic;

/// One file of an archive, as its headers tell it.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc: u32,
    pub(crate) size: u64,
    pub(crate) packed: Vec<u8>,
    /// What the headers claim instead of the real packed size.
    pub(crate) claimed: Option<u64>,
    /// Sizes in the extra field.
    pub(crate) wide: bool,
}

pub(crate) fn stored(name: &str, bytes: &[u8]) -> Entry {
    let mut crc = Crc::new();
    crc.update(bytes);
    Entry {
        name: name.as_bytes().to_vec(),
        flags: 0,
        method: 0,
        crc: crc.sum(),
        size: bytes.len() as u64,
        packed: bytes.to_vec(),
        claimed: None,
        wide: false,
    }
}

pub(crate) fn deflated(name: &str, bytes: &[u8]) -> Entry {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    Entry { method: 8, packed: packer.finish().unwrap(), ..stored(name, bytes) }
}

impl Entry {
    pub(crate) fn named(self, name: &[u8]) -> Self {
        Self { name: name.to_vec(), ..self }
    }

    fn packed_size(&self) -> u64 {
        self.claimed.unwrap_or(self.packed.len() as u64)
    }

    /// CRC, sizes and name lengths, as both headers have them; and the extra field.
    fn fields(&self) -> (Vec<u8>, Vec<u8>) {
        let narrow = |value: u64| if self.wide { u32::MAX } else { u32::try_from(value).unwrap() };
        let mut extra = Vec::new();
        if self.wide {
            extra.extend([1, 0, 16, 0]);
            extra.extend(self.size.to_le_bytes());
            extra.extend(self.packed_size().to_le_bytes());
        }
        let later = self.flags & 8 != 0;
        let mut fields = Vec::new();
        for value in [self.crc, narrow(self.packed_size()), narrow(self.size)] {
            fields.extend(if later { 0 } else { value }.to_le_bytes());
        }
        fields.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        fields.extend(u16::try_from(extra.len()).unwrap().to_le_bytes());
        (fields, extra)
    }

    /// The file's own header and its data.
    pub(crate) fn local(&self) -> Vec<u8> {
        let mut out = b"PK\x03\x04\x2D\0".to_vec();
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        let (fields, extra) = self.fields();
        out.extend(fields);
        out.extend(&self.name);
        out.extend(extra);
        out.extend(&self.packed);
        if self.flags & 8 != 0 {
            out.extend(b"PK\x07\x08");
            out.extend(self.crc.to_le_bytes());
            out.extend(u32::try_from(self.packed_size()).unwrap().to_le_bytes());
            out.extend(u32::try_from(self.size).unwrap().to_le_bytes());
        }
        out
    }

    /// What the archive's list says about it.
    pub(crate) fn record(&self, at: usize) -> Vec<u8> {
        let mut out = b"PK\x01\x02\x2D\0\x2D\0".to_vec();
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        let (fields, extra) = Self { flags: 0, ..self.clone() }.fields();
        out.extend(fields);
        out.extend([0; 2 + 2 + 2 + 4]);
        out.extend(u32::try_from(at).unwrap().to_le_bytes());
        out.extend(&self.name);
        out.extend(extra);
        out
    }
}

/// The end of an archive whose list is there.
pub(crate) fn end(count: usize, list: &[u8], at: usize) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    out.extend(u16::try_from(count).unwrap().to_le_bytes());
    out.extend(u16::try_from(count).unwrap().to_le_bytes());
    out.extend(u32::try_from(list.len()).unwrap().to_le_bytes());
    out.extend(u32::try_from(at).unwrap().to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A whole archive.
pub(crate) fn archive(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for entry in entries {
        list.extend(entry.record(out.len()));
        out.extend(entry.local());
    }
    let end = end(entries.len(), &list, out.len());
    out.extend(list);
    out.extend(end);
    out
}

pub(crate) fn write(path: &Path, entries: &[Entry]) {
    write_atomic(path, &archive(entries)).unwrap();
}

/// Every file below a folder, with its path from there.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let mut paths: Vec<_> =
            std::fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    files
}
