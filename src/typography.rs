//! How are words set for print? Plain text in, the same words with the signs and spaces that print asks for out.
//!
//! The case, CSV and JSON keep plain ASCII, which other programs read and readers type. What people read (labels,
//! ledger, report, figures) passes through [`typeset`] at its last station: a true minus (U+2212), a multiplication
//! sign (U+00D7), and no-break spaces (U+00A0) between a number and its unit, around a multiplication sign and before
//! the number of a figure or table. ISO 31 and the SI brochure (5.4.3) ask for the space, also before the percent sign.

/// The space that no line breaks at.
pub const NO_BREAK: char = '\u{a0}';
/// The minus sign.
pub const MINUS: char = '\u{2212}';
/// The multiplication sign.
pub const TIMES: char = '\u{d7}';

/// Symbols of units that stay with their number. Words (`days`, `voxels`) may stand on the next line.
const UNITS: [&str; 47] = [
    "%", "\u{2030}", "\u{b0}", "\u{b0}C", "HU", "mm", "cm", "m", "nm", "um", "\u{b5}m", "\u{3bc}m",
    "mm\u{b2}", "cm\u{b2}", "m\u{b2}", "mm\u{b3}", "cm\u{b3}", "mm2", "cm2", "mm3", "cm3", "mL", "ml", "px",
    "px\u{b2}", "px\u{b3}", "ms", "s", "kV", "kVp", "mA", "mAs", "mGy", "mSv", "T", "kBq", "MBq", "GBq",
    "Bq", "g", "kg", "mg", "Hz", "OD", "dpi", "MB", "HPF",
];

/// Words before the number of a figure or table.
const NUMBERED: [&str; 10] =
    ["Figure", "Figures", "Fig.", "Figs.", "Table", "Tables", "figure", "figures", "table", "tables"];

/// The words as print sets them. Text that is set already stays as it is.
///
/// ```
/// use isodense::typography::typeset;
/// assert_eq!(typeset("22 x 35 mm (-12.5 %)"), "22\u{a0}\u{d7}\u{a0}35\u{a0}mm (\u{2212}12.5\u{a0}%)");
/// ```
pub fn typeset(text: &str) -> String {
    // Every rule is about a number: text without one, which most is, stays as it is.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let mut set = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let before = &letters[..at];
        let after = &letters[at + 1..];
        match letter {
            '-' if is_minus(before, after) => set.push(MINUS),
            'x' | TIMES if is_times(before, after) => {
                while set.ends_with([' ', NO_BREAK]) {
                    set.pop();
                }
                let first = !set.is_empty() && follows_number(before);
                if first {
                    set.push(NO_BREAK);
                } else if before.last().is_some_and(|last| last.is_whitespace()) {
                    set.push(' ');
                }
                set.push(TIMES);
                if first {
                    set.push(NO_BREAK);
                    at += after.iter().take_while(|letter| is_space(**letter)).count();
                }
            }
            ' ' if is_tied(before, after) => set.push(NO_BREAK),
            _ => set.push(letter),
        }
        at += 1;
    }
    set
}

/// The words in plain ASCII signs, as they are typed: what [`typeset`] sets is undone, and dashes are hyphens.
pub fn plain(text: &str) -> String {
    let plain = |letter: char| match letter {
        MINUS | '\u{2010}'..='\u{2013}' => '-',
        TIMES => 'x',
        NO_BREAK | '\u{202f}' | '\u{2007}' | '\u{2009}' => ' ',
        other => other,
    };
    text.chars().map(plain).collect()
}

fn is_space(letter: char) -> bool {
    letter == ' ' || letter == NO_BREAK
}

/// Whether a hyphen is a minus: before a number, and behind nothing that it could join to it.
fn is_minus(before: &[char], after: &[char]) -> bool {
    let number = match after {
        [first, ..] if first.is_ascii_digit() => true,
        ['.', second, ..] => second.is_ascii_digit(),
        _ => false,
    };
    let joins = before.last().is_some_and(|last| {
        last.is_alphanumeric() || matches!(last, '-' | '_' | '.' | ')' | ']' | '}' | '\'' | '"' | '%' | '\\')
    });
    number && !joins
}

/// Whether an x stands between two factors, or before the power of a lens: `35 x 16`, `1.2 x region 4`, `x200`.
fn is_times(before: &[char], after: &[char]) -> bool {
    let alone_before = before.last().is_none_or(|last| is_space(*last) || *last == '(');
    let alone_after = after.first().is_none_or(|next| is_space(*next));
    let digit_after = after.iter().find(|letter| !is_space(**letter)).is_some_and(char::is_ascii_digit);
    let digit_next = after.first().is_some_and(char::is_ascii_digit);
    let digit_before = before.last().is_some_and(char::is_ascii_digit);
    // 0x1f is no product.
    let hexadecimal = before.last() == Some(&'0')
        && before.len().checked_sub(2).is_none_or(|at| !before[at].is_ascii_digit() && before[at] != '.');
    if digit_before && digit_next {
        return !hexadecimal;
    }
    if alone_before && alone_after && follows_number(before) {
        return !after.is_empty();
    }
    (alone_before && digit_next) || (digit_before && alone_after && digit_after)
}

/// Whether the words so far end with a number, or with a number and its unit.
fn follows_number(before: &[char]) -> bool {
    let mut words = before.split(|letter| is_space(*letter)).filter(|word| !word.is_empty()).rev();
    let is_number = |word: &[char]| word.last().is_some_and(char::is_ascii_digit);
    let Some(last) = words.next() else { return false };
    is_number(last) || (is_unit(last) && words.next().is_some_and(is_number))
}

fn is_unit(word: &[char]) -> bool {
    let word: String = word.iter().collect();
    UNITS.contains(&word.as_str())
}

/// Whether a space may not be broken at.
fn is_tied(before: &[char], after: &[char]) -> bool {
    let digit_before = before.last().is_some_and(char::is_ascii_digit);
    let digit_after = after.first().is_some_and(char::is_ascii_digit);
    if !digit_before && !digit_after {
        return false;
    }
    let word: String = after
        .iter()
        .take_while(|letter| {
            letter.is_alphanumeric() || "%\u{2030}\u{b0}\u{b2}\u{b3}\u{b5}".contains(**letter)
        })
        .collect();
    if digit_before && UNITS.contains(&word.as_str()) {
        // "20 m. rectus": a letter with a full stop behind it is an abbreviation of something else.
        let next = after.get(word.chars().count());
        return word.chars().count() > 1 || word == "%" || word == "\u{b0}" || next != Some(&'.');
    }
    let numbered = || {
        let name: String =
            before.rsplit(|letter| letter.is_whitespace() || *letter == '(').next()?.iter().collect();
        Some(NUMBERED.contains(&name.as_str()))
    };
    if digit_after && numbered().unwrap_or(false) {
        return true;
    }
    // On either side of a plus-minus sign between two numbers.
    let plus_minus = |letters: Option<&char>| letters == Some(&'\u{b1}');
    (digit_before && plus_minus(after.first())) || (plus_minus(before.last()) && digit_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the signs of print made visible.
    fn seen(text: &str) -> String {
        typeset(text).replace(NO_BREAK, "_")
    }

    #[test]
    fn a_minus_stands_before_a_number_and_a_hyphen_stays() {
        assert_eq!(seen("longest axis -5.0 mm (-12.5 %)"), "longest axis −5.0_mm (−12.5_%)");
        assert_eq!(seen("-20 to -5 HU, min -0.4"), "−20 to −5_HU, min −0.4");
        for same in ["Ki-67", "2017-09-28", "T1-12", "3-4", "non-contrast", "a - b", "--draft", "1-", "PID-5"]
        {
            assert_eq!(typeset(same), same);
        }
    }

    #[test]
    fn an_x_between_factors_is_a_multiplication_sign() {
        assert_eq!(seen("22.0 x 35.0 x 40.0 mm"), "22.0_×_35.0_×_40.0_mm");
        assert_eq!(seen("3.5x1.6 cm, 2 × 3 cm"), "3.5_×_1.6_cm, 2_×_3_cm");
        assert_eq!(seen("35 mm x 16 mm"), "35_mm_×_16_mm");
        assert_eq!(seen("stain, x200 (x20)"), "stain, ×200 (×20)");
        assert_eq!(seen("1.19 x region 4 (+6.0 HU)"), "1.19_×_region 4 (+6.0_HU)");
        for same in ["x", "axis x 3", "0x1f", "T2x", "ex 3", "x-ray", "Rx 5"] {
            assert_eq!(typeset(same), same);
        }
    }

    #[test]
    fn a_number_stays_with_its_unit_and_a_name_with_its_number() {
        assert_eq!(seen("38.1 HU (mean of 798 px, SD 3.5)"), "38.1_HU (mean of 798_px, SD 3.5)");
        assert_eq!(seen("(Figure 1f) and Figs. 2 and 3, Table 2"), "(Figure_1f) and Figs._2 and 3, Table_2");
        assert_eq!(seen("4.21 g/ml mean, 120 kV, 10.3 mL, 5 %."), "4.21_g/ml mean, 120_kV, 10.3_mL, 5_%.");
        assert_eq!(seen("38 ± 4 HU in 2 months"), "38_±_4_HU in 2 months");
        for same in ["Figure of 8", "in 2017 many", "5 patients", "2 sides", "figure eight", "3 mmHg"] {
            assert_eq!(typeset(same), same);
        }
    }

    #[test]
    fn setting_twice_changes_nothing_and_plain_undoes_it() {
        for text in
            ["22 x 35 mm (-12 %)", "Figure 1f, -5 HU", "stain, x200", "1.2 x region 4", "38 \u{b1} 4 mm"]
        {
            let set = typeset(text);
            assert_eq!(typeset(&set), set, "{text}");
            assert_eq!(plain(&set), text);
        }
    }
}
