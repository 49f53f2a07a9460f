use super::found::Found;
use super::{EvaluateError, Histogram, Padding};
use crate::case::{Quantity, QuantityKind, QuantityUnit};
use crate::image::{Calibration, Frame, Samples, Volume};
use crate::mask::{Margin, Mask, Measures, Run};
use crate::with_samples;

/// Values, volume and sizes of the voxels of a mask. Values are those of the slices as acquired, never interpolated.
///
/// The axes are the extents along the mask's own axes, long to short; the product is that of the longest line in a
/// slice and the one across it.
pub fn evaluate_mask(mask: &Mask, volume: &Volume, padding: Padding) -> Result<Vec<Quantity>, EvaluateError> {
    let (mut found, unit) = found_in(mask, volume, padding)?;
    let measures = mask.measures(&volume.slices).map_err(|_size| EvaluateError::OtherStack)?;
    let measures = measures.ok_or(EvaluateError::NoVoxel)?;
    let mut quantities = found.summary(&unit, &QuantityUnit::Voxels)?;
    quantities.extend(sizes(&measures));
    // A diameter may reach from one part to another, so that they are counted beside it.
    let parts = mask.islands().len();
    quantities.extend((parts > 1).then_some(Quantity {
        kind: QuantityKind::Parts,
        value: parts as f64,
        unit: QuantityUnit::Parts,
    }));
    quantities.extend(found.mapped.quantities());
    super::finite(quantities)
}

/// How often values occur among the voxels of a mask, padding left out.
pub fn mask_histogram(mask: &Mask, volume: &Volume) -> Option<Histogram> {
    let (found, unit) = found_in(mask, volume, Padding::Exclude).ok()?;
    let QuantityUnit::Value(unit, _) = unit else { return None };
    Histogram::new(&found.values, unit)
}

fn found_in(mask: &Mask, volume: &Volume, padding: Padding) -> Result<(Found, QuantityUnit), EvaluateError> {
    let there = |slice: usize| volume.samples.get(slice).is_some_and(Option::is_some);
    if !mask.fits(&volume.slices) {
        return Err(EvaluateError::OtherStack);
    }
    if !mask.filled_slices().all(there) {
        return Err(EvaluateError::NoSamples);
    }
    let mut found = Found::default();
    let mut unit = None;
    for slice in mask.filled_slices() {
        let frame = volume.frames.get(slice).ok_or(EvaluateError::OtherStack)?;
        let samples = volume.samples.get(slice).and_then(Option::as_ref).ok_or(EvaluateError::NoSamples)?;
        if frame.color {
            return Err(EvaluateError::Color);
        }
        let there = samples.there();
        found.mapped.begin(&frame.real_world);
        for run in mask.slice_runs(slice) {
            collect(run, frame, samples, there, padding, &mut found)?;
        }
        unit.get_or_insert_with(|| QuantityUnit::of_values(frame));
    }
    Ok((found, unit.ok_or(EvaluateError::NoVoxel)?))
}

/// The values of a run of voxels; what is padding or not in the file is counted.
fn collect(
    run: Run,
    frame: &Frame,
    samples: &Samples,
    there: usize,
    policy: Padding,
    found: &mut Found,
) -> Result<(), EvaluateError> {
    let start = run.row * frame.size.columns;
    let cut = |index: usize| (start + index).min(there);
    let (first, end) = (cut(run.first), cut(run.last + 1));
    with_samples!(
        samples,
        grey => take(grey.get(first..end).unwrap_or_default(), frame, policy, found),
        _rgb => return Err(EvaluateError::Color)
    );
    found.padding += run.count() - end.saturating_sub(first).min(run.count());
    Ok(())
}

fn take<T: Copy + Into<f64>>(run: &[T], frame: &Frame, policy: Padding, found: &mut Found) {
    for sample in run {
        found.take(frame, (*sample).into(), policy);
    }
}

fn sizes(measures: &Measures) -> Vec<Quantity> {
    let length = |kind, value| Quantity { kind, value, unit: QuantityUnit::Length(Calibration::InPatient) };
    let in_slice = &measures.in_slice;
    let [long, across] = [in_slice.long.length.0, in_slice.across.length.0];
    let axes = [QuantityKind::Length, QuantityKind::ShortAxis, QuantityKind::ThirdAxis];
    let axes = axes.into_iter().zip(measures.extents).map(|(kind, extent)| length(kind, extent.length.0));
    let volume = Quantity {
        kind: QuantityKind::Volume,
        value: measures.volume_mm3 / 1000.0,
        unit: QuantityUnit::Millilitres(Calibration::InPatient),
    };
    let product = Quantity {
        kind: QuantityKind::Product,
        value: long * across,
        unit: QuantityUnit::Area(Calibration::InPatient),
    };
    let slices =
        Quantity { kind: QuantityKind::Slices, value: measures.slices as f64, unit: QuantityUnit::Slices };
    let lines = [
        length(QuantityKind::Diameter, measures.diameter.length.0),
        length(QuantityKind::InSliceLong, long),
        length(QuantityKind::InSliceAcross, across),
    ];
    axes.chain(lines).chain([product, volume, slices]).collect()
}

/// The volume of a margin, the lesion with it. Where the slices don't hold all of it the unit says so, and with it every
/// label, table and text.
pub fn margin_volume(margin: &Margin) -> Quantity {
    let unit = if margin.cut_off || margin.into_gap {
        QuantityUnit::MillilitresCutOff
    } else {
        QuantityUnit::Millilitres(Calibration::InPatient)
    };
    Quantity { kind: QuantityKind::MarginVolume, value: margin.volume_mm3 / 1000.0, unit }
}
