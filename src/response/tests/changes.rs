//! Changes of any value, growth, and numbers in sentences.

use super::super::words::{list, number};
use super::super::{Change, Quantity, growth, growth_between, ledger, steps};
use super::*;

#[test]
fn steps_from_the_baseline_and_the_nadir() {
    let steps = steps(&[Some(9.0), Some(20.0), Some(10.0), None, Some(15.0)], 1);
    assert_eq!(steps[0].unwrap().from_baseline, None);
    assert_eq!(steps[1].unwrap().nadir, None);
    assert_eq!(steps[2].unwrap().from_baseline, Some(Change { absolute: -10.0, percent: Some(-50.0) }));
    assert_eq!(steps[3], None);
    let last = steps[4].unwrap();
    assert_eq!(last.nadir, Some(10.0));
    assert_eq!(last.from_nadir, Some(Change { absolute: 5.0, percent: Some(50.0) }));
    assert_eq!(last.from_baseline, Some(Change { absolute: -5.0, percent: Some(-25.0) }));
}

#[test]
fn steps_without_a_baseline_still_have_a_nadir() {
    let steps = steps(&[None, Some(8.0), Some(f64::NAN), Some(4.0)], 0);
    assert_eq!(steps[2], None);
    assert_eq!(steps[3].unwrap().from_baseline, None);
    assert_eq!(steps[3].unwrap().from_nadir, Some(Change { absolute: -4.0, percent: Some(-50.0) }));
    assert!(super::super::steps(&[], 7).is_empty());
}

#[test]
fn a_change_from_0_or_less_has_no_percentage() {
    assert_eq!(Change::between(0.0, 5.0), Some(Change { absolute: 5.0, percent: None }));
    assert_eq!(Change::between(-40.0, -20.0), Some(Change { absolute: 20.0, percent: None }));
    assert_eq!(Change::between(f64::NAN, 5.0), None);
    assert_eq!(Change::between(1e-320, 5.0).unwrap().percent, None);
    assert_eq!(Change::between(-f64::MAX, f64::MAX), None);
}

#[test]
fn a_volume_that_doubles_in_100_days() {
    let found = growth(500.0, 1000.0, 100.0).unwrap();
    close(found.doubling_days.unwrap(), 100.0);
    assert_eq!(found.halving_days, None);
    // 2^3.6525 - 1 = 11.5749... per year.
    close(found.percent_per_year.unwrap(), (2f64.powf(3.6525) - 1.0) * 100.0);
    // 1000 to 1500 mm3 in 90 days: 90 ln 2 / ln 1.5 = 153.86 days.
    assert!((growth(1000.0, 1500.0, 90.0).unwrap().doubling_days.unwrap() - 153.855).abs() < 0.01);
    let shrinking = growth(1000.0, 500.0, 30.0).unwrap();
    close(shrinking.halving_days.unwrap(), 30.0);
    assert_eq!(shrinking.doubling_days, None);
}

#[test]
fn growth_that_means_nothing_is_none() {
    for (first, last, days) in
        [(0.0, 5.0, 9.0), (5.0, 0.0, 9.0), (5.0, 6.0, 0.0), (5.0, 6.0, -9.0), (f64::NAN, 6.0, 9.0)]
    {
        assert_eq!(growth(first, last, days), None);
    }
    let steady = growth(5.0, 5.0, 9.0).unwrap();
    assert_eq!((steady.doubling_days, steady.halving_days), (None, None));
    assert_eq!(steady.percent_per_year, Some(0.0));
    assert_eq!(growth(1e-300, 1e300, 1.0).unwrap().percent_per_year, None);
}

#[test]
fn the_ledger_of_a_row() {
    let with = |v, hu| Some(Cell { volume_mm3: Some(v), mean_hu: Some(hu), ..cross(20.0, 10.0).unwrap() });
    let table = table(vec![target("Liver", &[with(100.0, 40.0), with(200.0, 50.0), GONE, SMALL])]);
    assert!((growth_between(&table, 0, 0, 1).unwrap().doubling_days.unwrap() - 60.0).abs() < 1e-9);
    assert_eq!(growth_between(&table, 0, 1, 0), None);
    assert_eq!(growth_between(&table, 0, 1, 2), None);
    let last: Vec<_> = Quantity::ALL.iter().map(|q| ledger(&table, 0, *q)[2].map(|s| s.value)).collect();
    assert_eq!(last, [Some(0.0), Some(0.0), Some(0.0), Some(0.0), None]);
    assert!(Quantity::ALL.iter().all(|q| ledger(&table, 0, *q)[3].is_none()));
    assert_eq!(ledger(&table, 0, Quantity::MeanHu)[1].unwrap().from_baseline.unwrap().percent, Some(25.0));
    assert!(ledger(&table, 1, Quantity::Volume).is_empty());
}

#[test]
fn numbers_and_lists_in_sentences() {
    for (value, text) in
        [(30.0, "30"), (16.666_67, "16.67"), (29.998, "29.998"), (0.1 + 0.2, "0.3"), (-0.0, "0")]
    {
        assert_eq!(number(value), text);
    }
    assert_eq!(number(30.000_000_000_1), "30");
    assert_eq!(list::<&str>(&[]), "");
    assert_eq!(list(&["A", "B", "C"]), "A, B and C");
}
