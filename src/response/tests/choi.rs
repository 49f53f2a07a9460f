//! Choi 2007.

use super::super::Criterion::Choi;
use super::*;

fn one(now: Option<Cell>) -> Answer {
    at(&table(vec![target("Stomach", &[dense(100.0, 80.0), now])]), Choi, 1)
}

#[test]
fn size_or_density_is_a_response() {
    assert_eq!(one(dense(90.0, 80.0)).category, PR);
    assert_eq!(one(dense(90.01, 80.0)).category, SD);
    assert_eq!(one(dense(100.0, 68.0)).category, PR);
    assert_eq!(one(dense(100.0, 68.01)).category, SD);
    assert_eq!(one(long(90.0)).category, PR);
    close(figure(&one(dense(100.0, 68.0)), "mean density", "HU"), 68.0);
}

#[test]
fn growth_is_progression_unless_the_density_falls() {
    assert_eq!(one(dense(110.0, 80.0)).category, PD);
    assert_eq!(one(dense(109.99, 80.0)).category, SD);
    let answer = one(dense(120.0, 60.0));
    assert_eq!(answer.category, PR);
    assert!(says(&answer.cautions, "yet a response by its density"));
}

#[test]
fn without_a_density_only_a_fall_in_size_decides() {
    assert_eq!(one(long(120.0)).category, NE);
    assert_eq!(one(long(100.0)).category, NE);
    assert_eq!(one(None).category, NE);
}

#[test]
fn a_baseline_density_of_0_or_less_has_no_percentage() {
    for hu in [0.0, -20.0] {
        let table = table(vec![target("Fatty", &[dense(50.0, hu), dense(50.0, -90.0)])]);
        let answer = at(&table, Choi, 1);
        assert_eq!(answer.category, NE);
        assert!(answer.figures.iter().all(|f| f.unit != "HU"));
    }
}

#[test]
fn the_density_is_the_mean_over_the_lesions_still_there() {
    let rows = vec![
        target("A", &[dense(50.0, 100.0), dense(50.0, 80.0)]),
        target("B", &[dense(50.0, 60.0), dense(50.0, 56.0)]),
        target("C", &[dense(5.0, 20.0), GONE]),
    ];
    // (100 + 60) / 2 = 80 HU to (80 + 56) / 2 = 68 HU: 15 % lower.
    let answer = at(&table(rows), Choi, 1);
    close(figure(&answer, "baseline mean density", "HU"), 80.0);
    close(figure(&answer, "change of the mean density from the baseline", "HU"), -12.0);
    assert_eq!(answer.category, PR);
}

#[test]
fn new_and_gone() {
    let rows = vec![target("A", &[dense(50.0, 80.0), dense(20.0, 30.0)]), row("B", Role::New, &[None, SEEN])];
    assert_eq!(at(&table(rows), Choi, 1).category, PD);
    assert_eq!(one(GONE).category, CR);
    let rest = row("Omentum", Role::NonTarget, &[SEEN, SEEN]);
    assert_eq!(at(&table(vec![target("A", &[dense(50.0, 80.0), GONE]), rest]), Choi, 1).category, PR);
}

#[test]
fn growth_from_the_smallest_sum_alone_is_a_caution() {
    let cells = [dense(100.0, 80.0), dense(60.0, 80.0), dense(80.0, 80.0)];
    let answer = at(&table(vec![target("A", &cells)]), Choi, 2);
    assert_eq!(answer.category, PR);
    assert!(says(&answer.cautions, "At least 10 % above the smallest sum so far"));
}

#[test]
fn what_is_back_after_a_complete_response_is_no_silent_response() {
    let cells = [dense(50.0, 80.0), GONE, dense(20.0, 80.0)];
    let table = table(vec![target("A", &cells)]);
    assert_eq!(categories(&table, Choi), [None, CR, PD]);
    assert!(says(&at(&table, Choi, 2).why, "There again after a complete response: A"));
}
