//! Tables that cannot be used, and tables that say nothing.

use super::super::threshold::{fell_by, rose_by};
use super::super::{TableError, answers};
use super::*;

fn refused(cell: Cell) -> TableError {
    Table::new(vec![target("Liver", &[Some(cell), None])], columns(2), 0).unwrap_err()
}

#[test]
fn unusable_numbers_are_refused_with_their_place() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e13] {
        for cell in [
            Cell { longest_mm: Some(value), ..Cell::default() },
            Cell { short_mm: Some(value), ..Cell::default() },
            Cell { volume_mm3: Some(value), ..Cell::default() },
            Cell { slice_thickness_mm: Some(value), ..Cell::default() },
        ] {
            assert!(matches!(refused(cell), TableError::Value { .. }), "{value}");
        }
    }
    let error = refused(Cell { longest_mm: Some(-1.0), ..Cell::default() });
    assert_eq!(error.to_string(), "Liver, T0: the longest diameter cannot be -1");
    assert!(matches!(refused(Cell { mean_hu: Some(f64::NAN), ..Cell::default() }), TableError::Value { .. }));
    let fat = Cell { mean_hu: Some(-90.0), ..Cell::default() };
    assert!(Table::new(vec![target("Fat", &[Some(fat)])], columns(1), 0).is_ok());
}

#[test]
fn a_size_of_a_lesion_that_is_gone_is_refused() {
    for presence in [Presence::Absent, Presence::TooSmall] {
        assert!(matches!(refused(cell(presence, Some(3.0), None)), TableError::SizeWithoutLesion { .. }));
    }
}

#[test]
fn the_shape_of_the_table_is_checked() {
    assert_eq!(Table::new(vec![], vec![], 0), Err(TableError::NoTimePoint));
    assert_eq!(Table::new(vec![], columns(2), 2), Err(TableError::Baseline { baseline: 3, count: 2 }));
    assert!(Table::new(vec![], columns(2), usize::MAX).is_err());
    let short = Table::new(vec![lengths("Liver", &[20.0])], columns(2), 0);
    assert_eq!(short, Err(TableError::Length { lesion: "Liver".to_owned(), cells: 1, count: 2 }));
}

#[test]
fn days_must_be_in_order() {
    let with = |days: [Option<f64>; 3]| {
        let columns = columns(3).into_iter().zip(days).map(|(c, day)| TimePoint { day, ..c }).collect();
        Table::new(vec![], columns, 0)
    };
    assert!(with([Some(0.0), None, Some(0.0)]).is_ok());
    let error = with([Some(9.0), None, Some(3.0)]).unwrap_err();
    assert_eq!(error.to_string(), "T2 stands after T0 but was taken before it");
    assert!(matches!(with([Some(f64::NAN), None, None]), Err(TableError::Day { .. })));
}

#[test]
fn nothing_to_compare_is_no_category_and_says_why() {
    for (rows, why) in [
        (vec![], "No target lesion"),
        (vec![target("Liver", &[GONE, long(20.0)])], "is 0: there is nothing to compare with"),
        (vec![target("Liver", &[None, long(20.0)])], "Not measured at the baseline: Liver"),
        (vec![target("Liver", &[SEEN, SEEN])], "Not measured at the baseline: Liver"),
    ] {
        for criterion in Criterion::ALL {
            let answer = at(&table(rows.clone()), criterion, 1);
            assert_eq!(answer.category, None, "{criterion:?} {why}");
            let alike = criterion == Criterion::Rano && says(&answer.why, "Not measured at the baseline");
            assert!(says(&answer.why, why) || alike, "{:?}", answer.why);
        }
    }
}

#[test]
fn one_column_and_columns_before_the_baseline_have_no_category() {
    for criterion in Criterion::ALL {
        let one = table(vec![lengths("Liver", &[20.0])]);
        assert_eq!(categories(&one, criterion), [None]);
        let rows = vec![target("Liver", &[cross(3.0, 3.0), cross(20.0, 20.0), cross(10.0, 9.0)])];
        let table = Table::new(rows, columns(3), 1).unwrap();
        let answers = answers(&table, criterion);
        assert!(says(&answers[0].why, "T0 is before the baseline"));
        // The size before the baseline is no nadir: 10 mm after 20 mm is a response, whatever stood before.
        assert_eq!(answers[2].category, PR);
    }
}

#[test]
fn there_is_no_answer_beyond_the_table() {
    assert_eq!(answer(&table(vec![lengths("Liver", &[20.0])]), Criterion::Recist, 1), None);
}

#[test]
fn nothing_is_neither_above_nor_below_nothing() {
    assert!(!rose_by(0.0, 0.0, 0.2) && !fell_by(0.0, 0.0, 0.3));
    assert!(rose_by(1.0, 0.0, 0.2));
}
