//! Programs and readers that other people wrote, where they are installed.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// A file in a folder of its own.
pub(crate) struct Placed {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

pub(crate) fn place(name: &str, bytes: &[u8]) -> Placed {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    isodense::store::write_atomic(&path, bytes).unwrap();
    Placed { folder, path }
}

/// What a program prints; `None`, and a line that says so, when it is not installed.
pub(crate) fn words(program: &str, args: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(args).output() else {
        crate::skip::skipped(&format!("{program} is not installed"));
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What a program in Python prints when it is given a file; `None` when Python or what it needs is not installed.
pub(crate) fn python(needs: &str, program: &str, file: &str) -> Option<String> {
    let found = Command::new("python3").args(["-c", &format!("import {needs}")]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        crate::skip::skipped(&format!("python3 with {needs} is not installed"));
        return None;
    }
    words("python3", &["-c", program, file])
}

/// A file that `LibreOffice` has made a PDF of; `None` when it is not installed.
pub(crate) fn office_pdf(placed: &Placed) -> Option<PathBuf> {
    let folder = placed.folder.path().to_str().unwrap();
    // A profile of its own: two of them cannot share one.
    let profile = format!("-env:UserInstallation=file://{folder}/profile");
    let file = placed.path.to_str().unwrap();
    words("soffice", &[&profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file])?;
    Some(placed.path.with_extension("pdf"))
}

/// The files of a zip archive in their order, as another crate would give them.
pub(crate) fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = rawzip::ZipArchive::from_slice(bytes).unwrap();
    let mut entries = archive.entries();
    let mut files = Vec::new();
    while let Some(record) = entries.next_entry().unwrap() {
        let name = record.file_path().try_normalize().unwrap().as_str().to_owned();
        let time = record.last_modified();
        assert_eq!((time.year(), time.month(), time.day(), time.hour()), (1980, 1, 1, 0), "{name}");
        let entry = archive.get_entry(record.wayfinder()).unwrap();
        let inflated = flate2::bufread::DeflateDecoder::new(entry.data());
        let mut data = Vec::new();
        entry.verifying_reader(inflated).read_to_end(&mut data).unwrap();
        files.push((name, data));
    }
    files
}

/// Asserts that words come in an order; others may stand between them.
pub(crate) fn assert_in_order(expected: &[String], found: &[String]) {
    let mut rest = found.iter();
    for (index, word) in expected.iter().enumerate() {
        let before = &expected[index.saturating_sub(5)..index];
        assert!(rest.any(|found| found == word), "{word:?} after {before:?} is not in its place");
    }
}
