//! Arguments in, exit code out.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use isodense::cli::{self, Outcome};

fn main() -> ExitCode {
    let terminal = io::stderr().is_terminal();
    let outcome = {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        cli::run(std::env::args_os(), &mut stdout, &mut io::stderr(), terminal)
    };
    match outcome {
        Outcome::Exit(code) => ExitCode::from(code),
        Outcome::Window(paths) => window(&paths),
    }
}

/// The window's place: the `gui` feature fills it.
fn window(_paths: &[PathBuf]) -> ExitCode {
    let text = "isodense: this build has no window; inspect, probe, measure, render and sample work.";
    // There is nobody left to tell when even this cannot be written.
    writeln!(io::stderr(), "{text}").map_or(ExitCode::FAILURE, |()| ExitCode::FAILURE)
}
