//! The same from the command line, and the bundled sample.

use std::ffi::OsString;
use std::path::Path;

use isodense::cli::{self, Outcome};
use isodense::session::Action;

use crate::desk::Desk;
use crate::files::assert_clean;

fn isodense(words: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["isodense"].iter().chain(words).map(OsString::from);
    let Outcome::Exit(code) = cli::run(words, &mut out, &mut err, false) else { panic!("a window") };
    (code, String::from_utf8([out, err].concat()).unwrap())
}

#[test]
fn each_open_finding_is_printed_and_kept_by_its_key() {
    let mut desk = Desk::with_figure(&[]);
    desk.type_everywhere();
    let case = desk.folder.path().join("images/case.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    let before = std::fs::read(&case).unwrap();
    let output = desk.folder.path().join("figure.png");
    let (case, output) = (case.to_str().unwrap(), output.to_str().unwrap());
    let (code, said) = isodense(&["figure", case, "-o", output, "--dpi", "96"]);
    assert_eq!((code, Path::new(output).exists()), (1, false), "{said}");
    let blocked: Vec<&str> = said.lines().filter(|line| line.starts_with("blocked: ")).collect();
    assert_eq!(blocked.len(), 8, "{said}");
    assert!(blocked[0].starts_with("blocked: title: the patient's name (name:title:"), "{said}");
    assert!(said.ends_with("Replace each, or keep it on purpose: --keep KEY\n"), "{said}");
    assert_clean("what is said", said.as_bytes());
    let keys = blocked.iter().map(|line| line.rsplit_once('(').unwrap().1.trim_end_matches(')'));
    let mut words = vec!["figure", case, "-o", output, "--dpi", "96"];
    words.extend(keys.flat_map(|key| ["--keep", key]));
    let (code, said) = isodense(&words[..words.len() - 2]);
    assert_eq!((code, said.matches("blocked: ").count()), (1, 1), "{said}");
    let (code, said) = isodense(&words);
    assert_eq!((code, Path::new(output).exists()), (0, true), "{said}");
    assert_eq!(std::fs::read(case).unwrap(), before, "what is kept is kept for this file");
    let (code, said) = isodense(&["figure", case, "-o", output, "--keep", "name:title:zzzz"]);
    assert!(code == 1 && said.starts_with("note: --keep name:title:zzzz: nothing"), "{said}");
}

#[test]
fn the_figure_of_the_sample_says_nothing_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    isodense::sample::write_case_file(folder.path()).unwrap();
    let case = folder.path().join("case.json");
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom");
    let output = folder.path().join("f.png");
    let (case, output) = (case.to_str().unwrap(), output.to_str().unwrap());
    let words = ["figure", case, "-o", output, "--dpi", "60", "--data", images.to_str().unwrap()];
    let (code, said) = isodense(&words);
    assert_eq!(code, 0, "{said}");
    assert!(Path::new(output).exists() && !said.contains("blocked"), "{said}");
}
