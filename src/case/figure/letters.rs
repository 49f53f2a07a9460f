use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Ink;

/// How the letters of panels are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterForm {
    /// (a)
    #[default]
    LowerInParentheses,
    /// a
    Lower,
    /// (A)
    UpperInParentheses,
    /// A
    Upper,
    /// No letters.
    None,
}

impl LetterForm {
    /// Every form, in menu order.
    pub const ALL: [Self; 5] =
        [Self::LowerInParentheses, Self::Lower, Self::UpperInParentheses, Self::Upper, Self::None];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::LowerInParentheses => "(a)",
            Self::Lower => "a",
            Self::UpperInParentheses => "(A)",
            Self::Upper => "A",
            Self::None => "none",
        }
    }

    /// The letter of the panel of that index as it is written: after z comes aa. Empty for none.
    pub fn letter(self, index: usize) -> String {
        let lower = alphabetic(index);
        match self {
            Self::LowerInParentheses => format!("({lower})"),
            Self::Lower => lower,
            Self::UpperInParentheses => format!("({})", lower.to_uppercase()),
            Self::Upper => lower.to_uppercase(),
            Self::None => String::new(),
        }
    }
}

/// a, b, ... z, aa, ab ...
fn alphabetic(index: usize) -> String {
    let letter = |place: usize| char::from(b'a' + u8::try_from(place % 26).unwrap_or(0));
    match index / 26 {
        0 => letter(index).to_string(),
        more => alphabetic(more - 1) + &letter(index).to_string(),
    }
}

/// A corner of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    /// Top left.
    #[default]
    TopLeft,
    /// Top right.
    TopRight,
    /// Bottom left.
    BottomLeft,
    /// Bottom right.
    BottomRight,
}

impl Corner {
    /// Every corner, in menu order.
    pub const ALL: [Self; 4] = [Self::TopLeft, Self::TopRight, Self::BottomLeft, Self::BottomRight];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::TopLeft => "top left",
            Self::TopRight => "top right",
            Self::BottomLeft => "bottom left",
            Self::BottomRight => "bottom right",
        }
    }

    /// Whether it is at the right, and whether at the bottom.
    pub fn sides(self) -> (bool, bool) {
        match self {
            Self::TopLeft => (false, false),
            Self::TopRight => (true, false),
            Self::BottomLeft => (false, true),
            Self::BottomRight => (true, true),
        }
    }
}

/// The letters that panels are called by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letters {
    /// How they are written.
    #[serde(default)]
    pub form: LetterForm,
    /// Heavier than other text.
    #[serde(default)]
    pub bold: bool,
    /// Where they stand.
    #[serde(default)]
    pub corner: Corner,
    /// Their size, pt.
    pub size_pt: f64,
    /// Their colour.
    #[serde(default)]
    pub ink: Ink,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            form: LetterForm::default(),
            bold: true,
            corner: Corner::default(),
            size_pt: 9.0,
            ink: Ink::WHITE,
            extra: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_written_as_journals_want_them_and_go_on_after_z() {
        let written = |form: LetterForm| [0, 9, 25, 26, 27, 52, 701, 702].map(|index| form.letter(index));
        assert_eq!(
            written(LetterForm::Lower),
            ["a", "j", "z", "aa", "ab", "ba", "zz", "aaa"].map(ToOwned::to_owned)
        );
        assert_eq!(
            LetterForm::ALL.map(|form| form.letter(9)),
            ["(j)", "j", "(J)", "J", ""].map(ToOwned::to_owned)
        );
    }
}
