//! The licence notice in the program names every crate that is in it.
//!
//! `ISODENSE_WRITE_LICENCES=1 cargo test --test licences` writes `assets/licences.deflate` again, after
//! `cargo fetch`: crates for other systems are in it, too.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const SYSTEMS: [&str; 4] =
    ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-apple-darwin"];

/// A crate that is linked into the program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Linked {
    name: String,
    version: String,
    licence: String,
    repository: String,
    folder: PathBuf,
}

fn notice_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/licences.deflate")
}

fn metadata(system: &str) -> Value {
    let arguments =
        ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", system];
    let done =
        Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// What the program links on one system: its dependencies and theirs, without those of builds and tests.
fn linked(system: &str) -> BTreeSet<Linked> {
    let metadata = metadata(system);
    let list = |value: &Value| value.as_array().unwrap().clone();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let root = text(&metadata["resolve"]["root"]);
    let (mut found, mut open) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(id) = open.pop() {
        for dependency in list(&nodes[&id]["deps"]) {
            let normal = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let to = text(&dependency["pkg"]);
            if normal && found.insert(to.clone()) {
                open.push(to);
            }
        }
    }
    // The codecs of this workspace are Isodense itself: they have no source.
    let packages = list(&metadata["packages"])
        .into_iter()
        .filter(|package| found.contains(&text(&package["id"])) && !package["source"].is_null());
    packages
        .map(|package| Linked {
            name: text(&package["name"]),
            version: text(&package["version"]),
            licence: text(&package["license"]),
            repository: text(&package["repository"]),
            folder: Path::new(&text(&package["manifest_path"])).parent().unwrap().to_owned(),
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The licence texts in a crate's package: of its code, and of fonts that it brings.
fn texts(folder: &Path) -> Vec<String> {
    let is_licence = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().to_lowercase();
        let starts = ["licen", "copying", "copyright", "notice", "unlicense", "ofl", "ufl"];
        let is_text =
            path.extension().is_none_or(|end| !["rs", "json", "toml", "ttf"].iter().any(|no| end == *no));
        let text = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("txt"));
        let of_font = path.parent().unwrap().ends_with("fonts") && text;
        let named = of_font || name.contains("-licen") || starts.iter().any(|start| name.starts_with(start));
        path.is_file() && is_text && named
    };
    let below = ["", "fonts", "LICENSES", "licenses", "LICENSE"].map(|below| folder.join(below));
    let files = below
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| is_licence(path)).collect();
    files.sort();
    let read = |path: PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()).replace('\r', "");
    files
        .into_iter()
        .map(read)
        .map(|text| text.trim_matches('\n').to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

fn write_notice() {
    let all: BTreeSet<Linked> = SYSTEMS.iter().flat_map(|system| linked(system)).collect();
    let mut by_text: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    let mut out = String::from(
        "Isodense is licensed under either of MIT or Apache-2.0, at your option. It contains the work of others, under the \
         licences below.\n\nCrates\n\n",
    );
    for one in &all {
        let called = format!("{} {}", one.name, one.version);
        let found = texts(&one.folder);
        let without = if found.is_empty() {
            format!(" (no text in its package: {})", one.repository)
        } else {
            String::new()
        };
        writeln!(out, "{called}: {}{without}", one.licence).unwrap();
        for text in found {
            // Equal but for line breaks is equal.
            let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
            by_text.entry(key).or_insert_with(|| (text, Vec::new())).1.push(called.clone());
        }
    }
    let fonts =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts/LICENSE")).unwrap();
    by_text.insert("fonts".to_owned(), (fonts, vec!["the fonts of pictures and reports".to_owned()]));
    out += "\nTexts\n";
    let mut all: Vec<(String, Vec<String>)> = by_text.into_values().collect();
    all.sort_by_key(|(text, of)| (std::cmp::Reverse(of.len()), text.len(), text.clone()));
    for (text, mut of) in all {
        of.dedup();
        writeln!(out, "\n{}\nOf {}:\n\n{text}", "-".repeat(100), of.join(", ")).unwrap();
    }
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflate.write_all(out.as_bytes()).unwrap();
    let bytes = deflate.finish().unwrap();
    isodense::store::write_atomic(&notice_file(), &bytes).unwrap();
}

#[test]
fn the_notice_names_every_crate_of_the_program_and_no_other() {
    if std::env::var_os("ISODENSE_WRITE_LICENCES").is_some() {
        write_notice();
    }
    let done = Command::new(env!("CARGO_BIN_EXE_isodense")).arg("--licences").output().unwrap();
    let said = if std::env::var_os("ISODENSE_WRITE_LICENCES").is_some() {
        // The program was built before the notice was written.
        let mut text = String::new();
        let file = std::fs::File::open(notice_file()).unwrap();
        flate2::read::DeflateDecoder::new(file).read_to_string(&mut text).unwrap();
        text
    } else {
        assert_eq!((done.status.code(), done.stderr.as_slice()), (Some(0), b"".as_slice()));
        String::from_utf8(done.stdout).unwrap()
    };
    let list = said.split("\nCrates\n\n").nth(1).and_then(|rest| rest.split("\n\nTexts\n").next()).unwrap();
    let named: BTreeSet<&str> = list.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert!(named.len() > 100, "{named:?}");
    let host = if cfg!(windows) {
        SYSTEMS[1]
    } else if cfg!(target_os = "macos") {
        SYSTEMS[2]
    } else {
        SYSTEMS[0]
    };
    let again = "ISODENSE_WRITE_LICENCES=1 cargo test --test licences";
    for one in linked(host) {
        let called = format!("{} {}", one.name, one.version);
        assert!(named.contains(&*called), "{called} is not in the notice: {again}");
        for text in texts(&one.folder) {
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap();
            assert!(said.contains(first.trim()), "the licence of {called} is not in the notice: {again}");
        }
    }
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let locked =
        |name: &str, version: &str| lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n"));
    for called in named {
        let (name, version) = called.split_once(' ').unwrap();
        assert!(locked(name, version), "{called} is no longer in the program: {again}");
    }
    // What everybody's licence asks for: the notice of copyright and the text.
    for needed in ["Permission is hereby granted, free of charge", "Apache License", "SIL OPEN FONT LICENSE"]
    {
        assert!(said.contains(needed), "{needed}");
    }
}
