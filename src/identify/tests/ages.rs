//! Ages over 89 years, and what is none.

use super::{each_has, none_has};
use crate::identify::{FindKind, Known};

#[test]
fn ages_over_89_are_found() {
    let cases = [
        ("a 92-year-old man", "92"),
        ("a 92 year old man", "92"),
        ("92 years old", "92"),
        ("95 years of age", "95"),
        ("aged 91", "91"),
        ("age 91,", "91"),
        ("Age: 104", "104"),
        ("at the age of 97", "97"),
        ("94 y", "94"),
        ("94y, male", "94"),
        ("94 y/o", "94"),
        ("94-yr-old", "94"),
        ("094Y", "094"),
        ("90-year-old", "90"),
        ("eine 93-j\u{e4}hrige Frau", "93"),
        ("93 Jahre alt", "93"),
        ("im Alter von 93", "93"),
        ("\u{e2}g\u{e9}e de 93 ans", "93"),
        ("ninety-two-year-old", "ninety-two"),
        ("ninety years old", "ninety"),
        ("in her nineties", "nineties"),
        ("a nonagenarian", "nonagenarian"),
        ("die Zweiundneunzigj\u{e4}hrige", "Zweiundneunzigj\u{e4}hrige"),
    ];
    each_has(&Known::default(), &FindKind::AgeLike, &cases);
    assert_eq!(FindKind::AgeLike.in_its_place(), Some("over 89"));
    none_has(&Known::default(), &["over 89-year-old", "aged over 89"]);
}

#[test]
fn other_numbers_are_no_age() {
    let texts = [
        "an 89-year-old man",
        "aged 89",
        "92 HU",
        "92 mm",
        "92 days",
        "aged 95 days",
        "age 92 weeks",
        "90Y microspheres",
        "90 Y",
        "over 90 years",
        "> 90 years",
        "90 years or older",
        "92.5 years",
        "92 slices",
        "the nineties",
        "page 92",
        "131 years",
        "ninety slices",
        "at 92 %",
    ];
    none_has(&Known::default(), &texts);
}
