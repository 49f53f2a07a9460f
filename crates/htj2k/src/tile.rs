//! One tile from its packets: blocks, wavelet and colours.

#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::borrow::Cow;

use super::Error;
use super::Error::{Damaged, Unsupported};
use super::block::{BlockDecoder, Coded};
use super::header::Codestream;
use super::layout::{Band, Block, Component, Layout, Resolution};
use super::wavelet::{Bands, Coefficient, Line, Place, synthesize};
use super::{color, packets};

/// Memory that serves for all tiles.
#[derive(Debug, Default)]
pub(super) struct Workshop {
    blocks: BlockDecoder,
    whole: Buffers<i32>,
    real: Buffers<f32>,
}

/// Memory of one of the two transforms.
#[derive(Debug, Default)]
struct Buffers<T> {
    coefficients: Vec<T>,
    low: Vec<T>,
    next: Vec<T>,
    line: Line<T>,
}

/// The samples of a tile's component, before they are lifted to their range.
#[derive(Debug)]
pub(super) enum Plane {
    Whole(Vec<i32>),
    Real(Vec<f32>),
}

impl Workshop {
    /// Decodes the components of a tile.
    pub(super) fn tile(&mut self, stream: &Codestream<'_>, index: usize) -> Result<Vec<Plane>, Error> {
        let data = match stream.parts(index) {
            [one] => Cow::Borrowed(*one),
            parts => Cow::Owned(parts.concat()),
        };
        let coding = stream.coding(index)?;
        let depths = &stream.size.components;
        let mut layout = Layout::new(stream.size.tile(index), &coding, depths, data.len())?;
        packets::read(&mut layout, &coding.progression, &data)?;
        let mut planes = Vec::with_capacity(depths.len());
        for (component, depth) in layout.components.iter().zip(depths) {
            if !component.reversible && depth.bits > 16 {
                // Beyond, 24 bits of a number's fraction would show.
                return Err(Unsupported("HTJ2K of more than 16 bits with loss"));
            }
            let job = Job { layout: &layout, component, data: &data };
            planes.push(if component.reversible {
                Plane::Whole(job.plane(&mut self.whole, &mut self.blocks)?)
            } else {
                Plane::Real(job.plane(&mut self.real, &mut self.blocks)?)
            });
        }
        if coding.progression.color_transform {
            color::transform(&mut planes)?;
        }
        Ok(planes)
    }
}

/// One component of a tile.
#[derive(Debug, Clone, Copy)]
struct Job<'t> {
    layout: &'t Layout,
    component: &'t Component,
    data: &'t [u8],
}

impl Job<'_> {
    /// The samples: from the blocks, then from one resolution to the next.
    fn plane<T: Coefficient>(
        self,
        buffers: &mut Buffers<T>,
        blocks: &mut BlockDecoder,
    ) -> Result<Vec<T>, Error> {
        let resolutions = &self.component.resolutions;
        let Some([coarsest, finer @ ..]) = resolutions.get(..) else { return Ok(Vec::new()) };
        let last = finer.last().unwrap_or(coarsest).area;
        let Buffers { coefficients, low, next, line } = buffers;
        // Blocks fill all of it, whatever was there before.
        coefficients.resize(last.samples(), T::default());
        for resolution in resolutions {
            self.blocks_of(resolution, blocks, coefficients)?;
        }
        low.clear();
        low.extend_from_slice(coefficients.get(..coarsest.area.samples()).unwrap_or_default());
        let mut plane = vec![T::default(); last.samples()];
        for (index, Resolution { area, bands, .. }) in finer.iter().enumerate() {
            let high = [0, 1, 2].map(|index| {
                let band = bands.get(index).map(|band| band.begin..band.begin + band.area.samples());
                band.and_then(|range| coefficients.get(range)).unwrap_or_default()
            });
            let place = Place {
                odd: [area.left % 2 != 0, area.top % 2 != 0],
                width: area.width(),
                height: area.height(),
            };
            let is_last = index + 1 == finer.len();
            let plane = if is_last { &mut plane } else { &mut *next };
            plane.resize(area.samples(), T::default());
            pulp::Arch::new().dispatch(Synthesis { bands: Bands { low, high }, place, line, plane });
            std::mem::swap(low, next);
        }
        if finer.is_empty() {
            plane.copy_from_slice(low);
        }
        Ok(plane)
    }

    fn blocks_of<T: Coefficient>(
        self,
        resolution: &Resolution,
        decoder: &mut BlockDecoder,
        coefficients: &mut [T],
    ) -> Result<(), Error> {
        for precinct in 0..resolution.precincts() {
            let cells = self.layout.cells.get(resolution.cells_of(precinct)).unwrap_or_default();
            for (cell, band) in cells.iter().zip(&resolution.bands) {
                let [across, down] = cell.blocks;
                let blocks = self.layout.blocks.get(cell.first_block..).unwrap_or_default();
                for block in blocks.iter().take(across * down) {
                    self.block(decoder, block, band, coefficients)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the coefficients of a block to their place.
    fn block<T: Coefficient>(
        self,
        decoder: &mut BlockDecoder,
        block: &Block,
        band: &Band,
        coefficients: &mut [T],
    ) -> Result<(), Error> {
        let (width, height) = (usize::from(block.width), usize::from(block.height));
        let begin = band.begin + block.top as usize * band.area.width() + block.left as usize;
        let rows =
            coefficients.get_mut(begin..).unwrap_or_default().chunks_mut(band.area.width()).take(height);
        let rows = rows.filter_map(|row| row.get_mut(..width));
        if block.cleanup.1 == 0 {
            rows.for_each(|row| row.fill(T::default()));
            return Ok(());
        }
        let skipped = u32::from(block.skipped_passes());
        let zero_planes = u32::from(block.zero_planes) + skipped / 3;
        if zero_planes >= band.planes {
            return Err(Damaged("an HTJ2K block below its band's lowest bit-plane"));
        }
        let [first, second] = block.refinement.map(|segment| self.segment(segment));
        let refinement =
            if second.is_empty() { Cow::Borrowed(first) } else { Cow::Owned([first, second].concat()) };
        let coded = Coded {
            cleanup: self.segment(block.cleanup),
            refinement: &refinement,
            passes: u32::from(block.passes) - skipped,
            zero_planes,
            width,
            height,
            causal: self.component.causal,
        };
        let broken = Damaged("an HTJ2K block that contradicts itself");
        let values = decoder.decode(&coded).ok_or(broken)?;
        let quantum = band.quantum;
        for (row, values) in rows.zip(values.rows()) {
            for (coefficient, &bits) in row.iter_mut().zip(values) {
                *coefficient = T::from_bits(bits, quantum);
            }
        }
        Ok(())
    }

    fn segment(&self, (begin, length): (u32, u32)) -> &[u8] {
        self.data.get(begin as usize..).and_then(|rest| rest.get(..length as usize)).unwrap_or_default()
    }
}

/// One resolution, compiled for the processor's vectors.
#[derive(Debug)]
struct Synthesis<'s, T> {
    bands: Bands<'s, T>,
    place: Place,
    line: &'s mut Line<T>,
    plane: &'s mut [T],
}

impl<T: Coefficient> pulp::WithSimd for Synthesis<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        synthesize(&self.bands, self.place, self.line, self.plane);
    }
}
