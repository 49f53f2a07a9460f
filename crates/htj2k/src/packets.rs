//! Packets (ISO 15444-1 B.9 and B.10, ITU-T T.814 Annex B): which blocks have data, and where it is.

use super::Error;
use super::Error::{Damaged, Unsupported};
use super::layout::{Block, Layout, Node, Precinct, tree_levels};
use super::size::Cursor;
use super::style::{Order, Progression};

/// Where a packet header ends too early.
const SHORT: Error = Damaged("the HTJ2K stream ends in the middle of a packet header");

/// Reads all packets of a tile.
pub(super) fn read(layout: &mut Layout, progression: &Progression, data: &[u8]) -> Result<(), Error> {
    let precincts = layout.precincts(progression.order);
    let layers = 0..progression.layers;
    let mut packets = Packets { layout, data, stream: Cursor(data), coming: Vec::new() };
    match progression.order {
        Order::Lrcp => {
            for layer in layers {
                packets.of(&precincts, layer)?;
            }
        }
        Order::Rlcp => {
            for resolution in precincts.chunk_by(|a, b| a.resolution == b.resolution) {
                for layer in layers.clone() {
                    packets.of(resolution, layer)?;
                }
            }
        }
        Order::Rpcl | Order::Pcrl | Order::Cprl => {
            for precinct in precincts.chunks(1) {
                for layer in layers.clone() {
                    packets.of(precinct, layer)?;
                }
            }
        }
    }
    Ok(())
}

/// The packets of a tile, as far as they are read.
#[derive(Debug)]
struct Packets<'s, 'l> {
    layout: &'l mut Layout,
    data: &'s [u8],
    stream: Cursor<'s>,
    /// Blocks of the packet at hand, and the lengths of their segments.
    coming: Vec<(usize, Lengths)>,
}

/// What a packet adds to a block: bytes of its clean-up and of its refinement segment.
#[derive(Debug, Clone, Copy, Default)]
struct Lengths {
    cleanup: u32,
    refinement: u32,
}

impl Packets<'_, '_> {
    fn of(&mut self, precincts: &[Precinct], layer: usize) -> Result<(), Error> {
        let layer = u16::try_from(layer).unwrap_or(u16::MAX);
        for precinct in precincts {
            self.packet(precinct, layer)?;
        }
        Ok(())
    }

    fn packet(&mut self, precinct: &Precinct, layer: u16) -> Result<(), Error> {
        self.coming.clear();
        // No header begins like the marker, so it need not have been announced.
        if let [0xFF, 0x91, ..] = self.stream.0 {
            _ = self.stream.bytes(6).ok_or(SHORT)?;
        }
        let mut bits = HeaderBits { stream: self.stream, held: 0, left: 0 };
        if bits.bit()? == 1 {
            self.blocks(precinct, layer, &mut bits)?;
        }
        self.stream = bits.aligned()?;
        if let [0xFF, 0x92, rest @ ..] = self.stream.0 {
            self.stream = Cursor(rest);
        }
        self.bodies()
    }

    fn blocks(&mut self, precinct: &Precinct, layer: u16, bits: &mut HeaderBits<'_>) -> Result<(), Error> {
        let Layout { components, cells, blocks, nodes } = &mut *self.layout;
        let resolution =
            components.get(precinct.component).and_then(|parts| parts.resolutions.get(precinct.resolution));
        let cells = resolution.and_then(|resolution| cells.get(resolution.cells_of(precinct.index)));
        for cell in cells.unwrap_or_default() {
            let [across, down] = cell.blocks;
            let first = cell.first_block;
            for (index, block) in blocks.iter_mut().enumerate().skip(first).take(across * down) {
                let leaf = [(index - first) % across, (index - first) / across];
                let mut tree = |which: usize, limit: u16, bits: &mut HeaderBits<'_>| {
                    tag_tree(nodes.get_mut(cell.first_nodes[which & 1]..), cell.blocks, leaf, limit, bits)
                };
                let included = if block.included {
                    bits.bit()? == 1
                } else {
                    tree(0, layer.saturating_add(1), bits)?.is_some()
                };
                if !included {
                    continue;
                }
                if !block.included {
                    block.included = true;
                    // 74 is more than any block can have: 7 guard bits, 31 of the exponent, 36 of placeholders.
                    let planes = (1..=75).find_map(|limit| tree(1, limit, bits).transpose());
                    block.zero_planes =
                        planes.ok_or(Damaged("an HTJ2K block with too many zero bit-planes"))??;
                }
                self.coming.push((index, block.lengths(bits)?));
            }
        }
        Ok(())
    }

    /// Finds the segments that the header has announced.
    fn bodies(&mut self) -> Result<(), Error> {
        for &(index, lengths) in &self.coming {
            let Some(block) = self.layout.blocks.get_mut(index) else { continue };
            for (length, cleanup) in [(lengths.cleanup, true), (lengths.refinement, false)] {
                if length == 0 {
                    continue;
                }
                let Ok(begin) = u32::try_from(self.data.len() - self.stream.0.len()) else {
                    return Err(Unsupported("HTJ2K of more than 4 GiB"));
                };
                let bytes = usize::try_from(length).ok().and_then(|length| self.stream.bytes(length));
                if bytes.is_none() {
                    return Err(Damaged("the HTJ2K stream ends in the middle of a code-block"));
                }
                if cleanup {
                    block.cleanup = (begin, length);
                } else if block.refinement[0].1 == 0 {
                    block.refinement[0] = (begin, length);
                } else {
                    block.refinement[1] = (begin, length);
                }
            }
        }
        Ok(())
    }
}

impl Block {
    /// Number of passes and lengths of their segments (B.10.6, B.10.7, T.814 B.2).
    fn lengths(&mut self, bits: &mut HeaderBits<'_>) -> Result<Lengths, Error> {
        let count = passes(bits)?;
        while bits.bit()? == 1 {
            self.length_bits += 1;
            if self.length_bits > 32 {
                return Err(Damaged("an HTJ2K block that is too long"));
            }
        }
        let before = self.passes;
        self.passes = before.checked_add(count).ok_or(Damaged("an HTJ2K block with too many passes"))?;
        let mut read = |passes: u16, lengths: &mut u32| -> Result<(), Error> {
            *lengths = bits.bits(u32::from(self.length_bits) + passes.ilog2())?;
            Ok(())
        };
        let mut lengths = Lengths::default();
        if self.cleanup.1 != 0 {
            // A segment of one or two passes after the clean-up pass.
            if self.passes > before.saturating_sub(1) / 3 * 3 + 3 {
                return Err(Unsupported("HTJ2K with blocks of several clean-up passes"));
            }
            read(count, &mut lengths.refinement)?;
            return Ok(lengths);
        }
        // Passes without data stand for bit-planes that are left out; the clean-up pass is the first of three.
        let refining = (before + count - 1) % 3;
        if count > refining {
            read(count - refining, &mut lengths.cleanup)?;
            if lengths.cleanup == 0 {
                // All were without data: then the length is as long as their number asks.
                let more = count.ilog2() - (count - refining).ilog2();
                if bits.bits(more)? != 0 {
                    return Err(Damaged("an HTJ2K block without a clean-up pass"));
                }
                return Ok(lengths);
            }
            if lengths.cleanup < 2 {
                return Err(Damaged("an HTJ2K clean-up pass of one byte"));
            }
            // Known from now on, though its place is not yet.
            self.cleanup = (0, lengths.cleanup);
            if refining > 0 {
                read(refining, &mut lengths.refinement)?;
            }
        } else {
            read(count, &mut lengths.cleanup)?;
            if lengths.cleanup != 0 {
                return Err(Damaged("an HTJ2K block without a clean-up pass"));
            }
        }
        Ok(lengths)
    }

    /// Passes before the clean-up pass, three for each bit-plane.
    pub(super) fn skipped_passes(&self) -> u16 {
        self.passes.saturating_sub(1) / 3 * 3
    }
}

/// The number of passes (table B.4).
fn passes(bits: &mut HeaderBits<'_>) -> Result<u16, Error> {
    let mut count = 1;
    for (width, most) in [(1, 1), (1, 1), (2, 3), (5, 31), (7, 127)] {
        let more = bits.bits(width)?;
        count += u16::try_from(more).unwrap_or(u16::MAX);
        if more < most {
            break;
        }
    }
    Ok(count)
}

/// The value of a leaf, if it is below `limit` (B.10.2).
fn tag_tree(
    nodes: Option<&mut [Node]>,
    leaves: [usize; 2],
    [x, y]: [usize; 2],
    limit: u16,
    bits: &mut HeaderBits<'_>,
) -> Result<Option<u16>, Error> {
    let nodes = nodes.unwrap_or_default();
    // The nodes from the leaf up to the root; a side has at most 2^13 blocks.
    let mut path = [0; 32];
    let (mut begin, mut levels) = (0, 0);
    for ((level, [across, down]), place) in tree_levels(leaves).enumerate().zip(&mut path) {
        *place = begin + (y >> level) * across + (x >> level);
        begin += across * down;
        levels += 1;
    }
    let mut at_least = 0;
    let mut value = None;
    for &place in path.iter().take(levels).rev() {
        let Some(node) = nodes.get_mut(place) else { return Ok(None) };
        node.at_least = node.at_least.max(at_least);
        while !node.known && node.at_least < limit {
            if bits.bit()? == 1 {
                node.known = true;
            } else {
                node.at_least += 1;
            }
        }
        at_least = node.at_least;
        value = node.known.then_some(at_least).filter(|value| *value < limit);
    }
    Ok(value)
}

/// The bits of a packet header; after FF, a byte has seven (B.10.1).
#[derive(Debug)]
struct HeaderBits<'s> {
    stream: Cursor<'s>,
    held: u8,
    left: u32,
}

impl<'s> HeaderBits<'s> {
    #[inline]
    fn bit(&mut self) -> Result<u32, Error> {
        if self.left == 0 {
            self.left = if self.held == 0xFF { 7 } else { 8 };
            self.held = self.stream.byte().ok_or(SHORT)?;
        }
        self.left -= 1;
        Ok(u32::from(self.held >> self.left & 1))
    }

    /// At most 32 bits.
    fn bits(&mut self, count: u32) -> Result<u32, Error> {
        if count > 32 {
            return Err(Damaged("an HTJ2K block that is too long"));
        }
        let mut value = 0;
        for _ in 0..count {
            value = value << 1 | self.bit()?;
        }
        Ok(value)
    }

    /// What follows the header.
    fn aligned(mut self) -> Result<Cursor<'s>, Error> {
        if self.held == 0xFF {
            _ = self.stream.byte().ok_or(SHORT)?;
        }
        Ok(self.stream)
    }
}
