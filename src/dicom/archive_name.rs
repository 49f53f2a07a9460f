//! Names in an archive as text to show. They come from anywhere, so they are never used on disk.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Longer names are cut: nobody reads them.
const LONGEST: usize = 1024;
/// The upper half of code page 437, which names without the UTF-8 mark are in (APPNOTE appendix D).
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

/// A name as text: its parts between slashes, none of them a way up, a root or a control character.
fn readable(name: &[u8]) -> String {
    let text = match std::str::from_utf8(name) {
        // Most programs write UTF-8, whether they mark it or not.
        Ok(text) => text.to_owned(),
        Err(_) => name.iter().map(|&byte| letter(byte)).collect(),
    };
    let parts: Vec<String> = text
        .split(['/', '\\'])
        .filter(|part| !matches!(part.trim(), "" | "."))
        .map(|part| if part.trim() == ".." { "(..)".to_owned() } else { part.replace(unwanted, "\u{FFFD}") })
        .collect();
    let text: String = parts.join("/").chars().take(LONGEST).collect();
    if text.is_empty() { "(without a name)".to_owned() } else { text }
}

fn letter(byte: u8) -> char {
    if byte.is_ascii() {
        return char::from(byte);
    }
    UPPER.chars().nth(usize::from(byte & 0x7F)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// What would move the cursor, turn the writing round or end a name.
fn unwanted(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Gives each file of an archive a path that no other has.
pub(super) struct Names<'a> {
    archive: &'a Path,
    used: HashMap<String, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn of(archive: &'a Path) -> Self {
        Self { archive, used: HashMap::new() }
    }

    /// The archive's path, a slash and the name; with a number where the name was there before.
    pub(super) fn path(&mut self, name: &[u8]) -> PathBuf {
        let mut text = readable(name);
        loop {
            let times = self.used.entry(text.clone()).or_default();
            *times += 1;
            if *times == 1 {
                break;
            }
            text = format!("{text} ({times})");
        }
        let mut path = OsString::from(self.archive);
        path.push("/");
        path.push(text);
        path.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_lead_nowhere() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(readable(b"a/b c/d.dcm"), "a/b c/d.dcm");
        assert_eq!(readable(b"../../etc/passwd"), "(..)/(..)/etc/passwd");
        assert_eq!(readable(b"/abs//x/./y"), "abs/x/y");
        assert_eq!(readable(b"C:\\IMAGES\\1"), "C:/IMAGES/1");
        assert_eq!(readable(b"a\0b\x1B[2Jc"), "a\u{FFFD}b\u{FFFD}[2Jc");
        assert_eq!(readable(b"M\x81ller\xE1.dcm"), "Müllerß.dcm");
        assert_eq!(readable("頭/1".as_bytes()), "頭/1");
        assert_eq!(readable(b"///"), "(without a name)");
        assert_eq!(readable(&[b'x'; 5000]).len(), LONGEST);
    }

    #[test]
    fn no_two_files_have_one_path() {
        let mut names = Names::of(Path::new("in/a.zip"));
        let paths: Vec<PathBuf> =
            [&b"1"[..], b"1", b"./1", b"1 (2)", b"1"].map(|name| names.path(name)).into();
        let expected = ["1", "1 (2)", "1 (3)", "1 (2) (2)", "1 (4)"];
        assert_eq!(paths, expected.map(|name| Path::new("in/a.zip").join(name)));
    }
}
