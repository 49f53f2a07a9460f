use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::files::{keep_private, private_folder};

/// Names another state folder: for tests, and for running from a stick.
const STATE_DIR_VARIABLE: &str = "ISODENSE_STATE_DIR";

fn named_by_user() -> Option<PathBuf> {
    std::env::var_os(STATE_DIR_VARIABLE).filter(|text| !text.is_empty()).map(PathBuf::from)
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "isodense")
}

/// The program's own folder for autosaves; `None` where the user has no home.
pub fn state_dir() -> Option<PathBuf> {
    named_by_user()
        .or_else(|| project().map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned()))
}

/// The settings file; `None` where the user has no home.
pub fn settings_path() -> Option<PathBuf> {
    named_by_user()
        .or_else(|| project().map(|dirs| dirs.config_dir().to_owned()))
        .map(|folder| folder.join("settings.json"))
}

/// Makes a folder in the state folder. Both are for their user's eyes only, and so are the files that are in it: an older
/// version left them open to others.
pub(super) fn private_state(state_dir: &Path, folder: &Path) -> io::Result<()> {
    private_folder(state_dir)?;
    private_folder(folder)?;
    let files = std::fs::read_dir(folder)?.filter_map(Result::ok);
    files
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .for_each(|entry| keep_private(&entry.path()));
    for name in ["settings.json", "settings.json.bad"] {
        keep_private(&state_dir.join(name));
    }
    Ok(())
}
