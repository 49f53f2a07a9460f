use super::*;
use crate::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};
use crate::image::testing::{self, oblique_frame};
use crate::image::{ContrastAgent, Frame, PatientInfo, Phi, StudyInfo, StudyUid};
use glam::DVec3;

/// A series of twelve alike frames, after a change to them.
fn series(date: &str, modality: &str, description: &str, change: impl Fn(&mut Frame)) -> Arc<Series> {
    let mut frame = oblique_frame();
    change(&mut frame);
    let frames = std::iter::repeat_n(Arc::new(frame), 12).collect();
    let mut series = testing::series(&format!("{date} {modality} {description}"), frames);
    series.patient = Arc::new(PatientInfo { id: Phi::new("PID-7741".to_owned()), ..PatientInfo::default() });
    let day = (!date.is_empty()).then(|| date.to_owned());
    series.study = Arc::new(StudyInfo { uid: StudyUid::new(date), date: day, ..(*series.study).clone() });
    series.info.modality = modality.into();
    series.info.description = description.into();
    Arc::new(series)
}

fn plain(_: &mut Frame) {}

/// Nearly axial.
fn axial(frame: &mut Frame) {
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
    let down = DVec3::new(0.0, 0.96, -0.28);
    frame.plane = FramePlane::new(PatientPoint::new(-7.5, 12.25, -31.0), DVec3::X, down, spacing).ok();
}

fn agent(frame: &mut Frame) {
    frame.contrast = ContrastAgent::Given;
}

/// The descriptions of the rows, `-` where a place is empty.
fn rows(all: &[Arc<Series>], active: usize) -> (Vec<String>, Vec<Vec<String>>) {
    let list: Vec<&Arc<Series>> = all.iter().collect();
    let Comparison { dates, rows } = matched(&list, &all[active]);
    let name = |key: &Option<SeriesKey>| {
        let found = all.iter().find(|series| Some(series.key()) == *key);
        found.map_or_else(|| "-".to_owned(), |series| series.info.description.clone())
    };
    (dates, rows.iter().map(|row| row.iter().map(name).collect()).collect())
}

#[test]
fn weightings_and_contrast_are_told_apart_by_words_and_header() {
    let all = [
        series("20200301", "MR", "t1_se_tra", plain),
        series("20200301", "MR", "t1_se_tra_+KM", plain),
        series("20200301", "MR", "T2 FLAIR", plain),
        series("20200301", "MR", "T2 TSE", plain),
        series("20200301", "MR", "localizer 3 plane", plain),
        series("20190105", "MR", "AX T2 FLAIR", plain),
        series("20190105", "MR", "AX T2", plain),
        series("20190105", "MR", "AX T1 POST GD", plain),
        series("20190105", "MR", "AX T1", plain),
        series("20190105", "MR", "Scout", plain),
        series("20190105", "CT", "Head", plain),
    ];
    let (dates, rows) = rows(&all, 1);
    assert_eq!(dates, ["20190105", "20200301"], "the oldest is left");
    let want: [[&str; 2]; 4] = [
        ["AX T1 POST GD", "t1_se_tra_+KM"],
        ["AX T1", "t1_se_tra"],
        ["AX T2 FLAIR", "T2 FLAIR"],
        ["AX T2", "T2 TSE"],
    ];
    assert_eq!(rows[0], want[0], "the active series' row is the first");
    for row in want {
        assert!(rows.iter().any(|found| found == &row), "{row:?} is not among {rows:?}");
    }
    assert_eq!(rows.len(), 4);
}

#[test]
fn the_header_says_contrast_where_words_do_not_and_words_win() {
    let all = [
        series("20200301", "CT", "Thorax", agent),
        series("20200301", "CT", "Thorax nativ", agent),
        series("20190105", "CT", "Chest without contrast", plain),
        series("20190105", "CT", "Chest C+", plain),
    ];
    let (_, found) = rows(&all, 0);
    assert_eq!(found, [["Chest C+", "Thorax"], ["Chest without contrast", "Thorax nativ"]]);
}

#[test]
fn numbers_name_a_weighting_that_words_do_not() {
    let timed = |tr: &str, te: &str| {
        let lines = [("TR".to_owned(), format!("{tr} ms")), ("TE".to_owned(), format!("{te} ms"))];
        move |frame: &mut Frame| frame.technique = Arc::new(lines.clone())
    };
    let all = [
        series("20200301", "MR", "tra 3 mm", timed("520", "9")),
        series("20200301", "MR", "tra 5 mm", timed("4200", "98")),
        series("20190105", "MR", "axial", timed("4000", "102.5")),
        series("20190105", "MR", "axial 2", timed("610", "11")),
    ];
    assert_eq!(rows(&all, 0).1, [["axial 2", "tra 3 mm"], ["axial", "tra 5 mm"]]);
}

#[test]
fn of_several_the_same_direction_is_taken_and_empty_places_stay() {
    let all = [
        series("20200301", "MR", "T1", axial),
        series("20190105", "MR", "T1 a", plain),
        series("20190105", "MR", "T1 b", axial),
        series("20180105", "MR", "T1 c", plain),
        series("20170105", "PT", "FDG", axial),
    ];
    let (dates, rows) = rows(&all, 0);
    assert_eq!(dates, ["20170105", "20180105", "20190105", "20200301"]);
    assert_eq!(rows[0], ["-", "T1 c", "T1 b", "T1"]);
    assert_eq!(rows[1..], [["FDG", "-", "-", "-"], ["-", "-", "T1 a", "-"]]);
}

#[test]
fn of_many_dates_the_latest_and_the_active_one_stay() {
    let dates = ["20150101", "20160101", "20170101", "20180101", "20190101", "20200101"];
    let all: Vec<_> = dates.iter().map(|date| series(date, "CT", &format!("head {date}"), plain)).collect();
    assert_eq!(rows(&all, 5).0, dates[2..]);
    assert_eq!(rows(&all, 0).0, ["20150101", "20180101", "20190101", "20200101"]);
}

#[test]
fn what_the_words_negate_decides_and_the_header_where_they_say_both_or_nothing() {
    let said = |description: &str| sort_parts(&series("20190105", "CT", description, plain)).contrast;
    for words in [
        "Head without contrast",
        "Chest w/o",
        "CT no IV contrast",
        "Thorax nativ",
        "Schädel ohne KM",
        "crâne sans contraste",
        "encefalo senza contrasto",
        "cráneo sin contraste",
        "T1 pre",
        "T1 pre Gd",
        "non-contrast",
        "kein KM",
    ] {
        assert_eq!(said(words), ContrastAgent::None, "{words}");
    }
    for words in [
        "T1 Gd without fat sat",
        "post contrast, no FS",
        "Chest C+",
        "T1+C",
        "Abdomen mit KM",
        "pre-op T1 with contrast",
    ] {
        assert_eq!(said(words), ContrastAgent::Given, "{words}");
    }
    for words in ["Head", "T2 no FS", "Chest with and without contrast", "pre op"] {
        assert_eq!(said(words), ContrastAgent::NotStated, "{words}");
    }
    let header = |description: &str| sort_parts(&series("20190105", "CT", description, agent)).contrast;
    assert_eq!(header("Chest with and without contrast"), ContrastAgent::Given);
    assert_eq!(header("Head"), ContrastAgent::Given);
    assert_eq!(header("Head without contrast"), ContrastAgent::None);
}
