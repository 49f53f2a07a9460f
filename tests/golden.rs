//! Values, statistics, lengths and angles against an independent tool (pydicom and numpy: truth.json).
//!
//! The functions behind `isodense probe` and `isodense measure` answer here; nothing is read back from the
//! program's own files. Every number of the truth is counted, so none is skipped in silence.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and report")]

mod common;
#[path = "golden/suv.rs"]
mod suv;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use common::{data, truth};
use isodense::case::{Padding, Quantity, QuantityKind};
use isodense::cli::{Chosen, Opened, Shape, ShapeKind, measure, open, probe};
use isodense::geometry::PixelPoint;
use isodense::image::{Decoded, FrameRef};
use serde_json::Value;

const LISTS: [&str; 6] = ["pixels", "rects", "ellipses", "polygons", "lengths", "angles"];

/// What was checked, and what differs.
#[derive(Default)]
struct Tally {
    checked: HashMap<&'static str, usize>,
    faults: Vec<String>,
}

impl Tally {
    fn count(&mut self, what: &'static str) {
        *self.checked.entry(what).or_default() += 1;
    }

    /// Equal, or nearly: `relative` 0 asks for the same number.
    fn same(&mut self, place: &str, ours: f64, theirs: &Value, relative: f64) {
        let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{place}: the truth has no number"));
        // Sums of 10^5 numbers near 1000 are good to 10^-9 at best; a deviation of 0 is then 10^-7.
        let allowed = relative * theirs.abs().max(1e-3);
        if (ours - theirs).abs() > allowed || ours.is_nan() {
            self.faults.push(format!("{place}: {ours} is not {theirs}"));
        }
    }
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().map_or(&[], Vec::as_slice)
}

fn pair(of: &Value) -> [f64; 2] {
    [of[0].as_f64().unwrap(), of[1].as_f64().unwrap()]
}

fn field(of: &Value, name: &str) -> f64 {
    of[name].as_f64().unwrap_or_else(|| panic!("no {name} in {of}"))
}

fn quantity(found: &[Quantity], kind: QuantityKind) -> f64 {
    Quantity::find(found, kind).map_or(f64::NAN, |quantity| quantity.value)
}

fn check_region(tally: &mut Tally, place: &str, found: &[Quantity], truth: &Value) {
    tally.same(&format!("{place} n"), quantity(found, QuantityKind::Count), &truth["n"], 0.0);
    for (kind, name) in [
        (QuantityKind::Mean, "mean"),
        (QuantityKind::Sd, "sd_sample"),
        (QuantityKind::Median, "median"),
        (QuantityKind::Min, "min"),
        (QuantityKind::Max, "max"),
    ] {
        tally.same(&format!("{place} {name}"), quantity(found, kind), &truth[name], 1e-6);
    }
}

fn check_area(tally: &mut Tally, place: &str, found: &[Quantity], truth: &Value) {
    if truth["area_mm2_analytic"].is_f64() {
        let area = quantity(found, QuantityKind::Area);
        tally.same(&format!("{place} area"), area, &truth["area_mm2_analytic"], 1e-6);
        tally.count("areas");
    }
}

/// Holds everything that the truth says of one frame.
fn check_frame(tally: &mut Tally, place: &str, chosen: Chosen<'_>, truth: &Value) {
    let samples = chosen.samples().unwrap();
    for pixel in list(truth, "pixels") {
        let (column, row) = (field(pixel, "col"), field(pixel, "row"));
        let found = probe(chosen, &samples, PixelPoint::new(column, row)).unwrap();
        let place = format!("{place} pixel {column},{row}");
        let value = found.value().unwrap();
        tally.same(&place, value, &pixel["value"], if value.fract() == 0.0 { 0.0 } else { 1e-12 });
        let stored = chosen.frame.transform.value(found.stored().unwrap());
        assert!((stored - value).abs() < f64::EPSILON, "{place}");
        tally.count("pixels");
    }
    let mut regions: Vec<(&'static str, Shape, &Value)> = Vec::new();
    for rect in list(truth, "rects") {
        let corners = ["col0", "row0", "col1", "row1"].map(|name| field(rect, name));
        regions.push(("rects", Shape::rect([corners[0], corners[1]], [corners[2], corners[3]]), rect));
    }
    let single = Some(&truth["ellipse"]).filter(|ellipse| ellipse.is_object());
    for ellipse in list(truth, "ellipses").iter().chain(single) {
        let center = [field(ellipse, "cx"), field(ellipse, "cy")];
        let half_axes = [field(ellipse, "semi_col"), field(ellipse, "semi_row")];
        regions.push(("ellipses", Shape::ellipse(center, half_axes), ellipse));
    }
    for polygon in list(truth, "polygons") {
        let points: Vec<_> = list(polygon, "points_col_row").iter().map(pair).collect();
        regions.push(("polygons", Shape::new(ShapeKind::Polygon, &points), polygon));
    }
    for (what, shape, expected) in regions {
        let found = measure(chosen, Some(&samples), &shape, Padding::Include);
        let place = format!("{place} {what} {:?}", shape.points);
        match found {
            Ok(found) => {
                check_region(tally, &place, &found, expected);
                check_area(tally, &place, &found, expected);
            }
            Err(error) => tally.faults.push(format!("{place}: {error}")),
        }
        tally.count(what);
    }
    check_lines(tally, place, chosen, &samples, truth);
}

fn check_lines(tally: &mut Tally, place: &str, chosen: Chosen<'_>, samples: &Decoded, truth: &Value) {
    let mut line = |what, shape: &Shape, kind, expected: &Value, relative| {
        let found = measure(chosen, Some(samples), shape, Padding::Include).unwrap();
        let value = Quantity::find(&found, kind).unwrap().value;
        tally.same(&format!("{place} {what} {:?}", shape.points), value, expected, relative);
        tally.count(what);
    };
    for length in list(truth, "lengths") {
        let ends = [pair(&length["p1_col_row"]), pair(&length["p2_col_row"])];
        let shape = Shape::new(ShapeKind::Length, &ends);
        line("lengths", &shape, QuantityKind::Length, &length["mm"], 1e-6);
    }
    for angle in list(truth, "angles") {
        let ends = [pair(&angle["p1"]), pair(&angle["vertex"]), pair(&angle["p2"])];
        let shape = Shape::new(ShapeKind::Angle, &ends);
        let degrees = field(angle, "degrees");
        line("angles", &shape, QuantityKind::Angle, &angle["degrees"], 1e-6 / degrees.max(1.0));
    }
}

/// The one frame of a file, of the series with that number if one is given.
fn frame_of_file<'a>(opened: &'a Opened, file: &Path, series: Option<i32>) -> Option<Chosen<'a>> {
    opened.frames().find(|chosen| {
        series.is_none_or(|number| chosen.series.info.number == Some(number))
            && chosen.frame.stored.path.as_ref() == file
    })
}

/// `folder#series4001` is only that series of the folder.
fn folder_and_series(key: &str) -> (&str, Option<i32>) {
    match key.split_once("#series") {
        Some((folder, number)) => (folder, Some(number.parse().unwrap())),
        None => (key, None),
    }
}

fn in_truth(frames: &[&Value]) -> HashMap<&'static str, usize> {
    let mut totals = HashMap::new();
    let mut add = |what, count| {
        if count > 0 {
            *totals.entry(what).or_default() += count;
        }
    };
    for frame in frames {
        for what in LISTS {
            add(what, list(frame, what).len());
        }
        add("ellipses", usize::from(frame["ellipse"].is_object()));
        let regions = list(frame, "ellipses").iter().chain(list(frame, "polygons"));
        add("areas", regions.filter(|region| region["area_mm2_analytic"].is_f64()).count());
        add("areas", usize::from(frame["ellipse"]["area_mm2_analytic"].is_f64()));
    }
    totals
}

fn finish(tally: &Tally, frames: &[&Value]) {
    assert!(tally.faults.is_empty(), "{} differ:\n{}", tally.faults.len(), tally.faults.join("\n"));
    assert_eq!(tally.checked, in_truth(frames), "every number of the truth is checked, none twice");
    println!("{} images, {:?}", frames.len(), tally.checked);
}

#[test]
fn values_and_measurements_agree_with_the_truth() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let mut tally = Tally::default();
    let mut frames = Vec::new();
    for (key, volume) in truth["volumes"].as_object().unwrap() {
        let (folder, series) = folder_and_series(key);
        let folder = data.join(folder);
        let opened = open(std::slice::from_ref(&folder));
        for (name, expected) in volume["images"].as_object().unwrap() {
            let chosen = frame_of_file(&opened, &folder.join(name), series);
            let place = format!("{key}/{name}");
            check_frame(
                &mut tally,
                &place,
                chosen.unwrap_or_else(|| panic!("{place} is not found")),
                expected,
            );
            frames.push(expected);
        }
    }
    assert!(frames.len() >= 20, "only {} images in the truth", frames.len());
    finish(&tally, &frames);
}

#[test]
fn frames_of_multi_frame_images_agree_with_the_truth() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let mut tally = Tally::default();
    let mut frames = Vec::new();
    for (file, object) in truth["multiframe"].as_object().unwrap() {
        let opened = open(&[data.join(file)]);
        let any = opened.frames().next().unwrap_or_else(|| panic!("{file} is not found"));
        let sop_instance = any.frame.of.sop_instance.clone();
        assert_eq!(Some(opened.frames().count() as u64), object["frames"].as_u64(), "{file}");
        for expected in list(object, "list") {
            let frame_number = u32::try_from(expected["frame_1based"].as_u64().unwrap()).unwrap();
            let of = FrameRef { sop_instance: sop_instance.clone(), frame_number };
            check_frame(
                &mut tally,
                &format!("{file} frame {frame_number}"),
                opened.frame(&of).unwrap(),
                expected,
            );
            frames.push(expected);
        }
    }
    finish(&tally, &frames);
}

/// Sizes, spacing, order, gaps and letters of whole series.
#[test]
fn geometry_agrees_with_the_truth() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let mut tally = Tally::default();
    for (key, volume) in truth["volumes"].as_object().unwrap() {
        let (folder, number) = folder_and_series(key);
        let folder = data.join(folder);
        let opened = open(std::slice::from_ref(&folder));
        for centre in list(volume, "voxel_centres_mm") {
            let file = folder.join(centre["file"].as_str().unwrap());
            let plane = frame_of_file(&opened, &file, number).unwrap().frame.plane.unwrap();
            let point = plane.patient_from_pixel(PixelPoint::new(field(centre, "col"), field(centre, "row")));
            for (axis, ours) in point.0.to_array().into_iter().enumerate() {
                let theirs = centre["xyz"][axis].as_f64().unwrap();
                // The truth is rounded to 5 decimals and uses the header's directions of 6 digits as they are;
                // ours are made one long, which is up to 0.0003 mm at the far corner.
                if (ours - theirs).abs() > 5e-4 {
                    tally.faults.push(format!("{key} voxel centre: {ours} is not {theirs}"));
                }
            }
            tally.count("centres");
        }
        let Some(files) = volume["files_sorted_along_normal"].as_array() else { continue };
        let first = folder.join(files[0].as_str().unwrap());
        let series = frame_of_file(&opened, &first, number).unwrap().series;
        let ours: Vec<PathBuf> = series.frames.iter().map(|frame| frame.stored.path.to_path_buf()).collect();
        let theirs: Vec<PathBuf> = files.iter().map(|name| folder.join(name.as_str().unwrap())).collect();
        if ours != theirs {
            tally.faults.push(format!("{key}: the order of slices differs"));
        }
        tally.count("orders");
        let uniform = volume["uniform_within_0_01mm"].as_bool().unwrap();
        if let (true, Ok(grid)) = (uniform, &series.grid) {
            tally.same(
                &format!("{key} between slices"),
                grid.between_slices().0,
                &volume["gap_median"],
                1e-3,
            );
            tally.count("gaps");
        } else if uniform {
            tally.faults.push(format!("{key}: evenly spaced, but no volume: {:?}", series.grid));
        }
    }
    assert!(tally.faults.is_empty(), "{}", tally.faults.join("\n"));
    println!("{:?}", tally.checked);
    assert!(tally.checked["orders"] >= 10 && tally.checked["gaps"] >= 5);
}
