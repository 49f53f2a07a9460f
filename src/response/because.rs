//! In which sentences is a category explained?

use super::rules::{Also, Rules};
use super::standing::{Nadir, Standing};
use super::table::Table;
use super::words::{change, list, number};

pub(super) fn not_after_baseline(table: &Table, time_point: usize) -> String {
    if time_point < table.baseline() {
        return format!("{} is before the baseline: no category.", table.label(time_point));
    }
    "This is the baseline: later time points are compared with it.".to_owned()
}

pub(super) fn no_baseline(sum: &str, standing: &Standing) -> String {
    let missing = &standing.at_baseline.missing;
    if missing.is_empty() {
        return format!("The baseline {sum} is 0: there is nothing to compare with.");
    }
    format!(
        "Not measured at the baseline: {}. Without it there is no {sum} to compare with. Was it not there yet? Then it \
         is a new lesion.",
        list(missing)
    )
}

pub(super) fn new(names: &[String]) -> String {
    format!("New since the baseline: {}. A new lesion is progression, whatever the sum.", list(names))
}

pub(super) fn back(names: &[String]) -> String {
    format!(
        "There again after a complete response: {}. Disease that returns is progression, whatever the sum; if it was \
         only overlooked before, the earlier time point was a partial response (RECIST 1.1, table 3 and Appendix \
         III).",
        list(names)
    )
}

pub(super) fn only_nodes_are_back(names: &[String]) -> String {
    format!(
        "Only nodes of 10 mm or more are back: {}. From 9 to 11 mm may be no true progression, so it should be seen \
         again on a later scan (EORTC, \"Abnormal lymph node\", \"New lymph node lesions\").",
        list(names)
    )
}

pub(super) fn back_by_size(names: &[String], criterion: &str) -> String {
    format!(
        "There again after a complete response: {}. {criterion} asks for 5 mm of growth for progression, so the \
         category goes by size; RECIST 1.1 (table 3) calls any such disease progression.",
        list(names)
    )
}

pub(super) fn recurrent(names: &[String]) -> String {
    format!(
        "Recurrent after its resection: {}. It is disease that was not there after the operation: progression, whatever \
         its size, and not compared with what was taken out.",
        list(names)
    )
}

pub(super) fn kept() -> String {
    "It was a response before, and is no progression since: a response is kept until progression (EORTC, \"The \
     definition of SD\" and \"Managing PR\")."
        .to_owned()
}

pub(super) fn not_kept(criterion: &str) -> String {
    format!(
        "An earlier time point was a response. {criterion} sets no rule for keeping it: the category is that of this \
         time point alone."
    )
}

pub(super) fn against_nadir(table: &Table, rules: &Rules, standing: &Standing, nadir: Nadir) -> String {
    let missing = &standing.now.missing;
    let without = if missing.is_empty() { String::new() } else { format!(" without {}", list(missing)) };
    format!(
        "The {}{without} is {} {}; the smallest before ({}) {}: {}.",
        rules.sum,
        number(standing.now.total),
        rules.unit,
        table.label(nadir.time_point),
        number(nadir.sum),
        change(nadir.sum, standing.now.total, rules.unit)
    )
}

pub(super) fn against_baseline(rules: &Rules, now: f64, baseline: f64) -> String {
    format!(
        "The {} is {} {}; at the baseline {}: {}.",
        rules.sum,
        number(now),
        rules.unit,
        number(baseline),
        change(baseline, now, rules.unit)
    )
}

pub(super) fn asked_of_rise(rules: &Rules, verb: &str) -> String {
    let also = match rules.also {
        Also::Nothing => String::new(),
        Also::SumGrewMm(mm) => format!(" and {} mm", number(mm)),
        Also::OneLesionGrewMm(mm) => format!(", with one lesion at least {} mm larger", number(mm)),
    };
    let percent = number(rules.rise * 100.0);
    format!("That {verb} progression: at least {percent} % higher{also} ({}).", rules.source)
}

pub(super) fn asked_of_fall(rules: &Rules) -> String {
    let percent = number(rules.fall * 100.0);
    format!("a partial response needs at least {percent} % lower ({}).", rules.source)
}
