//! `SUVbw` of PET against pydicom and numpy: pixels, regions, the largest value of a series, and a mask over slices.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use isodense::case::{
    Case, Edit, Kind, LabelStyle, Lesion, LesionId, Padding, Quantity, QuantityKind, Region, Visit, evaluate,
    evaluate_mask, evaluate_region, label_lines,
};
use isodense::cli::{Chosen, Opened, Shape, measure, open, probe};
use isodense::dicom::load_frame;
use isodense::geometry::PixelPoint;
use isodense::image::{ModalityTransform, RealWorldFunction, Volume};
use isodense::mask::Mask;
use isodense::session::{MeasuredOn, cell_lines, known, measurement_table};
use serde_json::Value;

use super::{Tally, data, field, frame_of_file, list, truth};

fn suv(found: &[Quantity], kind: QuantityKind) -> f64 {
    let found = found.iter().find(|quantity| quantity.kind == kind && quantity.is_suv_bw());
    found.map_or(f64::NAN, |quantity| quantity.value)
}

/// The factor from Bq/ml, by the mapping of a frame: each slice has a slope of its own.
fn factor(chosen: Chosen<'_>) -> f64 {
    let map = chosen.frame.real_world.iter().find(|map| map.is_suv_bw());
    let map = map.unwrap_or_else(|| panic!("no SUV: {:?}", chosen.frame.warnings));
    assert_eq!(&*map.source, chosen.frame.technique.last().map_or("", |(_, how)| how.as_str()));
    match (&map.function, &chosen.frame.transform) {
        (RealWorldFunction::Linear { slope, .. }, ModalityTransform::Rescale { slope: rescale, .. }) => {
            slope / rescale
        }
        other => panic!("{other:?}"),
    }
}

fn check_slice(tally: &mut Tally, place: &str, chosen: Chosen<'_>, expected: &Value) {
    let samples = chosen.samples().unwrap();
    for pixel in list(expected, "pixels") {
        let (column, row) = (field(pixel, "col"), field(pixel, "row"));
        let found = probe(chosen, &samples, PixelPoint::new(column, row)).unwrap();
        let ours = suv(&found.quantities, QuantityKind::RealWorld);
        tally.same(&format!("{place} pixel {column},{row}"), ours, &pixel["value"], 1e-12);
        tally.count("pixels");
    }
    for ellipse in list(expected, "ellipses") {
        let [cx, cy, semi_col, semi_row] =
            ["cx", "cy", "semi_col", "semi_row"].map(|name| field(ellipse, name));
        let found = measure(
            chosen,
            Some(&samples),
            &Shape::ellipse([cx, cy], [semi_col, semi_row]),
            Padding::Exclude,
        );
        let found = found.unwrap();
        let count = Quantity::find(&found, QuantityKind::Count).unwrap().value;
        tally.same(&format!("{place} n"), count, &ellipse["n"], 0.0);
        tally.same(
            &format!("{place} mean"),
            suv(&found, QuantityKind::RealWorldMean),
            &ellipse["mean"],
            1e-12,
        );
        tally.same(&format!("{place} max"), suv(&found, QuantityKind::RealWorldMax), &ellipse["max"], 1e-12);
        let said = format!("SUVbw {:.2} g/ml mean, {:.2} max", field(ellipse, "mean"), field(ellipse, "max"));
        assert!(field(ellipse, "max") < 2.0 || label_lines(&found).contains(&said), "{said}");
        tally.count("ellipses");
    }
}

/// The pixels of the truth's ellipses of all slices as one mask: its mean is that of all their values.
fn check_mask(tally: &mut Tally, place: &str, opened: &Opened, folder: &Path, slices: &Value) {
    let mut ellipses = Vec::new();
    for (name, slice) in slices.as_object().unwrap() {
        let chosen = frame_of_file(opened, &folder.join(name), None).unwrap();
        let at = chosen.series.frames.iter().position(|frame| Arc::ptr_eq(frame, chosen.frame)).unwrap();
        ellipses.push((at, list(&slice["suv"], "ellipses")[0].clone()));
    }
    let series =
        frame_of_file(opened, &folder.join(slices.as_object().unwrap().keys().next().unwrap()), None)
            .unwrap()
            .series;
    let stack = series.slices.as_ref().unwrap();
    let mask = Mask::from_fn([stack.size()[0], stack.size()[1], stack.slices()], |column, row, slice| {
        ellipses.iter().any(|(at, ellipse)| {
            let off =
                |index: usize, center, half| (index as f64 - field(ellipse, center)) / field(ellipse, half);
            *at == slice && off(column, "cx", "semi_col").powi(2) + off(row, "cy", "semi_row").powi(2) <= 1.0
        })
    });
    let volume = Volume::new(series, |frame| load_frame(frame).ok().map(Arc::new)).unwrap();
    let found = evaluate_mask(&mask, &volume, Padding::Exclude).unwrap();
    let total = |name| ellipses.iter().map(|(_, ellipse)| field(ellipse, name)).sum::<f64>();
    let max = ellipses.iter().map(|(_, ellipse)| field(ellipse, "max")).fold(0.0, f64::max);
    assert!((mask.count() as f64 - total("n")).abs() < 0.5);
    let mean = Value::from(total("sum") / total("n"));
    tally.same(&format!("{place} mask mean"), suv(&found, QuantityKind::RealWorldMean), &mean, 1e-12);
    tally.same(
        &format!("{place} mask max"),
        suv(&found, QuantityKind::RealWorldMax),
        &Value::from(max),
        1e-12,
    );
    tally.count("masks");
}

#[test]
fn suv_agrees_with_the_truth() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let mut tally = Tally::default();
    for (key, pet) in truth["pet"].as_object().unwrap() {
        let folder = data.join(key);
        let opened = open(std::slice::from_ref(&folder));
        for (name, slice) in pet["slices"].as_object().unwrap() {
            let place = format!("{key}/{name}");
            let chosen = frame_of_file(&opened, &folder.join(name), None).unwrap();
            tally.same(&format!("{place} factor"), factor(chosen), &pet["suv_bw_factor"], 1e-12);
            check_slice(&mut tally, &place, chosen, &slice["suv"]);
        }
        check_mask(&mut tally, key, &opened, &folder, &pet["slices"]);
        let largest = &pet["suv_max_of_series"];
        let mut found = (f64::NEG_INFINITY, String::new());
        for chosen in opened.frames().filter(|chosen| chosen.series.info.modality == "PT") {
            let size = chosen.frame.size;
            let [right, down] = [size.columns as f64 - 1.0, size.rows as f64 - 1.0];
            let corners = [[0.0, 0.0], [right, 0.0], [right, down], [0.0, down]];
            let corners = corners.map(|[column, row]| PixelPoint::new(column, row));
            let whole = Region::new(Kind::Rectangle, &corners).unwrap();
            let samples = chosen.samples().unwrap();
            let values = evaluate_region(&whole, chosen.frame, &samples, Padding::Exclude).unwrap();
            let max = suv(&values, QuantityKind::RealWorldMax);
            let name = chosen.frame.stored.path.file_name().unwrap().to_string_lossy().into_owned();
            // The first by name of those that hold it: the spheres have one value in several slices.
            if max > found.0 || ((max - found.0).abs() < f64::EPSILON && name < found.1) {
                found = (max, name);
            }
        }
        tally.same(&format!("{key} largest"), found.0, &largest["value"], 1e-12);
        assert_eq!(found.1, largest["file"].as_str().unwrap(), "{key}");
    }
    assert!(tally.faults.is_empty(), "{} differ:\n{}", tally.faults.len(), tally.faults.join("\n"));
    println!("{:?}", tally.checked);
    assert_eq!((tally.checked["pixels"], tally.checked["ellipses"], tally.checked["masks"]), (12, 6, 2));
}

/// What the commands say of it, and why an image alone has none where only the series tells when the scan began.
#[test]
fn the_commands_say_suv_or_why_there_is_none() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let key = "pet_qin_headneck/PET";
    let pet = &truth["pet"][key]["slices"]["000128.dcm"]["suv"];
    let run = |words: &[&str], file: &Path| {
        let run = Command::new(env!("CARGO_BIN_EXE_isodense")).args(words).arg(file).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    let file = data.join(key).join("000128.dcm");
    let ellipse = ["measure", "--shape", "ellipse 64.3,63.8 6.4,5.1", "--json"];
    let found: Value = serde_json::from_str(&run(&ellipse, &file)).unwrap();
    let map = &found["real_world"][0];
    assert_eq!((&map["label"], &map["unit"]), (&"SUVbw".into(), &"g/ml".into()), "{found}");
    let mut tally = Tally::default();
    tally.same("mean", map["mean"].as_f64().unwrap(), &pet["ellipses"][0]["mean"], 1e-12);
    tally.same("max", map["max"].as_f64().unwrap(), &pet["ellipses"][0]["max"], 1e-12);
    assert!(tally.faults.is_empty(), "{:?}", tally.faults);
    let pixel: Value = serde_json::from_str(&run(&["probe", "--pixel", "64,64", "--json"], &file)).unwrap();
    assert_eq!(pixel["real_world"][0]["label"], "SUVbw", "{pixel}");
    // Made ten minutes after the scan, without a frame reference time: 25 images are needed, one is here.
    let alone = run(&["inspect"], &data.join("generated/petct_synthetic/PT/PT007.dcm"));
    assert!(
        alone.contains("No SUV is shown: when the scan began is known only with all 25 images"),
        "{alone}"
    );
}

/// A lesion measured on PET: what its cell, its row of the table and its provenance say.
#[test]
fn ledger_table_and_provenance_say_the_suv_and_by_which_rule() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let key = "pet_qin_headneck/PET";
    let pet = &truth["pet"][key]["slices"]["000128.dcm"]["suv"]["ellipses"][0];
    let folder = data.join(key);
    let opened = open(std::slice::from_ref(&folder));
    let chosen = frame_of_file(&opened, &folder.join("000128.dcm"), None).unwrap();
    let samples = chosen.samples().unwrap();
    let mut drawn = Shape::ellipse([64.3, 63.8], [6.4, 5.1]).drawn_on(chosen);
    drawn.lesion = Some(LesionId(1));
    let case = Case::default().with(Edit::AddLesion(Lesion::new("tongue"))).unwrap();
    let case = case.with(Edit::Add(drawn)).unwrap();
    let (measurement, frame) = (&case.measurements[0], Some(&**chosen.frame));
    let values = Ok(evaluate(measurement, chosen.frame, Some(&samples), Padding::Exclude).unwrap());
    let visit = Visit { patient: None, date: None, study: chosen.series.study.uid.clone() };
    let ledger = case.ledger(&[visit], |m| known(m, Some(chosen.series), frame, Some(&values)));
    let said = format!("SUVbw {:.2} g/ml mean, {:.2} max", field(pet, "mean"), field(pet, "max"));
    let lines = cell_lines(&case, &ledger, (LesionId(1), 0), LabelStyle::default());
    assert!(lines.contains(&said), "{lines:?}");
    let on = MeasuredOn { measurement, series: Some(chosen.series), frame, values: Some(&values) };
    let table = measurement_table(&case, &ledger, &[on]);
    let cell = |name: &str| &table.rows[0][table.columns.iter().position(|column| column == name).unwrap()];
    // Tables are rounded to 1e-6.
    for (name, of) in [("real_world_mean", "mean"), ("real_world_max", "max")] {
        let (found, right) = (cell(name).as_f64().unwrap(), field(pet, of));
        assert!((found - right).abs() <= 0.5e-6, "{name}: {found} is not {right}");
    }
    assert_eq!((cell("real_world_unit"), cell("real_world_mapping")), (&"g/ml".into(), &"SUVbw".into()));
    assert_eq!(cell("suv_rule"), "dose decayed to the start of the series");
}
