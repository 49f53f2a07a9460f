//! Images as large on the screen as in the patient.

use super::{Notice, Session, ViewportId};
use crate::geometry::Mm;
use crate::store::Settings;

impl Session {
    /// What the user measured of the screen: from now on it is known how large a pixel is.
    pub(super) fn set_screen_pixel(&mut self, pixel: Mm) {
        if !Settings::SCREEN_PIXELS.contains(&pixel.0) {
            return;
        }
        self.settings.screen_pixel = Some(pixel);
        self.save_settings();
        self.true_size(self.workspace.active);
    }

    /// Shows the image of a viewport in true size, if both the screen and the image say how large they are.
    pub(super) fn true_size(&mut self, id: ViewportId) {
        let Some(shown) = self.shown(id) else { return };
        if shown.frame.calibration.length_unit() == "px" {
            let why = "This image does not say how many mm a pixel is.";
            self.tell(Notice::warning("There is no true size.", why));
            return;
        }
        let Some(pixel) = self.settings.screen_pixel else {
            let how = "Measure the screen first (View menu).";
            self.tell(Notice::warning("It is not known how large a pixel of this screen is.", how));
            return;
        };
        let framing = shown.viewport.view.framing.true_size(pixel, self.workspace.size(id));
        if let Some(viewport) = self.workspace.viewport_mut(id) {
            viewport.view.framing = framing;
            viewport.fitted = false;
        }
    }
}
