//! RANO 2010 and RANO-BM.

use super::super::Criterion::{Rano, RanoBm};
use super::*;

#[test]
fn a_worked_example_of_products() {
    // 40 x 25 + 20 x 10 = 1200 mm2; 30 x 15 + 15 x 10 = 600 mm2; 35 x 18 + 15 x 8 = 750 mm2.
    let a = target("Frontal", &[cross(40.0, 25.0), cross(30.0, 15.0), cross(35.0, 18.0)]);
    let b = target("Temporal", &[cross(20.0, 10.0), cross(15.0, 10.0), cross(15.0, 8.0)]);
    let table = table(vec![a, b]);
    assert_eq!(categories(&table, Rano), [None, PR, PD]);
    let last = at(&table, Rano, 2);
    close(figure(&last, "sum of products", "mm2"), 750.0);
    close(figure(&last, "change of the sum of products from the smallest", "%"), 25.0);
    close(figure(&last, "change of the sum of products from the baseline", "%"), -37.5);
    assert!(last.not_included.iter().any(|line| line.contains("Corticosteroid")));
    assert!(last.not_included.iter().any(|line| line.contains("4 weeks")));
}

#[test]
fn boundaries_of_the_product() {
    for (now, expected) in [(10.0, PR), (10.01, SD), (24.99, SD), (25.0, PD), (20.0, SD)] {
        let table = table(vec![target("Frontal", &[cross(20.0, 20.0), cross(20.0, now)])]);
        assert_eq!(at(&table, Rano, 1).category, expected, "{now}");
    }
}

#[test]
fn gone_missing_and_too_small() {
    let category = |now| at(&table(vec![target("Frontal", &[cross(20.0, 20.0), now])]), Rano, 1).category;
    assert_eq!(category(GONE), CR);
    assert_eq!(category(long(30.0)), NE);
    assert_eq!(category(SMALL), NE);
    let back = table(vec![target("Frontal", &[cross(20.0, 20.0), GONE, cross(4.0, 4.0)])]);
    assert_eq!(categories(&back, Rano), [None, CR, PD]);
    let rest = row("Non-enhancing", Role::NonTarget, &[SEEN, SEEN]);
    assert_eq!(at(&table(vec![target("Frontal", &[cross(20.0, 20.0), GONE]), rest]), Rano, 1).category, PR);
}

#[test]
fn disease_without_a_target_has_no_category() {
    let answer = at(&table(vec![row("Rim", Role::NonTarget, &[SEEN, GONE])]), Rano, 1);
    assert_eq!(answer.category, None);
    assert!(says(&answer.why, "No target lesion"));
}

#[test]
fn measurable_enhancing_disease() {
    let one = |longest, short, slices| {
        let cell = cross(longest, short).map(|c| Cell { slices: Some(slices), ..c });
        table(vec![target("Frontal", &[cell, cell])])
    };
    assert!(at(&one(10.0, 10.0, 2), Rano, 1).cautions.is_empty());
    assert!(says(
        &at(&one(12.0, 9.0, 2), Rano, 1).cautions,
        "its diameter across was 9 mm, and the least is 10 mm"
    ));
    assert!(says(
        &at(&one(12.0, 12.0, 1), Rano, 1).cautions,
        "it is seen on 1 slice, and RANO 2010 asks for 2"
    ));
    assert!(at(&one(12.0, 5.0, 2), RanoBm, 1).cautions.is_empty());
    assert!(says(&at(&one(12.0, 4.0, 2), RanoBm, 1).cautions, "the least is 5 mm"));
}

#[test]
fn brain_metastases_need_one_lesion_5_mm_larger() {
    // 40 to 48 mm: 20 % and 8 mm, but no lesion by more than 4 mm.
    let spread = table(vec![lengths("A", &[20.0, 24.0]), lengths("B", &[20.0, 24.0])]);
    assert_eq!(at(&spread, RanoBm, 1).category, SD);
    assert!(says(
        &at(&spread, RanoBm, 1).why,
        "does not reach progression: at least 20 % higher, with one lesion at least 5 mm"
    ));
    let one = table(vec![lengths("A", &[20.0, 25.0]), lengths("B", &[20.0, 23.0])]);
    assert_eq!(at(&one, RanoBm, 1).category, PD);
    let under = table(vec![lengths("A", &[20.0, 25.0]), lengths("B", &[20.0, 22.0])]);
    assert_eq!(at(&under, RanoBm, 1).category, SD);
}

#[test]
fn brain_metastases_grow_from_the_time_of_the_smallest_sum() {
    // 50, 25, 31 mm: A grows 6 mm since T1, though it is smaller than at the baseline.
    let table = table(vec![lengths("A", &[30.0, 10.0, 16.0]), lengths("B", &[20.0, 15.0, 15.0])]);
    assert_eq!(categories(&table, RanoBm), [None, PR, PD]);
}

#[test]
fn six_targets_are_too_many_in_the_brain() {
    let rows: Vec<_> = "ABCDEF".chars().map(|c| lengths(&c.to_string(), &[20.0, 14.0])).collect();
    let answer = at(&table(rows), RanoBm, 1);
    assert_eq!(answer.category, PR);
    assert!(says(&answer.cautions, "6 target lesions, and RANO-BM takes at most 5"));
}

#[test]
fn a_missing_lesion_after_all_were_gone_is_not_evaluable() {
    let square = || cross(20.0, 20.0);
    let rows = vec![target("A", &[square(), GONE, GONE]), target("B", &[square(), GONE, None])];
    assert_eq!(categories(&table(rows), Rano), [None, CR, NE]);
}

#[test]
fn a_brain_metastasis_that_returns_goes_by_its_size() {
    let series = |mm| table(vec![target("A", &[long(20.0), GONE, long(mm)])]);
    assert_eq!(categories(&series(3.0), RanoBm), [None, CR, PR]);
    let small = at(&series(3.0), RanoBm, 2);
    assert!(says(&small.cautions, "There again after a complete response: A."), "{:?}", small.cautions);
    assert_eq!(categories(&series(5.0), RanoBm), [None, CR, PD]);
}

#[test]
fn any_enhancing_disease_after_a_complete_response_is_progression() {
    let square = cross(20.0, 20.0);
    for back in [cross(2.0, 2.0), SMALL, SEEN] {
        let table = table(vec![target("A", &[square, GONE, back])]);
        assert_eq!(categories(&table, Rano), [None, CR, PD], "{back:?}");
    }
    let rest = row("Rim", Role::NonTarget, &[SEEN, GONE, SEEN]);
    let table = table(vec![target("A", &[square, GONE, GONE]), rest]);
    assert_eq!(categories(&table, Rano), [None, CR, PD]);
}
