use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Writes a file into this process's folder in memory.
pub(crate) fn scratch(name: &str, bytes: &[u8]) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        // The same folder again and again: a stopped fuzzer leaves some files of a few kilobytes at most.
        let target = std::env::current_exe().ok().and_then(|exe| Some(exe.file_stem()?.to_owned()));
        let name = format!("{}-{}", target.unwrap_or_default().display(), std::process::id());
        base.join("isodense-fuzz").join(name)
    });
    let path = folder.join(name);
    if fs::write(&path, bytes).is_err() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    path
}
