//! The real program: what it prints, and how it leaves.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[expect(dead_code, reason = "only the folder is needed here")]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use isodense::cli::{self, Opening, Outcome};
use isodense::memory::Memory;
use isodense::sample::{sample_case, slice_file};
use isodense::store::{save_case, write_atomic};
use serde_json::Value;
use tempfile::TempDir;

const FOLDER: &str = "2015-05-12_CT";

/// Five slices of the sample around its first lesion, its case, and a file that is no image.
fn files() -> &'static Path {
    static FILES: OnceLock<TempDir> = OnceLock::new();
    let folder = FILES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let series = folder.path().join(FOLDER);
        std::fs::create_dir(&series).unwrap();
        let first = middle_once().saturating_sub(2);
        for slice in first..first + 5 {
            let bytes = slice_file(FOLDER, slice).unwrap().unwrap();
            write_atomic(&series.join(format!("IM{:03}.dcm", slice + 1)), &bytes).unwrap();
        }
        write_atomic(&folder.path().join("notes.txt"), b"no image").unwrap();
        let mut case = sample_case().unwrap();
        case.measurements.truncate(2);
        case.sources.retain(|source| source.folder == FOLDER);
        save_case(&folder.path().join("case.json"), &case).unwrap();
        folder
    });
    folder.path()
}

/// The slice that the case's first measurement was drawn on.
fn middle() -> usize {
    let case = sample_case().unwrap();
    let drawn_on = case.measurements[0].points.drawn_on().unwrap().sop_instance.clone();
    let is_it = |slice: &usize| {
        let bytes = slice_file(FOLDER, *slice).unwrap().unwrap();
        bytes.windows(drawn_on.as_str().len()).any(|window| window == drawn_on.as_str().as_bytes())
    };
    (0..500).find(is_it).unwrap()
}

fn series() -> PathBuf {
    files().join(FOLDER)
}

fn image() -> PathBuf {
    series().join(format!("IM{:03}.dcm", middle_once() + 1))
}

fn middle_once() -> usize {
    static MIDDLE: OnceLock<usize> = OnceLock::new();
    *MIDDLE.get_or_init(middle)
}

struct Answer {
    code: i32,
    out: String,
    err: String,
}

fn isodense<I: AsRef<std::ffi::OsStr>>(arguments: &[I]) -> Answer {
    let done = Command::new(env!("CARGO_BIN_EXE_isodense"))
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Answer { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
}

fn with(first: &str, path: &Path, more: &[&str]) -> Vec<OsString> {
    let start = [OsString::from(first), path.into()];
    start.into_iter().chain(more.iter().map(OsString::from)).collect()
}

fn json(arguments: &[OsString]) -> Value {
    let answer = isodense(arguments);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&answer.out).unwrap()
}

#[test]
fn inspect_lists_what_is_there_and_what_was_wrong() {
    let found = json(&with("inspect", files(), &["--json"]));
    let series = &found["patients"][0]["studies"][0]["series"][0];
    assert_eq!((series["kind"].as_str(), series["modality"].as_str()), (Some("volume"), Some("CT")));
    assert_eq!((series["images"].as_u64(), series["frames"].as_u64()), (Some(5), Some(5)));
    for known in ["uid", "number", "rows", "columns", "transfer_syntax", "frame_of_reference", "warnings"] {
        assert!(!series[known].is_null(), "{known}: {series}");
    }
    for known in ["between_rows", "between_columns", "between_slices"] {
        assert!(series["spacing_mm"][known].as_f64().unwrap() > 0.0, "{known}");
    }
    assert_eq!((series["edges"]["left"].as_str(), series["edges"]["right"].as_str()), (Some("R"), Some("L")));
    assert_eq!(found["patients"][0]["studies"][0]["date"].as_str(), Some("20150512"));
    let problems = found["problems"].as_array().unwrap();
    assert!(problems.iter().any(|p| p["path"].as_str().unwrap().ends_with("notes.txt")), "{problems:?}");
    let text = isodense(&with("inspect", files(), &[]));
    assert_eq!(text.code, 0);
    assert!(text.out.contains("CT volume") && text.out.contains("not DICOM"), "{}", text.out);
}

/// The series of an answer of `inspect`.
fn all_series(found: &Value) -> impl Iterator<Item = &Value> {
    let studies = found["patients"].as_array().unwrap().iter().flat_map(|p| p["studies"].as_array().unwrap());
    studies.flat_map(|study| study["series"].as_array().unwrap())
}

#[test]
fn inspect_accounts_for_every_file_of_the_test_data_once() {
    let Some(data) = common::data() else { return };
    let answer = isodense(&with("inspect", &data, &["--json"]));
    let found: Value = serde_json::from_str(&answer.out).unwrap();
    let mut files: BTreeSet<PathBuf> = walkdir::WalkDir::new(&data)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    let count = files.len();
    assert!(count > 100, "the test data are there: {count}");
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in found["problems"].as_array().unwrap() {
        let (path, reason) = (problem["path"].as_str().unwrap(), problem["reason"].as_str().unwrap());
        assert!(
            files.remove(Path::new(path)),
            "{path} is no file of the folder, or is listed twice: {reason}"
        );
        assert!(reason.len() > 10 && !reason.contains(path), "{path}: {reason}");
        *reasons.entry(reason).or_default() += 1;
    }
    // A file is in a series, or a problem: nothing else, and nothing twice.
    let images: u64 = all_series(&found).map(|series| series["images"].as_u64().unwrap()).sum();
    assert_eq!(images, files.len() as u64, "{count} files, {reasons:#?}");
    for series in all_series(&found) {
        assert!(!series["uid"].as_str().unwrap().is_empty() && series["images"] != 0, "{series}");
    }
    // Which files they are, by the same search without the program around it.
    let opened = cli::open(std::slice::from_ref(&data));
    let shown: BTreeSet<PathBuf> = opened
        .series
        .iter()
        .flat_map(|series| series.frames.iter().map(|frame| frame.stored.path.to_path_buf()))
        .collect();
    assert!(shown.is_subset(&files), "a file is shown and a problem");
}

#[test]
fn probe_answers_in_pixels_and_in_the_patient() {
    let by_pixel = json(&with("probe", &image(), &["--pixel", "100,90", "--json"]));
    assert_eq!((by_pixel["unit"].as_str(), by_pixel["frame_number"].as_u64()), (Some("HU"), Some(1)));
    assert_eq!((&by_pixel["pixel"]["column"], &by_pixel["pixel"]["row"]), (&100.into(), &90.into()));
    let at: Vec<String> =
        by_pixel["patient_mm"].as_array().unwrap().iter().map(ToString::to_string).collect();
    let uid = json(&with("inspect", &series(), &["--json"]));
    let uid = uid["patients"][0]["studies"][0]["series"][0]["uid"].as_str().unwrap().to_owned();
    let by_place =
        json(&with("probe", &series(), &["--series", uid.as_str(), "--at", &at.join(","), "--json"]));
    // At a voxel's centre the value between the voxels is the voxel's own.
    let close =
        |key: &str| (by_place[key].as_f64().unwrap() - by_pixel["value"].as_f64().unwrap()).abs() < 1e-3;
    assert!(close("value") && close("nearest_value"), "{by_place}");
    assert_eq!(by_place["interpolation"], "trilinear");
    for key in ["unit", "stored", "pixel", "patient_mm", "sop_instance_uid"] {
        assert_eq!(by_place[key], by_pixel[key]);
    }
    let sop = by_pixel["sop_instance_uid"].as_str().unwrap();
    let named = json(&with("probe", &series(), &["--sop", sop, "--pixel", "99.6,90.4", "--json"]));
    assert_eq!(named, by_pixel);
    let text = isodense(&with("probe", &image(), &["--pixel", "100,90"]));
    assert!(
        text.out.contains(" HU (stored value ") && text.out.contains("column 100, row 90"),
        "{}",
        text.out
    );
    let far = isodense(&with("probe", &series(), &["--series", &uid, "--at", "-1,-2,9000"]));
    assert_eq!((far.code, far.out.as_str()), (1, ""));
    assert!(far.err.contains("the point lies in no slice"), "{}", far.err);
    let outside = isodense(&with("probe", &image(), &["--pixel", "-3,90"]));
    assert_eq!(outside.code, 1);
    assert!(outside.err.contains("outside the image"), "{}", outside.err);
}

#[test]
fn measure_gives_every_number_with_its_unit() {
    let keys = |shape: &[&str], keys: &[&str]| {
        let mut words = vec!["--shape"];
        words.extend(shape);
        words.push("--json");
        let found = json(&with("measure", &image(), &words));
        assert!(found["kind"].is_string() && found["calibration"] == "in_patient", "{found}");
        for key in keys {
            assert!(found[*key].is_number(), "{key}: {found}");
        }
        found
    };
    let region = ["n", "mean", "sd", "median", "min", "max", "area_mm2", "padding"];
    let ellipse = keys(&["ellipse 100,90 10,6.5"], &region);
    assert_eq!(ellipse["unit"], "HU");
    assert_eq!(keys(&["ellipse", "100,90", "10,6.5"], &region), ellipse);
    // 21 columns and 11 rows of pixel centres, edges included.
    assert_eq!(keys(&["rect", "110,95", "90,85"], &region)["n"], 231);
    keys(&["polygon", "90,85", "110,85", "100,99"], &region);
    keys(&["length", "-1,2", "30,40"], &["length_mm"]);
    assert!(
        (keys(&["angle 10,0 0,0 0,10"], &["angle_deg"])["angle_deg"].as_f64().unwrap() - 90.0).abs() < 1e-9
    );
    let text = isodense(&with("measure", &image(), &["--shape", "length 0,0 30,40"]));
    assert!(text.out.ends_with(" mm\n"), "{}", text.out);
    let tiny = isodense(&with("measure", &image(), &["--shape", "rect 1.2,1.2 1.4,1.4"]));
    assert_eq!(tiny.code, 1);
    assert!(tiny.err.contains("smaller than one pixel"), "{}", tiny.err);
}

#[test]
fn a_case_is_measured_again_from_its_images() {
    let case = files().join("case.json");
    let found = json(&with("measure", &case, &["--json"]));
    let list = found["measurements"].as_array().unwrap();
    assert_eq!((list.len(), found["problems"].as_array().unwrap().len()), (2, 0));
    assert_eq!((&list[0]["kind"], &list[1]["kind"]), (&"ellipse".into(), &"size".into()));
    for (axis, mm) in [("length_mm", 22.0), ("short_axis_mm", 35.0), ("third_axis_mm", 40.0)] {
        assert!((list[1][axis].as_f64().unwrap() - mm).abs() < 1e-6, "{}", list[1]);
    }
    let volume = std::f64::consts::PI / 6.0 * 22.0 * 35.0 * 40.0 / 1000.0;
    assert!((list[1]["ellipsoid_volume_ml"].as_f64().unwrap() - volume).abs() < 1e-6, "{}", list[1]);
    assert_eq!(list[1]["provenance"]["thickness"], "3.0 mm");
    assert!((list[0]["mean"].as_f64().unwrap() - 38.0).abs() < 1.0, "{}", list[0]);
    // A shape of the patient rather than of an image is measured on the slice that it lies in.
    let mut free: Value = serde_json::from_slice(&std::fs::read(&case).unwrap()).unwrap();
    free["measurements"][0]["points"]["drawn_on"] = Value::Null;
    let loose = files().join("free.json");
    write_atomic(&loose, free.to_string().as_bytes()).unwrap();
    assert_eq!(json(&with("measure", &loose, &["--json"]))["measurements"], found["measurements"]);
    // Without its images: what was asked for is not there. With --data they are found again.
    let apart = tempfile::tempdir().unwrap();
    let moved = apart.path().join("case.json");
    std::fs::copy(&case, &moved).unwrap();
    let lost = isodense(&with("measure", &moved, &["--json"]));
    assert_eq!(lost.code, 1);
    let lost: Value = serde_json::from_str(&lost.out).unwrap();
    assert!(
        lost["measurements"].as_array().unwrap().is_empty() && lost["problems"].as_array().unwrap().len() > 1
    );
    let data = series();
    let again = json(&with("measure", &moved, &["--data", data.to_str().unwrap(), "--json"]));
    assert_eq!(again["measurements"], found["measurements"]);
}

#[test]
fn render_draws_a_slice_into_a_file() {
    let out = tempfile::tempdir().unwrap();
    let uid = json(&with("inspect", &series(), &["--json"]));
    let uid = uid["patients"][0]["studies"][0]["series"][0]["uid"].as_str().unwrap().to_owned();
    let draw = |name: &str, more: &[&str]| {
        let path = out.path().join(name);
        let mut words = more.to_vec();
        words.extend(["-o", path.to_str().unwrap()]);
        let answer = isodense(&with("render", &series(), &words));
        (answer.code, answer.err, std::fs::read(&path).unwrap_or_default())
    };
    let slice = ["--series", &uid, "--slice", "3"];
    let (code, err, png) =
        draw("a.png", &[&slice[..], &["--width-px", "300", "--window", "-40,80"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(png[16..20], 300_u32.to_be_bytes());
    let (code, _, tiff) = draw("a.tif", &[&slice[..], &["--width-mm", "85", "--dpi", "300"]].concat());
    assert_eq!((code, &tiff[..2]), (0, &b"II"[..]));
    assert_eq!(draw("a.gif", &slice).0, 2);
    assert_eq!(draw("a.png", &["--series", &uid, "--slice", "6"]).0, 1);
    assert_eq!(draw("a.png", &["--series", &uid]).0, 2);
    assert_eq!(draw("b.png", &[]).0, 2, "five images are here, and none is named");
}

#[test]
fn misuse_is_2_and_what_is_not_there_is_1() {
    let one = image();
    let pixel = |more: &[&str]| isodense(&with("probe", &one, more)).code;
    assert_eq!(pixel(&[]), 2);
    assert_eq!(pixel(&["--pixel", "1"]), 2);
    assert_eq!(pixel(&["--pixel", "1,2", "--frame", "0"]), 2);
    assert_eq!(pixel(&["--at", "1,2,3"]), 2);
    // What would be ignored is refused.
    assert_eq!(pixel(&["--pixel", "1,2", "--series", "1.2"]), 2);
    assert_eq!(pixel(&["--series", "1.2", "--at", "1,2,3", "--frame", "1"]), 2);
    assert_eq!(pixel(&["--pixel", "1,2", "--frame", "2"]), 1);
    assert_eq!(pixel(&["--pixel", "1,2", "--sop", "1.2.3"]), 1);
    assert_eq!(isodense(&with("probe", &series(), &["--pixel", "1,2"])).code, 2);
    assert_eq!(isodense(&with("measure", &one, &["--shape", "circle 1,2"])).code, 2);
    assert_eq!(isodense(&with("measure", &one, &[])).code, 2);
    assert_eq!(isodense(&["inspect"]).code, 2);
    assert_eq!(isodense(&["inspect", "/no/such/file"]).code, 1);
    assert_eq!(isodense(&["measure", "/no/such/case.json"]).code, 1);
    assert_eq!(isodense(&with("inspect", &files().join("notes.txt"), &[])).code, 1);
    let help = isodense(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["inspect", "probe", "measure", "render", "sample"] {
        assert!(help.out.contains(command), "{}", help.out);
    }
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_isodense"))
        .args(with("inspect", files(), &["--json"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn tags_lists_every_element_and_hides_the_patient() {
    let answer = isodense(&with("tags", &image(), &[]));
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let line = |start: &str| answer.out.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    assert_eq!(line("(0010,0020)"), "(0010,0020) LO Patient ID hidden");
    assert_eq!(line("(0008,0060)"), "(0008,0060) CS Modality CT");
    assert!(line("(7FE0,0010)").contains(" bytes: "), "{}", line("(7FE0,0010)"));
    assert!(!answer.out.contains("ISODENSE-SAMPLE"));
    let shown = isodense(&with("tags", &image(), &["--show-patient-data", "--find", "00100020"]));
    assert_eq!((shown.code, shown.out.as_str()), (0, "(0010,0020) LO Patient ID ISODENSE-SAMPLE\n"));
    let found = json(&with("tags", &image(), &["--json", "--find", "0010,0020"]));
    let row = &found["elements"][0];
    assert_eq!((&row["hidden"], &row["value"], &row["vr"]), (&true.into(), &Value::Null, &"LO".into()));
    assert_eq!(row["keyword"], "PatientID");
    // What is hidden is not found either; a file that is no DICOM is a failure that names it.
    assert_eq!(isodense(&with("tags", &image(), &["--find", "ISODENSE-SAMPLE"])).code, 1);
    let text = isodense(&with("tags", &files().join("notes.txt"), &[]));
    assert!(
        text.code == 1 && text.err.contains("not DICOM") && text.err.contains("notes.txt"),
        "{}",
        text.err
    );
}

#[test]
fn without_a_command_the_window_gets_the_paths() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = vec![OsString::from("isodense"), files().into()];
    let outcome = cli::run(words, &mut out, &mut err, false);
    let opening = Opening { paths: vec![files().to_owned()], memory: Memory::Share };
    assert_eq!(outcome, Outcome::Window(opening));
    assert!(out.is_empty() && err.is_empty());
}

#[test]
fn a_word_that_is_neither_a_command_nor_there_is_misuse() {
    for (word, said) in [
        ("mesure", "did you mean measure?"),
        ("inspct", "did you mean inspect?"),
        ("foo", "--help lists the commands"),
        ("/no/such/folder", "no file, folder or command is called /no/such/folder"),
    ] {
        let answer = isodense(&[word]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{word}");
        assert!(answer.err.contains(said) && answer.err.contains(word), "{}", answer.err);
        // Also after what is there.
        assert_eq!(isodense(&[files().as_os_str(), word.as_ref()]).code, 2, "{word}");
    }
    let listed = isodense(&["inspect", "--jsno", "x"]);
    assert!(listed.code == 2 && listed.err.contains("--json"), "{}", listed.err);
}

#[test]
fn without_a_display_every_command_is_named() {
    let answer = isodense(&[files()]);
    assert_eq!((answer.code, answer.out.as_str()), (1, ""));
    let commands = cli::commands();
    assert!(commands.len() > 10, "{commands:?}");
    for command in &commands {
        assert!(answer.err.contains(&format!(" {command}")), "{command}: {}", answer.err);
    }
    // Whatever the environment asks for, nothing of other crates is written.
    let done = Command::new(env!("CARGO_BIN_EXE_isodense"))
        .arg(files())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("RUST_LOG", "trace")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(done.stderr).unwrap(), answer.err);
}

#[test]
fn only_the_programs_own_lines_are_logged_and_by_a_word_of_its_own() {
    use log::LevelFilter::{Debug, Error, Info, Off, Warn};
    let levels = [("off", Off), ("error", Error), (" warn ", Warn), ("info", Info), ("debug", Debug)];
    for (word, level) in levels {
        assert_eq!(cli::log_level(Some(word)), level, "{word}");
    }
    for other in [None, Some("trace"), Some("winit=trace"), Some("egui=debug,isodense=trace"), Some("")] {
        assert_eq!(cli::log_level(other), Warn, "{other:?}");
    }
}

/// Every command that has it, asked for what is there, what is not, and what makes no sense.
#[test]
fn json_is_json_whatever_happens_and_words_go_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let table = |name: &str| folder.path().join(name).display().to_string();
    let case = files().join("case.json").display().to_string();
    let (image, notes) = (image().display().to_string(), files().join("notes.txt").display().to_string());
    let foreign = table("foreign.csv");
    write_atomic(Path::new(&foreign), b"somebody's").unwrap();
    let blocked = table("blocked.csv");
    let asked: [(i32, Vec<&str>); 18] = [
        (0, vec!["inspect", &image]),
        (1, vec!["inspect", &notes]),
        (1, vec!["inspect", &case]),
        (1, vec!["inspect", "/no/such/file"]),
        (2, vec!["inspect"]),
        (0, vec!["probe", &image, "--pixel", "1,2"]),
        (1, vec!["probe", &image, "--pixel", "100000,2"]),
        (1, vec!["probe", "/no/such/file", "--pixel", "1,2"]),
        (2, vec!["probe", &image]),
        (0, vec!["measure", &case]),
        (1, vec!["measure", "/no/such/case.json"]),
        (1, vec!["measure", &case, "--table", &blocked]),
        (1, vec!["measure", &case, "--without-uids", "--table", &foreign]),
        (2, vec!["measure", &image, "--shape", "circle 1,2"]),
        // The case was cut: what its notes say of the rest differs.
        (1, vec!["verify", &case]),
        (1, vec!["verify", "/no/such/case.json"]),
        (0, vec!["tags", &image]),
        (1, vec!["tags", &notes]),
    ];
    for (code, words) in asked {
        let words = [words.as_slice(), &["--json"]].concat();
        let answer = isodense(&words);
        let json: Value = serde_json::from_str(&answer.out)
            .unwrap_or_else(|why| panic!("{words:?}: {why}: {}", answer.out));
        assert_eq!((answer.code, json.is_object()), (code, true), "{words:?}: {json}");
        if answer.code == 2 {
            assert!(json["error"].is_string(), "{words:?}: {json}");
        }
        // An error stands in both, for scripts and for people.
        assert_eq!(json["error"].is_string(), !answer.err.is_empty(), "{words:?}: {} {json}", answer.err);
    }
    let answer = isodense(&["measure", &case, "--table", &blocked, "--json"]);
    let json: Value = serde_json::from_str(&answer.out).unwrap();
    let finding = &json["blocked"][0];
    assert!(["place", "what", "key"].iter().all(|name| finding[name].is_string()), "{json}");
    assert!(answer.err.contains(&format!("({})", finding["key"].as_str().unwrap())), "{}", answer.err);
    // Without it the answer alone goes to where answers go.
    let answer = isodense(&["measure", &case, "--table", &blocked]);
    assert!(answer.out.is_empty() && answer.err.contains("blocked: "), "{} {}", answer.out, answer.err);
}

#[test]
fn inspect_says_what_a_case_is_and_how_it_is_opened() {
    let answer = isodense(&with("inspect", &files().join("case.json"), &[]));
    assert_eq!(answer.code, 1);
    assert!(
        answer.err.contains("an Isodense case") && answer.err.contains("measure CASE.json"),
        "{}",
        answer.err
    );
    let found = isodense(&with("inspect", files(), &["--json"]));
    assert!(found.out.contains("an Isodense case"), "{}", found.out);
}

#[test]
fn the_bundled_case_file_is_what_the_program_writes() {
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/case.json");
    let bundled = std::fs::read_to_string(&bundled).unwrap();
    let folder = tempfile::tempdir().unwrap();
    isodense::sample::write_case_file(folder.path()).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("case.json")).unwrap(), bundled);
}

#[test]
fn a_slab_is_as_thick_as_in_the_window_or_refused() {
    let found = json(&with("inspect", &series(), &["--json"]));
    let uid = all_series(&found).next().unwrap()["uid"].as_str().unwrap();
    let out = files().join("slab.png");
    let draw = |slab: &str, keep: &[&str]| {
        let slab = format!("--slab={slab}");
        let words = ["--series", uid, "--plane", "coronal", slab.as_str(), "-o", out.to_str().unwrap()];
        isodense(&with("render", &series(), &[&words[..], keep].concat()))
    };
    for slab in ["-5", "nan", "inf", "201"] {
        let answer = draw(slab, &[]);
        assert_eq!(answer.code, 2, "{slab}");
        assert!(answer.err.contains("a slab is 0 to 200.0 mm thick"), "{slab}: {}", answer.err);
    }
    assert!(!out.exists());
    let blocked = draw("200", &[]);
    assert!(
        blocked.code == 1
            && blocked.err.contains("a thick slab through a head may show the face (face:view:")
    );
    let key = blocked.err.lines().next().unwrap().rsplit_once('(').unwrap().1.trim_end_matches(')');
    assert_eq!(draw("200", &["--keep", key]).code, 0);
    std::fs::remove_file(out).unwrap();
}
