use serde::{Deserialize, Serialize};

use super::Interpolation;
use crate::image::{Voi, Window};

/// Which colours brightness is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColorMap {
    /// Black to white.
    #[default]
    Grey,
    /// Black, red, orange, yellow, white (PS3.6 B.1.1, Hot Iron).
    HotIron,
    /// Black, blue, magenta, orange, yellow, white: the usual PET scale.
    Pet,
    /// Blue to red through the rainbow.
    Rainbow,
    /// Dark violet to yellow, even steps for the eye (viridis).
    Viridis,
}

impl ColorMap {
    /// Every map, in menu order.
    pub const ALL: [Self; 5] = [Self::Grey, Self::HotIron, Self::Pet, Self::Rainbow, Self::Viridis];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grey => "Grey",
            Self::HotIron => "Hot iron",
            Self::Pet => "PET",
            Self::Rainbow => "Rainbow",
            Self::Viridis => "Viridis",
        }
    }
}

/// How values become colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The window or table.
    pub voi: Voi,
    /// Swap black and white on top of what the file asks for.
    pub inverted: bool,
    /// The colours.
    pub colors: ColorMap,
    /// How values between pixels come about; by the nearest, pixels show as squares.
    pub interpolation: Interpolation,
}

impl Look {
    /// A grey look with that window, linear between pixels.
    pub fn with_window(window: Window) -> Self {
        let interpolation = Interpolation::Linear;
        Self { voi: Voi::Window(window), inverted: false, colors: ColorMap::Grey, interpolation }
    }

    /// The look after a window drag by `(right, up)` points: right widens, up brightens.
    ///
    /// A step is 1/400 of the width the drag started with, so that wide windows move fast and narrow ones finely. What
    /// comes is rounded as a hand means it ([`crate::numbers::dragged`]), so that captions say numbers that people use.
    pub fn window_dragged(&self, start: Window, right: f64, up: f64) -> Self {
        let per_point = (start.width / 400.0).max(f64::MIN_POSITIVE);
        let width = start.width + right * per_point * 2.0;
        let center = start.center - up * per_point * 2.0;
        // A drag that goes along one axis leaves the other as it was.
        let width = if right == 0.0 { width } else { crate::numbers::dragged(width, width) };
        let center = if up == 0.0 { center } else { crate::numbers::dragged(center, width) };
        Self { voi: Voi::Window(Window { center, width, ..start }.valid()), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_widens_and_up_brightens() {
        let start = Window::linear(40.0, 80.0);
        let look = Look::with_window(start).window_dragged(start, 100.0, 50.0);
        assert_eq!(look.voi, Voi::Window(Window::linear(20.0, 120.0)));
        let narrow = Look::with_window(start).window_dragged(start, -1e6, 0.0);
        assert!((narrow.voi.as_window().width - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_drag_ends_at_numbers_that_people_use() {
        let ends = |start: Window, right: f64, up: f64| {
            let window = Look::with_window(start).window_dragged(start, right, up).voi.as_window();
            (window.width, window.center)
        };
        assert_eq!(ends(Window::linear(40.0, 80.0), -67.3, 31.7), (53.0, 27.0));
        assert_eq!(ends(Window::linear(480.0, 2500.0), -63.8, 0.0), (1703.0, 480.0));
        assert_eq!(ends(Window::linear(12_000.0, 24_000.0), 24.98, 7.0), (26_998.0, 11_160.0));
        let exact = Window { function: crate::image::VoiFunction::LinearExact, ..Window::linear(0.5, 1.0) };
        assert_eq!(ends(exact, -39.1, 3.0), (0.80, 0.49), "two digits of a narrow window");
        // A file's own window is not rounded by a tremble along the other axis.
        assert_eq!(ends(Window::linear(40.25, 350.5), 0.0, 10.0), (350.5, 23.0));
    }
}
