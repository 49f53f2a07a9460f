//! At most 256 colours for a picture of greys and marks. Nothing is dithered: noise in a medical picture is
//! taken for something that was measured.

mod cut;
mod greys;

use self::cut::cut;
use self::greys::merge;

/// The most entries of a palette.
const MOST: usize = 256;
/// Entries for the colours of a few thin marks, which cover next to nothing and are still to look smooth.
const FEW_COLORS: usize = 64;
/// Entries for colours that leave one to every three greys.
const MANY_COLORS: usize = MOST - greys::ENOUGH;

/// A colour and how many pixels have it.
#[derive(Debug, Clone, Copy)]
struct Counted {
    color: [u8; 3],
    count: u64,
}

/// The colours of one frame, and which one is nearest to each pixel's.
#[derive(Debug)]
pub(super) struct Palette {
    entries: Vec<[u8; 3]>,
    greys: [u8; 256],
    /// Every colour of the picture that is no grey, sorted, with the entry for it.
    colors: Vec<([u8; 3], u8)>,
    exact: bool,
}

impl Palette {
    /// Makes the palette of a picture, exact when it has at most 256 colours.
    ///
    /// Greys are off by at most 1 of 255. The same pixels always make the same palette.
    pub(super) fn of(pixels: impl Iterator<Item = [u8; 4]>) -> Self {
        let (greys, colors) = count(pixels);
        let present: Vec<(u8, u64)> = (0..=u8::MAX).zip(greys).filter(|(_, count)| *count > 0).collect();
        let (for_greys, for_colors) = share(&present, &colors);
        let groups = merge(&present, for_greys);
        let mut entries: Vec<[u8; 3]> = groups.iter().map(|group| [group.grey; 3]).collect();
        let mut indices = [0; 256];
        for (index, group) in (0..=u8::MAX).zip(&groups) {
            for (grey, _) in &present[group.first..group.end] {
                indices[usize::from(*grey)] = index;
            }
        }
        entries.extend(cut(&mut colors.clone(), for_colors));
        let nearest = Nearest::new(&entries);
        let colors: Vec<_> = colors.iter().map(|c| (c.color, nearest.index(c.color))).collect();
        let mut palette = Self { entries, greys: indices, colors, exact: false };
        palette.exact = palette.keeps_all(&present);
        palette
    }

    fn keeps_all(&self, greys: &[(u8, u64)]) -> bool {
        let entry = |index: u8| self.entries[usize::from(index)];
        self.colors.iter().all(|(color, index)| entry(*index) == *color)
            && greys.iter().all(|(grey, _)| entry(self.greys[usize::from(*grey)]) == [*grey; 3])
    }

    /// Whether every pixel has exactly its colour.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
    }

    /// The entry for a pixel of the picture that the palette was made of.
    pub(super) fn index(&self, [r, g, b, _]: [u8; 4]) -> u8 {
        if r == g && g == b {
            return self.greys[usize::from(r)];
        }
        let found = self.colors.binary_search_by_key(&[r, g, b], |(color, _)| *color);
        found.map_or(0, |at| self.colors[at].1)
    }

    /// Red, green and blue of each entry.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.entries.concat()
    }
}

/// How many pixels have each grey, and each colour that is no grey, sorted.
fn count(pixels: impl Iterator<Item = [u8; 4]>) -> ([u64; 256], Vec<Counted>) {
    let mut greys = [0; 256];
    let mut others = Vec::new();
    for [r, g, b, _] in pixels {
        if r == g && g == b {
            greys[usize::from(r)] += 1;
        } else {
            others.push([r, g, b]);
        }
    }
    others.sort_unstable();
    let runs = others.chunk_by(|a, b| a == b);
    let colors = runs.filter_map(|run| Some(Counted { color: *run.first()?, count: run.len() as u64 }));
    (greys, colors.collect())
}

/// How many entries greys and colours get: all they have if that fits, else as many as they cover of the
/// picture, within limits.
fn share(greys: &[(u8, u64)], colors: &[Counted]) -> (usize, usize) {
    let grey_pixels: u64 = greys.iter().map(|(_, count)| count).sum();
    let color_pixels: u64 = colors.iter().map(|color| color.count).sum();
    let covered = color_pixels * MOST as u64 / (grey_pixels + color_pixels).max(1);
    let wanted = usize::try_from(covered).unwrap_or(MOST).clamp(FEW_COLORS, MANY_COLORS).min(colors.len());
    let for_greys = greys.len().min(MOST - wanted);
    (for_greys, colors.len().min(MOST - for_greys))
}

/// Finds the entry that is nearest to a colour.
struct Nearest {
    /// Entries and their indices by green, so that a search can stop early.
    by_green: Vec<([u8; 3], u8)>,
}

impl Nearest {
    fn new(entries: &[[u8; 3]]) -> Self {
        let mut by_green: Vec<_> = entries.iter().copied().zip(0..=u8::MAX).collect();
        by_green.sort_by_key(|([_, green, _], index)| (*green, *index));
        Self { by_green }
    }

    /// The first of those with the least distance in the order of the search, 0 when there are none.
    fn index(&self, color: [u8; 3]) -> u8 {
        let start = self.by_green.partition_point(|(entry, _)| entry[1] < color[1]);
        let mut best = (u32::MAX, 0);
        let (below, above) = self.by_green.split_at(start);
        let mut search = |entry: &([u8; 3], u8)| {
            let green = u32::from(entry.0[1].abs_diff(color[1]));
            if green * green >= best.0 {
                return false;
            }
            best = best.min((distance(entry.0, color), entry.1));
            true
        };
        above.iter().take_while(|entry| search(entry)).for_each(drop);
        below.iter().rev().take_while(|entry| search(entry)).for_each(drop);
        best.1
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    (0..3).map(|channel| u32::from(a[channel].abs_diff(b[channel])).pow(2)).sum()
}
