use crate::view::ColorMap;

/// Even steps from black through blue, magenta, orange and yellow to white.
const PET: [[i32; 3]; 6] =
    [[0, 0, 0], [16, 16, 160], [152, 16, 152], [236, 92, 36], [255, 216, 64], [255, 255, 255]];
/// Dark blue, blue, cyan, green, yellow, red.
const RAINBOW: [[i32; 3]; 6] =
    [[0, 0, 96], [0, 64, 255], [0, 224, 224], [32, 200, 32], [255, 232, 0], [224, 0, 0]];
/// Every 32nd colour of viridis (Smith and van der Walt, CC0).
const VIRIDIS: [[i32; 3]; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];

/// The colours of a map for brightness 0 to 255.
pub fn color_table(map: ColorMap) -> [[u8; 3]; 256] {
    let mut table = [[0; 3]; 256];
    for (level, color) in (0..256).zip(&mut table) {
        *color = match map {
            ColorMap::Grey => [level; 3],
            ColorMap::HotIron => hot_iron(level),
            ColorMap::Pet => between(&PET, level),
            ColorMap::Rainbow => between(&RAINBOW, level),
            ColorMap::Viridis => between(&VIRIDIS, level),
        }
        .map(|part| u8::try_from(part.clamp(0, 255)).unwrap_or(0));
    }
    table
}

/// PS3.6 B.1.1: red, then green, then blue rises; the last entry is white.
fn hot_iron(level: i32) -> [i32; 3] {
    if level == 255 { [255; 3] } else { [2 * level, 2 * (level - 128), 4 * (level - 191)] }
}

/// Between evenly spaced colours, rounded to nearest.
fn between(colors: &[[i32; 3]], level: i32) -> [i32; 3] {
    let pieces = i32::try_from(colors.len()).unwrap_or(2) - 1;
    let place = level * pieces;
    let (piece, rest) = ((place / 255).min(pieces - 1), place - (place / 255).min(pieces - 1) * 255);
    let at = usize::try_from(piece).unwrap_or(0);
    std::array::from_fn(|part| {
        let (from, to) = (colors[at][part], colors[at + 1][part]);
        // Twice and half a step more, so that integer division rounds to nearest; both colours are positive.
        (2 * (from * (255 - rest) + to * rest) + 255) / 510
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hot_iron_is_the_table_of_the_standard() {
        let table = color_table(ColorMap::HotIron);
        // Entries of PS3.6 Table B.1-1.
        let some = [0, 1, 127, 128, 129, 191, 192, 254, 255].map(|i| table[i]);
        let expected = [
            [0, 0, 0],
            [2, 0, 0],
            [254, 0, 0],
            [255, 0, 0],
            [255, 2, 0],
            [255, 126, 0],
            [255, 128, 4],
            [255, 252, 252],
            [255, 255, 255],
        ];
        assert_eq!(some, expected);
    }

    #[test]
    fn maps_reach_their_ends_and_never_jump() {
        for map in ColorMap::ALL {
            let table = color_table(map);
            for pair in table.windows(2) {
                assert!(pair[0].iter().zip(&pair[1]).all(|(a, b)| a.abs_diff(*b) <= 6), "{}", map.name());
            }
        }
        assert_eq!(color_table(ColorMap::Viridis)[0], [68, 1, 84]);
        assert_eq!(color_table(ColorMap::Viridis)[255], [253, 231, 37]);
        assert_eq!(color_table(ColorMap::Grey)[77], [77; 3]);
    }
}
