//! Files that the program writes: nothing of anybody's is lost, nothing half written stays, nobody else reads its own.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[path = "writing/interrupted.rs"]
mod interrupted;
#[path = "writing/overwriting.rs"]
mod overwriting;
#[path = "writing/private.rs"]
mod private;
