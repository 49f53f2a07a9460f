/// Many viewers play anything faster at a tenth of its speed.
const LEAST_HUNDREDTHS: f64 = 2.0;
/// The largest number that fits the fields of a file.
const MOST: f64 = u16::MAX as f64;

/// How long a GIF shows the frame with that index, in hundredths of a second.
///
/// The rounding is spread over the frames (7, 6, 7 for 15 a second), so that the whole length is right.
pub(super) fn hundredths(index: usize, frames_per_second: f64) -> u16 {
    let step = (100.0 / frames_per_second).max(LEAST_HUNDREDTHS);
    let end = |frames: usize| (frames as f64 * step).round();
    whole(end(index + 1) - end(index))
}

/// How long an animated PNG shows a frame, as a fraction of a second, right to 1 part in 65,535.
///
/// 29.97 a second become 100/2997, which is exact, and not the 33/1000 that milliseconds would make of it.
pub(super) fn fraction(frames_per_second: f64) -> (u16, u16) {
    // The continued fraction of the time, up to the last one whose numbers fit.
    let mut rest = 1.0 / frames_per_second;
    let (mut earlier, mut latest) = ((0.0, 1.0), (1.0, 0.0));
    loop {
        let term = rest.floor();
        let next = (latest.0 * term + earlier.0, latest.1 * term + earlier.1);
        if !(next.0 <= MOST && next.1 <= MOST) {
            break;
        }
        (earlier, latest) = (latest, next);
        rest = 1.0 / (rest - term);
    }
    (whole(latest.0), whole(latest.1))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to u16")]
fn whole(value: f64) -> u16 {
    value.round().clamp(1.0, MOST) as u16
}
