use serde::{Deserialize, Serialize};

use crate::image::Window;

/// A window with a name. The user may edit them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// The name in menus.
    pub name: String,
    /// The window, in modality values.
    pub window: Window,
}

/// The presets for CT, in the order of the number keys. Values in HU.
pub fn standard_presets() -> Vec<Preset> {
    const PRESETS: [(&str, f64, f64); 11] = [
        ("Brain", 80.0, 40.0),
        ("Stroke", 40.0, 40.0),
        ("Subdural", 200.0, 75.0),
        ("Bone", 2500.0, 480.0),
        ("Temporal bone", 4000.0, 600.0),
        ("Soft tissue", 400.0, 40.0),
        ("Lung", 1500.0, -600.0),
        ("CTA", 600.0, 200.0),
        ("Mediastinum", 400.0, 80.0),
        ("Abdomen", 320.0, 50.0),
        ("Liver", 150.0, 90.0),
    ];
    PRESETS
        .iter()
        .map(|(name, width, center)| Preset {
            name: (*name).to_owned(),
            window: Window::linear(*center, *width),
        })
        .collect()
}
