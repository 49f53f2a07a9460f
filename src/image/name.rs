//! A person's name in its scripts.

use std::fmt;

/// A person's name (PS3.5 6.2.1): up to three groups, each `family^given^middle^prefix^suffix`.
///
/// It prints for people: Western names as `Adams, Rev. John Robert, B.A.`, the way readers know from lists of
/// patients; Chinese, Japanese and Korean ones as `山田 太郎`, without a comma, as they are written. The other
/// scripts follow in brackets: `Yamada, Tarou (山田 太郎 / やまだ たろう)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PersonName {
    /// In Latin letters, or the only one.
    pub alphabetic: String,
    /// In the characters of the person's language.
    pub ideographic: String,
    /// As it is spoken.
    pub phonetic: String,
}

impl PersonName {
    /// From the decoded value of the file.
    pub fn parse(text: &str) -> Self {
        let mut groups = text.splitn(3, '=').map(|group| {
            // Empty components at the end say nothing.
            group.trim_matches(' ').trim_end_matches(['^', ' ']).to_owned()
        });
        let mut next = || groups.next().unwrap_or_default();
        Self { alphabetic: next(), ideographic: next(), phonetic: next() }
    }

    /// Whether no group says anything.
    pub fn is_empty(&self) -> bool {
        self.groups().next().is_none()
    }

    fn groups(&self) -> impl Iterator<Item = String> {
        [&self.alphabetic, &self.ideographic, &self.phonetic]
            .into_iter()
            .map(|group| for_people(group))
            .filter(|group| !group.is_empty())
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = self.groups();
        let Some(first) = groups.next() else { return Ok(()) };
        f.write_str(&first)?;
        let others: Vec<String> = groups.filter(|group| *group != first).collect();
        if others.is_empty() { Ok(()) } else { write!(f, " ({})", others.join(" / ")) }
    }
}

fn for_people(group: &str) -> String {
    let mut parts = group.splitn(5, '^').map(|part| part.trim().replace('^', " "));
    let mut next = || parts.next().unwrap_or_default();
    let (family, given, middle, prefix, suffix) = (next(), next(), next(), next(), next());
    let joined = |parts: &[&String], between: &str| {
        let there: Vec<&str> =
            parts.iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
        there.join(between)
    };
    if group.chars().any(is_east_asian) {
        return joined(&[&prefix, &family, &given, &middle, &suffix], " ");
    }
    let called = joined(&[&prefix, &given, &middle], " ");
    joined(&[&family, &called, &suffix], ", ")
}

/// Kana, Chinese characters, Hangul.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        PersonName::parse(text).to_string()
    }

    #[test]
    fn names_read_as_people_write_them() {
        // The examples of PS3.5 6.2.1.1, and of annexes H and I.
        assert_eq!(
            shown("Adams^John Robert Quincy^^Rev.^B.A. M.Div."),
            "Adams, Rev. John Robert Quincy, B.A. M.Div."
        );
        assert_eq!(
            shown("Morrison-Jones^Susan^^^Ph.D., Chief Executive Officer"),
            "Morrison-Jones, Susan, Ph.D., Chief Executive Officer"
        );
        assert_eq!(
            shown("Yamada^Tarou=山田^太郎=やまだ^たろう"),
            "Yamada, Tarou (山田 太郎 / やまだ たろう)"
        );
        assert_eq!(shown("Hong^Gildong=洪^吉洞=홍^길동"), "Hong, Gildong (洪 吉洞 / 홍 길동)");
        assert_eq!(shown("ﾔﾏﾀﾞ^ﾀﾛｳ"), "ﾔﾏﾀﾞ ﾀﾛｳ");
        assert_eq!(shown("Wang^XiaoDong=王^小东="), "Wang, XiaoDong (王 小东)");
        assert_eq!(shown("=山田^太郎"), "山田 太郎");
        assert_eq!(shown("Doe^Jane^^^"), "Doe, Jane");
        assert_eq!(shown("^Jane"), "Jane");
        assert_eq!(shown("Phantom"), "Phantom");
    }

    #[test]
    fn nothing_but_delimiters_is_no_name() {
        for empty in ["", "^^^^", "=", "^=^ ="] {
            assert!(PersonName::parse(empty).is_empty(), "{empty}");
        }
        assert!(!PersonName::parse("=李").is_empty());
    }

    #[test]
    fn more_than_the_standard_allows_is_kept() {
        assert_eq!(shown("A^B^C^D^E^F"), "A, D B C, E F");
        assert_eq!(PersonName::parse("a=b=c=d").phonetic, "c=d");
    }
}
