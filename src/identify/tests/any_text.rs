//! What holds for every text and every header.

use std::time::Instant;

use super::known;
use crate::identify::{Find, Identifier, Known, find};

/// Xorshift, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn char(&mut self) -> char {
        let limit = [0x80, 0x250, 0x3000, 0x1_0000, 0x11_0000][self.below(5)];
        u32::try_from(self.below(limit)).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    }

    /// Pieces that mean something between any characters at all.
    fn text(&mut self, length: usize) -> String {
        const PIECES: [&str; 44] = [
            "Doe",
            "jane",
            "Müller",
            "MUELLER",
            "ß",
            "ﬁ",
            "王小明",
            "홍길동",
            "ᄒ",
            "ᅩ",
            "ᆼ",
            "ガ",
            "ﾞ",
            "\u{308}",
            "12",
            "2015",
            "05",
            ".",
            "-",
            "/",
            " ",
            "  ",
            "\n",
            "May",
            "of",
            "th",
            "年",
            "月",
            "日",
            "년",
            "@",
            "x.org",
            "+",
            "(",
            ":",
            "T",
            "1.2.840.",
            "ID",
            "7",
            "İ",
            "²",
            "½",
            "\u{200b}",
            "№",
        ];
        let mut text = String::new();
        for _ in 0..length {
            if self.below(3) == 0 { text.push(self.char()) } else { text.push_str(self.pick(&PIECES)) }
        }
        text
    }
}

fn check(text: &str, found: &[Find]) {
    let mut end = 0;
    for Find { range, .. } in found {
        assert!(range.start >= end && range.start < range.end, "{range:?} of {text:?}");
        assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
        end = range.end;
    }
}

#[test]
fn any_text_gives_ranges_in_order_at_characters() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let kinds = [
        Identifier::PatientName,
        Identifier::PatientId,
        Identifier::BirthDate,
        Identifier::StudyDate,
        Identifier::Institution,
        Identifier::Person,
        Identifier::AccessionNumber,
        Identifier::Uid,
        Identifier::Address,
        Identifier::Other("Any".to_owned()),
    ];
    let mut of_cases = known(&[
        (Identifier::PatientName, "Müller^Jane=王^小明=홍^길동"),
        (Identifier::PatientId, "7"),
        (Identifier::StudyDate, "20150512142530"),
    ]);
    for _ in 0..3000 {
        let mut any = Known::default();
        for kind in &kinds {
            let length = random.below(6);
            let value = format!("{}^{}", random.text(length), random.text(2));
            any.add(kind.clone(), &value);
            any.add(kind.clone(), &random.text(3));
        }
        let length = random.below(40);
        let text = random.text(length);
        check(&text, &find(&text, &any));
        check(&text, &find(&text, &of_cases));
        check(&text, &find(&text, &Known::default()));
    }
    of_cases.add(Identifier::Uid, "");
}

#[test]
fn a_value_finds_itself() {
    let mut random = Random(99);
    let letters = [
        "Ana",
        "Bruno",
        "Çelik",
        "Dvořák",
        "Élodie",
        "Fuchs",
        "Gómez",
        "Hößler",
        "山田",
        "Ιωάννου",
        "김",
        "민준",
    ];
    for _ in 0..500 {
        let (family, given) = (random.pick(&letters), random.pick(&letters));
        let known = known(&[(Identifier::PatientName, &format!("{family}^{given}"))]);
        for text in
            [format!("{given} {family}"), format!("{family}, {given}"), format!("x {family}_{given} y")]
        {
            let found = find(&text, &known);
            // One character twice is no name.
            assert!(family == given || !found.is_empty(), "{text}");
        }
    }
}

#[test]
fn debug_prints_no_value() {
    let known = known(&[
        (Identifier::PatientName, "Secretname^Jane"),
        (Identifier::PatientId, "998877"),
        (Identifier::BirthDate, "19540301"),
        (Identifier::Uid, "1.2.3.4"),
    ]);
    for shown in [format!("{known:?}"), format!("{known:#?}")] {
        let lower = shown.to_lowercase();
        for secret in ["secret", "jane", "998877", "1954", "1.2.3"] {
            assert!(!lower.contains(secret), "{shown}");
        }
    }
}

/// 20 ms is the limit where it is built for use; a test build on a busy machine gets more.
#[test]
fn a_long_text_is_read_at_once() {
    let mut random = Random(7);
    let syllables = ["ka", "ler", "mon", "ti", "sa", "ber", "lin", "do", "ver", "ga", "mü", "ster"];
    let mut word = |parts: usize| (0..parts).map(|_| random.pick(&syllables)).collect::<String>();
    let mut known = Known::default();
    for i in 0..50 {
        known.add(Identifier::PatientName, &format!("{}^{}", word(3), word(2)));
        known.add(Identifier::PatientId, &format!("{}{}", 100_000 + i, word(1)));
        known.add(Identifier::StudyDate, &format!("2015{:02}{:02}", 1 + i % 12, 1 + i % 28));
        known.add(Identifier::Institution, &format!("{} {} Hospital", word(3), word(4)));
    }
    let text: Vec<String> = (0..20_000)
        .map(|i| match i % 20 {
            0 => "12.05.2015,".to_owned(),
            7 => format!("{i} mm"),
            _ => word(1 + i % 4),
        })
        .collect();
    for text in
        [text.join(" "), "a".repeat(120_000), "1 ".repeat(60_000), "1.".repeat(60_000), "@".repeat(120_000)]
    {
        let start = Instant::now();
        let found = find(&text, &known);
        let took = start.elapsed().as_secs_f64() * 1000.0;
        check(&text, &found);
        let limit = if cfg!(debug_assertions) { 5000.0 } else { 200.0 };
        assert!(took < limit, "{took} ms for {} bytes, {} finds", text.len(), found.len());
    }
}
