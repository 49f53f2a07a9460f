//! Lossless JPEG (T.81 annex H): one predictor, one Huffman code a sample.

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

use super::bits::{Bits, Huffman};
use super::stream::{FrameHeader, Scan, Stream, Tables};
use super::{Decoded, Error};

/// Decodes all scans; the components of a pixel stand together.
pub(super) fn decode(stream: &mut Stream<'_>, frame: &FrameHeader) -> Result<Decoded<u16>, Error> {
    if !(2..=16).contains(&frame.precision) {
        return Err(Error::Unsupported(format!("lossless JPEG of {} bits", frame.precision)));
    }
    let count = frame.components.len();
    let mut planes: Vec<Option<Decoded<u16>>> = (0..count).map(|_| None).collect();
    while let Some(scan) = stream.next_scan()? {
        let (decoded, end) = scan_samples(stream.data, &stream.tables, frame, &scan)?;
        stream.skip_to(end);
        if scan.components.len() == count {
            let in_order = scan.components.iter().enumerate().all(|(at, component)| component.0 == at);
            return if in_order { Ok(decoded) } else { Err(Error::from("colours out of order")) };
        }
        let [(place, ..)] = *scan.components.as_slice() else {
            return Err(Error::Unsupported("lossless JPEG with two colours in one scan".to_owned()));
        };
        if let Some(plane) = planes.get_mut(place) {
            *plane = Some(decoded);
        }
        if planes.iter().all(Option::is_some) {
            break;
        }
    }
    let planes: Vec<Decoded<u16>> = planes.into_iter().map(Option::unwrap_or_default).collect();
    let rows = planes.iter().map(|plane| plane.rows).min().unwrap_or(0);
    let mut samples = vec![0; rows * frame.columns * count];
    for (at, plane) in planes.iter().enumerate() {
        let ours = samples.get_mut(at..).unwrap_or_default().iter_mut().step_by(count);
        ours.zip(&plane.samples).for_each(|(sample, &value)| *sample = value);
    }
    Ok(Decoded { samples, rows })
}

/// The samples of one scan, and where it ended.
fn scan_samples(
    data: &[u8],
    tables: &Tables,
    frame: &FrameHeader,
    scan: &Scan,
) -> Result<(Decoded<u16>, usize), Error> {
    let sampled = |&(place, ..): &(usize, usize, usize)| {
        frame.components.get(place).is_some_and(|component| (component.across, component.down) != (1, 1))
    };
    let alone = frame.components.len() == 1;
    if !alone && scan.components.iter().any(sampled) {
        return Err(Error::Unsupported("lossless JPEG with colours of several sizes".to_owned()));
    }
    let codes: Vec<&Huffman> = scan
        .components
        .iter()
        .map(|&(_, table, _)| tables.direct.get(table).and_then(Option::as_ref))
        .collect::<Option<_>>()
        .ok_or(Error::from("a Huffman table is missing"))?;
    let shift = u32::from(scan.low);
    if shift >= frame.precision {
        return Err(Error::from("the point transform leaves nothing"));
    }
    // Restart intervals are whole rows (T.81 H.1.1).
    if !tables.restart.is_multiple_of(frame.columns) {
        return Err(Error::Unsupported("lossless JPEG that restarts within a row".to_owned()));
    }
    let plan = Plan {
        columns: frame.columns,
        rows: frame.rows,
        rows_to_restart: tables.restart / frame.columns,
        middle: 1 << (frame.precision - shift - 1),
    };
    let bits = Bits::new(data, scan.at);
    let (mut decoded, end) = match *codes.as_slice() {
        [grey] => by_predictor(bits, [grey], &plan, scan.first),
        [red, green, blue] => by_predictor(bits, [red, green, blue], &plan, scan.first),
        _ => return Err(Error::Unsupported(format!("lossless JPEG of {} colours", codes.len()))),
    }
    .ok_or_else(|| Error::Unsupported(format!("lossless JPEG with predictor {}", scan.first)))?;
    if shift > 0 {
        decoded.samples.iter_mut().for_each(|sample| *sample <<= shift);
    }
    Ok((decoded, end))
}

struct Plan {
    columns: usize,
    rows: usize,
    /// 0 for no restarts.
    rows_to_restart: usize,
    /// What the first sample is predicted from.
    middle: u16,
}

fn by_predictor<const C: usize>(
    bits: Bits<'_>,
    codes: [&Huffman; C],
    plan: &Plan,
    predictor: u8,
) -> Option<(Decoded<u16>, usize)> {
    match predictor {
        1 => Some(samples::<1, C>(bits, codes, plan)),
        2 => Some(samples::<2, C>(bits, codes, plan)),
        3 => Some(samples::<3, C>(bits, codes, plan)),
        4 => Some(samples::<4, C>(bits, codes, plan)),
        5 => Some(samples::<5, C>(bits, codes, plan)),
        6 => Some(samples::<6, C>(bits, codes, plan)),
        7 => Some(samples::<7, C>(bits, codes, plan)),
        _ => None,
    }
}

fn samples<const P: u8, const C: usize>(
    mut bits: Bits<'_>,
    codes: [&Huffman; C],
    plan: &Plan,
) -> (Decoded<u16>, usize) {
    let width = plan.columns * C;
    // A sample takes at least one bit: a short stream gets little memory, whatever it claims.
    let most = bits.rest().saturating_mul(8).saturating_add(width);
    let mut samples: Vec<u16> = Vec::with_capacity((width * plan.rows).min(most));
    let mut rows = 0;
    let mut fresh = true;
    while rows < plan.rows {
        if plan.rows_to_restart > 0 && rows > 0 && rows.is_multiple_of(plan.rows_to_restart) {
            if !bits.restart() {
                break;
            }
            fresh = true;
        }
        let start = samples.len();
        samples.resize(start + width, 0);
        let (before, row) = samples.split_at_mut(start);
        if fresh {
            first_row(&mut bits, codes, plan.middle, row);
        } else {
            let above = before.get(start - width..).unwrap_or_default();
            next_row::<P, C>(&mut bits, codes, above, row);
        }
        if !bits.sound() {
            samples.truncate(start);
            break;
        }
        rows += 1;
        fresh = false;
    }
    (Decoded { samples, rows }, bits.at())
}

/// The first row after a start is predicted from the left (T.81 H.1.2.1).
fn first_row<const C: usize>(bits: &mut Bits<'_>, codes: [&Huffman; C], middle: u16, row: &mut [u16]) {
    let mut left = [middle; C];
    for pixel in row.as_chunks_mut::<C>().0 {
        for ((sample, left), codes) in pixel.iter_mut().zip(&mut left).zip(codes) {
            *left = left.wrapping_add(low(bits.value(codes).1));
            *sample = *left;
        }
    }
}

fn next_row<const P: u8, const C: usize>(
    bits: &mut Bits<'_>,
    codes: [&Huffman; C],
    above: &[u16],
    row: &mut [u16],
) {
    let mut corner = above.first_chunk::<C>().copied().unwrap_or([0; C]);
    // The first sample of a row is predicted from the one above.
    let mut left = corner;
    let mut first = true;
    for (pixel, above) in row.as_chunks_mut::<C>().0.iter_mut().zip(above.as_chunks::<C>().0) {
        for at in 0..C {
            let (a, b, c) = (left[at], above[at], corner[at]);
            let predicted = if first { b } else { predict::<P>(a, b, c) };
            let value = predicted.wrapping_add(low(bits.value(codes[at]).1));
            (pixel[at], left[at], corner[at]) = (value, value, b);
        }
        first = false;
    }
}

/// T.81 table H.1: from the left, above, and above left.
#[inline(always)]
fn predict<const P: u8>(left: u16, above: u16, corner: u16) -> u16 {
    let (a, b, c) = (i32::from(left), i32::from(above), i32::from(corner));
    low(match P {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    })
}

/// Sums are modulo 2^16.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "modulo 2^16")]
fn low(value: i32) -> u16 {
    value as u16
}
