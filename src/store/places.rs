use std::path::PathBuf;

use directories::ProjectDirs;

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
