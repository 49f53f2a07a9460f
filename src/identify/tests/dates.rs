//! Dates, known and not, and what is none.

use super::{each_has, known, none_has, parts};
use crate::identify::{FindKind, Identifier, Known};

const STUDY: FindKind = FindKind::Known(Identifier::StudyDate);

#[test]
fn a_known_date_is_found_in_every_form() {
    let texts = [
        "2015-05-12",
        "2015/5/12",
        "2015.05.12",
        "2015_05_12",
        "12.05.2015",
        "12. 05. 2015",
        "12.5.2015",
        "12/05/2015",
        "05/12/2015",
        "5/12/2015",
        "12-05-2015",
        "12 05 2015",
        "12.05.15",
        "5/12/15",
        "12-5-15",
        "12 May 2015",
        "12 may 2015",
        "May 12, 2015",
        "May 12 2015",
        "may 12th, 2015",
        "12th of May 2015",
        "12th of May, 2015",
        "12. MAY 2015",
        "12-May-2015",
        "12-MAY-15",
        "12May2015",
        "12. Mai 2015",
        "12 mai 2015",
        "12 de mayo de 2015",
        "12 maggio 2015",
        "12 мая 2015",
        "12 Μαΐου 2015",
        "2015 May 12",
        "2015-May-12",
        "20150512",
        "12052015",
        "05122015",
        "150512",
        "20150512142530",
        "2015年5月12日",
        "2015年05月12日",
        "2015년 5월 12일",
        "\u{ff12}\u{ff10}\u{ff11}\u{ff15}-05-12",
        "2015–05–12",
        "2015-05-12T14:25:30",
        "2015-05-12 14:25",
        "12 May 2015 at 2:25 pm",
        "12.05.2015, 14:25",
    ];
    for value in ["20150512", "2015.05.12", "20150512142530.123456", "2015-05-12", "20150512142530+0200"] {
        let known = known(&[(Identifier::StudyDate, value)]);
        for text in &texts {
            assert_eq!(parts(text, &known), [(STUDY, *text)], "{text} for {value}");
            let inside = format!("The lesion ({text}) has grown.");
            assert_eq!(parts(&inside, &known), [(STUDY, *text)], "{inside}");
        }
    }
}

#[test]
fn a_month_or_a_day_without_its_year_is_only_like_a_date() {
    let known = known(&[(Identifier::StudyDate, "20150512")]);
    let cases = [
        ("May 2015", "May 2015"),
        ("in may 2015", "may 2015"),
        ("12 May", "12 May"),
        ("on May 12 he", "May 12"),
        ("mai 2015", "mai 2015"),
        ("2015年5月", "2015年5月"),
        ("2015-05", "2015-05"),
        ("05/2015", "05/2015"),
        ("12月5日", "12月5日"),
        ("20 décembre", "20 décembre"),
        ("Sept. 2015", "Sept. 2015"),
        ("2015 May", "2015 May"),
    ];
    each_has(&known, &FindKind::DateLike, &cases);
}

#[test]
fn other_dates_are_like_dates() {
    let known = known(&[(Identifier::StudyDate, "20150512")]);
    let texts = [
        "2015-05-13",
        "13.05.2015",
        "13 May 2015",
        "May 13, 2015",
        "20150513",
        "13.05.15",
        "5/13/15",
        "31/12/1999",
        "2015年5月13日",
        "1. Januar 2020",
        "20150513142530",
        "2015-05-13T10:00:00",
        "27年5月12日",
    ];
    for text in texts {
        assert_eq!(parts(text, &known), [(FindKind::DateLike, text)], "{text}");
    }
}

#[test]
fn a_known_date_is_found_beside_other_digits() {
    let known = known(&[(Identifier::StudyDate, "20150512")]);
    let cases = [
        ("1,12.05.2015", "12.05.2015"),
        ("2015-05-12.1.png", "2015-05-12"),
        ("12.05.2015.1.png", "12.05.2015"),
        ("ct20150512a", "20150512"),
        ("1.20150512", "20150512"),
        ("v12.05.2015", "12.05.2015"),
    ];
    each_has(&known, &STUDY, &cases);
}

#[test]
fn a_year_alone_is_a_year() {
    let cases =
        [("since 2015", "2015"), ("(Eisenhauer 2009)", "2009"), ("ct_2015.png", "2015"), ("1954,", "1954")];
    each_has(&Known::default(), &FindKind::YearLike, &cases);
    assert_eq!(parts("2015-2017", &Known::default()).len(), 2);
}

#[test]
fn sizes_settings_and_versions_are_no_dates() {
    let texts = [
        "2.2 x 3.5 x 4.0 cm",
        "2.2 \u{d7} 3.5 \u{d7} 4.0 cm",
        "W 80, L 40",
        "T1/T2",
        "1/2",
        "10-12 mm",
        "TR/TE 500/15",
        "TR/TE 2000/12",
        "W 2000 L 500",
        "W: 2000",
        "2000 HU",
        "1950 ms",
        "1990 mm\u{b2}",
        "2000 x 2000 px",
        "version 2023.1.2",
        "v2.1.3",
        "v12.05.15",
        "software 12.05.15",
        "0.2015",
        "2015.5 mm",
        "12.2015 mm",
        "1.2.3",
        "10.0.19.1",
        "lesion 2 may be",
        "it may 12 times",
        "march 5 mm",
        "the 5 mar cells",
        "5/6/7",
        "3/4/5",
        "10/12/14 mm",
        "10:12",
        "ratio 3:4",
        "38.5 HU",
        "-1000 to 3000",
        "",
        "99.99",
        "3000",
        "1899",
        "2100",
        "2 of 12",
        "L1-L5",
        "5 in 12",
        "slices 12-15",
        "12,5",
        "1 000",
        "512 512 300",
    ];
    none_has(&Known::default(), &texts);
}

#[test]
fn times_are_found_where_they_are_known() {
    let known = known(&[(Identifier::StudyDate, "142530.123"), (Identifier::StudyDate, "20150512")]);
    each_has(
        &known,
        &STUDY,
        &[("at 14:25", "14:25"), ("14:25:30.12", "14:25:30.12"), ("2:25 pm", "2:25 pm")],
    );
    none_has(&known, &["14:26", "14:25:31", "2:25"]);
}

#[test]
fn a_date_of_birth_is_one() {
    let known = known(&[(Identifier::BirthDate, "19540301"), (Identifier::StudyDate, "20150512")]);
    let kind = FindKind::Known(Identifier::BirthDate);
    each_has(
        &known,
        &kind,
        &[("born 1 March 1954", "1 March 1954"), ("*01.03.54", "01.03.54"), ("3/1/54", "3/1/54")],
    );
    // No date has a thirteenth month, in a header either.
    none_has(&super::known(&[(Identifier::StudyDate, "00000000")]), &["0", "00-00"]);
}
