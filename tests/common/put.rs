//! A file as a test wants it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// Writes a file as it is told, whatever stood there: what the program never does to an image, others do.
pub(crate) fn put(path: impl AsRef<Path>, bytes: &[u8]) {
    let path = path.as_ref();
    let written = File::create(path).and_then(|mut file| file.write_all(bytes));
    assert!(written.is_ok(), "{}: {written:?}", path.display());
}
