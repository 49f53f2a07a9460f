//! `docs/conformance.md`: counts for each transfer syntax, then every file.

use std::fmt::Write as _;

use crate::judge::{Judged, Verdict};

/// Transfer syntaxes that images come in (PS3.6 annex A), and the retired ones that files still have.
const SYNTAXES: [(&str, &str); 28] = [
    ("1.2.840.10008.1.2", "Implicit VR Little Endian"),
    ("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
    ("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
    ("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian"),
    ("1.2.840.10008.1.2.2", "Explicit VR Big Endian"),
    ("1.2.840.10008.1.2.4.50", "JPEG Baseline (8 bit)"),
    ("1.2.840.10008.1.2.4.51", "JPEG Extended (8 and 12 bit)"),
    ("1.2.840.10008.1.2.4.57", "JPEG Lossless (all predictors)"),
    ("1.2.840.10008.1.2.4.70", "JPEG Lossless SV1"),
    ("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"),
    ("1.2.840.10008.1.2.4.81", "JPEG-LS Near-lossless"),
    ("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless"),
    ("1.2.840.10008.1.2.4.91", "JPEG 2000"),
    ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Lossless"),
    ("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2"),
    ("1.2.840.10008.1.2.4.94", "JPIP Referenced"),
    ("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile"),
    ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264"),
    ("1.2.840.10008.1.2.4.107", "HEVC/H.265"),
    ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
    ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
    ("1.2.840.10008.1.2.4.112", "JPEG XL"),
    ("1.2.840.10008.1.2.4.201", "HTJ2K Lossless"),
    ("1.2.840.10008.1.2.4.202", "HTJ2K Lossless RPCL"),
    ("1.2.840.10008.1.2.4.203", "HTJ2K"),
    ("1.2.840.10008.1.2.5", "RLE Lossless"),
    ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
    ("", "none declared"),
];

/// The columns, in order.
fn column(verdict: &Verdict) -> usize {
    match verdict {
        Verdict::Exact => 0,
        Verdict::Near(_) => 1,
        Verdict::Flagged(_) => 2,
        Verdict::Refused(_) => 3,
        Verdict::Document => 4,
        Verdict::NoReference(_) => 5,
        Verdict::Wrong(_) => 6,
    }
}

fn describe(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Exact => "bit-exact".to_owned(),
        Verdict::Near(how) => format!("within tolerance: {how}"),
        Verdict::Flagged(warnings) => format!("shown with a warning, no right reading known: {warnings}"),
        Verdict::Refused(reason) => format!("refused: {reason}"),
        Verdict::Document => "no pixels: header read".to_owned(),
        Verdict::NoReference(what) => format!("decoded ({what}), no reference"),
        Verdict::Wrong(what) => format!("WRONG: {what}"),
    }
}

fn name_of(uid: &str) -> String {
    let known = SYNTAXES.iter().find(|(known, _)| *known == uid);
    known.map_or_else(|| "private or unknown".to_owned(), |(_, name)| (*name).to_owned())
}

/// A cell's text must not end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Everything below the title.
pub(crate) fn document(judged: &[Judged], names: usize, made_with: &str) -> String {
    let by_syntax = by_syntax(judged);
    let mut text = format!(
        "# What Isodense reads, measured\n\n\
         Written by `ISODENSE_UPDATE_CONFORMANCE=1 cargo test --test decode`; `cargo test` fails where it is stale.\n\
         Do not edit.\n\n\
         Every file of the test data (`../shared/data`) was read by the program and compared with values that others\n\
         made: arrays beside the traps, `truth.json` (pydicom, GDCM, DCMTK), and `tests/conformance/references.json`\n\
         ({made_with}).\n\n\
         * **bit-exact**: every stored sample of every frame is the reference's (SHA-1 over all, or the array itself).\n\
         * **within tolerance**: the format loses something, or colour is converted or shown with 8 bits; the largest\n  \
           difference found and the limit stand beside it. JPEG: 3, JPEG 2000: 1, conversion of colour: 1.\n\
         * **flagged**: the file has no right reading; it is shown with the warning that stands beside it.\n\
         * **refused**: by name, with the reason that the user sees.\n\n\
         {names} files with names in all character sets of DICOM read as `truth.json` says (`charset`).\n\n\
         ## By transfer syntax\n\n\
         | transfer syntax | UID | files | bit-exact | within tolerance | flagged | refused | no pixels | no reference |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    for (uid, files) in &by_syntax {
        let mut counts = [0; 7];
        for one in files {
            counts[column(&one.verdict)] += 1;
        }
        let [exact, near, flagged, refused, documents, unknown, _] = counts;
        let count = files.len();
        let uid_cell = if uid.is_empty() { "-".to_owned() } else { format!("`{uid}`") };
        let name = name_of(uid);
        writeln!(
            text,
            "| {name} | {uid_cell} | {count} | {exact} | {near} | {flagged} | {refused} | {documents} | {unknown} |"
        )
        .unwrap();
    }
    text.push_str("\nA row of zeros: the test data hold no file of it.\n\n## By file\n");
    for (uid, files) in by_syntax.iter().filter(|(_, files)| !files.is_empty()) {
        write!(text, "\n### {}{}\n\n| file | result |\n|---|---|\n", name_of(uid), in_brackets(uid)).unwrap();
        for (name, result) in rows(files) {
            writeln!(text, "| {} | {} |", cell(&name), cell(&result)).unwrap();
        }
    }
    text.push_str("\n### Not DICOM\n\n| file | result |\n|---|---|\n");
    for one in judged.iter().filter(|one| one.foreign && one.syntax.is_empty()) {
        writeln!(text, "| {} | {} |", cell(&one.name), cell(&describe(&one.verdict))).unwrap();
    }
    text
}

/// The files of each syntax, known ones first and in their order.
fn by_syntax(judged: &[Judged]) -> Vec<(&str, Vec<&Judged>)> {
    let mut all: Vec<(&str, Vec<&Judged>)> = SYNTAXES.iter().map(|(uid, _)| (*uid, Vec::new())).collect();
    for one in judged.iter().filter(|one| !one.foreign || !one.syntax.is_empty()) {
        match all.iter_mut().find(|(uid, _)| *uid == one.syntax) {
            Some((_, files)) => files.push(one),
            None => all.push((&one.syntax, vec![one])),
        }
    }
    all
}

fn in_brackets(uid: &str) -> String {
    if uid.is_empty() { String::new() } else { format!(" (`{uid}`)") }
}

/// One row a file; where ten and more neighbours of one folder have the same result, one row for all.
fn rows(files: &[&Judged]) -> Vec<(String, String)> {
    let folder = |one: &Judged| one.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut rows = Vec::new();
    for run in files.chunk_by(|a, b| folder(a) == folder(b) && a.verdict == b.verdict) {
        let result = describe(&run[0].verdict);
        if run.len() < 10 {
            rows.extend(run.iter().map(|one| (one.name.clone(), result.clone())));
        } else {
            let file = |one: &Judged| one.name.rsplit('/').next().unwrap_or_default().to_owned();
            let (first, last) = (file(run[0]), file(run[run.len() - 1]));
            rows.push((format!("{}/: {} files, {first} to {last}", folder(run[0]), run.len()), result));
        }
    }
    rows
}
