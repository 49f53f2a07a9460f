//! RECIST 1.1: what is cautioned.

use super::super::Criterion::Recist;
use super::*;

fn cautions(rows: Vec<Row>) -> Vec<String> {
    at(&table(rows), Recist, 1).cautions
}

fn in_organ(name: &str, site: &str) -> Row {
    Row { site: site.to_owned(), ..lengths(name, &[20.0, 20.0]) }
}

#[test]
fn six_targets_are_too_many_and_all_are_summed() {
    let rows: Vec<_> = "ABCDEF".chars().map(|c| lengths(&c.to_string(), &[20.0, 20.0])).collect();
    assert!(says(
        &cautions(rows.clone()),
        "6 target lesions, and RECIST 1.1 takes at most 5: A, B, C, D, E and F."
    ));
    close(figure(&at(&table(rows), Recist, 1), "sum of diameters", "mm"), 120.0);
}

#[test]
fn three_targets_in_an_organ_are_too_many() {
    let rows = vec![in_organ("A", "Left lung"), in_organ("B", "lung "), in_organ("C", "right Lung")];
    assert!(says(&cautions(rows), "3 target lesions in lung, and RECIST 1.1 takes at most 2: A, B and C."));
    let rows = vec![in_organ("A", "Lung"), in_organ("B", "Lung"), in_organ("C", "Liver")];
    assert!(cautions(rows).is_empty());
}

#[test]
fn all_nodes_are_one_organ() {
    let rows = ["Neck", "Groin", "Axilla"].map(|name| node(name, &[20.0, 20.0])).to_vec();
    assert!(says(&cautions(rows), "3 target lesions in lymph nodes"));
}

#[test]
fn an_unnamed_organ_is_said() {
    let rows =
        |count| vec![in_organ("A", " "), in_organ("B", "Lung"), in_organ("C", "Liver")][..count].to_vec();
    assert!(says(&cautions(rows(3)), "No organ given, so the two targets per organ are not checked: A."));
    assert!(cautions(rows(2)).is_empty());
}

#[test]
fn a_node_without_a_short_axis_is_not_measured() {
    let node = Row { node: true, ..target("Node", &[cross(30.0, 20.0), long(20.0)]) };
    let answer = at(&table(vec![node]), Recist, 1);
    assert_eq!(answer.category, NE);
    assert!(says(&answer.cautions, "Node: a node counts by its short axis, which was not measured."));
}

#[test]
fn targets_too_small_at_the_baseline() {
    let found = cautions(vec![lengths("Lung", &[9.0, 12.0])]);
    let expected = "Lung was no measurable target at the baseline: its longest diameter was 9 mm, and the least is 10 mm.";
    assert_eq!(found, [expected]);
    assert!(cautions(vec![lengths("Lung", &[10.0, 4.0])]).is_empty());
    assert!(says(&cautions(vec![node("Node", &[14.0, 20.0])]), "a node of 10 to 15 mm is a non-target"));
    assert!(says(&cautions(vec![node("Node", &[8.0, 20.0])]), "a node under 10 mm is normal"));
    assert!(cautions(vec![node("Node", &[15.0, 20.0])]).is_empty());
    assert!(says(&cautions(vec![target("Lung", &[GONE, long(9.0)])]), "it was read as gone"));
}

#[test]
fn thick_slices_raise_the_least_size() {
    let sliced = |mm, thickness| long(mm).map(|c| Cell { slice_thickness_mm: Some(thickness), ..c });
    let found = cautions(vec![target("Lung", &[sliced(15.0, 8.0), sliced(20.0, 6.0)])]);
    assert!(says(&found, "its longest diameter was 15 mm, and the least is 16 mm"));
    assert!(says(&found, "Lung: slices of 6 mm, and the criteria ask for 5 mm or less."));
    assert!(cautions(vec![target("Lung", &[sliced(10.0, 5.0), sliced(10.0, 5.0)])]).is_empty());
}

#[test]
fn a_diameter_across_longer_than_the_longest_is_said() {
    let found = cautions(vec![target("Lung", &[cross(20.0, 10.0), cross(20.0, 21.0)])]);
    assert!(says(&found, "Lung: the diameter across is longer"));
}

#[test]
fn a_new_lesion_seen_at_the_baseline_is_said() {
    let rows = vec![lengths("Liver", &[20.0, 20.0]), row("Brain", Role::New, &[SEEN, GONE])];
    let answer = at(&table(rows), Recist, 1);
    assert_eq!(answer.category, SD);
    assert!(says(&answer.cautions, "Recorded as new, yet seen at T0"));
}
