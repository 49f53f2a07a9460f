//! What the case knows and the notes may say: offered where somebody types two braces.

use super::facts::{SessionFacts, values_of};
use crate::case::notebook::{Live, LiveFormat, LiveOf, live_text};
use crate::case::{LesionId, axes};
use crate::session::Session;

/// A value that the notes may hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What it is of.
    pub of: LiveOf,
    /// How it would be written.
    pub format: LiveFormat,
    /// What it is, in words: `measurement 2: size`.
    pub words: String,
    /// What it says now.
    pub text: String,
}

impl Offer {
    /// As it is typed.
    pub fn typed(&self) -> String {
        Live::typed(&self.of, self.format)
    }
}

/// Quantities that are offered, and the digits after the point that are usual.
const QUANTITIES: [(&str, usize); 16] = [
    ("length", 1),
    ("mean", 0),
    ("value", 0),
    ("sd", 0),
    ("median", 0),
    ("min", 0),
    ("max", 0),
    ("area", 0),
    ("volume", 1),
    ("ellipsoid_volume", 1),
    ("product", 0),
    ("diameter", 1),
    ("distance", 1),
    ("angle", 0),
    ("real_world_mean", 1),
    ("real_world_max", 1),
];
/// Of a lesion at a time point.
const OF_LESION: [(&str, usize); 8] = [
    ("size", 1),
    ("longest", 1),
    ("volume", 1),
    ("density", 0),
    ("suv", 1),
    ("product", 0),
    ("change", 0),
    ("state", 0),
];
/// How an image was acquired.
const TECHNIQUE: [&str; 8] = ["modality", "kV", "mAs", "thickness", "sequence", "TR", "TE", "contrast"];

impl Session {
    /// What the case knows now, in the order of measurements, lesions, times, panels.
    pub fn offers(&self) -> Vec<Offer> {
        let mut ledger = self.ledger();
        // As they will be named once the notes speak of them.
        for (column, point) in ledger.columns.iter_mut().zip(self.settled_time_points()) {
            column.point = point;
        }
        let facts = SessionFacts { session: self, ledger: &ledger, absolute_dates: false };
        let mut offers = Vec::new();
        let mut offer = |of: LiveOf, format: LiveFormat, words: String| {
            let live = Live { range: 0..0, of: Some(of.clone()), format, behind_preposition: false };
            if let Ok(text) = live_text(&live, self.case(), &ledger, &facts) {
                offers.push(Offer { of, format, words, text });
            }
        };
        let digits = |decimals| LiveFormat { decimals: Some(decimals), ..LiveFormat::default() };
        let in_cm = self.settings().labels.centimetres;
        let length = |decimals| LiveFormat { in_cm, ..digits(decimals) };
        for measurement in &self.case().measurements {
            let id = measurement.id;
            let Ok(quantities) = values_of(self.values(id)) else { continue };
            let kind = measurement.kind.name();
            let name = |what: &str| format!("measurement {} ({kind}): {}", id.0, what.replace('_', " "));
            if axes(&quantities).len() > 1 {
                offer(LiveOf::Measurement(id, "size".to_owned()), length(1), name("size"));
            }
            for (what, decimals) in QUANTITIES {
                if quantities.iter().any(|quantity| quantity.kind.name() == what) {
                    offer(LiveOf::Measurement(id, what.to_owned()), length(decimals), name(what));
                }
            }
            for what in TECHNIQUE {
                offer(LiveOf::Measurement(id, what.to_owned()), LiveFormat::default(), name(what));
            }
        }
        for lesion in &self.case().lesions {
            for (index, column) in ledger.columns.iter().enumerate() {
                for (what, decimals) in OF_LESION {
                    let of = LiveOf::Lesion(lesion.id, column.point.id, what.to_owned());
                    offer(of, length(decimals), self.lesion_words(lesion.id, index, what));
                }
            }
        }
        for (index, column) in ledger.columns.iter().enumerate() {
            offer(
                LiveOf::TimePoint(column.point.id),
                LiveFormat::default(),
                format!("time point {}: when", index + 1),
            );
        }
        for event in &self.case().notebook.events {
            offer(LiveOf::Event(event.id), LiveFormat::default(), format!("event {}: when", event.words));
        }
        for (number, figure) in self.case().figures.iter().enumerate() {
            for index in 0..figure.panels.len() {
                let letter = figure.letters.form.letter(index);
                let panel =
                    format!("{}{}", number + 1, letter.trim_matches(['(', ')', '.', ' ']).to_lowercase());
                for what in TECHNIQUE {
                    let of = LiveOf::Panel(panel.clone(), what.to_owned());
                    offer(of, LiveFormat::default(), format!("Figure {panel}: {what}"));
                }
            }
        }
        for (of, words) in [
            (LiveOf::Timeline, "the timeline, drawn to scale"),
            (LiveOf::TimelineTable, "the timeline as a table"),
            (LiveOf::Ledger, "the ledger of lesions as a table"),
        ] {
            offer(of, LiveFormat::default(), words.to_owned());
        }
        offers
    }

    fn lesion_words(&self, id: LesionId, column: usize, what: &str) -> String {
        let name = self.case().lesion(id).map_or("", |lesion| lesion.name.as_str());
        format!("lesion {name}, time point {}: {what}", column + 1)
    }
}
