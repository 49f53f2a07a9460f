use glam::DVec2;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The colour of a mark on a figure: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ink(pub [u8; 3]);

impl Ink {
    /// White.
    pub const WHITE: Self = Self([255, 255, 255]);
    /// Black.
    pub const BLACK: Self = Self([0, 0, 0]);
    /// The colours that are offered, with their names. Black and white print without loss in grey.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::WHITE, "white"),
        (Self::BLACK, "black"),
        (Self([255, 214, 64]), "yellow"),
        (Self([240, 80, 70]), "red"),
        (Self([80, 200, 240]), "blue"),
        (Self([110, 215, 120]), "green"),
    ];

    /// The name of one of the colours on offer; `colour` of any other.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(ink, _)| *ink == self).map_or("colour", |(_, name)| *name)
    }

    /// Whether a dark rim makes it stand out, and not a light one. By luminance (ITU-R BT.709), without gamma.
    pub fn is_light(self) -> bool {
        let [r, g, b] = self.0.map(f64::from);
        0.2126 * r + 0.7152 * g + 0.0722 * b > 110.0
    }
}

impl Default for Ink {
    fn default() -> Self {
        Self::WHITE
    }
}

/// What an author draws on a panel. Sizes are those of the paper, places those of the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureShape {
    /// From a tail to a tip at the place.
    Arrow {
        /// From the tip to the tail on paper: pt right and down.
        tail_pt: DVec2,
    },
    /// A filled head whose tip is at the place.
    Arrowhead {
        /// From the tip backwards: only the direction counts.
        tail_pt: DVec2,
    },
    /// A star around the place.
    Asterisk,
    /// Words whose middle is at the place.
    Text(String),
    /// A circle around the place.
    Circle {
        /// Its radius in the image, mm.
        radius_mm: f64,
    },
    /// From the place to another one.
    Line {
        /// The other end: mm right and down of the first pixel's centre.
        to: DVec2,
    },
}

impl FigureShape {
    /// The name in menus.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Arrow { .. } => "arrow",
            Self::Arrowhead { .. } => "arrowhead",
            Self::Asterisk => "asterisk",
            Self::Text(_) => "text",
            Self::Circle { .. } => "circle",
            Self::Line { .. } => "line",
        }
    }
}

/// A mark of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureMark {
    /// What it is.
    pub shape: FigureShape,
    /// Where: mm right and down of the first pixel's centre, in the plane of the image.
    pub at: DVec2,
    /// Size of its letters or head, pt.
    pub size_pt: f64,
    /// Its colour. A rim that contrasts with it comes by itself.
    #[serde(default)]
    pub ink: Ink,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl FigureMark {
    /// A white mark of the usual size.
    pub fn new(shape: FigureShape, at: DVec2) -> Self {
        Self { shape, at, size_pt: 8.0, ink: Ink::WHITE, extra: Map::new() }
    }

    pub(super) fn is_sound(&self) -> bool {
        let shape = match &self.shape {
            FigureShape::Arrow { tail_pt } | FigureShape::Arrowhead { tail_pt } => {
                tail_pt.is_finite() && tail_pt.length() > 0.0
            }
            FigureShape::Circle { radius_mm } => radius_mm.is_finite() && *radius_mm > 0.0,
            FigureShape::Line { to } => to.is_finite(),
            FigureShape::Asterisk | FigureShape::Text(_) => true,
        };
        shape && self.at.is_finite() && (0.5..=200.0).contains(&self.size_pt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_inks_get_a_dark_rim() {
        let light: Vec<&str> =
            Ink::ALL.iter().filter(|(ink, _)| ink.is_light()).map(|(_, name)| *name).collect();
        assert_eq!(light, ["white", "yellow", "red", "blue", "green"]);
    }
}
