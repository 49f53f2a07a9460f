//! Which free texts of a header may name somebody?

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::ElementRow;
use crate::identify::Identifier;

/// Who may be named in the words of an element: a comment, or a private text that is written as a name.
pub(super) fn in_words(row: &ElementRow) -> Option<Identifier> {
    let tag = Tag(row.tag.0, row.tag.1);
    let is_text = matches!(row.vr.code, VR::LO | VR::SH | VR::LT | VR::ST | VR::UT | VR::UC);
    let of = || Identifier::Comment(row.name().into_owned());
    if tag.group() % 2 == 1 {
        let is_creator = (0x10..=0xff).contains(&tag.element());
        let value = row.value.reveal();
        let named = !is_creator
            && row.identifying
            && (row.vr.code == VR::PN || (is_text && is_written_as_name(value)));
        return named.then(of);
    }
    let is_comment = matches!(
        tag,
        tags::IMAGE_COMMENTS
            | tags::FRAME_COMMENTS
            | tags::PATIENT_COMMENTS
            | tags::ADDITIONAL_PATIENT_HISTORY
            | tags::REQUESTED_PROCEDURE_COMMENTS
            | tags::COMMENTS_ON_THE_SCHEDULED_PROCEDURE_STEP
            | tags::COMMENTS_ON_THE_PERFORMED_PROCEDURE_STEP
            | tags::IMAGING_SERVICE_REQUEST_COMMENTS
            | tags::VISIT_COMMENTS
            | tags::SPECIAL_NEEDS
            | tags::PATIENT_STATE
            | tags::MEDICAL_ALERTS
            // Acquisition Comments, Study Comments, Results Comments and Interpretation Text, which the standard has retired.
            | Tag(0x0018 | 0x0032, 0x4000)
            | Tag(0x4008, 0x4000 | 0x010b)
    );
    is_comment.then(of)
}

/// `Quixote^Zebulon`, "Quixote, Zebulon", "Zebulon Quixote", "Patient name: ...": words of technique are not.
fn is_written_as_name(value: &str) -> bool {
    let is_name = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && word.chars().count() >= 2
            && letters.all(|c| c.is_lowercase() || matches!(c, '-' | '\'' | '\u{2019}'))
    };
    let caret = value.split_once('^').is_some_and(|(family, given)| {
        family.chars().any(char::is_alphabetic)
            && given.chars().any(char::is_alphabetic)
            && !value.contains(['<', '{'])
    });
    let said = value.to_lowercase().contains("name");
    let words: Vec<&str> = value.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    caret || said || ((2..=3).contains(&words.len()) && words.into_iter().all(is_name))
}
