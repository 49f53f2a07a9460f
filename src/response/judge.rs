//! Which category do the sums give? RECIST 1.1, RANO and RANO-BM differ only in their [`Rules`].

use super::answer::{Category, Course};
use super::because;
use super::lesions::{Seen, recurrent, there_again};
use super::rules::{Also, Rules};
use super::standing::{Nadir, Standing, Verdict};
use super::table::{Role, Row, Table};
use super::threshold::{fell_by, grew_by, rose_by};
use super::words::list;

/// One time point of a table, asked about by one set of rules.
struct Asked<'a> {
    table: &'a Table,
    time_point: usize,
    rules: &'a Rules,
    standing: Standing,
    course: Course,
}

/// The order of the rules is RECIST 1.1 table 1: progression by a new lesion outweighs everything, then come the
/// targets. A tumour that is back after its removal is new disease as well.
pub(super) fn judge(table: &Table, time_point: usize, rules: &Rules, course: Course) -> Verdict {
    let standing = Standing::at(table, time_point, rules.measure);
    let asked = Asked { table, time_point, rules, standing, course };
    let mut verdict = asked.figures();
    if time_point <= table.baseline() {
        return verdict.none(because::not_after_baseline(table, time_point));
    }
    let new = asked.seen(Role::New).there;
    if !new.is_empty() {
        return verdict.is(Category::ProgressiveDisease, because::new(&new));
    }
    let recurrent = recurrent(table, time_point, rules.gone);
    if !recurrent.is_empty() {
        return verdict.is(Category::ProgressiveDisease, because::recurrent(&recurrent));
    }
    let back = there_again(table, time_point, rules.gone, rules.knows_nodes);
    if course.was_complete && !back.is_empty() {
        if rules.back_is_progression {
            return asked.back(&back, verdict);
        }
        verdict.cautions.push(because::back_by_size(&back, rules.name));
    }
    if let Some(why) = &asked.standing.ended {
        return verdict.is(Category::NotEvaluable, why.clone());
    }
    if table.with_role(Role::Target).next().is_none() {
        return asked.without_targets(verdict);
    }
    let Some(baseline) = asked.standing.baseline() else {
        return verdict.none(because::no_baseline(rules.sum, &asked.standing));
    };
    if asked.seen(Role::Target).all_gone() {
        return asked.targets_gone(verdict);
    }
    asked.by_sum(baseline, verdict)
}

impl Asked<'_> {
    fn seen(&self, role: Role) -> Seen {
        Seen::at(self.table, role, self.time_point, self.rules.gone)
    }

    fn figures(&self) -> Verdict {
        let mut verdict = Verdict::default();
        verdict.sizes(self.table, self.time_point, self.rules.measure, self.rules.unit);
        verdict.sums(self.table, self.time_point, &self.standing, self.rules.sum, self.rules.unit);
        verdict
    }

    /// RECIST 1.1 table 3: disease that is seen after a true complete response is progression, whatever its size.
    fn back(&self, names: &[String], mut verdict: Verdict) -> Verdict {
        let is_node = |row: &&Row| row.node && self.rules.knows_nodes && names.contains(&row.name);
        if self.table.rows().iter().filter(is_node).count() == names.len() {
            verdict.cautions.push(because::only_nodes_are_back(names));
        }
        verdict.is(Category::ProgressiveDisease, because::back(names))
    }

    /// RECIST 1.1 table 2. Wen 2010 and Lin 2015 set no arithmetic for disease that is not measured.
    fn without_targets(&self, verdict: Verdict) -> Verdict {
        let followed = self.seen(Role::NonTarget);
        if !self.rules.judges_without_targets || self.table.with_role(Role::NonTarget).next().is_none() {
            return verdict.none(format!("No target lesion: {} has no sum to compare.", self.rules.name));
        }
        if !followed.there.is_empty() {
            let why = format!("No target lesion, and still there: {} (table 2).", list(&followed.there));
            return verdict.is(Category::NonCrNonPd, why);
        }
        if !followed.resected.is_empty() {
            let why = format!("No target lesion, and taken out: {}.", list(&followed.resected));
            return verdict.is(Category::NotEvaluable, why);
        }
        if !followed.not_read.is_empty() {
            let why = format!("No target lesion, and not assessed: {} (table 2).", list(&followed.not_read));
            return verdict.is(Category::NotEvaluable, why);
        }
        let why = "No target lesion, and every non-target lesion is gone (table 2).";
        verdict.is(Category::CompleteResponse, why.to_owned())
    }

    /// RECIST 1.1 table 1: targets gone is complete only when the rest is read and gone too, else partial.
    fn targets_gone(&self, verdict: Verdict) -> Verdict {
        let rest = self.seen(Role::NonTarget);
        let mut verdict = verdict.none("Every target lesion is gone, or a node of normal size.".to_owned());
        if self.rises() {
            let caution = "The sum alone would be progression, but every node in it is under 10 mm and counts as normal.";
            verdict.cautions.push(caution.to_owned());
        }
        if rest.all_gone() {
            return verdict.is(Category::CompleteResponse, "No other disease is there.".to_owned());
        }
        if !rest.there.is_empty() {
            verdict.why.push(format!("Still there: {}.", list(&rest.there)));
        }
        if !rest.not_read.is_empty() {
            verdict.why.push(format!("Not assessed: {}.", list(&rest.not_read)));
        }
        if !rest.resected.is_empty() {
            verdict.why.push(format!("Taken out, which is no response: {}.", list(&rest.resected)));
        }
        let why = "A complete response needs all other disease gone too.";
        verdict.is(Category::PartialResponse, why.to_owned())
    }

    fn by_sum(&self, baseline: f64, mut verdict: Verdict) -> Verdict {
        let (standing, rules) = (&self.standing, self.rules);
        if let Some(nadir) = standing.nadir {
            verdict.why.push(because::against_nadir(self.table, rules, standing, nadir));
            if self.rises() {
                return verdict.is(Category::ProgressiveDisease, because::asked_of_rise(rules, "reaches"));
            }
            if rose_by(standing.now.total, nadir.sum, rules.rise) {
                verdict.why.push(because::asked_of_rise(rules, "does not reach"));
            }
        }
        let Some(now) = standing.complete() else {
            let missing = list(&standing.now.missing);
            let why = format!("Not measured: {missing}. What was measured is no progression.");
            return verdict.is(Category::NotEvaluable, why);
        };
        let unread = self.seen(Role::NonTarget).not_read;
        if !unread.is_empty() {
            verdict
                .cautions
                .push(format!("Not assessed, so that the targets alone decide: {}.", list(&unread)));
        }
        verdict.why.push(because::against_baseline(rules, now, baseline));
        let needed = because::asked_of_fall(rules);
        if fell_by(now, baseline, rules.fall) {
            return verdict.is(Category::PartialResponse, format!("Reached: {needed}"));
        }
        if self.course.responds {
            if rules.keeps_response {
                return verdict.is(Category::PartialResponse, because::kept());
            }
            verdict.cautions.push(because::not_kept(rules.name));
        }
        verdict.is(Category::StableDisease, format!("Neither progression nor response: {needed}"))
    }

    /// Whether the measured part of the sum is progression already (RECIST 1.1 section 4.4.2: a lesion that was not
    /// measured cannot lower it).
    fn rises(&self) -> bool {
        let Some(nadir) = self.standing.nadir else { return false };
        let now = self.standing.now.total;
        rose_by(now, nadir.sum, self.rules.rise)
            && match self.rules.also {
                Also::Nothing => true,
                Also::SumGrewMm(mm) => grew_by(now, nadir.sum, mm),
                Also::OneLesionGrewMm(mm) => self.one_grew(nadir, mm),
            }
    }

    /// The paper names no reference for the single lesion; here it is the lesion at the time of the smallest sum,
    /// which is what the percentage is taken from.
    fn one_grew(&self, nadir: Nadir, mm: f64) -> bool {
        self.table.with_role(Role::Target).any(|row| {
            let size = |at| row.cell(at).and_then(|cell| (self.rules.measure)(row, cell));
            let sizes = (size(nadir.time_point), size(self.time_point));
            matches!(sizes, (Some(from), Some(now)) if grew_by(now, from, mm))
        })
    }
}
