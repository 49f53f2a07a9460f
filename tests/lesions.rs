//! Lesions over time on the bundled case: by hand-placed axes and by masks, as a reader would, without a window.

#![expect(clippy::expect_used, reason = "a test ends where something is missing")]

#[path = "scenario/drive.rs"]
#[expect(dead_code, reason = "shared with scenario.rs, which uses all of it")]
mod drive;

#[path = "common/mod.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "shared with tests that use more of it")]
mod common;

#[path = "lesions/calibrated.rs"]
mod calibrated;
#[path = "lesions/compared.rs"]
mod compared;
#[path = "lesions/growth.rs"]
mod growth;
#[path = "lesions/hand.rs"]
mod hand;
#[path = "lesions/independent.rs"]
mod independent;
#[path = "lesions/masks.rs"]
mod masks;
#[path = "common/put.rs"]
mod put;
#[path = "lesions/verify.rs"]
mod verify;

use std::sync::Arc;

use drive::{Drive, FIRST, sample};
use glam::DVec3;
use isodense::case::{LabelStyle, Lesion, MeasurementId, Quantity, QuantityKind};
use isodense::geometry::PatientPoint;
use isodense::image::Series;
use isodense::session::{Action, cell_lines};
use serde_json::Value;

/// A lesion of truth.json on the CT of its day.
struct Truth {
    date: &'static str,
    folder: &'static str,
    center: PatientPoint,
    /// Full axes in mm, and their directions: radial, tangential, upward.
    axes: [(f64, DVec3); 3],
    volume_ml: f64,
    hu: f64,
}

fn truths() -> [Truth; 2] {
    let text = std::fs::read(sample("truth.json")).expect("the sample has its truth");
    let json: Value = serde_json::from_slice(&text).expect("it is JSON");
    let of = |index: usize, date, folder| {
        let lesion = &json["lesions"][index];
        let vector = |value: &Value| {
            let part = |at: usize| value[at].as_f64().expect("a number");
            DVec3::new(part(0), part(1), part(2))
        };
        let axis = |at: usize| {
            let axis = &lesion["axes"][at];
            (axis["length_mm"].as_f64().expect("a length"), vector(&axis["direction"]))
        };
        Truth {
            date,
            folder,
            center: PatientPoint(vector(&lesion["centre"])),
            axes: [axis(0), axis(1), axis(2)],
            volume_ml: lesion["volume_ml"].as_f64().expect("a volume"),
            hu: lesion["mean_hu"].as_f64().expect("a density"),
        }
    };
    [of(0, "20150512", "2015-05-12_CT"), of(1, "20170928", "2017-09-28_CT")]
}

/// The CT of both dates is open, a lesion is followed, and the first date's slice through the lesion is shown.
fn both_dates() -> (Drive, [Truth; 2]) {
    let truths = truths();
    let mut drive = Drive::open(&truths.each_ref().map(|truth| sample(truth.folder)));
    drive.apply(Action::NewLesion(Lesion::new("frontal")));
    show(&mut drive, &truths[0]);
    (drive, truths)
}

fn series(drive: &Drive, truth: &Truth) -> Arc<Series> {
    drive.series(truth.date, "CT")
}

/// The slice through a lesion's middle, with the whole series loaded.
fn show(drive: &mut Drive, truth: &Truth) {
    let series = series(drive, truth);
    drive.show(&series.key());
    drive.wait("the series is loaded", |session| session.library().loaded(&series) == series.frames.len());
    drive.apply(Action::PointAt(FIRST, truth.center));
}

fn values(drive: &Drive, id: MeasurementId) -> Vec<Quantity> {
    drive.session.values(id).expect("it is there").clone().expect("it has values")
}

fn last(drive: &Drive) -> MeasurementId {
    drive.session.case().measurements.last().expect("something was drawn").id
}

fn value(values: &[Quantity], kind: QuantityKind) -> f64 {
    Quantity::find(values, kind).unwrap_or_else(|| panic!("no {kind:?}")).value
}

/// What the ledger says of the only lesion at a time point.
fn ledger_words(drive: &Drive, column: usize) -> Vec<String> {
    let ledger = drive.session.ledger();
    let lesion = ledger.rows.first().expect("a lesion is followed").0;
    cell_lines(drive.session.case(), &ledger, (lesion, column), LabelStyle::default())
}
