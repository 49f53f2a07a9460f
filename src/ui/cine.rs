//! Series that play as a film, each at its own rate, while everything else goes on.

use std::time::Duration;

use egui::Context;

use crate::session::{Action, MOST_VIEWPORTS, Session};

/// When each viewport showed its last frame, in seconds.
#[derive(Debug, Default)]
pub(super) struct Cine {
    at: [Option<f64>; MOST_VIEWPORTS],
}

impl Cine {
    /// Moves the series that play.
    pub(super) fn play(&mut self, ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
        let now = ctx.input(|i| i.time);
        let visible = session.workspace().visible();
        for (index, at) in self.at.iter_mut().enumerate() {
            let id = crate::session::ViewportId(index);
            let playing = session.shown(id).filter(|shown| shown.viewport.cine && visible.contains(&id));
            let Some(shown) = playing else {
                *at = None;
                continue;
            };
            let rate = session.cine_rate(id);
            let steps = due(at, now, rate);
            if steps > 0 {
                actions.push(Action::GoToSlice(id, (shown.index + steps) % shown.count.max(1)));
            }
            let wait = (at.unwrap_or(now) + rate.recip() - now).max(0.001);
            ctx.request_repaint_after(Duration::from_secs_f64(wait));
        }
    }
}

/// How many frames on a film is by now. Its rate holds on the average, whenever the window is drawn: a screen that
/// is slower than the film skips frames.
fn due(at: &mut Option<f64>, now: f64, rate: f64) -> usize {
    let Some(last) = *at else {
        *at = Some(now);
        return 0;
    };
    // A hair early is due: times are sums of what does not add up exactly.
    let steps = ((now - last) * rate + 1e-6).floor().max(0.0);
    *at = Some(last + steps / rate);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative; few")]
    let steps = steps as usize;
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames shown in so many seconds of a screen that is drawn so often a second.
    fn shown(seconds: f64, screen: f64, rate: f64) -> (usize, usize) {
        let mut at = None;
        let times = (0..).map(|i| f64::from(i) / screen).take_while(|time| *time <= seconds + 1e-9);
        let steps: Vec<usize> = times.map(|now| due(&mut at, now, rate)).collect();
        (steps.iter().sum(), steps.iter().copied().max().unwrap_or(0))
    }

    #[test]
    fn a_film_keeps_its_rate_on_any_screen() {
        assert_eq!(shown(4.0, 60.0, 7.5), (30, 1));
        assert_eq!(shown(4.0, 59.94, 30.0), (119, 1));
        assert_eq!(shown(2.0, 60.0, 120.0), (240, 2), "every second frame is skipped");
        // A window that was hidden goes on where the film is.
        let mut at = Some(1.0);
        assert_eq!((due(&mut at, 11.05, 2.0), at), (20, Some(11.0)));
    }
}
