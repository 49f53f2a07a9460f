//! Says last of all how many tests skipped, and why: cargo runs the programs of tests in the order of their names.
//!
//! This is no test of libtest's, whose output nobody sees: what is printed here is what `cargo test` prints.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "this is for whoever runs the tests")]

#[path = "common/skip.rs"]
#[expect(dead_code, reason = "nothing skips here")]
mod skip;

use std::collections::BTreeMap;
use std::time::Duration;

fn main() {
    let folder = skip::folder();
    let list = std::fs::read_to_string(folder.join(skip::run())).unwrap_or_default();
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut lines: Vec<&str> = list.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    for line in &lines {
        let mut parts = line.splitn(3, ": ");
        let (program, test, why) = (parts.next(), parts.next(), parts.next());
        let (Some(_), Some(_), Some(why)) = (program, test, why) else {
            panic!("{line} is no line of a test that skips")
        };
        by_reason.entry(why).or_default().push(&line[..line.len() - why.len() - 2]);
    }
    println!("\n{} skipped, in whole or in part", tests(lines.len()));
    for (why, tests) in by_reason {
        println!("  {why}:");
        for test in tests {
            println!("    {test}");
        }
    }
    println!();
    // A later run gathers its own; what other runs left that never came here goes, too.
    for entry in std::fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let old = path
            .metadata()
            .and_then(|file| file.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > Duration::from_hours(24)));
        if old || path.ends_with(skip::run()) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

fn tests(count: usize) -> String {
    if count == 1 { "1 test".to_owned() } else { format!("{count} tests") }
}
