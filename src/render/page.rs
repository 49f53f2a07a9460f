use glam::DVec2;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{DrawingList, Fonts, Picture, paint};
use crate::view::ViewportSize;
use crate::work::Cancel;

/// White paper.
const PAPER: [u8; 4] = [255; 4];

/// A sheet of panels at one resolution. The screen, raster files and vector files are all made from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Width and height on paper, mm.
    pub size_mm: DVec2,
    /// The same in whole output pixels.
    pub size: ViewportSize,
    /// Output pixels per inch.
    pub dpi: f64,
    /// The pictures, each on whole pixels. They do not overlap.
    pub panels: Vec<PagePanel>,
    /// What is drawn on the paper: letters, headings. Places are pixels of the page.
    pub list: DrawingList,
}

/// A picture on a page, and what is drawn on it.
#[derive(Debug, Clone, PartialEq)]
pub struct PagePanel {
    /// Pixels from the left edge of the page.
    pub left: u32,
    /// Pixels from the top edge of the page.
    pub top: u32,
    /// The samples, windowed: nothing is drawn on them yet.
    pub picture: Picture,
    /// What is drawn on the picture and cut off at its edge. Places are pixels from its corner.
    pub list: DrawingList,
}

impl Page {
    /// Whole pixels of a printed length.
    pub fn pixels(length_mm: f64, dpi: f64) -> f64 {
        (length_mm / 25.4 * dpi).round()
    }

    /// The page as one picture; `None` when it was cancelled.
    pub fn picture(&self, fonts: &Fonts, cancel: &Cancel) -> Option<Picture> {
        let drawn: Vec<Option<Picture>> = self
            .panels
            .par_iter()
            .map(|panel| (!cancel.is_cancelled()).then(|| panel.drawn(fonts)))
            .collect();
        let mut page = Picture::new(self.size);
        page.pixels.fill(PAPER);
        for (panel, drawn) in self.panels.iter().zip(drawn) {
            page.put(&drawn?, panel.left, panel.top);
        }
        paint(&self.list, &mut page, fonts);
        (!cancel.is_cancelled()).then_some(page)
    }
}

impl PagePanel {
    /// The picture with what is drawn on it.
    pub fn drawn(&self, fonts: &Fonts) -> Picture {
        let mut picture = self.picture.clone();
        paint(&self.list, &mut picture, fonts);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Color, Stroke};
    use crate::view::ScreenPoint;

    const INK: [u8; 4] = [200, 30, 40, 255];

    /// 12 x 6 pixels with a picture of 5 x 3 at (4, 2), and a line right across it that goes on beyond it.
    fn page() -> Page {
        let mut picture = Picture::new(ViewportSize { width: 5, height: 3 });
        for (index, pixel) in picture.pixels.iter_mut().enumerate() {
            let grey = u8::try_from(10 + index).unwrap();
            *pixel = [grey, grey, grey, 255];
        }
        let mut list = DrawingList::default();
        let stroke = Stroke { width: 1.0, color: Color(INK), halo: None };
        list.line(vec![ScreenPoint::new(-9.0, 1.5), ScreenPoint::new(99.0, 1.5)], false, stroke);
        Page {
            size_mm: DVec2::new(12.0, 6.0),
            size: ViewportSize { width: 12, height: 6 },
            dpi: 25.4,
            panels: vec![PagePanel { left: 4, top: 2, picture, list }],
            list: DrawingList::default(),
        }
    }

    #[test]
    fn a_panel_keeps_its_pixels_and_its_marks_end_at_its_edge() {
        let picture = page().picture(&Fonts::default(), &Cancel::default()).unwrap();
        let row = |row: u32| (0..12).map(|x| picture.pixel(x, row).unwrap()[0]).collect::<Vec<_>>();
        assert_eq!(row(1), [255; 12]);
        assert_eq!(row(2), [255, 255, 255, 255, 10, 11, 12, 13, 14, 255, 255, 255]);
        assert_eq!(row(3), [255, 255, 255, 255, 200, 200, 200, 200, 200, 255, 255, 255]);
        assert_eq!(row(4), [255, 255, 255, 255, 20, 21, 22, 23, 24, 255, 255, 255]);
    }

    #[test]
    fn what_hangs_over_the_edge_of_the_page_is_cut_off_and_a_cancelled_page_is_none() {
        let mut page = page();
        page.panels[0].left = 10;
        page.panels[0].top = 5;
        let picture = page.picture(&Fonts::default(), &Cancel::default()).unwrap();
        assert_eq!((picture.pixel(9, 5).unwrap()[0], picture.pixel(11, 5).unwrap()[0]), (255, 11));
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(page.picture(&Fonts::default(), &cancel), None);
    }

    #[test]
    fn printed_lengths_are_whole_pixels() {
        assert_eq!((Page::pixels(85.0, 300.0), Page::pixels(180.0, 600.0)), (1004.0, 4252.0));
    }
}
