use super::Lut;

/// Red, green and blue tables of a palette image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// One table each for red, green and blue.
    pub tables: [Lut; 3],
}

impl Palette {
    /// The first stored value that the tables map; the least, where they differ.
    pub fn first(&self) -> i32 {
        self.tables.iter().map(|table| table.first).min().unwrap_or(0)
    }

    /// The colours of stored values.
    pub fn colors(&self) -> PaletteColors {
        // The three have one scale. Many writers declare 16 bits and fill 8, some declare 8 and fill 16.
        let highest = self.tables.iter().flat_map(|table| table.entries.iter().copied()).max().unwrap_or(0);
        let declared = self.tables.iter().map(|table| u32::from(table.bits)).max().unwrap_or(8);
        let shift = if highest > 255 { declared.max(u16::BITS - highest.leading_zeros()) - 8 } else { 0 };
        let byte = |entry: &u16| u8::try_from(entry >> shift).unwrap_or(u8::MAX);
        let table = |table: &Lut| (i64::from(table.first), table.entries.iter().map(byte).collect());
        let [red, green, blue] = &self.tables;
        PaletteColors([table(red), table(green), table(blue)])
    }
}

/// The colours of a palette in 8 bits: for each of red, green and blue the first stored value and the levels from it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaletteColors([(i64, Vec<u8>); 3]);

impl PaletteColors {
    /// Red, green and blue of a stored value. Values before the first take the first colour, values beyond the last the
    /// last (PS3.3 C.7.6.3.1.5).
    pub fn at(&self, stored: i64) -> [u8; 3] {
        let level = |(first, levels): &(i64, Vec<u8>)| {
            let last = levels.len().saturating_sub(1);
            let at = usize::try_from(stored - first).unwrap_or(0).min(last);
            levels.get(at).copied().unwrap_or(0)
        };
        let [red, green, blue] = &self.0;
        [level(red), level(green), level(blue)]
    }
}
