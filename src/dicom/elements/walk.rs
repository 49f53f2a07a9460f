//! From the start of a file to its end, into every sequence, with nothing left out.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use dicom_core::dictionary::DataDictionary as _;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};

use super::super::heads::{self, Encoding, ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, holds_items};
use super::super::text::Charset;
use super::privacy::is_identifying;
use super::show::{bytes_wanted, grouped, value};
use super::stream::Stream;
use super::{ElementRow, RowKind, Vr};
use crate::image::Phi;

/// Rows are listed up to here.
pub(super) const MOST_ROWS: usize = 250_000;
/// Bytes of values that are kept in all.
const MOST_TEXT: usize = 32 << 20;
/// Sequences inside sequences are followed to here; a sequence and its item count one each.
const DEEPEST: usize = 32;

/// The rows so far, and what was wrong.
pub(super) struct Walker {
    pub(super) stream: Stream,
    pub(super) rows: Vec<ElementRow>,
    pub(super) notes: Vec<String>,
    text: usize,
}

/// What the elements of a data set have from those around it.
#[derive(Clone)]
pub(super) struct Around {
    pub(super) encoding: Encoding,
    pub(super) charset: Rc<Charset>,
    pub(super) depth: usize,
    /// The last byte of the data set is before this one.
    pub(super) end: u64,
    /// It stands inside a sequence that says who the patient is.
    pub(super) identifying: bool,
    /// Pixel Representation: whether US or SS is meant where the file does not say it.
    pub(super) signed: bool,
}

/// Why a data set ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its bytes did.
    Bytes,
    /// A delimiter of its item.
    Item,
    /// A delimiter of the sequence around it.
    Sequence,
    /// What comes makes no sense.
    Broken,
    /// Enough was listed.
    Enough,
}

struct Head {
    at: u64,
    tag: Tag,
    vr: Vr,
    length: u32,
}

impl Walker {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, rows: Vec::new(), notes: Vec::new(), text: 0 }
    }

    pub(super) fn note(&mut self, text: &str) {
        if !self.notes.iter().any(|note| note == text) {
            self.notes.push(text.to_owned());
        }
    }

    /// The tag that comes next.
    pub(super) fn next_tag(&mut self, encoding: Encoding) -> Option<Tag> {
        encoding.tag(self.stream.peek(4))
    }

    /// Lists elements for as long as `while_tag` holds.
    pub(super) fn dataset(&mut self, mut around: Around, while_tag: impl Fn(Tag) -> bool) -> End {
        let mut creators: HashMap<(u16, u8), Arc<str>> = HashMap::new();
        loop {
            if self.stream.at() >= around.end {
                return End::Bytes;
            }
            let Some(tag) = self.next_tag(around.encoding) else {
                return if self.stream.peek(1).is_empty() { End::Bytes } else { End::Broken };
            };
            if !while_tag(tag) {
                return End::Bytes;
            }
            if tag == Tag(0, 0) {
                // Zeros after the last element are padding.
                self.note("Zeros follow the last element; they are not listed.");
                return if around.depth == 0 { End::Bytes } else { End::Broken };
            }
            let Some(head) = self.head(&around) else { return End::Broken };
            match tag {
                ITEM_END => return End::Item,
                SEQUENCE_END => return End::Sequence,
                ITEM => return End::Broken,
                _ => {}
            }
            let end = self.element(&head, &mut around, &mut creators);
            if end != End::Bytes {
                return end;
            }
        }
    }

    /// Takes the start of an element, if it lies in its data set.
    fn head(&mut self, around: &Around) -> Option<Head> {
        let Around { encoding, signed, end, .. } = *around;
        let at = self.stream.at();
        let heads::Head { tag, length, size, vr } = heads::Head::read(self.stream.peek(12), encoding)?;
        let code = heads::vr(tag, vr, signed);
        if size as u64 > end.saturating_sub(at) {
            return None;
        }
        self.stream.take(size);
        Some(Head { at, tag, vr: Vr { code, in_file: vr.is_some() }, length })
    }

    fn element(
        &mut self,
        head: &Head,
        around: &mut Around,
        creators: &mut HashMap<(u16, u8), Arc<str>>,
    ) -> End {
        let [block, _] = head.tag.1.to_be_bytes();
        let is_private = head.tag.0 % 2 == 1;
        let creator =
            if is_private && block >= 0x10 { creators.get(&(head.tag.0, block)).cloned() } else { None };
        let identifying =
            is_identifying(head.tag, Some(head.vr.code), creator.as_deref()) || hidden_inside(around, head);
        let row = self.rows.len();
        let is_creator = is_private && (0x10..=0xFF).contains(&head.tag.1);
        self.push(head, around.depth, RowKind::Element, creator, identifying);
        let end = self.value(head, around, row, identifying);
        if let Some(row) = self.rows.get(row) {
            let value = row.value.reveal();
            if is_creator && let Ok(block) = u8::try_from(head.tag.1) {
                creators.insert((head.tag.0, block), value.as_str().into());
            } else if head.tag == tags::PIXEL_REPRESENTATION {
                around.signed = value.starts_with('1');
            }
        }
        self.close(row);
        end
    }

    /// Goes over a value, and keeps what is shown of it.
    fn value(&mut self, head: &Head, around: &mut Around, row: usize, identifying: bool) -> End {
        if let Some(inner) = self.inner(head, around, identifying) {
            return self.items(head, &inner);
        }
        let there = around.end.min(self.stream.total()).saturating_sub(self.stream.at());
        let length = u64::from(head.length).min(there);
        let wanted = bytes_wanted(head.vr.code).min(MOST_TEXT.saturating_sub(self.text));
        let wanted = wanted.min(usize::try_from(length).unwrap_or(usize::MAX));
        let bytes = self.stream.take(wanted);
        let skipped = self.stream.skip(length - bytes.len() as u64);
        let there = bytes.len() as u64 + skipped;
        if head.tag == tags::SPECIFIC_CHARACTER_SET {
            around.charset = Rc::new(Charset::new(&bytes));
        }
        let mut text = if wanted == 0 && length > 0 {
            format!("{} bytes", grouped(there))
        } else {
            value(head.vr.code, &bytes, there, around.encoding, &around.charset)
        };
        let is_short = there < u64::from(head.length);
        if is_short {
            let missing = grouped(u64::from(head.length) - there);
            text += " (the file ends ";
            text += &missing;
            text += " bytes early)";
        }
        self.text += text.len();
        if let Some(row) = self.rows.get_mut(row) {
            row.value = Phi::new(text);
        }
        if is_short {
            self.note("An element is longer than what is around it.");
            return End::Broken;
        }
        if self.rows.len() >= MOST_ROWS { self.enough() } else { End::Bytes }
    }

    fn enough(&mut self) -> End {
        self.note("The list ends here: it has as many rows as Isodense shows.");
        End::Enough
    }

    /// What the items of an element have around them; `None` where it holds none.
    fn inner(&mut self, head: &Head, around: &Around, identifying: bool) -> Option<Around> {
        let undefined = head.length == UNDEFINED;
        let unknown = head.vr.code == VR::UN;
        // UN holds implicit little endian items (PS3.5 6.2.2 note 2); some writers keep that of a known length.
        let encoding = if unknown { Encoding::IMPLICIT } else { around.encoding };
        let starts_with_item = unknown && holds_items(self.stream.peek(8), head.length);
        if !undefined && head.vr.code != VR::SQ && !starts_with_item {
            return None;
        }
        let end = if undefined {
            around.end
        } else {
            around.end.min(self.stream.at().saturating_add(u64::from(head.length)))
        };
        Some(Around { encoding, depth: around.depth + 1, end, identifying, ..around.clone() })
    }

    /// Lists the items of a sequence, or the fragments of pixel data.
    fn items(&mut self, head: &Head, around: &Around) -> End {
        if around.depth > DEEPEST {
            let levels = DEEPEST / 2;
            self.note(&format!(
                "Sequences are nested deeper than {levels} levels; what lies deeper is not followed."
            ));
            return self.pass(head, around);
        }
        let fragments = head.length == UNDEFINED && matches!(head.vr.code, VR::OB | VR::OW);
        for number in 1.. {
            if self.stream.at() >= around.end {
                break;
            }
            let Some(item) = self.head(around) else {
                return self.leave(head, around, End::Broken);
            };
            if item.tag == SEQUENCE_END {
                return End::Bytes;
            }
            if item.tag != ITEM {
                return self.leave(head, around, End::Broken);
            }
            let row = self.rows.len();
            let kind = if fragments { RowKind::Fragment(number) } else { RowKind::Item(number) };
            self.push(&item, around.depth, kind, None, around.identifying);
            let end = if fragments { self.fragment(&item, around, row) } else { self.item(&item, around) };
            self.close(row);
            match end {
                End::Sequence => return End::Bytes,
                End::Bytes | End::Item => {}
                End::Enough => return End::Enough,
                End::Broken => return self.leave(head, around, End::Broken),
            }
            if self.rows.len() >= MOST_ROWS {
                return self.enough();
            }
        }
        if head.length == UNDEFINED && around.end == u64::MAX { End::Broken } else { End::Bytes }
    }

    fn fragment(&mut self, item: &Head, around: &Around, row: usize) -> End {
        let mut around = Around { end: around.end.min(self.stream.total()), ..around.clone() };
        let bytes = Head { vr: Vr { code: VR::OB, in_file: false }, ..*item };
        if item.length == UNDEFINED { End::Broken } else { self.value(&bytes, &mut around, row, false) }
    }

    fn item(&mut self, item: &Head, around: &Around) -> End {
        let mut inside = around.clone();
        if item.length != UNDEFINED {
            inside.end = inside.end.min(self.stream.at().saturating_add(u64::from(item.length)));
        }
        inside.depth += 1;
        let end = inside.end;
        let ended = self.dataset(inside, |_| true);
        if ended == End::Broken && item.length != UNDEFINED {
            self.note("An item makes no sense; the next one is listed.");
            self.go_to(end);
            return End::Bytes;
        }
        ended
    }

    /// Goes over a sequence without listing what is in it, however deep it is.
    fn pass(&mut self, head: &Head, around: &Around) -> End {
        if head.length != UNDEFINED {
            self.go_to(around.end);
            return End::Bytes;
        }
        // The encodings of the sequences that are open; an item's own end says nothing of them.
        let mut open = vec![around.encoding];
        while let Some(&encoding) = open.last() {
            let Some(inner) = self.head(&Around { encoding, ..around.clone() }) else {
                return self.leave(head, around, End::Broken);
            };
            match (inner.tag, inner.length) {
                (SEQUENCE_END, _) => {
                    open.pop();
                }
                (ITEM_END, _) | (ITEM, UNDEFINED) => {}
                (_, UNDEFINED) if inner.vr.code == VR::UN => open.push(Encoding::IMPLICIT),
                (_, UNDEFINED) => open.push(encoding),
                (_, length) => {
                    if self.stream.skip(u64::from(length)) < u64::from(length) {
                        return self.leave(head, around, End::Broken);
                    }
                }
            }
        }
        End::Bytes
    }

    /// After a sequence that makes no sense, goes on behind it where its length is known.
    fn leave(&mut self, head: &Head, around: &Around, end: End) -> End {
        self.note("A sequence makes no sense; what could be read of it is listed.");
        if head.length == UNDEFINED || around.end > self.stream.total() {
            return end;
        }
        self.go_to(around.end);
        End::Bytes
    }

    fn go_to(&mut self, end: u64) {
        let left = end.saturating_sub(self.stream.at());
        self.stream.skip(left);
    }

    fn push(
        &mut self,
        head: &Head,
        depth: usize,
        kind: RowKind,
        creator: Option<Arc<str>>,
        identifying: bool,
    ) {
        self.rows.push(ElementRow {
            kind,
            depth: u16::try_from(depth).unwrap_or(u16::MAX),
            tag: (head.tag.0, head.tag.1),
            vr: head.vr,
            length: (head.length != UNDEFINED).then_some(head.length),
            offset: head.at,
            keyword: StandardDataDictionary.by_tag(head.tag).map_or("", |entry| entry.alias),
            creator,
            value: Phi::default(),
            identifying,
            below: 0,
        });
    }

    /// Says how many rows came below.
    fn close(&mut self, row: usize) {
        let below = self.rows.len() - row - 1;
        if let Some(row) = self.rows.get_mut(row) {
            row.below = below;
        }
    }
}

/// Inside an identifying sequence everything is hidden but identifiers of objects.
fn hidden_inside(around: &Around, head: &Head) -> bool {
    around.identifying && head.vr.code != VR::UI
}
