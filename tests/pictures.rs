//! Pictures that are not DICOM join a case, are calibrated and measured, stand in figures, and bring nothing along.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic and leave half a file")]

#[path = "pictures/disk.rs"]
mod disk;
#[path = "pictures/drive.rs"]
mod drive;
#[path = "pictures/photo.rs"]
mod photo;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use glam::DVec2;
use isodense::case::figure::FileKind;
use isodense::case::{CasePicture, Edit, Kind, Measurement, Panel, Points};
use isodense::geometry::{Mm, PixelPoint};
use isodense::image::Samples;
use isodense::session::{Action, FigureAction, FigureOptions, Session, legend_words};
use isodense::view::ViewportSize;

use drive::{FIRST, add, says, session, settle, shown, wait};
use photo::{HEIGHT, PLANTED, WIDTH, assert_clean, jpeg};

/// A line of 250 pixels is 1 mm long: a pixel is 4 µm wide.
const LINE_PX: f64 = 250.0;

fn photograph(root: &Path) -> PathBuf {
    let path = root.join(format!("{PLANTED}.jpg"));
    jpeg(&path, 180);
    path
}

/// Draws a line of 250 pixels on the picture shown and says that it is 1 mm long.
fn calibrate(session: &mut Session) {
    let frame = Arc::clone(shown(session).frame);
    let points = [50.0, 50.0 + LINE_PX].map(|column| PixelPoint(DVec2::new(column, 200.0)));
    let points = Points::drawn(&frame, &shown(session).series.space, &points);
    session.apply(Action::Commit(Edit::Add(Measurement::new(Kind::Length, points))));
    let line = session.case().measurements.last().unwrap().id;
    session.apply(Action::Select(Some(line)));
    session.apply(Action::Calibrate(Mm(1.0)));
}

fn describe(session: &mut Session) {
    let picture = CasePicture {
        caption: "Haematoxylin and eosin stain".to_owned(),
        magnification: "x200".to_owned(),
        ..CasePicture::clone(&session.case().pictures[0])
    };
    session.apply(Action::Commit(Edit::ChangePicture(picture)));
}

/// The picture shown as the only panel of a figure, with a scale bar.
fn compose(session: &mut Session) {
    session.apply(Action::Figure(FigureAction::New));
    session.apply(Action::Figure(FigureAction::Send(FIRST)));
    let mut figure = session.figure().unwrap().as_ref().clone();
    let panel = Panel { scale_bar: true, ..Panel::clone(&figure.panels[0]) };
    figure.panels[0] = Arc::new(panel);
    session.apply(Action::Figure(FigureAction::Change(Arc::new(figure), "add scale bar")));
    settle(session);
}

/// A photograph may show a face: it leaves when somebody says so.
fn keep(session: &mut Session) {
    let figure = Arc::clone(session.figure().unwrap());
    let gate = session.figure_findings(&figure, None);
    let open: Vec<String> = gate.open().map(|finding| finding.key.clone()).collect();
    assert!(gate.findings.iter().any(|finding| finding.what.contains("a photograph may show")));
    for key in open {
        session.apply(Action::Figure(FigureAction::Keep(key)));
    }
}

fn export(session: &mut Session, path: &Path, kind: FileKind) {
    let id = session.figure().unwrap().id;
    keep(session);
    let options = FigureOptions { kind, dpi: Some(300.0), width_mm: None };
    session.apply(Action::Figure(FigureAction::Export(id, path.to_owned(), options)));
    wait(session, "the figure is written", |session| session.writing().is_none());
    session.written().unwrap().as_ref().unwrap();
}

/// A case with a described and calibrated picture and a figure of it, saved as `case/case.json`.
fn saved_case(root: &Path) -> PathBuf {
    let photo = photograph(root);
    let case = root.join("case/case.json");
    fs::create_dir_all(root.join("case")).unwrap();
    let mut session = session(Some(&root.join("state")));
    session.apply(Action::Resized(FIRST, ViewportSize { width: 800, height: 600 }));
    add(&mut session, &photo);
    describe(&mut session);
    calibrate(&mut session);
    compose(&mut session);
    keep(&mut session);
    session.apply(Action::SaveCase(case.clone()));
    assert!(says(&session, "The case was saved."), "{:?}", session.notices());
    assert!(!session.has_unsaved_changes());
    session.close();
    case
}

/// Runs the program without a window; its exit code and what it printed.
fn isodense(arguments: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = ["isodense"].iter().chain(arguments).map(|word| word.to_string().into());
    let code = match isodense::cli::run(all, &mut out, &mut err, false) {
        isodense::cli::Outcome::Exit(code) => code,
        isodense::cli::Outcome::Window(_) => panic!("a window"),
    };
    (code, String::from_utf8([out, err].concat()).unwrap())
}

#[test]
fn a_photograph_joins_the_case_without_what_its_camera_wrote() {
    let root = tempfile::tempdir().unwrap();
    let (photo, state) = (photograph(root.path()), root.path().join("state"));
    let original = fs::read(&photo).unwrap();
    let mut session = session(Some(&state));
    add(&mut session, &photo);
    assert!(says(&session, "was added to the case.") && says(&session, "GPS"), "{:?}", session.notices());
    assert!(!says(&session, PLANTED));
    let picture = Arc::clone(&session.case().pictures[0]);
    assert_eq!((picture.width, picture.height), (u32::from(WIDTH), u32::from(HEIGHT)));
    let shown = shown(&session);
    assert!(shown.series.is_picture());
    assert_eq!(session.picture_of(shown.series), Some(&picture));
    assert!(shown.frame.spacing.is_none() && shown.frame.plane.is_none());
    let samples: &Samples = session.samples(shown.frame).unwrap();
    let [red, green, blue] = samples.color(120 * usize::from(WIDTH) + 75).unwrap();
    assert!(red.abs_diff(70) < 6 && green.abs_diff(30) < 6 && blue.abs_diff(90) < 6);
    assert!(session.has_unsaved_changes());

    // The same again is the same picture.
    let case = Arc::clone(session.case());
    add(&mut session, &photo);
    assert!(Arc::ptr_eq(&case, session.case()) && says(&session, "in the case already"));

    // Taken back and done again; the file stays.
    session.apply(Action::Undo);
    assert!(session.case().pictures.is_empty() && session.library().browse().is_empty());
    assert!(session.shown(FIRST).is_none());
    session.apply(Action::Redo);
    assert_eq!(session.case().pictures, [picture]);
    assert_eq!(session.library().browse().len(), 1);
    assert_eq!(fs::read(&photo).unwrap(), original, "the reader's file is as it was");
    wait(&mut session, "it is autosaved", |_| {
        fs::read_dir(state.join("autosave"))
            .unwrap()
            .filter_map(Result::ok)
            .any(|entry| entry.path().extension().is_some_and(|ending| ending == "json"))
    });
    assert_clean(&state);
}

#[test]
fn a_drawn_length_gives_a_picture_its_scale_and_a_figure_its_bar_in_micrometres() {
    let root = tempfile::tempdir().unwrap();
    let photo = photograph(root.path());
    let mut session = session(Some(&root.path().join("state")));
    session.apply(Action::Open(vec![photo]));
    settle(&mut session);
    calibrate(&mut session);
    let spacing = shown(&session).frame.spacing.unwrap();
    assert!(
        (spacing.between_columns.0 - 0.004).abs() < 1e-12 && (spacing.between_rows.0 - 0.004).abs() < 1e-12
    );
    let line = session.case().measurements[0].id;
    let values = session.values(line).unwrap().as_ref().unwrap();
    assert!((values[0].value - 1.0).abs() < 1e-9);
    assert!(values[0].unit.label().contains("calibrated by hand"), "{}", values[0].unit.label());
    assert!(session.ledger().columns.is_empty(), "a picture has no date");

    compose(&mut session);
    let figure = Arc::clone(session.figure().unwrap());
    assert_eq!(session.captions(&figure)[0], "Picture");
    describe(&mut session);
    let caption = session.captions(&figure).remove(0);
    assert_eq!(caption, "Haematoxylin and eosin stain, x200");
    assert_eq!(legend_words(&figure, 1, &[caption]), "Figure 1. (a) Haematoxylin and eosin stain, x200.");

    let out = root.path().join("out");
    fs::create_dir(&out).unwrap();
    let (png, svg) = (out.join("figure.png"), out.join("figure.svg"));
    export(&mut session, &png, FileKind::Png);
    export(&mut session, &svg, FileKind::Svg);
    let text = fs::read_to_string(&svg).unwrap();
    assert!(text.contains("500\u{a0}µm"), "the bar is not 500 µm long");
    assert_bar(&png, 0.5);
    assert_clean(&out);
    assert_clean(&root.path().join("state"));
}

/// The scale bar in an exported figure is as long as so many mm of the picture, whose width is 1.6 mm.
fn assert_bar(png: &Path, mm: f64) {
    let mut reader =
        png::Decoder::new(std::io::BufReader::new(fs::File::open(png).unwrap())).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let (width, channels) = (info.width as usize, info.color_type.samples());
    let rows: Vec<&[u8]> = bytes.chunks_exact(width * channels).collect();
    let grey = |row: &[u8], column: usize| row[column * channels..][..3].iter().all(|v| v.abs_diff(180) < 8);
    let white = |row: &[u8], column: usize| row[column * channels..][..3].iter().all(|v| *v > 250);
    // A row through the middle of the picture: it is grey from edge to edge.
    let middle = rows[rows.len() / 2];
    let columns: Vec<usize> = (0..width).filter(|column| grey(middle, *column)).collect();
    let (left, right) = (columns[0], columns[columns.len() - 1]);
    let picture = (right - left + 1) as f64;
    let longest = rows
        .iter()
        .map(|row| {
            let mut runs = vec![0_usize];
            for column in left..=right {
                if white(row, column) {
                    *runs.last_mut().unwrap() += 1;
                } else {
                    runs.push(0);
                }
            }
            runs.into_iter().max().unwrap()
        })
        .max()
        .unwrap();
    let expected = picture * mm / (f64::from(WIDTH) * 0.004);
    assert!((longest as f64 - expected).abs() <= 2.0, "the bar is {longest} px, not {expected:.1}");
}

#[test]
fn pictures_stand_after_the_images_and_leave_their_dates_alone() {
    let root = tempfile::tempdir().unwrap();
    let photo = photograph(root.path());
    let ct = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/2015-05-12_CT");
    let mut session = session(Some(&root.path().join("state")));
    session.apply(Action::Open(vec![photo.clone(), ct]));
    settle(&mut session);
    assert_eq!(session.case().pictures.len(), 1, "what is opened is told apart by its name");
    let order: Vec<bool> = session.library().browse().iter().map(|series| series.is_picture()).collect();
    assert!(order.len() > 1 && order.iter().rev().skip(1).all(|is_picture| !is_picture));
    assert_eq!(session.ledger().columns.len(), 1);
    assert_eq!(session.library().patient_names().len(), order.len() - 1);
    session.apply(Action::CloseImages);
    session.poll();
    assert_eq!(session.library().browse().len(), 1, "the picture belongs to the case");
    assert!(session.library().has_only_pictures());
    session.apply(Action::NewCase);
    assert!(session.library().browse().is_empty());

    // Files that lie about what they are, and that are none.
    let liar = root.path().join("liar.png");
    fs::write(&liar, b"GIF89a and so on").unwrap();
    add(&mut session, &liar);
    assert!(says(&session, "The picture was not added.") && says(&session, "GIF"), "{:?}", session.notices());
    add(&mut session, &root.path().join("nowhere.png"));
    assert!(says(&session, "cannot read the file"));
    assert!(session.case().pictures.is_empty());
    // Without a folder of its own the program has nowhere to put it.
    let mut session = drive::session(None);
    add(&mut session, &photo);
    assert!(says(&session, "Save the case first"));
}
