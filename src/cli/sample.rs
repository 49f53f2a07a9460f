use std::path::Path;

use super::CliError;
use super::arguments::Sample as Question;
use super::console::Console;
use super::open::watched;
use crate::sample::{SampleError, write_case, write_case_file};
use crate::work::Progress;

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let folder = question.folder.as_path();
    watched("writing", console, |progress| write(folder, progress))?
        .map_err(|error| CliError::failed(format!("{error}: {}", folder.display())))?;
    console.line(&format!("the sample case is in {}", folder.display()))?;
    Ok(0)
}

fn write(folder: &Path, progress: &Progress) -> Result<(), SampleError> {
    write_case(folder, &crate::work::Cancel::default(), progress)?;
    write_case_file(folder)
}
