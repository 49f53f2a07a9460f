//! What the case knows, offered where two braces are typed; and what a selected number can be tied to.

use std::ops::Range;

use egui::{Key, Modifiers, RichText, Role, ScrollArea, Ui};

use crate::case::notebook::LiveOf;
use crate::session::{Offer, Session};
use crate::ui::named::named;
use crate::ui::theme;

/// So many are seen at a time.
const MOST: usize = 60;

/// The list that is open.
#[derive(Debug, Default)]
pub(super) struct Offers {
    open: Option<Open>,
    /// Where the braces stand for which the list was closed.
    closed_at: Option<usize>,
}

#[derive(Debug)]
struct Open {
    /// What is replaced, in bytes.
    range: Range<usize>,
    /// The words of a claim that is tied to a measurement; `None` where a value is put in.
    tied: Option<String>,
    all: Vec<Offer>,
    /// What was typed after the braces.
    filter: String,
    /// The one in hand, among those that fit.
    at: usize,
}

impl Offers {
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(super) fn close(&mut self) {
        self.closed_at = self.open.take().map(|open| open.range.start);
    }

    /// The text was typed in: after two braces the list opens, and what follows them chooses from it.
    pub(super) fn typed(&mut self, text: &str, cursor: &Range<usize>, longer: bool) {
        let before = text.get(..cursor.start).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let start = before.rfind("{{").filter(|at| *at >= line && !before[*at..].contains("}}"));
        match (start, &mut self.open) {
            (Some(start), Some(open)) if open.tied.is_none() => {
                open.range = start..cursor.end;
                before[start + 2..].clone_into(&mut open.filter);
                open.at = 0;
            }
            // Several letters may come at once.
            (Some(start), None) if longer && self.closed_at != Some(start) => {
                self.begin(start..cursor.end, None);
                if let Some(open) = &mut self.open {
                    before[start + 2..].clone_into(&mut open.filter);
                }
            }
            (Some(_), None) => {}
            (None, _) => (self.open, self.closed_at) = (None, None),
            (Some(_), Some(_)) => self.open = None,
        }
    }

    /// Opens the list for a place in the text.
    pub(super) fn begin(&mut self, range: Range<usize>, tied: Option<String>) {
        self.closed_at = None;
        self.open = Some(Open { range, tied, all: Vec::new(), filter: String::new(), at: 0 });
    }

    /// Shows the list above the text; what was chosen, and what it replaces.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        text: &str,
        cursor: &Range<usize>,
    ) -> Option<(Range<usize>, String)> {
        let open = self.open.as_mut()?;
        if open.all.is_empty() {
            open.all = session.offers();
        }
        let fits: Vec<Offer> = open.all.iter().filter(|offer| open.fits(offer)).take(MOST).cloned().collect();
        let keys = Keys::pressed(ui);
        open.at = keys.moved(open.at, fits.len());
        let mut chosen = fits.get(open.at).filter(|_| keys.enter);
        let title = match &open.tied {
            Some(words) => format!("\u{201c}{words}\u{201d} is what was measured as:"),
            None => "The case knows (arrows, Enter):".to_owned(),
        };
        let mut closed = keys.escape || cursor.start < open.range.start;
        ui.horizontal(|ui| {
            ui.label(RichText::new(title).color(theme::ACCENT));
            closed |= ui.small_button("Close list").clicked();
        });
        if fits.is_empty() {
            ui.label(RichText::new("Nothing of that name. Measure something first.").color(theme::WEAK));
        }
        ScrollArea::vertical().id_salt("offers").max_height(190.0).show(ui, |ui| {
            for (index, offer) in fits.iter().enumerate() {
                let words = format!("{}: {}", offer.words, offer.text);
                let response = ui.selectable_label(index == open.at, RichText::new(&words).size(13.0));
                named(&response, Role::Button, &words);
                if index == open.at && (keys.down || keys.up) {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    chosen = Some(offer);
                }
            }
        });
        ui.separator();
        let chosen = chosen.map(|offer| (open.range.clone(), open.written(offer, text)));
        if chosen.is_some() || closed {
            self.closed_at = Some(open.range.start);
            self.open = None;
        }
        chosen
    }
}

/// The keys of an open list, taken from the text.
struct Keys {
    down: bool,
    up: bool,
    enter: bool,
    escape: bool,
}

impl Keys {
    fn pressed(ui: &Ui) -> Self {
        let taken = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (down, up) = (taken(Key::ArrowDown), taken(Key::ArrowUp));
        Self { down, up, enter: taken(Key::Enter) || taken(Key::Tab), escape: taken(Key::Escape) }
    }

    /// The one in hand of so many.
    fn moved(&self, at: usize, count: usize) -> usize {
        let last = count.saturating_sub(1);
        match (self.down, self.up) {
            (true, _) => (at + 1).min(last),
            (_, true) => at.min(last).saturating_sub(1),
            (false, false) => at.min(last),
        }
    }
}

impl Open {
    fn fits(&self, offer: &Offer) -> bool {
        let is_claim = matches!(offer.of, LiveOf::Measurement(..));
        let measured = is_claim && offer.text.chars().any(|c| c.is_ascii_digit());
        let words = format!("{} {}", offer.words, offer.text).to_lowercase();
        let found = self.filter.to_lowercase().split_whitespace().all(|part| words.contains(part));
        found && (self.tied.is_none() || measured)
    }

    /// What stands in the text in its place: the value, or the claim with what it is tied to.
    fn written(&self, offer: &Offer, text: &str) -> String {
        match (&self.tied, &offer.of) {
            (Some(words), LiveOf::Measurement(id, what)) => format!("[{words}](measurement:{}#{what})", id.0),
            (Some(words), _) => words.clone(),
            (None, _) => {
                let typed = offer.typed();
                // Braces that are there already close it.
                let closed = text.get(self.range.end..).is_some_and(|after| after.starts_with("}}"));
                if closed { typed.trim_end_matches('}').to_owned() } else { typed }
            }
        }
    }
}
