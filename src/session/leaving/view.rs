//! What a viewport shows, as a picture.

use std::path::{Path, PathBuf};

use super::{Copied, WRITES, Writing};
use crate::export::{ExportOptions, OutputSize, ViewExport, view_picture, write_picture};
use crate::render::{Fonts, MarkInput, Picture};
use crate::session::jobs::Done;
use crate::session::{Mark, Notice, Session, ViewportId};
use crate::work::Cancel;

impl Session {
    /// Renders a view again from its samples and writes it, on a thread of its own.
    pub(super) fn export_view(&mut self, id: ViewportId, path: PathBuf, options: ExportOptions) {
        let Some((view, picture)) =
            self.shown(id).map(|shown| shown.viewport.view.clone()).zip(self.whole_image(id).ok())
        else {
            return;
        };
        let (viewport, marks) = (self.workspace.size(id), self.marks(id));
        if let Some(why) = self.lacks(id) {
            self.tell(Notice::warning("The picture has holes.", why));
        }
        let writing = self.begin_writing(path);
        self.jobs.spawn(WRITES, move |report| {
            let inputs: Vec<MarkInput<'_>> = marks.iter().map(Mark::input).collect();
            let image = picture.image();
            let Writing { path, progress, fonts, cancel, .. } = &writing;
            let export = ViewExport { image, view: &view, viewport, marks: &inputs, fonts };
            progress.set_total(2);
            let written = view_picture(&export, &options, cancel).and_then(|picture| {
                progress.advance(1);
                write_picture(writing.target(), &picture, options.format, options.size.dpi(), cancel)
            });
            let size = || std::fs::metadata(path).map_or(0, |file| file.len());
            report
                .send(Done::View(path.clone(), written.map(|()| size()).map_err(|error| error.to_string())));
        });
    }

    /// A view was written with so many bytes, or not, and why.
    pub(in crate::session) fn take_view(&mut self, path: &Path, written: Result<u64, String>) {
        self.end_writing(written.clone());
        let path = path.display();
        self.tell(match written {
            Ok(_) => Notice::info("The picture was written.", path.to_string()),
            Err(why) => Notice::error("The picture was not written.", format!("{why}: {path}")),
        });
    }

    pub(super) fn copy_view(&mut self, id: ViewportId) {
        let fonts = self.environment.fonts.noting();
        match self.drawn_again(id, &fonts) {
            Ok(picture) => {
                self.tell_lacking(&fonts);
                self.leaving.copied = Some(Copied::Picture(picture));
                self.tell(Notice::info("The view was copied.", ""));
            }
            Err(why) => self.tell(Notice::error("The view was not copied.", why)),
        }
    }

    /// The view of a viewport as a picture at screen size, without corner text.
    pub fn view_picture(&self, id: ViewportId) -> Result<Picture, String> {
        self.drawn_again(id, &self.environment.fonts)
    }

    fn drawn_again(&self, id: ViewportId, fonts: &Fonts) -> Result<Picture, String> {
        let shown = self.shown(id).ok_or("There is no image to copy.")?;
        let picture = self.whole_image(id)?;
        let viewport = self.workspace.size(id);
        let marks = self.marks(id);
        let inputs: Vec<MarkInput<'_>> = marks.iter().map(Mark::input).collect();
        let export = ViewExport {
            image: picture.image(),
            view: &shown.viewport.view,
            viewport,
            marks: &inputs,
            fonts,
        };
        let size = OutputSize::Pixels { width: viewport.width, dpi: 96.0 };
        let options = ExportOptions { size, ..ExportOptions::default() };
        view_picture(&export, &options, &Cancel::default()).map_err(|error| error.to_string())
    }
}
