//! Code extensions: escape sequences that switch what lower (G0) and upper (G1) bytes mean (PS3.5 6.1.2.5).

use encoding_rs::{
    EUC_JP, EUC_KR, Encoding, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_15, SHIFT_JIS, WINDOWS_874, WINDOWS_1252, WINDOWS_1254,
};

use super::declared::Set;
use super::{ESCAPE, exact, is_layout, push_escape};

/// What lower bytes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lower {
    /// ASCII, or JIS X 0201 Romaji, whose yen sign is the backslash of values.
    Ascii,
    /// JIS X 0201 half-width katakana, as e-mail has them.
    Katakana,
    /// JIS X 0208, two bytes each.
    Jis0208,
    /// JIS X 0212, two bytes each.
    Jis0212,
}

#[derive(Debug, Clone, Copy)]
enum Switch {
    Lower(Lower),
    Upper(&'static Encoding),
}

/// Escape sequences without their first byte (PS3.3 tables C.12-3 and C.12-4), and what other writers use.
const SWITCHES: [(&[u8], Switch); 21] = [
    (b"(B", Switch::Lower(Lower::Ascii)),
    (b"(J", Switch::Lower(Lower::Ascii)),
    (b"(I", Switch::Lower(Lower::Katakana)),
    (b"$B", Switch::Lower(Lower::Jis0208)),
    (b"$@", Switch::Lower(Lower::Jis0208)),
    (b"$(B", Switch::Lower(Lower::Jis0208)),
    (b"$(D", Switch::Lower(Lower::Jis0212)),
    (b"-A", Switch::Upper(WINDOWS_1252)),
    (b"-B", Switch::Upper(ISO_8859_2)),
    (b"-C", Switch::Upper(ISO_8859_3)),
    (b"-D", Switch::Upper(ISO_8859_4)),
    (b"-L", Switch::Upper(ISO_8859_5)),
    (b"-G", Switch::Upper(ISO_8859_6)),
    (b"-F", Switch::Upper(ISO_8859_7)),
    (b"-H", Switch::Upper(ISO_8859_8)),
    (b"-M", Switch::Upper(WINDOWS_1254)),
    (b"-b", Switch::Upper(ISO_8859_15)),
    (b"-T", Switch::Upper(WINDOWS_874)),
    (b")I", Switch::Upper(SHIFT_JIS)),
    (b"$)C", Switch::Upper(EUC_KR)),
    (b"$)A", Switch::Upper(GB18030)),
];

fn switch(after_escape: &[u8]) -> Option<(Switch, &[u8])> {
    SWITCHES.iter().find_map(|(code, switch)| Some((*switch, after_escape.strip_prefix(*code)?)))
}

/// Whether the bytes hold an escape sequence that means something.
pub(super) fn switches(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == ESCAPE).skip(1).any(|part| switch(part).is_some())
}

struct State {
    lower: Lower,
    upper: Option<&'static Encoding>,
    /// What the first value declares; delimiters go back to it.
    first: Option<&'static Encoding>,
    /// Where nothing is active: what was last, as some writers switch only once.
    last: Option<&'static Encoding>,
}

/// Decodes bytes in which `delimiters` go back to the first character set.
pub(super) fn decode(bytes: &[u8], delimiters: &[u8], declared: &[Set]) -> String {
    let first = declared.first().and_then(|set| set.upper());
    let last = declared.iter().find_map(|set| set.upper());
    let mut state = State { lower: Lower::Ascii, upper: first, first, last };
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = match *byte {
            ESCAPE => {
                if let Some((switch, after)) = switch(after) {
                    state.switch(switch);
                    after
                } else {
                    push_escape(&mut text, ESCAPE);
                    after
                }
            }
            byte if byte < 0x20 || byte == 0x7F => {
                state.control(byte, &mut text);
                after
            }
            byte if byte < 0x80 => state.lower(byte, after, delimiters, &mut text),
            byte => state.upper(byte, after, &mut text),
        };
    }
    text
}

impl State {
    fn switch(&mut self, switch: Switch) {
        match switch {
            Switch::Lower(lower) => self.lower = lower,
            Switch::Upper(upper) => {
                self.upper = Some(upper);
                self.last = Some(upper);
            }
        }
    }

    fn reset(&mut self) {
        self.lower = Lower::Ascii;
        self.upper = self.first;
    }

    fn control(&mut self, byte: u8, text: &mut String) {
        if is_layout(char::from(byte)) {
            self.reset();
            text.push(char::from(byte));
        } else {
            push_escape(text, byte);
        }
    }

    fn lower<'a>(&mut self, byte: u8, after: &'a [u8], delimiters: &[u8], text: &mut String) -> &'a [u8] {
        let double = match self.lower {
            Lower::Jis0208 => jis(&[], byte, after),
            Lower::Jis0212 => jis(&[0x8F], byte, after),
            Lower::Katakana => exact(SHIFT_JIS, &[byte | 0x80]).map(|letter| (letter, after)),
            Lower::Ascii => None,
        };
        if let Some((character, after)) = double {
            text.push_str(&character);
            return after;
        }
        if delimiters.contains(&byte) {
            self.reset();
        }
        text.push(char::from(byte));
        after
    }

    fn upper<'a>(&self, byte: u8, after: &'a [u8], text: &mut String) -> &'a [u8] {
        let Some(set) = self.upper.or(self.last) else {
            // UTF-8 among escape sequences for something else.
            let utf8 = (1..=after.len().min(3)).find_map(|more| {
                let (trail, after) = after.split_at(more);
                let character = [&[byte], trail].concat();
                Some((String::from_utf8(character).ok()?, after))
            });
            if let Some((character, after)) = utf8 {
                text.push_str(&character);
                return after;
            }
            match exact(WINDOWS_1252, &[byte]) {
                Some(letter) => text.push_str(&letter),
                None => push_escape(text, byte),
            }
            return after;
        };
        for more in 0..=after.len().min(3) {
            let (trail, rest) = after.split_at(more);
            if let Some(character) = exact(set, &[&[byte], trail].concat()) {
                text.push_str(&character);
                return rest;
            }
        }
        push_escape(text, byte);
        after
    }
}

/// A character of two lower bytes, as EUC-JP has it: with a prefix and the high bits set.
fn jis<'a>(prefix: &[u8], byte: u8, after: &'a [u8]) -> Option<(String, &'a [u8])> {
    let (second, after) = after.split_first()?;
    if !(0x21..0x7F).contains(&byte) || !(0x21..0x7F).contains(second) {
        return None;
    }
    let character = exact(EUC_JP, &[prefix, &[byte | 0x80, second | 0x80]].concat())?;
    Some((character, after))
}
