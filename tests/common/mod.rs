//! Finds the test data that live outside the repository.

use std::path::{Path, PathBuf};

/// The shared data, or `None` with one line that says so.
pub(crate) fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("ISODENSE_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    if folder.join("truth.json").is_file() {
        return Some(folder);
    }
    println!("skipped: no test data in {}", folder.display());
    None
}

/// The reference values.
pub(crate) fn truth(data: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(data.join("truth.json")).unwrap()).unwrap()
}
