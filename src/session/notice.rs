/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Something was done.
    Info,
    /// Something was done, but not all of it.
    Warning,
    /// Something was not done.
    Error,
}

/// Something the user should know: what happened, what to do; paths last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// What happened, in one sentence.
    pub summary: String,
    /// What to do, and the particulars.
    pub details: String,
}

impl Notice {
    /// Something was done.
    pub fn info(summary: impl Into<String>, details: impl Into<String>) -> Self {
        Self { severity: Severity::Info, summary: summary.into(), details: details.into() }
    }

    /// Something was done, but not all of it.
    pub fn warning(summary: impl Into<String>, details: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, summary: summary.into(), details: details.into() }
    }

    /// Something was not done.
    pub fn error(summary: impl Into<String>, details: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), details: details.into() }
    }
}
