use super::CliError;
use super::arguments::Sample as Question;
use super::console::Console;

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    console.line("")?;
    Err(CliError::failed(format!("not yet: {}", question.folder.display())))
}
