//! Whether two files speak of one patient, as far as what they say can tell.

use unicode_normalization::UnicodeNormalization as _;

use super::PatientInfo;

/// What two descriptions of a patient say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SamePatient {
    /// They describe one patient.
    Yes,
    /// One of them does not say who it is: there is nothing to compare.
    Unknown,
    /// They describe two.
    No,
}

/// Words that stand where an identifier was: nobody is called so.
const NOBODY: [&str; 39] = [
    "anon",
    "anonym",
    "anonymous",
    "anonymized",
    "anonymised",
    "anonymus",
    "anonymisiert",
    "anonyme",
    "anonimo",
    "removed",
    "deleted",
    "redacted",
    "none",
    "null",
    "nil",
    "na",
    "nan",
    "unknown",
    "unnamed",
    "noname",
    "noid",
    "no",
    "name",
    "id",
    "not",
    "available",
    "given",
    "known",
    "deidentified",
    "de",
    "identified",
    "blank",
    "empty",
    "patient",
    "default",
    "undefined",
    "unspecified",
    "hidden",
    "masked",
];

impl PatientInfo {
    /// Whether the other is the same patient.
    ///
    /// Patient IDs decide where both have one: one person with two IDs is two until the reader says otherwise. Equal
    /// IDs are contradicted by names and birth dates that both differ, since short IDs are given in many places. Where
    /// an ID is missing, or a word such as "ANONYMOUS" stands for it, the names decide; where one is missing too,
    /// nobody can tell.
    pub fn is_same(&self, other: &Self) -> SamePatient {
        let ids = (said(self.id.reveal()), said(other.id.reveal()));
        let names = (said(&self.name.reveal().to_string()), said(&other.name.reveal().to_string()));
        let births = (said(self.birth_date.reveal()), said(other.birth_date.reveal()));
        let both = |(a, b): &(Option<String>, Option<String>)| a.is_some() && b.is_some();
        let differ = |pair: &(Option<String>, Option<String>)| both(pair) && pair.0 != pair.1;
        let contradicted = if both(&ids) {
            differ(&ids) || (differ(&names) && differ(&births))
        } else if both(&names) {
            differ(&names) || differ(&births)
        } else {
            return SamePatient::Unknown;
        };
        if contradicted { SamePatient::No } else { SamePatient::Yes }
    }
}

/// An identifier in the form in which it is compared; `None` where it says nothing.
///
/// Case, spaces and marks between words are how it was written, not what it says.
fn said(identifier: &str) -> Option<String> {
    let folded: String = identifier.nfkc().flat_map(char::to_lowercase).collect();
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let nobody = words.iter().all(|word| NOBODY.contains(word));
    let whole = words.concat();
    let first = whole.chars().next()?;
    // "000000" and "XXXX" fill a field.
    let filler = (first == '0' || first == 'x') && whole.chars().all(|c| c == first);
    (!nobody && !filler).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{PersonName, Phi};

    fn patient(id: &str, name: &str, birth: &str) -> PatientInfo {
        PatientInfo {
            id: Phi::new(id.to_owned()),
            name: Phi::new(PersonName { alphabetic: name.to_owned(), ..PersonName::default() }),
            birth_date: Phi::new(birth.to_owned()),
            sex: Phi::default(),
        }
    }

    #[test]
    fn identifiers_decide_and_what_stands_in_their_place_does_not() {
        let doe = patient("PID-7741", "Doe^Jane", "19500101");
        let cases = [
            (patient("PID-7741", "DOE^JANE^MARIA", "19500101"), SamePatient::Yes),
            (patient(" pid 7741 ", "", ""), SamePatient::Yes),
            (patient("PID-7742", "Doe^Jane", "19500101"), SamePatient::No),
            (patient("PID-7741", "Roe^Richard", "19620203"), SamePatient::No),
            (patient("", "doe^jane", ""), SamePatient::Yes),
            (patient("ANONYMOUS", "Roe^Richard", ""), SamePatient::No),
            (patient("", "Doe^Jane", "19620203"), SamePatient::No),
            (patient("", "", "19500101"), SamePatient::Unknown),
            (patient("***", "REMOVED", ""), SamePatient::Unknown),
            (patient("000000", "Anonymous^Patient", ""), SamePatient::Unknown),
            (patient("NONE", "No Name", ""), SamePatient::Unknown),
            // A pseudonym is a name: it tells two apart.
            (patient("ANON-0002", "ANON-0002", ""), SamePatient::No),
        ];
        for (index, (other, expected)) in cases.iter().enumerate() {
            assert_eq!(doe.is_same(other), *expected, "case {index}");
            assert_eq!(other.is_same(&doe), *expected, "case {index} the other way round");
        }
    }
}
