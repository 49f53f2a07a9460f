//! Where does the sum of the targets stand, and against what?

use super::answer::{Category, Figure};
use super::change::Change;
use super::table::{Cell, Role, Row, Table};
use super::words::list;

/// The size of one lesion that a criterion sums.
pub(super) type Measure = fn(&Row, &Cell) -> Option<f64>;

/// The targets' sum at one time point.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    /// Sum of what was measured.
    pub(super) total: f64,
    /// Names of the targets that were not measured.
    pub(super) missing: Vec<String>,
}

impl Sum {
    pub(super) fn at(table: &Table, time_point: usize, measure: Measure) -> Self {
        let mut sum = Self { total: 0.0, missing: Vec::new() };
        for row in table.with_role(Role::Target) {
            match row.cell(time_point).and_then(|cell| measure(row, cell)) {
                Some(value) => sum.total += value,
                None => sum.missing.push(row.name.clone()),
            }
        }
        sum
    }

    fn complete(&self) -> Option<f64> {
        (self.missing.is_empty() && self.total.is_finite()).then_some(self.total)
    }
}

/// The smallest complete sum from the baseline to the time point before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nadir {
    pub(super) time_point: usize,
    pub(super) sum: f64,
}

/// The sum of a time point with what it is compared with.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) now: Sum,
    pub(super) at_baseline: Sum,
    pub(super) nadir: Option<Nadir>,
    /// Labels of earlier time points left out of the nadir because a target was not measured.
    pub(super) left_out: Vec<String>,
    /// Why nothing can be compared with the baseline, where an operation lies between.
    pub(super) ended: Option<String>,
}

impl Standing {
    pub(super) fn at(table: &Table, time_point: usize, measure: Measure) -> Self {
        let sum = |at| Sum::at(table, at, measure);
        let mut nadir: Option<Nadir> = None;
        let mut left_out = Vec::new();
        for before in table.baseline()..time_point {
            match sum(before).complete() {
                Some(sum) if nadir.is_none_or(|n| sum < n.sum) => {
                    nadir = Some(Nadir { time_point: before, sum });
                }
                Some(_) => {}
                None => left_out.push(table.label(before).to_owned()),
            }
        }
        let ended = table.end_of_baseline(time_point);
        Self { now: sum(time_point), at_baseline: sum(table.baseline()), nadir, left_out, ended }
    }

    /// The baseline sum, when every target was measured then and it is more than 0.
    pub(super) fn baseline(&self) -> Option<f64> {
        self.at_baseline.complete().filter(|sum| *sum > 0.0)
    }

    /// The sum now, when every target was measured.
    pub(super) fn complete(&self) -> Option<f64> {
        self.now.complete()
    }
}

/// What a criterion found at one time point.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    pub(super) category: Option<Category>,
    pub(super) figures: Vec<Figure>,
    pub(super) why: Vec<String>,
    pub(super) cautions: Vec<String>,
}

impl Verdict {
    pub(super) fn is(mut self, category: Category, why: String) -> Self {
        self.category = Some(category);
        self.why.push(why);
        self
    }

    pub(super) fn none(mut self, why: String) -> Self {
        self.why.push(why);
        self
    }

    pub(super) fn figure(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        if value.is_finite() {
            self.figures.push(Figure { name: name.into(), value, unit });
        }
    }

    /// The size of every target that was measured.
    pub(super) fn sizes(&mut self, table: &Table, time_point: usize, measure: Measure, unit: &'static str) {
        for row in table.with_role(Role::Target) {
            if let Some(size) = row.cell(time_point).and_then(|cell| measure(row, cell)) {
                self.figure(row.name.clone(), size, unit);
            }
        }
    }

    /// The sum, what it is compared with, and the changes.
    pub(super) fn sums(
        &mut self,
        table: &Table,
        at: usize,
        standing: &Standing,
        sum: &str,
        unit: &'static str,
    ) {
        if table.with_role(Role::Target).next().is_none() {
            return;
        }
        let now = standing.complete();
        let name = if now.is_some() { sum.to_owned() } else { format!("{sum} of the lesions measured") };
        self.figure(name, standing.now.total, unit);
        // No number is told across an operation.
        if at <= table.baseline() || standing.ended.is_some() {
            return;
        }
        if let Some(baseline) = standing.at_baseline.complete() {
            self.figure(format!("baseline {sum}"), baseline, unit);
            if let Some(now) = now {
                self.change(&format!("change of the {sum} from the baseline"), baseline, now, unit);
            }
        }
        let Some(nadir) = standing.nadir else { return };
        self.figure(format!("smallest {sum} before ({})", table.label(nadir.time_point)), nadir.sum, unit);
        if let Some(now) = now {
            self.change(&format!("change of the {sum} from the smallest"), nadir.sum, now, unit);
        }
        if !standing.left_out.is_empty() {
            let left_out = list(&standing.left_out);
            self.cautions
                .push(format!("Left out of the smallest sum, as a target was not measured: {left_out}."));
        }
    }

    pub(super) fn change(&mut self, name: &str, from: f64, now: f64, unit: &'static str) {
        let Some(change) = Change::between(from, now) else { return };
        self.figure(name, change.absolute, unit);
        if let Some(percent) = change.percent {
            self.figure(name, percent, "%");
        }
    }
}
