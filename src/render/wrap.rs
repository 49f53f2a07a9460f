//! Words in lines of a width: nothing runs over an edge.

use super::{Fonts, Weight, is_spaceless, measure_in};
use crate::typography::NO_BREAK;

/// Words that were broken into lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wrapped {
    /// The lines; one that is empty for no words.
    pub lines: Vec<String>,
    /// A word is wider than a line and was divided.
    pub divided: bool,
}

/// Breaks words into lines that are no wider than `width`, at spaces; what is wider by itself at its no-break spaces and
/// hyphens, else between letters. `width` and `size` have one unit.
pub fn wrapped(words: &str, width: f64, size: f64, weight: Weight, fonts: &Fonts) -> Wrapped {
    let fits = |text: &str| measure_in(fonts, text, size, weight).x <= width + size * 1e-6;
    let mut found = Wrapped { lines: vec![String::new()], divided: false };
    for word in words.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
        let line = found.lines.pop().unwrap_or_default();
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            found.lines.push(longer);
            continue;
        }
        if !line.is_empty() {
            found.lines.push(line);
        }
        let mut rest = word;
        while !fits(rest) {
            let Some(at) = division(rest, &fits) else { break };
            let (first, second) = rest.split_at(at);
            let spaceless = first.ends_with(is_spaceless) && second.starts_with(is_spaceless);
            found.divided |= !(spaceless || first.ends_with([NO_BREAK, '-', '/']));
            found.lines.push(first.trim_end_matches(NO_BREAK).to_owned());
            rest = second;
        }
        found.lines.push(rest.to_owned());
    }
    found
}

/// Where a word that is too wide is divided: behind the last no-break space or hyphen that leaves a part that fits, else
/// behind the last letter that does; `None` of a single letter.
fn division(word: &str, fits: &impl Fn(&str) -> bool) -> Option<usize> {
    let ends: Vec<usize> = word.char_indices().skip(1).map(|(at, _)| at).collect();
    let fitting = ends.iter().take_while(|at| fits(word[..**at].trim_end_matches(NO_BREAK)));
    let fitting: Vec<usize> = fitting.copied().collect();
    let at_joint = fitting.iter().rev().find(|at| word[..**at].ends_with([NO_BREAK, '-', '/']));
    at_joint.or(fitting.last()).or(ends.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(words: &str, width: f64) -> (Vec<String>, bool) {
        let found = wrapped(words, width, 10.0, Weight::Regular, &Fonts::default());
        for line in &found.lines {
            let wide = measure_in(&Fonts::default(), line, 10.0, Weight::Regular).x;
            assert!(wide <= width + 1e-3 || line.chars().count() == 1, "{line}: {wide}");
        }
        (found.lines, found.divided)
    }

    #[test]
    fn words_break_at_spaces_then_at_joints_then_anywhere_and_none_is_lost() {
        assert_eq!(lines("CT after surgery", 200.0), (vec!["CT after surgery".to_owned()], false));
        let (broken, divided) = lines("CT after surgery", 45.0);
        assert_eq!((broken.join(" "), divided), ("CT after surgery".to_owned(), false));
        assert!(broken.len() > 1);
        let (broken, divided) = lines("22.0\u{a0}\u{d7}\u{a0}35.0\u{a0}\u{d7}\u{a0}40.0\u{a0}mm", 60.0);
        assert_eq!(
            (broken.join(" ").replace('\u{a0}', " "), divided),
            ("22.0 \u{d7} 35.0 \u{d7} 40.0 mm".to_owned(), false)
        );
        let (broken, divided) = lines("a Supercalifragilistic", 30.0);
        assert!(divided && broken.concat() == "aSupercalifragilistic", "{broken:?}");
        assert_eq!(lines("病変肝臓", 25.0), (vec!["病変".to_owned(), "肝臓".to_owned()], false));
        assert_eq!(lines("", 30.0), (vec![String::new()], false));
        assert_eq!(lines("W", 1.0), (vec!["W".to_owned()], false));
    }
}
