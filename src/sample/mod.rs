//! What is the bundled case? A synthetic head, computed from fixed seeds.
//!
//! A tumour grows through the left frontal bone (2015-05-12), is removed (2015-05-26), comes back below the
//! titanium mesh (2017-09-28) and is removed again (2017-10-16). Every number is known: the lesions are
//! ellipsoids with an exact mean density, and [`truth`] says where. Arithmetic is limited to what IEEE 754
//! rounds the same way everywhere, so the files are the same bytes on every machine and thread count.

mod brain;
mod case;
mod figure;
mod head;
mod lesion;
mod noise;
mod notebook;
mod place;
mod plan;
mod record;
mod scan;
mod shape;
mod skull;
#[cfg(test)]
mod tests;
mod tissue;
pub mod truth;

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::dicom::write::{ObjectToWrite, encode, write_bytes};
use crate::geometry::GeometryError;
use crate::work::{Cancel, Progress};

pub use case::{sample_case, write_case_file};
pub use lesion::{DEFECT_MM, Lesion};
pub use place::{bundled_folders, is_bundled};
pub use truth::{ReadyLesion, ready_case};

/// Why the sample case was not written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A folder or file could not be written.
    #[error("cannot write the sample case ({source}): {}", path.display())]
    Write {
        /// What could not be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The program's own description of a series is wrong.
    #[error("a sample series has no usable geometry: {0}")]
    Geometry(#[from] GeometryError),
    /// `truth.json` could not be made.
    #[error("cannot describe the sample case: {0}")]
    Truth(#[from] serde_json::Error),
    /// The case file could not be written.
    #[error("cannot write the sample's case: {0}")]
    Store(#[from] crate::store::StoreError),
    /// The program's own measurements are wrong.
    #[error("the sample's case makes no sense: {0}")]
    Case(#[from] crate::case::EditError),
    /// The sample could not be measured.
    #[error("the sample's measurements could not be recorded: {0}")]
    Record(String),
    /// The job was asked to stop.
    #[error("stopped before the sample case was complete")]
    Cancelled,
}

/// Folder names of the ten series, in the order of the paper's figure.
pub fn series_folders() -> Vec<&'static str> {
    plan::all().iter().map(|plan| plan.folder).collect()
}

/// Writes the whole case below a folder: the series, `truth.json` and the case file.
///
/// Nothing that is there and holds anything else is touched, and where that is a case that somebody changed, nothing is
/// written at all.
pub fn write_all(out_dir: &Path, cancel: &Cancel, progress: &Progress) -> Result<(), SampleError> {
    // What somebody may have changed is looked at first; where it is missing it comes last, and says that all is there.
    let [case, truth] = ["case.json", "truth.json"].map(|name| out_dir.join(name).exists());
    if case {
        write_case_file(out_dir)?;
    }
    if truth {
        write_truth(out_dir)?;
    }
    write_case(out_dir, cancel, progress)?;
    if case { Ok(()) } else { write_case_file(out_dir) }
}

/// Writes all ten series and `truth.json` below a folder, which is created when missing.
///
/// Progress counts slices. Files are written whole or not at all; those written before a cancel stay. A file that is
/// there and holds anything else is left as it is, and is an error.
pub fn write_case(out_dir: &Path, cancel: &Cancel, progress: &Progress) -> Result<(), SampleError> {
    let folders = series_folders();
    write_series(out_dir, &folders, cancel, progress)?;
    write_truth(out_dir)
}

/// Writes `truth.json` alone.
pub fn write_truth(out_dir: &Path) -> Result<(), SampleError> {
    make_folder(out_dir)?;
    let path = out_dir.join("truth.json");
    write_bytes(&path, &truth::json()?).map_err(|source| SampleError::Write { path, source })
}

/// Writes some of the series, by folder name.
pub fn write_series(
    out_dir: &Path,
    folders: &[&str],
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), SampleError> {
    let plans: Vec<plan::Plan> =
        plan::all().into_iter().filter(|plan| folders.contains(&plan.folder)).collect();
    progress.set_total(plans.iter().map(|plan| plan.slices).sum());
    for plan in &plans {
        let folder = out_dir.join(plan.folder);
        make_folder(&folder)?;
        (0..plan.slices).into_par_iter().try_for_each(|slice| {
            if cancel.is_cancelled() {
                return Err(SampleError::Cancelled);
            }
            let path = folder.join(plan::Plan::file_name(slice));
            let written = encode_slice(plan, slice, true)?.and_then(|bytes| write_bytes(&path, &bytes));
            progress.advance(1);
            written.map_err(|source| SampleError::Write { path, source })
        })?;
    }
    Ok(())
}

/// The bytes of one slice's file; `None` when there is no such series or slice.
pub fn slice_file(folder: &str, slice: usize) -> Option<Result<Vec<u8>, SampleError>> {
    let plan = plan::all().into_iter().find(|plan| plan.folder == folder && slice < plan.slices)?;
    let path = Path::new(folder).join(plan::Plan::file_name(slice));
    Some(match encode_slice(&plan, slice, true) {
        Ok(bytes) => bytes.map_err(|source| SampleError::Write { path, source }),
        Err(error) => Err(error.into()),
    })
}

/// A slice as a file; without its pixels all of them are 0.
fn encode_slice(plan: &plan::Plan, slice: usize, pixels: bool) -> Result<io::Result<Vec<u8>>, GeometryError> {
    let plane = plan.plane(slice)?;
    let count = usize::from(plan.columns) * usize::from(plan.rows);
    let samples = if pixels { scan::stored(plan, &plane, slice) } else { vec![0; count] };
    let (patient, study, series) = (plan::patient(plan), plan.study_to_write(), plan.series_to_write());
    Ok(encode(&ObjectToWrite {
        patient: &patient,
        study: &study,
        series: &series,
        sop_instance: &plan.sop_uid(slice),
        instance_number: slice + 1,
        plane,
        columns: plan.columns,
        samples: &samples,
        syntax: plan.syntax,
    }))
}

fn make_folder(folder: &Path) -> Result<(), SampleError> {
    std::fs::create_dir_all(folder)
        .map_err(|source| SampleError::Write { path: folder.to_path_buf(), source })
}
