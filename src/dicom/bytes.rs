//! The bytes of a stored object, wherever they lie: a file, a window on an archive, or unpacked in memory.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use rawzip::{RangeReader, ReaderAt};

use super::error::{DicomError, Result};
use super::long_path;
use crate::image::{ArchiveEntry, FileState, StoredImage};

/// Bytes that are unpacked or checked at a time.
const STEP: usize = 64 << 10;

/// An object's bytes: readable from any place, whole and vetted.
pub(super) enum Bytes {
    /// A file of its own.
    File(File),
    /// A file that lies in an archive as it is.
    Window(Window),
    /// A file that was unpacked.
    Memory(Cursor<Unpacked>),
}

/// Part of a file.
pub(super) struct Window {
    file: File,
    start: u64,
    length: u64,
    at: u64,
}

/// Unpacked bytes, perhaps shared with other frames of the same file.
pub(super) struct Unpacked(Arc<Vec<u8>>);

impl AsRef<[u8]> for Unpacked {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Opens the bytes of a stored image, and says how many they are. The one way to them.
pub(super) fn open(stored: &StoredImage) -> Result<(Bytes, u64)> {
    let (bytes, length) = open_at(&stored.path, stored.archive.as_deref(), stored.frames > 1)?;
    if let (Bytes::File(file), Some(then)) = (&bytes, stored.state)
        && FileState::from(&file.metadata()?) != then
    {
        return Err(DicomError::Changed);
    }
    Ok((bytes, length))
}

/// A file of its own and its length. To open a pipe in its place waits for ever.
pub(super) fn file(path: &Path) -> Result<(File, u64)> {
    match std::fs::metadata(path) {
        Ok(about) if !about.is_file() => return Err(DicomError::NotDicom("not a regular file")),
        Ok(about) => return Ok((File::open(path)?, about.len())),
        Err(error) if !long_path::is_too_long(&error) => return Err(error.into()),
        Err(_) => {}
    }
    let file = long_path::open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// The same for any object. `keep` what is unpacked: the next frame is wanted soon.
pub(super) fn open_at(path: &Path, archive: Option<&ArchiveEntry>, keep: bool) -> Result<(Bytes, u64)> {
    let Some(entry) = archive else {
        let (file, length) = file(path)?;
        return Ok((Bytes::File(file), length));
    };
    if !entry.deflated {
        return Ok((Bytes::Window(window(entry)?), entry.size));
    }
    let bytes = if keep {
        let mut kept = entry.archive.kept();
        if let Some(bytes) = kept.get(entry.at) {
            bytes
        } else {
            let bytes = Arc::new(unpacked(entry)?);
            kept.put(entry.at, Arc::clone(&bytes));
            bytes
        }
    } else {
        Arc::new(unpacked(entry)?)
    };
    let length = bytes.len() as u64;
    Ok((Bytes::Memory(Cursor::new(Unpacked(bytes))), length))
}

/// A stored file of an archive. Its checksum is looked at once.
fn window(entry: &ArchiveEntry) -> Result<Window> {
    let file = File::open(entry.archive.path())?;
    let mut window = Window { file, start: entry.at, length: entry.size, at: 0 };
    window.rewind()?;
    let sound = if let Some(sound) = entry.sound.get() {
        *sound
    } else {
        let sound = check(&mut window, entry)?;
        window.rewind()?;
        *entry.sound.get_or_init(|| sound)
    };
    if sound { Ok(window) } else { Err(damaged()) }
}

fn check(reader: &mut impl Read, entry: &ArchiveEntry) -> io::Result<bool> {
    let mut crc = Crc::new();
    let mut step = vec![0; STEP];
    loop {
        match reader.read(&mut step) {
            Ok(0) => return Ok(u64::from(crc.amount()) == entry.size & 0xFFFF_FFFF && crc.sum() == entry.crc),
            Ok(read) => crc.update(step.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn damaged() -> DicomError {
    DicomError::Archive("the checksum of this file in it is wrong".to_owned())
}

/// A deflated file of an archive as a whole. It was vetted: its size is in proportion to what it is packed in.
fn unpacked(entry: &ArchiveEntry) -> Result<Vec<u8>> {
    let file = File::open(entry.archive.path())?;
    let packed = RangeReader::new(rawzip::FileReader::from(file), entry.at..entry.at + entry.packed);
    let mut bytes = Vec::new();
    let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(size.saturating_add(1)).map_err(|_no_memory| {
        DicomError::TooLarge("there is not enough memory to unpack the file: unpack the archive".to_owned())
    })?;
    let mut reader = Inflater::new(packed).take(entry.size + 1);
    reader.read_to_end(&mut bytes)?;
    if bytes.len() as u64 != entry.size {
        let what = "this file in it unpacks to another size than the archive says";
        return Err(DicomError::Archive(what.to_owned()));
    }
    let mut crc = Crc::new();
    crc.update(&bytes);
    if crc.sum() == entry.crc { Ok(bytes) } else { Err(damaged()) }
}

/// Unpacks as it reads. A stream that makes no sense is an error, not an end.
pub(super) struct Inflater<R: Read>(DeflateDecoder<BufReader<R>>);

impl<R: Read> Inflater<R> {
    pub(super) fn new(packed: R) -> Self {
        Self(DeflateDecoder::new(BufReader::with_capacity(16 << 10, packed)))
    }

    /// Bytes of the stream that were used.
    pub(super) fn used(&self) -> u64 {
        self.0.total_in()
    }
}

impl<R: Read> Read for Inflater<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            let spoilt = matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof);
            let named = || io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged here");
            if spoilt { named() } else { error }
        })
    }
}

/// The first bytes of a file in an archive, for its header: nothing more is read or unpacked, nothing checked.
pub(super) fn stream<'a>(archive: &'a impl ReaderAt, entry: &ArchiveEntry) -> Box<dyn Read + 'a> {
    let packed = RangeReader::new(archive, entry.at..entry.at + entry.packed);
    if entry.deflated { Box::new(Inflater::new(packed).take(entry.size)) } else { Box::new(packed) }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Window(window) => window.read(buffer),
            Self::Memory(memory) => memory.read(buffer),
        }
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Window(window) => window.seek(to),
            Self::Memory(memory) => memory.seek(to),
        }
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let read = self.file.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let place = at.and_then(|at| Some((at, self.start.checked_add(at)?)));
        let Some((at, in_file)) = place else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a place outside the file"));
        };
        self.file.seek(SeekFrom::Start(in_file))?;
        self.at = at;
        Ok(at)
    }
}
