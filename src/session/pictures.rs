//! The pictures of the case: taking them in without their metadata, finding their files, and keeping them with the case.

mod adding;
mod series;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use self::adding::Added;
pub use self::adding::{PICTURE_ENDINGS, is_picture_file};
pub use self::series::case_pictures;
use super::{Notice, Session, ViewportId};
use crate::case::{Case, CasePicture};
use crate::image::FileState;
use crate::store::{self, StoreError};

/// What is known of the files of the case's pictures.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// Another number for another case: what a job brings for the one before is not wanted.
    case: u64,
    /// Jobs that read some now.
    adding: usize,
    /// The pictures that the library holds, as far as their files are there.
    put: Vec<Arc<CasePicture>>,
    /// Where those are that were added or found in this run, by their hash.
    places: HashMap<Arc<str>, PathBuf>,
    /// Folders that the reader named to look for pictures in.
    folders: Vec<PathBuf>,
    /// Those that are nowhere; the reader was told.
    missing: Vec<Arc<str>>,
    /// Files that were seen to be what their names say, as they were then.
    good: HashMap<PathBuf, FileState>,
}

impl Pictures {
    /// Whether a file holds the picture of that hash; each is read once while it stays as it is.
    fn is_good(&mut self, path: &Path, sha256: &str) -> bool {
        let state = std::fs::metadata(path).ok().map(|about| FileState::from(&about));
        if state.is_some() && self.good.get(path) == state.as_ref() {
            return true;
        }
        let good = store::read_picture(path, sha256).is_ok();
        match state.filter(|_| good) {
            Some(state) => self.good.insert(path.to_owned(), state),
            None => self.good.remove(path),
        };
        good
    }
}

/// How a picture is called in a notice.
fn called(case: &Case, picture: &CasePicture) -> String {
    let number = case.pictures.iter().position(|other| other.sha256 == picture.sha256);
    match (picture.words(), number) {
        (words, Some(index)) if words.is_empty() => format!("picture {}", index + 1),
        (words, None) if words.is_empty() => "picture".to_owned(),
        (words, _) => format!("picture \"{words}\""),
    }
}

impl Session {
    /// The picture that a series of the library shows.
    pub fn picture_of(&self, series: &crate::image::Series) -> Option<&Arc<CasePicture>> {
        let own = |picture: &&Arc<CasePicture>| picture.series_uid() == series.info.uid;
        self.case().pictures.iter().filter(|_| series.is_picture()).find(own)
    }

    /// The pictures whose files are nowhere.
    pub fn missing_pictures(&self) -> impl Iterator<Item = &Arc<CasePicture>> {
        self.pictures.missing.iter().filter_map(|sha256| self.case().picture(sha256))
    }

    /// Another case took the place of the last one.
    pub(super) fn forget_pictures(&mut self) {
        self.pictures = Pictures { case: self.pictures.case + 1, ..Pictures::default() };
    }

    /// Folders that may hold pictures of the case, the likeliest first.
    fn picture_folders(&self) -> Vec<PathBuf> {
        let case = self.case_path.as_deref().map(store::pictures_of_case);
        let state = self.environment.state_dir.as_deref().map(store::pictures_of_state);
        case.into_iter().chain(state).chain(self.pictures.folders.iter().cloned()).collect()
    }

    /// The library holds the pictures that the case has now.
    pub(super) fn follow_pictures(&mut self) {
        if self.pictures.put != self.case().pictures || !self.pictures.missing.is_empty() {
            self.put_pictures();
        }
    }

    /// Puts the case's pictures into the library, as far as their files are there; tells of the others.
    pub(super) fn put_pictures(&mut self) {
        let case = Arc::clone(self.history.present());
        let (series, missing) =
            case_pictures(&case, |sha256| self.pictures.places.get(sha256).cloned(), &self.picture_folders());
        let gone = self.library.put_pictures(series);
        for id in (0..self.workspace.viewports()).map(ViewportId) {
            if self.workspace.viewport(id).is_some_and(|viewport| gone.contains(&viewport.series)) {
                self.workspace.put(id, None);
            }
        }
        self.pictures.put.clone_from(&case.pictures);
        let before = std::mem::take(&mut self.pictures.missing);
        self.pictures.missing = missing.iter().map(|picture| Arc::clone(&picture.sha256)).collect();
        let news: Vec<String> = missing
            .iter()
            .filter(|picture| !before.contains(&picture.sha256))
            .map(|picture| called(&case, picture))
            .collect();
        if news.is_empty() {
            return;
        }
        let summary = match news.as_slice() {
            [only] => format!("The {only} is not where the case says."),
            several => format!("{} pictures are not where the case says.", several.len()),
        };
        let folder = self.case_path.as_deref().map(store::pictures_of_case);
        let place = folder.map_or_else(String::new, |folder| format!(" {}", folder.display()));
        let which = if news.len() > 1 { format!("{}. ", news.join(", ")) } else { String::new() };
        let advice = "Bring its folder back, open the folder that holds it now, or add the original again.";
        self.tell(Notice::warning(summary, format!("{which}{advice}{place}")));
    }

    /// Looks for missing pictures in folders that the reader names: in them, or in the case's own below them.
    pub(super) fn look_for_pictures(&mut self, folders: &[PathBuf]) {
        if self.pictures.missing.is_empty() {
            return;
        }
        let own = self.case_path.as_deref().map(store::pictures_of_case);
        let own = own.and_then(|folder| folder.file_name().map(ToOwned::to_owned));
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            self.pictures.folders.push(folder.clone());
            self.pictures.folders.extend(own.as_ref().map(|own| folder.join(own)));
        }
        self.put_pictures();
    }

    /// Keeps the pictures beside the case file that is about to be written; what those are called that are nowhere.
    pub(super) fn save_pictures(&mut self, path: &Path) -> Result<Vec<String>, StoreError> {
        let case = Arc::clone(self.history.present());
        let folder = store::pictures_of_case(path);
        let mut lost = Vec::new();
        for picture in &case.pictures {
            let target = folder.join(picture.file_name());
            if self.pictures.is_good(&target, &picture.sha256) {
                continue;
            }
            let own = self.pictures.places.get(&picture.sha256).cloned();
            let others = self.picture_folders().into_iter().map(|folder| folder.join(picture.file_name()));
            let mut places = own.into_iter().chain(others);
            let found = places.find_map(|path| store::read_picture(&path, &picture.sha256).ok());
            match found {
                Some(png) => {
                    store::keep_picture(&folder, &picture.sha256, &png)?;
                }
                None => lost.push(called(&case, picture)),
            }
        }
        Ok(lost)
    }

    /// Pictures that could not be kept with the case that was saved.
    pub(super) fn tell_of_lost_pictures(&mut self, lost: &[String]) {
        if !lost.is_empty() {
            self.tell(Notice::warning(
                "Not every picture is beside the saved case.",
                format!("Missing or changed: {}. Add the originals again, then save.", lost.join(", ")),
            ));
        }
    }

    /// The reader hears by name which picture cannot be read: a thumbnail alone would not say why.
    pub(super) fn tell_of_bad_picture(&mut self, frame: &crate::image::Frame, why: &str) {
        let case = Arc::clone(self.history.present());
        let picture = case.pictures.iter().find(|picture| picture.sop_instance() == frame.of.sop_instance);
        if let Some(picture) = picture.filter(|_| frame.stored.is_picture()) {
            self.tell(Notice::error(format!("The {} is not used.", called(&case, picture)), why));
        }
    }

    /// A case of nothing but pictures shows its first.
    pub(super) fn show_first_picture(&mut self) {
        let empty =
            (0..self.workspace.viewports()).all(|id| self.workspace.viewport(ViewportId(id)).is_none());
        let first = self.library.browse().first().map(|series| (series.key(), series.is_picture()));
        if let Some((key, true)) = first.filter(|_| empty) {
            self.show_series(self.workspace.active, &key);
        }
    }
}
