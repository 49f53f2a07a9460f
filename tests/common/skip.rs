//! A test that skips is seen: at once on the terminal, and in the summary that `tests/zz_skipped.rs` prints last.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

/// Says that this test, or a part of it, skips, and why.
///
/// `cargo test` keeps what a test prints to itself while it passes, but not what goes to the handle of standard error.
pub(crate) fn skipped(why: &str) {
    let thread = std::thread::current();
    let program =
        std::env::current_exe().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    let program = program.unwrap_or_default();
    // Without the hash that cargo gives it.
    let program = program.rsplit_once('-').map_or(&*program, |(name, _)| name);
    let line = format!("{program}: {}: {why}\n", thread.name().unwrap_or("a test"));
    std::io::stderr().write_all(format!("skipped: {line}").as_bytes()).unwrap();
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    // One write of a line at the end: tests in other threads and processes write there, too.
    let mut list = OpenOptions::new().create(true).append(true).open(folder.join(run())).unwrap();
    list.write_all(line.as_bytes()).unwrap();
}

/// Where the lines of this run of `cargo test` are gathered.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("skipped")
}

/// The name of the list of this run: all its test programs are children of one cargo.
pub(crate) fn run() -> String {
    #[cfg(unix)]
    let parent = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let parent = "run";
    format!("{parent}.txt")
}
