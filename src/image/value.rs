use std::fmt;
use std::sync::Arc;

/// A lookup table from stored values (PS3.3 C.11.1 and C.11.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lut {
    /// The stored value that the first entry is for; anything below takes the first entry.
    pub first: i32,
    /// The output for `first`, `first + 1`, ...; anything above takes the last entry. Never empty.
    pub entries: Arc<[u16]>,
    /// Bits of each entry: the output's range is `0 ..= 2^bits - 1`.
    pub bits: u16,
}

impl Lut {
    /// The entry for an input, clamped to the table's ends.
    pub fn entry(&self, input: f64) -> u16 {
        let last = self.entries.len().saturating_sub(1);
        let index = (input - f64::from(self.first)).round().clamp(0.0, last as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the table")]
        self.entries.get(index as usize).copied().unwrap_or(0)
    }

    /// The largest output the table's bits allow.
    pub fn highest(&self) -> f64 {
        f64::from((1_u32 << self.bits.clamp(1, 16)) - 1)
    }
}

/// From a stored value to the modality value: the number that a reader quotes.
#[derive(Debug, Clone, PartialEq)]
pub enum ModalityTransform {
    /// `stored * slope + intercept` (PS3.3 C.11.1.1.2); slope 1 and intercept 0 when the file gives none.
    Rescale {
        /// Rescale Slope.
        slope: f64,
        /// Rescale Intercept.
        intercept: f64,
    },
    /// Modality LUT Sequence (PS3.3 C.11.1.1.1).
    Lut {
        /// The table.
        table: Lut,
        /// The modality value of one unit of its entries: 0.001 for optical density, else 1.
        scale: f64,
    },
}

impl ModalityTransform {
    /// Stored values as they are.
    pub const IDENTITY: Self = Self::Rescale { slope: 1.0, intercept: 0.0 };

    /// The modality value of a stored value.
    pub fn value(&self, stored: f64) -> f64 {
        match self {
            Self::Rescale { slope, intercept } => stored * slope + intercept,
            Self::Lut { table, scale } => f64::from(table.entry(stored)) * scale,
        }
    }

    /// How far apart the modality values of neighbouring stored values are; of a table, those of its entries.
    pub fn step(&self) -> f64 {
        match self {
            Self::Rescale { slope, .. } => slope.abs(),
            Self::Lut { scale, .. } => scale.abs(),
        }
    }

    /// The least and the highest modality value of the stored values from `first` to `last`.
    pub fn range(&self, [first, last]: [f64; 2]) -> [f64; 2] {
        let ends = match self {
            Self::Rescale { .. } => [self.value(first), self.value(last)],
            Self::Lut { table, scale } => {
                let entries = || table.entries.iter().copied();
                [entries().min(), entries().max()].map(|entry| f64::from(entry.unwrap_or(0)) * scale)
            }
        };
        [ends[0].min(ends[1]), ends[0].max(ends[1])]
    }
}

/// What a modality value is measured in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueUnit {
    /// Hounsfield units: only where the modality is CT and the rescale gives HU.
    Hounsfield,
    /// The number in the file, with no physical meaning.
    Stored,
    /// The number in the file times the file's slope plus its intercept, with no declared meaning (MR).
    Rescaled,
    /// What the file declares: Rescale Type, Modality LUT Type or Units (PET).
    Declared(Arc<str>),
}

impl ValueUnit {
    /// The unit as labels and files write it.
    pub fn label(&self) -> &str {
        match self {
            Self::Hounsfield => "HU",
            Self::Stored => "stored value",
            Self::Rescaled => "rescaled value",
            Self::Declared(unit) => unit,
        }
    }
}

impl fmt::Display for ValueUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_its_ends() {
        let lut = Lut { first: -3, entries: [10, 20, 40].into(), bits: 8 };
        let transform = ModalityTransform::Lut { table: lut.clone(), scale: 1.0 };
        for (stored, value) in [(-9.0, 10.0), (-3.0, 10.0), (-2.0, 20.0), (-1.0, 40.0), (7.0, 40.0)] {
            assert!((transform.value(stored) - value).abs() < f64::EPSILON);
        }
        assert!((lut.highest() - 255.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_slope_below_one_is_not_truncated() {
        let adc = ModalityTransform::Rescale { slope: 0.25, intercept: -1.5 };
        assert!((adc.value(7.0) - 0.25).abs() < f64::EPSILON);
    }
}
