//! Which of the sizes drawn of a lesion at one time point counts?
//!
//! That which the reader chose. Else three axes or a mask before two axes before a line; of lines the longest, which is
//! what a longest diameter is; of the rest what was drawn last, and then the others are said beside it.

use super::{Kind, Known, LedgerCell, Measured, Measurement, MeasurementId, Quantity, QuantityKind, axes};

/// Diameters that differ by less read the same.
const SAME_MM: f64 = 0.05;

/// A size of a lesion, as one measurement gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeDrawn {
    /// The measurement.
    pub id: MeasurementId,
    /// Its axes in the order drawn.
    pub axes: Vec<Measured>,
    /// The axes that lie in one plane, the longer one not always first.
    pub in_slice: Vec<Measured>,
    /// Slices that it spans.
    pub slices: Option<usize>,
    /// Thickness of the slices that it was drawn on, mm.
    pub thickness_mm: Option<f64>,
    /// Separate parts of a mask, where there are more than one.
    pub parts: Option<usize>,
    product: Option<Measured>,
    ellipsoid: Option<Measured>,
    voxels: Option<Measured>,
    manner: Option<String>,
    /// How well its kind says a size: 1 for a line.
    rank: u8,
}

impl SizeDrawn {
    /// The size that a measurement gives; `None` of what gives none.
    pub(super) fn new(measurement: &Measurement, values: &[Quantity], known: &Known<'_>) -> Option<Self> {
        let rank = rank(measurement.kind)?;
        let of = |quantity: &Quantity| Measured { id: measurement.id, quantity: quantity.clone() };
        let find = |kind| Quantity::find(values, kind).map(of);
        let count = |kind| {
            Quantity::find(values, kind).map(|count| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand")]
                let count = count.value as usize;
                count
            })
        };
        let axes: Vec<Measured> = axes(values).into_iter().map(of).collect();
        let in_slice = match (find(QuantityKind::InSliceLong), find(QuantityKind::InSliceAcross)) {
            (Some(long), Some(across)) => vec![long, across],
            _ => axes.iter().take(2).cloned().collect(),
        };
        if axes.is_empty() {
            return None;
        }
        Some(Self {
            id: measurement.id,
            axes,
            in_slice,
            slices: count(QuantityKind::Slices).or(known.slices),
            thickness_mm: known.thickness_mm,
            parts: count(QuantityKind::Parts),
            product: find(QuantityKind::Product),
            ellipsoid: find(QuantityKind::EllipsoidVolume),
            voxels: find(QuantityKind::Volume),
            manner: known.manner.clone(),
            rank,
        })
    }

    /// The longer and the shorter axis of its plane in mm; the second only where there are two.
    pub(super) fn in_plane_mm(&self) -> (Option<f64>, Option<f64>) {
        in_plane_mm(&self.in_slice)
    }

    fn longest_mm(&self) -> Option<f64> {
        self.axes.iter().filter_map(|axis| axis.value_in("mm")).reduce(f64::max)
    }

    fn agrees_with(&self, other: &Self) -> bool {
        let same = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| (a - b).abs() < SAME_MM);
        let (own, other) = (self.in_plane_mm(), other.in_plane_mm());
        same(own.0, other.0) && same(own.1, other.1)
    }
}

pub(super) fn in_plane_mm(in_slice: &[Measured]) -> (Option<f64>, Option<f64>) {
    let mm: Vec<f64> = in_slice.iter().filter_map(|axis| axis.value_in("mm")).collect();
    let least = || mm.iter().copied().reduce(f64::min);
    (mm.iter().copied().reduce(f64::max), (mm.len() == 2).then(least).flatten())
}

impl LedgerCell {
    /// Takes the size that counts; `chosen` are those of the reader, the latest last.
    pub(super) fn choose(&mut self, chosen: &[MeasurementId]) {
        let by_reader = |size: &&SizeDrawn| chosen.contains(&size.id);
        let length = |size: &SizeDrawn| size.axes.first().map_or(0.0, |axis| axis.quantity.value);
        let place = |size: &&SizeDrawn| chosen.iter().position(|id| *id == size.id);
        let best = self.sizes.iter().filter(by_reader).max_by_key(place);
        // Of equals the last.
        let order = |a: &&SizeDrawn, b: &&SizeDrawn| {
            let longer = (a.rank == 1).then(|| length(a).total_cmp(&length(b)));
            a.rank.cmp(&b.rank).then(longer.unwrap_or(std::cmp::Ordering::Equal))
        };
        let best = best.or_else(|| self.sizes.iter().max_by(order));
        // The voxels of a mask say more than an ellipsoid does.
        let volume = |of: fn(&SizeDrawn) -> Option<&Measured>| {
            best.and_then(of).or_else(|| self.sizes.iter().rev().find_map(of)).cloned()
        };
        self.volume = volume(|size| size.voxels.as_ref()).or_else(|| volume(|size| size.ellipsoid.as_ref()));
        let Some(best) = best.cloned() else { return };
        self.slices = best.slices;
        self.counts = Some(best.id);
        self.size = best.axes;
        self.in_slice = best.in_slice;
        self.product = best.product;
        self.thickness_mm = best.thickness_mm;
        self.manner = best.manner;
        self.chosen = chosen.contains(&best.id);
    }

    /// The size that counts.
    pub fn counting(&self) -> Option<&SizeDrawn> {
        self.sizes.iter().find(|size| Some(size.id) == self.counts)
    }

    /// Sizes that contradict each other while the reader has chosen none: the one that counts first.
    pub fn contradicting(&self) -> Vec<&SizeDrawn> {
        let Some(counting) = self.counting().filter(|size| size.rank > 1 && !self.chosen) else {
            return Vec::new();
        };
        let others = self.sizes.iter().filter(|size| size.id != counting.id && size.rank > 1);
        let mut found: Vec<&SizeDrawn> = others.filter(|size| !size.agrees_with(counting)).collect();
        if !found.is_empty() {
            found.insert(0, counting);
        }
        found
    }

    /// Lines that say another longest diameter than the one that counts, while the reader has chosen none: shorter ones
    /// beside a line, and longer ones beside axes or a mask.
    pub fn other_lines(&self) -> Vec<&SizeDrawn> {
        let Some(counting) = self.counting().filter(|_| !self.chosen) else { return Vec::new() };
        let most = counting.longest_mm().unwrap_or(f64::INFINITY);
        let lines = self.sizes.iter().filter(|size| size.id != counting.id && size.rank == 1);
        let says_other = |size: &&SizeDrawn| {
            size.longest_mm()
                .is_some_and(|mm| if counting.rank == 1 { mm < most - SAME_MM } else { mm > most + SAME_MM })
        };
        lines.filter(says_other).collect()
    }
}

/// How well a kind says the size of a lesion; `None` where it says none.
fn rank(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Size | Kind::Mask => Some(3),
        Kind::Bidirectional => Some(2),
        Kind::Length => Some(1),
        Kind::Probe
        | Kind::Angle
        | Kind::Ellipse
        | Kind::Rectangle
        | Kind::Polygon
        | Kind::Freehand
        | Kind::Arrow
        | Kind::Text
        | Kind::LineDistance
        | Kind::MidlineShift
        | Kind::Height
        | Kind::Cobb
        | Kind::OpenAngle => None,
    }
}
