//! What the images of a figure may show of the patient: text in the pixels or over them, a face.

use super::gate::{Finding, FindingPlace, FindingSeverity, Findings, Found};
use super::headers::Hints;
use super::legend::anatomical_plane;
use crate::case::{Figure, Panel};
use crate::dicom::PixelHints;
use crate::session::{Session, Shown};
use crate::view::Slice;

/// From this thickness on a slab shows a surface, and with it a face, mm.
const THICK_MM: f64 = 10.0;

/// What the files of a panel say, the worst of them.
#[derive(Debug, Default)]
struct Worst {
    hints: PixelHints,
    unread: bool,
}

impl Worst {
    fn add(&mut self, hints: Hints<'_>) {
        let new = match hints {
            Hints::Said(new) => new,
            Hints::None => {
                self.unread = true;
                return;
            }
            // The gate says that it waits for it.
            Hints::Unread => return,
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
}

fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a || b),
        (known, None) | (None, known) => known,
    }
}

impl Session {
    /// Adds what the images of the panels may show.
    pub(super) fn in_images(&self, figure: &Figure, findings: &mut Findings<'_>) {
        for (index, panel) in figure.panels.iter().enumerate() {
            let Some(viewport) = self.viewport_of_view(&panel.view) else { continue };
            let Some(shown) = self.shown_in(&viewport) else { continue };
            let place = format!("image of {}", figure.panel_name(index));
            let mut worst = Worst::default();
            // A picture of the case has no header: it is a photograph until somebody has looked.
            worst.hints.photograph = shown.series.is_picture();
            let frames = self.frames_of_panel(panel).into_iter().filter(|frame| !frame.stored.is_picture());
            for frame in frames {
                worst.add(self.figures.headers.hints(&frame));
            }
            let image = image_name(panel, &shown);
            let mut add = |kind, what: String, severity| {
                findings.add(Found {
                    kind,
                    of: &image,
                    at: FindingPlace::Image(panel.id),
                    place: place.clone(),
                    what,
                    severity,
                    range: None,
                    cure: None,
                });
            };
            if worst.unread {
                let what = "its header could not be read, so nothing is known of text in the image";
                add("unread", what.to_owned(), FindingSeverity::Asks);
            }
            if let Some((what, severity)) = text_in(&worst.hints) {
                add("burned-in", what, severity);
            }
            if shown.viewport.view.reformat().is_none() && !self.graphics(shown.frame).is_empty() {
                let what = "graphics that the file lays over the image may hold text (O hides them)";
                add("graphics", what.to_owned(), FindingSeverity::Asks);
            }
            if let Some(what) = face_in(&worst.hints, &shown) {
                add("face", what.to_owned(), FindingSeverity::Asks);
            }
        }
    }
}

/// What changes when a panel shows another image, so that a decision does not go over to it.
fn image_name(panel: &Panel, shown: &Shown<'_>) -> String {
    let series = panel.view.series.as_str();
    match &panel.view.slice {
        Slice::Acquired(of) => format!("{series} {}", of.sop_instance.as_str()),
        Slice::Reformat(_) => {
            format!("{series} {}", shown.frame.plane.as_ref().map_or("no plane", anatomical_plane))
        }
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

/// Whether the patient may be recognised.
fn face_in(hints: &PixelHints, shown: &Shown<'_>) -> Option<&'static str> {
    if hints.recognizable == Some(true) {
        return Some("the file's flag says that the patient can be recognised");
    }
    if hints.photograph {
        return Some("a photograph may show the patient's face, a name or a date");
    }
    let thick = shown.viewport.view.reformat().is_some_and(|cut| cut.slab.thickness.0 >= THICK_MM);
    let along = shown.frame.plane.as_ref().is_some_and(|plane| anatomical_plane(plane) != "axial");
    // Where nothing says what is shown it may be a head.
    (thick && along && hints.head != Some(false)).then_some("a thick slab through a head may show the face")
}

impl Finding {
    /// Whether it is in an image.
    pub fn is_in_image(&self) -> bool {
        matches!(self.at, FindingPlace::Image(_))
    }
}
