//! The same without a window: inspect, probe, measure, render, figure, report, montage, cine, tags, sample.
//!
//! Every number comes from the functions that the window uses; nothing here touches a display. The exit code is
//! 0 on success, 1 when something asked for was not found or failed, 2 on misuse.

mod arguments;
mod case_file;
mod console;
mod figure;
mod find;
mod headless;
mod inspect;
mod ledger;
mod measure;
mod montage;
mod open;
mod plane;
mod probe;
mod render;
mod report;
mod sample;
mod shape;
mod tags;
mod verify;

use std::ffi::OsString;
use std::fmt;
use std::io::Write;
use std::path::PathBuf;

use clap::Parser as _;

use arguments::{Arguments, Command};
use console::{Console, printable};

pub use find::Chosen;
pub use measure::measure;
pub use open::{Opened, open};
pub use probe::{Probe, probe};
pub use shape::{Shape, ShapeKind};

/// What is left to do after the arguments were followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: leave with this exit code.
    Exit(u8),
    /// The window is to be opened with these files and folders.
    Window(Vec<PathBuf>),
}

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The question makes no sense: exit code 2.
    #[error("{0}")]
    Misuse(String),
    /// Something asked for was not found or failed: exit code 1.
    #[error("{0}")]
    Failed(String),
    /// The answer could not be written to where it should go.
    #[error("cannot write the answer: {0}")]
    Output(#[from] std::io::Error),
}

impl CliError {
    fn misuse(what: impl Into<String>) -> Self {
        Self::Misuse(what.into())
    }

    fn failed(what: impl fmt::Display) -> Self {
        Self::Failed(format!("{what}"))
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Misuse(_) => 2,
            // Whoever read the pipe has enough: `isodense inspect ... | head` is no failure.
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
            Self::Failed(_) | Self::Output(_) => 1,
        }
    }
}

/// Follows the arguments; the first one is the program's name.
///
/// `terminal` says whether a person watches `stderr`: only then progress is shown there.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    terminal: bool,
) -> Outcome {
    let arguments = match Arguments::try_parse_from(shape::joined(arguments)) {
        Ok(arguments) => arguments,
        Err(answer) => {
            let to: &mut dyn Write = if answer.use_stderr() { &mut *stderr } else { &mut *stdout };
            let written = write!(to, "{}", answer.render()).and_then(|()| to.flush());
            let code = u8::try_from(answer.exit_code()).unwrap_or(2);
            return Outcome::Exit(written.map_or_else(|error| CliError::from(error).exit_code(), |()| code));
        }
    };
    let Some(command) = arguments.command else { return Outcome::Window(arguments.paths) };
    let mut console = Console { out: stdout, err: stderr, terminal };
    let answer = follow(&command, &mut console).and_then(|code| {
        console.out.flush()?;
        Ok(code)
    });
    Outcome::Exit(answer.unwrap_or_else(|error| {
        let code = error.exit_code();
        // Where even this cannot be written, the exit code is all that is left to say.
        if code != 0 && writeln!(console.err, "isodense: {}", printable(&error.to_string())).is_err() {
            log::debug!("the error could not be shown");
        }
        code
    }))
}

fn follow(command: &Command, console: &mut Console<'_>) -> Result<u8, CliError> {
    match command {
        Command::Inspect(question) => inspect::run(question, console),
        Command::Probe(question) => probe::run(question, console),
        Command::Measure(question) => measure::run(question, console),
        Command::Verify(question) => verify::run(question, console),
        Command::Render(question) => render::run(question, console),
        Command::Figure(question) => figure::run(question, console),
        Command::Report(question) => report::run(question, console),
        Command::Montage(question) => montage::run(question, console),
        Command::Cine(question) => montage::run_cine(question, console),
        Command::Tags(question) => tags::run(question, console),
        Command::Sample(question) => sample::run(question, console),
    }
}
