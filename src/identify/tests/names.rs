//! Names in Latin letters.

use super::{each_has_name, known, none_has, parts, patient};
use crate::identify::{FindKind, Identifier};

#[test]
fn each_part_is_found_as_a_word() {
    let cases = [
        ("CT of Doe", "Doe"),
        ("CT of doe", "doe"),
        ("DOE, CT", "DOE"),
        ("Jane's lesion", "Jane"),
        ("Janes Leber", "Janes"),
        ("Doe, Jane", "Doe, Jane"),
        ("Doe^Jane", "Doe^Jane"),
        ("JANE DOE", "JANE DOE"),
        ("jane-doe", "jane-doe"),
        ("seen in Jane Mary Doe today", "Jane Mary Doe"),
        ("Jo\u{ad}hn Jane", "Jane"),
        ("D\u{200b}oe", "D\u{200b}oe"),
        ("Jane\n   Doe", "Jane\n   Doe"),
        ("\u{ff24}\u{ff4f}\u{ff45}", "\u{ff24}\u{ff4f}\u{ff45}"),
    ];
    each_has_name("Doe^Jane^Mary^Dr.^Jr.", &cases);
    none_has(
        &patient("Doe^Jane^Mary^Dr.^Jr."),
        &["does it do", "doer", "Dr. Jr.", "Do e", "janet", "a lesion", "DO", "shadoe", "Jan e"],
    );
}

#[test]
fn parts_are_found_glued_together() {
    let cases = [
        ("DoeJane.png", "DoeJane"),
        ("doe_jane.png", "doe_jane"),
        ("doejane.png", "doejane"),
        ("JANEDOE", "JANEDOE"),
        ("janedoemri.png", "janedoe"),
        ("jdoe.png", "jdoe"),
        ("doej_01.png", "doej"),
        ("CTDoe1.png", "Doe"),
        ("doe2.png", "doe"),
        ("brainDoe", "Doe"),
        ("J. Doe", "J. Doe"),
        ("J Doe", "J Doe"),
        ("Doe, J.", "Doe, J."),
        ("Jane D.", "Jane D."),
        ("doe_j", "doe_j"),
        ("a Doe", "Doe"),
    ];
    each_has_name("Doe^Jane", &cases);
    each_has_name("Rossi^Maria^Grazia", &[("Rossi M.G., CT", "Rossi M.G."), ("M. G. Rossi", "M. G. Rossi")]);
    none_has(&patient("Doe^Sarah"), &["does it", "sdoen"]);
    each_has_name("Muller^Ed", &[("mullermri.png", "mullermri"), ("mrtmuller", "muller")]);
    each_has_name("Smith^Al", &[("smithct", "smithct"), ("Smiths", "Smiths")]);
    none_has(&patient("Smith^Al"), &["smithsonian", "locksmith", "al"]);
    none_has(&patient("Austin^Eve"), &["exhausting"]);
}

#[test]
fn umlauts_are_found_in_every_spelling() {
    for name in ["Müller^Jürgen", "Mueller^Juergen", "Mu\u{308}ller^Ju\u{308}rgen", "MUELLER^JUERGEN"] {
        let cases = [
            ("CT Müller", "Müller"),
            ("CT Muller", "Muller"),
            ("CT MUELLER", "MUELLER"),
            ("mueller.png", "mueller"),
            ("Mu\u{308}ller!", "Mu\u{308}ller"),
            ("Müllers CT", "Müllers"),
            ("Jürgen Müller", "Jürgen Müller"),
            ("juergenmueller", "juergenmueller"),
            ("J. Müller", "J. Müller"),
            ("Jurgen", "Jurgen"),
        ];
        each_has_name(name, &cases);
    }
    each_has_name("Muller^Jorg", &[("Müller", "Müller"), ("Jörg Müller", "Jörg Müller")]);
    each_has_name("Groß^Bärbel", &[("GROSS, BAERBEL", "GROSS, BAERBEL"), ("Gross, Barbel", "Gross, Barbel")]);
    each_has_name("Weißmann^Uwe", &[("WEISSMANN", "WEISSMANN"), ("weißmann", "weißmann")]);
    each_has_name("Sørensen^Åse", &[("Sorensen", "Sorensen"), ("SOERENSEN", "SOERENSEN"), ("Aase", "Aase")]);
    each_has_name("Łukasz^Żaneta", &[("lukasz", "lukasz"), ("Zaneta", "Zaneta")]);
    each_has_name("Nguyễn^Thị Hương", &[("nguyen", "nguyen"), ("HUONG", "HUONG"), ("Nguyễn", "Nguyễn")]);
    each_has_name("İnce^Çağla", &[("ince", "ince"), ("CAGLA", "CAGLA")]);
}

#[test]
fn compound_names_are_found_whole_and_in_parts() {
    let cases = [
        ("O'Brien", "O'Brien"),
        ("O\u{2019}Brien", "O\u{2019}Brien"),
        ("OBRIEN", "OBRIEN"),
        ("obrien_scan", "obrien"),
        ("Brien", "Brien"),
    ];
    each_has_name("O'Brien^Pat", &cases);
    each_has_name("von der Leyen^Ursula", &[("Leyen", "Leyen"), ("von der Leyen", "von der Leyen")]);
    each_has_name("McDonald^Kim", &[("McDonald", "McDonald"), ("mcdonald.png", "mcdonald")]);
    each_has_name("García-Pérez^José Luis", &[("Perez", "Perez"), ("garcia perez", "garcia perez")]);
    each_has_name("JANE DOE", &[("doe", "doe"), ("Doe, Jane", "Doe, Jane")]);
    each_has_name("PAT-0012", &[("pat 0012", "pat 0012"), ("PAT0012", "PAT0012")]);
}

#[test]
fn a_common_word_alone_is_a_name_only_where_it_is_written_as_one() {
    let cases = [
        ("Patient: Long", "Long"),
        ("the CT of Long showed", "Long"),
        ("Long", "Long"),
        ("Long.png", "Long"),
        ("mr long has", "long"),
        ("MR LONG", "LONG"),
        ("Mrs. Long has", "Long"),
        ("M. Long", "M. Long"),
        ("mary long", "mary long"),
        ("LONG^MARY", "LONG^MARY"),
        ("long_mary", "long_mary"),
        ("longmary", "longmary"),
        ("Long's lesion", "Long"),
    ];
    each_has_name("Long^Mary", &cases);
    none_has(
        &patient("Long^Mary"),
        &[
            "Long axis of the lesion",
            "MR long axis",
            "the long axis",
            "Seen. Long axis",
            "First\nLong axis",
            "along",
            "longer",
            "prolong",
        ],
    );
    each_has_name("Will^May", &[("may will", "may will"), ("May Will", "May Will"), ("by May", "May")]);
    none_has(&patient("Will^May"), &["it may be", "it will be", "Will be seen", "May be seen"]);
    none_has(&patient("Head^Brain"), &["Brain and liver", "the head", "left brain"]);
    each_has_name("Hu^Wei", &[("Hu", "Hu"), ("by Hu", "Hu"), ("Hu Wei", "Hu Wei"), ("wei", "wei")]);
    none_has(&patient("Hu^Wei"), &["38 HU", "38 Hu", "mean HU of the lesion", "38hu"]);
    none_has(&patient("Doe^Max"), &["MAX of 38", "max. 38"]);
    none_has(&patient("Anonymous^Jane"), &["the patient is anonymous", "Anonymous data"]);
    // The price of the rule.
    each_has_name("Left^Ed", &[("The Left Kidney", "Left"), ("Left", "Left")]);
}

#[test]
fn staff_are_found_by_their_full_names_and_by_long_parts() {
    let known = known(&[(Identifier::Person, "Li^Wei"), (Identifier::Person, "Schmidt^Bo^^Prof. Dr.")]);
    let cases = [("read by Wei Li", "Wei Li"), ("Dr. Schmidt", "Schmidt"), ("B. Schmidt", "B. Schmidt")];
    super::each_has(&known, &FindKind::Known(Identifier::Person), &cases);
    none_has(&known, &["Li", "wei", "bo", "Prof. Dr."]);
}

#[test]
fn a_name_in_other_attributes_is_a_name() {
    let kind = Identifier::Other("OtherPatientNames".to_owned());
    let known = known(&[(kind.clone(), "Roe^Jane\\Poe^Ann")]);
    assert_eq!(parts("Roe and Poe", &known).len(), 2);
    assert_eq!(parts("Jane Roe", &known), [(FindKind::Known(kind), "Jane Roe")]);
}
