//! Does a case file say who the patient is by what its folders and files are called?
//!
//! The file keeps where the images are, and hospitals call folders after patients. Nothing can be put in the place of
//! such a name: the images would not be found. So whoever saves is asked, and told what to do.

use std::path::Path;

use super::headers;
use super::patients::series_of_patients;
use super::words::kind_words;
use crate::case::Case;
use crate::identify::{FindKind, Identifier, Known, find};
use crate::image::Series;
use crate::session::Session;

/// The place that another name of the case file mends.
pub const CASE_FILE: &str = "name of the case file";

/// A name of a folder or file that a case file holds and that says who the patient is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TellingPlace {
    /// Where it is, without it: "folder of the images".
    pub place: &'static str,
    /// What it says, in words: "the patient's name".
    pub what: String,
}

/// The names of folders and files in a case that say who a patient of these series is, in its order, each once.
///
/// That is the name, the number or the date of birth. `path` is where the case is, whose own name counts as well.
pub fn telling_places(case: &Case, series: &[Series], path: &Path) -> Vec<TellingPlace> {
    let mut known = Known::default();
    for series in series_of_patients(case, series) {
        headers::add(&mut known, series);
    }
    in_names(case, &known, path)
}

fn in_names(case: &Case, known: &Known, path: &Path) -> Vec<TellingPlace> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folders = case.sources.iter().map(|source| ("folder of the images", source.folder.as_str()));
    let own = std::iter::once((CASE_FILE, name.as_str()));
    let mut found = Vec::new();
    for (place, words) in folders.chain(own) {
        for part in words.split(['/', '\\']) {
            for found_here in find(part, known) {
                let telling = TellingPlace { place, what: kind_words(&found_here.kind) };
                if says_who(&found_here.kind) && !found.contains(&telling) {
                    found.push(telling);
                }
            }
        }
    }
    found
}

/// Dates of examinations and names of hospitals are in the paths of most archives; who it is is in few.
fn says_who(kind: &FindKind) -> bool {
    matches!(kind, FindKind::Known(Identifier::PatientName | Identifier::PatientId | Identifier::BirthDate))
}

impl Session {
    /// The names of folders and files in the case that was just saved that say who the patient is, and that the reader
    /// has not decided about: [`super::super::Action::KeepPlaces`] does.
    pub fn places_asked(&self) -> &[TellingPlace] {
        &self.headers.asked_places
    }

    /// Asks the reader who saved a case about the names of its folders: about each once.
    pub(in crate::session) fn ask_about_places(&mut self, path: &Path) {
        let case = self.case_for_file(path);
        let mut known = Known::default();
        for series in self.series_of_patients() {
            headers::add(&mut known, series);
        }
        let mut places = in_names(&case, &known, path);
        places.retain(|place| !self.headers.kept_places.contains(place));
        self.headers.asked_places = places;
    }

    pub(in crate::session) fn keep_places_asked(&mut self) {
        let asked = std::mem::take(&mut self.headers.asked_places);
        self.headers.kept_places.extend(asked);
    }
}
