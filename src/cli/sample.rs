use super::CliError;
use super::arguments::Sample as Question;
use super::console::Console;
use super::open::watched;
use crate::sample::write_all;
use crate::work::Cancel;

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let folder = question.folder.as_path();
    console.note(&format!("writing the sample case into {}; Ctrl+C stops it", folder.display()))?;
    // A signal ends the program; what it wrote is whole, and the next run goes on from there.
    watched("writing", console, |progress| write_all(folder, &Cancel::default(), progress))?
        .map_err(|error| CliError::failed(format!("{error}; name a new or empty folder")))?;
    console.line(&format!("the sample case is in {}", folder.display()))?;
    Ok(0)
}
