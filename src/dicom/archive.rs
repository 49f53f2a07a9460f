//! What lies in a ZIP archive, and where: nothing is unpacked, no name is used on disk.
//!
//! The archive's own list is believed where it fits the bytes. Where it does not, or is cut off, the files are looked
//! for one by one. Whatever is wrong with one file is said of that file; the others are read.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rawzip::{FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ZipArchive};

use super::archive_name::Names;
use super::archive_walk;
use super::error::{DicomError, Result};
use crate::image::{Archive, ArchiveEntry};

/// More files in one archive are not looked at.
const MOST_ENTRIES: usize = 500_000;
/// A deflated file that unpacks to this much is opened however small it is packed.
const SURE_UNPACKED: u64 = 64 << 20;
/// A larger one must not unpack to more than this many times its packed size: deflate reaches 1032 on nothing at all.
const MOST_RATIO: u64 = 200;
/// A deflated file that unpacks to more is refused: it would have to fit in memory.
const LARGEST_UNPACKED: u64 = 1 << 30;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// One file as a header in the archive describes it.
#[derive(Debug)]
pub(super) struct Described {
    pub name: Vec<u8>,
    pub encrypted: bool,
    pub method: u16,
    pub crc: u32,
    pub packed: u64,
    pub size: u64,
    /// Where its data start; `None` where the list points to something else.
    pub at: Option<u64>,
}

/// One file of an archive, or why it is not read.
#[derive(Debug)]
pub(super) struct Listed {
    /// The archive's path and the file's name: for showing and telling apart.
    pub path: PathBuf,
    pub entry: Result<Arc<ArchiveEntry>>,
}

impl Contents {
    /// What the archive is, where its first file says that it is no bag of files but a document or a program.
    pub(super) fn kind(&self) -> Option<&'static str> {
        let first = self.files.first()?.path.to_string_lossy().into_owned();
        OTHER_KINDS.iter().find(|(name, _)| first.ends_with(name)).map(|(_, kind)| *kind)
    }
}

/// First files of archives that hold something else.
const OTHER_KINDS: [(&str, &str); 4] = [
    ("/[Content_Types].xml", "office document"),
    ("/mimetype", "office document"),
    ("/META-INF/MANIFEST.MF", "Java program"),
    ("/META-INF", "Java program"),
];

/// What an archive holds.
pub(super) struct Contents {
    /// The archive, open.
    pub file: FileReader,
    pub files: Vec<Listed>,
    /// What is wrong with the archive as a whole.
    pub problem: Option<DicomError>,
}

/// Lists the files of an archive, without its folders.
pub(super) fn contents(path: &Path) -> Result<Contents> {
    let length = std::fs::metadata(path)?.len();
    let (mut described, mut problem) = listed(path);
    let file = FileReader::from(File::open(path)?);
    if problem.is_some() || described.iter().any(|one| one.at.is_none()) {
        let known: HashSet<u64> = described.iter().filter_map(|one| one.at).collect();
        let walked = archive_walk::files(&file, length, MOST_ENTRIES);
        let missed: Vec<_> =
            walked.into_iter().filter(|one| one.at.is_some_and(|at| !known.contains(&at))).collect();
        // What the list points to wrongly and the walk found is one file.
        let names: HashSet<&[u8]> = missed.iter().map(|one| one.name.as_slice()).collect();
        described.retain(|one| one.at.is_some() || !names.contains(one.name.as_slice()));
        if !missed.is_empty() {
            problem.get_or_insert_with(|| DicomError::Archive("its list of files is wrong".to_owned()));
        }
        described.extend(missed);
    }
    if described.is_empty() {
        problem.get_or_insert(DicomError::NotDicom("an archive without files"));
    }
    if described.len() > MOST_ENTRIES {
        described.truncate(MOST_ENTRIES);
        problem = Some(DicomError::TooLarge(format!("the archive holds more than {MOST_ENTRIES} files")));
    }
    described.retain(|one| !is_folder(one));
    let archive = Arc::new(Archive::new(path));
    let overlapping = overlapping(&described);
    let mut names = Names::of(path);
    let entries = described.iter().enumerate().map(|(index, one)| {
        let entry = vetted(one, length).and_then(|at| {
            if overlapping.contains(&index) {
                let what = "the data of this file in it are part of another file's";
                return Err(DicomError::Archive(what.to_owned()));
            }
            Ok(Arc::new(ArchiveEntry {
                archive: Arc::clone(&archive),
                at,
                packed: one.packed,
                size: one.size,
                crc: one.crc,
                deflated: one.method == DEFLATED,
                sound: OnceLock::new(),
            }))
        });
        Listed { path: names.path(&one.name), entry }
    });
    Ok(Contents { files: entries.collect(), file, problem })
}

/// The files that the archive's own list names, and what was wrong with the list.
fn listed(path: &Path) -> (Vec<Described>, Option<DicomError>) {
    let mut described = Vec::new();
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return (described, Some(error.into())),
    };
    let cut_off = "its list of files is missing: it is perhaps cut off";
    let Ok(archive) = ZipArchive::from_file(file, &mut buffer) else {
        return (described, Some(DicomError::Archive(cut_off.to_owned())));
    };
    let mut entries = archive.entries(&mut buffer);
    let ended = loop {
        match entries.next_entry() {
            Ok(Some(record)) if described.len() <= MOST_ENTRIES => {
                let range = archive.get_entry(record.wayfinder()).map(|entry| entry.compressed_data_range());
                described.push(Described {
                    name: record.file_path().as_bytes().to_vec(),
                    encrypted: record.flags().is_encrypted() || record.flags().has_strong_encryption(),
                    method: record.compression_method().as_u16(),
                    crc: record.crc32(),
                    packed: record.compressed_size_hint(),
                    size: record.uncompressed_size_hint(),
                    at: range.ok().map(|(start, _)| start),
                });
            }
            Ok(_) => break true,
            Err(_) => break false,
        }
    };
    // Old archives count modulo 65,536.
    let counted = archive.entries_hint() & 0xFFFF == described.len() as u64 & 0xFFFF;
    let whole = ended && (counted || described.len() > MOST_ENTRIES);
    let problem = (!whole).then(|| DicomError::Archive("its list of files is damaged".to_owned()));
    (described, problem)
}

fn is_folder(one: &Described) -> bool {
    one.size == 0 && one.name.last().is_some_and(|last| matches!(last, b'/' | b'\\'))
}

/// Where the data of a file start, if it can be read and is no attack.
fn vetted(one: &Described, length: u64) -> Result<u64> {
    if one.encrypted {
        let what = "the file is encrypted: unpack the archive with its password and open the folder";
        return Err(DicomError::Unsupported(what.to_owned()));
    }
    if !matches!(one.method, STORED | DEFLATED) {
        let method = rawzip::CompressionMethod::new(one.method);
        let what = format!("packing method {method} in an archive: unpack it and open the folder");
        return Err(DicomError::Unsupported(what));
    }
    let Some(at) = one.at else {
        return Err(DicomError::Archive("its list names this file, which is not there".to_owned()));
    };
    if at.checked_add(one.packed).is_none_or(|end| end > length) {
        return Err(DicomError::Archive("it ends inside this file".to_owned()));
    }
    if one.method == STORED && one.packed != one.size {
        return Err(DicomError::Archive("the sizes of this file in it contradict each other".to_owned()));
    }
    if one.method == DEFLATED && one.size > SURE_UNPACKED {
        if one.size > one.packed.saturating_mul(MOST_RATIO) {
            let times = one.size / one.packed.max(1);
            let what = format!("the file claims to unpack to {times} times its size");
            return Err(DicomError::TooLarge(what));
        }
        if one.size > LARGEST_UNPACKED {
            let what = "the file unpacks to more than 1 GiB: unpack the archive and open the folder";
            return Err(DicomError::TooLarge(what.to_owned()));
        }
    }
    Ok(at)
}

/// The files whose data overlap another's. Of those that do as many as possible are left.
fn overlapping(described: &[Described]) -> HashSet<usize> {
    let range = |(index, one): (usize, &Described)| {
        let at = one.at.filter(|_| one.packed > 0)?;
        Some((at.saturating_add(one.packed), at, index))
    };
    let mut ranges: Vec<_> = described.iter().enumerate().filter_map(range).collect();
    ranges.sort_unstable();
    let mut free_from = 0;
    let mut refused = HashSet::new();
    for (end, start, index) in ranges {
        if start < free_from {
            refused.insert(index);
        } else {
            free_from = end;
        }
    }
    refused
}
