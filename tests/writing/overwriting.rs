//! Nothing of anybody's is overwritten: every command that writes, over everything that may stand under a name.

use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use isodense::store::{load_case, save_case, write_atomic};
use tempfile::TempDir;

use crate::{FOLDER, image_called, sample};

/// A case with its images, which are open when a command writes, and other files that are not.
struct Desk {
    root: TempDir,
    image: PathBuf,
    case: PathBuf,
    series: String,
}

fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| {
        let root = tempfile::tempdir().unwrap();
        let series = root.path().join(FOLDER);
        std::fs::create_dir(&series).unwrap();
        let mut case = load_case(&sample().join("case.json")).unwrap();
        let drawn_on = case.measurements[0].points.drawn_on().unwrap().sop_instance.as_str().to_owned();
        let image = image_called(FOLDER, &drawn_on);
        let number: usize = image.file_stem().unwrap().to_str().unwrap()[2..].parse().unwrap();
        for number in number - 1..=number + 1 {
            let name = format!("IM{number:03}.dcm");
            std::fs::copy(sample().join(FOLDER).join(&name), series.join(name)).unwrap();
        }
        let image = series.join(image.file_name().unwrap());
        case.measurements.truncate(2);
        case.sources.retain(|source| source.folder == FOLDER);
        case.figures.truncate(1);
        if let Some(figure) = case.figures.first_mut() {
            let figure = std::sync::Arc::make_mut(figure);
            figure.panels.truncate(1);
        }
        "# A report\n\nNothing to see.\n".clone_into(&mut case.notes);
        let path = root.path().join("case.json");
        save_case(&path, &case).unwrap();
        let series = isodense::cli::open(std::slice::from_ref(&image)).series[0].info.uid.as_str().to_owned();
        Desk { root, image, case: path, series }
    })
}

/// A command and the endings of the names that it takes.
fn commands() -> Vec<(&'static str, Vec<OsString>, Vec<&'static str>)> {
    let desk = desk();
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let with =
        |first: &str, path: &Path, rest: &[&str]| [words(&[first]), vec![path.into()], words(rest)].concat();
    let (case, image, series) = (desk.case.as_path(), desk.image.as_path(), desk.series.as_str());
    vec![
        ("table", with("measure", case, &["--without-uids", "--table"]), vec!["csv", "json"]),
        ("render", with("render", image, &["--width-px", "64", "-o"]), vec!["png", "tif", "jpg"]),
        ("figure", with("figure", case, &["--dpi", "72", "-o"]), vec!["pdf", "svg", "png"]),
        ("report", with("report", case, &["-o"]), vec!["md", "html", "docx", "pdf"]),
        ("timeline", with("report", case, &["--timeline", "-o"]), vec!["csv", "json", "svg", "png"]),
        ("montage", with("montage", image, &["--series", series, "--dpi", "72", "-o"]), vec!["pdf", "png"]),
        ("cine", with("cine", image, &["--series", series, "--width-px", "64", "-o"]), vec!["gif", "png"]),
    ]
}

fn run(arguments: &[OsString]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isodense"));
    command.args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let done = command.output().unwrap();
    (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
}

/// Puts something under a name; the file whose bytes must stay, and a word that the refusal needs.
type Put = fn(&Path) -> (PathBuf, &'static str);

fn without_preamble() -> Vec<u8> {
    std::fs::read(&desk().image).unwrap()[132..].to_vec()
}

fn link(path: &Path, to: &Path, hard: bool) -> PathBuf {
    if hard { std::fs::hard_link(to, path) } else { symlink(to, path) }.unwrap();
    to.to_owned()
}

fn closed(path: &Path) -> PathBuf {
    let other = path.with_extension("other");
    write_atomic(&other, &std::fs::read(sample().join(FOLDER).join("IM003.dcm")).unwrap()).unwrap();
    other
}

/// What is never overwritten, whatever the command says.
const NEVER: [(&str, Put); 17] = [
    ("the case by a link", |path| (link(path, &desk().case, false), "case")),
    ("the case by a hard link", |path| (link(path, &desk().case, true), "case")),
    ("a copy of a case", |path| {
        write_atomic(path, &std::fs::read(&desk().case).unwrap()).unwrap();
        (path.to_owned(), "case")
    }),
    ("an open image by a link", |path| (link(path, &desk().image, false), "never overwritten")),
    ("an open image by a hard link", |path| (link(path, &desk().image, true), "never overwritten")),
    ("a closed image", |path| {
        write_atomic(path, &std::fs::read(sample().join(FOLDER).join("IM003.dcm")).unwrap()).unwrap();
        (path.to_owned(), "DICOM")
    }),
    ("a closed image by a link", |path| (link(path, &closed(path), false), "DICOM")),
    ("a closed image by a hard link", |path| (link(path, &closed(path), true), "DICOM")),
    ("DICOM without a preamble", |path| {
        write_atomic(path, &without_preamble()).unwrap();
        (path.to_owned(), "DICOM")
    }),
    ("DICOM without a preamble and meta information", |path| {
        let explicit = b"\x08\0\x05\0CS\x0a\0ISO_IR 100\x08\0\x60\0CS\x02\0MR\x28\0\x10\0US\x02\0\x01\0";
        write_atomic(path, explicit).unwrap();
        (path.to_owned(), "DICOM")
    }),
    ("DICOM of the old kind, implicit", |path| {
        let implicit =
            b"\x08\0\x00\0\x04\0\0\0\x12\0\0\0\x08\0\x60\0\x02\0\0\0MR\x28\0\x10\0\x02\0\0\0\x01\0";
        write_atomic(path, implicit).unwrap();
        (path.to_owned(), "DICOM")
    }),
    ("a DICOMDIR", |path| {
        let index = [&[0; 128][..], b"DICM\x02\0\0\0UL\x04\0\0\0\0\0\x04\0\x30\x11CS\x04\0DISC"].concat();
        write_atomic(path, &index).unwrap();
        (path.to_owned(), "DICOM")
    }),
    ("an archive", |path| {
        write_atomic(path, b"PK\x03\x04\x14\0\0\0\0\0images/1.dcm").unwrap();
        (path.to_owned(), "archive")
    }),
    ("a folder", |path| {
        std::fs::create_dir(path).unwrap();
        write_atomic(&path.join("in it"), b"mine").unwrap();
        (path.join("in it"), "folder")
    }),
    ("a pipe", |path| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        (PathBuf::new(), "device, a pipe")
    }),
    ("a device", |path| {
        symlink("/dev/null", path).unwrap();
        (PathBuf::new(), "device, a pipe")
    }),
    ("a socket", |path| {
        drop(std::os::unix::net::UnixListener::bind(path).unwrap());
        (PathBuf::new(), "device, a pipe")
    }),
];

/// What stays unless the command says that it is replaced.
const UNLESS_TOLD: [(&str, Put); 3] = [
    ("somebody's file", |path| {
        write_atomic(path, b"somebody's").unwrap();
        (path.to_owned(), "--overwrite")
    }),
    ("an empty file", |path| {
        write_atomic(path, b"").unwrap();
        (path.to_owned(), "--overwrite")
    }),
    ("somebody's file by a link", |path| {
        let other = path.with_extension("other");
        write_atomic(&other, b"somebody's").unwrap();
        (link(path, &other, false), "--overwrite")
    }),
];

/// What a file is like before and after.
fn state(path: &Path) -> (Vec<u8>, u64, u64, i64) {
    if path.as_os_str().is_empty() {
        return (Vec::new(), 0, 0, 0);
    }
    let about = std::fs::metadata(path).unwrap();
    (std::fs::read(path).unwrap(), about.ino(), about.nlink(), about.mtime_nsec())
}

/// Tries one command over one thing; what is wrong with how it went.
fn tried(what: &str, arguments: &[OsString], ending: &str, put: Put, overwrite: bool) -> Option<String> {
    // On the same disk as the case: a hard link does not leave it.
    let folder = tempfile::tempdir_in(desk().root.path()).unwrap();
    let path = folder.path().join(format!("out.{ending}"));
    let (kept, word) = put(&path);
    let before = (state(&kept), std::fs::symlink_metadata(&path).unwrap().ino());
    let more = if overwrite { vec![OsString::from("--overwrite")] } else { Vec::new() };
    let (code, err) = run(&[arguments, &[path.clone().into()], &more].concat());
    let after = (state(&kept), std::fs::symlink_metadata(&path).unwrap().ino());
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let tidy = left.iter().all(|name| name == path.file_name().unwrap() || Some(&**name) == kept.file_name());
    let said = err.contains(word) && err.contains("out.");
    let well = code == 1 && before == after && tidy && said;
    (!well).then(|| {
        format!(
            "{what}, overwrite {overwrite}, .{ending}: exit {code}, same {}, {left:?}: {err}",
            before == after
        )
    })
}

#[test]
fn no_command_overwrites_what_is_not_its_own() {
    let (mut tries, mut wrong) = (0, Vec::new());
    for (command, arguments, endings) in commands() {
        for (turn, (what, put)) in NEVER.iter().chain(&UNLESS_TOLD).enumerate() {
            // Every kind of file meets every command, if not under every ending.
            let ending = endings[turn % endings.len()];
            let never = turn < NEVER.len();
            for overwrite in [false, true].into_iter().filter(|overwrite| never || !overwrite) {
                tries += 1;
                wrong.extend(tried(&format!("{command} over {what}"), &arguments, ending, *put, overwrite));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tries}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(tries, 7 * (17 * 2 + 3));
}

/// The names of the case and of an image as they are.
#[test]
fn the_case_and_its_images_stay_under_their_own_names_and_other_spellings() {
    let desk = desk();
    let dotted = desk.root.path().join(FOLDER).join("..").join("case.json");
    let before = (state(&desk.case), state(&desk.image));
    let table: Vec<OsString> =
        ["measure".into(), desk.case.clone().into(), "--without-uids".into(), "--table".into()].to_vec();
    for path in [&desk.case, &dotted, &desk.image] {
        for more in [vec![], vec!["--overwrite".into()]] {
            let (code, err) = run(&[table.clone(), vec![path.into()], more].concat());
            assert!(code == 1 && err.contains("choose another name"), "{code} {err}");
        }
    }
    assert_eq!(before, (state(&desk.case), state(&desk.image)));
}

#[test]
fn every_command_may_be_said_twice_and_replaces_when_told() {
    for (command, arguments, endings) in commands() {
        for ending in endings {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("out.{ending}"));
            let whole = [arguments.as_slice(), &[path.clone().into()]].concat();
            for turn in 0..2 {
                let (code, err) = run(&whole);
                assert_eq!(code, 0, "{command}, .{ending}, turn {turn}: {err}");
            }
            let written = std::fs::read(&path).unwrap();
            write_atomic(&path, b"somebody's").unwrap();
            let (code, err) = run(&[whole.as_slice(), &["--overwrite".into()]].concat());
            assert_eq!(code, 0, "{command}, .{ending}: {err}");
            assert_eq!(std::fs::read(&path).unwrap(), written, "{command}, .{ending}");
        }
    }
}

#[test]
fn the_sample_leaves_what_is_there_as_it_is() {
    let small = |name: &str, bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_atomic(&path, bytes).unwrap();
        let before = state(&path);
        let (code, err) = run(&["sample".into(), folder.path().into()]);
        assert_eq!((code, state(&path) == before), (1, true), "{name}: {err}");
        assert!(err.contains("name a new or empty folder") && err.contains(name), "{err}");
    };
    let mut case = load_case(&sample().join("case.json")).unwrap();
    case.notes.push_str("An afternoon's work.");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edited.json");
    save_case(&path, &case).unwrap();
    small("case.json", &std::fs::read(&path).unwrap());
    small("truth.json", b"{}");
    small(&format!("{FOLDER}/IM001.dcm"), &std::fs::read(sample().join(FOLDER).join("IM008.dcm")).unwrap());
    small(&format!("{FOLDER}/IM001.dcm"), b"no image at all");
    // A place where its own folder should be.
    small(FOLDER, b"a file");
}
