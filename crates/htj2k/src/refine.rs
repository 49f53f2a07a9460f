//! The passes that follow the clean-up pass of a code-block (ITU-T T.814 7.4 and 7.5): one more bit-plane.
//!
//! Few streams have them, so these go sample by sample.

use super::bits::Unstuffed;
use super::block::{Coded, Pair};

/// Whether a sample is known to differ from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Zero,
    /// Since the clean-up pass.
    Significant,
    /// Since the significance propagation pass.
    New,
}

/// The memory of the passes.
#[derive(Debug, Default)]
pub(super) struct Refinement {
    bits: Unstuffed,
    states: States,
}

/// The states of a block's samples and of those around it.
#[derive(Debug, Default)]
struct States {
    states: Vec<State>,
    /// Two more than the block's width.
    stride: usize,
}

impl Refinement {
    /// Adds a bit-plane to `values`, whose rows are as long as two samples for each quad of `pairs`.
    pub(super) fn refine(&mut self, coded: &Coded<'_>, pairs: &[Pair], values: &mut [u32]) {
        self.states.mark(coded, pairs);
        let pairs_wide = coded.width.div_ceil(4) + 1;
        // The clean-up pass's lowest plane, at the least 2: half a step of the next needs a place.
        let plane = 30 - coded.zero_planes;
        self.propagate(coded, pairs_wide * 4, plane, values);
        if coded.passes > 2 {
            self.magnify(coded, pairs_wide * 4, plane, values);
        }
    }

    /// Significance propagation: zeros beside something get a bit, in stripes of four rows, column by column.
    fn propagate(&mut self, coded: &Coded<'_>, line: usize, plane: u32, values: &mut [u32]) {
        let Self { bits, states } = self;
        bits.forward(coded.refinement, 0);
        let mut bits = bits.reader();
        let value = 3 << (plane - 2);
        for top in (0..coded.height).step_by(4) {
            for left in (0..coded.width).step_by(4) {
                for (x, y) in four(coded, left, top) {
                    if states.beside_something(coded.causal, x, y) && bits.bit() {
                        states.set_new(x, y);
                    }
                }
                // The signs of four columns follow their bits.
                for (x, y) in four(coded, left, top) {
                    if states.get(x, y) == State::New {
                        let sign = u32::from(bits.bit()) << 31;
                        if let Some(place) = values.get_mut(y * line + x) {
                            *place = sign | value;
                        }
                    }
                }
            }
        }
    }

    /// Magnitude refinement: what the clean-up pass found gets a bit, in the same order.
    fn magnify(&mut self, coded: &Coded<'_>, line: usize, plane: u32, values: &mut [u32]) {
        self.bits.backward(coded.refinement);
        let mut bits = self.bits.reader();
        for top in (0..coded.height).step_by(4) {
            for (x, y) in (0..coded.width).step_by(4).flat_map(|left| four(coded, left, top)) {
                if self.states.get(x, y) == State::Significant {
                    // Half a step is there as the bit; it becomes half a step of the next plane.
                    let change = u32::from(!bits.bit()) << (plane - 1) | 1 << (plane - 2);
                    if let Some(place) = values.get_mut(y * line + x) {
                        *place ^= change;
                    }
                }
            }
        }
    }
}

impl States {
    fn mark(&mut self, coded: &Coded<'_>, pairs: &[Pair]) {
        let stride = coded.width + 2;
        self.stride = stride;
        self.states.clear();
        self.states.resize(stride * (coded.height + 2), State::Zero);
        let quads_wide = (coded.width.div_ceil(4) + 1) * 2;
        let quads = pairs.as_flattened();
        for (y, row) in self.states.chunks_exact_mut(stride).skip(1).take(coded.height).enumerate() {
            let quads = quads.iter().skip(y / 2 * quads_wide);
            let Some(row) = row.get_mut(1..=coded.width) else { return };
            for (two, quad) in row.chunks_mut(2).zip(quads) {
                for (x, state) in two.iter_mut().enumerate() {
                    if quad >> (4 + 2 * x + y % 2) & 1 != 0 {
                        *state = State::Significant;
                    }
                }
            }
        }
    }

    fn get(&self, x: usize, y: usize) -> State {
        self.states.get((y + 1) * self.stride + x + 1).copied().unwrap_or_default()
    }

    fn set_new(&mut self, x: usize, y: usize) {
        if let Some(state) = self.states.get_mut((y + 1) * self.stride + x + 1) {
            *state = State::New;
        }
    }

    /// Whether a sample is zero so far and one of its neighbours is not.
    fn beside_something(&self, causal: bool, x: usize, y: usize) -> bool {
        let rows = if causal && y % 4 == 3 { 2 } else { 3 };
        let around = (0..rows).any(|row| {
            let begin = (y + row) * self.stride + x;
            self.states
                .get(begin..begin + 3)
                .is_some_and(|three| three.iter().any(|state| *state != State::Zero))
        });
        around && self.get(x, y) == State::Zero
    }
}

/// The samples of four columns in a stripe, column by column.
fn four(coded: &Coded<'_>, left: usize, top: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
    let (right, bottom) = (coded.width.min(left + 4), coded.height.min(top + 4));
    (left..right).flat_map(move |x| (top..bottom).map(move |y| (x, y)))
}
