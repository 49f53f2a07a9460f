//! RECIST 1.1: nodes, lesions that are gone or tiny, non-targets.

use super::super::Criterion::Recist;
use super::*;

#[test]
fn a_node_back_to_normal_is_a_complete_response() {
    let table = table(vec![node("Node", &[18.0, 9.0])]);
    let answer = at(&table, Recist, 1);
    assert_eq!(answer.category, CR);
    close(figure(&answer, "sum of diameters", "mm"), 9.0);
    close(figure(&answer, "change of the sum of diameters from the baseline", "%"), -50.0);
}

#[test]
fn a_node_of_exactly_10_mm_is_not_normal() {
    assert_eq!(at(&table(vec![node("Node", &[18.0, 10.0])]), Recist, 1).category, PR);
    assert_eq!(at(&table(vec![node("Node", &[18.0, 10.0 - 1e-12])]), Recist, 1).category, PR);
    assert_eq!(at(&table(vec![node("Node", &[18.0, 9.99])]), Recist, 1).category, CR);
}

#[test]
fn normal_nodes_that_grow_within_the_normal_are_no_progression() {
    let table = table(vec![node("Node 1", &[16.0, 5.0, 8.0]), node("Node 2", &[16.0, 5.0, 8.0])]);
    let answer = at(&table, Recist, 2);
    assert_eq!(answer.category, CR);
    assert!(says(&answer.cautions, "every node in it is under 10 mm"));
}

#[test]
fn gone_counts_0_and_too_small_counts_5() {
    let rows = |now| vec![lengths("Liver", &[40.0, 30.0]), target("Lung", &[long(20.0), now])];
    let gone = at(&table(rows(GONE)), Recist, 1);
    close(figure(&gone, "sum of diameters", "mm"), 30.0);
    assert_eq!(gone.category, PR);
    let small = at(&table(rows(SMALL)), Recist, 1);
    close(figure(&small, "sum of diameters", "mm"), 35.0);
    assert!(says(&small.cautions, "Lung: too small to measure, counted as 5 mm"));
}

#[test]
fn too_small_is_not_gone() {
    assert_eq!(at(&table(vec![target("Lung", &[long(20.0), SMALL])]), Recist, 1).category, PR);
    // A line of no length is no reading: it was a complete response until it was found to be one by mistake.
    let line = at(&table(vec![target("Lung", &[long(20.0), long(0.0)])]), Recist, 1);
    assert_eq!(line.category, NE);
    assert!(says(&line.cautions, "Lung: a line of 0 mm is no size."), "{:?}", line.cautions);
    let node = at(&table(vec![node("Node", &[20.0, 0.0])]), Recist, 1);
    assert_eq!(node.category, NE);
}

#[test]
fn only_a_complete_response_needs_the_non_targets_gone() {
    let rows =
        |other| vec![target("Liver", &[long(20.0), GONE]), row("Ascites", Role::NonTarget, &[SEEN, other])];
    assert_eq!(at(&table(rows(GONE)), Recist, 1).category, CR);
    assert_eq!(at(&table(rows(SEEN)), Recist, 1).category, PR);
    assert_eq!(at(&table(rows(None)), Recist, 1).category, PR);
    let node = |mm| {
        let cells = vec![cross(20.0, 12.0), cross(20.0, mm)];
        let other = Row { node: true, ..row("Node", Role::NonTarget, &cells) };
        at(&table(vec![target("Liver", &[long(20.0), GONE]), other]), Recist, 1).category
    };
    assert_eq!(node(9.0), CR);
    assert_eq!(node(11.0), PR);
}

#[test]
fn disease_without_a_target_has_its_own_categories() {
    let only = |now| at(&table(vec![row("Ascites", Role::NonTarget, &[SEEN, now])]), Recist, 1).category;
    assert_eq!(only(GONE), CR);
    assert_eq!(only(SEEN), Some(Category::NonCrNonPd));
    assert_eq!(only(None), NE);
}

#[test]
fn disease_that_returns_after_a_complete_response_is_progression() {
    let back = table(vec![target("Lung", &[long(20.0), GONE, long(3.0)])]);
    assert_eq!(categories(&back, Recist), [None, CR, PD]);
    assert!(says(&at(&back, Recist, 2).why, "There again after a complete response: Lung"));
    // With another lesion still there it only adds to the sum: 50, 30, 33 mm is 34 % below the baseline.
    let rows = vec![target("Lung", &[long(20.0), GONE, long(3.0)]), lengths("Liver", &[30.0, 30.0, 30.0])];
    assert_eq!(categories(&table(rows), Recist), [None, PR, PR]);
}

#[test]
fn a_target_node_of_10_mm_after_a_complete_response_has_reappeared() {
    // EORTC, "Abnormal lymph node": a target node has reappeared from 10 mm on. It was a silent PR here before.
    let table = table(vec![node("Node", &[18.0, 9.0, 11.0, 14.0, 9.5])]);
    assert_eq!(categories(&table, Recist), [None, CR, PD, PD, CR]);
    let back = at(&table, Recist, 2);
    assert!(says(&back.why, "There again after a complete response: Node"), "{:?}", back.why);
    assert!(says(&back.cautions, "Only nodes of 10 mm or more are back: Node."), "{:?}", back.cautions);
}

#[test]
fn a_non_target_node_seen_again_after_a_complete_response_is_read_not_computed() {
    let cells = vec![cross(20.0, 12.0), cross(20.0, 8.0), cross(20.0, 11.0)];
    let other = Row { node: true, ..row("Node", Role::NonTarget, &cells) };
    let table = table(vec![target("Liver", &[long(20.0), GONE, GONE]), other]);
    assert_eq!(categories(&table, Recist), [None, CR, PR]);
    assert!(says(&at(&table, Recist, 2).why, "Still there: Node"));
}

#[test]
fn a_new_node_under_10_mm_is_not_counted() {
    let new = Row { node: true, ..row("Node", Role::New, &[GONE, cross(12.0, 8.0)]) };
    let answer = at(&table(vec![lengths("Liver", &[30.0, 30.0]), new]), Recist, 1);
    assert_eq!(answer.category, SD);
    assert!(says(&answer.cautions, "Not counted as new, being a node under 10 mm: Node"));
}
