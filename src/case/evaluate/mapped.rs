//! Mean and largest value of a region or mask in the file's linear real world mappings, pixel by pixel.

use std::sync::Arc;

use crate::case::{Quantity, QuantityKind, QuantityUnit};
use crate::image::{RealWorldFunction, RealWorldMap};

/// Sums over the values of one mapping, which may differ from slice to slice.
#[derive(Debug)]
struct Sum {
    label: Arc<str>,
    unit: Arc<str>,
    total: f64,
    largest: f64,
    count: usize,
}

impl Sum {
    fn is_of(&self, map: &RealWorldMap) -> bool {
        self.label == map.label && self.unit == map.unit
    }

    /// The value of a stored value: of several parts of one mapping by that whose range it lies in.
    fn value(&self, maps: &[RealWorldMap], stored: f64) -> Option<f64> {
        maps.iter().filter(|map| self.is_of(map)).find_map(|map| map.value(stored))
    }
}

/// The mappings that all slices so far have and that map all values so far.
#[derive(Debug, Default)]
pub(super) struct Mapped {
    sums: Option<Vec<Sum>>,
}

impl Mapped {
    /// Before the values of a frame: what it has no linear mapping for is left out from here on.
    pub(super) fn begin(&mut self, maps: &[RealWorldMap]) {
        let linear = |map: &RealWorldMap| matches!(map.function, RealWorldFunction::Linear { .. });
        let sums = self.sums.get_or_insert_with(|| {
            let mut sums: Vec<Sum> = Vec::new();
            for map in maps {
                if !sums.iter().any(|sum| sum.is_of(map)) {
                    let (label, unit) = (Arc::clone(&map.label), Arc::clone(&map.unit));
                    sums.push(Sum { label, unit, total: 0.0, largest: f64::NEG_INFINITY, count: 0 });
                }
            }
            sums
        });
        sums.retain(|sum| {
            let mut own = maps.iter().filter(|map| sum.is_of(map)).peekable();
            own.peek().is_some() && own.all(linear)
        });
    }

    /// One more value of the frame with these mappings; what does not map it is left out.
    pub(super) fn add(&mut self, maps: &[RealWorldMap], stored: f64) {
        let Some(sums) = &mut self.sums else { return };
        sums.retain_mut(|sum| {
            let Some(value) = sum.value(maps, stored) else { return false };
            sum.total += value;
            sum.largest = sum.largest.max(value);
            sum.count += 1;
            true
        });
    }

    /// Mean and largest value by each mapping.
    pub(super) fn quantities(self) -> Vec<Quantity> {
        let sums = self.sums.into_iter().flatten().filter(|sum| sum.count > 0);
        sums.flat_map(|sum| {
            let unit = QuantityUnit::RealWorld { unit: sum.unit, name: sum.label };
            let mean = sum.total / sum.count as f64;
            [
                Quantity { kind: QuantityKind::RealWorldMean, value: mean, unit: unit.clone() },
                Quantity { kind: QuantityKind::RealWorldMax, value: sum.largest, unit },
            ]
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(label: &str, slope: f64, [first, last]: [f64; 2]) -> RealWorldMap {
        let function = RealWorldFunction::Linear { slope, intercept: 1.5 };
        RealWorldMap { label: label.into(), unit: "g/ml".into(), first, last, function, source: "".into() }
    }

    fn found(slices: &[(&[RealWorldMap], &[f64])]) -> Vec<(String, f64)> {
        let mut mapped = Mapped::default();
        for (maps, stored) in slices {
            mapped.begin(maps);
            stored.iter().for_each(|stored| mapped.add(maps, *stored));
        }
        let name = |q: &Quantity| format!("{} {}", q.kind.name(), q.unit.mapping().unwrap_or_default());
        mapped.quantities().iter().map(|q| (name(q), q.value)).collect()
    }

    fn both(label: &str, mean: f64, max: f64) -> [(String, f64); 2] {
        [(format!("real_world_mean {label}"), mean), (format!("real_world_max {label}"), max)]
    }

    #[test]
    fn each_slice_is_mapped_by_its_own_slope() {
        let (a, b) = ([map("SUVbw", 0.5, [0.0, 9.0])], [map("SUVbw", 2.0, [0.0, 9.0])]);
        // 2.5 3.5 and 7.5: their mean is no mapping of the mean 3.
        assert_eq!(found(&[(&a, &[2.0, 4.0]), (&b, &[3.0])]), both("SUVbw", 4.5, 7.5));
    }

    #[test]
    fn what_does_not_map_every_value_gives_none() {
        let (narrow, wide) = (map("a", 0.5, [0.0, 3.0]), map("b", 2.0, [0.0, 9.0]));
        let maps = [narrow.clone(), wide.clone()];
        assert_eq!(found(&[(&maps, &[2.0, 4.0])]), both("b", 7.5, 9.5));
        // The next slice lacks it, or has a table.
        assert!(
            found(&[(std::slice::from_ref(&wide), &[2.0]), (std::slice::from_ref(&narrow), &[2.0])])
                .is_empty()
        );
        let table = RealWorldMap { function: RealWorldFunction::Table([0.5, 0.25].into()), ..wide };
        assert!(found(&[(&[table], &[0.0])]).is_empty());
        assert!(found(&[(&[], &[1.0])]).is_empty() && found(&[(&[narrow], &[])]).is_empty());
    }

    #[test]
    fn the_parts_of_one_mapping_are_one() {
        let parts = [map("a", 0.5, [0.0, 3.0]), map("a", 2.0, [4.0, 9.0])];
        assert_eq!(found(&[(&parts, &[2.0, 4.0])]), both("a", 6.0, 9.5));
    }
}
