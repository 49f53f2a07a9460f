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
fn a_new_lesion_seen_at_the_baseline_is_refused() {
    let refused = |cell: Option<Cell>, node: bool| {
        let new = Row { node, ..row("Brain", Role::New, &[cell, GONE]) };
        Table::new(vec![lengths("Liver", &[20.0, 20.0]), new], columns(2), 0).unwrap_err().to_string()
    };
    let why = "Brain, T0: recorded as new, yet it is there at the baseline. Is it a target or a non-target?";
    for cell in [SEEN, SMALL, long(12.0)] {
        assert_eq!(refused(cell, false), why);
    }
    assert_eq!(refused(cross(14.0, 11.0), true), why);
    // A node under 10 mm is no disease, and what was there only before the baseline is said.
    let node = Row { node: true, ..row("Node", Role::New, &[cross(12.0, 8.0), cross(20.0, 16.0)]) };
    assert_eq!(at(&table(vec![lengths("Liver", &[20.0, 20.0]), node]), Recist, 1).category, PD);
    let rows = vec![lengths("Liver", &[20.0, 20.0, 20.0]), row("Brain", Role::New, &[SEEN, GONE, GONE])];
    let answer = at(&Table::new(rows, columns(3), 1).unwrap(), Recist, 2);
    assert_eq!(answer.category, SD);
    assert!(says(&answer.cautions, "Recorded as new, yet seen at T0"));
}

#[test]
fn a_response_is_kept_until_progression() {
    // EORTC, "Managing PR when TP measurements change slightly over time" and "The definition of SD".
    for (sums, expected) in [
        (vec![100.0, 70.0, 70.0, 80.0, 80.0, 80.0], vec![None, PR, PR, PR, PR, PR]),
        (vec![165.0, 63.0, 65.0], vec![None, PR, PR]),
        (vec![100.0, 70.0, 83.9, 84.0, 80.0], vec![None, PR, PR, PD, SD]),
        (vec![100.0, 80.0, 70.0, 80.0], vec![None, SD, PR, PR]),
        // 7 to 10 mm is 43 %, but not 5 mm.
        (vec![10.0, 7.0, 10.0], vec![None, PR, PR]),
    ] {
        let table = table(vec![lengths("Liver", &sums)]);
        assert_eq!(categories(&table, Recist), expected, "{sums:?}");
    }
    let kept = at(&table(vec![lengths("Liver", &[100.0, 70.0, 80.0])]), Recist, 2);
    assert!(says(&kept.why, "a response is kept until progression"), "{:?}", kept.why);
    // The other criteria set no such rule, which is said.
    let cells = [cross(20.0, 20.0), cross(20.0, 10.0), cross(20.0, 12.0)];
    let rano = at(&table(vec![target("Frontal", &cells)]), Criterion::Rano, 2);
    assert_eq!(rano.category, SD);
    assert!(says(&rano.cautions, "RANO 2010 sets no rule for keeping it"), "{:?}", rano.cautions);
    // An examination that cannot be judged ends no response.
    let rows = vec![target("Liver", &[long(100.0), long(70.0), None, long(80.0)])];
    assert_eq!(categories(&table(rows), Recist), [None, PR, NE, PR]);
}

#[test]
fn a_mask_of_several_parts_is_said_before_its_diameter_is_summed() {
    let parted = long(30.0).map(|c| Cell { parts: Some(2), ..c });
    let found = cautions(vec![target("Liver", &[long(30.0), parted])]);
    assert!(says(&found, "Liver: its mask has 2 separate parts"), "{found:?}");
}
