//! A path to type, where the system has no file dialogue.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use egui::{RichText, Ui};

use super::dialogs::{Outcome, heading, line};
use super::files::Purpose;
use super::theme;

/// What is typed, and what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedPath {
    text: String,
    /// Why it was not taken: said until something else is typed.
    refused: Option<(String, &'static str)>,
}

impl TypedPath {
    pub(super) fn new(start: &Path) -> Self {
        Self { text: start.display().to_string(), refused: None }
    }

    pub(super) fn show(&mut self, ui: &mut Ui, purpose: &Purpose) -> Outcome {
        ui.set_width(520.0);
        heading(ui, purpose.title());
        let help = "This system has no file dialogue: type the path. ~ is your home.";
        ui.label(RichText::new(help).color(theme::WEAK));
        if let Some((_, why)) = self.refused.as_ref().filter(|(text, _)| *text == self.text.trim()) {
            ui.label(RichText::new(*why).color(theme::WARNING));
        }
        let refused = Cell::new(None);
        let outcome = line(ui, "Path", &mut self.text, |text| {
            let path = expanded(text, std::env::home_dir());
            match wrong_with(&path, purpose) {
                None if *purpose == Purpose::SaveCase => Outcome::Typed(purpose.clone(), with_ending(&path)),
                None => Outcome::Typed(purpose.clone(), path),
                Some(why) => {
                    refused.set(Some((text.to_owned(), why)));
                    Outcome::Open
                }
            }
        });
        self.refused = refused.take().or_else(|| self.refused.take());
        outcome
    }
}

/// Why a path cannot be meant.
fn wrong_with(path: &Path, purpose: &Purpose) -> Option<&'static str> {
    if !purpose.writes() {
        return (!path.exists()).then_some("There is no such file or folder.");
    }
    if path.is_dir() {
        return Some("This is a folder: type the name of the file too.");
    }
    let folder = crate::files::folder_of(path);
    (!folder.is_dir()).then_some("There is no such folder.")
}

/// What a reader means who types a path as in a shell: `~` is the home, quotes are not part of it.
fn expanded(text: &str, home: Option<PathBuf>) -> PathBuf {
    let text = text.trim();
    let bare = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let text = bare.unwrap_or(text);
    let below = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    match (below, home) {
        (Some(rest), Some(home)) => home.join(rest.trim_start_matches(['/', '\\'])),
        _ => std::path::absolute(text).unwrap_or_else(|_| PathBuf::from(text)),
    }
}

/// The name of a case ends in `.json`, whatever was typed.
pub(super) fn with_ending(path: &Path) -> PathBuf {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_a_shell_reads_it() {
        let home = || Some(PathBuf::from("/home/reader"));
        let read = |text: &str| expanded(text, home());
        assert_eq!(read("~/scans"), Path::new("/home/reader/scans"));
        assert_eq!(read(" ~ "), Path::new("/home/reader"));
        assert_eq!(read("'/data/a b'"), Path::new("/data/a b"));
        assert_eq!(read("/data/~x"), Path::new("/data/~x"));
        assert!(read("~other/x").ends_with("~other/x"));
        assert!(read("scans").is_absolute());
        assert_eq!(expanded("~/x", None), std::path::absolute("~/x").unwrap());
    }

    #[test]
    fn a_case_ends_in_json() {
        let named = |name: &str| with_ending(Path::new(name)).display().to_string();
        assert_eq!(named("/a/mycase"), "/a/mycase.json");
        assert_eq!(named("/a/my.case"), "/a/my.case.json");
        assert_eq!(named("/a/Case.JSON"), "/a/Case.JSON");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = |name: &str, purpose: &Purpose| wrong_with(&folder.path().join(name), purpose);
        assert_eq!(wrong("none", &Purpose::OpenFolder), Some("There is no such file or folder."));
        assert_eq!(wrong("", &Purpose::OpenFolder), None);
        assert_eq!(wrong("none/case", &Purpose::SaveCase), Some("There is no such folder."));
        assert_eq!(wrong("case", &Purpose::SaveCase), None);
    }
}
