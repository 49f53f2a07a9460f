//! How finely a picture is drawn: as finely as the screen, unless it moves faster than it can be drawn.

/// Seconds after the last change in which the next one belongs to the same movement.
const MOVING: f64 = 0.25;
/// Seconds after the last change until a coarse picture is drawn again in full.
const REST: f64 = 0.12;
/// Seconds that all viewports together may take for a picture: what 60 a second leave beside everything else.
const ROOM: f64 = 0.010;
/// The coarsest: a pixel for so many of the screen along each side.
const COARSEST: u32 = 4;

/// What is known of one viewport's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Detail {
    /// Seconds that a picture in full takes.
    full: f64,
    /// When what is shown changed last.
    changed: Option<f64>,
    /// Pixels of the screen for each of the picture's, along each side.
    step: u32,
}

impl Detail {
    /// What is shown changed: how many pixels of the screen each of the picture's stands for.
    pub(super) fn of_change(&mut self, now: f64, viewports: usize) -> u32 {
        let moves = self.changed.is_some_and(|changed| now - changed < MOVING);
        self.changed = Some(now);
        let room = ROOM / viewports.max(1) as f64;
        let keeps_up = |step: &u32| self.full / f64::from(step * step) <= room;
        self.step = if moves { [1, 2].into_iter().find(keeps_up).unwrap_or(COARSEST) } else { 1 };
        self.step
    }

    /// Pixels of the screen for each of the picture's, along each side.
    pub(super) fn step(&self) -> u32 {
        self.step
    }

    /// How long the picture took.
    pub(super) fn drawn(&mut self, seconds: f64) {
        let pixels = f64::from(self.step * self.step);
        // A coarse picture is not quite so much quicker; what is known of full ones counts for more.
        self.full = if self.step == 1 { seconds } else { self.full.min(seconds * pixels) };
    }

    /// Seconds until a coarse picture is to be drawn in full; `None` where it is.
    pub(super) fn rests_in(&self, now: f64) -> Option<f64> {
        let changed = self.changed.filter(|_| self.step > 1)?;
        Some((changed + REST - now).max(0.0))
    }

    /// The movement is over: the picture is drawn in full, a pixel for each of the screen's.
    pub(super) fn rest(&mut self) -> u32 {
        (self.step, self.changed) = (1, None);
        self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_moves_and_is_too_slow_is_drawn_coarsely_and_then_in_full() {
        let mut detail = Detail::default();
        assert_eq!(detail.of_change(10.0, 1), 1);
        detail.drawn(0.035);
        assert_eq!(detail.rests_in(10.0), None);
        // Too slow, but it does not move: one slice at a time.
        assert_eq!(detail.of_change(11.0, 1), 1);
        detail.drawn(0.035);
        // A movement: a quarter of 35 ms keeps up, but not with three others beside it.
        assert_eq!(detail.of_change(11.1, 1), 2);
        detail.drawn(0.009);
        assert_eq!(detail.of_change(11.2, 4), COARSEST);
        detail.drawn(0.004);
        let rest = detail.rests_in(11.25).unwrap();
        assert!((rest - 0.07).abs() < 1e-9, "{rest}");
        assert_eq!(detail.rests_in(12.0), Some(0.0));
        assert_eq!(detail.rest(), 1);
        assert_eq!(detail.rests_in(12.0), None);
        // What is quick enough is always drawn in full.
        detail.drawn(0.002);
        assert_eq!([detail.of_change(13.0, 4), detail.of_change(13.01, 4)], [1, 1]);
    }
}
