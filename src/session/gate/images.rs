//! What images may show of the patient: text in the pixels or over them, a face.

use std::sync::Arc;

use super::headers::Hints;
use super::{FindingPlace, FindingSeverity, Findings, Found};
use crate::dicom::PixelHints;
use crate::geometry::FramePlane;
use crate::image::{Frame, Series};
use crate::session::figure::anatomical_plane;
use crate::session::{Session, Shown};
use crate::view::Reformat;

/// From this thickness on a slab shows a surface, and with it a face, mm.
const THICK_MM: f64 = 10.0;

/// What is known of an image that is about to leave, or of several the worst.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub(in crate::session) struct ImageFacts {
    hints: PixelHints,
    unread: bool,
    graphics: bool,
    slab: bool,
}

/// What an image may show: a word for the kind, what it is in words, and how sure it is.
type ImageFinding = (&'static str, String, FindingSeverity);

impl ImageFacts {
    /// Adds what the header of one of its files says; `None` of one that could not be read.
    pub(super) fn add(&mut self, hints: Option<&PixelHints>) {
        let Some(new) = hints else {
            self.unread = true;
            return;
        };
        let own = &mut self.hints;
        // One YES is enough.
        own.burned_in = either(own.burned_in, new.burned_in);
        own.recognizable = either(own.recognizable, new.recognizable);
        own.head = either(own.head, new.head);
        own.captured |= new.captured;
        own.photograph |= new.photograph;
        own.telling_kind = own.telling_kind.or(new.telling_kind);
    }

    /// It is drawn with graphics of the file over it.
    pub(super) fn add_graphics(&mut self) {
        self.graphics = true;
    }

    /// It is cut through a series, on that plane.
    pub(super) fn add_plane(&mut self, cut: &Reformat, plane: Option<&FramePlane>) {
        let along = plane.is_some_and(|plane| !anatomical_plane(plane).ends_with("axial"));
        self.slab |= along && cut.slab.thickness.0 >= THICK_MM;
    }

    /// What of it could say who the patient is.
    fn findings(&self) -> Vec<ImageFinding> {
        let asks = |kind, what: &str| (kind, what.to_owned(), FindingSeverity::Asks);
        let mut found = Vec::new();
        if self.unread {
            let what = "its header could not be read, so nothing is known of text in the image";
            found.push(asks("unread", what));
        }
        if let Some((what, severity)) = text_in(&self.hints) {
            found.push(("burned-in", what, severity));
        }
        if self.graphics {
            let what = "graphics that the file lays over the image may hold text (O hides them)";
            found.push(asks("graphics", what));
        }
        found.extend(self.face().map(|what| asks("face", what)));
        found
    }

    /// Whether the patient may be recognised.
    fn face(&self) -> Option<&'static str> {
        if self.hints.recognizable == Some(true) {
            return Some("the file's flag says that the patient can be recognised");
        }
        if self.hints.photograph {
            return Some("a photograph may show the patient's face, a name or a date");
        }
        // Where nothing says what is shown it may be a head.
        let head = self.hints.head != Some(false);
        (self.slab && head).then_some("a thick slab through a head may show the face")
    }
}

fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a || b),
        (known, None) | (None, known) => known,
    }
}

impl Session {
    /// Adds to the facts of an image what is known of it as it is shown; its files are read.
    pub(in crate::session) fn add_facts(
        &self,
        shown: &Shown<'_>,
        frames: &[Arc<Frame>],
        facts: &mut ImageFacts,
    ) {
        // A picture of the case has no header: it is a photograph until somebody has looked.
        facts.hints.photograph |= shown.series.is_picture();
        for frame in frames.iter().filter(|frame| !frame.stored.is_picture()) {
            match self.headers.hints(frame) {
                Hints::Said(hints) => facts.add(Some(hints)),
                Hints::None => facts.add(None),
                // The gate says that it waits for it.
                Hints::Unread => {}
            }
        }
        match shown.viewport.view.reformat() {
            Some(cut) => facts.add_plane(cut, shown.frame.plane.as_ref()),
            None if self.graphics(shown.frame).is_empty() => {}
            None => facts.add_graphics(),
        }
    }
}

impl Findings<'_> {
    /// Adds what an image may show; `of` changes when it becomes another image.
    pub(in crate::session) fn add_image(
        &mut self,
        facts: &ImageFacts,
        at: FindingPlace,
        place: &str,
        of: &str,
    ) {
        for (kind, what, severity) in facts.findings() {
            let place = place.to_owned();
            self.add(Found {
                kind,
                of,
                value: None,
                at,
                place,
                what,
                severity,
                range: None,
                around: [String::new(), String::new()],
                quote: String::new(),
                cure: None,
            });
        }
    }
}

/// What changes when another image is shown, so that a decision does not go over to it.
pub(in crate::session) fn image_name(series: &Series, frame: &Frame, is_cut: bool) -> String {
    let series = series.info.uid.as_str();
    if !is_cut {
        return format!("{series} {}", frame.of.sop_instance.as_str());
    }
    format!("{series} {}", frame.plane.as_ref().map_or_else(|| "no plane".to_owned(), anatomical_plane))
}

impl Shown<'_> {
    /// [`image_name`] of what is shown.
    pub(in crate::session) fn image_name(&self) -> String {
        image_name(self.series, self.frame, self.viewport.view.reformat().is_some())
    }
}

/// Whether text may be in the pixels.
fn text_in(hints: &PixelHints) -> Option<(String, FindingSeverity)> {
    let flag = match hints.burned_in {
        Some(true) => {
            let what = "the file's flag says that text is burned into the image";
            return Some((what.to_owned(), FindingSeverity::Blocks));
        }
        Some(false) => "its flag says that it does not",
        None => "its flag says nothing",
    };
    let kind = match (hints.telling_kind, hints.captured) {
        (Some(kind), _) => kind,
        (None, true) => "a captured or scanned image",
        (None, false) => return None,
    };
    Some((format!("{kind} may show text or names; {flag}"), FindingSeverity::Asks))
}
