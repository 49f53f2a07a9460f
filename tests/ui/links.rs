//! Dates side by side, locked and scrolled together, by labels and the mouse.

use super::*;
use isodense::session::Layout;

fn place(bench: &Bench, id: usize) -> usize {
    bench.session().shown(ViewportId(id)).expect("a series is shown").index
}

fn compare(bench: &mut Bench) {
    bench.open(&sample());
    bench.wait_until("all ten series", |session| session.library().browse().len() == 10);
    bench.click("Compare dates (Ctrl+5)");
    assert_eq!(bench.session().workspace().layout, Layout { columns: 4, rows: 4 });
}

#[test]
fn two_dates_are_compared_locked_and_scrolled_together() {
    let mut bench = Bench::new();
    compare(&mut bench);
    let dates: Vec<_> = (0..4)
        .filter_map(|id| {
            let shown = bench.session().shown(ViewportId(id))?;
            Some((shown.series.study.date.clone()?, shown.series.info.modality.clone()))
        })
        .collect();
    let dates: Vec<_> = dates.iter().map(|(date, modality)| (date.as_str(), modality.as_str())).collect();
    assert_eq!(dates, [("20150512", "CT"), ("20150526", "CT"), ("20170928", "CT"), ("20171016", "CT")]);
    assert!(bench.session().workspace().links.scroll);
    bench.0.get_by_label("Link scrolling (J)");

    let before = [place(&bench, 0), place(&bench, 3)];
    bench.wheel(-3.0, Modifiers::NONE);
    assert_eq!([place(&bench, 0), place(&bench, 3)], [before[0] + 3, before[1]], "not locked yet");
    bench.click("Image 1");
    bench.click("Image 4");
    bench.click("Lock slices (Ctrl+J)");
    bench.0.get_by_label_contains("Undo: lock slices");
    bench.0.get_by_label("These slices are locked to each other.");
    assert_eq!(
        bench.session().locked_to(ViewportId(3)),
        [0, 4, 8, 12].map(ViewportId),
        "the date, not the series"
    );
    bench.wheel(-2.0, Modifiers::NONE);
    assert_eq!([place(&bench, 0), place(&bench, 3)], [before[0] + 5, before[1] + 2]);
    bench.key(Key::J);
    bench.wheel(-1.0, Modifiers::NONE);
    assert_eq!([place(&bench, 0), place(&bench, 3)], [before[0] + 6, before[1] + 2], "parted by a key");
    bench.click("Unlock slices (Ctrl+Shift+J)");
    assert!(bench.session().case().space_links.is_empty());
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.session().case().space_links.len(), 1);

    // Window and scale by their keys.
    let shown = |bench: &Bench, id| bench.session().shown(ViewportId(id)).unwrap().viewport.view.clone();
    bench.keys(Modifiers::SHIFT, Key::J);
    bench.key(Key::Num2);
    assert_eq!(shown(&bench, 0).look.voi, shown(&bench, 3).look.voi);
    bench.keys(Modifiers::SHIFT, Key::Z);
    bench.wheel(2.0, Modifiers::COMMAND);
    let scale = |id| shown(&bench, id).framing.mm_per_pixel(bench.session().workspace().size(ViewportId(id)));
    assert!((scale(0) / scale(3) - 1.0).abs() < 1e-9 && (scale(0) / scale(4) - 1.0).abs() < 1e-9);
}

#[test]
fn a_series_is_dragged_from_the_browser_onto_an_image() {
    let mut bench = Bench::new();
    compare(&mut bench);
    let target = ViewportId(5);
    assert!(bench.session().shown(target).is_none(), "that date has no T1");
    let from = bench.0.get_by_label("MR #4 T2 TSE, 32 images").rect().center();
    let to = bench.0.get_by_label("Image 6").rect().center();
    bench.drag(from, to);
    let shown = bench.session().shown(target).expect("it shows where it was let go");
    assert_eq!(shown.series.info.description, "T2 TSE");
    assert_eq!(bench.session().workspace().active, target);
    assert!(bench.session().tool() == Tool::Window && !bench.session().is_drawing());
    // A click still shows it in the active viewport.
    bench.click("Image 8");
    bench.click("MR #4 T2 TSE, 32 images");
    let shown = bench.session().shown(ViewportId(7)).expect("it shows where keys go");
    assert_eq!(shown.series.info.description, "T2 TSE");
}
