//! Finds the test data that live outside the repository.

mod skip;

use std::path::{Path, PathBuf};

pub(crate) use skip::skipped;

/// The shared data, or `None` with one line that says so.
///
/// Data that somebody names have to be there.
pub(crate) fn data() -> Option<PathBuf> {
    let named = std::env::var_os("ISODENSE_TEST_DATA").map(PathBuf::from);
    let folder =
        named.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"));
    if folder.join("truth.json").is_file() {
        return Some(folder);
    }
    assert!(named.is_none(), "ISODENSE_TEST_DATA names {}, where no test data are", folder.display());
    skipped("no test data in ../shared/data (ISODENSE_TEST_DATA names another folder)");
    None
}

/// The reference values.
pub(crate) fn truth(data: &Path) -> serde_json::Value {
    let truth: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data.join("truth.json")).unwrap()).unwrap();
    // A test that walks over an empty table would pass over nothing.
    for table in ["volumes", "multiframe", "pet", "files", "charset"] {
        assert!(truth[table].as_object().is_some_and(|table| !table.is_empty()), "the truth has no {table}");
    }
    truth
}
