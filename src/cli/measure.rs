use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::arguments::Measure as Question;
use super::console::Console;
use super::open::open_watched;
use super::{Chosen, CliError, Shape, case_file};
use crate::case::{
    EvaluateError, Kind, Measurement, Padding, Quantity, QuantityKind, QuantityUnit, evaluate,
    evaluate_region, label_lines, margin_cut_off,
};
use crate::image::{Calibration, Decoded, Frame, Warning};

/// Measures a shape on a frame, exactly as if it had been drawn in the window.
pub fn measure(
    chosen: Chosen<'_>,
    samples: Option<&Decoded>,
    shape: &Shape,
    padding: Padding,
) -> Result<Vec<Quantity>, EvaluateError> {
    match (shape.ellipse_region(), samples) {
        (Some(region), Some(samples)) => evaluate_region(&region, chosen.frame, samples, padding),
        _ => evaluate(&shape.drawn_on(chosen), chosen.frame, samples, padding),
    }
}

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let Some(shape) = &question.shape else {
        let is_case = |path: &&PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        let (cases, data): (Vec<_>, Vec<_>) = question.paths.iter().partition(is_case);
        let [case] = cases.as_slice() else {
            let what = "say what to measure: --shape, or one case file that ends in .json";
            return Err(CliError::misuse(what));
        };
        let data: Vec<PathBuf> = data.into_iter().chain(&question.data).cloned().collect();
        return case_file::run(case, &data, question, console);
    };
    let paths: Vec<PathBuf> = question.paths.iter().chain(&question.data).cloned().collect();
    let opened = open_watched(&paths, console)?;
    let chosen = opened.choose(&question.image)?;
    let measurement = shape.drawn_on(chosen);
    let samples = if measurement.kind.needs_samples() { Some(chosen.samples()?) } else { None };
    let padding = question.padding.into();
    let quantities = measure(chosen, samples.as_ref(), shape, padding).map_err(CliError::failed)?;
    let frame = chosen.frame;
    if question.json {
        let mut answer = Map::new();
        answer.insert("kind".to_owned(), json!(shape.kind.name()));
        answer.extend(values(&measurement, frame, &quantities));
        answer.insert("sop_instance_uid".to_owned(), json!(frame.of.sop_instance.as_str()));
        answer.insert("frame_number".to_owned(), json!(frame.of.frame_number));
        let doubts = doubts(frame, &quantities);
        if !doubts.is_empty() {
            answer.insert("warnings".to_owned(), json!(doubts));
        }
        console.json(&Value::Object(answer))?;
    } else {
        for line in for_people(&measurement, frame, &quantities) {
            console.line(&line)?;
        }
    }
    Ok(0)
}

/// The numbers of a measurement for JSON: a length in mm and one in pixels never share a name.
pub(super) fn values(
    measurement: &Measurement,
    frame: &Frame,
    quantities: &[Quantity],
) -> Map<String, Value> {
    let number = |kind| Quantity::find(quantities, kind).map(|quantity| quantity.value);
    let count = |kind| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pixels")]
        number(kind).map(|n| n as u64)
    };
    let calibration = calibration(measurement, frame, quantities);
    let calibrated = calibration != Calibration::None;
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    let mut lengths = |names: [&str; 2], kind| {
        let (mm, px) = if calibrated { (number(kind), None) } else { (None, number(kind)) };
        put(names[0], json!(mm));
        if let Some(px) = px {
            put(names[1], json!(px));
        }
    };
    match measurement.kind {
        Kind::Ellipse | Kind::Rectangle | Kind::Polygon | Kind::Freehand => {
            lengths(["area_mm2", "area_px"], QuantityKind::Area);
            for (names, kind) in [
                (["area_inside_mm2", "area_inside_px"], QuantityKind::AreaInside),
                (["area_twice_mm2", "area_twice_px"], QuantityKind::AreaTwice),
            ] {
                if number(kind).is_some() {
                    lengths(names, kind);
                }
            }
            let area: Vec<_> = std::mem::take(&mut map).into_iter().collect();
            map.insert("n".to_owned(), json!(count(QuantityKind::Count)));
            for kind in [
                QuantityKind::Mean,
                QuantityKind::Sd,
                QuantityKind::Median,
                QuantityKind::Min,
                QuantityKind::Max,
            ] {
                map.insert(kind.name().to_owned(), json!(number(kind)));
            }
            map.insert("unit".to_owned(), json!(frame.unit.label()));
            map.extend(area);
            map.insert("padding".to_owned(), json!(count(QuantityKind::PaddingCount)));
            map.extend(count(QuantityKind::NanCount).map(|count| ("nan".to_owned(), json!(count))));
            map.extend(real_world(quantities));
        }
        Kind::Length => lengths(["length_mm", "length_px"], QuantityKind::Length),
        Kind::Bidirectional => {
            lengths(["length_mm", "length_px"], QuantityKind::Length);
            lengths(["short_axis_mm", "short_axis_px"], QuantityKind::ShortAxis);
            lengths(["product_mm2", "product_px"], QuantityKind::Product);
        }
        Kind::Size => {
            lengths(["length_mm", "length_px"], QuantityKind::Length);
            lengths(["short_axis_mm", "short_axis_px"], QuantityKind::ShortAxis);
            lengths(["third_axis_mm", "third_axis_px"], QuantityKind::ThirdAxis);
            lengths(["product_mm2", "product_px"], QuantityKind::Product);
            lengths(["ellipsoid_volume_ml", "ellipsoid_volume_px"], QuantityKind::EllipsoidVolume);
        }
        Kind::LineDistance | Kind::MidlineShift | Kind::Height => {
            lengths(["distance_mm", "distance_px"], QuantityKind::Distance);
        }
        Kind::Angle | Kind::Cobb | Kind::OpenAngle => {
            put("angle_deg", json!(number(QuantityKind::Angle)));
        }
        Kind::Probe => {
            put("value", json!(number(QuantityKind::Value)));
            put("stored", json!(number(QuantityKind::Stored)));
            put("unit", json!(frame.unit.label()));
            map.extend(real_world(quantities));
        }
        Kind::Mask => {
            map.extend(of_mask(quantities));
            map.insert("unit".to_owned(), json!(frame.unit.label()));
            map.extend(real_world(quantities));
        }
        Kind::Arrow | Kind::Text => return map,
    }
    map.insert("calibration".to_owned(), json!(calibration.name()));
    map
}

/// The values of a mask, each by its own name.
fn of_mask(quantities: &[Quantity]) -> Map<String, Value> {
    let named = |quantity: &Quantity| {
        // A mask lies in the patient: its sizes are in mm.
        let unit = match quantity.unit {
            QuantityUnit::Length(_) => "_mm",
            QuantityUnit::Millilitres(_) | QuantityUnit::MillilitresCutOff => "_ml",
            QuantityUnit::Area(_) => "_mm2",
            QuantityUnit::Value(..)
            | QuantityUnit::RealWorld { .. }
            | QuantityUnit::Degrees
            | QuantityUnit::Pixels
            | QuantityUnit::Voxels
            | QuantityUnit::Slices
            | QuantityUnit::Parts
            | QuantityUnit::Times
            | QuantityUnit::Percent => "",
        };
        (format!("{}{unit}", quantity.kind.name()), json!(quantity.value))
    };
    let of_map = |quantity: &&Quantity| matches!(quantity.unit, QuantityUnit::RealWorld { .. });
    let cut_off = margin_cut_off(quantities).map(|cut| ("margin_cut_off".to_owned(), json!(cut)));
    quantities.iter().filter(|quantity| !of_map(quantity)).map(named).chain(cut_off).collect()
}

/// What the values are by each of the file's mappings: of a pixel its value, of a region its mean and largest value.
fn real_world(quantities: &[Quantity]) -> Option<(String, Value)> {
    let first =
        |quantity: &&Quantity| matches!(quantity.kind, QuantityKind::RealWorld | QuantityKind::RealWorldMean);
    let maps = quantities.iter().filter(first).map(|quantity| {
        let of =
            |kind| quantities.iter().find(|q| q.kind == kind && q.unit == quantity.unit).map(|q| q.value);
        let mut map = Map::new();
        for (name, kind) in [
            ("value", QuantityKind::RealWorld),
            ("mean", QuantityKind::RealWorldMean),
            ("max", QuantityKind::RealWorldMax),
        ] {
            map.extend(of(kind).map(|value| (name.to_owned(), json!(value))));
        }
        map.insert("unit".to_owned(), json!(quantity.unit.label()));
        map.insert("label".to_owned(), json!(quantity.unit.mapping()));
        Value::Object(map)
    });
    let maps: Vec<Value> = maps.collect();
    (!maps.is_empty()).then(|| ("real_world".to_owned(), Value::Array(maps)))
}

/// What the lengths are measured with: on an ultrasound image the shape's region, where it lies in one.
fn calibration(measurement: &Measurement, frame: &Frame, quantities: &[Quantity]) -> Calibration {
    // An angle has no length that says it.
    let of_points = || Some(frame.scale_at(&measurement.points.on_frame(frame)?).calibration);
    let of_lengths = quantities.iter().find_map(|quantity| quantity.unit.calibration());
    of_lengths.or_else(of_points).unwrap_or(frame.calibration)
}

/// The lines that the window's label shows, and where the millimetres come from.
pub(super) fn for_people(measurement: &Measurement, frame: &Frame, quantities: &[Quantity]) -> Vec<String> {
    let mut lines = label_lines(quantities);
    let has = |kind| Quantity::find(quantities, kind).is_some();
    let is_angle = has(QuantityKind::Angle);
    let has_length =
        is_angle || [QuantityKind::Area, QuantityKind::Length, QuantityKind::Distance].into_iter().any(has);
    let calibration = calibration(measurement, frame, quantities);
    let why = || frame.no_scale_here(&measurement.points.on_frame(frame)?);
    match calibration {
        _ if !has_length => {}
        Calibration::InPatient => {}
        Calibration::None => lines.push(match why() {
            Some(why) if is_angle => format!("not calibrated here, and an angle needs equal spacing: {why}"),
            Some(why) => format!("not calibrated here: {why}"),
            None => calibration.to_string(),
        }),
        Calibration::Corrected { .. }
        | Calibration::AtDetector { .. }
        | Calibration::ByReader(_)
        | Calibration::InRegion => lines.push(calibration.to_string()),
    }
    lines.extend(doubts(frame, quantities));
    lines
}

/// What stands beside an SUV that can hardly be right.
pub(super) fn doubts(frame: &Frame, quantities: &[Quantity]) -> Vec<String> {
    let is_doubt = |warning: &&Warning| matches!(warning, Warning::SuvDoubtful(_));
    let has_suv = quantities.iter().any(Quantity::is_suv_bw);
    let doubts = frame.warnings.iter().filter(|_| has_suv).filter(is_doubt);
    doubts.map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Points;
    use crate::geometry::{Mm, PixelPoint, PixelSpacing};
    use crate::image::testing::oblique_frame;
    use crate::image::{FrameOfReference, UltrasoundRegion};

    #[test]
    fn a_calibrated_ultrasound_is_never_called_one_without_spacing() {
        let region = |first: u32, last: u32, rows: f64| UltrasoundRegion {
            min: (first, 0),
            max: (last, 5),
            priority: true,
            spacing: Some(PixelSpacing { between_rows: Mm(rows), between_columns: Mm(0.3) }),
        };
        let mut frame = oblique_frame();
        (frame.plane, frame.spacing, frame.calibration) = (None, None, Calibration::None);
        let words = |frame: &Frame, kind, points: &[(f64, f64)]| {
            let pixels: Vec<_> = points.iter().map(|(c, r)| PixelPoint::new(*c, *r)).collect();
            let points = Points::drawn(frame, &FrameOfReference::Declared("1.9".into()), &pixels);
            let measurement = Measurement::new(kind, points);
            let values = evaluate(&measurement, frame, None, Padding::Exclude).unwrap();
            for_people(&measurement, frame, &values).concat()
        };
        let (inside, across) = ([(1.0, 1.0), (3.0, 1.0), (3.0, 4.0)], [(1.0, 1.0), (3.0, 1.0), (7.0, 4.0)]);
        assert!(words(&frame, Kind::Angle, &inside).contains("gives no pixel spacing"));
        frame.regions = [region(0, 4, 0.5), region(5, 8, 0.7)].into();
        assert!(words(&frame, Kind::Angle, &inside).contains("scale of the ultrasound region"));
        let angle = words(&frame, Kind::Angle, &across);
        assert!(angle.contains("an angle needs equal spacing: the points lie in regions of different scale"));
        let length = words(&frame, Kind::Length, &[(1.0, 1.0), (7.0, 1.0)]);
        assert_eq!(length, "6.0 pxnot calibrated here: the points lie in regions of different scale");
        let outside = words(&frame, Kind::Length, &[(1.0, 1.0), (9.0, 1.0)]);
        assert!(outside.contains("not all points lie in a calibrated region"), "{outside}");
        assert!(!format!("{angle}{length}{outside}").contains("no pixel spacing"));
    }
}
