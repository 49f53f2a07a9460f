//! How much is read and held: nothing but what is needed, and never more than images may take.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[path = "memory/cli.rs"]
mod cli;
#[path = "common/made.rs"]
mod made;
#[path = "memory/session.rs"]
mod session;
#[path = "memory/stack.rs"]
mod stack;
