//! What a reader does, as actions on a session without a window; the invariants hold after each.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where something is missing")]

#[expect(dead_code, reason = "only the folder is needed here")]
mod common;
#[path = "scenario/disk.rs"]
mod disk;
#[path = "scenario/drafts.rs"]
mod drafts;
#[path = "scenario/drive.rs"]
mod drive;
#[path = "scenario/export.rs"]
mod export;
#[path = "scenario/figure.rs"]
mod figure;
#[path = "scenario/images.rs"]
mod images;
#[path = "scenario/keys.rs"]
mod keys;
#[path = "scenario/links.rs"]
mod links;
#[path = "common/made.rs"]
mod made;
#[path = "scenario/over.rs"]
mod over;
#[path = "scenario/planes.rs"]
mod planes;
#[path = "common/put.rs"]
mod put;
#[path = "scenario/stacks.rs"]
mod stacks;
#[path = "scenario/tiny.rs"]
mod tiny;
#[path = "scenario/views.rs"]
mod views;
#[path = "scenario/walk.rs"]
mod walk;
#[path = "scenario/ways.rs"]
mod ways;
#[path = "scenario/whose.rs"]
mod whose;
#[path = "scenario/windows.rs"]
mod windows;
#[expect(dead_code, reason = "shared with ways.rs, which uses all of it")]
#[path = "ways/zip.rs"]
mod zip;
