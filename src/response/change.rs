//! By how much did one value change?

/// The change from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Later minus earlier, in the unit of the value.
    pub absolute: f64,
    /// The same as a percentage of the earlier value. `None` when that is 0 or less: no percentage means anything
    /// then, as for a mean density of -40 HU.
    pub percent: Option<f64>,
}

impl Change {
    /// The change from `from` to `now`; `None` when it is not a finite number.
    pub fn between(from: f64, now: f64) -> Option<Self> {
        let absolute = Some(now - from).filter(|a| a.is_finite())?;
        let percent = (from > 0.0).then(|| absolute / from * 100.0).filter(|p| p.is_finite());
        Some(Self { absolute, percent })
    }
}

/// One value in its series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The value itself.
    pub value: f64,
    /// Change from the baseline, after it.
    pub from_baseline: Option<Change>,
    /// The smallest value from the baseline to the time point before this one.
    pub nadir: Option<f64>,
    /// Change from that smallest value.
    pub from_nadir: Option<Change>,
}

/// Every value of a series with its changes; `None` where nothing (or no finite number) was measured.
///
/// The nadir is the smallest value so far, the baseline included and this time point not (RECIST 1.1 section
/// 4.3.1). Values before the baseline have no changes.
pub fn steps(values: &[Option<f64>], baseline: usize) -> Vec<Option<Step>> {
    let finite: Vec<_> = values.iter().map(|value| value.filter(|v| v.is_finite())).collect();
    let at_baseline = finite.get(baseline).copied().flatten();
    let mut nadir: Option<f64> = None;
    let mut steps = Vec::with_capacity(finite.len());
    for (index, value) in finite.into_iter().enumerate() {
        let before = at_baseline.filter(|_| index > baseline);
        steps.push(value.map(|value| step(value, before, nadir)));
        if index >= baseline {
            nadir = smaller(nadir, value);
        }
    }
    steps
}

fn step(value: f64, baseline: Option<f64>, nadir: Option<f64>) -> Step {
    Step {
        value,
        from_baseline: baseline.and_then(|from| Change::between(from, value)),
        nadir,
        from_nadir: nadir.and_then(|from| Change::between(from, value)),
    }
}

fn smaller(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    }
}
