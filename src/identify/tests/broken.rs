//! Names that are broken by what is not seen, and addresses.

use super::{each_has, each_has_name, known, none_has, parts};
use crate::identify::{FindKind, Identifier, Known, alike};

#[test]
fn marks_tags_and_entities_hide_no_name() {
    let cases = [
        ("of Qui**xo**te is", "Qui**xo**te"),
        ("of **Qui**xote is", "**Qui**xote"),
        ("of Quix*ote* is", "Quix*ote*"),
        ("of Quix~~o~~te", "Quix~~o~~te"),
        ("of Qui`xo`te", "Qui`xo`te"),
        ("Qui<b>xote</b>.", "Qui<b>xote</b>"),
        ("a <i>Qui</i>xote.", "<i>Qui</i>xote"),
        ("Qui<span class=\"x\">xo</span>te", "Qui<span class=\"x\">xo</span>te"),
        ("Qui<!-- a word -->xote", "Qui<!-- a word -->xote"),
        ("Qui<br/>xote", "Qui<br/>xote"),
        ("of [Qui](https:)xote", "[Qui](https:)xote"),
        ("of Qui[xote](a#b)", "Qui[xote](a#b)"),
        ("&#81;uixote", "&#81;uixote"),
        ("Quix&#x6f;te", "Quix&#x6f;te"),
        ("Qui&shy;xote", "Qui&shy;xote"),
        ("Qui&zwnj;xote", "Qui&zwnj;xote"),
        ("Qui\u{ad}xo\u{200b}te", "Qui\u{ad}xo\u{200b}te"),
        ("Q\u{2060}uixote", "Q\u{2060}uixote"),
        ("Quix%6fte", "Quix%6fte"),
        ("Q**u**i**x**o**t**e", "Q**u**i**x**o**t**e"),
        ("Zebu**lon** Qui*xote*", "Zebu**lon** Qui*xote*"),
    ];
    each_has_name("Quixote^Zebulon", &cases);
    each_has_name("M\u{fc}ller^Ed", &[("M&uuml;ller", "M&uuml;ller"), ("M%C3%BCller", "M%C3%BCller")]);
    each_has_name(
        "Smith^Al",
        &[("Sm**ith**", "Sm**ith**"), ("Sm<b>ith</b>", "Sm<b>ith</b>"), ("&#83;mith", "&#83;mith")],
    );
    none_has(
        &super::patient("Smith^Al"),
        &["Sm **ith**", "Sm<b> ith", "a * b", "3*4*5", "50%ab", "R&D;", "[a](b)", "<5 mm>"],
    );
}

#[test]
fn the_end_of_a_line_hides_no_name() {
    let cases = [
        ("of Quix-\note is", "Quix-\note"),
        ("of Quix-\n   ote is", "Quix-\n   ote"),
        ("> of Quix-\n> ote is", "Quix-\n> ote"),
        ("of Quix\note is", "Quix\note"),
        ("of Quix  \note is", "Quix  \note"),
        ("of Quix\\\note is", "Quix\\\note"),
        ("of Quix-\r\note is", "Quix-\r\note"),
        ("Zebulon\nQuixote", "Zebulon\nQuixote"),
        ("Zebulon  \nQuixote", "Zebulon  \nQuixote"),
    ];
    each_has_name("Quixote^Zebulon", &cases);
    none_has(&super::patient("Quixote^Zebulon"), &["Quix\n\note", "quix\n- ote"]);
    // Two words at the end of a line and the beginning of the next are two words.
    none_has(&super::patient("Forman^Ed"), &["it was for\nman and beast"]);
    each_has_name("Forman^Ed", &[("seen in For-\nman", "For-\nman")]);
}

#[test]
fn numbers_are_found_however_they_are_grouped() {
    let id = FindKind::Known(Identifier::PatientId);
    let cases = [
        ("12 345-678", "12 345-678"),
        ("12.345.678", "12.345.678"),
        ("12\u{a0}345\u{2011}678", "12\u{a0}345\u{2011}678"),
        ("12\u{2013}345\u{2013}678", "12\u{2013}345\u{2013}678"),
        ("12'345'678", "12'345'678"),
        ("12,345,678", "12,345,678"),
        ("1234\n5678", "1234\n5678"),
        ("1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 8"),
        ("1234**5678**", "1234**5678**"),
        ("12 345 678", "12 345 678"),
    ];
    each_has(&known(&[(Identifier::PatientId, "12345678")]), &id, &cases);
    let short = known(&[(Identifier::PatientId, "54321")]);
    each_has(&short, &id, &[("54 321", "54 321"), ("543-21", "543-21"), ("54.321", "54.321")]);
    none_has(&short, &["5, 4321", "54, 321", "5 - 4321"]);
}

#[test]
fn what_looks_like_its_letters_hides_no_name() {
    let cases = [
        ("of Quix\u{43e}te", "Quix\u{43e}te"),
        ("of \u{51a}uixote", "\u{51a}uixote"),
        ("of Qu\u{456}x\u{43e}t\u{435}", "Qu\u{456}x\u{43e}t\u{435}"),
        ("Qui\u{3c7}ote", "Qui\u{3c7}ote"),
        (
            "\u{ff31}\u{ff35}\u{ff29}\u{ff38}\u{ff2f}\u{ff34}\u{ff25}",
            "\u{ff31}\u{ff35}\u{ff29}\u{ff38}\u{ff2f}\u{ff34}\u{ff25}",
        ),
        ("of Q u i x o t e is", "Q u i x o t e"),
        ("of Q.u.i.x.o.t.e", "Q.u.i.x.o.t.e"),
        ("Q-u-i-x-o-t-e", "Q-u-i-x-o-t-e"),
        ("Z e b u l o n  Q u i x o t e", "Z e b u l o n  Q u i x o t e"),
        ("Qu1x0te", "Qu1x0te"),
        ("Quixote Zebulon", "Quixote Zebulon"),
    ];
    each_has_name("Quixote^Zebulon", &cases);
    each_has_name(
        "\u{418}\u{432}\u{430}\u{43d}\u{43e}\u{432}^\u{41e}\u{43b}\u{435}\u{433}",
        &[("\u{418}\u{432}a\u{43d}o\u{432}", "\u{418}\u{432}a\u{43d}o\u{432}")],
    );
    none_has(&super::patient("Smith^Al"), &["(a, b, c, d)", "T 1 w", "a b c d e", "L5S1 T2w", "S m i t"]);
}

#[test]
fn inflected_names_are_found() {
    each_has_name(
        "Nowak^Jan",
        &[
            ("z Nowakiem", "Nowakiem"),
            ("Nowakowi", "Nowakowi"),
            ("Nowaka", "Nowaka"),
            ("o Nowakach", "Nowakach"),
            ("Nowakowa", "Nowakowa"),
            ("z Janem", "Janem"),
            ("Janowi", "Janowi"),
        ],
    );
    each_has_name(
        "Novotn\u{e1}^Jana",
        &[
            ("s Novotnou", "Novotnou"),
            ("Novotn\u{e9}", "Novotn\u{e9}"),
            ("pan Novotn\u{fd}", "Novotn\u{fd}"),
            ("Novotn\u{e9}ho", "Novotn\u{e9}ho"),
            ("s Janou", "Janou"),
            ("Jan\u{11b}", "Jan\u{11b}"),
        ],
    );
    each_has_name(
        "Ivanov^Petr",
        &[
            ("Ivanova", "Ivanova"),
            ("Ivanovu", "Ivanovu"),
            ("Ivanovem", "Ivanovem"),
            ("Petra", "Petra"),
            ("Petrovi", "Petrovi"),
        ],
    );
    each_has_name("Ivanova^Olga", &[("Ivanov", "Ivanov"), ("Ivanovou", "Ivanovou"), ("Olgou", "Olgou")]);
    each_has_name(
        "Kowalska^Ewa",
        &[("Kowalskiej", "Kowalskiej"), ("Kowalsk\u{105}", "Kowalsk\u{105}"), ("Kowalski", "Kowalski")],
    );
    each_has_name("Marek^Ed", &[("Markiem", "Markiem"), ("Marka", "Marka"), ("Markowi", "Markowi")]);
    each_has_name(
        "Dvo\u{159}\u{e1}k^Ed",
        &[("Dvo\u{159}\u{e1}kovou", "Dvo\u{159}\u{e1}kovou"), ("Dvo\u{159}\u{e1}kem", "Dvo\u{159}\u{e1}kem")],
    );
    each_has_name(
        "\u{418}\u{432}\u{430}\u{43d}",
        &[("\u{418}\u{432}\u{430}\u{43d}\u{43e}\u{43c}", "\u{418}\u{432}\u{430}\u{43d}\u{43e}\u{43c}")],
    );
    each_has_name(
        "Smith^Al",
        &[("Smith's scan", "Smith"), ("Smiths Leber", "Smiths"), ("Smith\u{2019}s", "Smith")],
    );
    each_has_name(
        "M\u{fc}ller-L\u{fc}dtke^Eva",
        &[
            ("Frau L\u{fc}dtke", "L\u{fc}dtke"),
            ("M\u{fc}ller", "M\u{fc}ller"),
            ("M\u{fc}ller L\u{fc}dtke", "M\u{fc}ller L\u{fc}dtke"),
            ("L\u{fc}dtke-M\u{fc}ller", "L\u{fc}dtke-M\u{fc}ller"),
            ("Muellerluedtke", "Muellerluedtke"),
        ],
    );
    // In lower case, or as another word, it is none.
    none_has(&super::patient("Rosa^Petr"), &["petra", "the Rose", "petrous bone"]);
    none_has(&super::patient("Tony^Cody"), &["Tone", "Code", "coding"]);
}

#[test]
fn addresses_of_the_web_are_found() {
    let cases = [
        ("see https://example.org/a?b=c#d.", "https://example.org/a?b=c#d"),
        ("(http://example.org/)", "http://example.org/"),
        ("www.example.org, then", "www.example.org"),
        ("file:///home/x", "file:///home/x"),
        ("FTP://EXAMPLE.ORG", "FTP://EXAMPLE.ORG"),
    ];
    each_has(&Known::default(), &FindKind::UrlLike, &cases);
    none_has(&Known::default(), &["a://b", "awww.x", "www.", "://", "size: //", "[a](measurement:1#mean)"]);
    let patient = super::patient("Quixote^Zebulon");
    assert_eq!(
        parts("https://x.org/Quixote/ct", &patient),
        [(FindKind::Known(Identifier::PatientName), "https://x.org/Quixote/ct")]
    );
}

#[test]
fn what_is_alike_has_one_value() {
    let known = known(&[(Identifier::StudyDate, "20170928")]);
    for date in [
        "2017-09-28",
        "28 September 2017",
        "28.09.2017",
        "September 28, 2017",
        "2017-09-28, 10:15",
        "9/28/2017",
    ] {
        assert_eq!(alike(date, &known), "2017-09-28", "{date}");
    }
    for name in ["Qui<b>xote</b>", "QUIXOTE", "Qui**xo**te", "quix\u{ad}ote"] {
        assert_eq!(alike(name, &known), "quixote", "{name}");
    }
    assert_ne!(alike("May 2017", &known), alike("June 2017", &known));
}
