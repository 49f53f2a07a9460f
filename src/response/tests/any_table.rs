//! What holds for every table.

use super::super::{Table, answers};
use super::*;
use proptest::prelude::*;

fn any_cell() -> impl Strategy<Value = Option<Cell>> {
    let measured = (0u32..800, 0u32..800, -100i32..300).prop_map(|(a, b, hu)| {
        let mm = |tenths: u32| Some(f64::from(tenths) / 10.0);
        Some(Cell { mean_hu: Some(f64::from(hu)), ..cell(Presence::Present, mm(a.max(b)), mm(a.min(b))) })
    });
    prop_oneof![8 => measured, 1 => Just(GONE), 1 => Just(SMALL), 1 => Just(SEEN), 1 => Just(None)]
}

fn any_row() -> impl Strategy<Value = Row> {
    let role = prop_oneof![6 => Just(Role::Target), 1 => Just(Role::NonTarget), 1 => Just(Role::New)];
    (role, any::<bool>(), prop::collection::vec(any_cell(), 4))
        .prop_map(|(role, node, cells)| Row { node, ..row("Lesion", role, &cells) })
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(any_row(), 0..7)
}

fn percents(table: &Table, criterion: Criterion) -> Vec<(String, f64)> {
    let all = answers(table, criterion).into_iter().flat_map(|a| a.figures);
    all.filter(|f| f.unit == "%").map(|f| (f.name, f.value)).collect()
}

fn scaled(rows: &[Row], factor: f64) -> Vec<Row> {
    let scale = |cell: &Cell| Cell {
        longest_mm: cell.longest_mm.map(|mm| mm * factor),
        short_mm: cell.short_mm.map(|mm| mm * factor),
        ..*cell
    };
    rows.iter()
        .map(|r| Row { cells: r.cells.iter().map(|c| c.as_ref().map(scale)).collect(), ..r.clone() })
        .collect()
}

/// What is new is not there at the baseline.
fn sound(mut rows: Vec<Row>, baseline: usize) -> Vec<Row> {
    for row in rows.iter_mut().filter(|row| row.role == Role::New) {
        row.cells[baseline] = None;
    }
    rows
}

proptest! {
    #[test]
    fn every_figure_is_finite_and_every_answer_says_why(rows in any_rows(), baseline in 0usize..4) {
        let table = Table::new(sound(rows, baseline), columns(4), baseline).unwrap();
        for criterion in Criterion::ALL {
            for answer in answers(&table, criterion) {
                prop_assert!(answer.figures.iter().all(|f| f.value.is_finite()));
                prop_assert!(!answer.why.is_empty());
                let mut names: Vec<_> = answer.figures.iter().filter(|f| f.name != "Lesion").collect();
                names.sort_by(|a, b| (&a.name, a.unit).cmp(&(&b.name, b.unit)));
                prop_assert!(names.windows(2).all(|w| (&w[0].name, w[0].unit) != (&w[1].name, w[1].unit)));
                prop_assert!(answer.category.is_none() || answer.time_point > baseline);
                // The basis of each percentage is named.
                let percents = answer.figures.iter().filter(|f| f.unit == "%");
                for figure in percents {
                    prop_assert!(figure.name.starts_with("change of the "), "{}", figure.name);
                }
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(rows in any_rows(), turn in 0usize..7) {
        let rows = sound(rows, 0);
        let mut turned = rows.clone();
        turned.reverse();
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
        }
        let (a, b) = (Table::new(rows, columns(4), 0).unwrap(), Table::new(turned, columns(4), 0).unwrap());
        for criterion in Criterion::ALL {
            prop_assert_eq!(categories(&a, criterion), categories(&b, criterion));
        }
    }

    #[test]
    fn scaling_every_diameter_keeps_every_percentage(rows in any_rows(), factor in 0.1f64..10.0) {
        // A lesion too small to measure counts 5 mm whatever the scale, so it is left out here.
        let no_small = |c: Option<Cell>| c.filter(|c| c.presence != Presence::TooSmall);
        let rows: Vec<_> = rows.into_iter()
            .map(|r| Row { cells: r.cells.iter().map(|c| no_small(*c)).collect(), ..r }).collect();
        let rows = sound(rows, 0);
        let large = Table::new(scaled(&rows, factor), columns(4), 0).unwrap();
        let table = Table::new(rows, columns(4), 0).unwrap();
        for criterion in Criterion::ALL {
            let (before, after) = (percents(&table, criterion), percents(&large, criterion));
            prop_assert_eq!(before.len(), after.len());
            for ((name, a), (other, b)) in before.into_iter().zip(after) {
                prop_assert_eq!(name, other);
                prop_assert!((a - b).abs() <= 1e-9 * a.abs().max(100.0), "{} {}", a, b);
            }
        }
    }

    #[test]
    fn a_new_lesion_is_always_progression(rows in any_rows()) {
        let mut rows = sound(rows, 0);
        rows.push(row("New", Role::New, &[None, SEEN, SEEN, SEEN]));
        let table = Table::new(rows, columns(4), 0).unwrap();
        for criterion in Criterion::ALL {
            prop_assert_eq!(categories(&table, criterion), [None, PD, PD, PD]);
        }
    }
}
