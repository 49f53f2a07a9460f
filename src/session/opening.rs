//! What the reader opened is shown, and said: so many images in so many series.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Layout, Notice, Session};
use crate::dicom::Instance;
use crate::image::{Phi, SamePatient, SeriesKey, SopInstanceUid};
use crate::words::counted;

/// What the reader opened last, while it is scanned.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of what was opened")]
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// Files and folders, as the scan calls them.
    from: Vec<PathBuf>,
    /// Nothing else is scanned: whatever is found belongs to it.
    alone: bool,
    /// The sample made room for it: what the scan finds besides is of the sample.
    replaces: bool,
    /// It is on the screen, or a case says what is.
    shown: bool,
    series: HashSet<SeriesKey>,
    patients: HashSet<Phi<String>>,
    seen: HashSet<(SeriesKey, SopInstanceUid)>,
    images: usize,
}

impl Opening {
    fn holds(&self, path: &Path) -> bool {
        self.alone || self.from.iter().any(|from| path.starts_with(from))
    }

    fn take(&mut self, instance: &Instance) {
        let key = SeriesKey::new(&instance.patient, &instance.study, &instance.series);
        self.patients.insert(instance.patient.identity());
        if self.seen.insert((key.clone(), instance.sop_instance.clone())) {
            self.images += instance.frames.len();
        }
        self.series.insert(key);
    }
}

impl Session {
    /// Images were opened; `with_case` where a case came with them, which says itself what is shown.
    pub(super) fn expect_opened(&mut self, paths: &[PathBuf], with_case: bool) {
        let scanning = self.scan.is_some();
        let mut opening = self.opening.take().filter(|_| scanning).unwrap_or_default();
        let known = |path: &PathBuf| {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            // A directory of a medium names files beside itself.
            let directory = path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"));
            if directory { path.parent().map_or(path.clone(), Path::to_owned) } else { path }
        };
        opening.from.extend(paths.iter().map(known));
        opening.alone = !scanning;
        opening.shown = with_case;
        self.opening = Some(opening);
    }

    /// Looks at what a scan found; what is left is to be taken in.
    pub(super) fn take_opened(&mut self, mut found: Vec<Instance>) -> Vec<Instance> {
        let Some(mut opening) = self.opening.take() else { return found };
        if self.makes_room_for(&opening, &found) {
            self.begin_blank_case();
            self.drop_images();
            self.workspace.set_layout(Layout::ALL[0]);
            opening.replaces = true;
        }
        if opening.replaces {
            found.retain(|instance| opening.holds(&instance.path));
        }
        for instance in &found {
            if opening.holds(&instance.path) {
                opening.take(instance);
            }
        }
        self.opening = Some(opening);
        found
    }

    /// Whether the sample, as it came, makes room: it is nobody's, and what is measured on images of a patient must
    /// not stand in it.
    fn makes_room_for(&self, opening: &Opening, found: &[Instance]) -> bool {
        if !self.is_sample() || self.has_unsaved_changes() {
            return false;
        }
        let own: Vec<_> = self.library.all().filter(|series| !series.is_picture()).collect();
        found.iter().any(|instance| {
            opening.holds(&instance.path)
                && !crate::sample::is_bundled(&instance.path)
                && own.iter().all(|series| series.patient.is_same(&instance.patient) != SamePatient::Yes)
        })
    }

    /// Shows the first series of what was opened in the active viewport, as soon as there is one.
    pub(super) fn show_opened(&mut self) {
        let Some(opening) = self.opening.as_ref().filter(|opening| !opening.shown) else { return };
        let opened = |series: &crate::image::Series| opening.series.iter().any(|key| series.is_of(key));
        let active = self.workspace.active;
        let here = self.workspace.viewport(active).and_then(|viewport| self.library.series(&viewport.series));
        let there = here.is_some_and(|series| opened(series));
        let first = || self.library.browse().into_iter().find(|s| !s.frames.is_empty() && opened(s));
        let first = if there { None } else { first().map(|series| series.key()) };
        if (there || first.is_some())
            && let Some(opening) = &mut self.opening
        {
            opening.shown = true;
        }
        if let Some(key) = first {
            self.show_series(active, &key);
        }
    }

    /// Says what was loaded; `false` where something was opened that holds no DICOM.
    pub(super) fn tell_of_opened(&mut self) -> bool {
        let Some(opening) = self.opening.take() else { return true };
        if opening.series.is_empty() {
            return false;
        }
        let patients = match opening.patients.len() {
            0 | 1 => String::new(),
            many => format!(" of {}", counted(many, "patient")),
        };
        let (images, series) = (counted(opening.images, "image"), counted(opening.series.len(), "series"));
        let details = if opening.replaces { "The sample was closed." } else { "" };
        self.tell(Notice::info(format!("{images} in {series}{patients} loaded."), details));
        true
    }
}
