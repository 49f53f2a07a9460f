//! What the measurements of the sample are worth, from the very files that the program writes.

use std::sync::{Mutex, PoisonError};

use super::{SampleError, plan, slice_file};
use crate::case::{Case, Measurement, Padding, Recorded, evaluate};
use crate::dicom::{ScanEvent, assemble, load_frame, scan};
use crate::files::Scratch;
use crate::image::{Series, fingerprint};
use crate::work::{Cancel, Progress};

/// The record of every measurement: its slice is written to a folder of its own, read again and measured.
pub(super) fn records(case: &Case) -> Result<Vec<Recorded>, SampleError> {
    let folder =
        Scratch::new().map_err(|source| SampleError::Write { path: "a temporary folder".into(), source })?;
    for sop in case.measurements.iter().filter_map(|m| m.points.drawn_on()).map(|of| of.sop_instance.as_str())
    {
        let path = folder.path().join(format!("{sop}.dcm"));
        let bytes =
            written(sop).ok_or_else(|| SampleError::Record(format!("no slice is called {sop}")))??;
        super::write_bytes(&path, &bytes).map_err(|source| SampleError::Write { path, source })?;
    }
    let series = read(folder.path());
    case.measurements.iter().map(|measurement| record(measurement, &series)).collect()
}

fn written(sop: &str) -> Option<Result<Vec<u8>, SampleError>> {
    let plans = plan::all();
    let (folder, slice) = plans.iter().find_map(|plan| {
        (0..plan.slices).find(|slice| plan.sop_uid(*slice) == sop).map(|slice| (plan.folder, slice))
    })?;
    slice_file(folder, slice)
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
    let frame = series.iter().flat_map(|series| &series.frames).find(|frame| Some(&frame.of) == of);
    let failed = |why: String| SampleError::Record(why);
    let frame = frame.ok_or_else(|| failed(format!("measurement {} has no image", measurement.id.0)))?;
    let samples = load_frame(frame).map_err(|error| failed(error.to_string()))?;
    let values = evaluate(measurement, frame, Some(&samples), Padding::Exclude);
    let values = values.map_err(|error| failed(error.to_string()))?;
    Ok(Recorded::new(measurement.id, &values, Some(fingerprint(&samples))))
}
