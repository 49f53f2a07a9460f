use super::axis::Axis;
use super::source::Source;
use crate::render::Picture;
use crate::render::tone::narrow;

/// The working memory of one band of output rows.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// One row of source values, or their average over rows.
    line: Vec<f32>,
    /// Rows resampled across, and which source row each is.
    rows: [(Option<usize>, Vec<f32>); 2],
    /// One output row of values.
    values: Vec<f32>,
}

impl Scratch {
    fn prepare(&mut self, source: usize, output: usize) {
        self.line.resize(source, 0.0);
        self.values.resize(output, 0.0);
        for (row, values) in &mut self.rows {
            *row = None;
            values.resize(output, 0.0);
        }
    }
}

/// Draws output rows from `first_row` on, across and down separately.
#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
pub(super) fn band<const CHANNELS: usize, S: Source<CHANNELS>>(
    source: &S,
    (across, down): (&Axis, &Axis),
    (first_row, width): (usize, usize),
    scratch: &mut Scratch,
    out: &mut [[u8; 4]],
    tone: impl Fn(&[f32], &mut [[u8; 4]]),
) {
    scratch.prepare(across.source.len() * CHANNELS, across.inside.len() * CHANNELS);
    for (row, pixels) in out.chunks_exact_mut(width).enumerate() {
        let row = first_row + row;
        if !down.inside.contains(&row) {
            pixels.fill(Picture::BLACK);
            continue;
        }
        if down.weighed {
            average_rows(source, across, down, row, scratch);
        } else {
            between_rows(source, across, down, row, scratch);
        }
        pixels[..across.inside.start].fill(Picture::BLACK);
        pixels[across.inside.end..].fill(Picture::BLACK);
        tone(&scratch.values, &mut pixels[across.inside.clone()]);
    }
}

/// Weighed: sum the source rows first, which is all in order of memory, then across once.
#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
fn average_rows<const CHANNELS: usize, S: Source<CHANNELS>>(
    source: &S,
    across: &Axis,
    down: &Axis,
    row: usize,
    scratch: &mut Scratch,
) {
    let tap = down.taps[row - down.inside.start];
    let line = &mut scratch.line;
    line.fill(0.0);
    for (weight, source_row) in down.weights(&tap).iter().zip(down.source.start + tap.first..) {
        let line = &mut line[..across.source.len() * CHANNELS];
        source.row(source_row, across.source.clone(), |place, value| line[place] += weight * value);
    }
    resample_across::<CHANNELS>(across, line, &mut scratch.values);
}

/// Magnified: each source row across once, then between two of them.
#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
fn between_rows<const CHANNELS: usize, S: Source<CHANNELS>>(
    source: &S,
    across: &Axis,
    down: &Axis,
    row: usize,
    scratch: &mut Scratch,
) {
    let tap = down.taps[row - down.inside.start];
    let wanted = [down.source.start + tap.first, down.source.start + tap.second];
    let mut slots = [0; 2];
    for (slot, wanted_row) in slots.iter_mut().zip(wanted) {
        let found = scratch.rows.iter().position(|(row, _)| *row == Some(wanted_row));
        *slot = found.unwrap_or_else(|| {
            // The one that the other tap does not need.
            let free = usize::from(scratch.rows[0].0.is_some_and(|row| wanted.contains(&row)));
            let line = &mut scratch.line;
            let length = across.source.len() * CHANNELS;
            let cut = &mut line[..length];
            source.row(wanted_row, across.source.clone(), |place, value| cut[place] = value);
            scratch.rows[free].0 = Some(wanted_row);
            resample_across::<CHANNELS>(across, line, &mut scratch.rows[free].1);
            free
        });
    }
    let (upper, lower) = (&scratch.rows[slots[0]].1, &scratch.rows[slots[1]].1);
    let share = tap.share;
    for ((value, a), b) in scratch.values.iter_mut().zip(upper).zip(lower) {
        *value = a + (b - a) * share;
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
fn resample_across<const CHANNELS: usize>(across: &Axis, line: &[f32], out: &mut [f32]) {
    for (tap, pixel) in across.taps.iter().zip(out.chunks_exact_mut(CHANNELS)) {
        for (channel, value) in pixel.iter_mut().enumerate() {
            *value = if across.weighed {
                let weights = across.weights(tap).iter();
                let places = (tap.first * CHANNELS + channel..).step_by(CHANNELS);
                weights
                    .zip(places)
                    .map(|(weight, place)| weight * line[place])
                    .fold(narrow(0.0), |s, v| s + v)
            } else {
                let (a, b) = (line[tap.first * CHANNELS + channel], line[tap.second * CHANNELS + channel]);
                a + (b - a) * tap.share
            };
        }
    }
}
