//! The same without a window: every command of it.
//!
//! Every number comes from the functions that the window uses; nothing here touches a display. The exit code is
//! 0 on success, 1 when something asked for was not found or failed, 2 on misuse. The answer alone goes to standard
//! output, with `--json` always as one JSON document; what is said about it goes to standard error.

mod arguments;
mod case_file;
mod console;
mod figure;
mod find;
mod headless;
mod inspect;
mod ledger;
mod licences;
mod loaded;
mod measure;
mod montage;
mod names;
mod open;
mod output;
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
use console::Console;
use serde_json::{Value, json};

use crate::memory::Memory;

pub use find::Chosen;
pub use measure::measure;
pub use names::{commands, log_level, no_window};
pub use open::{Opened, open};
pub use probe::{Probe, probe};
pub use shape::{Shape, ShapeKind};

/// What is left to do after the arguments were followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: leave with this exit code.
    Exit(u8),
    /// The window is to be opened.
    Window(Opening),
}

/// What the window is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// How much memory images may take.
    pub memory: Memory,
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
    /// What was to be written may say who the patient is, and was not written: exit code 1.
    #[error(
        "{what} was not written: it may say who the patient is. Replace each, or keep it on purpose: --keep KEY"
    )]
    Blocked {
        /// What was to be written.
        what: String,
        /// What was found in it, without its value.
        findings: Vec<Value>,
    },
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
            Self::Failed(_) | Self::Blocked { .. } | Self::Output(_) => 1,
        }
    }

    /// The same for scripts.
    fn json(&self) -> Value {
        let mut answer = json!({ "error": self.to_string() });
        if let Self::Blocked { findings, .. } = self {
            answer["blocked"] = json!(findings);
        }
        answer
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
    let words = shape::joined(arguments);
    let mut console = Console { out: stdout, err: stderr, terminal, memory: Memory::Share };
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(answer) => return Outcome::Exit(parsed_not(&answer, &words, &mut console)),
    };
    let memory = arguments.memory.map_or_else(Memory::of_environment, |memory| Ok(Some(memory)));
    let memory = memory.map(Option::unwrap_or_default);
    if let Ok(memory) = memory {
        console.memory = memory;
    }
    let (answer, json) = match &arguments.command {
        command if memory.is_err() => {
            let why = memory.err().unwrap_or_default();
            (Err(CliError::Misuse(why)), command.as_ref().is_some_and(Command::wants_json))
        }
        Some(command) => (follow(command, &mut console), command.wants_json()),
        None if arguments.licences => (licences::run(&mut console), false),
        None => match names::all_there(&arguments.paths) {
            Ok(()) => {
                return Outcome::Window(Opening { paths: arguments.paths, memory: console.memory });
            }
            Err(misuse) => (Err(misuse), false),
        },
    };
    let answer = answer.and_then(|code| {
        console.out.flush()?;
        Ok(code)
    });
    Outcome::Exit(answer.unwrap_or_else(|error| {
        let code = error.exit_code();
        let mut say = || {
            // Scripts read what they asked for even then.
            if json && !matches!(error, CliError::Output(_)) {
                console.json(&error.json())?;
                console.out.flush()?;
            }
            console.note(&format!("isodense: {error}"))
        };
        // Where even this cannot be written, the exit code is all that is left to say.
        if code != 0 && say().is_err() {
            log::debug!("the error could not be shown");
        }
        code
    }))
}

/// Says why the arguments make no sense, or what was asked about them (`--help`); the exit code.
fn parsed_not(answer: &clap::Error, words: &[OsString], console: &mut Console<'_>) -> u8 {
    let code = u8::try_from(answer.exit_code()).unwrap_or(2);
    let text = answer.render().to_string();
    let mut say = || -> Result<(), CliError> {
        if answer.use_stderr() {
            write!(console.err, "{text}")?;
            if words.iter().any(|word| word == "--json") {
                let line = text.lines().next().unwrap_or_default();
                console.json(&json!({ "error": line.strip_prefix("error: ").unwrap_or(line) }))?;
            }
        } else {
            write!(console.out, "{text}")?;
        }
        Ok(console.out.flush()?)
    };
    say().map_or_else(|error| error.exit_code(), |()| code)
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
