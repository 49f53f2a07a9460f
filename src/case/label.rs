use serde::{Deserialize, Serialize};

use super::{Quantity, QuantityKind, QuantityUnit};
use crate::image::{Calibration, ValueUnit};
use crate::numbers::decimal as number;

/// Decimals of a quantity by its unit: the one rule of label, ledger, live value and report.
///
/// Lengths, areas and volumes have one, and three digits where they are smaller than one; HU and degrees one; values by
/// a mapping (SUV) and ratios two; what is counted none.
pub fn unit_decimals(quantity: &Quantity) -> usize {
    let size = quantity.value.abs();
    match &quantity.unit {
        QuantityUnit::Value(ValueUnit::Hounsfield, _)
        | QuantityUnit::Degrees
        | QuantityUnit::Percent
        | QuantityUnit::Length(Calibration::None)
        | QuantityUnit::Area(Calibration::None)
        | QuantityUnit::Millilitres(Calibration::None) => 1,
        QuantityUnit::Value(ValueUnit::Stored | ValueUnit::Rescaled | ValueUnit::Declared(_), step) => {
            match step.0 {
                None => sized_decimals(size),
                Some(step) if quantity.kind == QuantityKind::Value => {
                    super::value_decimals(quantity.value, Some(step))
                }
                Some(step) => super::computed_decimals(size, Some(step)),
            }
        }
        QuantityUnit::RealWorld { .. } => mapped_decimals(size),
        QuantityUnit::Length(_)
        | QuantityUnit::Area(_)
        | QuantityUnit::Millilitres(_)
        | QuantityUnit::MillilitresCutOff => size_decimals(size),
        QuantityUnit::Times => 2,
        QuantityUnit::Pixels | QuantityUnit::Voxels | QuantityUnit::Slices | QuantityUnit::Parts => 0,
    }
}

/// Decimals for all values of one label: those of its mean, or of its one value, so that they line up and the mean is
/// the same in the label as in the ledger.
fn value_decimals(quantities: &[Quantity]) -> usize {
    let of = |kind| Quantity::find(quantities, kind);
    of(QuantityKind::Mean).or_else(|| of(QuantityKind::Value)).map_or(1, unit_decimals)
}

/// Decimals of a value that no unit rules, by its size.
fn sized_decimals(size: f64) -> usize {
    match size {
        size if size >= 10_000.0 => 0,
        size if size >= 2.0 || size <= 0.0 => 1,
        size => small_decimals(size),
    }
}

/// Decimals of a value by a mapping of the file: two, and four digits of a small one.
fn mapped_decimals(size: f64) -> usize {
    if size >= 2.0 || size <= 0.0 { 2 } else { small_decimals(size) }
}

/// A quantity in words, rounded by the rule of its unit: `38.0 HU`, `12.5\u{b0}`, `412 px`.
pub fn quantity_words(quantity: &Quantity) -> String {
    with_unit(quantity, unit_decimals(quantity))
}

fn with_unit(quantity: &Quantity, decimals: usize) -> String {
    let unit = quantity.unit.label();
    // Degrees alone stand close to their number.
    let space = if unit == "\u{b0}" { "" } else { " " };
    format!("{}{space}{unit}", number(quantity.value, decimals))
}

/// Decimals for a number below 2: four, and more where four digits would not be left (ADC in mm²/s).
fn small_decimals(value: f64) -> usize {
    (4_i32..=12)
        .find(|decimals| value * 10_f64.powi(*decimals) >= 1000.0)
        .map_or(12, |d| d.unsigned_abs() as usize)
}

/// Decimals for a number that stands alone: at least four digits of a small one.
pub fn decimals_of(value: f64) -> usize {
    match value.abs() {
        size if value.fract() == 0.0 && size < 1e15 => 0,
        size if size >= 2.0 => 2,
        size => small_decimals(size),
    }
}

/// Decimals for lengths and areas: one, and three digits of what is smaller than one, as under a microscope.
fn size_decimals(least: f64) -> usize {
    if least >= 0.95 || least <= 0.0 {
        return 1;
    }
    (3_i32..=12)
        .find(|decimals| least * 10_f64.powi(*decimals) >= 99.5)
        .map_or(12, |d| d.unsigned_abs() as usize)
}

/// How labels write lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LabelStyle {
    /// Lengths in cm and areas in cm², not in mm and mm².
    pub centimetres: bool,
    /// The axes of a lesion from the longest to the shortest, not in the order drawn.
    pub sorted: bool,
}

impl LabelStyle {
    /// The axes of a size: `22.0 x 35.0 x 40.0 mm`. What is not in mm stays as it is.
    pub fn size(self, axes: &[&Quantity]) -> String {
        let mut axes = axes.to_vec();
        if self.sorted {
            axes.sort_by(|a, b| b.value.total_cmp(&a.value));
        }
        let unit = axes.first().map_or("", |axis| axis.unit.label());
        let centimetres = self.centimetres && unit == "mm";
        let (unit, factor) = if centimetres { ("cm", 0.1) } else { (unit, 1.0) };
        let least = axes.iter().map(|axis| axis.value.abs() * factor).fold(f64::INFINITY, f64::min);
        let decimals = if unit.starts_with("px") { 1 } else { size_decimals(least) };
        let numbers: Vec<String> = axes.iter().map(|axis| number(axis.value * factor, decimals)).collect();
        format!("{} {unit}", numbers.join(" x "))
    }

    /// An area, in the unit that goes with the lengths.
    pub fn area(self, area: &Quantity) -> String {
        match area.unit.label() {
            "mm\u{b2}" if self.centimetres => {
                let value = area.value * 0.01;
                format!("{} cm\u{b2}", number(value, size_decimals(value.abs())))
            }
            _ => quantity_words(area),
        }
    }
}

/// The axes among the values of a measurement, in the order drawn.
pub fn axes(quantities: &[Quantity]) -> Vec<&Quantity> {
    let kinds = [QuantityKind::Length, QuantityKind::ShortAxis, QuantityKind::ThirdAxis];
    kinds.into_iter().filter_map(|kind| Quantity::find(quantities, kind)).collect()
}

/// The lines of a measurement's label: every number with its unit, lengths in mm.
pub fn label_lines(quantities: &[Quantity]) -> Vec<String> {
    label_lines_in(quantities, LabelStyle::default())
}

/// The lines of a measurement's label in a style.
pub fn label_lines_in(quantities: &[Quantity], style: LabelStyle) -> Vec<String> {
    let find = |kind| Quantity::find(quantities, kind);
    let decimals = value_decimals(quantities);
    let value = |q: &Quantity| with_unit(q, decimals);
    let plain = |q: &Quantity| number(q.value, decimals);
    let mut lines = Vec::new();
    if let Some(q) = find(QuantityKind::Value) {
        lines.push(value(q));
    }
    for q in quantities.iter().filter(|q| q.kind == QuantityKind::RealWorld) {
        let name = q.unit.mapping().map_or_else(String::new, |name| format!(" ({name})"));
        lines.push(format!("{}{name}", with_unit(q, decimals_of(q.value))));
    }
    let area = find(QuantityKind::Area);
    let count = find(QuantityKind::Count).map(quantity_words);
    if let Some(mean) = find(QuantityKind::Mean) {
        let sd = find(QuantityKind::Sd).map(|sd| format!("SD {}", plain(sd)));
        let count = count.clone().filter(|_| area.is_none());
        let words = [Some(format!("mean {}", value(mean))), sd, count];
        lines.push(words.into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    if let (Some(min), Some(max), Some(median)) =
        (find(QuantityKind::Min), find(QuantityKind::Max), find(QuantityKind::Median))
    {
        lines.push(format!("min {}, median {}, max {}", plain(min), plain(median), value(max)));
    }
    lines.extend(mapped_lines(quantities));
    if let Some(area) = area {
        let words = [Some(format!("area {}", style.area(area))), count];
        lines.push(words.into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    lines.extend(outline_lines(quantities, style));
    lines.extend(left_out(quantities));
    let axes = axes(quantities);
    if !axes.is_empty() {
        lines.push(style.size(&axes));
    }
    if let Some(volume) = find(QuantityKind::Volume) {
        let longest = find(QuantityKind::Diameter);
        let longest =
            longest.map_or_else(String::new, |longest| format!(", longest {}", style.size(&[longest])));
        lines.push(format!("volume {}{longest}", quantity_words(volume)));
    }
    if let (Some(long), Some(across)) = (find(QuantityKind::InSliceLong), find(QuantityKind::InSliceAcross)) {
        lines.push(format!("in one slice {}", style.size(&[long, across])));
    }
    if let Some(margin) = find(QuantityKind::MarginVolume) {
        lines.push(format!("with its margin {}", quantity_words(margin)));
    }
    if let Some(distance) = find(QuantityKind::Distance) {
        lines.push(style.size(&[distance]));
    }
    if let Some(product) = find(QuantityKind::Product) {
        let volume = find(QuantityKind::EllipsoidVolume);
        let volume =
            volume.map_or_else(String::new, |volume| format!(", ellipsoid {}", quantity_words(volume)));
        lines.push(format!("product {}{volume}", style.area(product)));
    }
    if let Some(angle) = find(QuantityKind::Angle) {
        lines.push(quantity_words(angle));
    }
    lines
}

/// What of an outline is not as it looks: how much lies on the image, and what it goes round twice.
fn outline_lines(quantities: &[Quantity], style: LabelStyle) -> Vec<String> {
    let area = |kind| Quantity::find(quantities, kind).map(|q| (q.value, style.area(q)));
    let inside = area(QuantityKind::AreaInside)
        .map(|(_, words)| format!("partly outside the image: {words} of the area inside it"));
    let twice = area(QuantityKind::AreaTwice).map(|(twice, words)| {
        if twice > 0.0 {
            format!("outline runs over itself: {words} inside it twice counts as outside (even-odd rule)")
        } else {
            "outline crosses itself: all its loops count (even-odd rule)".to_owned()
        }
    });
    inside.into_iter().chain(twice).collect()
}

/// How many pixels or voxels were left out, and why: `3 of 20 px left out: padding`.
fn left_out(quantities: &[Quantity]) -> Option<String> {
    let find = |kind| Quantity::find(quantities, kind);
    let count = |kind| find(kind).map_or(0.0, |q| q.value);
    let (padding, nan) = (count(QuantityKind::PaddingCount), count(QuantityKind::NanCount));
    let why = match (padding > 0.0, nan > 0.0) {
        (false, false) => return None,
        (true, false) => "padding",
        (false, true) => "NaN",
        (true, true) => "padding or NaN",
    };
    let left = number(padding + nan, 0);
    let all = number(count(QuantityKind::Count) + padding + nan, 0);
    let unit = find(QuantityKind::Count).map_or("px", |q| q.unit.label());
    Some(format!("{left} of {all} {unit} left out: {why}"))
}

/// The lines beside a mask on an image: there is room for size, volume, density and margin.
pub fn mask_lines(quantities: &[Quantity], style: LabelStyle) -> Vec<String> {
    let find = |kind| Quantity::find(quantities, kind);
    let axes = axes(quantities);
    let size = (!axes.is_empty()).then(|| style.size(&axes));
    let mean = label_lines(quantities).into_iter().find(|line| line.starts_with("mean "));
    let margin = find(QuantityKind::MarginVolume).map(|q| format!("with its margin {}", quantity_words(q)));
    let volume = find(QuantityKind::Volume).map(quantity_words);
    let first: Vec<String> = volume.into_iter().chain(size).collect();
    let mapped = mapped_lines(quantities);
    let parts = find(QuantityKind::Parts).map(|q| format!("in {} separate parts", number(q.value, 0)));
    [Some(first.join(", ")), parts, mean].into_iter().flatten().chain(mapped).chain(margin).collect()
}

/// Mean and largest value by each mapping: `SUVbw 4.21 g/ml mean, 7.80 max`.
fn mapped_lines(quantities: &[Quantity]) -> Vec<String> {
    let of = |kind| quantities.iter().filter(move |q| q.kind == kind);
    let means = of(QuantityKind::RealWorldMean);
    means
        .map(|mean| {
            mapped_line(mean, of(QuantityKind::RealWorldMax).find(|largest| largest.unit == mean.unit))
        })
        .collect()
}

/// A mean by a mapping, with the largest value by it: `SUVbw 4.21 g/ml mean, 7.80 max`.
pub fn mapped_line(mean: &Quantity, largest: Option<&Quantity>) -> String {
    let size = largest.map_or(mean.value.abs(), |largest| largest.value.abs().max(mean.value.abs()));
    let decimals = mapped_decimals(size);
    let name = mean.unit.mapping().map_or_else(String::new, |name| format!("{name} "));
    let largest =
        largest.map_or_else(String::new, |largest| format!(", {} max", number(largest.value, decimals)));
    format!("{name}{} {} mean{largest}", number(mean.value, decimals), mean.unit.label())
}

/// The density of a region in a line: `mean 38.1 HU, SD 4.3, area 20.0 mm², 412 px`.
pub fn density_phrase(quantities: &[Quantity]) -> Option<String> {
    let lines = label_lines(quantities);
    let mean = lines.iter().find(|line| line.starts_with("mean "))?;
    let area = lines.iter().find(|line| line.starts_with("area "))?;
    Some(format!("{mean}, {area}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(kind: QuantityKind, value: f64, unit: QuantityUnit) -> Quantity {
        Quantity { kind, value, unit }
    }

    #[test]
    fn no_number_stands_without_its_unit() {
        let hu = || QuantityUnit::Value(ValueUnit::Hounsfield, crate::case::Step::default());
        let list = [
            quantity(QuantityKind::Count, 412.0, QuantityUnit::Pixels),
            quantity(QuantityKind::Mean, 38.04, hu()),
            quantity(QuantityKind::Sd, 4.26, hu()),
            quantity(QuantityKind::Median, 38.0, hu()),
            quantity(QuantityKind::Min, -0.04, hu()),
            quantity(QuantityKind::Max, 51.0, hu()),
            quantity(QuantityKind::Area, 231.44, QuantityUnit::Area(Calibration::InPatient)),
            quantity(QuantityKind::PaddingCount, 0.0, QuantityUnit::Pixels),
        ];
        assert_eq!(
            label_lines(&list),
            ["mean 38.0 HU, SD 4.3", "min 0.0, median 38.0, max 51.0 HU", "area 231.4 mm², 412 px"]
        );
        let px = quantity(QuantityKind::Length, 40.0, QuantityUnit::Length(Calibration::None));
        assert_eq!(label_lines(&[px]), ["40.0 px"]);
        let px = quantity(QuantityKind::Length, 0.4, QuantityUnit::Length(Calibration::None));
        assert_eq!(label_lines(&[px]), ["0.4 px"]);
    }

    #[test]
    fn one_rule_per_unit_rounds_half_away_from_zero() {
        let (length, area) =
            (QuantityUnit::Length(Calibration::InPatient), QuantityUnit::Area(Calibration::InPatient));
        let hu = QuantityUnit::Value(ValueUnit::Hounsfield, crate::case::Step::default());
        let suv = QuantityUnit::RealWorld { unit: "g/ml".into(), name: "SUVbw".into() };
        let words = [
            (QuantityKind::Length, 16.05, length),
            (QuantityKind::Area, 769.95, area.clone()),
            (QuantityKind::Product, 770.0, area),
            (QuantityKind::EllipsoidVolume, 10.25, QuantityUnit::Millilitres(Calibration::InPatient)),
            (QuantityKind::Mean, -12.25, hu.clone()),
            (QuantityKind::Mean, -0.04, hu),
            (QuantityKind::Count, 798.0, QuantityUnit::Pixels),
            (QuantityKind::Angle, 12.35, QuantityUnit::Degrees),
            (QuantityKind::RealWorldMean, 4.205, suv),
        ]
        .map(|(kind, value, unit)| quantity_words(&quantity(kind, value, unit)));
        let expected = [
            "16.1 mm",
            "770.0 mm²",
            "770.0 mm²",
            "10.3 mL",
            "-12.3 HU",
            "0.0 HU",
            "798 px",
            "12.4°",
            "4.21 g/ml",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn areas_follow_the_unit_of_lengths() {
        let style = LabelStyle { centimetres: true, ..LabelStyle::default() };
        let area = quantity(QuantityKind::Area, 440.0, QuantityUnit::Area(Calibration::InPatient));
        assert_eq!(label_lines_in(&[area], style), ["area 4.4 cm²"]);
    }

    #[test]
    fn small_values_keep_their_digits() {
        let adc = |value| {
            quantity(
                QuantityKind::Value,
                value,
                QuantityUnit::Value(ValueUnit::Stored, crate::case::Step::default()),
            )
        };
        assert_eq!(label_lines(&[adc(0.000_812_34)]), ["0.0008123 stored value"]);
        assert_eq!(label_lines(&[adc(0.25)]), ["0.2500 stored value"]);
        assert_eq!(label_lines(&[adc(812.34)]), ["812.3 stored value"]);
        assert_eq!([0.0, 7.0, 2.345, 0.000_812_34].map(decimals_of), [0, 0, 2, 7]);
    }

    #[test]
    fn lengths_under_a_microscope_keep_their_digits() {
        let length =
            |value| quantity(QuantityKind::Length, value, QuantityUnit::Length(Calibration::InPatient));
        let words = |value| label_lines(&[length(value)]).concat();
        assert_eq!([12.34, 0.96, 0.0].map(words), ["12.3 mm", "1.0 mm", "0.0 mm"]);
        assert_eq!(
            [0.6, 0.1534, 0.0123, 0.000_456].map(words),
            ["0.600 mm", "0.153 mm", "0.0123 mm", "0.000456 mm"]
        );
        let short = quantity(QuantityKind::ShortAxis, 0.05, QuantityUnit::Length(Calibration::InPatient));
        assert_eq!(label_lines(&[length(0.1534), short]), ["0.1534 x 0.0500 mm"]);
        let area = quantity(QuantityKind::Area, 0.0123, QuantityUnit::Area(Calibration::InPatient));
        assert_eq!(label_lines(&[area]), ["area 0.0123 mm²"]);
    }

    #[test]
    fn a_real_world_value_says_its_unit_and_which_mapping_it_is() {
        let unit = QuantityUnit::RealWorld { unit: "g/ml".into(), name: "SUVbw".into() };
        let list = [
            quantity(
                QuantityKind::Value,
                5120.0,
                QuantityUnit::Value(ValueUnit::Stored, crate::case::Step::default()),
            ),
            quantity(QuantityKind::RealWorld, 3.456_7, unit),
        ];
        assert_eq!(label_lines(&list), ["5120.0 stored value", "3.46 g/ml (SUVbw)"]);
    }

    #[test]
    fn a_region_says_mean_and_largest_value_by_each_mapping() {
        let unit = |name: &str| QuantityUnit::RealWorld { unit: "g/ml".into(), name: name.into() };
        let list = [
            quantity(QuantityKind::RealWorldMean, 4.208, unit("SUVbw")),
            quantity(QuantityKind::RealWorldMax, 7.8, unit("SUVbw")),
            quantity(QuantityKind::RealWorldMean, 0.421, unit("")),
            quantity(QuantityKind::RealWorldMax, 0.78, unit("")),
        ];
        assert_eq!(label_lines(&list), ["SUVbw 4.21 g/ml mean, 7.80 max", "0.4210 g/ml mean, 0.7800 max"]);
    }
}
