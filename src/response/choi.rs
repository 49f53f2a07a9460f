//! Which category do size and density give by Choi 2007?
//!
//! The paper compares one later CT with the one before treatment, so every percentage here is from the baseline.
//! The density of several lesions is the mean of their mean densities, each lesion counting once.

use super::answer::{Category, Course};
use super::because;
use super::lesions::{Seen, recurrent, there_again};
use super::standing::{Standing, Verdict};
use super::table::{Role, Table};
use super::threshold::{fell_by, is_gone, longest_mm, rose_by};
use super::words::{change, list, number};

const SUM: &str = "sum of longest diameters";
const SIZE: f64 = 0.10;
const DENSITY: f64 = 0.15;

/// Mean density of the targets that are still there, at the baseline and now, in HU.
#[derive(Debug, Clone, Copy)]
struct Density {
    baseline: f64,
    now: f64,
}

/// A lesion that is back after its resection or after a complete response counts as new: the paper calls new lesions
/// progression and has no later time points of its own.
pub(super) fn judge(table: &Table, time_point: usize, course: Course) -> Verdict {
    let standing = Standing::at(table, time_point, longest_mm);
    let mut verdict = Verdict::default();
    verdict.sizes(table, time_point, longest_mm, "mm");
    verdict.sums(table, time_point, &standing, SUM, "mm");
    if time_point <= table.baseline() {
        return verdict.none(because::not_after_baseline(table, time_point));
    }
    let density = density(table, time_point).filter(|_| standing.ended.is_none());
    if let Some(density) = density {
        verdict.figure("baseline mean density", density.baseline, "HU");
        verdict.figure("mean density", density.now, "HU");
        verdict.change("change of the mean density from the baseline", density.baseline, density.now, "HU");
    }
    let new = Seen::at(table, Role::New, time_point, is_gone).there;
    if !new.is_empty() {
        return verdict.is(Category::ProgressiveDisease, because::new(&new));
    }
    let recurrent = recurrent(table, time_point, is_gone);
    if !recurrent.is_empty() {
        return verdict.is(Category::ProgressiveDisease, because::recurrent(&recurrent));
    }
    let back = there_again(table, time_point, is_gone, false);
    if course.was_complete && !back.is_empty() {
        return verdict.is(Category::ProgressiveDisease, because::back(&back));
    }
    if table.with_role(Role::Target).next().is_none() {
        return verdict.none("No target lesion: Choi has no sum to compare.".to_owned());
    }
    if let Some(why) = standing.ended {
        return verdict.is(Category::NotEvaluable, why);
    }
    let Some(baseline) = standing.baseline() else {
        return verdict.none(because::no_baseline(SUM, &standing));
    };
    let Some(now) = standing.complete() else {
        let why = format!("Not measured: {}.", list(&standing.now.missing));
        return verdict.is(Category::NotEvaluable, why);
    };
    let all_gone = |role| Seen::at(table, role, time_point, is_gone).all_gone();
    if all_gone(Role::Target) && all_gone(Role::NonTarget) {
        return verdict.is(Category::CompleteResponse, "Every lesion is gone.".to_owned());
    }
    verdict.why.push(format!(
        "Size: {}, the baseline {}: {}.",
        mm(now),
        mm(baseline),
        change(baseline, now, "mm")
    ));
    warn_of_regrowth(&standing, now, baseline, &mut verdict);
    by_size_and_density(now, baseline, density, verdict)
}

fn mm(value: f64) -> String {
    format!("{} mm", number(value))
}

fn by_size_and_density(now: f64, baseline: f64, density: Option<Density>, mut verdict: Verdict) -> Verdict {
    if let Some(d) = density {
        let by = change(d.baseline, d.now, "HU");
        verdict.why.push(format!(
            "Density: {} HU, the baseline {} HU: {by}.",
            number(d.now),
            number(d.baseline)
        ));
    } else {
        verdict.why.push(
            "Density: no percentage, as a target has no mean density at the baseline or now, or the baseline mean is \
             not above 0 HU."
                .to_owned(),
        );
    }
    let less_dense = density.map(|d| fell_by(d.now, d.baseline, DENSITY));
    let larger = rose_by(now, baseline, SIZE);
    if less_dense == Some(true) && larger {
        verdict.cautions.push("Larger by 10 % or more, yet a response by its density.".to_owned());
    }
    if fell_by(now, baseline, SIZE) || less_dense == Some(true) {
        let why = "Reached: a partial response needs 10 % less in size or 15 % less in density.";
        return verdict.is(Category::PartialResponse, why.to_owned());
    }
    match (larger, less_dense) {
        (true, Some(_)) => verdict.is(
            Category::ProgressiveDisease,
            "At least 10 % larger, and not 15 % less dense: progression.".to_owned(),
        ),
        (false, Some(_)) => verdict.is(
            Category::StableDisease,
            "Neither 10 % in size, up or down, nor 15 % less in density.".to_owned(),
        ),
        (_, None) => verdict
            .is(Category::NotEvaluable, "The density decides here, and it cannot be compared.".to_owned()),
    }
}

/// The paper has no later time points, so it does not say whether growth is from the baseline or the smallest sum.
fn warn_of_regrowth(standing: &Standing, now: f64, baseline: f64, verdict: &mut Verdict) {
    let regrown = standing.nadir.is_some_and(|nadir| rose_by(now, nadir.sum, SIZE));
    if regrown && !rose_by(now, baseline, SIZE) {
        let caution = "At least 10 % above the smallest sum so far. Choi 2007 compares with the baseline only; some \
                       later studies count this as progression.";
        verdict.cautions.push(caution.to_owned());
    }
}

/// `None` unless every target that is still there has a density at both times, above 0 HU on average at the baseline.
fn density(table: &Table, time_point: usize) -> Option<Density> {
    let mut pairs = Vec::new();
    for row in table.with_role(Role::Target) {
        let now = row.cell(time_point)?;
        if is_gone(row, now) {
            continue;
        }
        pairs.push((row.cell(table.baseline())?.mean_hu?, now.mean_hu?));
    }
    let count = pairs.len() as f64;
    let mean = |sum: f64| (count > 0.0).then_some(sum / count);
    let baseline = mean(pairs.iter().map(|p| p.0).sum()).filter(|hu| *hu > 0.0)?;
    Some(Density { baseline, now: mean(pairs.iter().map(|p| p.1).sum())? })
}
