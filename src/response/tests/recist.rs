//! RECIST 1.1: thresholds, by hand.

use super::super::Criterion::Recist;
use super::*;

/// Liver 42, 30 and 35 mm; lung 28, 18 and 21 mm; node 20, 12 and 14 mm: sums 90, 60 and 70 mm.
fn worked() -> Table {
    let rows = vec![
        lengths("Liver 1", &[42.0, 30.0, 35.0]),
        lengths("Lung 1", &[28.0, 18.0, 21.0]),
        node("Node", &[20.0, 12.0, 14.0]),
    ];
    table(rows)
}

#[test]
fn a_worked_example_with_the_nadir_after_the_baseline() {
    let table = worked();
    let first = at(&table, Recist, 1);
    assert_eq!(first.category, PR);
    close(figure(&first, "sum of diameters", "mm"), 60.0);
    close(figure(&first, "baseline sum of diameters", "mm"), 90.0);
    close(figure(&first, "change of the sum of diameters from the baseline", "mm"), -30.0);
    close(figure(&first, "change of the sum of diameters from the baseline", "%"), -100.0 / 3.0);
    close(figure(&first, "Node", "mm"), 12.0);
    close(figure(&first, "smallest sum of diameters before (T0)", "mm"), 90.0);
    // 70 mm is 22.2 % below the baseline and 10 mm and 16.7 % above the smallest sum: neither PR nor PD by itself, so
    // that the response of T1 is kept (EORTC, "The definition of SD"); it read SD here before.
    let second = at(&table, Recist, 2);
    assert_eq!(second.category, PR);
    close(figure(&second, "smallest sum of diameters before (T1)", "mm"), 60.0);
    close(figure(&second, "change of the sum of diameters from the smallest", "mm"), 10.0);
    close(figure(&second, "change of the sum of diameters from the smallest", "%"), 100.0 / 6.0);
    close(figure(&second, "change of the sum of diameters from the baseline", "%"), -200.0 / 9.0);
    assert!(second.cautions.is_empty(), "{:?}", second.cautions);
    let why = "The sum of diameters is 70 mm; the smallest before (T1) 60: 10 mm and 16.67 % higher.";
    assert!(says(&second.why, why), "{:?}", second.why);
}

#[test]
fn the_baseline_itself_has_no_category() {
    let answer = at(&worked(), Recist, 0);
    assert_eq!(answer.category, None);
    close(figure(&answer, "sum of diameters", "mm"), 90.0);
    assert!(says(&answer.why, "This is the baseline"));
}

#[test]
fn boundaries_of_each_category() {
    for (series, expected) in [
        (vec![100.0, 70.0], PR),
        (vec![100.0, 70.001], SD),
        (vec![25.0, 30.0], PD),
        (vec![25.0, 29.999], SD),
        (vec![20.0, 24.0], SD),
        (vec![20.0, 25.0], PD),
        (vec![100.0, 105.0], SD),
        (vec![100.0, 120.0], PD),
        (vec![100.0, 119.99], SD),
    ] {
        let table = table(vec![lengths("Liver", &series)]);
        assert_eq!(at(&table, Recist, 1).category, expected, "{series:?}");
    }
}

#[test]
fn an_increase_too_small_in_mm_is_said() {
    let answer = at(&table(vec![lengths("Liver", &[20.0, 24.0])]), Recist, 1);
    assert!(
        says(&answer.why, "does not reach progression: at least 20 % higher and 5 mm"),
        "{:?}",
        answer.why
    );
}

#[test]
fn progression_is_from_the_smallest_sum_not_the_baseline() {
    let table = table(vec![lengths("Liver", &[100.0, 50.0, 62.0])]);
    assert_eq!(categories(&table, Recist), [None, PR, PD]);
}

#[test]
fn a_later_response_after_progression_carries_a_caution() {
    let table = table(vec![lengths("Liver", &[50.0, 60.0, 30.0])]);
    assert_eq!(categories(&table, Recist), [None, PD, PR]);
    assert!(says(&at(&table, Recist, 2).cautions, "progression already"));
    assert!(!says(&at(&table, Recist, 1).cautions, "progression already"));
}

#[test]
fn the_last_bit_of_a_sum_does_not_decide() {
    // 0.1 + 0.2 > 0.3: times 100, the sum 30.000000000000004 must still be 30 % of 100 less than 100, and so on.
    let parts = [0.1 * 100.0, 0.2 * 100.0, 0.4 * 100.0];
    let rows = parts.iter().map(|mm| lengths("Liver", &[mm / 0.7, *mm])).collect();
    assert_eq!(at(&table(rows), Recist, 1).category, PR);
    let rows = (0..10).map(|_| lengths("Liver", &[2.5 + 0.1 - 0.1, 3.0 + 0.3 - 0.1 - 0.2])).collect();
    assert_eq!(at(&table(rows), Recist, 1).category, PD);
    let rows = vec![lengths("Liver", &[10.1, 15.1]), lengths("Lung", &[14.9, 14.9])];
    assert_eq!(at(&table(rows), Recist, 1).category, PD);
    assert_eq!(at(&table(vec![lengths("Liver", &[100.0, 70.000_001])]), Recist, 1).category, SD);
}

#[test]
fn a_new_lesion_outweighs_any_shrinkage() {
    let new = row("Brain", Role::New, &[None, SEEN, SEEN]);
    let table = table(vec![lengths("Liver", &[100.0, 40.0, 40.0]), new]);
    assert_eq!(categories(&table, Recist), [None, PD, PD]);
    assert!(says(&at(&table, Recist, 1).why, "New since the baseline: Brain"));
    close(figure(&at(&table, Recist, 1), "change of the sum of diameters from the baseline", "%"), -60.0);
}

#[test]
fn a_new_lesion_is_progression_even_without_a_baseline_sum() {
    let rows = vec![target("Liver", &[None, long(20.0)]), row("Brain", Role::New, &[GONE, SMALL])];
    assert_eq!(at(&table(rows), Recist, 1).category, PD);
}

#[test]
fn a_missing_target_is_not_evaluable_unless_the_rest_is_progression() {
    let rows = |now| vec![lengths("Liver", &[20.0, now]), target("Lung", &[long(30.0), None])];
    let missing = at(&table(rows(10.0)), Recist, 1);
    assert_eq!(missing.category, NE);
    assert!(says(&missing.why, "Not measured: Lung"));
    close(figure(&missing, "sum of diameters of the lesions measured", "mm"), 10.0);
    // Section 4.4.2 of the paper: 50 mm at the baseline, one lesion missing, 80 mm measured.
    assert_eq!(at(&table(rows(80.0)), Recist, 1).category, PD);
    assert_eq!(at(&table(rows(60.0)), Recist, 1).category, PD);
    assert_eq!(at(&table(rows(59.9)), Recist, 1).category, NE);
}

#[test]
fn an_incomplete_time_point_is_left_out_of_the_nadir() {
    let rows = vec![lengths("Liver", &[30.0, 10.0, 28.0]), target("Lung", &[long(30.0), None, long(29.0)])];
    let answer = at(&table(rows), Recist, 2);
    assert_eq!(answer.category, SD);
    assert!(says(&answer.cautions, "Left out of the smallest sum, as a target was not measured: T1"));
}
