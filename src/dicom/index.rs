//! A DICOMDIR against the files that are there. The index is never needed: it only says what is missing.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use super::error::DicomError;

/// Folders above an index that its names may count from: some machines put it beside the images.
const ABOVE: usize = 2;
/// Names that are looked for to find the folder that they count from.
const TRIED: usize = 16;

/// The files that an index names, as names from folder to folder, whatever stands between them.
pub(super) fn parts(id: &str) -> Vec<String> {
    id.split(['\\', '/']).map(|part| part.trim().to_owned()).collect()
}

/// Where to look for what an index names: its own folder, or what its names begin with in a folder above it, where
/// they are found there and not beside the index.
pub(super) fn folders(index: &Path, named: &[Vec<String>]) -> Vec<PathBuf> {
    let folder = index.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let inside = || named.iter().filter(|parts| parts.iter().all(|part| leads_down(part))).take(TRIED);
    let holds = |root: &Path| {
        inside().any(|parts| {
            let small = parts.iter().map(|part| part.to_lowercase());
            root.join(parts.iter().collect::<PathBuf>()).exists()
                || root.join(small.collect::<PathBuf>()).exists()
        })
    };
    if holds(folder) {
        return vec![folder.to_owned()];
    }
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let above = real.ancestors().skip(1).take(ABOVE).find(|above| holds(above));
    let Some(above) = above else { return vec![folder.to_owned()] };
    let mut folders: Vec<PathBuf> = Vec::new();
    for first in inside().filter(|parts| parts.len() > 1).filter_map(|parts| parts.first()) {
        let named = [first.clone(), first.to_lowercase()].map(|first| above.join(first));
        folders.extend(named.into_iter().filter(|path| path.is_dir()));
    }
    folders.push(folder.to_owned());
    folders.sort();
    folders.dedup();
    folders
}

/// What is to say about an index in `folder`, where the files `there` are.
pub(super) fn verdict<'p>(
    folder: &Path,
    named: &[Vec<String>],
    there: impl Iterator<Item = &'p Path>,
) -> String {
    let (inside, outside): (HashSet<_>, HashSet<_>) =
        named.iter().partition(|parts| parts.iter().all(|part| leads_down(part)));
    // The names may count from a folder above. Where the folder is not on disk, its name is all there is.
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let real = here.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let own = names(&real);
    let own = own.get(own.len().saturating_sub(ABOVE)..).unwrap_or_default();
    let mut known: HashSet<String> = HashSet::new();
    for path in there {
        if let Ok(inside) = path.strip_prefix(folder) {
            let inside = names(inside);
            for from in 0..=own.len() {
                let whole: Vec<String> = own.iter().skip(from).chain(&inside).cloned().collect();
                known.extend(keys(&whole));
            }
        } else {
            for above in real.ancestors().skip(1).take(ABOVE) {
                known.extend(path.strip_prefix(above).into_iter().flat_map(|path| keys(&names(path))));
            }
        }
    }
    let missing = inside.iter().filter(|parts| !keys(parts).iter().any(|key| known.contains(key))).count();
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
    let plain = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::CurDir | Component::RootDir | Component::ParentDir | Component::Prefix(_) => None,
    };
    path.components().filter_map(plain).collect()
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

    #[test]
    fn names_may_count_from_a_folder_above_and_be_written_with_slashes() {
        let named = ["DICOM\\A\\IM1", "DICOM/A/IM2", "/DICOM/A/IM3", "DICOM\\..\\IM4"].map(parts);
        let there = ["disc/DICOM/A/IM1", "disc/DICOM/a/im2"].map(Path::new);
        let text = verdict(Path::new("disc/DICOM"), &named, there.into_iter());
        let outside = "2 of the files that it names lie outside its folder and are not opened";
        assert_eq!(text, format!("{}; {outside}", DicomError::Index));
        // From the working directory, as it is named on a command line.
        let here = ["./IMAGES/IM1", "IMAGES/IM2"].map(Path::new);
        let named = ["IMAGES\\IM1", "IMAGES\\IM2"].map(parts);
        assert_eq!(verdict(Path::new(""), &named, here.into_iter()), DicomError::Index.to_string());
    }

    #[test]
    fn an_index_beside_the_folder_of_its_images_leads_there() {
        let disc = tempfile::tempdir().unwrap();
        let (index, images) = (disc.path().join("INDEX/DIRFILE"), disc.path().join("DICOM/S1"));
        for folder in [index.parent().unwrap(), &images, &disc.path().join("HOME")] {
            std::fs::create_dir_all(folder).unwrap();
        }
        std::fs::copy("Cargo.toml", images.join("IM1")).unwrap();
        let named = [parts("DICOM\\S1\\IM1")];
        let real = disc.path().canonicalize().unwrap();
        let expected = [real.join("DICOM"), disc.path().join("INDEX")];
        let mut found = folders(&index, &named);
        found.sort_by_key(|folder| folder.ends_with("INDEX"));
        assert_eq!(found, expected);
        // Where they lie beside it, nothing above is looked at.
        let beside = disc.path().join("DICOMDIR");
        assert_eq!(folders(&beside, &named), [disc.path()]);
        assert_eq!(folders(Path::new("DICOMDIR"), &named), [Path::new(".")]);
    }
}
