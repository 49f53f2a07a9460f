//! A command that is stopped leaves nothing half written, and what a crash leaves is cleared by the next run.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use isodense::case::Case;
use isodense::files::{PART_PREFIX, PART_SUFFIX, Target, write_whole};
use isodense::store::{load_case, save_case, write_atomic};
use isodense::view::Slice;
use tempfile::TempDir;

use crate::{FOLDER, image_called, sample};

/// A case whose report has a figure, and its images.
fn case() -> &'static Path {
    static CASE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = CASE.get_or_init(|| {
        let root = tempfile::tempdir().unwrap();
        let series = root.path().join(FOLDER);
        std::fs::create_dir(&series).unwrap();
        let mut case: Case = load_case(&sample().join("case.json")).unwrap();
        let figure = std::sync::Arc::make_mut(&mut case.figures[0]);
        figure.panels.truncate(1);
        let Slice::Acquired(shown) = &figure.panels[0].view.slice else { panic!("a slice") };
        let image = image_called(FOLDER, shown.sop_instance.as_str());
        std::fs::copy(&image, series.join("IM001.dcm")).unwrap();
        case.figures.truncate(1);
        case.measurements.clear();
        case.sources.retain(|source| source.folder == FOLDER);
        "# A report\n\nFigure 1 shows it.\n".clone_into(&mut case.notes);
        let path = root.path().join("case.json");
        save_case(&path, &case).unwrap();
        (root, path)
    });
    path
}

fn start(arguments: &[OsString]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isodense"));
    command.args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn report(to: &Path, more: &[&str]) -> Vec<OsString> {
    let first = ["report".into(), case().into(), "-o".into(), to.into()];
    first.into_iter().chain(more.iter().map(OsString::from)).collect()
}

/// All that is in a folder, and in what is in it.
fn all_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_in(&path));
        }
        found.push(path);
    }
    found
}

fn parts(folder: &Path) -> Vec<PathBuf> {
    let is_part = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(PART_PREFIX);
    all_in(folder).into_iter().filter(is_part).collect()
}

/// Sends a signal by its name and waits for the end.
fn end(child: &mut Child, signal: &str) -> ExitStatus {
    let id = child.id().to_string();
    // The process may have ended by itself.
    let _sent =
        Command::new("kill").args([&format!("-{signal}"), &id]).stderr(Stdio::null()).status().unwrap();
    child.wait().unwrap()
}

/// How long one report takes here.
fn one_report() -> Duration {
    static LENGTH: OnceLock<Duration> = OnceLock::new();
    *LENGTH.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let began = Instant::now();
        let mut child = start(&report(&folder.path().join("r.md"), &[]));
        assert!(child.wait().unwrap().success());
        assert_eq!(parts(folder.path()), Vec::<PathBuf>::new());
        began.elapsed()
    })
}

#[test]
fn a_signal_at_any_moment_leaves_no_part_and_no_half_report() {
    const TIMES: u32 = 30;
    let length = one_report();
    let (mut stopped, mut done) = (0, 0);
    for turn in 0..TIMES {
        let folder = tempfile::tempdir().unwrap();
        let (signal, code) = [("TERM", 143), ("INT", 130), ("HUP", 129)][turn as usize % 3];
        let mut child = start(&report(&folder.path().join("r.md"), &[]));
        // Towards the end, where files are written, and a little beyond it.
        std::thread::sleep(length * (20 + turn * 3) / 100);
        let status = end(&mut child, signal);
        let there = all_in(folder.path());
        match status.code() {
            Some(0) => {
                done += 1;
                assert!(folder.path().join("r.md").is_file());
            }
            Some(answer) => {
                stopped += 1;
                assert_eq!(answer, code, "{signal}");
                // The very last moment: all is there, and the program was about to say so.
                let whole = folder.path().join("r.md").is_file();
                assert!(whole || there.is_empty(), "turn {turn}, {signal}: {there:?}");
            }
            // Before the program listened there was nothing to clear.
            None => {
                stopped += 1;
                assert!(there.is_empty(), "{there:?}");
            }
        }
        assert!(parts(folder.path()).is_empty(), "turn {turn}, {signal}: {there:?}");
    }
    assert!(stopped > 3, "{stopped} were stopped, {done} were done");
}

#[test]
fn what_a_killed_run_left_is_cleared_by_the_next_one_in_that_folder() {
    const TIMES: u32 = 24;
    let length = one_report();
    let folder = tempfile::tempdir().unwrap();
    let (mut killed, mut left) = (0, 0);
    for turn in 0..TIMES {
        let mut child = start(&report(&folder.path().join("r.md"), &["--overwrite"]));
        std::thread::sleep(length * (40 + turn * 3) / 100);
        killed += u32::from(end(&mut child, "KILL").code().is_none());
        left += parts(folder.path()).len();
    }
    // By chance none may have left a part: these are what a killed run leaves.
    for place in [folder.path().to_owned(), folder.path().join("r-figures")] {
        std::fs::create_dir_all(&place).unwrap();
        File::create(place.join(format!("{PART_PREFIX}abc123{PART_SUFFIX}"))).unwrap();
    }
    let mut child = start(&report(&folder.path().join("r.md"), &["--overwrite"]));
    assert!(child.wait().unwrap().success());
    assert!(
        parts(folder.path()).is_empty(),
        "{killed} killed, {left} parts left: {:?}",
        parts(folder.path())
    );
    assert!(killed > 3, "{killed} were killed");
}

#[test]
fn the_part_of_a_living_writer_stays_and_becomes_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let slow = folder.path().join("slow.txt");
    let written = write_whole(Target::new(&slow), |file| {
        let mine = parts(folder.path());
        assert_eq!(mine.len(), 1);
        // Another process writes in this folder meanwhile, and clears what is nobody's.
        let stray = folder.path().join(format!("{PART_PREFIX}nobody{PART_SUFFIX}"));
        File::create(&stray).unwrap();
        let mut child = start(&report(&folder.path().join("r.md"), &[]));
        assert!(child.wait().unwrap().success());
        assert!(!stray.exists());
        assert_eq!(parts(folder.path()), mine);
        std::io::Write::write_all(file, b"whole")
    });
    written.unwrap();
    assert_eq!(std::fs::read(&slow).unwrap(), b"whole");
    assert!(parts(folder.path()).is_empty());
}

#[test]
fn files_that_are_written_at_once_in_one_folder_all_come_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..200).map(|number| folder.path().join(format!("{number}.txt"))).collect();
    std::thread::scope(|scope| {
        for some in paths.chunks(50) {
            scope.spawn(move || {
                for path in some {
                    write_whole(Target::new(path), |file| std::io::Write::write_all(file, b"x")).unwrap();
                }
            });
        }
    });
    assert_eq!(all_in(folder.path()).len(), 200);
}

#[test]
fn a_report_that_fails_takes_its_folder_with_it() {
    let folder = tempfile::tempdir().unwrap();
    // A limit on the size of files stands for a full disk: the text is written last, and fits; a picture does not.
    let path = folder.path().join("r.md");
    let words: Vec<OsString> = report(&path, &[]);
    let done = Command::new("bash")
        // The signal that comes with the limit is ignored: writing fails, as on a full disk.
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "bash", env!("CARGO_BIN_EXE_isodense")])
        .args(&words)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(all_in(folder.path()), Vec::<PathBuf>::new());
    // What was there before stays.
    std::fs::create_dir(folder.path().join("r-figures")).unwrap();
    write_atomic(&folder.path().join("r-figures/mine.png"), b"mine").unwrap();
    let again = Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "bash", env!("CARGO_BIN_EXE_isodense")])
        .args(&words)
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(all_in(folder.path()).len(), 2);
}

#[test]
fn a_signal_that_the_shell_ignores_stays_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.md");
    let mut child = Command::new("bash")
        .args(["-c", "trap '' HUP; exec \"$@\"", "bash", env!("CARGO_BIN_EXE_isodense")])
        .args(report(&path, &[]))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(one_report() / 3);
    assert!(end(&mut child, "HUP").success());
    assert!(path.is_file());
}

#[test]
fn the_sample_says_that_it_writes_and_can_be_stopped() {
    // A busy machine may let it end before anybody looks: then once more.
    let stopped = (0..5).find_map(|_| {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(&["sample".into(), folder.path().into()]);
        let began = Instant::now();
        while !all_in(folder.path()).iter().any(|path| path.extension().is_some_and(|end| end == "dcm")) {
            assert!(began.elapsed() < Duration::from_mins(2), "nothing is written");
            std::thread::sleep(Duration::from_millis(20));
        }
        let code = end(&mut child, "INT").code();
        (code != Some(0)).then_some((folder, child, code))
    });
    let (folder, mut child, code) = stopped.expect("it is stopped while it writes");
    assert_eq!(code, Some(130));
    assert!(parts(folder.path()).is_empty());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(said.contains("writing the sample case into"), "{said}");
    // What is there is whole: the first file is what the program writes.
    let images =
        all_in(folder.path()).into_iter().filter(|path| path.extension().is_some_and(|end| end == "dcm"));
    for image in images {
        let series = image.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let name = image.file_name().unwrap();
        let kept = sample().join(series).join(name);
        assert!(std::fs::read(&image).unwrap() == std::fs::read(kept).unwrap(), "{}", image.display());
    }
}
