//! The inverse wavelet transform of one resolution (ISO 15444-1 F.3), row by row while a row is in the cache.

#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

/// A coefficient of one of the two transforms.
pub(super) trait Coefficient: Copy + Default + bytemuck::Pod {
    /// Steps of lifting, the first of them on low coefficients.
    const STEPS: usize;
    /// What low coefficients are multiplied with before the first step; high ones are divided by it.
    const SCALE: f32;
    /// A coefficient after step `index`, from its two neighbours.
    fn lifted(self, index: usize, before: Self, after: Self) -> Self;
    fn times(self, factor: f32) -> Self;
    fn half(self) -> Self;
    /// From sign and magnitude in 31 bits.
    fn from_bits(bits: u32, quantum: Quantum) -> Self;
}

/// What the lowest bit of a block's values stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantum {
    /// Reversible: bits below the point.
    pub(super) shift: u32,
    /// Irreversible: the size of a step of the lowest of 31 bits.
    pub(super) step: f32,
}

/// 5/3 (F.3.8.1).
impl Coefficient for i32 {
    const STEPS: usize = 2;
    const SCALE: f32 = 1.0;
    #[inline(always)]
    fn lifted(self, index: usize, before: Self, after: Self) -> Self {
        if index == 0 {
            self.wrapping_sub(before.wrapping_add(after).wrapping_add(2) >> 2)
        } else {
            self.wrapping_add(before.wrapping_add(after) >> 1)
        }
    }
    #[inline(always)]
    fn times(self, _: f32) -> Self {
        self
    }
    #[inline(always)]
    fn half(self) -> Self {
        self >> 1
    }
    #[inline(always)]
    fn from_bits(bits: u32, quantum: Quantum) -> Self {
        let magnitude = ((bits & 0x7FFF_FFFF) >> quantum.shift).cast_signed();
        let sign = bits.cast_signed() >> 31;
        (magnitude ^ sign) - sign
    }
}

/// 9/7 (F.3.8.2).
impl Coefficient for f32 {
    const STEPS: usize = 4;
    const SCALE: Self = 1.230_174_1;
    #[inline(always)]
    fn lifted(self, index: usize, before: Self, after: Self) -> Self {
        const FACTORS: [f32; 4] = [-0.443_506_85, -0.882_911_1, 0.052_980_12, 1.586_134_3];
        self + FACTORS[index & 3] * (before + after)
    }
    #[inline(always)]
    fn times(self, factor: f32) -> Self {
        self * factor
    }
    #[inline(always)]
    fn half(self) -> Self {
        self * 0.5
    }
    #[inline(always)]
    fn from_bits(bits: u32, quantum: Quantum) -> Self {
        let magnitude = (bits & 0x7FFF_FFFF).cast_signed() as Self * quantum.step;
        Self::from_bits(magnitude.to_bits() | bits & 0x8000_0000)
    }
}

/// The four bands that make a resolution, each in rows without a gap.
#[derive(Debug)]
pub(super) struct Bands<'b, T> {
    /// Low in both directions.
    pub(super) low: &'b [T],
    /// High along rows, along columns, along both.
    pub(super) high: [&'b [T]; 3],
}

/// The place and size of a resolution.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Whether the first column, the first row is a high one.
    pub(super) odd: [bool; 2],
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Memory of one row's low and high coefficients, each with its first and last repeated at the ends.
#[derive(Debug, Default)]
pub(super) struct Line<T> {
    low: Vec<T>,
    high: Vec<T>,
}

/// Makes the rows of `out`, which is as large as the place.
#[inline(always)]
pub(super) fn synthesize<T: Coefficient>(
    bands: &Bands<'_, T>,
    place: Place,
    line: &mut Line<T>,
    out: &mut [T],
) {
    let Place { odd, width, height } = place;
    if width == 0 || height == 0 {
        return;
    }
    let low_wide = if odd[0] { width / 2 } else { width.div_ceil(2) };
    let high_wide = width - low_wide;
    line.low.clear();
    line.low.resize(low_wide + 2, T::default());
    line.high.clear();
    line.high.resize(high_wide + 2, T::default());
    for front in 0..height + T::STEPS {
        let is_high = (front % 2 != 0) != odd[1];
        if front < height
            && let Some(row) = out.get_mut(front * width..(front + 1) * width)
        {
            let (left, right) =
                if is_high { (bands.high[1], bands.high[2]) } else { (bands.low, bands.high[0]) };
            let index = front / 2;
            let left = left.get(index * low_wide..(index + 1) * low_wide).unwrap_or_default();
            let right = right.get(index * high_wide..(index + 1) * high_wide).unwrap_or_default();
            let along = if height == 1 {
                1.0
            } else if is_high {
                1.0 / T::SCALE
            } else {
                T::SCALE
            };
            row_of(left, right, along, odd[0], line, row);
            if height == 1 && odd[1] {
                for value in row {
                    *value = value.half();
                }
            }
        }
        // A row's step needs those before and after it, as the step before has left them.
        if is_high && height > 1 {
            for step in 0..T::STEPS {
                if let Some(row) = front.checked_sub(1 + step).filter(|row| *row < height) {
                    lift_row(out, place, row, step);
                }
            }
        }
    }
}

/// One row from its low and its high coefficients.
#[inline(always)]
fn row_of<T: Coefficient>(low: &[T], high: &[T], factor: f32, odd: bool, line: &mut Line<T>, out: &mut [T]) {
    if let [only] = out {
        let value = low.first().copied().or_else(|| high.first().map(|value| value.half()));
        *only = value.unwrap_or_default().times(factor);
        return;
    }
    let fill = |padded: &mut [T], values: &[T], factor: f32| {
        for (to, from) in padded.iter_mut().skip(1).zip(values) {
            *to = from.times(factor);
        }
        repeat_ends(padded);
    };
    fill(&mut line.low, low, factor * T::SCALE);
    fill(&mut line.high, high, factor / T::SCALE);
    for step in 0..T::STEPS - 1 {
        if step % 2 == 0 {
            lift_line(&mut line.low, &line.high, usize::from(odd), step);
        } else {
            lift_line(&mut line.high, &line.low, usize::from(!odd), step);
        }
    }
    // The last step goes straight to the row: pairs of a low and a high coefficient.
    let (Some(mut high), Some(low)) = (line.high.get(1..), line.low.get(1..)) else { return };
    let (first, out) = out.split_at_mut(usize::from(odd));
    if let ([first], [value, others @ ..], [only, ..]) = (first, high, low) {
        *first = value.lifted(T::STEPS - 1, *only, *only);
        high = others;
    }
    let (pairs, single) = out.as_chunks_mut::<2>();
    if let ([single], Some(value)) = (single, low.get(pairs.len())) {
        *single = *value;
    }
    for (((pair, &low), &next), &high) in pairs.iter_mut().zip(low).zip(low.iter().skip(1)).zip(high) {
        *pair = [low, high.lifted(T::STEPS - 1, low, next)];
    }
}

/// One step of lifting along a row; the neighbours of a value stand `offset` before it and one further.
#[inline(always)]
fn lift_line<T: Coefficient>(values: &mut [T], others: &[T], offset: usize, step: usize) {
    if let ([_, values @ .., _], Some(before)) = (&mut *values, others.get(offset..)) {
        for ((value, &before), &after) in values.iter_mut().zip(before).zip(before.iter().skip(1)) {
            *value = value.lifted(step, before, after);
        }
    }
    repeat_ends(values);
}

/// What lies beyond an end is a mirror image: of one kind of coefficient, the last.
#[inline(always)]
fn repeat_ends<T: Coefficient>(values: &mut [T]) {
    if let [before, first, ..] = values {
        *before = *first;
    }
    if let [.., last, after] = values {
        *after = *last;
    }
}

/// One step of lifting along columns, for a whole row.
#[inline(always)]
fn lift_row<T: Coefficient>(out: &mut [T], place: Place, row: usize, step: usize) {
    let width = place.width;
    let (before, rest) = out.split_at_mut(row * width);
    let Some((values, after)) = rest.split_at_mut_checked(width) else { return };
    let above = row.checked_sub(1).and_then(|above| before.get(above * width..));
    let below = if row + 1 < place.height { after.get(..width) } else { None };
    let (Some(above), Some(below)) = (above.or(below), below.or(above)) else { return };
    for ((value, &above), &below) in values.iter_mut().zip(above).zip(below) {
        *value = value.lifted(step, above, below);
    }
}
