//! Which windows a viewport is offered: the reader's presets, those of the file, one from the values.

use std::sync::Arc;

use super::{Session, ViewportId, WindowOrigin};
use crate::image::Voi;

/// A window on offer in a viewport.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowOffer {
    /// The preset's name, or `File: ` and the file's own.
    pub name: String,
    /// The window or table.
    pub voi: Voi,
    /// Which of the keys 1 to 9 chooses it, from 1: the preset's place in the reader's list, whatever the file brings.
    /// Where there are no presets, as on MR, the place in the file.
    pub digit: Option<usize>,
    /// Whether the file names it.
    pub of_file: bool,
    /// Whether the viewport shows it now.
    pub active: bool,
}

/// The last of the keys that choose a preset.
const LAST_DIGIT: usize = 9;

impl Session {
    /// The windows on offer in a viewport: for CT the user's presets first, in the order of their keys; then the file's
    /// own; then, where that one does not suit the values, one that does.
    ///
    /// A window of the file that has the name and the values of a preset is that preset. None for a colour image.
    pub fn presets(&self, id: ViewportId) -> Vec<WindowOffer> {
        let Some(shown) = self.shown(id).filter(|shown| !shown.frame.color) else { return Vec::new() };
        let now = &shown.viewport.view.look.voi;
        let offer = |name: String, voi: Voi| {
            let active = voi == *now;
            WindowOffer { name, voi, digit: None, of_file: false, active }
        };
        let ct = shown.series.info.modality == "CT";
        let mut offers: Vec<WindowOffer> = self
            .settings
            .presets
            .iter()
            .filter(|_| ct)
            .map(|preset| offer(preset.name.clone(), Voi::Window(preset.window)))
            .collect();
        let mut own: Vec<(String, WindowOffer)> = Vec::new();
        for (index, preset) in shown.frame.presets.iter().enumerate() {
            let is = |name: &str, voi: &Voi| *voi == preset.voi && is_same_name(name, &preset.name);
            if let Some(known) = offers.iter_mut().find(|known| is(&known.name, &known.voi)) {
                known.of_file = true;
            } else if !own.iter().any(|(name, known)| is(name, &known.voi)) {
                let name = match preset.name.trim() {
                    "" => format!("File {}", index + 1),
                    name => format!("File: {name}"),
                };
                own.push((
                    preset.name.clone(),
                    WindowOffer { of_file: true, ..offer(name, preset.voi.clone()) },
                ));
            }
        }
        if offers.is_empty() {
            offers.extend(own.into_iter().map(|(_, offer)| offer));
            number(&mut offers);
        } else {
            number(&mut offers);
            offers.extend(own.into_iter().map(|(_, offer)| offer));
        }
        let automatic = self.samples(shown.frame).and_then(|samples| {
            crate::render::window_misfit(shown.frame, samples)?;
            let window = crate::render::auto_window(shown.frame, samples, None);
            Some(offer("Automatic".to_owned(), Voi::Window(window)))
        });
        offers.extend(automatic);
        offers
    }

    pub(super) fn use_preset(&mut self, id: ViewportId, index: usize) {
        let Some(preset) = self.presets(id).into_iter().nth(index) else { return };
        self.set_voi(id, preset.voi);
    }

    pub(super) fn auto_window(&mut self, id: ViewportId) {
        let Some(frame) = self.shown(id).map(|shown| Arc::clone(shown.frame)) else { return };
        let Some(samples) = self.values_shown(id) else { return };
        let window = crate::render::auto_window(&frame, &samples, None);
        self.set_voi(id, Voi::Window(window));
    }

    fn set_voi(&mut self, id: ViewportId, voi: Voi) {
        if let Some(viewport) = self.workspace.viewport_mut(id) {
            viewport.view.look.voi = voi;
            viewport.window = WindowOrigin::Settled;
        }
    }
}

/// Vendors shout: BRAIN is Brain.
fn is_same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn number(offers: &mut [WindowOffer]) {
    for (offer, digit) in offers.iter_mut().zip(1..=LAST_DIGIT) {
        offer.digit = Some(digit);
    }
}
