//! An operation between two time points ends the baseline.

use super::super::{Change, Operation, State, growth_between};
use super::*;

/// An operation between two time points on these rows.
fn operation(after: usize, before: usize, rows: Option<Vec<usize>>) -> Operation {
    let name = format!("Operation {before}");
    Operation { name, after: Some(after), before: Some(before), rows }
}

/// Every criterion has a size and a density to judge.
fn full(longest: f64, short: f64) -> Option<Cell> {
    cross(longest, short).map(|c| Cell { mean_hu: Some(40.0), volume_mm3: Some(900.0), ..c })
}

#[test]
fn a_recurrence_after_a_resection_is_progression_by_every_criterion() {
    let cells = [full(35.0, 22.0), GONE, full(35.0, 16.0), GONE];
    let plain = table(vec![target("Tumour", &cells)]);
    let operated = plain.clone().with_operations(vec![operation(0, 1, None), operation(2, 3, None)]);
    let states: Vec<_> = (0..4).map(|at| operated.state(0, at)).collect();
    let expected = [State::Present, State::Resected, State::Recurrent, State::Resected];
    assert_eq!(states, expected.map(Some));
    for criterion in Criterion::ALL {
        assert_eq!(categories(&operated, criterion), [None, NE, PD, NE], "{criterion:?}");
        let gone = at(&operated, criterion, 1);
        let why = "Not evaluable: operation \"Operation 1\" between T0 and T1.";
        assert!(says(&gone.why, why), "{:?}", gone.why);
        assert!(says(&at(&operated, criterion, 2).why, "Recurrent after its resection: Tumour"));
        let last = at(&operated, criterion, 3);
        for name in ["Operation 1\" between T0 and T1", "Operation 3\" between T2 and T3"] {
            assert!(says(&last.why, name), "{:?}", last.why);
        }
        for at_time in 1..4 {
            let figures = at(&operated, criterion, at_time).figures;
            assert!(figures.iter().all(|f| f.unit != "%" && !f.name.contains("baseline")), "{figures:?}");
        }
    }
    assert_eq!(growth_between(&operated, 0, 0, 2), None);
    assert!(growth_between(&plain, 0, 0, 2).is_some());
    assert_eq!(plain.state(0, 1), Some(State::Absent), "nobody operated");
}

#[test]
fn a_lesion_that_is_still_there_after_an_operation_is_not_evaluable_and_names_it() {
    let table = table(vec![target("Tumour", &[full(40.0, 30.0), full(39.0, 30.0), full(50.0, 40.0)])]);
    let operated = table.with_operations(vec![operation(0, 1, None)]);
    for criterion in Criterion::ALL {
        assert_eq!(categories(&operated, criterion), [None, NE, NE], "{criterion:?}");
    }
    assert_eq!(operated.state(0, 2), Some(State::Present));
    // A new lesion is progression all the same.
    let rows = vec![target("Tumour", &[full(40.0, 30.0), GONE]), row("Rim", Role::New, &[None, SEEN])];
    let operated = super::table(rows).with_operations(vec![operation(0, 1, None)]);
    for criterion in Criterion::ALL {
        assert_eq!(categories(&operated, criterion), [None, PD]);
    }
}

#[test]
fn what_the_reader_says_of_a_lesion_counts_without_an_operation() {
    let removed = table(vec![target("Tumour", &[full(40.0, 30.0), RESECTED, full(12.0, 11.0)])]);
    let back = full(38.0, 30.0).map(|c| Cell { recurrent: true, ..c });
    let said = table(vec![target("Tumour", &[full(40.0, 30.0), back, full(39.0, 30.0)])]);
    for criterion in Criterion::ALL {
        assert_eq!(categories(&removed, criterion), [None, NE, PD]);
        let why = at(&removed, criterion, 1).why;
        assert!(says(&why, "resection of Tumour between T0 and T1"), "{why:?}");
        assert_eq!(categories(&said, criterion), [None, PD, PD]);
    }
    assert_eq!(said.state(0, 2), Some(State::Recurrent));
}

#[test]
fn an_operation_on_one_lesion_leaves_the_others_their_course() {
    let rows = vec![
        lengths("Liver", &[40.0, 20.0]),
        target("Lung", &[long(30.0), GONE]),
        row("Cyst", Role::NonTarget, &[SEEN, RESECTED]),
    ];
    let table = table(rows).with_operations(vec![operation(0, 1, Some(vec![1]))]);
    assert!(!table.is_severed(0, 0, 1) && table.is_severed(1, 0, 1));
    assert_eq!(table.state(1, 1), Some(State::Resected));
    // The sum of both has no part for what was taken out.
    assert_eq!(categories(&table, Criterion::Recist), [None, NE]);
    // A non-target that was taken out is no complete response.
    let rows = vec![target("Liver", &[long(40.0), GONE]), row("Cyst", Role::NonTarget, &[SEEN, RESECTED])];
    let answer = at(&super::table(rows), Criterion::Recist, 1);
    assert_eq!(answer.category, PR);
    assert!(says(&answer.why, "Taken out, which is no response: Cyst"), "{:?}", answer.why);
}

#[test]
fn after_a_new_baseline_what_was_taken_out_counts_no_more() {
    // Lung was taken out before this baseline: Liver alone is the sum, until Lung is back.
    let rows = vec![lengths("Liver", &[40.0, 28.0, 28.0]), target("Lung", &[RESECTED, GONE, long(8.0)])];
    let table = table(rows);
    assert_eq!(categories(&table, Criterion::Recist), [None, PR, PD]);
    close(figure(&at(&table, Criterion::Recist, 1), "sum of diameters", "mm"), 28.0);
}

#[test]
fn an_operation_of_unknown_day_may_lie_between() {
    let unknown = Operation { name: "Biopsy".to_owned(), after: None, before: None, rows: None };
    let table = table(vec![lengths("Liver", &[40.0, 40.0])]).with_operations(vec![unknown.clone()]);
    let answer = at(&table, Criterion::Recist, 1);
    assert_eq!(answer.category, NE);
    assert!(says(&answer.why, "\"Biopsy\", which lies or may lie between T0 and T1"), "{:?}", answer.why);
    let early = Operation { before: Some(0), ..unknown.clone() };
    let late = Operation { after: Some(1), ..unknown };
    assert!(!early.is_between(0, 1) && !late.is_between(0, 1));
    assert!(Change::between(40.0, 40.0).is_some());
}
