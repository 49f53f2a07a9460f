//! Arguments in, exit code out.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use isodense::cli::{self, Opening, Outcome};

fn main() -> ExitCode {
    isodense::files::clear_up_on_signals();
    let terminal = io::stderr().is_terminal();
    let outcome = {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        cli::run(std::env::args_os(), &mut stdout, &mut io::stderr(), terminal)
    };
    match outcome {
        Outcome::Exit(code) => ExitCode::from(code),
        Outcome::Window(opening) => window(opening),
    }
}

/// Opens the window, or says in one line why there is none and what works without it.
fn window(opening: Opening) -> ExitCode {
    // Never from RUST_LOG: other crates' lines may hold what a header holds, or what is typed.
    let level = cli::log_level(std::env::var("ISODENSE_LOG").ok().as_deref());
    env_logger::Builder::new().filter_module("isodense", level).init();
    #[cfg(feature = "gui")]
    let opened = isodense::ui::run(opening.paths, opening.memory);
    #[cfg(not(feature = "gui"))]
    let opened: Result<(), String> = {
        drop(opening);
        Err("this build has none".to_owned())
    };
    let Err(why) = opened else { return ExitCode::SUCCESS };
    let text = cli::no_window(&why);
    // There is nobody left to tell when even this cannot be written.
    writeln!(io::stderr(), "{text}").map_or(ExitCode::FAILURE, |()| ExitCode::FAILURE)
}
