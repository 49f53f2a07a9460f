//! `Cargo.toml` says what each direct dependency is for, and `docs/dependencies.md` says the same.
//!
//! `ISODENSE_WRITE_DEPENDENCIES=1 cargo test --test dependencies` writes the page's table again.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[path = "common/put.rs"]
mod put;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const START: &str = "<!-- from Cargo.toml -->\n";
const END: &str = "<!-- to here -->\n";
/// The field's own crates, which the program was asked to stand on.
const FIELD: [&str; 6] = ["dicom-object", "dicom-pixeldata", "image", "eframe", "egui", "rfd"];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A line of the manifest: its group, the crate, and what it is for.
struct Row<'a> {
    group: &'a str,
    name: &'a str,
    reason: &'a str,
}

/// The dependencies as the manifest lists them. A line without a reason has an empty one.
fn listed(manifest: &str) -> Vec<Row<'_>> {
    let (mut inside, mut group) = (false, "");
    let mut rows = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
            group = "";
        } else if let Some(heading) = line.strip_prefix("# ") {
            group = heading;
        } else if let Some((name, rest)) = line.split_once(" = ").filter(|_| inside) {
            let reason = rest.split_once(" # ").map_or("", |(_, reason)| reason);
            rows.push(Row { group, name, reason });
        }
    }
    rows
}

/// Name and version of each direct dependency, by cargo.
fn direct() -> Vec<(String, String)> {
    let arguments = ["metadata", "--offline", "--locked", "--no-deps", "--format-version", "1"];
    let done = Command::new(env!("CARGO")).args(arguments).current_dir(file("")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let metadata: Value = serde_json::from_slice(&done.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let own = packages.find(|package| package["name"] == env!("CARGO_PKG_NAME")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = own["dependencies"].as_array().unwrap().iter();
    list.map(|one| (text(&one["name"]), text(&one["req"]))).collect()
}

#[test]
fn every_direct_dependency_has_a_group_and_a_reason() {
    let manifest = std::fs::read_to_string(file("Cargo.toml")).unwrap();
    let rows = listed(&manifest);
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    let direct = direct();
    assert_eq!(names, direct.iter().map(|(name, _)| name.as_str()).collect(), "a line that is not read");
    assert!(FIELD.iter().all(|name| names.contains(name)));
    for row in rows {
        assert!(!row.group.is_empty(), "{} stands in no group", row.name);
        assert!(!row.reason.is_empty(), "Cargo.toml does not say what {} is for", row.name);
    }
    for (name, version) in direct {
        // `0.10` or `2`: what is compatible. The lock file names the rest.
        let parts = version.trim_start_matches('^').split('.').count();
        let most = if version.starts_with("^0") { 2 } else { 1 };
        assert!(version == "*" || parts <= most, "{name} is pinned to {version}");
    }
}

#[test]
fn the_page_says_what_the_manifest_says() {
    let manifest = std::fs::read_to_string(file("Cargo.toml")).unwrap();
    let mut table = String::from("| crate | what it is for |\n| --- | --- |\n");
    let mut last = "";
    for Row { group, name, reason } in listed(&manifest) {
        if group != last {
            writeln!(table, "| **{group}** | |").unwrap();
            last = group;
        }
        writeln!(table, "| {name} | {reason} |").unwrap();
    }
    let page = std::fs::read_to_string(file("docs/dependencies.md")).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    if std::env::var_os("ISODENSE_WRITE_DEPENDENCIES").is_some() {
        put::put(file("docs/dependencies.md"), format!("{before}{START}{table}{END}{after}").as_bytes());
        return;
    }
    assert_eq!(
        found, table,
        "docs/dependencies.md is stale: ISODENSE_WRITE_DEPENDENCIES=1 cargo test --test dependencies"
    );
}
