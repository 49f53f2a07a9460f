//! How a tile is divided (ISO 15444-1 Annex B): components, resolutions, bands, precincts, code-blocks.

use super::Error;
use super::Error::Damaged;
use super::header::Coding;
use super::size::{Area, Component as Depth};
use super::style::{Order, Quantization, Style};
use super::wavelet::Quantum;

/// A tile's parts. What belongs together is a range of indices, for there may be many.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) components: Vec<Component>,
    /// Of each resolution, precinct by precinct, and in each band by band.
    pub(super) cells: Vec<Cell>,
    pub(super) blocks: Vec<Block>,
    /// Nodes of all tag trees.
    pub(super) nodes: Vec<Node>,
}

/// A component of a tile.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) reversible: bool,
    pub(super) causal: bool,
    pub(super) resolutions: Vec<Resolution>,
}

/// A resolution, coarsest first.
#[derive(Debug)]
pub(super) struct Resolution {
    pub(super) area: Area,
    /// Precincts across and down.
    precincts: [usize; 2],
    /// Where each column and each row of precincts begins in the reference grid.
    begins: [Vec<usize>; 2],
    pub(super) first_cell: usize,
    /// LL, or HL, LH and HH.
    pub(super) bands: Vec<Band>,
}

impl Resolution {
    pub(super) fn precincts(&self) -> usize {
        self.precincts[0] * self.precincts[1]
    }

    /// The cells of a precinct, one for each band.
    pub(super) fn cells_of(&self, precinct: usize) -> std::ops::Range<usize> {
        let first = self.first_cell + precinct * self.bands.len();
        first..first + self.bands.len()
    }

    /// Where a precinct begins in the reference grid: row, column.
    fn begin(&self, precinct: usize) -> (usize, usize) {
        let [across, _] = self.precincts;
        let of = |begins: &[usize], index: usize| begins.get(index).copied().unwrap_or_default();
        (of(&self.begins[1], precinct / across), of(&self.begins[0], precinct % across))
    }
}

/// A band of a resolution.
#[derive(Debug)]
pub(super) struct Band {
    pub(super) area: Area,
    pub(super) planes: u32,
    pub(super) quantum: Quantum,
    /// Where its coefficients begin among the component's.
    pub(super) begin: usize,
}

/// The part of a band in a precinct.
#[derive(Debug)]
pub(super) struct Cell {
    /// Code-blocks across and down.
    pub(super) blocks: [usize; 2],
    pub(super) first_block: usize,
    /// Of the tag trees of inclusion and of zero bit-planes.
    pub(super) first_nodes: [usize; 2],
}

/// A node of a tag tree (B.10.2).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Node {
    pub(super) at_least: u16,
    pub(super) known: bool,
}

/// A code-block: where it lies in its band, and what packets have held of it so far.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) zero_planes: u16,
    /// Passes so far, those without data included.
    pub(super) passes: u16,
    pub(super) length_bits: u8,
    pub(super) included: bool,
    /// Beginning and length of the clean-up segment in the tile's data; no length before it has come.
    pub(super) cleanup: (u32, u32),
    /// The same of the refinement segment, which may come in two packets.
    pub(super) refinement: [(u32, u32); 2],
}

impl Layout {
    /// Divides a tile. Each packet takes a byte at least, so there are at most `bytes`.
    pub(super) fn new(
        tile: Area,
        coding: &Coding<'_>,
        depths: &[Depth],
        bytes: usize,
    ) -> Result<Self, Error> {
        let mut layout = Self::default();
        let mut packets = 0_usize;
        for (&(style, quantization), depth) in coding.components.iter().zip(depths) {
            let mut begin = 0;
            let mut resolutions = Vec::with_capacity(style.levels + 1);
            for (index, &exponents) in style.precincts.iter().enumerate() {
                let mut resolution = resolution_of(tile, style, index, exponents);
                packets = resolution
                    .precincts()
                    .checked_mul(coding.progression.layers)
                    .and_then(|count| packets.checked_add(count))
                    .filter(|count| *count <= bytes)
                    .ok_or(Damaged(
                        "the HTJ2K stream ends in the middle of a tile: it has more packets than bytes",
                    ))?;
                resolution.begins = begins(tile, &resolution, style.levels - index, exponents);
                resolution.bands = bands(&resolution, style, quantization, index, *depth, &mut begin)?;
                layout.add_cells(&mut resolution, style, index, exponents);
                resolutions.push(resolution);
            }
            let Style { reversible, causal, .. } = *style;
            layout.components.push(Component { reversible, causal, resolutions });
        }
        Ok(layout)
    }

    fn add_cells(&mut self, resolution: &mut Resolution, style: &Style, index: usize, exponents: [u32; 2]) {
        resolution.first_cell = self.cells.len();
        // In its bands, a precinct is half as wide and half as high.
        let halved = u32::from(index > 0);
        let [wide, high] = exponents.map(|exponent| exponent - halved);
        let block = [style.block[0].min(wide), style.block[1].min(high)];
        let Area { left, top, .. } = resolution.area;
        for precinct in 0..resolution.precincts() {
            let across = (left >> exponents[0]) + precinct % resolution.precincts[0];
            let down = (top >> exponents[1]) + precinct / resolution.precincts[0];
            for band in &resolution.bands {
                let area = Area {
                    left: band.area.left.max(across << wide),
                    top: band.area.top.max(down << high),
                    right: band.area.right.min((across + 1) << wide),
                    bottom: band.area.bottom.min((down + 1) << high),
                };
                self.add_cell(area, band.area, block);
            }
        }
    }

    /// The blocks of a band in a precinct.
    fn add_cell(&mut self, area: Area, band: Area, exponents: [u32; 2]) {
        let first_block = self.blocks.len();
        let [columns, rows] = if area.samples() == 0 {
            [0..0, 0..0]
        } else {
            [
                area.left >> exponents[0]..((area.right - 1) >> exponents[0]) + 1,
                area.top >> exponents[1]..((area.bottom - 1) >> exponents[1]) + 1,
            ]
        };
        let cell = [columns.len(), rows.len()];
        let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let short = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        for row in rows {
            let (top, bottom) = span(row, exponents[1], area.top, area.bottom);
            for column in columns.clone() {
                let (left, right) = span(column, exponents[0], area.left, area.right);
                self.blocks.push(Block {
                    left: narrow(left - band.left),
                    top: narrow(top - band.top),
                    width: short(right - left),
                    height: short(bottom - top),
                    length_bits: 3,
                    ..Block::default()
                });
            }
        }
        let size = nodes_of(cell);
        let first = self.nodes.len();
        self.nodes.resize(first + 2 * size, Node::default());
        self.cells.push(Cell { blocks: cell, first_block, first_nodes: [first, first + size] });
    }

    /// All precincts, in the order in which their packets stand; layers apart.
    pub(super) fn precincts(&self, order: Order) -> Vec<Precinct> {
        let mut precincts = Vec::new();
        for (component, parts) in self.components.iter().enumerate() {
            for (index, resolution) in parts.resolutions.iter().enumerate() {
                for precinct in 0..resolution.precincts() {
                    let begin = resolution.begin(precinct);
                    precincts.push(Precinct { component, resolution: index, index: precinct, begin });
                }
            }
        }
        precincts.sort_by_key(|one| {
            let &Precinct { component, resolution, index: precinct, begin: (y, x) } = one;
            match order {
                Order::Lrcp | Order::Rlcp => [resolution, component, precinct, 0, 0],
                Order::Rpcl => [resolution, y, x, component, precinct],
                Order::Pcrl => [y, x, component, resolution, precinct],
                Order::Cprl => [component, y, x, resolution, precinct],
            }
        });
        precincts
    }
}

/// A precinct, which has a packet for each layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Precinct {
    pub(super) component: usize,
    pub(super) resolution: usize,
    pub(super) index: usize,
    begin: (usize, usize),
}

/// Levels of a tag tree, leaves first: its nodes across and down.
pub(super) fn tree_levels(leaves: [usize; 2]) -> impl Iterator<Item = [usize; 2]> {
    std::iter::successors(Some(leaves), |&level| {
        (level != [1, 1]).then(|| level.map(|side| side.div_ceil(2)))
    })
}

fn nodes_of(leaves: [usize; 2]) -> usize {
    if leaves.contains(&0) { 0 } else { tree_levels(leaves).map(|[across, down]| across * down).sum() }
}

/// The part of an interval in a cell of a grid.
fn span(index: usize, exponent: u32, first: usize, end: usize) -> (usize, usize) {
    ((index << exponent).max(first), ((index + 1) << exponent).min(end))
}

fn resolution_of(tile: Area, style: &Style, index: usize, exponents: [u32; 2]) -> Resolution {
    let scale = 1_usize << (style.levels - index);
    let area = Area {
        left: tile.left.div_ceil(scale),
        top: tile.top.div_ceil(scale),
        right: tile.right.div_ceil(scale),
        bottom: tile.bottom.div_ceil(scale),
    };
    let count = |first: usize, end: usize, exponent: u32| {
        if first < end { end.div_ceil(1 << exponent) - (first >> exponent) } else { 0 }
    };
    let mut precincts =
        [count(area.left, area.right, exponents[0]), count(area.top, area.bottom, exponents[1])];
    if precincts.contains(&0) {
        precincts = [0; 2];
    }
    Resolution { area, precincts, begins: [const { Vec::new() }; 2], first_cell: 0, bands: Vec::new() }
}

/// Where the columns and rows of precincts begin in the reference grid (B.12.1.3).
fn begins(tile: Area, resolution: &Resolution, levels: usize, exponents: [u32; 2]) -> [Vec<usize>; 2] {
    let [across, down] = resolution.precincts;
    let along = |count: usize, first: usize, in_tile: usize, exponent: u32| {
        let place = |index: usize| ((first >> exponent) + index) << exponent << levels;
        // Those that begin outside the tile begin with it.
        (0..count).map(|index| place(index).max(in_tile)).collect()
    };
    [
        along(across, resolution.area.left, tile.left, exponents[0]),
        along(down, resolution.area.top, tile.top, exponents[1]),
    ]
}

fn bands(
    resolution: &Resolution,
    style: &Style,
    quantization: &Quantization,
    index: usize,
    depth: Depth,
    begin: &mut usize,
) -> Result<Vec<Band>, Error> {
    let area = resolution.area;
    // High bands take the odd coordinates, low ones the even (B-15).
    let half = |high: [bool; 2]| {
        let side = |value: usize, high: bool| if high { value / 2 } else { value.div_ceil(2) };
        Area {
            left: side(area.left, high[0]),
            top: side(area.top, high[1]),
            right: side(area.right, high[0]),
            bottom: side(area.bottom, high[1]),
        }
    };
    let kinds: &[(Area, usize, i32)] = if index == 0 {
        &[(area, 0, 0)]
    } else {
        let first = index * 3 - 2;
        &[
            (half([true, false]), first, 1),
            (half([false, true]), first + 1, 1),
            (half([true, true]), first + 2, 2),
        ]
    };
    let level = u32::try_from(index).unwrap_or(u32::MAX);
    let band = |&(area, number, gain): &(Area, usize, i32)| {
        let (planes, step) = quantization.planes(number, level, style.reversible)?;
        let range = depth.bits.cast_signed() + gain;
        let lowest = 31 - planes;
        let quantum =
            Quantum { shift: lowest, step: step * 2_f32.powi(range) / 2_f32.powi(lowest.cast_signed()) };
        let band = Band { area, planes, quantum, begin: *begin };
        *begin += area.samples();
        Ok(band)
    };
    kinds.iter().map(band).collect()
}
