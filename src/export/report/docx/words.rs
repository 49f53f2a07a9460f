use crate::export::xml::{Tag, escaped};
use crate::report::Span;

/// What the document calls a link, by its place.
pub(super) fn relation(place: usize) -> String {
    format!("link{}", place + 1)
}

/// Half points of a font size in points.
pub(super) fn half_points(size: f64) -> String {
    format!("{:.0}", size * 2.0)
}

/// Words as runs; `size` is their font size in points where it is not that of their style. `link` tells what the
/// document calls where they lead.
pub(super) fn runs(words: &[Span], size: Option<f64>, mut link: impl FnMut(&str) -> String) -> String {
    let mut all = String::new();
    for linked in words.chunk_by(|a, b| a.link == b.link) {
        let inner: String = linked.iter().map(|span| run(span, size)).collect();
        match linked.first().and_then(|span| span.link.as_deref()) {
            Some(to) => all += &Tag::new("w:hyperlink").with("r:id", link(to)).around(&inner),
            None => all += &inner,
        }
    }
    all
}

fn run(span: &Span, size: Option<f64>) -> String {
    let looks = looks(span, size);
    let mut inner = if looks.is_empty() { looks } else { Tag::new("w:rPr").around(&looks) };
    inner += &lines(&span.text);
    Tag::new("w:r").around(&inner)
}

/// Lines of text with breaks between them.
pub(super) fn lines(text: &str) -> String {
    let line = |text: &str| {
        if text.is_empty() {
            return String::new();
        }
        Tag::new("w:t").with("xml:space", "preserve").around(&escaped(text))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join(&Tag::new("w:br").empty())
}

/// The properties of a run, in the order that the format asks for.
fn looks(span: &Span, size: Option<f64>) -> String {
    let value = |name: &'static str, value: &str| Tag::new(name).with("w:val", value).empty();
    let switch = |is: bool, name: &'static str| if is { Tag::new(name).empty() } else { String::new() };
    let style = match (&span.link, span.code) {
        (Some(_), _) => value("w:rStyle", "Hyperlink"),
        (None, true) => value("w:rStyle", "InlineCode"),
        (None, false) => String::new(),
    };
    let size =
        size.map(half_points).map_or_else(String::new, |size| value("w:sz", &size) + &value("w:szCs", &size));
    let upright = match (span.raised, span.lowered) {
        (true, _) => value("w:vertAlign", "superscript"),
        (false, true) => value("w:vertAlign", "subscript"),
        (false, false) => String::new(),
    };
    let parts = [
        style,
        switch(span.bold, "w:b"),
        switch(span.bold, "w:bCs"),
        switch(span.italic, "w:i"),
        switch(span.italic, "w:iCs"),
        switch(span.struck, "w:strike"),
        size,
        upright,
    ];
    parts.concat()
}
