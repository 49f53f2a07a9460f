//! Sequential JPEG with loss (T.81 annex F.2): 8 and 12 bits, Huffman coded.

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

use super::bits::{Bits, Huffman};
use super::color::{Pixels, Plane};
use super::cosine::flat;
use super::sample::Sample;
use super::stream::{FrameHeader, Scan, Stream, Tables};
use super::{Decoded, Error};

/// From the order of the stream to rows (T.81 figure A.6).
const ROWS: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Decodes all scans; `rgb` where luminance and chrominance are to become red, green and blue.
pub(super) fn decode<S: Sample>(
    stream: &mut Stream<'_>,
    frame: &FrameHeader,
    rgb: bool,
) -> Result<Decoded<S>, Error> {
    let most =
        |of: fn(&super::stream::Component) -> usize| frame.components.iter().map(of).max().unwrap_or(1);
    let (across, down) = (most(|c| c.across), most(|c| c.down));
    let mut planes = Vec::new();
    for component in &frame.components {
        if !across.is_multiple_of(component.across) || !down.is_multiple_of(component.down) {
            return Err(Error::Unsupported("JPEG with colours of uneven sizes".to_owned()));
        }
        planes.push(Plane {
            samples: Vec::new(),
            dropped: 0,
            stride: frame.columns.div_ceil(8 * across) * component.across * 8,
            width: (frame.columns * component.across).div_ceil(across),
            height: (frame.rows * component.down).div_ceil(down),
            rows: 0,
            across: across / component.across,
            down: down / component.down,
        });
    }
    let mut seen = vec![false; planes.len()];
    let mut pixels = Pixels::new(frame, rgb);
    while let Some(scan) = stream.next_scan()? {
        // The spectral selection means nothing here; some writers leave it zero, and libjpeg reads on as well.
        let end = scan_planes(stream.data, &stream.tables, frame, &scan, &mut planes, &mut pixels)?;
        stream.skip_to(end);
        for &(place, ..) in &scan.components {
            if let Some(seen) = seen.get_mut(place)
                && std::mem::replace(seen, true)
            {
                return Err(Error::from("a colour comes twice"));
            }
        }
        if seen.iter().all(|&seen| seen) {
            break;
        }
    }
    pixels.take(&mut planes, true);
    Ok(pixels.decoded())
}

/// One component's part in a scan.
struct Part<'t> {
    place: usize,
    direct: &'t Huffman,
    alternating: &'t Huffman,
    /// Step of each coefficient, row by row.
    steps: [i32; 64],
    /// Blocks of a unit.
    across: usize,
    down: usize,
    /// Blocks of a row of units, row by row.
    blocks: Vec<Block>,
    /// Blocks in such a row.
    row: usize,
    previous: i32,
}

#[derive(Clone)]
struct Block {
    coefficients: [i16; 64],
    /// The places of all coefficients but the first that are there, one by one ored.
    places: u8,
}

fn scan_planes<S: Sample>(
    data: &[u8],
    tables: &Tables,
    frame: &FrameHeader,
    scan: &Scan,
    planes: &mut [Plane<S>],
    pixels: &mut Pixels<S>,
) -> Result<usize, Error> {
    let alone = scan.components.len() == 1;
    let mut parts = Vec::new();
    for &component in &scan.components {
        parts.push(part(tables, frame, component, alone).ok_or(Error::from("a table is missing"))?);
    }
    let most =
        |of: fn(&super::stream::Component) -> usize| frame.components.iter().map(of).max().unwrap_or(1);
    let (mut units, mut unit_rows) =
        (frame.columns.div_ceil(8 * most(|c| c.across)), frame.rows.div_ceil(8 * most(|c| c.down)));
    if let ([part], true) = (parts.as_slice(), alone)
        && let Some(plane) = planes.get(part.place)
    {
        (units, unit_rows) = (plane.width.div_ceil(8), plane.height.div_ceil(8));
    }
    for part in &mut parts {
        part.row = units * part.across;
        part.blocks = vec![Block { coefficients: [0; 64], places: 0 }; part.row * part.down];
    }
    let mut bits = Bits::new(data, scan.at);
    let mut to_restart = tables.restart;
    for _ in 0..unit_rows {
        for unit in 0..units {
            if tables.restart > 0 {
                if to_restart == 0 {
                    if !bits.restart() {
                        return Ok(bits.at());
                    }
                    for part in &mut parts {
                        part.previous = 0;
                    }
                    to_restart = tables.restart;
                }
                to_restart -= 1;
            }
            for part in &mut parts {
                part.read_unit(&mut bits, unit);
            }
        }
        if !bits.sound() {
            break;
        }
        for part in &parts {
            if let Some(plane) = planes.get_mut(part.place) {
                pulp::Arch::new().dispatch(Transform { part, plane });
            }
        }
        // All colours side by side: pixels are made while the samples are in the cache, and no plane is kept.
        if parts.len() == planes.len() {
            pixels.take(planes, false);
        }
    }
    Ok(bits.at())
}

fn part<'t>(
    tables: &'t Tables,
    frame: &FrameHeader,
    (place, direct, alternating): (usize, usize, usize),
    alone: bool,
) -> Option<Part<'t>> {
    let component = frame.components.get(place)?;
    let in_order = tables.steps.get(component.steps)?.as_ref()?;
    let mut steps = [0; 64];
    for (&step, &at) in in_order.iter().zip(&ROWS) {
        *steps.get_mut(usize::from(at))? = i32::from(step);
    }
    Some(Part {
        place,
        direct: tables.direct.get(direct)?.as_ref()?,
        alternating: tables.alternating.get(alternating)?.as_ref()?,
        steps,
        across: if alone { 1 } else { component.across },
        down: if alone { 1 } else { component.down },
        blocks: Vec::new(),
        row: 0,
        previous: 0,
    })
}

impl Part<'_> {
    #[inline(always)]
    fn read_unit(&mut self, bits: &mut Bits<'_>, unit: usize) {
        for down in 0..self.down {
            let start = down * self.row + unit * self.across;
            for block in self.blocks.get_mut(start..start + self.across).unwrap_or_default() {
                let difference = bits.value(self.direct).1;
                self.previous = self.previous.wrapping_add(difference);
                *bits = read_block(*bits, self.alternating, self.previous, block);
            }
        }
    }

    /// Appends the samples of the blocks to a plane.
    #[inline(always)]
    fn transform<S: Sample>(&self, plane: &mut Plane<S>) {
        for blocks in self.blocks.chunks_exact(self.row) {
            let start = plane.samples.len();
            plane.samples.resize(start + 8 * plane.stride, S::default());
            let lines = plane.samples.get_mut(start..).unwrap_or_default();
            for (at, block) in blocks.iter().enumerate() {
                let samples = if block.places == 0 {
                    [[flat::<S>(block.coefficients[0], self.steps[0]); 8]; 8]
                } else {
                    S::block(&block.coefficients, block.places, &self.steps)
                };
                for (line, eight) in lines.chunks_exact_mut(plane.stride).zip(samples) {
                    if let Some(place) = line.get_mut(at * 8..at * 8 + 8) {
                        place.copy_from_slice(&eight);
                    }
                }
            }
            plane.rows += 8;
        }
    }
}

/// The transform as wide instructions do it; a closure would not be compiled for them.
struct Transform<'p, 't, S> {
    part: &'p Part<'t>,
    plane: &'p mut Plane<S>,
}

impl<S: Sample> pulp::WithSimd for Transform<'_, '_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<T: pulp::Simd>(self, _: T) {
        self.part.transform(self.plane);
    }
}

/// T.81 F.2.2.2.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "at most 15 bits, but in streams that are wrong")]
fn read_block<'a>(mut bits: Bits<'a>, alternating: &Huffman, first: i32, block: &mut Block) -> Bits<'a> {
    block.coefficients = [0; 64];
    block.coefficients[0] = first as i16;
    block.places = 0;
    let mut at = 1;
    while at < 64 {
        let (symbol, value) = bits.value(alternating);
        if symbol.trailing_zeros() >= 4 {
            if symbol != 0xF0 {
                break;
            }
            at += 16;
            continue;
        }
        at += usize::from(symbol >> 4);
        let Some(&row) = ROWS.get(at) else {
            bits.spoil();
            break;
        };
        block.coefficients[usize::from(row & 63)] = value as i16;
        block.places |= row;
        at += 1;
    }
    bits
}
