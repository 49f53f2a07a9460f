//! How components are coded: order, transform, blocks and quantization (ISO 15444-1 A.6, T.814 Annex A).

use super::Error;
use super::Error::{Damaged, Unsupported};
use super::size::Cursor;

/// The order of packets (B.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Layer, resolution, component, position.
    Lrcp,
    /// Resolution, layer, component, position.
    Rlcp,
    /// Resolution, position, component, layer.
    Rpcl,
    /// Position, component, resolution, layer.
    Pcrl,
    /// Component, position, resolution, layer.
    Cprl,
}

/// What COD says of all components.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progression {
    pub(super) order: Order,
    pub(super) layers: usize,
    pub(super) color_transform: bool,
}

/// What COD or COC says of a component.
#[derive(Debug, Clone)]
pub(super) struct Style {
    pub(super) levels: usize,
    /// Exponents of a block's width and height.
    pub(super) block: [u32; 2],
    pub(super) causal: bool,
    pub(super) reversible: bool,
    /// For each resolution, exponents of a precinct's width and height.
    pub(super) precincts: Vec<[u32; 2]>,
}

impl Style {
    pub(super) fn read(segment: &mut Cursor<'_>, has_precincts: bool) -> Result<Self, Error> {
        let short = Damaged("the COD or COC marker of the HTJ2K stream is too short");
        let &[levels, width, height, blocks, transform] =
            segment.bytes(5).and_then(<[u8]>::first_chunk).ok_or(short)?;
        let (width, height) = (u32::from(width) + 2, u32::from(height) + 2);
        if levels > 32 || width > 10 || height > 10 || width + height > 12 || transform > 1 {
            return Err(Damaged("the HTJ2K stream has impossible code-blocks, levels or transforms"));
        }
        match blocks & 0xC0 {
            0x40 => {}
            0xC0 => return Err(Unsupported("HTJ2K with blocks of both kinds")),
            _ => return Err(Unsupported("HTJ2K without high-throughput blocks")),
        }
        if blocks & 0x37 != 0 {
            return Err(Unsupported("HTJ2K with block options of ISO 15444-1"));
        }
        let mut precincts = vec![[15; 2]; usize::from(levels) + 1];
        if has_precincts {
            for (index, size) in precincts.iter_mut().enumerate() {
                let byte = segment.byte().ok_or(short)?;
                *size = [u32::from(byte & 15), u32::from(byte >> 4)];
                if index > 0 && size.contains(&0) {
                    return Err(Damaged("the HTJ2K stream has precincts of no size"));
                }
            }
        }
        Ok(Self {
            levels: usize::from(levels),
            block: [width, height],
            causal: blocks & 8 != 0,
            reversible: transform == 1,
            precincts,
        })
    }
}

/// What QCD or QCC says of a component.
#[derive(Debug, Clone)]
pub(super) struct Quantization {
    guard_bits: u32,
    /// Steps of the first band only, the others follow from it.
    derived: bool,
    /// Exponent and mantissa of each band.
    steps: Vec<(u32, u32)>,
    reversible: bool,
}

impl Quantization {
    pub(super) fn read(mut segment: Cursor<'_>) -> Result<Self, Error> {
        let short = Damaged("the QCD or QCC marker of the HTJ2K stream is too short");
        let byte = segment.byte().ok_or(short)?;
        let (guard_bits, style) = (u32::from(byte >> 5), byte & 31);
        let mut steps = Vec::new();
        if style == 0 {
            steps.extend(segment.0.iter().map(|byte| (u32::from(byte >> 3), 0)));
        } else {
            while let Some(step) = segment.word() {
                steps.push((u32::from(step >> 11), u32::from(step & 2047)));
            }
        }
        if style > 2 || steps.is_empty() {
            return Err(short);
        }
        Ok(Self { guard_bits, derived: style == 1, steps, reversible: style == 0 })
    }

    /// Exponent and mantissa of a band; `level` counts decompositions from the coarsest, 0 and 1 for the first.
    fn step(&self, band: usize, level: u32) -> Option<(u32, u32)> {
        if self.derived {
            let &(exponent, mantissa) = self.steps.first()?;
            return Some((exponent.checked_sub(level.saturating_sub(1))?, mantissa));
        }
        self.steps.get(band).copied()
    }

    /// Bit-planes of a band and the size of its step, the range of a sample being 1.
    ///
    /// `band` counts from LL on.
    pub(super) fn planes(&self, band: usize, level: u32, reversible: bool) -> Result<(u32, f32), Error> {
        let missing = Damaged("the HTJ2K stream has a band without a quantization step");
        let (exponent, mantissa) = self.step(band, level).ok_or(missing)?;
        if reversible && !self.reversible {
            return Err(Damaged("the HTJ2K stream's quantization does not fit its transform"));
        }
        let planes = (self.guard_bits + exponent).saturating_sub(1);
        if planes > 31 {
            return Err(Unsupported("HTJ2K with more than 31 bit-planes"));
        }
        let step = (1.0 + mantissa as f32 / 2048.0) / 2_f32.powi(exponent.cast_signed());
        Ok((planes, step))
    }
}
