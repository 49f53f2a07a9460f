//! What the measurements of the sample are worth, from the very files that the program writes.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::{SampleError, encode_slice, plan};
use crate::case::{Case, Measurement, Padding, Recorded, Seal, evaluate, frames_measured, image_facts};
use crate::dicom::{ScanEvent, assemble, load_frame, scan};
use crate::files::Scratch;
use crate::image::{Frame, Series, fingerprint};
use crate::work::{Cancel, Progress};

/// Records every measurement, and seals the case: the series are written to a folder of their own and read again, slices
/// that nothing was measured on without their pixels.
pub(super) fn record_all(case: &mut Case) -> Result<(), SampleError> {
    let folder =
        Scratch::new().map_err(|source| SampleError::Write { path: "a temporary folder".into(), source })?;
    let drawn_on = case.measurements.iter().filter_map(|m| m.points.drawn_on());
    let measured: Vec<String> = drawn_on.map(|of| of.sop_instance.as_str().to_owned()).collect();
    let plans = plan::all();
    let slices = plans.iter().flat_map(|plan| (0..plan.slices).map(move |slice| (plan, slice)));
    slices.collect::<Vec<_>>().into_par_iter().try_for_each(|(plan, slice)| {
        let sop = plan.sop_uid(slice);
        let path = folder.path().join(format!("{sop}.dcm"));
        let bytes = encode_slice(plan, slice, measured.contains(&sop))?;
        let written = bytes.and_then(|bytes| super::write_bytes(&path, &bytes));
        written.map_err(|source| SampleError::Write { path, source })
    })?;
    let series = read(folder.path());
    let records = case.measurements.iter().map(|measurement| record(measurement, &series));
    case.recorded = records.collect::<Result<_, _>>()?;
    let open: Vec<&Series> = series.iter().collect();
    let seal = Seal::new(case, &open).map_err(|error| SampleError::Record(error.to_string()))?;
    case.seal = Some(Arc::new(seal));
    Ok(())
}

fn read(folder: &std::path::Path) -> Vec<Series> {
    let found = Mutex::new(Vec::new());
    scan(&[folder.to_owned()], &Cancel::default(), &Progress::default(), |event| {
        if let ScanEvent::Found(instance) = event {
            found.lock().unwrap_or_else(PoisonError::into_inner).push(*instance);
        }
    });
    assemble(found.into_inner().unwrap_or_else(PoisonError::into_inner)).0
}

fn record(measurement: &Measurement, series: &[Series]) -> Result<Recorded, SampleError> {
    let of = measurement.points.drawn_on();
    let of_series = |series| -> Option<(&Series, &Frame)> {
        let series: &Series = series;
        Some((series, series.frames.get(series.index_of(of?)?)?))
    };
    let failed = |why: String| SampleError::Record(why);
    let found = series.iter().find_map(of_series);
    let (series, frame) =
        found.ok_or_else(|| failed(format!("measurement {} has no image", measurement.id.0)))?;
    let samples = load_frame(frame).map_err(|error| failed(error.to_string()))?;
    let values = evaluate(measurement, frame, Some(&samples), Padding::Exclude);
    let values = values.map_err(|error| failed(error.to_string()))?;
    let facts = image_facts(series, &frames_measured(measurement, series, Some(frame)));
    Ok(Recorded::new(measurement.id, &values, Some(fingerprint(&samples)), facts))
}
