//! How far is a long job, and does anybody still want it?
//!
//! Two handles that a job's owner and its workers share. Standard library only.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A flag that asks a job to stop early.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the job to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the job was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many steps of how many are done.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<[AtomicUsize; 2]>);

impl Progress {
    /// Adds to the number of steps done.
    pub fn advance(&self, steps: usize) {
        self.0[0].fetch_add(steps, Ordering::Relaxed);
    }

    /// Says how many steps there are; 0 means that nobody knows yet.
    pub fn set_total(&self, steps: usize) {
        self.0[1].store(steps, Ordering::Relaxed);
    }

    /// Says that there are more steps than was thought.
    pub fn add_total(&self, steps: usize) {
        self.0[1].fetch_add(steps, Ordering::Relaxed);
    }

    /// Steps done.
    pub fn done(&self) -> usize {
        self.0[0].load(Ordering::Relaxed)
    }

    /// Steps there are, 0 when not known yet.
    pub fn total(&self) -> usize {
        self.0[1].load(Ordering::Relaxed)
    }
}
