//! Numbers of records, UIDs, institutions and addresses.

use super::{each_has, known, none_has, parts};
use crate::identify::{FindKind, Identifier};

#[test]
fn a_number_is_found_with_and_without_its_separators() {
    let id = FindKind::Known(Identifier::PatientId);
    let cases = [
        ("ID 12345678", "12345678"),
        ("12 345-678", "12 345-678"),
        ("12.345.678", "12.345.678"),
        ("scan12345678.png", "12345678"),
        ("x_12345678_y", "12345678"),
        ("\u{ff11}2345678", "\u{ff11}2345678"),
    ];
    each_has(&known(&[(Identifier::PatientId, "12345678")]), &id, &cases);
    each_has(&known(&[(Identifier::PatientId, "12 345-678")]), &id, &cases);
    each_has(&known(&[(Identifier::PatientId, "0012345678")]), &id, &cases);
    let letters = known(&[(Identifier::PatientId, "AB-123")]);
    each_has(&letters, &id, &[("ab123", "ab123"), ("AB-123", "AB-123"), ("(Ab_123)", "Ab_123")]);
    none_has(&letters, &["123", "AB", "AB 12", "XAB123", "AB1234"]);
    let short = known(&[(Identifier::PatientId, "512")]);
    each_has(&short, &id, &[("512", "512"), ("no. 512.", "512"), ("512 x", "512")]);
    none_has(&short, &["0.512", "512.5", "5-1-20", "5 1 2", "1512", "T512"]);
    let accession = known(&[(Identifier::AccessionNumber, "A0099")]);
    each_has(&accession, &FindKind::Known(Identifier::AccessionNumber), &[("a0099", "a0099")]);
}

#[test]
fn a_short_number_is_found_after_its_word() {
    let known = known(&[(Identifier::PatientId, "7")]);
    let id = FindKind::Known(Identifier::PatientId);
    each_has(&known, &id, &[("ID 7", "7"), ("MRN: 7", "7"), ("PatientID=7", "7"), ("id_7.png", "7")]);
    none_has(&known, &["7", "7 mm", "ID 17", "did 7", "ID of 7 mm"]);
}

#[test]
fn uids_are_found() {
    let uid = "1.2.840.113619.2.55.3";
    let known = known(&[(Identifier::Uid, uid), (Identifier::Uid, "1.2.3")]);
    let kind = FindKind::Known(Identifier::Uid);
    each_has(
        &known,
        &kind,
        &[("1.2.840.113619.2.55.3.", uid), ("CT.1.2.840.113619.2.55.3.dcm", uid), ("1.2.3", "1.2.3")],
    );
    let other = "1.2.840.113619.2.55.4";
    each_has(&known, &FindKind::UidLike, &[(other, other), ("(1.2.840.113619.2.55.4)", other)]);
    none_has(&known, &["1.2.3.4", "1.2.3.4.5", "1.2", "2.1.2.3.4"]);
}

#[test]
fn institutions_are_found_whole_or_by_a_telling_word() {
    let kind = FindKind::Known(Identifier::Institution);
    let german =
        known(&[(Identifier::Institution, "Universitätsklinikum Tübingen, Abteilung für Radiologie")]);
    let cases = [
        ("in Tübingen", "Tübingen"),
        ("TUEBINGEN", "TUEBINGEN"),
        ("tubingen", "tubingen"),
        ("Tübinger Klinikum", "Tübinger"),
        (
            "Universitaetsklinikum Tuebingen Abteilung fuer Radiologie",
            "Universitaetsklinikum Tuebingen Abteilung fuer Radiologie",
        ),
    ];
    each_has(&german, &kind, &cases[..3]);
    each_has(&german, &kind, &cases[4..]);
    none_has(&german, &["the hospital", "Universitätsklinikum", "Radiologie", "Abteilung für"]);
    let english = known(&[(Identifier::Institution, "St. Mary's General Hospital")]);
    each_has(
        &english,
        &kind,
        &[("Mary", "Mary"), ("st marys general hospital", "st marys general hospital")],
    );
    none_has(&english, &["general", "St. 3", "Hospital"]);
    let french = known(&[(Identifier::Institution, "Hôpital Lariboisière Service de Radiologie")]);
    each_has(&french, &kind, &[("lariboisiere", "lariboisiere"), ("à Lariboisière", "Lariboisière")]);
    none_has(&french, &["hopital", "HÔPITAL", "service de"]);
    let spanish = known(&[(Identifier::Institution, "Hospital Clínico Universitario Lozano Blesa")]);
    each_has(&spanish, &kind, &[("Lozano Blesa", "Lozano Blesa"), ("lozano", "lozano")]);
    none_has(&spanish, &["hospital clínico", "universitario"]);
    let short = known(&[(Identifier::Institution, "MGH")]);
    each_has(&short, &kind, &[("at MGH", "MGH"), ("mgh_01", "mgh")]);
    let japanese = known(&[(Identifier::Institution, "慶應義塾大学病院")]);
    each_has(&japanese, &kind, &[("慶應義塾大学病院にて", "慶應義塾大学病院"), ("慶應義塾", "慶應義塾")]);
    none_has(&japanese, &["大学病院", "病院"]);
}

#[test]
fn addresses_are_found_by_street_town_and_code() {
    let known = known(&[(Identifier::Address, "Goethestraße 12, 80331 München")]);
    let kind = FindKind::Known(Identifier::Address);
    let cases = [
        ("Goethestr. 12, Goethestrasse", "Goethestrasse"),
        ("goethestraße", "goethestraße"),
        ("80331", "80331"),
        ("MUENCHEN", "MUENCHEN"),
        ("Munchen", "Munchen"),
    ];
    each_has(&known, &kind, &cases);
    each_has(&known, &kind, &[("Goethestraße 12, 80331 München", "Goethestraße 12, 80331 München")]);
    none_has(&known, &["12", "12 mm", "Straße"]);
}

#[test]
fn other_attributes_are_found_whole() {
    let kind = |name: &str| Identifier::Other(name.to_owned());
    let known = known(&[
        (kind("Occupation"), "Lighthouse keeper"),
        (kind("StationName"), "CT-0815"),
        (kind("BodyPartExamined"), "BRAIN"),
        (kind("PatientSex"), "F"),
        (kind("ScheduledDate"), "20200102"),
    ]);
    each_has(&known, &FindKind::Known(kind("Occupation")), &[("a lighthouse keeper", "lighthouse keeper")]);
    each_has(&known, &FindKind::Known(kind("StationName")), &[("on CT0815", "CT0815")]);
    each_has(&known, &FindKind::Known(kind("ScheduledDate")), &[("2 Jan 2020", "2 Jan 2020")]);
    none_has(&known, &["the keeper", "brain", "F", "CT"]);
}

#[test]
fn values_of_one_text_are_told_apart_in_order() {
    let known = known(&[
        (Identifier::PatientName, "Doe^Jane"),
        (Identifier::PatientId, "998877"),
        (Identifier::BirthDate, "19540301"),
        (Identifier::PatientName, " "),
        (Identifier::PatientId, "\0"),
    ]);
    let text = "doe_jane_998877, born 1954-03-01; see jane.doe@example.org or +49 30 1234567, case 20123456";
    let expected = [
        (FindKind::Known(Identifier::PatientName), "doe_jane"),
        (FindKind::Known(Identifier::PatientId), "998877"),
        (FindKind::Known(Identifier::BirthDate), "1954-03-01"),
        (FindKind::Known(Identifier::PatientName), "jane.doe@example.org"),
        (FindKind::PhoneLike, "+49 30 1234567"),
        (FindKind::IdLike, "20123456"),
    ];
    assert_eq!(parts(text, &known), expected);
    // The more specific says what it is, and nothing of the other is left.
    let uid = "1.2.840.998877.5.6.7.8";
    assert_eq!(parts(uid, &known), [(FindKind::Known(Identifier::PatientId), uid)]);
}

#[test]
fn whoever_is_named_in_a_comment_is_found() {
    let kind = Identifier::Comment("Image Comments".to_owned());
    let find = |comment: &str, text: &str| -> Vec<String> {
        let known = known(&[(kind.clone(), comment)]);
        parts(text, &known).into_iter().map(|(_, part)| part.to_owned()).collect()
    };
    for comment in [
        "Quixote^Zebulon",
        "CT of Quixote^Zebulon, repeated",
        "Patient: Quixote",
        "patient name = QUIXOTE, ZEBULON",
        "Scan repeated for Mr. Quixote",
        "Quixote, Zebulon moved",
        "see Frau Quixote",
        "Quixote",
        "after contrast Quixote moved",
    ] {
        assert_eq!(find(comment, "the CT of Quixote showed"), ["Quixote"], "{comment}");
    }
    assert_eq!(find("Patient: Quixote", "quixote.png"), ["quixote"]);
    // What is only seen is no name, and a word that need not be one is found only as one.
    for comment in [
        "Meningioma left frontal",
        "Motion Artifact",
        "CONTRAST GIVEN LATE BY HAND",
        "Repeated Scan",
        "",
        "Patient moved",
    ] {
        let text =
            "A meningioma. Motion of the Patient; Contrast was given late by hand, a Repeated Scan. Moved.";
        assert_eq!(find(comment, text), Vec::<String>::new(), "{comment}");
    }
    assert_eq!(find("after Quixote moved", "a quixote, quixotes"), Vec::<String>::new());
}
