use crate::view::ColorMap;

/// The colours of a map for brightness 0 to 255.
pub fn color_table(map: ColorMap) -> [[u8; 3]; 256] {
    let mut table = [[0; 3]; 256];
    for (level, color) in (0..=255_u8).zip(&mut table) {
        *color = match map {
            ColorMap::Grey | ColorMap::HotIron | ColorMap::Pet | ColorMap::Rainbow | ColorMap::Viridis => {
                [level; 3]
            }
        };
    }
    table
}
