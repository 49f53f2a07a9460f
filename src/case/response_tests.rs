//! Lesions over time: what is compared with what, and what the criteria make of the ledger.

use std::collections::HashMap;

use super::notebook::{Event, EventKind, EventTime, LiveFacts, Notebook, Precision, live_text, lives};
use super::*;
use crate::geometry::PatientPoint;
use crate::image::{Calibration, FrameOfReference, StudyUid};
use crate::response::{Category, Criterion, State};

type Values = Result<Vec<Quantity>, EvaluateError>;

/// A case whose examinations are so many days after the first, and what its measurements are worth.
struct Course {
    case: Case,
    days: Vec<i64>,
    values: HashMap<u32, Values>,
}

const FIRST: LesionId = LesionId(1);

impl Course {
    fn new(days: &[i64]) -> Self {
        let case = Case::default().with(Edit::AddLesion(Lesion::new("tumour"))).unwrap();
        let points = (0..days.len()).map(point).collect();
        let case = case.with(Edit::SetTimePoints(points)).unwrap();
        Self { case, days: days.to_vec(), values: HashMap::new() }
    }

    fn edit(&mut self, edit: Edit) {
        self.case = self.case.with(edit).unwrap();
    }

    /// Draws a size of these axes: one is a line, two are across each other, the third is across their plane.
    fn draw(&mut self, lesion: LesionId, at: usize, axes: &[f64]) -> MeasurementId {
        let (kind, count) = [(Kind::Length, 2), (Kind::Bidirectional, 4), (Kind::Size, 6)][axes.len() - 1];
        let place = |at: usize| PatientPoint::new(at as f64, 2.0, 3.5);
        let points = Points::Patient {
            space: FrameOfReference::Declared("1.2".into()),
            points: (0..count).map(place).collect(),
            drawn_on: None,
        };
        let drawn =
            Measurement { lesion: Some(lesion), study: Some(study(at)), ..Measurement::new(kind, points) };
        let id = self.case.free_id();
        self.edit(Edit::Add(drawn));
        let length = QuantityUnit::Length(Calibration::InPatient);
        let kinds = [QuantityKind::Length, QuantityKind::ShortAxis, QuantityKind::ThirdAxis];
        let mut values: Vec<Quantity> = kinds
            .into_iter()
            .zip(axes)
            .map(|(kind, value)| Quantity { kind, value: *value, unit: length.clone() })
            .collect();
        if let [a, b, ..] = axes {
            let unit = QuantityUnit::Area(Calibration::InPatient);
            values.push(Quantity { kind: QuantityKind::Product, value: a * b, unit });
        }
        self.values.insert(id.0, Ok(values));
        id
    }

    fn operate(&mut self, days: i64, precision: Precision) {
        let mut notebook = Notebook::clone(&self.case.notebook);
        let time = EventTime { from: Some(study(0)), days, precision };
        notebook.push(Event::new(EventKind::Operation, "First operation, total", time));
        self.edit(Edit::ChangeNotebook(notebook.into(), "operate"));
    }

    fn read(&mut self, at: u32, reading: Reading) {
        self.edit(Edit::Read(FIRST, TimePointId(at + 1), Some(reading)));
    }

    fn ledger(&self) -> Ledger {
        let day = chrono::NaiveDate::from_ymd_opt(2015, 5, 12).unwrap();
        let visits: Vec<Visit> = self
            .days
            .iter()
            .enumerate()
            .map(|(at, days)| {
                let date = (day + chrono::TimeDelta::days(*days)).format("%Y%m%d").to_string();
                Visit { patient: None, date: Some(date), study: study(at) }
            })
            .collect();
        self.case.ledger(&visits, |m| Known {
            study: m.study.clone(),
            values: self.values.get(&m.id.0),
            ..Known::default()
        })
    }

    fn course(&self) -> LesionCourse {
        self.ledger().course(self.case.lesion(FIRST).unwrap())
    }

    /// `longest axis -5 (-12.5 %) from the baseline`, for each examination.
    fn changes(&self) -> Vec<Option<String>> {
        let words = |change: &LesionChange| {
            let percent = change.change.percent.map(|percent| format!(" ({percent:.1} %)"));
            let (basis, by) = (change.basis.name(), change.change.absolute);
            format!("{basis} {by:.1}{} {}", percent.unwrap_or_default(), change.since_words)
        };
        self.course().changes.iter().map(|change| change.as_ref().map(words)).collect()
    }

    fn answers(&self, criterion: Criterion) -> Vec<Option<crate::response::Answer>> {
        self.ledger().answers(&self.case, criterion).unwrap()
    }

    fn categories(&self, criterion: Criterion) -> Vec<&'static str> {
        let category = |answer: Option<crate::response::Answer>| {
            answer.map_or("not measured", |answer| answer.category.map_or("-", Category::abbreviation))
        };
        self.answers(criterion).into_iter().map(category).collect()
    }

    fn recist(&self) -> Vec<&'static str> {
        self.categories(Criterion::Recist)
    }

    /// A live value as a report says it, in plain signs.
    fn live(&self, what: &str) -> Result<String, String> {
        let live = &lives(&format!("{{{{lesion:1@{what}}}}}"))[0];
        let text = live_text(live, &self.case, &self.ledger(), &Nothing);
        text.map(|text| text.replace('\u{2212}', "-").replace(['\u{a0}', '\u{202f}'], " "))
    }

    fn says(&self, at: usize, part: &str) -> bool {
        let answer = self.answers(Criterion::Recist)[at].clone().unwrap();
        answer.why.iter().chain(&answer.cautions).any(|line| line.contains(part))
    }
}

/// Nothing is known beside the case.
struct Nothing;

impl LiveFacts for Nothing {
    fn quantities(&self, _: MeasurementId) -> Result<Vec<Quantity>, String> {
        Err("nothing is open".to_owned())
    }
}

fn point(at: usize) -> TimePoint {
    TimePoint { name: format!("T{at}"), ..TimePoint::new(vec![study(at)]) }
}

fn study(at: usize) -> StudyUid {
    StudyUid::new(&format!("1.{}", at + 1))
}

/// The course of the bundled case: 40 mm, gone 8 days after the operation, 35 mm two years later.
fn operated() -> Course {
    let mut course = Course::new(&[0, 14, 870]);
    course.operate(6, Precision::Day);
    course.draw(FIRST, 0, &[22.0, 35.0, 40.0]);
    course.read(1, Reading::Absent);
    course.draw(FIRST, 2, &[35.0, 16.0, 35.0]);
    course
}

#[test]
fn a_recurrence_after_a_resection_has_no_percentage_and_is_progression() {
    let course = operated();
    let expected = [State::Present, State::Resected, State::Recurrent].map(Some);
    assert_eq!(course.course().states, expected);
    for criterion in [Criterion::Recist, Criterion::Rano, Criterion::RanoBm, Criterion::Choi] {
        assert_eq!(course.categories(criterion), ["-", "NE", "PD"], "{criterion:?}");
    }
    assert!(course.says(1, "operation \"First operation, total\" between T0 and T1"));
    assert_eq!(course.changes(), [None, None, None]);
    let cut = course.course().cuts[2].clone();
    assert_eq!(cut.as_deref(), Some("not compared with T0: the first operation between"));
    assert_eq!(course.course().joined, [false, false, false], "no line runs across it");
    // Nothing was read in between: it is there, and nobody knows of what it is the rest.
    let mut unread = Course::new(&[0, 870]);
    unread.operate(6, Precision::Day);
    unread.draw(FIRST, 0, &[35.0, 22.0]);
    unread.draw(FIRST, 1, &[35.0, 16.0]);
    assert_eq!(unread.recist(), ["-", "NE"]);
    unread.read(1, Reading::Recurrent);
    assert_eq!(unread.recist(), ["-", "PD"], "the reader says so beside the size");
}

#[test]
fn a_new_baseline_is_compared_with_from_there_on() {
    let mut course = operated();
    course.days.push(960);
    course.edit(Edit::SetTimePoints(course.case.time_points.iter().cloned().chain([point(3)]).collect()));
    course.draw(FIRST, 3, &[24.0, 16.0, 35.0]);
    assert_eq!(course.recist(), ["-", "NE", "PD", "PD"]);
    assert_eq!(
        course.changes()[3].as_deref(),
        Some("longest axis in its plane -11.0 (-31.4 %) since first measured after the operation")
    );
    course.edit(Edit::SetBaseline(TimePointId(3), true));
    assert_eq!(course.recist(), ["-", "NE", "-", "PR"]);
    assert_eq!(
        course.changes()[3].as_deref(),
        Some("longest axis in its plane -11.0 (-31.4 %) from the baseline (T2)")
    );
    course.edit(Edit::SetBaseline(TimePointId(3), false));
    assert_eq!(course.recist(), ["-", "NE", "PD", "PD"]);
    let gone = course.case.time_points[..2].to_vec();
    course.edit(Edit::SetBaseline(TimePointId(3), true));
    course.edit(Edit::SetTimePoints(gone));
    assert!(course.case.baselines.is_empty());
}

#[test]
fn a_lesion_that_is_first_seen_later_changes_since_then() {
    let mut course = Course::new(&[0, 60, 120, 180]);
    course.draw(FIRST, 2, &[30.0]);
    course.draw(FIRST, 3, &[38.5]);
    assert_eq!(course.changes()[..3], [None, None, None]);
    assert_eq!(course.changes()[3].as_deref(), Some("longest axis 8.5 (28.3 %) since first measured"));
    assert_eq!(course.recist(), ["not measured", "not measured", "-", "-"], "never stable");
}

#[test]
fn a_node_changes_by_its_short_axis_as_the_criterion_has_it() {
    let mut course = Course::new(&[0, 60]);
    course.draw(FIRST, 0, &[30.0, 20.0]);
    course.draw(FIRST, 1, &[12.0, 30.0]);
    assert_eq!(course.changes()[1].as_deref(), Some("longest axis 0.0 (0.0 %) from the baseline"));
    let node = Lesion { node: true, ..Lesion::clone(course.case.lesion(FIRST).unwrap()) };
    course.edit(Edit::ChangeLesion(node));
    assert_eq!(course.changes()[1].as_deref(), Some("short axis -8.0 (-40.0 %) from the baseline"));
    let answer = course.answers(Criterion::Recist)[1].clone().unwrap();
    let name = "change of the sum of diameters from the baseline";
    let percent = answer.figures.iter().find(|figure| figure.name == name && figure.unit == "%").unwrap();
    assert!((percent.value + 40.0).abs() < 1e-9, "one basis for both");
}

#[test]
fn two_sizes_that_contradict_each_other_are_said_until_one_is_chosen() {
    let mut course = Course::new(&[0, 60]);
    course.draw(FIRST, 0, &[40.0, 30.0]);
    let large = course.draw(FIRST, 1, &[38.0, 30.0]);
    let small = course.draw(FIRST, 1, &[26.0, 20.0]);
    assert_eq!(course.recist(), ["-", "NE"], "SD by one, PR by the other");
    let drawn = |course: &Course| {
        course.ledger().cell(FIRST, 1).unwrap().sizes.iter().map(size_words).collect::<Vec<_>>()
    };
    let words = format!("{} and {} contradict each other", drawn(&course)[1], drawn(&course)[0]);
    assert!(words.contains("(measurement 3) and 38"), "{words}");
    assert!(course.says(1, &words), "{:?}", course.answers(Criterion::Recist)[1]);
    assert_eq!(course.changes()[1], None);
    let cells = course.ledger();
    let cautions = cell_cautions(course.case.lesion(FIRST).unwrap(), cells.cells(FIRST).unwrap(), 1);
    assert!(cautions.iter().any(|caution| caution.contains(&words)), "{cautions:?}");
    course.edit(Edit::CountSize(large, true));
    assert_eq!(course.recist(), ["-", "SD"]);
    assert_eq!(course.changes()[1].as_deref(), Some("longest axis -2.0 (-5.0 %) from the baseline"));
    course.edit(Edit::CountSize(small, true));
    assert_eq!((course.recist(), &course.case.counting), (vec!["-", "PR"], &vec![small]));
    course.edit(Edit::Remove(small));
    assert_eq!((course.recist(), course.case.counting.len()), (vec!["-", "SD"], 0));
    // Where it does not matter which of them counts, it is a caution.
    course.draw(FIRST, 1, &[39.0, 30.0]);
    assert_eq!(course.recist(), ["-", "SD"]);
    assert!(course.says(1, "contradict each other, and none is chosen"));
}

#[test]
fn of_several_lines_the_longest_counts_and_the_others_are_said() {
    let mut course = Course::new(&[0, 60]);
    course.draw(FIRST, 0, &[40.0]);
    course.draw(FIRST, 1, &[39.0]);
    let short = course.draw(FIRST, 1, &[20.0]);
    assert_eq!(course.recist(), ["-", "SD"]);
    let drawn = |at: usize| size_words(&course.ledger().cell(FIRST, 1).unwrap().sizes[at]);
    assert!(course.says(1, &format!("tumour: {} counts, beside {}.", drawn(0), drawn(1))));
    course.edit(Edit::CountSize(short, true));
    assert_eq!(course.recist(), ["-", "PR"]);
}

#[test]
fn an_operation_counts_as_between_where_its_place_is_not_certain() {
    // Ten days in the middle of a month, the day of an examination, and one before it.
    for (days, precision, expected) in [
        (50, Precision::Day, "NE"),
        (70, Precision::Month, "NE"),
        (70, Precision::Day, "SD"),
        (60, Precision::Day, "NE"),
        (0, Precision::Day, "NE"),
        (-1, Precision::Day, "SD"),
        (-10, Precision::Month, "NE"),
        (-40, Precision::Month, "SD"),
    ] {
        let mut course = Course::new(&[0, 60]);
        course.operate(days, precision);
        course.draw(FIRST, 0, &[40.0]);
        course.draw(FIRST, 1, &[40.0]);
        assert_eq!(course.recist(), ["-", expected], "{days} {precision:?}");
    }
    // A baseline that the reader set on the day of the operation is after it.
    let mut course = Course::new(&[0, 60]);
    course.operate(0, Precision::Day);
    course.draw(FIRST, 0, &[40.0]);
    course.draw(FIRST, 1, &[40.0]);
    assert!(
        course.says(1, "which lies or may lie between T0 and T1"),
        "{:?}",
        course.answers(Criterion::Recist)
    );
    course.edit(Edit::SetDayZero(Some(TimePointId(1))));
    assert_eq!(course.recist(), ["-", "SD"]);
}

#[test]
fn an_operation_on_named_lesions_leaves_the_others_alone() {
    let mut course = Course::new(&[0, 60]);
    course.edit(Edit::AddLesion(Lesion::new("other")));
    for lesion in [FIRST, LesionId(2)] {
        course.draw(lesion, 0, &[40.0]);
        course.draw(lesion, 1, &[40.0]);
    }
    course.operate(30, Precision::Day);
    let mut notebook = Notebook::clone(&course.case.notebook);
    notebook.events[0].lesions = Some(vec![FIRST]);
    course.edit(Edit::ChangeNotebook(notebook.into(), "name"));
    assert_eq!(course.changes()[1], None);
    let other = course.ledger().course(course.case.lesion(LesionId(2)).unwrap());
    assert!(other.changes[1].is_some() && other.joined[1]);
    let text = serde_json::to_value(&course.case.notebook).unwrap();
    assert_eq!(text["events"][0]["lesions"], serde_json::json!([1]));
}

#[test]
fn what_cannot_be_is_said_or_refused() {
    let mut course = Course::new(&[0, 60]);
    course.draw(FIRST, 0, &[40.0]);
    course.draw(FIRST, 1, &[0.0]);
    assert_eq!(course.recist(), ["-", "NE"], "a line of no length is no complete response");
    let ledger = course.ledger();
    let cautions = cell_cautions(course.case.lesion(FIRST).unwrap(), ledger.cells(FIRST).unwrap(), 1);
    assert!(cautions.iter().any(|caution| caution.contains("a line of no length")), "{cautions:?}");
    assert_eq!(course.changes()[1], None);
    let new = Lesion { role: LesionRole::New, ..Lesion::clone(course.case.lesion(FIRST).unwrap()) };
    course.edit(Edit::ChangeLesion(new));
    let refused = course.ledger().answers(&course.case, Criterion::Recist).unwrap_err().to_string();
    assert!(refused.contains("tumour, T0: recorded as new, yet it is there at the baseline"), "{refused}");
    // Read as gone and measured all the same.
    let mut course = Course::new(&[0, 60]);
    course.draw(FIRST, 0, &[40.0]);
    course.draw(FIRST, 1, &[40.0]);
    course.read(1, Reading::Resected);
    let ledger = course.ledger();
    let cautions = cell_cautions(course.case.lesion(FIRST).unwrap(), ledger.cells(FIRST).unwrap(), 1);
    assert!(
        cautions.iter().any(|caution| caution.contains("read as resected, yet measured")),
        "{cautions:?}"
    );
}

#[test]
fn what_the_reader_said_is_kept_in_the_file() {
    let mut course = operated();
    course.read(1, Reading::Resected);
    course.read(2, Reading::Recurrent);
    let size = course.draw(FIRST, 2, &[30.0, 16.0]);
    course.edit(Edit::SetBaseline(TimePointId(3), true));
    course.edit(Edit::CountSize(size, true));
    let text = serde_json::to_string(&course.case).unwrap();
    assert!(text.contains("\"baselines\":[3]") && text.contains("\"counting\":[3]"), "{text}");
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), course.case);
    // What was not said leaves no trace.
    let plain = serde_json::to_string(&operated().case).unwrap();
    assert!(!plain.contains("baselines") && !plain.contains("counting"), "{plain}");
    assert!(course.case.with(Edit::SetBaseline(TimePointId(9), true)).is_err());
    assert!(course.case.with(Edit::CountSize(MeasurementId(9), true)).is_err());
}

#[test]
fn live_values_name_what_a_change_is_of_and_why_there_is_none() {
    let operated = operated();
    assert_eq!(operated.live("2#state").as_deref(), Ok("resected"));
    assert_eq!(operated.live("3#state").as_deref(), Ok("recurrent"));
    let why = operated.live("3#change").unwrap_err();
    assert!(why.contains("not compared with T0: the first operation between"), "{why}");
    let mut course = Course::new(&[0, 60, 120]);
    course.draw(FIRST, 1, &[30.0, 20.0]);
    course.draw(FIRST, 2, &[38.5, 12.0]);
    let change = course.live("3#change").unwrap();
    assert!(
        change.starts_with("+28") && change.ends_with("in the longest axis since first measured"),
        "{change}"
    );
    let node = Lesion { node: true, ..Lesion::clone(course.case.lesion(FIRST).unwrap()) };
    course.edit(Edit::ChangeLesion(node));
    let change = course.live("3#change").unwrap();
    assert!(change.starts_with("-40") && change.contains("in the short axis"), "{change}");
    let other = course.draw(FIRST, 2, &[38.5, 15.0]);
    for what in ["3#size", "3#longest", "3#product", "3#change"] {
        let why = course.live(what).unwrap_err();
        assert!(why.contains("contradict each other"), "{why}");
    }
    course.edit(Edit::CountSize(other, true));
    assert!(course.live("3#change").unwrap().starts_with("-25"));
    assert!(course.live("3#size").unwrap().starts_with("38.5"));
}
