//! How is it shown and touched? The only module that names egui.
//!
//! Panels read `&Session` and push [`Action`](crate::session::Action)s; [`App`] applies them after the frame.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "egui's keys and events have hundreds of variants; ours are all named in session and commands::actions"
)]

mod app;
mod browser;
mod canvas;
mod chrome;
mod cine;
mod commands;
mod detail;
mod dialogs;
mod figure;
mod files;
mod fonts;
mod gate;
mod gesture;
mod growth;
mod guides;
mod hits;
mod keys;
mod layer;
mod layouts;
mod ledger;
mod links;
mod montage;
mod named;
mod notebook;
mod notes;
mod notices;
mod number;
mod over;
mod overlays;
mod paint;
mod pictures;
mod places;
mod planes;
mod presets;
mod problems;
mod screen;
mod status;
mod tags;
mod theme;
mod toolbar;
mod typed_path;
mod wheel;
mod whose;
mod window;

pub use app::App;
pub use commands::{AtDate, Command, MaskCommand, Shortcut, shortcuts_table};
pub use files::FileDialogs;
pub use window::run;
