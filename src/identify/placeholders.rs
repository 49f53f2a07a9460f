//! Does a value of a header stand there in place of what was removed?

use super::reading::{Class, Reading, Umlauts};

/// From so many digits on a number beside such a word is a pseudonym, which a list somewhere leads back from.
const PSEUDONYM_DIGITS: usize = 3;

/// What a value is, if it names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// Nothing of it tells anything: "REMOVED", "***", "Patient 01".
    Nothing,
    /// As a whole it is a pseudonym, but its word is none: "ANON^0012".
    Pseudonym,
}

/// Whether a value stands for one that was removed, or that nobody gave.
///
/// All its words must be such words, and one of them must say so by itself: "No Name", but not "No^Long".
pub(super) fn placeholder(value: &str) -> Option<Placeholder> {
    let reading = Reading::new(value, Umlauts::Plain);
    let tokens = reading.tokens();
    let text = |kind: fn(Class) -> bool| {
        tokens.iter().filter(move |token| kind(token.class)).map(|token| reading.text(token.start, token.end))
    };
    let words: Vec<String> = text(|class| class != Class::Digit).collect();
    let digits: String = text(|class| class == Class::Digit).collect();
    if words.is_empty() {
        // "***", "-", "0000"; another number is that of a record.
        return digits.chars().all(|digit| digit == '0').then_some(Placeholder::Nothing);
    }
    let together = words.concat();
    let says_so = |word: &str| STRONG.contains(&word) || is_crossed_out(word);
    let only = says_so(&together)
        || (words.iter().all(|word| says_so(word) || FILLING.contains(&word.as_str()))
            && words.iter().any(|word| says_so(word)));
    let kind = if digits.len() < PSEUDONYM_DIGITS { Placeholder::Nothing } else { Placeholder::Pseudonym };
    only.then_some(kind)
}

fn is_same(text: &str) -> bool {
    text.chars().all(|c| text.starts_with(c))
}

/// "X", "xxx", "zzz".
fn is_crossed_out(word: &str) -> bool {
    is_same(word) && (word.starts_with('x') || (word.starts_with('z') && word.len() > 1))
}

/// Words that stand for a value, as they are compared; several in one are written without spaces.
const STRONG: [&str; 96] = [
    "anon",
    "anonym",
    "anonyme",
    "anonymes",
    "anonymise",
    "anonymised",
    "anonymisiert",
    "anonymisierte",
    "anonymity",
    "anonymize",
    "anonymized",
    "anonymizedpatient",
    "anonymous",
    "anonymouspatient",
    "anonymus",
    "anonimo",
    "anonima",
    "anonimizado",
    "anonimizzato",
    "anonimowy",
    "anonymni",
    "anonymizovano",
    "anonymizowany",
    "anonpatient",
    "blanked",
    "cleaned",
    "cleared",
    "confidential",
    "deid",
    "deidentified",
    "deidentify",
    "deidentification",
    "deleted",
    "desconocido",
    "dummy",
    "empty",
    "entfernt",
    "erased",
    "firstname",
    "geheim",
    "geloescht",
    "geloscht",
    "generic",
    "hidden",
    "inconnu",
    "lastname",
    "masked",
    "na",
    "nil",
    "nn",
    "nobody",
    "noid",
    "noname",
    "none",
    "notavailable",
    "notapplicable",
    "notgiven",
    "notspecified",
    "null",
    "obfuscated",
    "ohne",
    "patient",
    "patientname",
    "patientid",
    "patienta",
    "patientb",
    "paziente",
    "paciente",
    "pacjent",
    "phantom",
    "private",
    "pseudonym",
    "pseudonymised",
    "pseudonymized",
    "qa",
    "qc",
    "redacted",
    "removed",
    "sconosciuto",
    "scrubbed",
    "somebody",
    "someone",
    "stripped",
    "subject",
    "suppressed",
    "test",
    "tester",
    "testpatient",
    "unbekannt",
    "undefined",
    "undisclosed",
    "unidentified",
    "unk",
    "unknown",
    "unnamed",
    "volunteer",
];

/// Words that stand beside them and say nothing by themselves, though each may be a name.
const FILLING: [&str; 40] = [
    "a",
    "n",
    "an",
    "of",
    "by",
    "no",
    "not",
    "non",
    "the",
    "is",
    "was",
    "for",
    "de",
    "id",
    "name",
    "names",
    "surname",
    "forename",
    "given",
    "first",
    "last",
    "family",
    "middle",
    "value",
    "data",
    "case",
    "study",
    "research",
    "trial",
    "clinical",
    "human",
    "person",
    "male",
    "female",
    "adult",
    "available",
    "applicable",
    "identified",
    "specified",
    "identity",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_name_is_none() {
        for value in [
            "REMOVED",
            "removed^",
            "ANONYMOUS",
            "Anonymous^Patient",
            "ANON",
            "ANON^",
            "ANONYMIZED",
            "NONE",
            "No Name",
            "NO^NAME",
            "Unknown^^^",
            "XXX",
            "X^X",
            "xxxx^xxxx",
            "***",
            "*^*",
            "-",
            "?",
            "N/A",
            "n.a.",
            "DEIDENTIFIED",
            "DE-IDENTIFIED",
            "De Identified",
            "PATIENT",
            "TEST",
            "Test^Patient",
            "Patient 01",
            "Patient^1",
            "TEST 2",
            "0",
            "0000",
            "Not Available",
            "UNBEKANNT",
            "Gel\u{f6}scht",
            "Anon 7",
            "Name removed",
            "Lastname^Firstname",
            "ANONYMOUS^NAME",
            "NULL",
            "ZZZ",
            "\u{ff38}\u{ff38}",
            "Test Subject",
        ] {
            assert_eq!(placeholder(value), Some(Placeholder::Nothing), "{value}");
        }
        for value in ["ANON^0012", "Anonymous 4711", "PATIENT_0004", "Subject^1001"] {
            assert_eq!(placeholder(value), Some(Placeholder::Pseudonym), "{value}");
        }
        for value in [
            "Doe^Jane",
            "Anonymous^Jane",
            "Young",
            "Case^Ann",
            "No^Long",
            "Given^Ann",
            "First^Last",
            "12345",
            "1111",
            "PAT-0012",
            "Testa^Anna",
            "Anond",
            "Removedson",
            "Sample^Isodense",
            "Patience^Long",
            "7",
            "",
        ] {
            let is = placeholder(value);
            assert!(is.is_none() || value.is_empty(), "{value}");
        }
    }
}
