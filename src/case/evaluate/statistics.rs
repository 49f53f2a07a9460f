use super::found::Found;
use super::{EvaluateError, Histogram, Region};
use crate::case::{Quantity, QuantityKind, QuantityUnit};
use crate::image::{Calibration, Decoded, Frame, Scale};
use crate::with_samples;

/// Up to this an area is rounding, pixels.
const NO_AREA: f64 = 1e-9;

/// What becomes of pixel padding in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Padding {
    /// Left out and counted.
    #[default]
    Exclude,
    /// Taken like any other value.
    Include,
}

/// The percentile by nearest rank: one of the values, between which nothing is interpolated. Their order is lost.
pub fn nearest_rank(values: &mut [f64], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
    let rank = (share * last as f64).round() as usize;
    Some(*values.select_nth_unstable_by(rank.min(last), f64::total_cmp).1)
}

/// Count, mean, SD (n - 1), median, extremes and area of a region, in modality values.
pub(super) fn of_region(
    region: &Region,
    frame: &Frame,
    samples: &Decoded,
    padding: Padding,
) -> Result<Vec<Quantity>, EvaluateError> {
    if frame.color {
        return Err(EvaluateError::Color);
    }
    if samples.len() < frame.size.pixels() {
        return Err(EvaluateError::NoSamples);
    }
    let inside = region.area_inside(frame.size);
    if inside == Some(0.0) {
        return Err(EvaluateError::RegionOutside);
    }
    let there = samples.there();
    let mut found = with_samples!(
        &**samples,
        grey => collect(region, frame, grey.get(..there).unwrap_or(grey), padding),
        _rgb => return Err(EvaluateError::Color)
    );
    let (area, twice) = (region.area(), region.area_twice());
    // Only pixels that the line itself runs through would be left.
    if area <= NO_AREA {
        return Err(if twice.is_some() { EvaluateError::RunsTwice } else { EvaluateError::NoArea });
    }
    let unit = QuantityUnit::of_values(frame);
    let mut quantities = found.summary(&unit, &QuantityUnit::Pixels).map_err(|error| {
        if error != EvaluateError::NoPixelInside {
            error
        } else if inside.is_some() {
            EvaluateError::NoPixelOfImage
        } else if area >= 1.0 {
            EvaluateError::Narrow
        } else {
            error
        }
    })?;
    let Scale { spacing, calibration } = frame.scale_at(&region.reach());
    // A pixel of an image without a scale counts as one, whatever its shape.
    let pixel_area = if calibration == Calibration::None { 1.0 } else { spacing.pixel_area_mm2() };
    let of = |kind, area: f64| {
        Some(Quantity { kind, value: area * pixel_area, unit: QuantityUnit::Area(calibration) })
    };
    quantities.extend(of(QuantityKind::Area, area));
    quantities.extend(inside.and_then(|inside| of(QuantityKind::AreaInside, inside)));
    quantities.extend(twice.and_then(|twice| of(QuantityKind::AreaTwice, twice)));
    quantities.extend(found.mapped.quantities());
    Ok(quantities)
}

/// How often values occur in a region of a frame, padding left out.
pub fn region_histogram(region: &Region, frame: &Frame, samples: &Decoded) -> Option<Histogram> {
    if frame.color || samples.len() < frame.size.pixels() {
        return None;
    }
    let there = samples.there();
    let found = with_samples!(
        &**samples,
        grey => collect(region, frame, grey.get(..there).unwrap_or(grey), Padding::Exclude),
        _rgb => return None
    );
    Histogram::new(&found.values, frame.unit.clone())
}

/// The values of the pixels in a region. `samples` ends where the file does.
fn collect<T: Copy + Into<f64>>(region: &Region, frame: &Frame, samples: &[T], policy: Padding) -> Found {
    let mut found = Found::default();
    found.mapped.begin(&frame.real_world);
    region.for_each_run(frame.size, |row, first, last| {
        let start = row * frame.size.columns;
        let end = (start + last + 1).min(samples.len());
        let run = samples.get(start + first..end).unwrap_or_default();
        // What a truncated file does not hold is padding that decoding made up, whatever the policy.
        found.padding += last + 1 - first - run.len();
        for sample in run {
            found.take(frame, (*sample).into(), policy);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Kind, Measurement, Points, evaluate, probe_value};
    use crate::geometry::PixelPoint;
    use crate::image::testing::oblique_frame;
    use crate::image::{FrameOfReference, PaddingRange, Samples};

    fn measure(kind: Kind, corners: &[(f64, f64)], frame: &Frame, padding: Padding) -> Vec<Quantity> {
        // Stored value = 500 + column + 10 * row, so HU = 2 * column + 20 * row.
        measure_of(kind, corners, frame, padding, 60)
    }

    /// Of a frame that holds only so many pixels.
    fn measure_of(
        kind: Kind,
        corners: &[(f64, f64)],
        frame: &Frame,
        padding: Padding,
        there: usize,
    ) -> Vec<Quantity> {
        let stored = Samples::I16((0..60).map(|i| 500 + i % 10 + 10 * (i / 10)).collect());
        let samples = Decoded::cut_off(stored, there);
        let pixels: Vec<_> = corners.iter().map(|(c, r)| PixelPoint::new(*c, *r)).collect();
        let space = FrameOfReference::Declared("1.9".into());
        let measurement = Measurement::new(kind, Points::drawn(frame, &space, &pixels));
        evaluate(&measurement, frame, Some(&samples), padding).unwrap()
    }

    fn value(list: &[Quantity], kind: QuantityKind) -> f64 {
        Quantity::find(list, kind).unwrap().value
    }

    #[test]
    fn a_rectangle_says_what_a_hand_calculation_says() {
        // Columns 2..=4, rows 1..=2: HU 24 26 28 44 46 48.
        let list = measure(
            Kind::Rectangle,
            &[(2.0, 1.0), (4.0, 1.0), (4.0, 2.0), (2.0, 2.0)],
            &oblique_frame(),
            Padding::Exclude,
        );
        assert!((value(&list, QuantityKind::Count) - 6.0).abs() < f64::EPSILON);
        assert!((value(&list, QuantityKind::Mean) - 36.0).abs() < 1e-12);
        assert!((value(&list, QuantityKind::Sd) - (616.0_f64 / 5.0).sqrt()).abs() < 1e-12);
        assert!((value(&list, QuantityKind::Median) - 36.0).abs() < 1e-12);
        assert_eq!((value(&list, QuantityKind::Min), value(&list, QuantityKind::Max)), (24.0, 48.0));
        assert!((value(&list, QuantityKind::Area) - 2.0 * 0.4 * 0.7).abs() < 1e-9);
    }

    #[test]
    fn padding_is_left_out_and_counted() {
        let mut frame = oblique_frame();
        frame.padding = Some(PaddingRange { low: 512.0, high: 513.0 });
        let corners = [(2.0, 1.0), (4.0, 1.0), (4.0, 2.0), (2.0, 2.0)];
        let list = measure(Kind::Rectangle, &corners, &frame, Padding::Exclude);
        assert_eq!((value(&list, QuantityKind::Count), value(&list, QuantityKind::PaddingCount)), (4.0, 2.0));
        let all = measure(Kind::Rectangle, &corners, &frame, Padding::Include);
        assert_eq!((value(&all, QuantityKind::Count), value(&all, QuantityKind::PaddingCount)), (6.0, 0.0));
    }

    #[test]
    fn lengths_and_angles_use_the_right_spacing_each_way() {
        let frame = oblique_frame();
        let across = measure(Kind::Length, &[(1.0, 2.0), (6.0, 2.0)], &frame, Padding::Exclude);
        assert!((value(&across, QuantityKind::Length) - 2.0).abs() < 1e-9);
        let down = measure(Kind::Length, &[(1.0, 1.0), (1.0, 5.0)], &frame, Padding::Exclude);
        assert!((value(&down, QuantityKind::Length) - 2.8).abs() < 1e-9);
        // Four rows down (2.8 mm) against seven columns right (2.8 mm): 45 degrees.
        let angle = measure(Kind::Angle, &[(8.0, 1.0), (1.0, 1.0), (8.0, 5.0)], &frame, Padding::Exclude);
        assert!((value(&angle, QuantityKind::Angle) - 45.0).abs() < 1e-9);
    }

    #[test]
    fn what_a_truncated_file_does_not_hold_is_not_counted() {
        let mut frame = oblique_frame();
        frame.padding = None;
        let corners = [(2.0, 1.0), (4.0, 1.0), (4.0, 2.0), (2.0, 2.0)];
        for policy in [Padding::Exclude, Padding::Include] {
            // 23 of 60 pixels: two rows of ten, and three of row 2.
            let list = measure_of(Kind::Rectangle, &corners, &frame, policy, 23);
            let counts = (value(&list, QuantityKind::Count), value(&list, QuantityKind::PaddingCount));
            assert_eq!(counts, (4.0, 2.0));
            assert!((value(&list, QuantityKind::Max) - 44.0).abs() < 1e-12);
        }
        let samples = Decoded::cut_off(Samples::I16(vec![0; 60]), 23);
        let probe = |column, row| probe_value(PixelPoint::new(column, row), &frame, &samples);
        assert!(probe(2.0, 2.0).is_ok());
        assert_eq!(probe(3.0, 2.0), Err(EvaluateError::CutOff));
    }

    #[test]
    fn what_is_no_number_is_never_shown_as_one() {
        let frame = oblique_frame();
        let evaluate_drawn = |kind, pixels: &[(f64, f64)], samples: &Decoded| {
            let pixels: Vec<_> = pixels.iter().map(|(c, r)| PixelPoint::new(*c, *r)).collect();
            let points = Points::drawn(&frame, &FrameOfReference::Declared("1.9".into()), &pixels);
            evaluate(&Measurement::new(kind, points), &frame, Some(samples), Padding::Exclude)
        };
        let mut holed = vec![1.0_f32; 60];
        holed[11] = f32::NAN;
        let holed = Samples::F32(holed).into();
        let around = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0)];
        let list = evaluate_drawn(Kind::Rectangle, &around, &holed).unwrap();
        assert_eq!((value(&list, QuantityKind::Count), value(&list, QuantityKind::NanCount)), (15.0, 1.0));
        assert!((value(&list, QuantityKind::Mean) + 998.0).abs() < 1e-9, "a value is stored 1.0: HU -998");
        let one = [(1.0, 1.0), (1.4, 1.0), (1.4, 1.4), (1.0, 1.4)];
        assert_eq!(evaluate_drawn(Kind::Rectangle, &one, &holed), Err(EvaluateError::OnlyNan));
        assert_eq!(evaluate_drawn(Kind::Probe, &[(1.0, 1.0)], &holed), Err(EvaluateError::NotFinite));
        assert!(evaluate_drawn(Kind::Probe, &[(2.0, 1.0)], &holed).is_ok());
        let far = [(0.0, 0.0), (1e308, 1e308)];
        assert_eq!(evaluate_drawn(Kind::Length, &far, &holed), Err(EvaluateError::NotFinite));
        for angle in [[(1.0, 1.0); 3], [(1.0, 1.0), (1.0, 1.0), (4.0, 1.0)]] {
            assert!(evaluate_drawn(Kind::Angle, &angle, &holed).is_err());
        }
    }

    #[test]
    fn a_region_between_pixel_centres_says_so() {
        let frame = oblique_frame();
        let samples = Samples::I16(vec![0; 60]).into();
        let pixels = [(2.2, 1.2), (2.6, 1.2), (2.6, 1.6), (2.2, 1.6)].map(|(c, r)| PixelPoint::new(c, r));
        let points = Points::drawn(&frame, &FrameOfReference::Declared("1.9".into()), &pixels);
        let tiny = Measurement::new(Kind::Polygon, points);
        let answer = evaluate(&tiny, &frame, Some(&samples), Padding::Exclude);
        assert_eq!(answer, Err(EvaluateError::NoPixelInside));
    }
}
