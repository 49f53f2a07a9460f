use super::Counted;

/// Makes at most so many colours stand for many, exact when they are as many.
///
/// The part with the greatest sum of squared differences from its mean is cut at that mean until there are enough
/// parts. A colour that many pixels have stays what it is: it pulls the mean of its part to itself. All numbers
/// are whole, so no machine rounds them differently.
pub(super) fn cut(colors: &mut [Counted], most: usize) -> Vec<[u8; 3]> {
    if colors.is_empty() || most == 0 {
        return Vec::new();
    }
    let mut parts = vec![Part::new(colors)];
    while parts.len() < most {
        let divisible = parts.iter().enumerate().filter(|(_, part)| part.colors.len() > 1);
        let Some((widest, _)) = divisible.max_by_key(|(_, part)| part.spread) else { break };
        let (left, right) = parts.swap_remove(widest).split();
        parts.extend([left, right]);
    }
    let mut means: Vec<[u8; 3]> = parts.iter().map(Part::mean).collect();
    means.sort_unstable();
    means
}

/// Some of the colours.
struct Part<'a> {
    colors: &'a mut [Counted],
    channels: [Channel; 3],
    /// The sum of squared differences from the mean.
    spread: u64,
}

impl<'a> Part<'a> {
    fn new(colors: &'a mut [Counted]) -> Self {
        let channels = [0, 1, 2].map(|channel| Channel::new(colors, channel));
        Self { colors, channels, spread: channels.iter().map(|channel| channel.spread).sum() }
    }

    /// Cuts the widest channel at its mean; both parts have colours if this one has two or more.
    fn split(self) -> (Self, Self) {
        let widest = (0..3).max_by_key(|channel: &usize| {
            let channel = &self.channels[*channel];
            // Where a few pixels among very many differ, the spread rounds to 0 and the range does not.
            (channel.spread, channel.range)
        });
        let at = widest.unwrap_or(0);
        let Channel { pixels, sum, .. } = self.channels[at];
        let mut middle = 0;
        for index in 0..self.colors.len() {
            if u64::from(self.colors[index].color[at]) * pixels <= sum {
                self.colors.swap(index, middle);
                middle += 1;
            }
        }
        let (left, right) = self.colors.split_at_mut(middle);
        (Self::new(left), Self::new(right))
    }

    fn mean(&self) -> [u8; 3] {
        self.channels.map(|Channel { pixels, sum, .. }| {
            u8::try_from((sum + pixels / 2) / pixels.max(1)).unwrap_or(u8::MAX)
        })
    }
}

/// Red, green or blue of some colours.
#[derive(Clone, Copy)]
struct Channel {
    pixels: u64,
    sum: u64,
    spread: u64,
    range: u8,
}

impl Channel {
    fn new(colors: &[Counted], channel: usize) -> Self {
        let (mut pixels, mut sum, mut squares) = (0, 0, 0);
        let (mut low, mut high) = (u8::MAX, 0);
        for Counted { color, count } in colors {
            let value = u64::from(color[channel]);
            pixels += count;
            sum += count * value;
            squares += count * value * value;
            low = low.min(color[channel]);
            high = high.max(color[channel]);
        }
        let spread =
            (u128::from(pixels) * u128::from(squares) - u128::from(sum).pow(2)) / u128::from(pixels.max(1));
        let spread = u64::try_from(spread).unwrap_or(u64::MAX);
        Self { pixels, sum, spread, range: high.saturating_sub(low) }
    }
}
