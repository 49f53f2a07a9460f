//! Isodense: a desktop DICOM viewer for lesions. How dense, how big, has it changed?
//!
//! The state is a value; every picture is a function of it. A [`case::Case`] is a small immutable document, a
//! [`view::View`] says which part of a series is shown and how, and one pure renderer turns the two and the stored
//! samples into pixels: for the screen, for a file and for a test alike.
//!
//! # The map: every module answers one question
//!
//! | layer | module | question | may name |
//! |---|---|---|---|
//! | 0 | [`geometry`] | where is it in the patient? | glam |
//! | 0 | [`numbers`] | how is a number rounded and written? | std |
//! | 0 | [`typography`] | how are words set for print? | std |
//! | 0 | [`work`] | how far is a long job, and is it still wanted? | std |
//! | 0 | [`files`] | how is a file written so that no crash halves it, and nothing of anybody's is lost? | tempfile, signal-hook |
//! | 0 | [`memory`] | how much of it may images take? | thiserror |
//! | 0 | [`words`] | how is a count said? | std |
//! | 0 | [`pictures`] | what of a file that is not DICOM joins a case? Its pixels alone | thiserror, image (the crate), moxcms, tiff, jpeg-decoder |
//! | 1 | [`image`] | what was acquired? | `geometry`, unicode-normalization |
//! | 1 | [`view`] | which part is shown, and how? | `image` |
//! | 1 | [`mask`] | which voxels belong to it? | `geometry`, `work`, serde, rayon |
//! | 1 | [`response`] | what does the arithmetic of the response criteria say of these numbers? | thiserror |
//! | 1 | [`identify`] | which parts of a text could say who the patient is? | unicode-normalization |
//! | 1 | [`case`] | what did the reader say about it? | `view`, `response`, `mask`, serde |
//! | 2 | [`dicom`] | what do the files say? The only place that names a tag | `image`, `view`, `identify`, `work`, `files` |
//! | 2 | [`render`] | what does it look like? Pure | `case`, `work` |
//! | 2 | [`store`] | the case on disk: versioned, atomic, autosaved, recovered | `case`, `work`, `files`, `pictures` |
//! | 3 | [`report`] | what does the notebook say, block by block? | `render`, pulldown-cmark |
//! | 3 | [`export`] | what leaves the program? | `render`, `report`, `files` |
//! | 3 | [`sample`] | what is the bundled case? | `dicom`, `store` |
//! | 4 | [`session`] | what is open, and what happens next? | everything above this line |
//! | 5 | [`cli`] | the same without a window | `session` and below |
//! | 5 | `ui` | how is it shown and touched? Feature `gui` | `session` and below, egui |
//!
//! `tests/layers.rs` reads the sources and fails when a module names one that the table does not give it.
//!
//! Three codecs are crates of their own, in `crates/`: `htj2k`, `jpegls` and `jpeg-t81` decode one kind of stream each and
//! know no file format. `dicom::codec` submits them to the registry of dicom-rs, through which every compressed frame goes.
//!
//! # One frame
//!
//! ```text
//! jobs --Done--> Session::poll      Session::apply(Action) <---+
//!                         |                 |                  |
//!                         +---- &Session ---+                  | Vec<Action>
//!                                  |                           |
//!                             ui panels, canvas ---------------+
//!                                  | View -> Resolved -> render::SliceRenderer -> texture, kept until its key changes
//! ```
//!
//! `dicom::scan` reads headers only and sends `Instance`s; `dicom::assemble_series` sorts them into `image::Series`;
//! `dicom::load_frame` reads the pixels of one frame when somebody wants to see or measure it. `case::evaluate` turns
//! points and samples into numbers. `render::marks` and `render::overlay` make one drawing list, which the screen
//! paints with egui and a picture file with tiny-skia; in a PDF or an SVG its lines stay lines and its text stays
//! text.
//!
//! # Ten invariants, and what holds them
//!
//! 1. Only `ui` names egui: `cargo clippy --no-default-features`, `tests/layers.rs`.
//! 2. Only [`session::Session::apply`] and `poll` change state: panels get `&Session`.
//! 3. Only [`case::History::commit`] changes the case: its fields are private to its module.
//! 4. One gesture is one undo step; a half-drawn shape lives in the tool: `tests/kinds.rs`, `tests/ui.rs`.
//! 5. A mark matches a viewport by equality of Frame of Reference or of frame: [`case::Points::shows_on`]. A body (a
//!    three-axis size, a mask) shows on every plane of its Frame of Reference that cuts it.
//! 6. No number reaches a label, file or report without its unit and calibration: [`case::Quantity`].
//! 7. Only `dicom` names DICOM tags: `tests/layers.rs`.
//! 8. [`render`] reads no clock, no file, no global; same input, same bytes: `tests/render.rs`.
//! 9. Every write is atomic and asks one rule ([`files::write_whole`], [`files::Target`]): a file that is there is replaced
//!    only where the command or the reader says so; DICOM, a case and what is no file never are; nothing half written
//!    stays. `tests/writing.rs`, `tests/killed.rs`.
//! 10. No patient attribute in a log, a panic, a case file or a picture: [`image::Phi`], `tests/scenario.rs`. What a
//!     reader typed leaves the program only if it names nobody, or is kept on purpose:
//!     [`session::Session::figure_findings`], [`session::Leaving`], `tests/figure_gate.rs`.

pub mod case;
pub mod cli;
pub mod dicom;
pub mod export;
pub mod files;
pub mod geometry;
pub mod identify;
pub mod image;
pub mod mask;
pub mod memory;
pub mod numbers;
pub mod pictures;
pub mod render;
pub mod report;
pub mod response;
pub mod sample;
pub mod session;
pub mod store;
pub mod typography;
#[cfg(feature = "gui")]
pub mod ui;
pub mod view;
pub mod words;
pub mod work;
