use std::sync::Arc;

/// One item of the Real World Value Mapping Sequence (PS3.3 C.7.6.16.2.11): from stored to physical values.
#[derive(Debug, Clone, PartialEq)]
pub struct RealWorldMap {
    /// LUT Label, else LUT Explanation: which of several mappings this is.
    pub label: Arc<str>,
    /// Code Meaning of the measurement units, else their code.
    pub unit: Arc<str>,
    /// Lowest stored value that is mapped.
    pub first: f64,
    /// Highest stored value that is mapped.
    pub last: f64,
    /// How.
    pub function: RealWorldFunction,
    /// Where it comes from, in words: the file's own mapping, or the rule by which it was computed.
    pub source: Arc<str>,
}

/// How stored values become physical ones.
#[derive(Debug, Clone, PartialEq)]
pub enum RealWorldFunction {
    /// `stored * slope + intercept`.
    Linear {
        /// Real World Value Slope.
        slope: f64,
        /// Real World Value Intercept.
        intercept: f64,
    },
    /// The value of `first`, `first + 1`, ...
    Table(Arc<[f64]>),
}

impl RealWorldMap {
    /// The label of standardized uptake values by body weight, in g/ml.
    pub const SUV_BW: &str = "SUVbw";

    /// Whether it gives standardized uptake values by body weight.
    pub fn is_suv_bw(&self) -> bool {
        &*self.label == Self::SUV_BW
    }

    /// The physical value of a stored value; `None` outside the mapped range.
    pub fn value(&self, stored: f64) -> Option<f64> {
        if !(self.first <= stored && stored <= self.last) {
            return None;
        }
        let value = match &self.function {
            RealWorldFunction::Linear { slope, intercept } => stored * slope + intercept,
            RealWorldFunction::Table(values) => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not below 0")]
                let index = (stored - self.first).round() as usize;
                *values.get(index)?
            }
        };
        value.is_finite().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_the_mapped_range_there_is_no_value() {
        let map = |function| RealWorldMap {
            label: "SUVbw".into(),
            unit: "g/ml".into(),
            first: -3.0,
            last: 5.0,
            function,
            source: "".into(),
        };
        let line = map(RealWorldFunction::Linear { slope: 0.25, intercept: 1.5 });
        assert_eq!(
            [-4.0, -3.0, 5.0, 6.0].map(|stored| line.value(stored)),
            [None, Some(0.75), Some(2.75), None]
        );
        let table = map(RealWorldFunction::Table([0.5, 0.25].into()));
        assert_eq!([-3.0, -2.0, -1.0].map(|stored| table.value(stored)), [Some(0.5), Some(0.25), None]);
    }
}
