//! The pixels of a case's pictures: PNG files that are called after their hash, beside the case or in the state folder.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::atomic::write_to;
use crate::files::{Target, is_private, private_folder};
use crate::pictures::sha256;

/// No picture comes near: 1 GB.
const MOST_BYTES: u64 = 1 << 30;

/// The folder beside a case file that holds its pictures: `case.pictures` for `case.json`.
pub fn pictures_of_case(case_path: &Path) -> PathBuf {
    case_path.with_extension("pictures")
}

/// The folder of pictures whose case was not saved yet, in the program's own state folder.
pub fn pictures_of_state(state_dir: &Path) -> PathBuf {
    state_dir.join("pictures")
}

/// The whole file of a picture that a reader names, if a picture could be that big.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, StoreError> {
    // Opening a pipe waits for a writer that may never come.
    let about = fs::metadata(path).map_err(StoreError::read(path))?;
    if !about.is_file() {
        return Err(StoreError::NotAPicture { path: path.to_owned() });
    }
    let file = File::open(path).map_err(StoreError::read(path))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(StoreError::read(path))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(StoreError::NotAPicture { path: path.to_owned() });
    }
    Ok(bytes)
}

/// The bytes of a kept picture, if they are those that joined the case.
pub fn read_picture(path: &Path, hash: &str) -> Result<Vec<u8>, StoreError> {
    let bytes = read_bytes(path)?;
    if sha256(&bytes) == hash { Ok(bytes) } else { Err(StoreError::PictureChanged { path: path.to_owned() }) }
}

/// Keeps a picture in a folder, which is made where it is missing; where it is now. A good one is never written again.
pub fn keep_picture(folder: &Path, hash: &str, png: &[u8]) -> Result<PathBuf, StoreError> {
    let path = folder.join(format!("{hash}.png"));
    if read_picture(&path, hash).is_ok() {
        return Ok(path);
    }
    // What a link leads to is somebody else's.
    if path.is_symlink() {
        return Err(StoreError::PictureChanged { path });
    }
    // In the state folder nobody else reads it; beside a case whoever may read the case.
    let private = folder.parent().is_some_and(is_private);
    let made = if private { private_folder(folder) } else { fs::create_dir_all(folder) };
    made.map_err(StoreError::write(folder))?;
    write_to(Target { private, ..Target::over(&path) }, png)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::write_atomic;

    #[test]
    fn a_good_picture_stays_and_a_bad_one_is_replaced_or_refused() {
        let root = tempfile::tempdir().unwrap();
        let folder = pictures_of_case(&root.path().join("case.json"));
        assert_eq!(folder, root.path().join("case.pictures"));
        let (png, hash) = (b"not looked at".as_slice(), sha256(b"not looked at"));
        let path = keep_picture(&folder, &hash, png).unwrap();
        assert_eq!(read_picture(&path, &hash).unwrap(), png);
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        keep_picture(&folder, &hash, png).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before, "it was not written again");
        write_atomic(&path, b"altered").unwrap();
        assert!(matches!(read_picture(&path, &hash), Err(StoreError::PictureChanged { .. })));
        keep_picture(&folder, &hash, png).unwrap();
        assert_eq!(read_picture(&path, &hash).unwrap(), png);
        assert!(matches!(read_bytes(&folder), Err(StoreError::NotAPicture { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_never_written() {
        let root = tempfile::tempdir().unwrap();
        let hash = sha256(b"new");
        let other = root.path().join("other");
        write_atomic(&other, b"somebody's").unwrap();
        std::os::unix::fs::symlink(&other, root.path().join(format!("{hash}.png"))).unwrap();
        assert!(keep_picture(root.path(), &hash, b"new").is_err());
        assert_eq!(fs::read(&other).unwrap(), b"somebody's");
    }
}
