//! Where the program keeps its own sample.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folders that may hold the program's own sample: beside the program, and in the source tree that it was built
/// from.
pub fn bundled_folders() -> &'static [PathBuf] {
    static FOLDERS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FOLDERS.get_or_init(|| {
        let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.to_owned()));
        let folders = beside.into_iter().chain([PathBuf::from(env!("CARGO_MANIFEST_DIR"))]);
        folders.map(|folder| folder.join("sample_dicom")).collect()
    })
}

/// Whether a path, there or not yet, lies in the program's own sample, which is never written. A copy that
/// `isodense sample` made is its owner's.
pub fn is_bundled(path: &Path) -> bool {
    let mut there = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // Names that a link or `..` hides; of what is not there yet, the nearest folder that is.
    loop {
        if let Ok(real) = there.canonicalize() {
            there = real;
            break;
        }
        if !there.pop() {
            return false;
        }
    }
    let real = |folder: &PathBuf| folder.canonicalize().ok();
    bundled_folders().iter().filter_map(real).any(|folder| there.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_known_however_it_is_called() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom");
        for inside in ["case.json", "new.json", "new/case.json", "../sample_dicom/case.json"] {
            assert!(is_bundled(&sample.join(inside)), "{inside}");
        }
        let folder = tempfile::tempdir().unwrap();
        for outside in [sample.join("../case.json"), folder.path().join("sample_dicom/case.json")] {
            assert!(!is_bundled(&outside));
        }
    }
}
