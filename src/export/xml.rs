use std::borrow::Cow;

use data_encoding::BASE64;

/// An element on its way: its name and attributes.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    name: &'static str,
    /// `<name a="b"`.
    text: String,
}

impl Tag {
    /// An element without attributes.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, text: format!("<{name}") }
    }

    /// The element with one more attribute.
    pub(super) fn with(mut self, attribute: &str, value: impl AsRef<str>) -> Self {
        for part in [" ", attribute, "=\"", &escaped(value.as_ref()), "\""] {
            self.text += part;
        }
        self
    }

    /// Its start.
    pub(super) fn open(self) -> String {
        self.text + ">"
    }

    /// The whole of it, when nothing is in it.
    pub(super) fn empty(self) -> String {
        self.text + "/>"
    }

    /// The whole of it around what is XML already.
    pub(super) fn around(self, inner: &str) -> String {
        format!("{}>{inner}</{}>", self.text, self.name)
    }
}

/// Words as XML has them. The few characters that XML has no way to write are left out.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let special =
        |c: char| matches!(c, '<' | '>' | '&' | '"' | '\'' | '\u{fffe}' | '\u{ffff}') || c.is_control();
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '&' => safe += "&amp;",
            '"' => safe += "&quot;",
            '\'' => safe += "&apos;",
            other if special(other) => {}
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// An address that holds the data itself.
pub(super) fn data_address(kind: &str, data: &[u8]) -> String {
    format!("data:{kind};base64,{}", BASE64.encode(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_keep_what_they_are_given_and_nothing_breaks_out_of_them() {
        let tag = Tag::new("text").with("x", "1.5").with("family", "a\"b<c>'&");
        assert_eq!(tag.clone().empty(), "<text x=\"1.5\" family=\"a&quot;b&lt;c&gt;&apos;&amp;\"/>");
        assert_eq!(Tag::new("g").around("<a/>"), "<g><a/></g>");
        assert_eq!(Tag::new("g").open(), "<g>");
        assert_eq!(escaped("a\u{0}\n\u{ffff}b"), "ab");
    }

    #[test]
    fn data_is_base_64() {
        // The test vectors of RFC 4648.
        for (data, digits) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ] {
            assert_eq!(data_address("a/b", data.as_bytes()), format!("data:a/b;base64,{digits}"));
        }
    }
}
