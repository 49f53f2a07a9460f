//! A path to type, where the system has no file dialogue.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use egui::text::{CCursor, CCursorRange};
use egui::{EventFilter, Key, Modifiers, Response, RichText, TextEdit, Ui};

use super::dialogs::{Outcome, heading, helped_line};
use super::files::Purpose;
use super::theme;

/// What is typed, and what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedPath {
    text: String,
    /// Why it was not taken: said until something else is typed.
    refused: Option<(String, &'static str)>,
    /// What was typed last, and what Tab makes of it.
    offer: (String, Option<String>),
}

impl TypedPath {
    pub(super) fn new(start: &Path) -> Self {
        Self { text: start.display().to_string(), refused: None, offer: (String::new(), None) }
    }

    pub(super) fn show(&mut self, ui: &mut Ui, purpose: &Purpose) -> Outcome {
        ui.set_width(520.0);
        heading(ui, purpose.title());
        let help = "This system has no file dialogue: type the path. ~ is your home, Tab completes a name.";
        ui.label(RichText::new(help).color(theme::WEAK));
        if let Some((_, why)) = self.refused.as_ref().filter(|(text, _)| *text == self.text.trim()) {
            ui.label(RichText::new(*why).color(theme::WARNING));
        }
        let refused = Cell::new(None);
        let offer = &mut self.offer;
        let complete = |ui: &Ui, field: &Response, text: &mut String| complete_on_tab(ui, field, text, offer);
        let outcome = helped_line(ui, "Path", &mut self.text, complete, |text| {
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

/// Tab completes the name that is typed, as in a shell; where there is nothing to complete it goes on to the buttons.
///
/// `offer` is what was typed last and what it would become: a folder is read once, not at every frame.
fn complete_on_tab(ui: &Ui, field: &Response, text: &mut String, offer: &mut (String, Option<String>)) {
    if !field.has_focus() {
        return;
    }
    if offer.0 != *text {
        *offer = (text.clone(), completed(text, std::env::home_dir()));
    }
    let Some(longer) = offer.1.clone().filter(|_| !ui.input(|input| input.modifiers.shift)) else { return };
    let keys = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(field.id, keys));
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab)) {
        *text = longer;
        if let Some(mut state) = TextEdit::load_state(ui.ctx(), field.id) {
            let end = CCursorRange::one(CCursor::new(text.chars().count()));
            state.cursor.set_char_range(Some(end));
            state.store(ui.ctx(), field.id);
        }
    }
}

/// The path with its last name completed as far as the names in its folder agree, a folder with its separator; nothing
/// where that adds no letter. Hidden names are meant only where their dot is typed.
fn completed(text: &str, home: Option<PathBuf>) -> Option<String> {
    let typed = text.trim_start().trim_start_matches(['"', '\'']);
    let begun = typed.rfind(['/', std::path::MAIN_SEPARATOR]).map_or(0, |at| at + 1);
    let (folder, begun) = typed.split_at(begun);
    let folder_path = expanded(if folder.is_empty() { "." } else { folder }, home);
    let mut names: Vec<(String, bool)> = std::fs::read_dir(folder_path)
        .ok()?
        .flatten()
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path().is_dir())))
        .filter(|(name, _)| name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.')))
        .collect();
    let (first, is_folder) = names.pop()?;
    let agree = |all: String, (name, _): &(String, bool)| -> String {
        all.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    };
    let mut longest = names.iter().fold(first, agree);
    if names.is_empty() && is_folder {
        longest.push(std::path::MAIN_SEPARATOR);
    }
    (longest.len() > begun.len()).then(|| format!("{folder}{longest}"))
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
    fn a_name_is_completed_as_far_as_the_names_agree() {
        let home = tempfile::tempdir().unwrap();
        for folder in ["scans", "scores", "straße", ".hidden"] {
            std::fs::create_dir(home.path().join(folder)).unwrap();
        }
        std::fs::File::create(home.path().join("scans/case 1.json")).unwrap();
        let done = |text: &str| completed(text, Some(home.path().to_owned()));
        assert_eq!(done("~/sca").as_deref(), Some("~/scans/"));
        assert_eq!(done("~/sc"), None, "scans or scores");
        assert_eq!(done("~/str").as_deref(), Some("~/straße/"));
        assert_eq!(done("~/.h").as_deref(), Some("~/.hidden/"));
        assert_eq!(done("~/scans/").as_deref(), Some("~/scans/case 1.json"));
        assert_eq!(done("~/scans/case 1.json"), None);
        assert_eq!(done("~/none/x"), None);
        let absolute = format!("{}/sco", home.path().display());
        assert_eq!(done(&absolute), Some(format!("{}/scores/", home.path().display())));
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
