//! A region against another: reference tissue, or the same place before contrast.

use super::{Compared, ComparedRole, Quantity, QuantityKind, QuantityUnit, number, unit_decimals};
use crate::numbers::{percent_change, signed};

/// Ratio, difference and change in percent of two means of one unit; `None` where the units differ or a mean is missing.
///
/// The ratio and the percentage are left out where the other mean is not above zero: HU have no true zero, and a
/// ratio to a negative number says nothing.
pub fn compare(own: &[Quantity], other: &[Quantity]) -> Option<Vec<Quantity>> {
    let mean = |list| Quantity::find(list, QuantityKind::Mean);
    let (own, other) = (mean(own)?, mean(other)?);
    if own.unit != other.unit {
        return None;
    }
    let difference = own.value - other.value;
    let mut found =
        vec![Quantity { kind: QuantityKind::Difference, value: difference, unit: own.unit.clone() }];
    if other.value > 0.0 {
        let (ratio, percent) = (own.value / other.value, difference / other.value * 100.0);
        found.push(Quantity { kind: QuantityKind::Ratio, value: ratio, unit: QuantityUnit::Times });
        found.push(Quantity { kind: QuantityKind::Change, value: percent, unit: QuantityUnit::Percent });
    }
    found.iter().all(|quantity| quantity.value.is_finite()).then_some(found)
}

/// The comparison in a line: `1.24 x region 4 (+7.5 HU)`, `+21.3 HU from plain region 4 (+56.0 %)`.
pub fn compared_line(compared: &Compared, own: &[Quantity], other: &[Quantity]) -> String {
    let with = compared.with.0;
    let Some(found) = compare(own, other) else {
        return format!("not comparable with region {with}: other units, or no mean");
    };
    let find = |kind| Quantity::find(&found, kind);
    let difference = |q: &Quantity| format!("{} {}", signed(q.value, unit_decimals(q)), q.unit.label());
    let difference = find(QuantityKind::Difference).map_or_else(String::new, difference);
    match compared.role {
        ComparedRole::Reference => match find(QuantityKind::Ratio) {
            Some(ratio) => format!("{} x region {with} ({difference})", number(ratio.value, 2)),
            None => format!("{difference} from region {with}"),
        },
        ComparedRole::Plain => {
            let percent = find(QuantityKind::Change).map(|q| format!(" ({})", percent_change(q.value)));
            format!("{difference} from plain region {with}{}", percent.unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{MeasurementId, Step};
    use crate::image::ValueUnit;

    fn mean(value: f64, unit: ValueUnit) -> Vec<Quantity> {
        vec![Quantity { kind: QuantityKind::Mean, value, unit: QuantityUnit::Value(unit, Step::default()) }]
    }

    #[test]
    fn a_ratio_and_a_difference_of_two_means() {
        let hu = |value| mean(value, ValueUnit::Hounsfield);
        let with = |role| Compared { with: MeasurementId(4), role };
        let line = |role, own: f64, other: f64| compared_line(&with(role), &hu(own), &hu(other));
        assert_eq!(line(ComparedRole::Reference, 38.0, 32.0), "1.19 x region 4 (+6.0 HU)");
        assert_eq!(line(ComparedRole::Plain, 60.0, 40.0), "+20.0 HU from plain region 4 (+50.0 %)");
        assert_eq!(line(ComparedRole::Plain, 30.0, 40.0), "-10.0 HU from plain region 4 (-25.0 %)");
        assert_eq!(
            line(ComparedRole::Reference, 10.0, -20.0),
            "+30.0 HU from region 4",
            "no ratio to a negative"
        );
        assert_eq!(compare(&hu(1.0), &mean(1.0, ValueUnit::Stored)), None, "HU against stored values");
        assert_eq!(compare(&hu(1.0), &[]), None);
    }
}
