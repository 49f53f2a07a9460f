//! A file read from its start to its end, without the parts that nobody looks at.

use std::fs::File;
use std::io::{BufReader, Cursor, ErrorKind, Read};
use std::path::Path;

use flate2::read::DeflateDecoder;

use super::super::bytes;
use super::super::error::Result;
use crate::image::ArchiveEntry;

/// A deflated data set is inflated up to here: beyond it only an attack goes.
const LARGEST_INFLATED: u64 = 256 << 20;

enum Input {
    /// Parts of a file are skipped without being read.
    File(BufReader<File>),
    /// Anything else has to be read through.
    Other(Box<dyn Read>),
}

/// Bytes in order, with a look ahead.
pub(super) struct Stream {
    input: Input,
    /// Bytes that were looked at, but not taken.
    ahead: Vec<u8>,
    at: u64,
    /// Bytes in all, where that is known.
    total: Option<u64>,
}

/// The one place where the list of elements opens a file.
pub(super) fn open(path: &Path, archive: Option<&ArchiveEntry>) -> Result<Stream> {
    if archive.is_some() {
        let (bytes, length) = bytes::open_at(path, archive, false)?;
        let (input, total) = (Input::Other(Box::new(bytes)), Some(length));
        return Ok(Stream { input, ahead: Vec::new(), at: 0, total });
    }
    let (file, length) = bytes::file(path)?;
    Ok(Stream { input: Input::File(BufReader::new(file)), ahead: Vec::new(), at: 0, total: Some(length) })
}

impl Stream {
    #[cfg(test)]
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let total = Some(bytes.len() as u64);
        Self { input: Input::Other(Box::new(Cursor::new(bytes))), ahead: Vec::new(), at: 0, total }
    }

    /// The rest, inflated. Offsets start again from zero.
    pub(super) fn inflated(self) -> Self {
        let rest: Box<dyn Read> = match self.input {
            Input::File(file) => Box::new(file),
            Input::Other(reader) => reader,
        };
        let inflated = DeflateDecoder::new(Cursor::new(self.ahead).chain(rest)).take(LARGEST_INFLATED);
        Self { input: Input::Other(Box::new(inflated)), ahead: Vec::new(), at: 0, total: None }
    }

    /// Where the next byte stands.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Bytes in all; more than there can be where it is not known.
    pub(super) fn total(&self) -> u64 {
        self.total.unwrap_or(u64::MAX)
    }

    /// The next bytes, at most `count`; they stay.
    pub(super) fn peek(&mut self, count: usize) -> &[u8] {
        if let Some(missing) = count.checked_sub(self.ahead.len()) {
            let more = self.input.take(missing);
            self.ahead.extend(more);
        }
        self.ahead.get(..count).unwrap_or(&self.ahead)
    }

    /// The next bytes, at most `count`.
    pub(super) fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.ahead.drain(..count.min(self.ahead.len())).collect();
        bytes.extend(self.input.take(count - bytes.len()));
        self.at += bytes.len() as u64;
        bytes
    }

    /// Goes on by `count` bytes; how many there were.
    pub(super) fn skip(&mut self, count: u64) -> u64 {
        let count = count.min(self.total().saturating_sub(self.at));
        let known = self.ahead.len().min(usize::try_from(count).unwrap_or(usize::MAX));
        self.ahead.drain(..known);
        let left = count - known as u64;
        let skipped = known as u64 + self.input.skip(left);
        self.at += skipped;
        skipped
    }
}

impl Input {
    fn reader(&mut self) -> &mut dyn Read {
        match self {
            Self::File(file) => file,
            Self::Other(reader) => reader,
        }
    }

    /// What cannot be read any more counts as the end: the list shows what came before.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Err(error) = self.reader().take(count as u64).read_to_end(&mut bytes) {
            log::debug!("a file ends early: {}", error.kind());
        }
        bytes
    }

    fn skip(&mut self, mut count: u64) -> u64 {
        let wanted = count;
        if let Self::File(file) = self
            && let Ok(step) = i64::try_from(count)
        {
            return if file.seek_relative(step).is_ok() { count } else { 0 };
        }
        let mut buffer = [0; 16 << 10];
        while count > 0 {
            let part = buffer.len().min(usize::try_from(count).unwrap_or(usize::MAX));
            match self.reader().read(buffer.get_mut(..part).unwrap_or_default()) {
                Ok(0) => break,
                Ok(read) => count -= read as u64,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_ended) => break,
            }
        }
        wanted - count
    }
}
