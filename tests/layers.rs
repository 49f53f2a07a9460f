//! The architecture holds: no module names one above it, only `ui` names egui, only `dicom` names tags.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the crate and the modules that it may name besides itself.
const LAYERS: [(&str, &[&str]); 21] = [
    ("geometry", &[]),
    ("work", &[]),
    ("memory", &[]),
    ("files", &[]),
    ("pictures", &[]),
    ("image", &["geometry"]),
    ("view", &["image", "geometry"]),
    ("response", &[]),
    ("identify", &[]),
    ("mask", &["geometry", "work"]),
    ("case", &["response", "mask", "view", "image", "geometry", "work"]),
    ("dicom", &["view", "image", "identify", "geometry", "work", "files"]),
    ("render", &["case", "response", "mask", "view", "image", "geometry", "work", "memory"]),
    (
        "store",
        &["case", "response", "mask", "view", "image", "geometry", "work", "memory", "files", "pictures"],
    ),
    ("report", &["render", "case", "response", "mask", "view", "image", "geometry", "work", "memory"]),
    (
        "export",
        &[
            "report", "render", "case", "response", "mask", "view", "image", "geometry", "work", "memory",
            "files",
        ],
    ),
    (
        "sample",
        &[
            "dicom", "store", "case", "response", "mask", "view", "image", "identify", "geometry", "work",
            "memory", "files", "pictures",
        ],
    ),
    (
        "session",
        &[
            "sample", "export", "report", "store", "render", "dicom", "case", "response", "mask", "view",
            "image", "identify", "geometry", "work", "memory", "files", "pictures",
        ],
    ),
    (
        "ui",
        &[
            "session", "sample", "export", "report", "store", "render", "dicom", "case", "response", "mask",
            "view", "image", "identify", "geometry", "work", "memory", "files", "pictures",
        ],
    ),
    (
        "cli",
        &[
            "session", "sample", "export", "report", "store", "render", "dicom", "case", "response", "mask",
            "view", "image", "identify", "geometry", "work", "memory", "files", "pictures",
        ],
    ),
    (
        "main",
        &[
            "ui", "cli", "session", "sample", "export", "report", "store", "render", "dicom", "case",
            "response", "mask", "view", "image", "identify", "geometry", "work", "memory", "files",
            "pictures",
        ],
    ),
];

/// Small tools that name nothing themselves and that every module may name.
const TOOLS: [&str; 3] = ["numbers", "typography", "words"];

/// Macros stand at the crate's root; each belongs to the module that defines it.
const MACROS: [(&str, &str); 1] = [("with_samples", "image")];

/// Crates that only one module names.
const WINDOW: [&str; 5] = ["egui", "eframe", "rfd", "winit", "egui_material_icons"];
const DICOM: [&str; 7] = [
    "dicom_core",
    "dicom_object",
    "dicom_dictionary_std",
    "dicom_encoding",
    "dicom_parser",
    "dicom_pixeldata",
    "dicom_transfer_syntax_registry",
];

/// Words and punctuation of Rust source, without comments, strings and characters.
fn tokens(source: &str) -> Vec<String> {
    let text: Vec<char> = source.chars().collect();
    let at = |i: usize| text.get(i).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < text.len() {
        let c = at(i);
        if c == '/' && at(i + 1) == '/' {
            while i < text.len() && at(i) != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            let mut depth = 1;
            i += 2;
            while i < text.len() && depth > 0 {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
            }
        } else if c == '"' {
            i = after_string(&text, i);
        } else if c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            i += if at(i + 1) == '\\' { 3 } else { 2 };
            while i < text.len() && at(i) != '\'' {
                i += 1;
            }
            i += 1;
        } else if word(c) {
            let start = i;
            while word(at(i)) {
                i += 1;
            }
            let name: String = text[start..i].iter().collect();
            let hashes = text[i..].iter().take_while(|c| **c == '#').count();
            if ["r", "br", "cr"].contains(&name.as_str()) && at(i + hashes) == '"' {
                i = after_raw_string(&text, i + hashes + 1, hashes);
            } else {
                tokens.push(name);
            }
        } else if c == ':' && at(i + 1) == ':' {
            tokens.push("::".to_owned());
            i += 2;
        } else {
            if !c.is_whitespace() {
                tokens.push(c.to_string());
            }
            i += 1;
        }
    }
    tokens
}

fn after_string(text: &[char], quote: usize) -> usize {
    let mut i = quote + 1;
    while i < text.len() && text[i] != '"' {
        i += if text[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn after_raw_string(text: &[char], start: usize, hashes: usize) -> usize {
    let closed = |i: usize| text[i] == '"' && (1..=hashes).all(|h| text.get(i + h) == Some(&'#'));
    (start..text.len()).find(|i| closed(*i)).map_or(text.len(), |i| i + 1 + hashes)
}

/// The crate's modules that a file names. `module` is the file's own path: `["case", "evaluate"]`.
fn named(module: &[&str], source: &str) -> BTreeSet<String> {
    let tokens = tokens(source);
    let token = |i: usize| tokens.get(i).map_or("", String::as_str);
    let mut found = BTreeSet::new();
    // Inline modules around the token, each with the brace depth that it was opened at.
    let (mut inline, mut depth): (Vec<usize>, usize) = (Vec::new(), 0);
    let mut i = 0;
    while i < tokens.len() {
        match token(i) {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if inline.last() == Some(&depth) {
                    inline.pop();
                }
            }
            "mod" if token(i + 2) == "{" => inline.push(depth),
            "crate" | "isodense" if token(i + 1) == "::" => heads(&tokens, i + 2, &mut found),
            "super" if token(i + 1) == "::" => {
                let (mut up, mut next) = (1, i + 2);
                while token(next) == "super" && token(next + 1) == "::" {
                    (up, next) = (up + 1, next + 2);
                }
                if up >= module.len() + inline.len() {
                    heads(&tokens, next, &mut found);
                }
                i = next - 1;
            }
            _ => {}
        }
        i += 1;
    }
    found
}

/// The first names of what stands after `crate::`: one name, or those of a group in braces.
fn heads(tokens: &[String], start: usize, found: &mut BTreeSet<String>) {
    let token = |i: usize| tokens.get(i).map_or("", String::as_str);
    let mut note = |name: &str| {
        let home = MACROS.iter().find(|(of_macro, _)| *of_macro == name).map_or(name, |(_, home)| home);
        found.insert(home.to_owned());
    };
    if token(start) != "{" {
        note(token(start));
        return;
    }
    let (mut depth, mut i) = (1, start + 1);
    let mut first = true;
    while depth > 0 && i < tokens.len() {
        match token(i) {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => first = true,
            name if first => {
                note(name);
                first = false;
            }
            _ => {}
        }
        i += 1;
    }
}

/// What is wrong with one file.
fn faults(module: &[&str], source: &str) -> Vec<String> {
    let top = module[0];
    let mut faults = Vec::new();
    let allowed = LAYERS.iter().find(|(name, _)| *name == top).map(|(_, allowed)| allowed.to_vec());
    let allowed = allowed.or_else(|| TOOLS.contains(&top).then(Vec::new));
    let Some(allowed) = allowed else {
        return vec![format!("module `{top}` has no layer: give it one in tests/layers.rs and DESIGN.md")];
    };
    for name in named(module, source) {
        let is_tool = TOOLS.contains(&name.as_str());
        if name != top && !is_tool && !allowed.contains(&name.as_str()) {
            faults.push(format!("`{}` names `{name}`, which is not below it", module.join("::")));
        }
    }
    let tokens = tokens(source);
    for (i, token) in tokens.iter().enumerate() {
        let (word, next) = (token.as_str(), tokens.get(i + 1).map_or("", String::as_str));
        if WINDOW.contains(&word) && top != "ui" && (next == "::" || tokens[i.saturating_sub(1)] == "use") {
            faults.push(format!("`{}` names `{word}`: only `ui` may", module.join("::")));
        }
        // DICOM's tags are constants; a TIFF file has tags too, and they are types.
        let constant = tokens.get(i + 2).is_some_and(|name| name.chars().all(|c| !c.is_lowercase()));
        let tags = word == "tags" && next == "::" && constant;
        if (DICOM.contains(&word) || tags) && top != "dicom" {
            faults.push(format!("`{}` names `{word}`: only `dicom` may", module.join("::")));
        }
    }
    faults
}

fn sources(folder: &Path, list: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, list);
        } else if path.extension().is_some_and(|end| end == "rs") {
            list.push(path);
        }
    }
}

/// `src/case/evaluate/mod.rs` is `["case", "evaluate"]`.
fn module_path(relative: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

#[test]
fn no_module_names_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 40, "the sources are not where this test looks");
    let mut all = Vec::new();
    for path in files {
        let relative = path.strip_prefix(&root).unwrap();
        let parts = module_path(relative);
        if parts == ["lib"] {
            continue;
        }
        let module: Vec<&str> = parts.iter().map(String::as_str).collect();
        all.extend(faults(&module, &fs::read_to_string(&path).unwrap()));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn every_module_of_the_crate_has_a_layer() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let tokens = tokens(&map);
    let modules = tokens.windows(3).filter(|w| w[0] == "mod" && w[2] == ";").map(|w| w[1].clone());
    for module in modules {
        let is_tool = TOOLS.contains(&module.as_str());
        assert!(is_tool || LAYERS.iter().any(|(name, _)| *name == module), "`{module}` has no layer");
    }
}

#[test]
fn the_table_itself_has_no_way_round() {
    for (name, allowed) in LAYERS {
        for below in allowed {
            let (_, back) = LAYERS.iter().find(|(other, _)| other == below).unwrap();
            assert!(!back.contains(&name), "`{name}` and `{below}` may name each other");
            for deeper in *back {
                assert!(allowed.contains(deeper), "`{name}` sees `{below}` but not `{deeper}`");
            }
        }
    }
}

#[test]
fn the_reader_finds_planted_faults() {
    let clean = |module: &[&str], source: &str| assert_eq!(faults(module, source), Vec::<String>::new());
    let caught = |module: &[&str], source: &str, what: &str| {
        let found = faults(module, source);
        assert!(found.iter().any(|fault| fault.contains(what)), "{what} not in {found:?} of {source}");
    };
    caught(&["image", "frame"], "use crate::case::Case;", "names `case`");
    caught(&["store"], "fn f() { let _ = crate::dicom::load_frame; }", "names `dicom`");
    caught(&["render", "slice"], "use crate::{image::Frame, store::{a, b}, view};", "names `store`");
    caught(
        &["render", "slice"],
        "use crate::{image::{Frame, Series}, view::View, session};",
        "names `session`",
    );
    caught(&["geometry", "mm"], "use super::super::image::Frame;", "names `image`");
    caught(&["geometry"], "use super::image::Frame;", "names `image`");
    caught(&["geometry"], "use super::{work, image};", "names `image`");
    caught(&["geometry", "mm"], "mod tests { use super::super::super::case; }", "names `case`");
    caught(&["geometry"], "macro_rules! m { () => { $crate::view::View } }", "names `view`");
    caught(&["work"], "fn f() { crate::with_samples!(a, b => c, d => e) }", "names `image`");
    caught(&["cli"], "fn f() { crate::ui::run() }", "names `ui`");
    caught(&["network"], "", "no layer");
    caught(&["session"], "use egui::Context;", "only `ui`");
    caught(&["cli"], "fn f() { rfd::FileDialog::new(); }", "only `ui`");
    caught(&["sample"], "use dicom_object::InMemDicomObject;", "only `dicom`");
    caught(&["cli"], "fn f() { tags::ROWS }", "only `dicom`");
    caught(&["store"], "const A: char = '\"'; use crate::dicom; const B: char = '\"';", "names `dicom`");
    caught(&["store"], "const A: &str = r#\"a \" b\"#; use crate::dicom;", "names `dicom`");
    caught(&["store"], "fn f<'a>(a: &'a str) { crate::dicom::g(a) }", "names `dicom`");
    clean(
        &["geometry"],
        "// use crate::case;\n/* crate::ui /* egui::A */ crate::ui */ const A: &str = \"crate::ui\";",
    );
    clean(&["store"], "const A: &str = r\"crate::ui\"; const B: &str = r##\"\"# egui::x \"##;");
    clean(&["image", "frame"], "use super::Lut; mod tests { use super::*; use super::super::Samples; }");
    clean(&["image", "frame"], "mod a { mod b { } use super::super::x; } mod tests { use super::super::y; }");
    clean(&["store"], "use crate::{case::{Case, Kind}, view::Preset}; let egui = 1;");
    clean(&["export"], "fn f() { tags::ResolutionUnit::Inch }");
    clean(&["ui", "panel"], "use egui::Context; use crate::{session, store};");
    clean(&["main"], "isodense::cli::run(); isodense::ui::run();");
}
