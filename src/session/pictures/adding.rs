//! A file that is not DICOM joins the case: its pixels alone, by a job that never writes to it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::called;
use crate::case::{CasePicture, Edit};
use crate::pictures::{self, Dropped, Limits, Note};
use crate::session::jobs::Done;
use crate::session::{Notice, Session};
use crate::store;

/// Endings of the files that join a case as pictures.
pub const PICTURE_ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "tif", "tiff"];

/// A picture whose pixels are kept, and what the reader has to know of it.
#[derive(Debug)]
pub(in crate::session) struct Added {
    picture: CasePicture,
    path: PathBuf,
    dropped: Vec<Dropped>,
    notes: Vec<Note>,
    mm_per_pixel: Option<f64>,
}

/// Whether a file joins the case as a picture when it is opened: by its name, unless it holds DICOM.
pub fn is_picture_file(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if !ending.is_some_and(|ending| PICTURE_ENDINGS.contains(&ending.as_str())) || !path.is_file() {
        return false;
    }
    let mut start = [0; 132];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_err() || !start.ends_with(b"DICM")
}

/// Reads a file, keeps its pixels in a folder and forgets the rest.
fn take_in(path: &Path, folder: &Path) -> Result<Added, String> {
    let bytes = store::read_bytes(path).map_err(|error| error.to_string())?;
    let stripped = catch_unwind(|| pictures::strip(&bytes, &Limits::default()));
    let stripped = stripped
        .map_err(|_panic| "the decoder met an error it did not expect".to_owned())?
        .map_err(|error| error.to_string())?;
    let kept =
        store::keep_picture(folder, &stripped.sha256, &stripped.png).map_err(|error| error.to_string())?;
    Ok(Added {
        picture: CasePicture::new(&stripped.sha256, stripped.width, stripped.height),
        path: kept,
        dropped: stripped.dropped,
        notes: stripped.notes,
        mm_per_pixel: stripped.mm_per_pixel,
    })
}

impl Session {
    /// Of what is opened takes the pictures into the case, and looks for missing ones in folders; gives the rest back.
    pub(in crate::session) fn open_pictures(&mut self, paths: Vec<PathBuf>) -> Vec<PathBuf> {
        let (pictures, others): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| is_picture_file(path));
        if !pictures.is_empty() && self.is_anothers() {
            self.tell_of_another();
        } else if !pictures.is_empty() {
            self.add_pictures(pictures);
        }
        self.look_for_pictures(&others);
        others
    }

    /// Reads files on a thread of their own; what can be read joins the case as one step.
    pub(in crate::session) fn add_pictures(&mut self, paths: Vec<PathBuf>) {
        let state = self.environment.state_dir.as_deref().map(store::pictures_of_state);
        let folder = state.or_else(|| self.case_path.as_deref().map(store::pictures_of_case));
        let Some(folder) = folder else {
            self.tell(Notice::error(
                "The picture was not added.",
                "Save the case first: pictures lie beside it.",
            ));
            return;
        };
        let case = self.pictures.case;
        self.pictures.adding += 1;
        self.jobs.spawn("isodense-picture", move |report| {
            let added = paths.iter().map(|path| (path.clone(), take_in(path, &folder))).collect();
            report.send(Done::Pictures(case, added));
        });
    }

    /// Whether pictures are being read.
    pub fn is_adding_pictures(&self) -> bool {
        self.pictures.adding > 0
    }

    /// Pictures were read for the case of that number, or not, and why.
    pub(in crate::session) fn take_pictures(&mut self, of: u64, all: Vec<(PathBuf, Result<Added, String>)>) {
        if of != self.pictures.case {
            let what = "Another case was opened meanwhile. Add it again where it belongs.";
            self.tell(Notice::warning("The picture was not added.", what));
            return;
        }
        self.pictures.adding = self.pictures.adding.saturating_sub(1);
        let (mut added, mut refused): (Vec<Added>, Vec<String>) = (Vec::new(), Vec::new());
        for (path, answer) in all {
            match answer {
                Ok(one) if added.iter().any(|other| other.picture == one.picture) => {}
                Ok(one) => added.push(one),
                Err(why) if why.contains(&path.display().to_string()) => refused.push(why),
                Err(why) => refused.push(format!("{why}: {}", path.display())),
            }
        }
        for one in &added {
            self.pictures.places.insert(Arc::clone(&one.picture.sha256), one.path.clone());
        }
        let is_new = |one: &&Added| self.case().picture(&one.picture.sha256).is_none();
        let edits: Vec<Edit> =
            added.iter().filter(is_new).map(|one| Edit::AddPicture(one.picture.clone())).collect();
        let known = added.len() - edits.len();
        match <[Edit; 1]>::try_from(edits) {
            Ok([only]) => self.commit_whoever_is_shown(only),
            Err(edits) if edits.is_empty() => {}
            Err(edits) => self.commit_whoever_is_shown(Edit::All(edits)),
        }
        // Also of one that was in the case already: its file may have been missing.
        self.put_pictures();
        if let Some(first) = added.first() {
            self.show_picture(&first.picture);
            self.tell_of_added(&added, known);
        }
        if !refused.is_empty() {
            let summary = match refused.len() {
                1 => "The picture was not added.".to_owned(),
                many => format!("{many} pictures were not added."),
            };
            self.tell(Notice::error(summary, refused.join("; ")));
        }
    }

    fn show_picture(&mut self, picture: &CasePicture) {
        let uid = picture.series_uid();
        let key = self.library.part(&uid, None).map(|series| series.key());
        if let Some(key) = key {
            self.show_series(self.workspace.active, &key);
        }
    }

    fn tell_of_added(&mut self, added: &[Added], known: usize) {
        let summary = match (added, known) {
            ([only], 0) => format!("The {} was added to the case.", called(self.case(), &only.picture)),
            ([only], _) => {
                format!("The {} is in the case already.", called(self.case(), &only.picture))
            }
            (several, 0) => format!("{} pictures were added to the case.", several.len()),
            (several, known) => {
                let new = several.len() - known;
                format!("Pictures added to the case: {new}; in it already: {known}.")
            }
        };
        let dropped: BTreeSet<Dropped> = added.iter().flat_map(|one| &one.dropped).copied().collect();
        let notes: BTreeSet<Note> = added.iter().flat_map(|one| &one.notes).copied().collect();
        let mut details =
            vec![removed(&dropped.into_iter().map(|what| what.to_string()).collect::<Vec<_>>())];
        details.extend(notes.iter().map(ToString::to_string));
        if let [Added { mm_per_pixel: Some(mm), .. }] = added {
            let micrometres = crate::case::number(mm * 1000.0, 3);
            details.push(format!(
                "Its file says that a pixel is {micrometres} µm wide; calibrate it by a length that you know."
            ));
        }
        self.tell(Notice::info(summary, details.join(" ")));
    }
}

/// `Removed: the place where it was taken (GPS), texts.`
fn removed(dropped: &[String]) -> String {
    if dropped.is_empty() {
        "Its file held nothing but pixels.".to_owned()
    } else {
        format!("Only its pixels were kept. Removed: {}.", dropped.join(", "))
    }
}
