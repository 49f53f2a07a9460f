//! The samples of one scan (T.87 annexes A and B).

#![expect(clippy::inline_always, reason = "one call for each sample: these are the inner loop")]

use super::bits::Reader;
use super::params::Parameters;

/// Statistics of one context in regular mode, and the Golomb parameter that follows from them: kept here,
/// since it is wanted early when the next pixel falls into the same context.
#[derive(Debug, Clone, Copy)]
struct Context {
    /// Sum of the sizes of the errors.
    a: u32,
    /// Sum of the errors.
    b: i32,
    /// Bias.
    c: i32,
    /// Number of errors.
    n: u16,
    k: u8,
}

/// Statistics of an interruption of a run.
#[derive(Debug, Clone, Copy)]
struct RunContext {
    a: u32,
    n: u32,
    negative: u32,
}

/// Bits of a run's length in step with [`Scan`]'s run index (A.2.1, table J).
const RUN_BITS: [u8; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// State that lasts over the lines of a scan or of a restart interval.
#[derive(Debug)]
pub(super) struct Scan<'p> {
    parameters: &'p Parameters,
    /// 365 are in use; a power of two needs no bounds check.
    contexts: [Context; 512],
    runs: [RunContext; 2],
}

/// The work of one line, for whatever the processor can do.
#[derive(Debug)]
struct Line<'l, 'p, 's, const N: usize> {
    scan: &'l mut Scan<'p>,
    reader: &'l mut Reader<'s>,
    above: &'l [[i32; N]],
    below: &'l mut [[i32; N]],
    run_index: &'l mut usize,
}

impl<const N: usize> pulp::WithSimd for Line<'_, '_, '_, N> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> bool {
        let Self { scan, reader, above, below, run_index } = self;
        if scan.parameters.is_exact() {
            scan.samples::<true, N>(reader, above, below, run_index)
        } else {
            scan.samples::<false, N>(reader, above, below, run_index)
        }
    }
}

impl<'p> Scan<'p> {
    pub(super) fn new(parameters: &'p Parameters) -> Self {
        let a = ((parameters.range + 32) / 64).max(2).cast_unsigned();
        let mut context = Context { a, b: 0, c: 0, n: 1, k: 0 };
        context.renew_k();
        let run = RunContext { a, n: 1, negative: 0 };
        Self { parameters, contexts: [context; 512], runs: [run; 2] }
    }

    /// Decodes one line of `N` components sample by sample.
    ///
    /// Both lines have a sample before and one after the image's; `above` has its own set, `line` gets it.
    /// False where the stream contradicts itself.
    pub(super) fn line<const N: usize>(
        &mut self,
        reader: &mut Reader<'_>,
        above: &mut [[i32; N]],
        line: &mut [[i32; N]],
        run_index: &mut usize,
    ) -> bool {
        let [.., last, after] = above else { return false };
        *after = *last;
        if let (Some(first), Some(from)) = (line.first_mut(), above.get(1)) {
            *first = *from;
        }
        // Newer processors shift and count zeros in one instruction: an eighth less time in colour.
        pulp::Arch::new().dispatch(Line { scan: self, reader, above, below: line, run_index })
    }

    #[inline(always)]
    fn samples<const EXACT: bool, const N: usize>(
        &mut self,
        reader: &mut Reader<'_>,
        above: &[[i32; N]],
        line: &mut [[i32; N]],
        run_index: &mut usize,
    ) -> bool {
        let end = above.len() - 1;
        // A copy that nothing else points to stays in registers.
        let mut bits = *reader;
        let mut sound = true;
        let mut at = 1;
        'runs: while at < end {
            let (Some(&[mut c, mut b]), Some(&[mut a])) = (
                above.get(at - 1..).and_then(|rest| rest.first_chunk::<2>()),
                line.get(at - 1..).and_then(|rest| rest.first_chunk::<1>()),
            ) else {
                break;
            };
            let mut second: [i32; N] = std::array::from_fn(|i| self.region(b[i] - c[i]));
            let (Some(ahead), Some(out)) = (above.get(at + 1..=end), line.get_mut(at..end)) else { break };
            for (step, (&d, out)) in ahead.iter().zip(out).enumerate() {
                let first: [i32; N] = std::array::from_fn(|i| self.region(d[i] - b[i]));
                let context: [i32; N] =
                    std::array::from_fn(|i| first[i] * 81 + second[i] * 9 + self.region(c[i] - a[i]));
                if context == [0; N] {
                    let Some(next) = self.run::<EXACT, N>(&mut bits, above, line, at + step, run_index)
                    else {
                        sound = false;
                        break 'runs;
                    };
                    at = next;
                    continue 'runs;
                }
                let mut value = [0; N];
                for i in 0..N {
                    let predicted = predict(a[i], b[i], c[i]);
                    value[i] = self.regular::<EXACT>(&mut bits, context[i], predicted, &mut sound);
                }
                *out = value;
                (a, c, b, second) = (value, b, d, first);
            }
            break;
        }
        *reader = bits;
        sound
    }

    /// The region of a gradient (A.3.3).
    #[inline(always)]
    fn region(&self, gradient: i32) -> i32 {
        let place = (gradient + self.parameters.max_value).cast_unsigned() as usize;
        self.parameters.regions.get(place).map_or(0, |region| i32::from(*region))
    }

    /// One sample in regular mode (A.4 to A.6).
    #[inline(always)]
    fn regular<const EXACT: bool>(
        &mut self,
        bits: &mut Reader<'_>,
        signed_context: i32,
        predicted: i32,
        sound: &mut bool,
    ) -> i32 {
        let parameters = self.parameters;
        let sign = signed_context >> 31;
        let context = &mut self.contexts[signed_context.unsigned_abs() as usize & 511];
        let predicted = (predicted + ((context.c ^ sign) - sign)).max(0).min(parameters.max_value);
        let code = bits
            .golomb(context.k.into(), parameters.limit - parameters.plain - 1, parameters.plain)
            .cast_signed();
        // Twice the range holds every error that an encoder can write.
        if code.cast_unsigned() > parameters.range.cast_unsigned() * 2 + 1 {
            *sound = false;
        }
        let mut error = ((code >> 1) & 0x1_FFFF) ^ -(code & 1);
        if context.k == 0 && (EXACT || parameters.near == 0) {
            error ^= (2 * context.b + i32::from(context.n) - 1) >> 31;
        }
        let step = if EXACT { 1 } else { 2 * parameters.near + 1 };
        context.learn(error, step, parameters.reset);
        reconstruct::<EXACT>(parameters, predicted, (error ^ sign) - sign)
    }

    /// A run from `start` and the sample that ends it (A.7); where regular mode goes on.
    #[inline(never)]
    fn run<const EXACT: bool, const N: usize>(
        &mut self,
        bits: &mut Reader<'_>,
        above: &[[i32; N]],
        line: &mut [[i32; N]],
        start: usize,
        index: &mut usize,
    ) -> Option<usize> {
        let left = *line.get(start - 1)?;
        let end = above.len() - 1;
        let mut at = start;
        let bits_of = |index: usize| u32::from(RUN_BITS[index & 31]);
        while bits.flag() {
            let whole = 1_usize << bits_of(*index);
            let count = whole.min(end - at);
            at += count;
            if count == whole {
                *index = (*index + 1).min(31);
            }
            if at == end {
                break;
            }
        }
        if at < end {
            at += bits.take(bits_of(*index)) as usize;
        }
        line.get_mut(start..at)?.fill(left);
        if at >= end {
            // A run must not be longer than its line.
            return (at == end).then_some(at);
        }
        let up = above.get(at)?;
        let mut value = [0; N];
        for i in 0..N {
            let (a, b) = (left[i], up[i]);
            // Components that share a run have no context for "both neighbours alike" (B.3).
            let alike = N == 1 && (a - b).abs() <= self.parameters.near;
            let error = self.interruption(bits, alike, bits_of(*index));
            let (base, error) = if alike { (a, error) } else { (b, if b < a { -error } else { error }) };
            value[i] = reconstruct::<EXACT>(self.parameters, base, error);
        }
        *line.get_mut(at)? = value;
        *index = index.saturating_sub(1);
        Some(at + 1)
    }

    /// The error of the sample after a run (A.7.2).
    fn interruption(&mut self, bits: &mut Reader<'_>, alike: bool, run_bits: u32) -> i32 {
        let parameters = self.parameters;
        let context = &mut self.runs[usize::from(alike)];
        let kind = u32::from(alike);
        let sum = u64::from(context.a) + u64::from((context.n >> 1) * kind);
        let k = golomb_parameter(sum, context.n.into());
        let escape = (parameters.limit - run_bits - 1).saturating_sub(parameters.plain + 1);
        let code = bits.golomb(k, escape, parameters.plain).min(0x2_0000);
        let mapped = code + kind;
        let odd = mapped & 1 == 1;
        let size = mapped.div_ceil(2).cast_signed();
        let error = if (k != 0 || 2 * context.negative >= context.n) == odd { -size } else { size };
        context.negative += u32::from(error < 0);
        context.a = context.a.saturating_add((code + 1 - kind) >> 1);
        if context.n == u32::from(parameters.reset) {
            context.a >>= 1;
            context.n >>= 1;
            context.negative >>= 1;
        }
        context.n += 1;
        error
    }
}

impl Context {
    /// Takes an error in (A.6).
    #[inline(always)]
    fn learn(&mut self, error: i32, step: i32, reset: u16) {
        self.a = self.a.saturating_add(error.unsigned_abs());
        self.b += error * step;
        if self.n == reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        let n = i32::from(self.n);
        if self.b <= -n {
            self.b = (self.b + n).max(1 - n);
            self.c = (self.c - 1).max(-128);
        } else if self.b > 0 {
            self.b = (self.b - n).min(0);
            self.c = (self.c + 1).min(127);
        }
        self.renew_k();
    }

    #[inline(always)]
    fn renew_k(&mut self) {
        self.k = (golomb_parameter(self.a.into(), self.n.into()) & 0xFF) as u8;
    }
}

/// The smallest `k` with `n * 2^k` at least `a` (A.5.1).
#[inline(always)]
fn golomb_parameter(a: u64, n: u64) -> u32 {
    let guess = (n | 1).leading_zeros().saturating_sub((a | 1).leading_zeros());
    guess + u32::from(n << guess < a)
}

/// The median edge detector (A.4.1).
#[inline(always)]
fn predict(a: i32, b: i32, c: i32) -> i32 {
    let (low, high) = (a.min(b), a.max(b));
    (a + b - c).max(low).min(high)
}

/// A sample of its prediction and error (A.4.4, A.4.5).
#[inline(always)]
fn reconstruct<const EXACT: bool>(parameters: &Parameters, predicted: i32, error: i32) -> i32 {
    let (highest, near) = (parameters.max_value, parameters.near);
    if EXACT {
        return (predicted + error) & highest;
    }
    let step = 2 * near + 1;
    let value = predicted + error * step;
    let value = if value < -near {
        value + parameters.range * step
    } else if value > highest + near {
        value - parameters.range * step
    } else {
        value
    };
    value.max(0).min(highest)
}
