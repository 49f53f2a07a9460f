use glam::DVec2;

use super::*;
use crate::case::figure::{FigureMark, FigureShape, LetterForm, Panel};
use crate::case::testing::saved_view;
use crate::image::testing::oblique_frame;
use crate::image::{Frame, Samples, Window};
use crate::render::{Item, ViewPixels};

fn figure(columns: usize, panels: usize) -> Figure {
    let mut figure = Figure::new();
    figure.page.columns = columns;
    figure.page.gap_mm = 2.0;
    figure.page.aspect = 1.25;
    for _ in 0..panels {
        figure.push(Panel::new(saved_view()));
    }
    figure
}

/// 10 x 6 pixels of 0.4 x 0.7 mm, each another value.
fn samples(frame: &Frame) -> Samples {
    let count = i16::try_from(frame.size.pixels()).unwrap();
    Samples::I16((0..count).collect())
}

fn look() -> Look {
    Look::with_window(Window::linear(-900.0, 200.0))
}

fn image<'a>(frame: &'a Frame, samples: &'a Samples, look: &'a Look) -> PanelImage<'a> {
    PanelImage {
        image: ViewImage { frame, pixels: ViewPixels::Frame { samples, graphics: &[] }, layer: None },
        framing: Framing { center: DVec2::new(1.8, 1.75), height: Mm(4.0), turn: 0.0, mirrored: false },
        fitted: false,
        look,
        marks: &[],
        window: "W 200 L -900",
    }
}

#[test]
fn panels_fill_the_width_to_the_gap_and_headings_have_room() {
    let fonts = Fonts::default();
    let mut figure = figure(5, 10);
    figure.page.width_mm = 180.0;
    let layout = figure_layout(&figure, &fonts);
    // (180 - 4 * 2) / 5 = 34.4 wide, 27.52 high; two rows and a gap.
    assert!((layout.panels[0].size() - DVec2::new(34.4, 27.52)).length() < 1e-9);
    assert!((layout.panels[9].max - DVec2::new(180.0, 57.04)).length() < 1e-9);
    assert!((layout.size_mm - DVec2::new(180.0, 57.04)).length() < 1e-9);
    figure.column_headings = vec!["CT".to_owned(), "T1WI\n+C".to_owned()];
    figure.row_headings = vec!["before".to_owned()];
    let with = figure_layout(&figure, &fonts);
    // 8 pt are 2.822 mm; two lines of 1.15 and the distance.
    assert!((with.margin.y - (2.0 * 1.15 * 8.0 * 25.4 / 72.0 + 0.8)).abs() < 1e-9, "{}", with.margin);
    assert!(with.margin.x > 8.0 && with.margin.x < 11.0, "{}", with.margin);
    assert!((with.panels[4].max.x - 180.0).abs() < 1e-9 && with.size_mm.x <= 180.0);
}

#[test]
fn wide_panels_take_the_gap_between_their_cells() {
    let mut figure = figure(3, 2);
    figure.panel_mut(crate::case::PanelId(1)).unwrap().columns = 2;
    let layout = figure_layout(&figure, &Fonts::default());
    let cell = (180.0 - 4.0) / 3.0;
    assert!((layout.panels[0].size().x - (2.0 * cell + 2.0)).abs() < 1e-9);
    assert!((layout.panels[1].max.x - 180.0).abs() < 1e-9);
}

#[test]
fn the_page_has_the_pixels_of_its_millimetres() {
    for (width_mm, dpi, pixels) in [(85.0, 300.0, 1004), (180.0, 600.0, 4252), (178.0, 600.0, 4205)] {
        let mut figure = figure(4, 4);
        figure.page.width_mm = width_mm;
        let (cancel, progress) = (Cancel::default(), Progress::default());
        let page = figure_page(&figure, &[], dpi, &Fonts::default(), &cancel, &progress).unwrap();
        assert_eq!(page.size.width, pixels);
        let height = (page.size_mm.y / 25.4 * dpi).round();
        assert!((f64::from(page.size.height) - height).abs() < 0.1);
        let last = page.panels.last().unwrap();
        assert_eq!(last.left + last.picture.size.width, pixels);
        assert_eq!((progress.done(), progress.total()), (4, 4));
    }
}

#[test]
fn a_panel_is_what_render_draws_there() {
    let (frame, look) = (oblique_frame(), look());
    let samples = samples(&frame);
    let image = image(&frame, &samples, &look);
    let mut figure = figure(2, 2);
    figure.letters.form = LetterForm::None;
    let layout = figure_layout(&figure, &Fonts::default());
    let panel = figure_panel(&figure, 1, &layout, Some(&image), 150.0, &Fonts::default());
    assert_eq!(panel.list, crate::render::DrawingList::default());
    let height = f64::from(panel.picture.size.height);
    let exact = layout.panels[1].size().y / 25.4 * 150.0;
    let framing = Framing { height: Mm(4.0 * height / exact), ..image.framing };
    let mut alone = Picture::new(panel.picture.size);
    let resolved = Resolved::new(&frame, &framing, panel.picture.size);
    ViewRenderer::default().render(&image.image, &resolved, &look, &mut alone);
    assert_eq!(panel.picture, alone);
    assert!(!alone.pixels.iter().all(|pixel| *pixel == alone.pixels[0]));
}

#[test]
fn a_length_in_the_patient_has_its_length_on_paper() {
    let (frame, look) = (oblique_frame(), look());
    let samples = samples(&frame);
    let image = image(&frame, &samples, &look);
    let mut figure = figure(3, 3);
    figure.letters.form = LetterForm::None;
    // From 0.5 to 3 mm right of the first pixel's centre: 2.5 mm, of which the panel shows 4 mm in its height.
    let line = FigureShape::Line { to: DVec2::new(3.0, 1.0) };
    figure.panel_mut(crate::case::PanelId(3)).unwrap().marks =
        vec![FigureMark::new(line, DVec2::new(0.5, 1.0))];
    let layout = figure_layout(&figure, &Fonts::default());
    let panel = figure_panel(&figure, 2, &layout, Some(&image), 300.0, &Fonts::default());
    let Some(Item::Line { points, .. }) = panel.list.items.first() else { panic!("no line") };
    let printed_mm = points[0].0.distance(points[1].0) / 300.0 * 25.4;
    let scale = layout.panels[2].size().y / 4.0;
    assert!((printed_mm - 2.5 * scale).abs() < 1e-9, "{printed_mm} {scale}");
    // It lies where the pixels lie: a quarter of the height above the middle, which is at 1.75 mm.
    let from_middle = f64::from(panel.picture.size.height) / 2.0 - points[0].0.y;
    assert!((from_middle / 300.0 * 25.4 - 0.75 * scale).abs() < 1e-9);
}

#[test]
fn what_stands_in_the_corners_is_in_the_panel_and_in_its_ink() {
    let (frame, look) = (oblique_frame(), look());
    let samples = samples(&frame);
    let image = image(&frame, &samples, &look);
    let mut figure = figure(2, 1);
    let panel = figure.panel_mut(crate::case::PanelId(1)).unwrap();
    (panel.scale_bar, panel.orientation, panel.window) = (true, true, true);
    let layout = figure_layout(&figure, &Fonts::default());
    let panel = figure_panel(&figure, 0, &layout, Some(&image), 300.0, &Fonts::default());
    let words: Vec<&str> = panel
        .list
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Text { text, .. } => Some(text.as_str()),
            Item::Line { .. } | Item::Fill { .. } => None,
        })
        .collect();
    assert_eq!(words, ["(a)", "1\u{a0}mm", "W 200 L -900", "RA", "LP", "H", "F"]);
    let size = DVec2::new(f64::from(panel.picture.size.width), f64::from(panel.picture.size.height));
    for area in panel.list.text_areas(&Fonts::default()) {
        assert!(area.min.min_element() >= 0.0 && (size - area.max).min_element() >= 0.0, "{area:?}");
    }
    // The bar is as long as it says: 1 mm of the 4 mm that the height shows.
    let Some(Item::Fill { points, .. }) =
        panel.list.items.iter().find(|item| matches!(item, Item::Fill { .. }))
    else {
        panic!("no bar")
    };
    let exact = layout.panels[0].size().y / 25.4 * 300.0 / 4.0;
    assert!((points[1].0.x - points[0].0.x - exact).abs() < 1e-9);
}

#[test]
fn a_printed_figure_says_how_fine_it_was_acquired() {
    // 0.7 mm a pixel; 40 mm of the patient on 20 mm of paper: a pixel is 0.35 mm, 72.6 of them an inch.
    let framing = Framing { center: DVec2::ZERO, height: Mm(40.0), turn: 0.0, mirrored: false };
    let dpi = acquired_dpi(&oblique_frame(), &framing, Mm(20.0)).unwrap();
    assert!((dpi - 25.4 / 0.35).abs() < 1e-9);
}

/// Texts with their places on the page, mm from the left: where each begins and ends.
fn spans(list: &crate::render::DrawingList, fonts: &Fonts, dpi: f64) -> Vec<(String, f64, f64)> {
    let of = |item: &Item| match item {
        Item::Text { at, size_px, text, .. } => {
            let mm = |px: f64| px / dpi * 25.4;
            let wide = crate::render::measure(fonts, text, *size_px).x;
            Some((text.clone(), mm(at.0.x), mm(at.0.x + wide)))
        }
        Item::Line { .. } | Item::Fill { .. } => None,
    };
    list.items.iter().filter_map(of).collect()
}

#[test]
fn headings_break_then_shrink_and_none_leaves_its_column() {
    let fonts = Fonts::default();
    let mut figure = figure(5, 10);
    figure.column_headings = ["CT", "T1WI", "T2WI", "T1WI+C", "CT after surgery"].map(str::to_owned).to_vec();
    figure.row_headings = vec!["first".to_owned(), "second".to_owned()];
    for (width_mm, least_pt) in [(180.0, 8.0), (85.0, 8.0), (40.0, 6.0)] {
        figure.page.width_mm = width_mm;
        let layout = figure_layout(&figure, &fonts);
        assert!(layout.headings.size_pt >= least_pt, "{width_mm}: {}", layout.headings.size_pt);
        let drawn = spans(&figure_headings(&layout, 600.0, &fonts), &fonts, 600.0);
        assert!(
            drawn.iter().all(|(_, left, right)| *left >= -1e-9 && *right <= width_mm + 1e-6),
            "{drawn:?}"
        );
        let words = drawn.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>().join(" ");
        assert!(width_mm < 80.0 || words.contains("surgery"), "{words}");
        assert_eq!(layout.headings.unfit.is_empty(), width_mm > 80.0, "{:?}", layout.headings.unfit);
    }
}

#[test]
fn labels_are_broken_to_the_panel_and_what_has_no_room_is_known() {
    let fonts = Fonts::default();
    let label = ["mean 38.1\u{a0}HU, SD\u{a0}3.5", "area 20.0\u{a0}mm\u{b2}, 798\u{a0}px"].map(str::to_owned);
    let fitted = |room: DVec2| fitted_labels(&[&label[..]], room, 8.0, &fonts);
    let wide = fitted(DVec2::new(200.0, 100.0));
    assert!(wide.fits && wide.labels[0].len() == 2 && (wide.size_pt - 8.0).abs() < 1e-9);
    let narrow = fitted(DVec2::new(50.0, 100.0));
    assert!(narrow.fits && narrow.labels[0].len() > 2, "{narrow:?}");
    for line in &narrow.labels[0] {
        assert!(crate::render::measure(&fonts, line, narrow.size_pt).x <= 50.0 + 1e-3, "{line}");
    }
    assert!(fitted(DVec2::new(50.0, 36.0)).size_pt < 8.0);
    assert!(!fitted(DVec2::new(50.0, 5.0)).fits);
}
