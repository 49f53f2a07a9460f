//! What each tissue looks like: Hounsfield units and MR signal.

use super::shape::cover;

/// What a voxel can be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tissue {
    Air,
    Skin,
    Fat,
    Muscle,
    Compact,
    Diploe,
    Csf,
    Grey,
    White,
    Thalamus,
    Striatum,
    Pallidum,
    Stem,
    Venous,
    Dura,
    DuraEnhanced,
    Vitreous,
    Lens,
    Sclera,
    Mucosa,
    Choroid,
    Calcified,
    Titanium,
    Bed,
    Rim,
    Core,
    Clot,
    Collection,
    Swelling,
    Scar,
}

/// How an image gets its contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contrast {
    /// Hounsfield units.
    Ct,
    /// T1-weighted.
    T1,
    /// T2-weighted.
    T2,
    /// T1-weighted after gadolinium.
    T1Gadolinium,
}

/// HU, T1, T2 and T1 with contrast.
const fn row(tissue: Tissue) -> [f64; 4] {
    match tissue {
        Tissue::Air => [-1000.0, 4.0, 4.0, 4.0],
        Tissue::Skin => [38.0, 400.0, 250.0, 520.0],
        Tissue::Fat => [-92.0, 880.0, 640.0, 880.0],
        Tissue::Muscle => [54.0, 310.0, 175.0, 380.0],
        Tissue::Compact => [1380.0, 35.0, 30.0, 40.0],
        Tissue::Diploe => [520.0, 430.0, 290.0, 460.0],
        Tissue::Csf => [6.0, 110.0, 960.0, 115.0],
        Tissue::Grey => [39.0, 385.0, 535.0, 410.0],
        Tissue::White => [28.0, 540.0, 385.0, 560.0],
        Tissue::Thalamus => [37.0, 440.0, 460.0, 465.0],
        Tissue::Striatum => [39.0, 415.0, 480.0, 445.0],
        Tissue::Pallidum => [42.0, 490.0, 340.0, 510.0],
        Tissue::Stem => [31.0, 500.0, 420.0, 520.0],
        Tissue::Venous => [49.0, 130.0, 70.0, 900.0],
        Tissue::Dura => [47.0, 250.0, 110.0, 520.0],
        Tissue::DuraEnhanced => [54.0, 330.0, 240.0, 860.0],
        Tissue::Vitreous => [8.0, 120.0, 1000.0, 125.0],
        Tissue::Lens => [78.0, 300.0, 180.0, 310.0],
        Tissue::Sclera => [48.0, 270.0, 140.0, 420.0],
        Tissue::Mucosa => [42.0, 330.0, 800.0, 780.0],
        Tissue::Choroid => [42.0, 330.0, 640.0, 840.0],
        Tissue::Calcified => [210.0, 180.0, 160.0, 230.0],
        Tissue::Titanium => [3000.0, 5.0, 5.0, 5.0],
        Tissue::Bed => [23.0, 260.0, 800.0, 420.0],
        Tissue::Rim => [38.0, 350.0, 570.0, 900.0],
        Tissue::Core => [38.0, 345.0, 610.0, 610.0],
        Tissue::Clot => [62.0, 520.0, 260.0, 560.0],
        Tissue::Collection => [14.0, 190.0, 880.0, 210.0],
        Tissue::Swelling => [12.0, 380.0, 610.0, 560.0],
        Tissue::Scar => [30.0, 300.0, 330.0, 540.0],
    }
}

impl Contrast {
    /// The HU or signal of a pure tissue.
    pub(super) const fn of(self, tissue: Tissue) -> f64 {
        row(tissue)[self as usize]
    }

    /// Whether the values are HU.
    pub(super) fn is_ct(self) -> bool {
        self == Self::Ct
    }
}

/// One point's value while shapes are laid over each other, the last on top.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    /// What is being imaged.
    pub(super) contrast: Contrast,
    /// Width in mm of the soft edge of every shape: the partial volume of a voxel.
    pub(super) edge: f64,
    /// The value so far.
    pub(super) value: f64,
}

impl Paint {
    /// Air everywhere.
    pub(super) fn new(contrast: Contrast, edge: f64) -> Self {
        Self { contrast, edge, value: contrast.of(Tissue::Air) }
    }

    /// Lays a tissue over what is there, inside a signed distance.
    pub(super) fn over(&mut self, tissue: Tissue, distance: f64) {
        self.over_value(self.contrast.of(tissue), distance);
    }

    /// Lays a value over what is there, inside a signed distance.
    pub(super) fn over_value(&mut self, value: f64, distance: f64) {
        self.mix(value, cover(distance, self.edge));
    }

    /// Mixes a tissue in by a share.
    pub(super) fn mix_tissue(&mut self, tissue: Tissue, share: f64) {
        self.mix(self.contrast.of(tissue), share);
    }

    /// Mixes a value in by a share.
    pub(super) fn mix(&mut self, value: f64, share: f64) {
        self.value += share * (value - self.value);
    }
}
