//! The files of an archive whose list is damaged or cut off, found by their own headers, one after the other.

use std::io::{self, Read as _};

use rawzip::extra_fields::{ExtraFieldId, ExtraFields};
use rawzip::{RangeReader, ReaderAt};

use super::archive::Described;
use super::bytes::Inflater;

const FILE: &[u8] = b"PK\x03\x04";
/// What stands after the last file.
const LIST: [&[u8]; 3] = [b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"];
const HEADER: u64 = 30;
/// A file whose packed size is not said is unpacked to find its end, up to this much.
const LONGEST_SEARCH: u64 = 1 << 30;
const STEP: u64 = 64 << 10;

/// The files from the archive's start, at most so many.
pub(super) fn files(archive: &impl ReaderAt, length: u64, most: usize) -> Vec<Described> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut searched = 0;
    while found.len() < most
        && let Some(start) = next_header(archive, at, length)
    {
        let Some(header) = read(archive, start) else { break };
        if header.starts_with(FILE)
            && let Some((file, end)) = describe(archive, &header, start, length, &mut searched)
        {
            at = end.max(start + HEADER);
            found.push(file);
        } else {
            at = start + 4;
        }
    }
    found
}

fn read(archive: &impl ReaderAt, at: u64) -> Option<Vec<u8>> {
    let mut header = vec![0; usize::try_from(HEADER).ok()?];
    archive.read_exact_at(&mut header, at).ok()?;
    Some(header)
}

/// Where the next file's header is; `None` at the archive's list or end.
fn next_header(archive: &impl ReaderAt, mut at: u64, length: u64) -> Option<u64> {
    let mut step = vec![0; usize::try_from(STEP).ok()?];
    while at + HEADER <= length {
        let there = usize::try_from((length - at).min(STEP)).ok()?;
        let bytes = step.get_mut(..there)?;
        archive.read_exact_at(bytes, at).ok()?;
        let mark = bytes.windows(4).position(|four| four == FILE || LIST.contains(&four));
        match mark {
            Some(place) if bytes.get(place..)?.starts_with(FILE) => return Some(at + place as u64),
            Some(_) => return None,
            // A mark may lie across two steps.
            None => at += (there as u64).saturating_sub(3).max(1),
        }
    }
    None
}

/// The file of a header, and where it ends.
fn describe(
    archive: &impl ReaderAt,
    header: &[u8],
    start: u64,
    length: u64,
    searched: &mut u64,
) -> Option<(Described, u64)> {
    let two = |at: usize| Some(u16::from_le_bytes(*header.get(at..)?.first_chunk()?));
    let four = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?));
    let (flags, method, crc) = (two(6)?, two(8)?, four(14)?);
    let (mut packed, mut size) = (u64::from(four(18)?), u64::from(four(22)?));
    let (name_length, extra_length) = (usize::from(two(26)?), usize::from(two(28)?));
    let mut name = vec![0; name_length + extra_length];
    archive.read_exact_at(&mut name, start + HEADER).ok()?;
    let extra = name.split_off(name_length);
    let mut wide =
        ExtraFields::new(&extra).filter(|(id, _)| *id == ExtraFieldId::ZIP64).flat_map(|(_, field)| {
            field.as_chunks::<8>().0.iter().map(|eight| u64::from_le_bytes(*eight)).collect::<Vec<_>>()
        });
    for value in [&mut size, &mut packed] {
        if *value == u64::from(u32::MAX) {
            *value = wide.next()?;
        }
    }
    let at = start + HEADER + (name_length + extra_length) as u64;
    let mut file = Described { name, encrypted: flags & 1 != 0, method, crc, packed, size, at: Some(at) };
    let said_later = flags & 8 != 0 && packed == 0;
    if said_later && method == 8 && !file.encrypted {
        let left = LONGEST_SEARCH.saturating_sub(*searched);
        match measure(archive, at, length, left) {
            Ok(measured) => {
                *searched += measured.size;
                (file.packed, file.size, file.crc) = (measured.packed, measured.size, measured.crc);
            }
            // It is cut off or damaged: what follows is found by its mark.
            Err(_) => file.packed = length - at.min(length) + 1,
        }
    } else if said_later {
        // Stored, and nobody knows how long.
        file.packed = u64::MAX;
    }
    let end = at.checked_add(file.packed).filter(|end| *end <= length).unwrap_or(at);
    Some((file, end))
}

struct Measured {
    packed: u64,
    size: u64,
    crc: u32,
}

/// Unpacks a file to find where it ends; keeps nothing.
fn measure(archive: &impl ReaderAt, at: u64, length: u64, most: u64) -> io::Result<Measured> {
    let mut reader = Inflater::new(RangeReader::new(archive, at.min(length)..length));
    let mut crc = flate2::Crc::new();
    let mut size = 0;
    let mut step = vec![0; 64 << 10];
    loop {
        let read = reader.read(&mut step)?;
        if read == 0 {
            return Ok(Measured { packed: reader.used(), size, crc: crc.sum() });
        }
        crc.update(step.get(..read).unwrap_or_default());
        size += read as u64;
        if size > most {
            return Err(io::Error::other("too long to search"));
        }
    }
}
