//! The same from the command line, and the bundled sample.

use std::ffi::OsString;
use std::path::Path;

use isodense::cli::{self, Outcome};
use isodense::session::Action;

use crate::desk::Desk;
use crate::files::assert_clean;

pub(crate) fn isodense(words: &[&str]) -> (u8, String) {
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
    let title = "blocked: title: the patient's name: \u{201c}Meningioma of [\u{2026}]\u{201d} (name:";
    assert!(blocked[0].starts_with(title), "{said}");
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

#[test]
fn pictures_films_and_tables_pass_the_gate_from_the_command_line_too() {
    let mut desk = Desk::open(&[(0x0028_0301, "CS", "YES")]);
    desk.show(crate::desk::DATES[0]);
    let series = desk.session.shown(crate::desk::VIEWPORT).unwrap().series.info.uid.as_str().to_owned();
    let images = desk.folder.path().join("images");
    let output = desk.folder.path().join("Quixote.png");
    let (images, output) = (images.to_str().unwrap(), output.to_str().unwrap());
    let picture = ["render", images, "--series", &series, "--slice", "2", "-o", output];
    let plane = ["render", images, "--series", &series, "--plane", "coronal", "-o", output];
    let film = ["cine", images, "--series", &series, "-o", output];
    for (words, place) in [(&picture[..], "image"), (&plane[..], "image"), (&film[..], "images")] {
        let (code, said) = isodense(words);
        assert_eq!((code, Path::new(output).exists()), (1, false), "{said}");
        let blocked: Vec<&str> = said.lines().filter(|line| line.starts_with("blocked: ")).collect();
        assert_eq!(blocked.len(), 2, "{said}");
        let name = "blocked: file name: the patient's name: \u{201c}[\u{2026}]\u{201d} (name:";
        assert!(blocked[0].starts_with(name), "{said}");
        let burned_in =
            format!("blocked: {place}: the file's flag says that text is burned into the image (");
        assert!(blocked[1].starts_with(&burned_in), "{said}");
        assert_clean("what is said", said.replace(output, "").as_bytes());
        let keys = blocked.iter().map(|line| line.rsplit_once('(').unwrap().1.trim_end_matches(')'));
        let kept: Vec<&str> = words.iter().copied().chain(keys.flat_map(|key| ["--keep", key])).collect();
        let (code, said) = isodense(&kept);
        assert_eq!((code, Path::new(output).exists()), (0, true), "{said}");
        std::fs::remove_file(output).unwrap();
    }
}

#[test]
fn a_table_leaves_with_uids_only_on_purpose() {
    let mut desk = Desk::with_figure(&[]);
    desk.type_everywhere();
    let case = desk.folder.path().join("images/case.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    let table = desk.folder.path().join("table.csv");
    let (case, output) = (case.to_str().unwrap(), table.to_str().unwrap());
    let (code, said) = isodense(&["measure", case, "--table", output]);
    assert_eq!((code, table.exists()), (1, false), "{said}");
    let blocked: Vec<&str> = said.lines().filter(|line| line.starts_with("blocked: ")).collect();
    assert!(
        blocked.len() == 2 && blocked[0].contains("words of measurement 1: the number of the order"),
        "{said}"
    );
    assert!(blocked[1].contains("columns of UIDs"), "{said}");
    let key = blocked[0].rsplit_once('(').unwrap().1.trim_end_matches(')');
    let (code, said) = isodense(&["measure", case, "--table", output, "--without-uids", "--keep", key]);
    assert_eq!(code, 0, "{said}");
    let written = std::fs::read_to_string(&table).unwrap();
    assert!(written.contains("density ACC-55021") && !written.contains("series_uid"), "{written}");
}
