//! What does the arithmetic of the response criteria say of these numbers?
//!
//! The input is a [`Table`]: lesions as rows, time points as columns, one of them the baseline. The output is an
//! [`Answer`] for each criterion and time point: the category, every figure it was computed from, the reasons in
//! sentences, and cautions that stand beside the category and never in its place.
//!
//! The rules, each cited again where it is applied:
//!
//! * RECIST 1.1: Eisenhauer et al., Eur J Cancer 2009; 45: 228-247, with the questions and clarifications that the
//!   EORTC keeps at recist.eortc.org.
//! * RANO 2010 (high-grade glioma): Wen et al., J Clin Oncol 2010; 28: 1963-1972.
//! * RANO-BM (brain metastases): Lin et al., Lancet Oncol 2015; 16: e270-e278.
//! * Choi (gastrointestinal stromal tumour on CT): Choi et al., J Clin Oncol 2007; 25: 1753-1759.
//!
//! An operation ends the baseline of what it may have removed ([`Operation`]): no criterion compares across it.
//! `docs/response.md` has every rule with its source, and the choice where the sources leave room.
//!
//! Sizes are in mm, products in mm2, volumes in mm3, density in HU, days as days.

mod answer;
mod because;
mod cautions;
mod change;
mod check;
mod choi;
mod growth;
mod judge;
mod ledger;
mod lesions;
mod measurable;
mod operation;
mod rules;
mod standing;
mod table;
mod threshold;
mod words;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Category, Criterion, DISCLAIMER, Figure, answer, answers};
pub use change::{Change, Step, steps};
pub use check::TableError;
pub use growth::{Growth, growth, growth_between};
pub use ledger::{Quantity, ledger};
pub use measurable::{LEAST_MM, THIN_SLICE_MM};
pub use operation::{Operation, State};
pub use table::{Cell, Presence, Role, Row, Table, TimePoint};
