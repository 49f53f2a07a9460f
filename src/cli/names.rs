//! The names of the commands, and what a word that is none may have meant.

use std::path::PathBuf;

use clap::CommandFactory as _;

use super::CliError;
use super::arguments::Arguments;

/// The commands that work without a window, in the order of the help.
pub fn commands() -> Vec<String> {
    Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// One line for whoever wanted the window: why there is none, and what works without it.
pub fn no_window(why: &str) -> String {
    let all = commands();
    let (last, first) =
        all.split_last().map_or((String::new(), Vec::new()), |(last, first)| (last.clone(), first.to_vec()));
    format!("isodense: no window: {why}. The commands {} and {last} work.", first.join(", "))
}

/// How much the program says of itself on standard error, by the value of `ISODENSE_LOG`: `off`, `error`, `warn` (when
/// nothing or anything else is said), `info` or `debug`.
///
/// It is about this program alone, whose lines hold nothing of a header and nothing typed; no word raises other crates'.
pub fn log_level(word: Option<&str>) -> log::LevelFilter {
    match word.map(str::trim) {
        Some("off") => log::LevelFilter::Off,
        Some("error") => log::LevelFilter::Error,
        Some("info") => log::LevelFilter::Info,
        Some("debug") => log::LevelFilter::Debug,
        Some(_) | None => log::LevelFilter::Warn,
    }
}

/// Whether the window can open these: a path that is not there is a word that was meant to be something else.
pub(super) fn all_there(paths: &[PathBuf]) -> Result<(), CliError> {
    let is_missing = |path: &&PathBuf| {
        path.symlink_metadata().is_err_and(|why| why.kind() == std::io::ErrorKind::NotFound)
    };
    let Some(missing) = paths.iter().find(is_missing) else { return Ok(()) };
    let word = missing.display().to_string();
    let Some(near) = nearest(&word) else {
        return Err(CliError::misuse(format!(
            "no file, folder or command is called {word}; --help lists the commands"
        )));
    };
    Err(CliError::misuse(format!("no file, folder or command is called {word}; did you mean {near}?")))
}

/// The command that a word is nearest to, if it is near to any.
fn nearest(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let distance = |name: &String| strsim::damerau_levenshtein(&word, name);
    // A longer word may have one more slip; a beginning is enough to tell.
    let near =
        |name: &String| distance(name) <= 1 + name.len() / 5 || (word.len() >= 3 && name.starts_with(&word));
    commands().into_iter().filter(near).min_by_key(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        for (slip, meant) in [
            ("mesure", "measure"),
            ("measrue", "measure"),
            ("Measure", "measure"),
            ("inspct", "inspect"),
            ("rendr", "render"),
            ("tag", "tags"),
            ("cin", "cine"),
            ("verfy", "verify"),
            ("sampel", "sample"),
        ] {
            assert_eq!(nearest(slip).as_deref(), Some(meant), "{slip}");
        }
        for other in ["foo", "images", "patient.dcm", "a", "case.json"] {
            assert_eq!(nearest(other), None, "{other}");
        }
    }
}
