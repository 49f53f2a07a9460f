use glam::DVec2;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{DrawingList, Fonts, Picture, TooLarge, paint, paint_from, raster_size};
use crate::view::ViewportSize;
use crate::work::Cancel;

/// White paper.
const PAPER: [u8; 4] = [255; 4];
/// Pixels of a band at most: 24 MB. A page of a journal at 300 dpi is one band.
const BAND_PIXELS: u32 = 6 << 20;
/// Rows of a band at most: the drawing counts in fixed point, some 32,000 pixels far.
const BAND_ROWS: u32 = 8192;
/// Rows of a band are a multiple of this, as strips of files want them.
const BAND_STEP: u32 = 256;

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
        let mut page = Picture::new(self.size);
        let rows = self.band_rows();
        for index in 0..self.size.height.div_ceil(rows) {
            page.put(&self.band(index, fonts, cancel)?, 0, index * rows);
        }
        Some(page)
    }

    /// Rows of a band; the last has what is left. A page of a journal has one band.
    pub fn band_rows(&self) -> u32 {
        let whole = (BAND_PIXELS / self.size.width.max(1)) / BAND_STEP * BAND_STEP;
        whole.clamp(BAND_STEP, BAND_ROWS)
    }

    /// One band of the page, from 0 at its top; `None` when it was cancelled.
    ///
    /// Places are counted from the top of the band before they are rounded to what the drawing counts in: a page may be
    /// longer than that reaches.
    pub fn band(&self, index: u32, fonts: &Fonts, cancel: &Cancel) -> Option<Picture> {
        let top = index.saturating_mul(self.band_rows()).min(self.size.height);
        let bottom = top.saturating_add(self.band_rows()).min(self.size.height);
        let within: Vec<&PagePanel> = self.panels.iter().filter(|panel| panel.meets(top, bottom)).collect();
        let drawn: Vec<Option<Picture>> = within
            .par_iter()
            .map(|panel| (!cancel.is_cancelled()).then(|| panel.rows(top, bottom, fonts)))
            .collect();
        let mut band = Picture::new(ViewportSize { width: self.size.width, height: bottom - top });
        band.pixels.fill(PAPER);
        for (panel, drawn) in within.into_iter().zip(drawn) {
            band.put(&drawn?, panel.left, panel.top.max(top) - top);
        }
        paint_from(&self.list, f64::from(top), &mut band, fonts);
        (!cancel.is_cancelled()).then_some(band)
    }

    /// Whether a file of its pixels can be made.
    pub fn check_size(&self) -> Result<(), TooLarge> {
        let area = |size: ViewportSize| f64::from(size.width) * f64::from(size.height);
        let held = self.panels.iter().map(|panel| area(panel.picture.size)).sum();
        raster_size(DVec2::new(self.size.width.into(), self.size.height.into()), held, self.dpi).map(|_| ())
    }

    /// Whether nothing on it has a colour.
    pub fn is_grey(&self) -> bool {
        let panel = |panel: &PagePanel| panel.list.is_grey() && panel.picture.is_grey();
        self.list.is_grey() && self.panels.par_iter().all(panel)
    }
}

impl PagePanel {
    /// The picture with what is drawn on it.
    pub fn drawn(&self, fonts: &Fonts) -> Picture {
        let mut picture = self.picture.clone();
        paint(&self.list, &mut picture, fonts);
        picture
    }

    /// Whether some of it lies between two rows of the page.
    fn meets(&self, top: u32, bottom: u32) -> bool {
        self.top < bottom && top < self.top.saturating_add(self.picture.size.height)
    }

    /// What of the picture lies between two rows of the page, with what is drawn on it.
    fn rows(&self, top: u32, bottom: u32, fonts: &Fonts) -> Picture {
        let from = top.saturating_sub(self.top);
        let to = bottom.saturating_sub(self.top).min(self.picture.size.height);
        let width = self.picture.size.width;
        let at = |row: u32| row as usize * width as usize;
        let size = ViewportSize { width, height: to.saturating_sub(from) };
        let pixels = self.picture.pixels.get(at(from)..at(to)).map(<[_]>::to_vec).unwrap_or_default();
        let mut part = Picture { size, pixels };
        paint_from(&self.list, f64::from(from), &mut part, fonts);
        part
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

    /// A page of 8,000 x 1,700 pixels has three bands.
    #[test]
    fn a_large_page_is_drawn_in_bands_that_fit_each_other() {
        let mut page = page();
        page.size = ViewportSize { width: 8_000, height: 1_700 };
        assert_eq!(page.band_rows(), 768);
        let mut high = Picture::new(ViewportSize { width: 3, height: 900 });
        for (index, pixel) in high.pixels.iter_mut().enumerate() {
            let grey = u8::try_from(index / 3 % 250).unwrap();
            *pixel = [grey, grey, grey, 255];
        }
        // Across the first edge, and a line through both panel and edge.
        page.panels[0] = PagePanel { left: 7, top: 100, picture: high, list: page.panels[0].list.clone() };
        let stroke = Stroke { width: 2.0, color: Color([0, 0, 0, 255]), halo: None };
        let steep = vec![ScreenPoint::new(30.0, 700.0), ScreenPoint::new(30.0, 1_600.0)];
        page.list.line(steep, false, stroke);
        let fonts = Fonts::default();
        let text = |top: f64, list: &mut DrawingList| {
            list.text(DVec2::new(60.0, top), 40.0, "HU", crate::render::palette::OVERLAY);
        };
        text(750.0, &mut page.list);
        let whole = page.picture(&fonts, &Cancel::default()).unwrap();
        let grey = |x: u32, y: u32| whole.pixel(x, y).unwrap()[0];
        for row in [0, 5, 667, 668, 700, 899] {
            assert_eq!(u32::from(grey(8, 100 + row)), row % 250, "row {row} of the panel");
        }
        assert_eq!((grey(8, 1_000), grey(8, 99)), (255, 255));
        assert!((705..1_595).all(|row| grey(30, row) == 0), "a line has no gap where bands meet");
        // The letters that lie across the edge are those that lie within a band.
        let mut other = page.clone();
        other.list.items.pop();
        text(200.0, &mut other.list);
        let within = other.picture(&fonts, &Cancel::default()).unwrap();
        let off = (0..60)
            .flat_map(|y| (60..140).map(move |x| (x, y)))
            .map(|(x, y)| grey(x, 745 + y).abs_diff(within.pixel(x, 195 + y).unwrap()[0]));
        assert!(off.max().unwrap() <= 2, "an edge shows in the letters");
        assert!((60..140).any(|x| grey(x, 767) < 200) && (60..140).any(|x| grey(x, 768) < 200));
    }

    #[test]
    fn places_far_down_are_as_exact_as_at_the_top() {
        let mut page = page();
        page.panels.clear();
        page.size = ViewportSize { width: 40, height: 900_000 };
        let stroke = Stroke { width: 1.0, color: Color(INK), halo: None };
        page.list.line(
            vec![ScreenPoint::new(-5.0, 899_990.5), ScreenPoint::new(99.0, 899_990.5)],
            false,
            stroke,
        );
        let last = page.size.height.div_ceil(page.band_rows()) - 1;
        let band = page.band(last, &Fonts::default(), &Cancel::default()).unwrap();
        let top = last * page.band_rows();
        let red = |row: u32| band.pixel(20, row - top).unwrap();
        assert_eq!([red(899_989), red(899_990), red(899_991)], [PAPER, INK, PAPER]);
    }

    #[test]
    fn a_page_is_grey_where_nothing_on_it_has_a_colour() {
        let mut page = page();
        assert!(!page.is_grey(), "its line is red");
        page.panels[0].list = DrawingList::default();
        assert!(page.is_grey());
        page.panels[0].picture.pixels[3] = INK;
        assert!(!page.is_grey());
    }

    #[test]
    fn printed_lengths_are_whole_pixels() {
        assert_eq!((Page::pixels(85.0, 300.0), Page::pixels(180.0, 600.0)), (1004.0, 4252.0));
    }
}
