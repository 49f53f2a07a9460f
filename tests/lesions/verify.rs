//! `isodense verify` finds whatever a reader would call another measurement, in the images and in the case, and names it;
//! what only looks different it lets pass.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use isodense::case::Kind;
use isodense::geometry::PixelPoint;
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Tool};
use serde_json::{Value, json};

use super::{Drive, FIRST, drive::sample, put::put, show, truths};

/// A file of the sample: what stands before its data set, and that, not deflated.
struct Dicom {
    head: Vec<u8>,
    set: Vec<u8>,
}

type Tag = (u16, u16);

impl Dicom {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).expect("a file");
        let length = u32::from_le_bytes(bytes[140..144].try_into().expect("four bytes"));
        let at = 144 + usize::try_from(length).expect("it is short");
        let mut set = Vec::new();
        flate2::read::DeflateDecoder::new(&bytes[at..]).read_to_end(&mut set).expect("it is deflated");
        Self { head: bytes[..at].to_vec(), set }
    }

    fn write(&self, path: &Path) {
        let mut packed = flate2::write::DeflateEncoder::new(self.head.clone(), flate2::Compression::fast());
        packed.write_all(&self.set).expect("it is packed");
        let mut bytes = packed.finish().expect("it is packed");
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        put(path, &bytes);
    }

    /// Where an element begins, and its value: all of the sample's lengths are given.
    fn find(&self, tag: Tag) -> Option<(usize, std::ops::Range<usize>)> {
        let two = |at: usize| u16::from_le_bytes([self.set[at], self.set[at + 1]]);
        let mut at = 0;
        while at + 8 <= self.set.len() {
            let long = matches!(&self.set[at + 4..at + 6], b"OB" | b"OW" | b"SQ" | b"UN" | b"UT" | b"OF");
            let (start, length) = if long {
                let bytes = self.set[at + 8..at + 12].try_into().expect("four bytes");
                (at + 12, usize::try_from(u32::from_le_bytes(bytes)).expect("it fits"))
            } else {
                (at + 8, usize::from(two(at + 6)))
            };
            if (two(at), two(at + 2)) == tag {
                return Some((at, start..start + length));
            }
            at = start + length;
        }
        None
    }

    fn text(&self, tag: Tag) -> String {
        let (_, value) = self.find(tag).unwrap_or_else(|| panic!("no {tag:x?}"));
        String::from_utf8_lossy(&self.set[value]).trim_end_matches([' ', '\0']).to_owned()
    }

    fn set(&mut self, tag: Tag, text: &str) {
        let (_, value) = self.find(tag).unwrap_or_else(|| panic!("no {tag:x?}"));
        let pad = if text.starts_with("2.25") || text.starts_with("1.") { "\0" } else { " " };
        let even = if text.len().is_multiple_of(2) { text.to_owned() } else { format!("{text}{pad}") };
        let length = u16::try_from(even.len()).expect("a short text");
        self.set[value.start - 2..value.start].copy_from_slice(&length.to_le_bytes());
        self.set.splice(value, even.bytes());
    }
}

const SOP: Tag = (8, 0x18);
const STUDY_DATE: Tag = (8, 0x20);
const SERIES_DATE: Tag = (8, 0x21);
const THICKNESS: Tag = (0x18, 0x50);
const KVP: Tag = (0x18, 0x60);
const SERIES: Tag = (0x20, 0xE);
const POSITION: Tag = (0x20, 0x32);
const ORIENTATION: Tag = (0x20, 0x37);
const SPACE: Tag = (0x20, 0x52);
const SPACING: Tag = (0x28, 0x30);
const INTERCEPT: Tag = (0x28, 0x1052);
const SLOPE: Tag = (0x28, 0x1053);
const PIXELS: Tag = (0x7FE0, 0x10);

/// A case with its images, to be changed.
struct Bench {
    folder: tempfile::TempDir,
    series: Vec<&'static str>,
    case: Value,
}

impl Bench {
    fn new(series: Vec<&'static str>, case: Value) -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a folder"), series, case };
        for name in &bench.series {
            fs::create_dir(bench.images(name)).expect("a folder");
        }
        bench.restore();
        bench
    }

    fn images(&self, series: &str) -> PathBuf {
        self.folder.path().join(series)
    }

    fn restore(&self) {
        for name in &self.series {
            for entry in fs::read_dir(sample(name)).expect("the sample") {
                let path = entry.expect("an entry").path();
                fs::copy(&path, self.images(name).join(path.file_name().expect("a name"))).expect("a copy");
            }
        }
        self.put(&self.case);
    }

    fn put(&self, case: &Value) {
        let bytes = serde_json::to_vec_pretty(case).expect("JSON");
        put(self.folder.path().join("case.json"), &bytes);
    }

    /// The exit code and what it says.
    fn verify(&self) -> (bool, String) {
        let case = self.folder.path().join("case.json");
        let words = ["isodense", "verify", case.to_str().expect("a path"), "--data"];
        let data = self.folder.path().to_str().expect("a path");
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = words.iter().copied().chain([data]).map(Into::into);
        let outcome = isodense::cli::run(words, &mut out, &mut err, false);
        let said = String::from_utf8(out).expect("text") + &String::from_utf8_lossy(&err);
        (outcome == isodense::cli::Outcome::Exit(0), said)
    }

    fn passes(&self, what: &str) {
        let (passes, said) = self.verify();
        assert!(passes && !said.contains("DIFFERS"), "{what}: {said}");
    }

    fn differs(&self, what: &str, name: &str) {
        let (passes, said) = self.verify();
        assert!(!passes && said.contains(name), "{what}, wanted {name}: {said}");
    }

    /// Changes some files of a series, verifies, and puts them back.
    fn with_files(&self, what: &str, name: &str, files: &[(&str, &[&str])], change: impl Fn(&mut Dicom)) {
        for (series, names) in files {
            for file in *names {
                let path = self.images(series).join(file);
                let mut dicom = Dicom::read(&path);
                change(&mut dicom);
                dicom.write(&path);
            }
        }
        self.differs(what, name);
        for (series, names) in files {
            for file in *names {
                fs::copy(sample(series).join(file), self.images(series).join(file)).expect("a copy");
            }
        }
    }

    fn exchanges(&self, what: &str, name: &str, series: &str, [a, b]: [&str; 2], tag: Tag) {
        let paths = [a, b].map(|file| self.images(series).join(file));
        let mut files = paths.each_ref().map(|path| Dicom::read(path));
        let texts = files.each_ref().map(|file| file.text(tag));
        files[0].set(tag, &texts[1]);
        files[1].set(tag, &texts[0]);
        for (file, path) in files.iter().zip(&paths) {
            file.write(path);
        }
        self.differs(what, name);
        for file in [a, b] {
            fs::copy(sample(series).join(file), self.images(series).join(file)).expect("a copy");
        }
    }

    fn with_case(&self, what: &str, name: &str, change: impl Fn(&mut Value)) {
        let mut case = self.case.clone();
        change(&mut case);
        assert_ne!(case, self.case, "{what} changes nothing");
        self.put(&case);
        self.differs(what, name);
        self.put(&self.case);
    }
}

const CT: &str = "2015-05-12_CT";
const LATER: &str = "2017-09-28_CT";

fn moved(dicom: &mut Dicom, axis: usize, mm: f64) {
    let mut at: Vec<f64> =
        dicom.text(POSITION).split('\\').map(|part| part.trim().parse().expect("a number")).collect();
    at[axis] += mm;
    let text: Vec<String> = at.iter().map(|part| format!("{part:.2}")).collect();
    dicom.set(POSITION, &text.join("\\"));
}

fn files_of(series: &str) -> Vec<String> {
    let entries = fs::read_dir(sample(series)).expect("the sample");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.collect()
}

#[test]
fn every_change_of_an_image_that_was_measured_is_named() {
    let case = fs::read(sample("case.json")).expect("the sample");
    let bench = Bench::new(vec![CT, LATER], serde_json::from_slice(&case).expect("JSON"));
    bench.passes("as it is");
    // The sample's measurements 1 and 2 lie on this image.
    let one: &[(&str, &[&str])] = &[(CT, &["IM021.dcm"])];
    bench.with_files("moved along the normal", "position was", one, |file| moved(file, 2, 0.5));
    bench.with_files("moved by a tenth in its plane", "position was", one, |file| moved(file, 0, 0.1));
    bench.with_files("another image moved", "is not where it was", &[(CT, &["IM030.dcm"])], |file| {
        moved(file, 2, 0.3);
    });
    bench.exchanges("positions", "position was", CT, ["IM021.dcm", "IM025.dcm"], POSITION);
    bench.exchanges("positions of others", "two are exchanged", CT, ["IM010.dcm", "IM012.dcm"], POSITION);
    bench.exchanges("names", "DIFFERS", CT, ["IM021.dcm", "IM022.dcm"], SOP);
    bench.with_files("turned", "orientation was", one, |file| {
        file.set(ORIENTATION, "0.9998477\\0.0174524\\0\\-0.0174524\\0.9998477\\0");
    });
    bench.with_files("spacing", "pixel spacing was", one, |file| file.set(SPACING, "0.76\\0.73"));
    bench.with_files("thickness", "slice thickness was 3.0000, is 5.0000", one, |file| {
        file.set(THICKNESS, "5");
    });
    bench.with_files("kV", "kV was 120, is 140", one, |file| file.set(KVP, "140"));
    bench.with_files("slope", "rescale was", one, |file| file.set(SLOPE, "1.01"));
    bench.with_files("intercept", "rescale was", one, |file| file.set(INTERCEPT, "-1023"));
    bench.with_files("space", "frame of reference was", one, |file| file.set(SPACE, "1.2.3.4"));
    bench.with_files("series", "series was", one, |file| file.set(SERIES, "1.2.3.4"));
    bench.with_files("a pixel far from what was measured", "pixels are not those", one, |file| {
        let (_, value) = file.find(PIXELS).expect("pixels");
        file.set[value.start] ^= 1;
    });
    let all: Vec<String> = files_of(LATER);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let later: &[(&str, &[&str])] = &[(LATER, &all)];
    bench.with_files("study date", "days from", later, |file| file.set(STUDY_DATE, "20170929"));
    bench.with_files("both dates", "the date of study", later, |file| {
        file.set(STUDY_DATE, "20170929");
        file.set(SERIES_DATE, "20170929");
    });
    // Written anew, as it was.
    let path = bench.images(CT).join("IM021.dcm");
    Dicom::read(&path).write(&path);
    fs::rename(&path, bench.images(CT).join("renamed.dcm")).expect("it is renamed");
    bench.passes("packed again and renamed");
}

#[test]
fn every_change_of_the_case_itself_is_named() {
    let case = fs::read(sample("case.json")).expect("the sample");
    let bench = Bench::new(vec![CT, LATER], serde_json::from_slice(&case).expect("JSON"));
    bench.with_case("emptied", "nothing was recorded", |case| case["recorded"] = json!([]));
    bench.with_case("without records", "nothing was recorded", |case| {
        case.as_object_mut().expect("a case").remove("recorded");
    });
    bench.with_case("without records and seal", "nothing was recorded", |case| {
        let case = case.as_object_mut().expect("a case");
        case.remove("recorded");
        case.remove("seal");
    });
    bench.with_case("one record", "the record of measurement 3 is gone", |case| {
        case["recorded"].as_array_mut().expect("records").remove(2);
    });
    bench.with_case("a value of a record", "the record of measurement 1: values", |case| {
        case["recorded"][0]["values"].as_array_mut().expect("values").remove(1);
    });
    bench.with_case("a fact of a record", "the record of measurement 1: facts", |case| {
        case["recorded"][0]["facts"].as_object_mut().expect("facts").remove("kV");
    });
    bench.with_case("the role", "lesion 1: role is not", |case| {
        case["lesions"][0]["role"] = json!("non_target");
    });
    bench.with_case("a node", "lesion 1: node is not", |case| case["lesions"][0]["node"] = json!(true));
    bench.with_case("its name", "lesion 1: name is not", |case| case["lesions"][0]["name"] = json!("other"));
    bench.with_case("an event's day", "event 2: time is not", |case| {
        case["notebook"]["events"][1]["time"]["days"] = json!(7);
    });
    bench.with_case("an event's kind", "event 2: kind is not", |case| {
        case["notebook"]["events"][1]["kind"] = json!("pathology");
    });
    bench.with_case("an event", "event 4 is gone", |case| {
        case["notebook"]["events"].as_array_mut().expect("events").remove(3);
    });
    bench.with_case("the anchor", "the anchor of the course", |case| case["notebook"]["anchor"] = json!(4));
    bench.with_case("a point by a tenth", "measurement 2: points is not", |case| {
        let x = &mut case["measurements"][1]["points"]["points"][0][0];
        *x = json!(x.as_f64().expect("a number") + 0.1);
    });
    bench.with_case("a label", "measurement 1: label is not", |case| {
        case["measurements"][0]["label"] = json!("second density");
    });
    bench.with_case("its lesion", "measurement 1: lesion is not", |case| {
        case["measurements"][0].as_object_mut().expect("a measurement").remove("lesion");
    });
    bench.with_case("a measurement", "measurement 4 is gone", |case| {
        case["measurements"].as_array_mut().expect("measurements").remove(3);
    });
    bench.with_case("one more", "measurement 9 was added", |case| {
        let mut more = case["measurements"][1].clone();
        more["id"] = json!(9);
        case["measurements"].as_array_mut().expect("measurements").push(more);
    });
    bench.with_case("time points exchanged", "time point 1: studies is not", |case| {
        let studies = [0, 1].map(|at| case["time_points"][at]["studies"].clone());
        case["time_points"][0]["studies"] = studies[1].clone();
        case["time_points"][1]["studies"] = studies[0].clone();
    });
    bench.with_case("day 0", "the time point that days count from", |case| case["day_zero"] = json!(2));
    bench.with_case("a tolerance", "is no plain number", |case| {
        let notes = case["notes"].as_str().expect("notes").replace("#mean~1)", "#mean~100%)");
        case["notes"] = json!(notes);
    });
}

#[test]
fn what_changes_nothing_passes_and_an_older_case_opens() {
    let case = fs::read(sample("case.json")).expect("the sample");
    let bench = Bench::new(vec![CT, LATER], serde_json::from_slice(&case).expect("JSON"));
    // The same in another order and on one line, and the notes with one more sentence.
    let mut turned = serde_json::Map::new();
    for (name, value) in bench.case.as_object().expect("a case").iter().rev() {
        let list = value.as_array().map(|values| Value::Array(values.iter().map(reversed).collect()));
        let value = list.unwrap_or_else(|| reversed(value));
        turned.insert(name.clone(), value);
    }
    turned["notes"] = json!(format!("{}\nOne more sentence.\n", turned["notes"].as_str().expect("notes")));
    let bytes = serde_json::to_vec(&turned).expect("JSON");
    put(bench.folder.path().join("case.json"), &bytes);
    bench.passes("in another order");
    // Of an older program: open, and what was not recorded is said.
    let mut old = bench.case.clone();
    old.as_object_mut().expect("a case").remove("seal");
    for record in old["recorded"].as_array_mut().expect("records") {
        record.as_object_mut().expect("a record").remove("facts");
    }
    bench.put(&old);
    bench.passes("of an older program");
    assert!(bench.verify().1.matches("not recorded").count() >= 5, "{}", bench.verify().1);
}

/// The fields of an object in the other order.
fn reversed(value: &Value) -> Value {
    let Some(fields) = value.as_object() else { return value.clone() };
    Value::Object(fields.iter().rev().map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// A painted mask and a circle on a cut plane, saved by the program.
#[test]
fn every_voxel_of_a_mask_and_every_slice_below_a_plane_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    let truths = truths();
    let mut drive = Drive::open(&[sample(CT)]);
    show(&mut drive, &truths[0]);
    let at = drive.shown().frame.plane.expect("a plane").pixel_from_patient(truths[0].center).0;
    drive.apply(Action::SetBrush(8.0));
    drive.apply(Action::ToggleBall);
    drive.apply(Action::Choose(Tool::Brush));
    drive.apply(Action::Place(FIRST, Pointer::Press(at)));
    drive.apply(Action::Place(FIRST, Pointer::Release(at, Moved::No)));
    drive.apply(Action::SetCut(FIRST, isodense::session::Cut::Coronal));
    drive.apply(Action::PointAt(FIRST, truths[0].center));
    drive.settle();
    let at = drive.shown().frame.plane.expect("a plane").pixel_from_patient(truths[0].center).0;
    drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
    let to = PixelPoint::new(at.column() + 6.0, at.row() + 5.0);
    for pointer in [Pointer::Press(at), Pointer::Move(to), Pointer::Release(to, Moved::Yes)] {
        drive.apply(Action::Place(FIRST, pointer));
    }
    let ids: Vec<_> = drive.session.case().measurements.iter().map(|m| m.id).collect();
    assert_eq!(ids.len(), 2, "a mask and an ellipse");
    for id in ids {
        drive.wait("it has values", |session| session.values(id).is_some_and(Result::is_ok));
    }
    drive.apply(Action::SaveCase(path.clone()));
    let mut case: Value = serde_json::from_slice(&fs::read(&path).expect("saved")).expect("JSON");
    // The copies below, not the sample itself.
    case["sources"][0]["folder"] = json!(CT);
    let bench = Bench::new(vec![CT], case);
    bench.passes("as it was saved");
    assert!(bench.verify().1.contains("as recorded\n"), "{}", bench.verify().1);
    let mask = bench.case["measurements"][0]["mask"]["voxels"]["slices"].clone();
    let middle = mask.as_array().expect("slices").len() / 2;
    // One run a pixel to the left: as many voxels as before.
    bench.with_case("a run of voxels", "measurement 1: mask is not", |case| {
        let runs = &mut case["measurements"][0]["mask"]["voxels"]["slices"][middle]["runs"];
        let mut numbers: Vec<u64> =
            runs.as_str().expect("runs").split_whitespace().map(|n| n.parse().expect("a number")).collect();
        numbers[0] -= 1;
        numbers[2] += 1;
        let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
        *runs = json!(text.join(" "));
    });
    // IM020 and IM022 hold voxels of the mask, but it was begun on IM021.
    for file in ["IM020.dcm", "IM022.dcm"] {
        let one: &[(&str, &[&str])] = &[(CT, &[file])];
        bench.with_files("moved", "DIFFERS", one, |file| moved(file, 0, 0.2));
        bench.with_files("a pixel", "1 lesion mask: DIFFERS: the image's pixels are not", one, |file| {
            let (_, value) = file.find(PIXELS).expect("pixels");
            file.set[value.start] ^= 1;
        });
        bench.with_files("thickness", "slice thickness was 3.0000", one, |file| file.set(THICKNESS, "2.5"));
    }
    bench.with_files(
        "a pixel above",
        "2 ellipse: DIFFERS: the image's pixels are not",
        &[(CT, &["IM036.dcm"])],
        |file| {
            let (_, value) = file.find(PIXELS).expect("pixels");
            file.set[value.start] ^= 1;
        },
    );
    bench.exchanges("positions", "DIFFERS", CT, ["IM020.dcm", "IM022.dcm"], POSITION);
}
