//! Every element of a file, for reading: meta information, nested and private ones, also of what is no image.
//!
//! This walk is apart from the one that scans: it goes on over pixel data and into each sequence, reads values only
//! as far as they are shown, and needs memory for at most 250,000 rows and 32 MiB of text whatever the file says.

mod comments;
mod identity;
mod privacy;
mod profile;
mod show;
mod stream;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};

use super::error::{DicomError, Result};
use super::heads::{Encoding, is_vr};
use super::scan::Whereabouts;
use super::sniff;
use super::source::{declared_by, guess};
use super::text::Charset;
use crate::image::Phi;
use stream::Stream;
use walk::{Around, End, Walker};

pub use identity::{Identity, PixelHints, read_identity};
pub use show::ElementQuery;

/// What stands where patient data are hidden.
pub const HIDDEN: &str = "hidden";

/// What a row of the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// An element.
    Element,
    /// An item of a sequence, counted from 1.
    Item(u32),
    /// A fragment of compressed pixel data, counted from 1; the first one is the offset table.
    Fragment(u32),
}

/// A value representation, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Vr {
    code: VR,
    /// The file says it; otherwise the dictionary does.
    in_file: bool,
}

/// One row: an element, an item or a fragment.
#[derive(Debug, Clone)]
pub struct ElementRow {
    /// What it is.
    pub kind: RowKind,
    /// Levels of items around it.
    pub depth: u16,
    /// Declared bytes of the value; `None` for "undefined", which a delimiter ends.
    pub length: Option<u32>,
    /// First byte of the element in the file; of a deflated data set in what is inflated.
    pub offset: u64,
    /// Keyword of the standard's dictionary; empty for private and unknown elements.
    pub keyword: &'static str,
    /// Who defined the private element.
    pub creator: Option<Arc<str>>,
    /// Whether it says, or may say, who the patient is.
    pub identifying: bool,
    /// Rows right behind that stand inside it.
    pub below: usize,
    tag: (u16, u16),
    vr: Vr,
    value: Phi<String>,
}

impl ElementRow {
    /// The tag: `(0010,0010)`.
    pub fn tag(&self) -> String {
        format!("({:04X},{:04X})", self.tag.0, self.tag.1)
    }

    /// The two letters of the value representation; empty for items.
    pub fn vr(&self) -> &'static str {
        if self.kind == RowKind::Element { self.vr.code.to_string() } else { "" }
    }

    /// Whether the file says the value representation; otherwise the dictionary does.
    pub fn vr_in_file(&self) -> bool {
        self.vr.in_file
    }

    /// The name in words.
    pub fn name(&self) -> Cow<'static, str> {
        match self.kind {
            RowKind::Item(number) => return format!("Item {number}").into(),
            RowKind::Fragment(1) => return "Offset table".into(),
            RowKind::Fragment(number) => return format!("Fragment {}", number - 1).into(),
            RowKind::Element => {}
        }
        match (self.tag.0 % 2 == 1, self.tag.1, &self.creator) {
            (_, 0, _) => "Group length".into(),
            (true, 0x10..=0xFF, _) => "Private creator".into(),
            (true, _, Some(creator)) => format!("Private: {creator}").into(),
            (true, _, None) => "Private, of no creator".into(),
            (false, ..) if self.keyword.is_empty() => "Unknown".into(),
            (false, ..) => show::words(self.keyword).into(),
        }
    }

    /// The value as text; a word that it is hidden where it may say who the patient is.
    pub fn value(&self, patient_hidden: bool) -> &str {
        if self.is_hidden(patient_hidden) { HIDDEN } else { self.value.reveal() }
    }

    /// Whether the value is not shown.
    pub fn is_hidden(&self, patient_hidden: bool) -> bool {
        patient_hidden && self.identifying && !self.value.reveal().is_empty()
    }

    /// The row as one line of text: tag, VR, name, value.
    pub fn line(&self, patient_hidden: bool) -> String {
        let indent = "  ".repeat(usize::from(self.depth));
        let value = one_line(self.value(patient_hidden));
        let parts = [self.tag(), self.vr().to_owned(), self.name().into_owned(), value.into_owned()];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        format!("{indent}{}", parts.join(" "))
    }
}

/// The text with line breaks and other control characters as visible signs.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match c {
        '\r' => None,
        '\n' => Some('↵'),
        c if c.is_control() => Some(' '),
        c => Some(c),
    };
    Cow::Owned(text.chars().filter_map(visible).collect())
}

/// Every element of a file, in the file's order.
#[derive(Debug, Clone, Default)]
pub struct ElementList {
    /// Rows; what is nested follows what holds it.
    pub rows: Vec<ElementRow>,
    /// What was wrong or left out, in words.
    pub notes: Vec<String>,
}

impl ElementList {
    /// The rows as text, one line each.
    pub fn text(&self, patient_hidden: bool) -> String {
        let mut text = String::new();
        for row in &self.rows {
            text.push_str(&row.line(patient_hidden));
            text.push('\n');
        }
        text
    }
}

/// Reads every element of a file that parses at all.
pub fn read_elements(path: &Path) -> Result<ElementList> {
    read(stream::open(path, None)?)
}

/// The same for a file that may lie in an archive. What is out of reach there is never opened.
pub fn read_elements_at(path: &Path, bytes: &Whereabouts) -> Result<ElementList> {
    match bytes {
        Whereabouts::File => read_elements(path),
        Whereabouts::Archive(entry) => read(stream::open(path, Some(entry))?),
        Whereabouts::OutOfReach => Err(DicomError::Unsupported("its bytes are out of reach".to_owned())),
    }
}

fn read(mut stream: Stream) -> Result<ElementList> {
    const PREAMBLE: usize = 128;
    let head = stream.peek(4096).to_vec();
    let after = |at: usize| head.get(at..).unwrap_or_default();
    let has_magic = |at: usize| after(at).starts_with(b"DICM");
    let has_meta = |at: usize| after(at).starts_with(&[2, 0]) && after(at).get(3) == Some(&0);
    let found = [(PREAMBLE, true), (0, true), (0, false), (PREAMBLE, false)]
        .into_iter()
        .find(|(at, magic)| if *magic { has_magic(*at) } else { has_meta(*at) });
    if let Some((at, magic)) = found {
        stream.skip(at as u64 + if magic { 4 } else { 0 });
        let mut walker = Walker::new(stream);
        if at == 0 {
            walker.note("The file has no preamble.");
        }
        return after_meta(walker);
    }
    for at in [0, PREAMBLE] {
        // An index starts with its own group, which is no group of an image.
        let is_index = after(at).starts_with(&[4, 0]);
        if let Some(encoding) = guess(after(at), usize::MAX, !is_index) {
            stream.skip(at as u64);
            let mut walker = Walker::new(stream);
            walker.note("The file has no preamble and no transfer syntax; it was guessed.");
            return Ok(data_set(walker, encoding));
        }
    }
    let what = if head.is_empty() { "empty file" } else { sniff::looks_like(&head) };
    Err(DicomError::NotDicom(what))
}

fn after_meta(mut walker: Walker) -> Result<ElementList> {
    let explicit = walker.stream.peek(6).get(4..6).is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    let encoding = if explicit { Encoding::EXPLICIT } else { Encoding::IMPLICIT };
    let ended = walker.dataset(around(encoding), |tag| tag.0 == 0x0002);
    if ended != End::Bytes {
        return Ok(finish(walker, ended));
    }
    let is_syntax = |row: &&ElementRow| row.tag == (tags::TRANSFER_SYNTAX_UID.0, tags::TRANSFER_SYNTAX_UID.1);
    let declared = walker.rows.iter().find(is_syntax).map(|row| {
        let uid = row.value.reveal();
        uid.split(' ').next().unwrap_or_default().to_owned()
    });
    let guessed = guess(walker.stream.peek(64), usize::MAX, false);
    let encoding = match declared.as_deref() {
        Some(uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN) => {
            let is_plain = walker.stream.peek(6).get(4..6).is_some_and(|vr| is_vr([vr[0], vr[1]]));
            if !is_plain {
                walker.stream = walker.stream.inflated();
            }
            Encoding::EXPLICIT
        }
        Some(uid) => guessed.unwrap_or_else(|| declared_by(uid)),
        None => match guessed {
            Some(encoding) => encoding,
            None if walker.rows.is_empty() => return Err(DicomError::NotDicom("no DICOM data set")),
            None => Encoding::EXPLICIT,
        },
    };
    Ok(data_set(walker, encoding))
}

fn around(encoding: Encoding) -> Around {
    Around {
        encoding,
        charset: Rc::new(Charset::default()),
        depth: 0,
        end: u64::MAX,
        identifying: false,
        signed: false,
    }
}

fn data_set(mut walker: Walker, encoding: Encoding) -> ElementList {
    let ended = walker.dataset(around(encoding), |_| true);
    finish(walker, ended)
}

fn finish(mut walker: Walker, ended: End) -> ElementList {
    match ended {
        End::Bytes | End::Enough => {}
        End::Item | End::Sequence | End::Broken => {
            let at = show::grouped(walker.stream.at());
            walker.note(&format!("The list ends at byte {at}: what follows makes no sense."));
        }
    }
    ElementList { rows: walker.rows, notes: walker.notes }
}
