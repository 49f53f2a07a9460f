//! What looks telling without being known.

use super::{each_has, none_has};
use crate::identify::{FindKind, Identifier, Known};

#[test]
fn email_addresses_are_found() {
    let cases = [
        ("write to a.b+c@example.org.", "a.b+c@example.org"),
        ("<x_1@mail.example.co.uk>", "x_1@mail.example.co.uk"),
        ("jörg@müller.de", "jörg@müller.de"),
    ];
    each_has(&Known::default(), &FindKind::EmailLike, &cases);
    none_has(&Known::default(), &["@", "a@b", "38 @ 5", "@example.org", "a@.", "a@b.c", "x@@y"]);
}

#[test]
fn telephone_numbers_are_found() {
    let cases = [
        ("call +49 30 1234567", "+49 30 1234567"),
        ("+4930123456", "+4930123456"),
        ("(030) 123 45 67", "(030) 123 45 67"),
        ("(555) 123-4567", "(555) 123-4567"),
        ("555-123-4567", "555-123-4567"),
        ("555-1234", "555-1234"),
        ("030/1234567", "030/1234567"),
        ("089 1234-567", "089 1234-567"),
        ("01 23 45 67 89", "01 23 45 67 89"),
        ("22 33 44 55", "22 33 44 55"),
        ("Tel. 12 345 678", "12 345 678"),
        ("555.123.4567", "555.123.4567"),
        ("+1 (555) 123-4567", "+1 (555) 123-4567"),
    ];
    each_has(&Known::default(), &FindKind::PhoneLike, &cases);
    let texts =
        ["100-2000 HU", "512 512 300", "12 345 678 mm3", "2.2 3.5 4.0 1.25", "+5 mm", "0.25 0.25 0.50 mm"];
    none_has(&Known::default(), &texts);
}

#[test]
fn long_runs_of_digits_are_found() {
    let cases = [
        ("case 123456", "123456"),
        ("K1234567", "1234567"),
        ("no.98765432109876543210", "98765432109876543210"),
    ];
    each_has(&Known::default(), &FindKind::IdLike, &cases);
    none_has(&Known::default(), &["12345", "0.123456", "123456 mm\u{b2}", "123456.7 mm", "3.1415926"]);
}

#[test]
fn what_stands_in_its_place_is_given_for_all_but_dates() {
    let known = FindKind::Known;
    for date in
        [FindKind::DateLike, FindKind::YearLike, known(Identifier::StudyDate), known(Identifier::BirthDate)]
    {
        assert_eq!(date.in_its_place(), None);
    }
    assert_eq!(known(Identifier::PatientName).in_its_place(), Some("the patient"));
    assert_eq!(known(Identifier::Uid).in_its_place(), Some(""));
    assert_eq!(FindKind::EmailLike.in_its_place(), Some(""));
}

#[test]
fn a_plain_caption_has_nothing() {
    let captions = [
        "Axial CT, W 80, L 40. A mass of 2.2 x 3.5 x 4.0 cm in the left frontal lobe, about 38 HU (mean).",
        "T1/T2, TR/TE 500/15, slice 12 of 24, 5 mm. Long axis 35.2 mm, short axis 22.4 mm; +12 % (1/2).",
        "RECIST 1.1: stable disease, sum 57.6 mm, 13 days later.",
        "",
        " \n",
    ];
    none_has(&Known::default(), &captions);
    none_has(&super::patient("Long^Mary"), &captions[..1]);
}
