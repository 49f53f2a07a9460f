use std::path::{Component, Path, PathBuf};

use crate::case::Case;
use crate::files::folder_of;

/// A folder as the case file names it: relative to the case's own folder, with `/` between names.
///
/// So a case that moves together with its images still finds them. On another drive, where no relative path
/// exists, the folder is named from the root.
pub fn relative_folder(case_path: &Path, folder: &Path) -> String {
    let (from, to) = (absolute(&folder_of(case_path)), absolute(folder));
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return with_slashes(&to);
    }
    let up = std::iter::repeat_n(Component::ParentDir, from.len() - shared);
    let relative = up.chain(to[shared..].iter().copied()).collect::<Vec<_>>();
    if relative.is_empty() { ".".to_owned() } else { with_slashes(&relative) }
}

/// Where the images of a case should be, each folder once, in the case's order.
pub fn resolve_sources(case_path: &Path, case: &Case) -> Vec<PathBuf> {
    let base = folder_of(case_path);
    let mut folders: Vec<PathBuf> = Vec::new();
    for source in &case.sources {
        let folder = tidy(&base.join(&source.folder));
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// Links resolved where the path exists, so that two names of one folder agree.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize()
        .or_else(|_| std::path::absolute(path).map(|path| tidy(&path)))
        .unwrap_or_else(|_| path.to_owned())
}

/// The path without `.` names.
fn tidy(path: &Path) -> PathBuf {
    let tidy: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

fn with_slashes(parts: &[Component<'_>]) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        match part {
            Component::RootDir => {
                if !text.ends_with('/') {
                    text.push('/');
                }
            }
            Component::Prefix(_) | Component::CurDir | Component::ParentDir | Component::Normal(_) => {
                text.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::image::{SeriesUid, StudyUid};

    fn source(folder: &str) -> Source {
        Source {
            series: SeriesUid::new("1.2"),
            study: StudyUid::new("1"),
            folder: folder.to_owned(),
            extra: serde_json::Map::new(),
        }
    }

    #[test]
    fn folders_are_named_from_the_case() {
        let root = tempfile::tempdir().unwrap();
        let case = root.path().join("cases/one.json");
        std::fs::create_dir_all(root.path().join("cases/ct")).unwrap();
        let name = |folder: &str| relative_folder(&case, &root.path().join(folder));
        assert_eq!(name("cases/ct"), "ct");
        assert_eq!(name("cases"), ".");
        assert_eq!(name("cases/./ct/../ct"), "ct");
        std::fs::create_dir_all(root.path().join("images/1")).unwrap();
        assert_eq!(name("images/1"), "../images/1");
    }

    #[test]
    fn they_resolve_where_the_case_is_now() {
        let case = Case {
            sources: vec![source("ct/first"), source("."), source("ct/first"), source("/media/disc")],
            ..Case::default()
        };
        let folders = resolve_sources(Path::new("moved/one.json"), &case);
        assert_eq!(folders, ["moved/ct/first", "moved", "/media/disc"].map(PathBuf::from));
        assert_eq!(resolve_sources(Path::new("one.json"), &case)[1], PathBuf::from("."));
    }
}
