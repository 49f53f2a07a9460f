use super::gradient;

/// A TIFF as it is put together by hand: one page of strips or tiles.
#[derive(Clone)]
pub(super) struct Tiff {
    pub big_endian: bool,
    pub entries: Vec<(u16, u16, Vec<u8>)>,
    pub chunks: Vec<Vec<u8>>,
    pub tiled: bool,
    pub next: Option<Box<Self>>,
}

impl Tiff {
    pub(super) fn new(size: (u16, u16), meaning: u16, bits: &[u16], chunks: Vec<Vec<u8>>) -> Self {
        let mut file = Self { big_endian: false, entries: vec![], chunks, tiled: false, next: None };
        file.short(256, size.0);
        file.short(257, size.1);
        file.shorts(258, bits);
        file.short(262, meaning);
        file.short(277, u16::try_from(bits.len()).unwrap());
        file
    }

    pub(super) fn rgb(width: u16, height: u16) -> Self {
        let data = gradient(u32::from(width), u32::from(height)).concat();
        Self::new((width, height), 2, &[8, 8, 8], vec![data])
    }

    pub(super) fn short(&mut self, tag: u16, value: u16) {
        self.shorts(tag, &[value]);
    }

    pub(super) fn shorts(&mut self, tag: u16, values: &[u16]) {
        let bytes = values.iter().flat_map(|value| self.u16(*value)).collect();
        self.entries.push((tag, 3, bytes));
    }

    pub(super) fn bytes_tag(&mut self, tag: u16, kind: u16, data: &[u8]) {
        self.entries.push((tag, kind, data.to_vec()));
    }

    pub(super) fn u16(&self, value: u16) -> [u8; 2] {
        if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn u32(&self, value: usize) -> [u8; 4] {
        let value = u32::try_from(value).unwrap();
        if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = if self.big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        out.extend(self.u32(8));
        self.write(&mut out);
        out
    }

    /// The directory, then its values, then the chunks, then the next page.
    fn write(&self, out: &mut Vec<u8>) {
        let mut entries = self.entries.clone();
        let (offsets, counts) = if self.tiled { (324, 325) } else { (273, 279) };
        let zeros = vec![0; self.chunks.len() * 4];
        entries.push((offsets, 4, zeros.clone()));
        entries.push((counts, 4, zeros));
        entries.sort_by_key(|entry| entry.0);
        let start = out.len();
        let values_at = start + 2 + entries.len() * 12 + 4;
        let values: usize =
            entries.iter().map(|entry| if entry.2.len() > 4 { entry.2.len() } else { 0 }).sum();
        let mut chunk_at = values_at + values;
        let places: Vec<(usize, usize)> =
            self.chunks.iter().map(|chunk| ((chunk_at, chunk.len()), chunk_at += chunk.len()).0).collect();
        for entry in &mut entries {
            if entry.0 == offsets {
                entry.2 = places.iter().flat_map(|place| self.u32(place.0)).collect();
            } else if entry.0 == counts {
                entry.2 = places.iter().flat_map(|place| self.u32(place.1)).collect();
            }
        }
        out.extend(self.u16(u16::try_from(entries.len()).unwrap()));
        let mut tail = Vec::new();
        for (tag, kind, data) in &entries {
            let size = match kind {
                3 => 2,
                4 => 4,
                5 => 8,
                _ => 1,
            };
            out.extend(self.u16(*tag));
            out.extend(self.u16(*kind));
            out.extend(self.u32(data.len() / size));
            if data.len() > 4 {
                out.extend(self.u32(values_at + tail.len()));
                tail.extend_from_slice(data);
            } else {
                let mut value = data.clone();
                value.resize(4, 0);
                out.extend(value);
            }
        }
        out.extend(self.u32(if self.next.is_some() { chunk_at } else { 0 }));
        out.extend(tail);
        out.extend(self.chunks.concat());
        if let Some(next) = &self.next {
            next.write(out);
        }
    }
}
