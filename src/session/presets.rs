use std::sync::Arc;

use super::{Session, ViewportId, WindowOrigin};
use crate::image::{NamedVoi, Voi};

impl Session {
    /// The windows on offer in a viewport: the file's own first, then, for CT, the user's presets.
    pub fn presets(&self, id: ViewportId) -> Vec<NamedVoi> {
        let Some(shown) = self.shown(id) else { return Vec::new() };
        if shown.frame.color {
            return Vec::new();
        }
        let own = shown.frame.presets.iter().enumerate().map(|(index, preset)| NamedVoi {
            name: if preset.name.is_empty() {
                format!("File {}", index + 1)
            } else {
                format!("File: {}", preset.name)
            },
            voi: preset.voi.clone(),
        });
        let automatic = self.samples(shown.frame).and_then(|samples| {
            crate::render::window_misfit(shown.frame, samples)?;
            let window = crate::render::auto_window(shown.frame, samples, None);
            Some(NamedVoi { name: "Automatic".to_owned(), voi: Voi::Window(window) })
        });
        let standard = self
            .settings
            .presets
            .iter()
            .filter(|_| shown.series.info.modality == "CT")
            .map(|preset| NamedVoi { name: preset.name.clone(), voi: Voi::Window(preset.window) });
        own.chain(automatic).chain(standard).collect()
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
