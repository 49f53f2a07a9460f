//! A DICOM file, element by element, as no honest writer would make it.

/// An explicit little endian file in the making.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    meta: Vec<u8>,
    dataset: Vec<u8>,
}

impl Object {
    /// Preamble, transfer syntax, identity; elements follow in any order that the caller gives.
    pub(crate) fn new(transfer_syntax: &str) -> Self {
        let mut meta = Self { meta: Vec::new(), dataset: vec![0; 128] };
        meta.dataset.extend(b"DICM");
        let meta = meta.text(0x0002, 0x0010, *b"UI", transfer_syntax).dataset;
        Self { meta, dataset: Vec::new() }
            .text(0x0008, 0x0016, *b"UI", "1.2.840.10008.5.1.4.1.1.7")
            .text(0x0008, 0x0018, *b"UI", "1.2.3.4")
            .text(0x0020, 0x000E, *b"UI", "1.2.3.5")
    }

    /// The image pixel attributes: grey.
    pub(crate) fn image(self, rows: u16, columns: u16, bits: u16, frames: &str) -> Self {
        self.word(0x0028, 0x0002, 1)
            .text(0x0028, 0x0004, *b"CS", "MONOCHROME2")
            .text(0x0028, 0x0008, *b"IS", frames)
            .word(0x0028, 0x0010, rows)
            .word(0x0028, 0x0011, columns)
            .word(0x0028, 0x0100, bits)
            .word(0x0028, 0x0101, bits)
            .word(0x0028, 0x0102, bits - 1)
            .word(0x0028, 0x0103, 0)
    }

    /// The image pixel attributes of 8-bit colour, but for samples and photometric interpretation.
    pub(crate) fn color(self, rows: u16, columns: u16) -> Self {
        self.word(0x0028, 0x0010, rows)
            .word(0x0028, 0x0011, columns)
            .word(0x0028, 0x0100, 8)
            .word(0x0028, 0x0101, 8)
            .word(0x0028, 0x0102, 7)
            .word(0x0028, 0x0103, 0)
    }

    /// Bytes as they are.
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.dataset.extend(bytes);
        self
    }

    fn head(self, group: u16, element: u16, vr: [u8; 2]) -> Self {
        self.raw(&group.to_le_bytes()).raw(&element.to_le_bytes()).raw(&vr)
    }

    pub(crate) fn word(self, group: u16, element: u16, value: u16) -> Self {
        self.head(group, element, *b"US").raw(&[2, 0]).raw(&value.to_le_bytes())
    }

    pub(crate) fn text(self, group: u16, element: u16, vr: [u8; 2], text: &str) -> Self {
        let length = u16::try_from(text.len().next_multiple_of(2)).unwrap();
        let object = self.head(group, element, vr).raw(&length.to_le_bytes()).raw(text.as_bytes());
        if text.len() % 2 == 1 { object.raw(&[0]) } else { object }
    }

    /// The head of an element with a length of four bytes; what follows is the caller's.
    pub(crate) fn long(self, group: u16, element: u16, vr: [u8; 2], length: u32) -> Self {
        self.head(group, element, vr).raw(&[0, 0]).raw(&length.to_le_bytes())
    }

    /// Uncompressed pixels.
    pub(crate) fn pixels(self, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).unwrap();
        self.long(0x7FE0, 0x0010, *b"OW", length).raw(bytes)
    }

    /// Fragments behind an empty offset table.
    pub(crate) fn fragments<'b>(self, fragments: impl IntoIterator<Item = &'b [u8]>) -> Self {
        let object = self.long(0x7FE0, 0x0010, *b"OB", u32::MAX).item(&[]);
        fragments.into_iter().fold(object, Self::item).raw(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0])
    }

    fn item(self, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).unwrap();
        self.raw(&[0xFE, 0xFF, 0x00, 0xE0]).raw(&length.to_le_bytes()).raw(bytes)
    }

    /// Sequences of undefined length in each other.
    pub(crate) fn nested(self, depth: usize) -> Self {
        let open = b"\x40\0\x75\xA7SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF";
        let close = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
        self.raw(&open.repeat(depth)).raw(&close.repeat(depth))
    }

    /// The whole file.
    pub(crate) fn bytes(self) -> Vec<u8> {
        [self.meta, self.dataset].concat()
    }

    /// The whole file, its data set deflated.
    pub(crate) fn deflated(self) -> Vec<u8> {
        [self.meta, deflate(&self.dataset)].concat()
    }
}

/// Raw deflate, as DICOM has it.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
