//! Case files of every version, older and newer, and files that somebody else wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use glam::DVec3;
use isodense::case::{
    Case, CasePicture, Compared, ComparedRole, DrawnOn, DrawnPlane, Facts, Kind, Lesion, LesionId,
    LesionReading, LesionRole, Measurement, MeasurementId, Points, Reading, Recorded, RecordedValue,
    TimePoint, TimePointId,
};
use isodense::geometry::{Mm, PatientPoint};
use isodense::image::{FrameOfReference, SeriesUid, StudyUid};
use isodense::store::{
    CASE_VERSION, NewerCase, Stamp, StoreError, load_case, open_case, save_case, save_case_over, write_atomic,
};
use isodense::view::{Plane, Reformat, Slab, SlabMode};
use serde_json::{Map, Value, json};

use crate::{frame, put, small_case};

pub(crate) fn released(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name)
}

/// The text of an older file as this version writes it, where nothing but the version differs.
pub(crate) fn risen(text: &str) -> String {
    text.replacen("\"version\": 1,", &format!("\"version\": {CASE_VERSION},"), 1)
}

fn later() -> Map<String, Value> {
    [("x_later".to_owned(), json!({"of": [1, null]}))].into_iter().collect()
}

fn drawn(id: u32, kind: Kind, points: &[[f64; 3]]) -> Measurement {
    let points = Points::Patient {
        space: FrameOfReference::Declared("1.9".into()),
        points: points.iter().map(|p| PatientPoint(DVec3::from_array(*p))).collect(),
        drawn_on: Some(frame(2)),
    };
    Measurement { id: MeasurementId(id), ..Measurement::new(kind, points) }
}

fn plane() -> DrawnPlane {
    let plane = Plane::coronal(PatientPoint::new(-3.5, 12.25, 1.0 / 3.0));
    let slab = Slab { thickness: Mm(7.5), mode: SlabMode::MinIp };
    DrawnPlane {
        series: SeriesUid::new("1.2.3"),
        part: Some("TE 80".into()),
        reformat: Reformat { plane, slab },
    }
}

fn recorded(id: u32, value: f64) -> Recorded {
    let value = RecordedValue { quantity: "mean".to_owned(), value, unit: "HU".to_owned() };
    let pixels = Some("0123456789abcdef".repeat(4));
    Recorded {
        measurement: MeasurementId(id),
        values: vec![value],
        pixels,
        facts: Facts::new(),
        extra: later(),
    }
}

/// Something of all that version 2 brought.
fn followed() -> Case {
    let axes = [[0., 0., 8.], [30., 0., 8.], [15., -9., 8.], [15., 9., 8.], [15., 0., -4.], [15., 0., 20.5]];
    let region = [[0., 0., 8.], [9., 0., 8.], [9., 7., 8.]];
    let line = [[0.1, -2.5, 1e-9], [30.0, 1.0 / 3.0, 7.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
    let size = Measurement {
        lesion: Some(LesionId(1)),
        study: Some(StudyUid::new("1.1")),
        third_axis_on: Some(Box::new(DrawnOn::Plane(plane()))),
        extra: later(),
        ..drawn(1, Kind::Size, &axes)
    };
    let compared = Some(Compared { with: MeasurementId(3), role: ComparedRole::Reference });
    let lesion = Measurement { lesion: Some(LesionId(7)), compared, ..drawn(2, Kind::Polygon, &region) };
    let on_plane = Measurement {
        drawn_on_plane: Some(plane()),
        third_axis_on: Some(Box::new(DrawnOn::Frame(frame(4)))),
        ..drawn(3, Kind::Polygon, &region)
    };
    let kinds = [
        (Kind::LineDistance, 3),
        (Kind::MidlineShift, 3),
        (Kind::Height, 3),
        (Kind::Cobb, 4),
        (Kind::OpenAngle, 4),
    ];
    let others = (4..).zip(kinds).map(|(id, (kind, points))| drawn(id, kind, &line[..points]));
    let followed = |id, name: &str, role, node| Lesion {
        id: LesionId(id),
        site: "liver".to_owned(),
        text: "next to the *vein*".to_owned(),
        role,
        node,
        extra: later(),
        ..Lesion::new(name)
    };
    let point = |id, name: &str, studies: &[&str]| TimePoint {
        id: TimePointId(id),
        name: name.to_owned(),
        extra: later(),
        ..TimePoint::new(studies.iter().map(|uid| StudyUid::new(uid)).collect())
    };
    let read = |lesion, time_point, reading| LesionReading {
        lesion: LesionId(lesion),
        time_point: TimePointId(time_point),
        reading,
        extra: later(),
    };
    Case {
        measurements: [size, lesion, on_plane].into_iter().chain(others).map(Arc::new).collect(),
        lesions: vec![
            followed(1, "left lobe", LesionRole::Target, false).into(),
            followed(7, "node", LesionRole::NonTarget, true).into(),
            followed(3, "new one", LesionRole::New, false).into(),
        ],
        time_points: vec![point(2, "before", &["1.1", "1.2"]), point(1, "", &["1.3"])],
        day_zero: Some(TimePointId(1)),
        readings: vec![read(7, 1, Reading::Absent), read(3, 2, Reading::TooSmall)],
        recorded: vec![recorded(3, -12.25)],
        extra: later(),
        ..small_case("Followed")
    }
}

/// Written by the first version that follows lesions; fields of a later one among them.
#[test]
fn the_second_format_still_reads() {
    let (path, case) = (released("v2.json"), followed());
    if std::env::var_os("ISODENSE_WRITE_CASES").is_some() {
        save_case(&path, &case).unwrap();
    }
    let opened = open_case(&path).unwrap();
    assert_eq!(opened.case, case);
    assert_eq!((opened.newer, opened.mended.len()), (None, 0));
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("v2.json");
    save_case(&copy, &case).unwrap();
    assert_eq!(fs::read_to_string(copy).unwrap(), fs::read_to_string(path).unwrap());
}

#[test]
fn ambiguous_names_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    save_case(&path, &followed()).unwrap();
    let whole: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let refused = |change: &dyn Fn(&mut Value), why: &str| {
        let mut value = whole.clone();
        change(&mut value);
        put(&path, &value);
        let error = load_case(&path).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    };
    refused(&|value| value["lesions"][2]["id"] = json!(7), "two lesions have the id 7");
    refused(&|value| value["time_points"][1]["id"] = json!(2), "two time points have the id 2");
    refused(&|value| value["time_points"][1]["id"] = json!(0), "a time point has the id 0");
    refused(
        &|value| value["time_points"][1]["studies"] = json!(["1.2"]),
        "the study 1.2 is in two time points",
    );
    refused(
        &|value| value["readings"][1] = json!({"lesion": 7, "time_point": 1, "reading": "too_small"}),
        "lesion 7 has two readings at time point 1",
    );
    refused(
        &|value| value["measurements"][0]["kind"] = json!("cobb"),
        "measurement 1 (Cobb angle) has 6 points",
    );
}

#[test]
fn what_points_to_nothing_is_let_go_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    save_case(&path, &followed()).unwrap();
    let mut value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    value["measurements"][0]["lesion"] = json!(99);
    value["measurements"][1]["compared"]["with"] = json!(98);
    value["readings"][0]["lesion"] = json!(97);
    value["readings"][1]["time_point"] = json!(96);
    value["day_zero"] = json!(95);
    value["recorded"][0]["measurement"] = json!(94);
    put(&path, &value);
    let opened = open_case(&path).unwrap();
    let text = opened.mended.join("\n");
    for number in ["99", "98", "97", "96", "95"] {
        assert!(text.contains(number), "{number}: {text}");
    }
    let mut expected = followed();
    Arc::make_mut(&mut expected.measurements[0]).lesion = None;
    Arc::make_mut(&mut expected.measurements[1]).compared = None;
    expected.readings.clear();
    expected.day_zero = None;
    expected.recorded.clear();
    assert_eq!(opened.case, expected);
}

#[test]
fn numbers_that_are_none_are_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let refused = |case: &Case| save_case(&path, case).unwrap_err();
    let mut case = followed();
    Arc::make_mut(&mut case.measurements[2]).drawn_on_plane.as_mut().unwrap().reformat.slab.thickness =
        Mm(f64::NAN);
    assert!(matches!(refused(&case), StoreError::NotFinite { id: 3 }));
    let mut case = followed();
    let mut nowhere = plane();
    nowhere.reformat.plane.through = PatientPoint::new(0.0, f64::INFINITY, 0.0);
    Arc::make_mut(&mut case.measurements[0]).third_axis_on = Some(Box::new(DrawnOn::Plane(nowhere)));
    assert!(matches!(refused(&case), StoreError::NotFinite { id: 1 }));
    let mut case = followed();
    let space = |name: &str| FrameOfReference::Declared(name.into());
    case.space_links =
        vec![isodense::case::SpaceLink::new(space("1"), space("2"), DVec3::new(0.0, f64::NAN, 0.0))];
    assert!(matches!(refused(&case), StoreError::UnsoundLock));
    let mut case = followed();
    case.recorded = vec![recorded(2, f64::INFINITY)];
    assert!(matches!(refused(&case), StoreError::NotFinite { id: 2 }));
    // What serde itself could not read again.
    let mut case = followed();
    case.extra.insert("title".to_owned(), json!("twice"));
    assert!(matches!(refused(&case), StoreError::Damaged { .. }));
    assert!(!path.exists());
}

/// What this version understands of a newer case is there, and the file stays as it is.
#[test]
fn a_newer_case_opens_as_far_as_it_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.json");
    save_case(&path, &followed()).unwrap();
    let mut value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    value["version"] = json!(3);
    value["masks"] = json!({"of": "the future"});
    value["measurements"][0]["kind"] = json!("torus");
    value["lesions"][1]["role"] = json!("suspected");
    value["workspace"] = json!(17);
    put(&path, &value);
    let before = fs::read(&path).unwrap();
    let opened = open_case(&path).unwrap();
    assert_eq!(opened.newer, Some(NewerCase { version: 3, left_out: 3 }));
    let mut expected = followed();
    expected.measurements.remove(0);
    expected.lesions.remove(1);
    expected.readings.remove(0);
    expected.extra.insert("masks".to_owned(), json!({"of": "the future"}));
    Arc::make_mut(&mut expected.measurements[0]).lesion = None;
    assert_eq!(opened.case, expected);
    assert!(matches!(load_case(&path), Err(StoreError::Newer { version: 3, .. })));
    assert!(matches!(save_case(&path, &opened.case), Err(StoreError::Newer { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    // In other units the numbers would be wrong.
    value["units"] = json!("inch");
    put(&path, &value);
    assert!(matches!(open_case(&path), Err(StoreError::Newer { .. })));
}

/// Pictures are kept by their hash: what has none, or has it twice, is refused, and of a newer case left out.
#[test]
fn pictures_have_a_hash_and_a_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let hash = "0123456789abcdef".repeat(4);
    let picture = CasePicture {
        caption: "Stain".to_owned(),
        magnification: "x200".to_owned(),
        extra: later(),
        ..CasePicture::new(&hash, 640, 480)
    };
    let case = Case { pictures: vec![Arc::new(picture)], ..followed() };
    save_case(&path, &case).unwrap();
    assert_eq!(load_case(&path).unwrap(), case);
    let good: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut value = good.clone();
        change(&mut value);
        put(&path, &value);
        assert!(matches!(load_case(&path), Err(StoreError::Damaged { .. })));
        value["version"] = json!(CASE_VERSION + 1);
        put(&path, &value);
        open_case(&path)
    };
    for bad in [json!("../../../etc/passwd"), json!(hash.to_uppercase()), json!(7)] {
        let opened = refused(&|value| value["pictures"][0]["sha256"] = bad.clone()).unwrap();
        assert!(opened.case.pictures.is_empty());
        assert_eq!(opened.newer.unwrap().left_out, 1);
    }
    refused(&|value| value["pictures"][0]["width"] = json!(0)).unwrap();
    // Which of two is meant cannot be told, in any version.
    let twice = |value: &mut Value| value["pictures"] = json!([good["pictures"][0], good["pictures"][0]]);
    assert!(refused(&twice).is_err());
}

#[test]
fn a_file_that_somebody_else_changed_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let mine = save_case_over(&path, &small_case("mine"), None).unwrap();
    assert_eq!((Stamp::of_file(&path), open_case(&path).unwrap().stamp), (Some(mine), mine));
    let again = save_case_over(&path, &small_case("again"), Some(mine)).unwrap();
    save_case(&path, &small_case("other")).unwrap();
    let refused = save_case_over(&path, &small_case("third"), Some(again));
    assert!(matches!(refused, Err(StoreError::Changed { .. })));
    assert_eq!(load_case(&path).unwrap(), small_case("other"));
    // A file that is gone is no work of anybody.
    fs::remove_file(&path).unwrap();
    save_case_over(&path, &small_case("third"), Some(again)).unwrap();
}

#[test]
fn parts_that_nobody_holds_any_more_beside_a_case_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let part = |name: &str, hours: u64| {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600))
            .unwrap();
        file
    };
    part(".isodense-old.part", 2);
    part(".isodense-new.part", 0);
    // Whoever writes one holds its lock, however long that takes.
    let held = part(".isodense-held.part", 2);
    held.lock().unwrap();
    part("notes.part", 2);
    write_atomic(&path, b"").unwrap();
    save_case(&path, &small_case("x")).unwrap();
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".isodense-held.part", "case.json", "notes.part"]);
}
