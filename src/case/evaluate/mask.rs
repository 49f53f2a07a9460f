use super::statistics::summary;
use super::{EvaluateError, Padding};
use crate::case::{Quantity, QuantityKind, QuantityUnit};
use crate::image::{Calibration, Frame, PaddingRange, Samples, Volume};
use crate::mask::{Margin, Mask, Measures, Run};
use crate::with_samples;

/// Values, volume and sizes of the voxels of a mask. Values are those of the slices as acquired, never interpolated.
///
/// The axes are the extents along the mask's own axes, long to short; the product is that of the longest line in a
/// slice and the one across it.
pub fn evaluate_mask(mask: &Mask, volume: &Volume, padding: Padding) -> Result<Vec<Quantity>, EvaluateError> {
    let there = |slice: usize| volume.samples.get(slice).is_some_and(Option::is_some);
    if !mask.fits(&volume.slices) {
        return Err(EvaluateError::OtherStack);
    }
    if !mask.filled_slices().all(there) {
        return Err(EvaluateError::NoSamples);
    }
    let measures = mask.measures(&volume.slices).map_err(|_size| EvaluateError::OtherStack)?;
    let measures = measures.ok_or(EvaluateError::NoVoxel)?;
    let (mut values, mut left_out) = (Vec::new(), 0);
    let mut unit = None;
    for slice in mask.filled_slices() {
        let frame = volume.frames.get(slice).ok_or(EvaluateError::OtherStack)?;
        let samples = volume.samples.get(slice).and_then(Option::as_ref).ok_or(EvaluateError::NoSamples)?;
        if frame.color {
            return Err(EvaluateError::Color);
        }
        let there = samples.there();
        for run in mask.slice_runs(slice) {
            left_out += collect(run, frame, samples, there, padding, &mut values)?;
        }
        unit.get_or_insert(&frame.unit);
    }
    let unit = unit.ok_or(EvaluateError::NoVoxel)?;
    let mut quantities = summary(&mut values, left_out, unit, &QuantityUnit::Voxels)?;
    quantities.extend(sizes(&measures));
    super::finite(quantities)
}

/// The modality values of a run of voxels; how many of them are padding or not in the file.
fn collect(
    run: Run,
    frame: &Frame,
    samples: &Samples,
    there: usize,
    policy: Padding,
    values: &mut Vec<f64>,
) -> Result<usize, EvaluateError> {
    let padding = frame.padding.filter(|_| policy == Padding::Exclude);
    let start = run.row * frame.size.columns;
    let cut = |index: usize| (start + index).min(there);
    let (first, end) = (cut(run.first), cut(run.last + 1));
    let before = values.len();
    with_samples!(
        samples,
        grey => take(grey.get(first..end).unwrap_or_default(), frame, padding, values),
        _rgb => return Err(EvaluateError::Color)
    );
    Ok(run.count() - (values.len() - before))
}

fn take<T: Copy + Into<f64>>(run: &[T], frame: &Frame, padding: Option<PaddingRange>, values: &mut Vec<f64>) {
    for sample in run {
        let stored: f64 = (*sample).into();
        if !padding.is_some_and(|range| range.contains(stored)) {
            values.push(frame.transform.value(stored));
        }
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

/// The volume of a margin, the lesion with it.
pub fn margin_volume(margin: &Margin) -> Quantity {
    Quantity {
        kind: QuantityKind::MarginVolume,
        value: margin.volume_mm3 / 1000.0,
        unit: QuantityUnit::Millilitres(Calibration::InPatient),
    }
}
