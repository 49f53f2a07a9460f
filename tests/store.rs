//! The case on disk: round trips, refusals, crashes, two programs at once.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[path = "store/versions.rs"]
mod versions;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use glam::{DVec2, DVec3};
use isodense::case::{
    Case, KeyImage, KeyImageId, Kind, Measurement, MeasurementId, Points, SavedLook, SavedOver, SavedView,
    SavedVoi, SavedWorkspace, Source,
};
use isodense::geometry::{Mm, PatientPoint, PixelPoint};
use isodense::image::{FrameOfReference, FrameRef, SeriesUid, SopInstanceUid, StudyUid, VoiFunction, Window};
use isodense::store::{
    Autosave, Home, Settings, StoreError, load_case, load_settings, save_case, save_settings, write_atomic,
};
use isodense::view::{ColorMap, Framing, Interpolation, Plane, Reformat, Slab, SlabMode, Slice};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn frame(number: u32) -> FrameRef {
    FrameRef { sop_instance: SopInstanceUid::new("1.2.3.4"), frame_number: number }
}

fn length(id: u32, ends: [[f64; 3]; 2]) -> Arc<Measurement> {
    let points = Points::Patient {
        space: FrameOfReference::Declared("1.9".into()),
        points: ends.map(|p| PatientPoint(DVec3::from_array(p))).to_vec(),
        drawn_on: Some(frame(2)),
    };
    Arc::new(Measurement { id: MeasurementId(id), ..Measurement::new(Kind::Length, points) })
}

fn small_case(title: &str) -> Case {
    Case {
        title: title.to_owned(),
        measurements: vec![length(1, [[0.1, -2.5, 1e-9], [30.0, 1.0 / 3.0, 7.0]])],
        ..Case::default()
    }
}

fn put(path: &Path, value: &Value) {
    write_atomic(path, value.to_string().as_bytes()).unwrap();
}

#[test]
fn the_head_comes_first_and_a_round_trip_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let case = small_case("Head");
    save_case(&path, &case).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let head = "{\n  \"format\": \"isodense-case\",\n  \"version\": 2,\n  \"coordinate_system\": \"LPS\",\n  \
                \"units\": \"mm\",\n  \"title\": \"Head\",";
    assert!(text.starts_with(head), "{text}");
    let again = load_case(&path).unwrap();
    assert_eq!(again, case);
    save_case(&path, &again).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn what_is_no_sound_case_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    save_case(&path, &small_case("x")).unwrap();
    let whole = fs::read(&path).unwrap();
    let mut value: Value = serde_json::from_slice(&whole).unwrap();
    for cut in [200, whole.len() / 2, whole.len() - 3] {
        write_atomic(&path, &whole[..cut]).unwrap();
        let answer = load_case(&path);
        assert!(matches!(answer, Err(StoreError::Damaged { .. })), "cut at {cut}: {answer:?}");
    }
    for garbage in [&b""[..], b"\x00\xff\x12", b"[1, 2]", b"{\"format\": \"other\", \"version\": 1}"] {
        write_atomic(&path, garbage).unwrap();
        assert!(matches!(load_case(&path), Err(StoreError::NotACase { .. })));
    }
    value["units"] = json!("cm");
    put(&path, &value);
    assert!(matches!(load_case(&path), Err(StoreError::Damaged { .. })));
    value["units"] = json!("mm");
    value["measurements"] = json!([value["measurements"][0], value["measurements"][0]]);
    put(&path, &value);
    assert!(load_case(&path).unwrap_err().to_string().contains("two measurements have the id 1"));
    value["measurements"] = json!([{"id": 4, "kind": "angle", "points": value["measurements"][0]["points"]}]);
    put(&path, &value);
    assert!(load_case(&path).unwrap_err().to_string().contains("measurement 4 (angle) has 2 points"));
    let huge = fs::File::create(&path).unwrap();
    huge.set_len(65 << 20).unwrap();
    assert!(matches!(load_case(&path), Err(StoreError::TooBig { .. })));
    assert!(matches!(load_case(&folder.path().join("none.json")), Err(StoreError::Read { .. })));
}

#[test]
fn a_newer_case_and_a_foreign_file_are_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    put(&path, &json!({"format": "isodense-case", "version": 3, "volumes": ["of the future"]}));
    let before = fs::read(&path).unwrap();
    assert!(matches!(load_case(&path), Err(StoreError::Newer { version: 3, .. })));
    assert!(matches!(save_case(&path, &small_case("x")), Err(StoreError::Newer { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    let dicom = folder.path().join("image.dcm");
    write_atomic(&dicom, b"....DICM").unwrap();
    assert!(matches!(save_case(&dicom, &small_case("x")), Err(StoreError::NotACase { .. })));
    assert_eq!(fs::read(&dicom).unwrap(), b"....DICM");
}

#[test]
fn a_coordinate_that_is_no_number_is_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let mut case = small_case("x");
    save_case(&path, &case).unwrap();
    case.measurements.push(length(2, [[0.0, f64::NAN, 0.0], [1.0, 1.0, 1.0]]));
    assert!(matches!(save_case(&path, &case), Err(StoreError::NotFinite { id: 2 })));
    assert_eq!(load_case(&path).unwrap(), small_case("x"));
}

#[test]
fn the_first_released_format_still_reads() {
    let path = versions::released("v1.json");
    let case = load_case(&path).unwrap();
    let kinds: Vec<_> = case.measurements.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, Kind::ALL[..10], "the kinds of version 1");
    assert_eq!(case.sources[0].folder, "../images/ct");
    // The name means something else since version 2; what stood there is kept.
    assert_eq!(case.extra["version_1_lesions"], json!([{"name": "from a later 1.x"}]));
    assert!(case.lesions.is_empty());
    // Saving it again loses nothing and changes nothing else.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("v1.json");
    save_case(&copy, &case).unwrap();
    let text =
        versions::risen(&fs::read_to_string(path).unwrap()).replace("\"lesions\"", "\"version_1_lesions\"");
    assert_eq!(fs::read_to_string(copy).unwrap(), text);
}

/// A view with everything in it that a view can have.
fn view(extra: Map<String, Value>) -> SavedView {
    let look = |voi| SavedLook {
        voi,
        inverted: true,
        colors: ColorMap::HotIron,
        interpolation: Interpolation::Cubic,
        extra: extra.clone(),
    };
    let window = Window { center: -12.5, width: 0.25, function: VoiFunction::LinearExact };
    let plane = Plane::coronal(PatientPoint::new(-3.5, 12.25, 1.0 / 3.0));
    let plane = plane.turned(plane.through, DVec3::new(1.0, 2.0, -0.5), 0.7);
    SavedView {
        series: SeriesUid::new("1.2.3"),
        part: Some("TE 80".into()),
        slice: Slice::Reformat(Reformat { plane, slab: Slab { thickness: Mm(7.5), mode: SlabMode::MinIp } }),
        framing: Framing { center: DVec2::new(11.0, -2.5), height: Mm(120.25), turn: 0.1, mirrored: true },
        fitted: false,
        look: look(Some(SavedVoi::FileTable("Bone".to_owned()))),
        over: Some(SavedOver {
            series: SeriesUid::new("1.2.4"),
            part: None,
            look: look(Some(SavedVoi::Window(window))),
            opacity: 0.3,
            extra: extra.clone(),
        }),
        extra,
    }
}

fn with_views(extra: &Map<String, Value>) -> Case {
    let bare = SavedView {
        slice: Slice::Acquired(frame(2)),
        part: None,
        over: None,
        fitted: true,
        look: SavedLook { voi: None, ..view(Map::new()).look },
        ..view(extra.clone())
    };
    let key = |id, view: &SavedView| {
        let label = format!("words {id}");
        Arc::new(KeyImage { id: KeyImageId(id), label, extra: extra.clone(), ..KeyImage::new(view.clone()) })
    };
    let workspace = SavedWorkspace {
        rows: 1,
        columns: 3,
        active: 2,
        viewports: vec![Some(Arc::new(view(extra.clone()))), None, Some(Arc::new(bare.clone()))],
        extra: extra.clone(),
    };
    Case {
        key_images: vec![key(7, &view(extra.clone())), key(2, &bare)],
        workspace: Some(Arc::new(workspace)),
        ..small_case("Views")
    }
}

/// Written by the first version that keeps views; fields of a later one among them.
#[test]
fn the_first_format_with_views_still_reads() {
    let path = versions::released("v1_views.json");
    let mut extra = Map::new();
    extra.insert("x_later".to_owned(), json!({"of": [1, null]}));
    let case = with_views(&extra);
    assert_eq!(load_case(&path).unwrap(), case);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("views.json");
    save_case(&copy, &case).unwrap();
    assert_eq!(fs::read_to_string(copy).unwrap(), versions::risen(&fs::read_to_string(path).unwrap()));
}

#[test]
fn views_that_cannot_be_drawn_are_never_written_and_leave_empty_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let mut case = with_views(&Map::new());
    save_case(&path, &case).unwrap();
    let mut value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    value["workspace"]["viewports"][0]["framing"]["height"] = json!(-3.0);
    put(&path, &value);
    let mended = load_case(&path).unwrap().workspace.unwrap();
    assert_eq!(mended.viewports.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true]);
    value["key_images"][1]["id"] = json!(7);
    put(&path, &value);
    assert!(load_case(&path).unwrap_err().to_string().contains("two key images have the id 7"));
    value["key_images"][1] = json!({"id": 8, "view": value["key_images"][0]["view"]});
    value["key_images"][1]["view"]["slice"]["reformat"]["plane"]["right"] = json!([0.0, 0.0, 0.0]);
    put(&path, &value);
    assert!(load_case(&path).unwrap_err().to_string().contains("the view of key image 8 cannot be shown"));
    let mut broken = view(Map::new());
    broken.framing.turn = f64::NAN;
    case.key_images.push(Arc::new(KeyImage::new(broken)));
    assert!(matches!(save_case(&path, &case), Err(StoreError::UnsoundView)));
}

fn coordinates() -> impl Strategy<Value = [f64; 3]> {
    let number = prop_oneof![-1e3..1e3_f64, -1e-12..1e-12_f64, Just(-0.0), Just(f64::MIN_POSITIVE)];
    prop::array::uniform3(number)
}

fn unknown() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(|m| m.into_iter().collect()),
        ]
    });
    prop::collection::btree_map("x_[a-z]{1,6}", tree, 0..3).prop_map(|m| m.into_iter().collect())
}

fn measurements() -> impl Strategy<Value = Vec<Arc<Measurement>>> {
    let patient = prop::collection::vec(coordinates(), 3..6).prop_map(|list| Points::Patient {
        space: FrameOfReference::OnlyThisSeries(SeriesUid::new("1.5")),
        points: list.into_iter().map(|p| PatientPoint(DVec3::from_array(p))).collect(),
        drawn_on: None,
    });
    let pixel = prop::collection::vec(coordinates(), 3..6).prop_map(|list| Points::Pixel {
        frame: frame(7),
        points: list.into_iter().map(|p| PixelPoint::new(p[0], p[1])).collect(),
    });
    let offset = prop::option::of((-50.0..50.0_f64, -50.0..50.0_f64).prop_map(|(x, y)| DVec2::new(x, y)));
    let one = (prop_oneof![patient, pixel], ".{0,12}", offset, unknown());
    prop::collection::vec(one, 0..4).prop_map(|list| {
        let numbered = (1..).zip(list);
        numbered
            .map(|(id, (points, label, label_offset, extra))| {
                let id = MeasurementId(id);
                let new = Measurement::new(Kind::Polygon, points);
                Arc::new(Measurement { id, label, label_offset, extra, ..new })
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_case_survives_the_disk(
        key_extra in unknown(), title in ".{0,20}", notes in "(.|\n){0,60}", measurements in measurements(), extra in unknown(),
        folder_name in "[^/]{1,12}", source_extra in unknown(),
    ) {
        let source = Source {
            series: SeriesUid::new("1.2"), study: StudyUid::new("1"), folder: folder_name, extra: source_extra,
        };
        let case =
            Case { title, notes, measurements, sources: vec![source], extra, ..with_views(&key_extra) };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.json");
        save_case(&path, &case).unwrap();
        prop_assert_eq!(load_case(&path).unwrap(), case);
    }
}

/// Stands for a crash: the lock goes with the process, the files stay.
fn crash(autosave: Autosave) {
    drop(autosave);
}

#[test]
fn after_a_crash_the_newest_unsaved_work_is_offered_once() {
    let state = tempfile::tempdir().unwrap();
    let first = Autosave::new(state.path()).unwrap();
    assert!(first.recoverable().is_none());
    for number in 0..8 {
        first.save(&small_case(&format!("step {number}")), None).unwrap();
    }
    let files = || {
        let entries = fs::read_dir(state.path().join("autosave")).unwrap();
        entries.filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|x| x == "json")).count()
    };
    assert_eq!(files(), 5);
    crash(first);
    // What a kill in the middle of a write leaves: a part, and at worst a file that was never whole.
    fs::File::create(state.path().join("autosave/.isodense-abc123.part")).unwrap();
    let second = Autosave::new(state.path()).unwrap();
    let found = second.recoverable().unwrap();
    assert_eq!((found.case.clone(), found.case_path.clone()), (small_case("step 7"), None));
    assert!(found.time.elapsed().unwrap().as_secs() < 60);
    second.discard(&found);
    assert!(second.recoverable().is_none());
    assert_eq!(files(), 0);
}

#[test]
fn a_broken_autosave_gives_way_to_the_one_before() {
    let state = tempfile::tempdir().unwrap();
    let first = Autosave::new(state.path()).unwrap();
    first.save(&small_case("good"), None).unwrap();
    let last = first.save(&small_case("lost"), None).unwrap();
    crash(first);
    let whole = fs::read(&last).unwrap();
    write_atomic(&last, &whole[..whole.len() / 2]).unwrap();
    let found = Autosave::new(state.path()).unwrap().recoverable().unwrap();
    assert_eq!(found.case, small_case("good"));
}

#[test]
fn saved_work_is_not_offered_but_later_work_is() {
    let state = tempfile::tempdir().unwrap();
    let case_path = state.path().join("case.json");
    let first = Autosave::new(state.path()).unwrap();
    first.save(&small_case("saved"), Some(&case_path)).unwrap();
    save_case(&case_path, &small_case("saved")).unwrap();
    crash(first);
    assert!(Autosave::new(state.path()).unwrap().recoverable().is_none());
    let second = Autosave::new(state.path()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    second.save(&small_case("edited"), Some(&case_path)).unwrap();
    crash(second);
    // That somebody else wrote the file since does not make the work saved.
    std::thread::sleep(std::time::Duration::from_millis(20));
    save_case(&case_path, &small_case("of somebody else")).unwrap();
    let found = Autosave::new(state.path()).unwrap().recoverable().unwrap();
    assert_eq!((found.case, found.case_path), (small_case("edited"), Some(case_path)));
}

#[test]
fn the_newest_case_stays_the_newest_in_whatever_order_threads_write() {
    let state = tempfile::tempdir().unwrap();
    let first = Autosave::new(state.path()).unwrap();
    let (older, newer, home) = (first.turn(), first.turn(), Home::default());
    first.save_in_turn(newer, &small_case("newer"), &home).unwrap();
    first.save_in_turn(older, &small_case("older"), &home).unwrap();
    crash(first);
    let second = Autosave::new(state.path()).unwrap();
    let found = second.recoverable().unwrap();
    assert_eq!(found.case, small_case("newer"));
    second.discard(&found);
    // A thread that is late after the case was saved brings nothing back.
    let late = second.turn();
    second.clear();
    second.save_in_turn(late, &small_case("late"), &home).unwrap();
    crash(second);
    assert!(Autosave::new(state.path()).unwrap().recoverable().is_none());
}

#[test]
fn two_programs_leave_each_other_alone() {
    let state = tempfile::tempdir().unwrap();
    let one = Autosave::new(state.path()).unwrap();
    one.save(&small_case("one"), None).unwrap();
    let two = Autosave::new(state.path()).unwrap();
    assert!(two.recoverable().is_none(), "the other program still runs");
    two.save(&small_case("two"), None).unwrap();
    two.finish();
    crash(one);
    let three = Autosave::new(state.path()).unwrap();
    assert_eq!(three.recoverable().unwrap().case, small_case("one"));
    three.finish();
}

#[test]
fn settings_survive_and_bad_ones_are_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config/settings.json");
    let (mut settings, problem) = load_settings(&path);
    assert!(problem.is_none());
    assert_eq!((settings.presets[0].name.as_str(), settings.remember_recent), ("Brain", false));
    settings.remember(Path::new("/data/of/a/patient"));
    assert!(settings.recent.is_empty(), "paths may name patients: off until asked for");
    settings.inverted_window_drag = true;
    settings.extra.insert("later".to_owned(), json!({"a": 1}));
    save_settings(&path, &settings).unwrap();
    assert_eq!(load_settings(&path).0, settings);
    write_atomic(
        &path,
        br#"{"presets": [{"name": "x", "window": {"center": 1, "width": -5}}], "recent": ["/p"]}"#,
    )
    .unwrap();
    let sound = load_settings(&path).0;
    assert!((sound.presets[0].window.width - 1.0).abs() < f64::EPSILON);
    assert!(sound.recent.is_empty());
    write_atomic(&path, b"{\"presets\": 7").unwrap();
    let (defaults, problem) = load_settings(&path);
    assert_eq!(defaults, Settings::default());
    assert!(matches!(problem, Some(StoreError::BadSettings { .. })));
    assert_eq!(fs::read(folder.path().join("config/settings.json.bad")).unwrap(), b"{\"presets\": 7");
    assert!(load_settings(&path).1.is_none());
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_no_case() {
    let folder = tempfile::tempdir().unwrap();
    // Reading a device or a pipe might never end.
    let device = folder.path().join("device.json");
    std::os::unix::fs::symlink("/dev/zero", &device).unwrap();
    for path in [folder.path(), &device] {
        assert!(matches!(load_case(path), Err(StoreError::NotACase { .. })));
    }
}
