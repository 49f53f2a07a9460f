//! Which part of the notes lists what others published?

use std::ops::Range;

/// Words of the heading over a list of references, as journals of several languages have them.
const HEADINGS: [&str; 24] = [
    "references",
    "reference",
    "reference list",
    "list of references",
    "references cited",
    "cited references",
    "literature",
    "literature cited",
    "cited literature",
    "bibliography",
    "works cited",
    "further reading",
    "literatur",
    "literaturverzeichnis",
    "referenzen",
    "quellen",
    "bibliographie",
    "r\u{e9}f\u{e9}rences",
    "bibliograf\u{ed}a",
    "referencias",
    "bibliografia",
    "riferimenti bibliografici",
    "pi\u{15b}miennictwo",
    "literatura",
];

/// Whether a heading is that of a list of references: "## 12. References".
pub fn is_references(heading: &str) -> bool {
    let plain = |c: char| !c.is_alphabetic();
    let words = heading.trim_matches(plain).to_lowercase();
    HEADINGS.contains(&words.as_str())
}

/// The parts of a section of the notes in order, in bytes, and whether each is a list of references.
///
/// Such a list goes from its heading to the next of its level or a higher one. Headings within fenced code are text.
pub fn cited(notes: &str, section: Range<usize>) -> Vec<(Range<usize>, bool)> {
    let mut parts: Vec<(Range<usize>, bool)> = vec![(section.start..section.start, false)];
    let (mut at, mut level, mut fenced) = (section.start, None, false);
    for line in notes.get(section).unwrap_or_default().split_inclusive('\n') {
        let trimmed = line.trim_start();
        fenced ^= trimmed.starts_with("```") || trimmed.starts_with("~~~");
        let hashes = line.len() - line.trim_start_matches('#').len();
        let heading = line
            .get(hashes..)
            .filter(|rest| !fenced && (1..=6).contains(&hashes) && rest.starts_with([' ', '\n', '\r', '\t']));
        if let Some(words) = heading.filter(|_| level.is_none_or(|level| hashes <= level)) {
            let cites = is_references(words);
            if cites != level.is_some() {
                parts.push((at..at, cites));
            }
            level = cites.then_some(hashes);
        }
        at += line.len();
        if let Some((part, _)) = parts.last_mut() {
            part.end = at;
        }
    }
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_references_are_known() {
        for heading in [
            "References",
            " 12. REFERENCES",
            "Bibliography:",
            "Literatur",
            "R\u{e9}f\u{e9}rences",
            "Literature ##",
        ] {
            assert!(is_references(heading), "{heading}");
        }
        for heading in ["Referral", "Literature review", "Discussion", "", "No references"] {
            assert!(!is_references(heading), "{heading}");
        }
    }

    #[test]
    fn a_list_goes_to_the_next_heading_of_its_level() {
        let notes =
            "## Discussion\nSee 2009.\n### References\n1. A 2009\n#### Books\nB 2010\n### Thanks\nC\n";
        let parts: Vec<(&str, bool)> =
            cited(notes, 0..notes.len()).into_iter().map(|(part, cites)| (&notes[part], cites)).collect();
        assert_eq!(
            parts,
            [
                ("## Discussion\nSee 2009.\n", false),
                ("### References\n1. A 2009\n#### Books\nB 2010\n", true),
                ("### Thanks\nC\n", false)
            ]
        );
        let whole = "## References\nA 2009\n```\n## Thanks\n```\n";
        assert_eq!(cited(whole, 0..whole.len()), [(0..whole.len(), true)]);
        assert_eq!(cited("", 0..0), []);
    }
}
