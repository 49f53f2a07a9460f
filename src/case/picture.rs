//! Pictures of a case that are not DICOM: an operative photo, a specimen, a stain.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Case, EditError};
use crate::image::{SeriesUid, SopInstanceUid};

/// No picture has more pixels: what is read has far fewer.
const MOST_PIXELS: u64 = 1_000_000_000;

/// A picture of the case. Its pixels lie beside the case file, under the name of their hash; nothing else of the
/// reader's own file was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePicture {
    /// The SHA-256 of the PNG that holds its pixels, in lower-case hexadecimal digits: which picture it is.
    pub sha256: Arc<str>,
    /// What it shows: `Haematoxylin and eosin stain`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption: String,
    /// How much it was magnified, in the words of a legend: `x200`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub magnification: String,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl CasePicture {
    /// The picture of that hash and size, of which nothing is said yet.
    pub fn new(sha256: &str, width: u32, height: u32) -> Self {
        Self {
            sha256: sha256.into(),
            caption: String::new(),
            magnification: String::new(),
            width,
            height,
            extra: Map::new(),
        }
    }

    /// Whether it names a file by its hash, and has a size.
    pub fn is_sound(&self) -> bool {
        let digits = self.sha256.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
        let pixels = u64::from(self.width) * u64::from(self.height);
        digits && self.sha256.len() == 64 && (1..=MOST_PIXELS).contains(&pixels)
    }

    /// What is said of it: `Haematoxylin and eosin stain, x200`; empty where nothing is.
    pub fn words(&self) -> String {
        let words = [self.caption.trim().trim_end_matches('.'), self.magnification.trim()];
        words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        format!("{}.png", self.sha256)
    }

    /// What stands for a Series Instance UID, which no DICOM series has.
    pub fn series_uid(&self) -> SeriesUid {
        SeriesUid::new(&self.derived())
    }

    /// What stands for a SOP Instance UID, which no DICOM object has.
    pub fn sop_instance(&self) -> SopInstanceUid {
        SopInstanceUid::new(&self.derived())
    }

    fn derived(&self) -> String {
        format!("picture-{}", self.sha256.get(..32).unwrap_or(&self.sha256))
    }
}

impl Case {
    /// The picture of that hash.
    pub fn picture(&self, sha256: &str) -> Option<&Arc<CasePicture>> {
        self.pictures.iter().find(|picture| *picture.sha256 == *sha256)
    }

    pub(super) fn add_picture(&mut self, picture: CasePicture) -> Result<(), EditError> {
        if !picture.is_sound() {
            return Err(EditError::UnsoundPicture);
        }
        if self.picture(&picture.sha256).is_some() {
            return Err(EditError::PictureTwice);
        }
        self.pictures.push(Arc::new(picture));
        Ok(())
    }

    /// The words become others; which pixels they are of stays.
    pub(super) fn change_picture(&mut self, picture: CasePicture) -> Result<(), EditError> {
        let slot = self.pictures.iter_mut().find(|old| old.sha256 == picture.sha256);
        let old = slot.ok_or(EditError::NoSuchPicture)?;
        let (width, height) = (old.width, old.height);
        *old = Arc::new(CasePicture { width, height, ..picture });
        Ok(())
    }

    /// What was drawn on it, its scale and the panels of figures stay, and show again once it is added again.
    pub(super) fn remove_picture(&mut self, sha256: &str) -> Result<(), EditError> {
        let before = self.pictures.len();
        self.pictures.retain(|picture| *picture.sha256 != *sha256);
        if self.pictures.len() == before { Err(EditError::NoSuchPicture) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Edit;

    const SHA: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_picture_is_added_once_changed_and_removed() {
        let picture = CasePicture::new(SHA, 40, 30);
        assert_eq!(picture.series_uid().as_str(), "picture-00112233445566778899aabbccddeeff");
        let case = Case::default().with(Edit::AddPicture(picture.clone())).unwrap();
        assert!(!case.is_blank());
        assert_eq!(case.with(Edit::AddPicture(picture.clone())), Err(EditError::PictureTwice));
        let words = CasePicture {
            caption: " Haematoxylin and eosin stain. ".to_owned(),
            magnification: "x200".to_owned(),
            width: 1,
            ..picture
        };
        assert_eq!(words.words(), "Haematoxylin and eosin stain, x200");
        let edit = Edit::ChangePicture(words);
        assert_eq!(edit.describe(&case), "describe picture");
        let case = case.with(edit).unwrap();
        assert_eq!((case.pictures[0].width, case.pictures[0].magnification.as_str()), (40, "x200"));
        let without = case.with(Edit::RemovePicture(SHA.into())).unwrap();
        assert!(without.pictures.is_empty());
        assert_eq!(without.with(Edit::RemovePicture(SHA.into())), Err(EditError::NoSuchPicture));
    }

    #[test]
    fn a_picture_without_a_hash_or_a_size_is_refused() {
        let sound = |sha: &str, width, height| CasePicture::new(sha, width, height).is_sound();
        assert!(sound(SHA, 1, 1));
        assert!(!sound(SHA, 0, 1));
        assert!(!sound(SHA, 100_000, 100_000));
        assert!(!sound(&SHA.to_uppercase(), 1, 1));
        assert!(!sound(&SHA[1..], 1, 1));
        assert!(!sound(&format!("../{}", &SHA[3..]), 1, 1));
        let unsound = Edit::AddPicture(CasePicture::new("", 1, 1));
        assert_eq!(Case::default().with(unsound), Err(EditError::UnsoundPicture));
    }
}
