//! What a finding is called: in its name, and for people.

use crate::identify::{FindKind, Identifier};

/// The kind in names of findings.
pub(super) fn kind_name(kind: &FindKind) -> &'static str {
    match kind {
        FindKind::Known(Identifier::PatientName) => "name",
        FindKind::Known(Identifier::PatientId) => "patient-id",
        FindKind::Known(Identifier::BirthDate) => "birth-date",
        FindKind::Known(Identifier::StudyDate) => "date",
        FindKind::Known(Identifier::Institution) => "institution",
        FindKind::Known(Identifier::Person) => "person",
        FindKind::Known(Identifier::AccessionNumber) => "order",
        FindKind::Known(Identifier::Uid) => "uid",
        FindKind::Known(Identifier::Address) => "address",
        FindKind::Known(Identifier::Other(_) | Identifier::Comment(_)) => "header",
        FindKind::DateLike => "like-date",
        FindKind::YearLike => "like-year",
        FindKind::UidLike => "like-uid",
        FindKind::IdLike => "like-number",
        FindKind::EmailLike => "like-mail",
        FindKind::PhoneLike => "like-phone",
        FindKind::UrlLike => "like-address",
        FindKind::AgeLike => "like-age",
    }
}

/// What it is, for people.
pub(super) fn kind_words(kind: &FindKind) -> String {
    let words = match kind {
        FindKind::Known(Identifier::PatientName) => "the patient's name",
        FindKind::Known(Identifier::PatientId) => "the patient's number",
        FindKind::Known(Identifier::BirthDate) => "the date of birth",
        FindKind::Known(Identifier::StudyDate) => "the date or time of an examination",
        FindKind::Known(Identifier::Institution) => "the hospital or department",
        FindKind::Known(Identifier::Person) => "the name of a physician or operator",
        FindKind::Known(Identifier::AccessionNumber) => "the number of the order",
        FindKind::Known(Identifier::Uid) => "a UID of the images",
        FindKind::Known(Identifier::Address) => "an address",
        FindKind::Known(Identifier::Other(element)) => return format!("a value of the header ({element})"),
        FindKind::Known(Identifier::Comment(element)) => return format!("a name in the header ({element})"),
        FindKind::DateLike => "what looks like a date",
        FindKind::YearLike => "what looks like a year",
        FindKind::UidLike => "what looks like a UID",
        FindKind::IdLike => "what looks like the number of a record",
        FindKind::EmailLike => "an e-mail address",
        FindKind::PhoneLike => "what looks like a telephone number",
        FindKind::UrlLike => "a web address",
        FindKind::AgeLike => "an age over 89",
    };
    words.to_owned()
}
