//! A DICOMDIR against the files that are there. The index is never needed: it only says what is missing.

use std::collections::HashSet;
use std::path::{Component, Path};

use super::error::DicomError;

/// What is to say about an index in `folder`, where the files `there` are.
pub(super) fn verdict<'p>(
    folder: &Path,
    named: &[Vec<String>],
    there: impl Iterator<Item = &'p Path>,
) -> String {
    let (inside, outside): (HashSet<_>, HashSet<_>) =
        named.iter().partition(|parts| parts.iter().all(|part| leads_down(part)));
    let there: HashSet<String> =
        there.filter_map(|path| path.strip_prefix(folder).ok()).flat_map(|path| keys(&names(path))).collect();
    let missing = inside.iter().filter(|parts| !keys(parts).iter().any(|key| there.contains(key))).count();
    let mut text = vec![DicomError::Index.to_string()];
    if missing > 0 {
        let total = inside.len();
        text.push(format!("{missing} of the {total} files that it names are not here"));
    }
    if !outside.is_empty() {
        let count = outside.len();
        text.push(format!("{count} of the files that it names lie outside its folder and are not opened"));
    }
    text.join("; ")
}

/// Whether a name in an index is a plain name, not a way out of the folder.
fn leads_down(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(['/', ':', '\0'])
}

fn names(path: &Path) -> Vec<String> {
    let plain = |part: Component<'_>| part.as_os_str().to_string_lossy().into_owned();
    path.components().map(plain).collect()
}

/// A file's name as an index may write it: in capitals, without version and ending, which copying adds or drops.
fn keys(parts: &[String]) -> [String; 2] {
    let whole = parts.join("/").to_uppercase();
    let whole = whole.strip_suffix(";1").unwrap_or(&whole).trim_end_matches('.').to_owned();
    let bare = match whole.rsplit_once('.') {
        Some((before, ending)) if !ending.contains('/') => before.to_owned(),
        Some(_) | None => whole.clone(),
    };
    [whole, bare]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_were_copied() {
        let named = |text: &str| text.split('\\').map(str::to_owned).collect::<Vec<_>>();
        let all =
            ["A\\IM1", "A\\IM2", "A\\IM3", "A\\IM4.DCM", "IM5", "A\\IM5", "..\\IM6", "\\ETC\\X", "C:\\X"];
        let all: Vec<_> = all.iter().map(|text| named(text)).collect();
        let there =
            ["disc/a/im1", "disc/A/IM2.dcm", "disc/a/IM3;1", "disc/a/im4", "disc/IM6", "IM6", "disc/im5."];
        let text = verdict(Path::new("disc"), &all, there.iter().map(Path::new));
        let expected = "DICOMDIR index, not an image; 1 of the 6 files that it names are not here; \
                        3 of the files that it names lie outside its folder and are not opened";
        assert_eq!(text, expected);
        let some = &all[..2];
        assert_eq!(
            verdict(Path::new("disc"), some, there.iter().map(Path::new)),
            DicomError::Index.to_string()
        );
    }
}
