//! Fragments (PS3.5 A.4): which ones make a frame, read and handed to its codec.

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::OnceLock;

use super::bytes::{self, Bytes};
use super::codec;
use super::error::{DicomError, Result};
use super::limits::MOST_FRAGMENTS;
use crate::image::{Decoded, FragmentMap, Fragments, Frame};

const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];

/// A fragment's bytes in the file.
#[derive(Debug, Clone, Copy)]
struct Fragment {
    offset: u64,
    length: u64,
}

/// Reads and decodes one frame of fragments. What it finds out about the others stays in `known`.
pub(super) fn load(
    frame: &Frame,
    first_item: u64,
    table: Option<&[u64]>,
    known: &Fragments,
) -> Result<Decoded> {
    // A film in one fragment is no damaged image.
    codec::is_known(&frame.stored.transfer_syntax)?;
    let (mut file, total) = bytes::open(&frame.stored)?;
    let mut items = Items { file: &mut file, at: first_item, total };
    let Some(basic) = items.next()? else {
        return Err(DicomError::Damaged("there are no compressed fragments".to_owned()));
    };
    let start = items.at;
    let index = frame.of.frame_index();
    let frames = frame.stored.frames as usize;
    let fragments = if frames == 1 {
        items.until(u64::MAX)?
    } else {
        let by_table = if let Some(table) = table.filter(|table| table.len() >= frames) {
            items.of_table(start, table, index)?
        } else {
            let basic = once(&known.basic_table, || Ok(items.basic_table(basic)?))?;
            if basic.len() >= frames { items.of_table(start, basic, index)? } else { None }
        };
        match by_table {
            Some(fragments) => fragments,
            None => of_map(once(&known.map, || items.map(start, frames))?, frames, index)?,
        }
    };
    let mut bytes = Vec::new();
    for fragment in fragments {
        file.seek(SeekFrom::Start(fragment.offset))?;
        (&mut file).take(fragment.length).read_to_end(&mut bytes)?;
    }
    if bytes.is_empty() {
        return Err(DicomError::Damaged("the compressed image is empty".to_owned()));
    }
    codec::decode(frame, bytes)
}

/// What is known, or is found out now. Two threads may find out the same.
fn once<T>(known: &OnceLock<T>, find: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(known) = known.get() {
        return Ok(known);
    }
    let found = find()?;
    Ok(known.get_or_init(|| found))
}

/// The fragments of a frame among all.
fn of_map(map: &FragmentMap, frames: usize, index: usize) -> Result<Vec<Fragment>> {
    let found = map.starts.len();
    let Some(&from) = map.starts.get(index) else {
        return Err(DicomError::Damaged(format!("the file ends after image {found} of {frames}")));
    };
    let to = map.starts.get(index + 1).copied().unwrap_or(map.fragments.len());
    let own = map.fragments.get(from..to).unwrap_or_default().iter();
    Ok(own.map(|&(offset, length)| Fragment { offset, length }).collect())
}

struct Items<'f> {
    file: &'f mut Bytes,
    at: u64,
    total: u64,
}

impl Items<'_> {
    /// The item at the current place; `None` at the end, however it looks.
    fn next(&mut self) -> io::Result<Option<Fragment>> {
        let mut head = [0; 8];
        if self.at + 8 > self.total {
            return Ok(None);
        }
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.read_exact(&mut head)?;
        let [tag @ .., a, b, c, d] = head;
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if tag != ITEM || length == u64::from(u32::MAX) {
            return Ok(None);
        }
        let offset = self.at + 8;
        self.at = offset + length;
        // A last fragment that is cut off: its codec says what is missing.
        Ok(Some(Fragment { offset, length: length.min(self.total - offset) }))
    }

    /// The fragments from here to a place, or to the last one.
    fn until(&mut self, end: u64) -> Result<Vec<Fragment>> {
        let mut fragments = Vec::new();
        while self.at < end
            && let Some(fragment) = self.next()?
        {
            if fragments.len() >= MOST_FRAGMENTS {
                return Err(DicomError::TooLarge(format!("more than {MOST_FRAGMENTS} fragments")));
            }
            fragments.push(fragment);
        }
        Ok(fragments)
    }

    fn basic_table(&mut self, item: Fragment) -> io::Result<Vec<u64>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(item.offset))?;
        (&mut *self.file).take(item.length).read_to_end(&mut bytes)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|four| u64::from(u32::from_le_bytes(*four))).collect())
    }

    /// The fragments of a frame by an offset table; `None` where the table is wrong.
    fn of_table(&mut self, start: u64, table: &[u64], index: usize) -> Result<Option<Vec<Fragment>>> {
        let (Some(&from), to) = (table.get(index), table.get(index + 1)) else { return Ok(None) };
        if table.first() != Some(&0) || to.is_some_and(|to| *to < from) {
            return Ok(None);
        }
        self.at = start.saturating_add(from);
        let end = to.map_or(u64::MAX, |to| start.saturating_add(*to));
        let fragments = self.until(end)?;
        let fits = !fragments.is_empty() && (end == u64::MAX || self.at == end);
        Ok(fits.then_some(fragments))
    }

    /// All fragments, and where frames start without a table: one each, or at every start of a stream.
    fn map(&mut self, start: u64, frames: usize) -> Result<FragmentMap> {
        self.at = start;
        let all = self.until(u64::MAX)?;
        let fragments = || all.iter().map(|fragment| (fragment.offset, fragment.length)).collect();
        if all.len() == frames {
            return Ok(FragmentMap { fragments: fragments(), starts: (0..frames).collect() });
        }
        let mut starts = Vec::new();
        for (at, fragment) in all.iter().enumerate() {
            let mut head = [0; 8];
            let there = usize::try_from(fragment.length).unwrap_or(8).min(8);
            let head = head.get_mut(..there).unwrap_or_default();
            self.file.seek(SeekFrom::Start(fragment.offset))?;
            self.file.read_exact(head)?;
            if codec::starts_stream(head) {
                starts.push(at);
            }
        }
        // RLE has no mark to know it by, but never more than one fragment a frame (PS3.5 A.4.2).
        if starts.is_empty() && all.len() < frames {
            starts.extend(0..all.len());
        }
        let found = starts.len();
        // A file that is cut off still has its first frames; one that ends as it should has lost some marks.
        let cut_off = self.at + 8 > self.total;
        if found > frames || (found < frames && !(cut_off && starts.first() == Some(&0))) {
            return Err(DicomError::Damaged(format!(
                "{frames} images are declared, {found} can be told apart"
            )));
        }
        Ok(FragmentMap { fragments: fragments(), starts })
    }
}
