use serde::{Deserialize, Serialize};

use super::{LetterForm, PageSetup};
use crate::case::Figure;

/// The kinds of file that a figure is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Text and lines as such, pictures without loss.
    Pdf,
    /// Text and lines as such, for drawing programs.
    Svg,
    /// Pixels without loss.
    Tiff,
    /// Pixels without loss.
    Png,
    /// Pixels with loss.
    Jpeg,
}

impl FileKind {
    /// Every kind, in menu order.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Tiff, Self::Png, Self::Jpeg, Self::Svg];

    /// The usual ending of a file name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Svg => "svg",
            Self::Tiff => "tif",
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// The kind that a file's name asks for.
    pub fn of(path: &std::path::Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "pdf" => Some(Self::Pdf),
            "svg" => Some(Self::Svg),
            "tif" | "tiff" => Some(Self::Tiff),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            _ => None,
        }
    }
}

/// What a journal asks of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// Its name.
    pub name: String,
    /// Widths of a figure, narrow to wide, mm.
    pub widths_mm: Vec<f64>,
    /// The greatest height, mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_mm: Option<f64>,
    /// The least resolution of an image with letters, pixels per inch.
    pub dpi: f64,
    /// The files it takes; empty where it does not say.
    #[serde(default)]
    pub files: Vec<FileKind>,
    /// The largest file, megabytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub megabytes: Option<f64>,
    /// The smallest text, pt.
    pub text_pt: f64,
    /// The thinnest line, pt.
    pub line_pt: f64,
    /// How panels are lettered.
    #[serde(default)]
    pub letters: LetterForm,
    /// Whether the letters are bold.
    #[serde(default)]
    pub bold: bool,
}

/// What the program knows of journals: their instructions to authors, as far as they were at hand (2026). Check them.
pub fn journals() -> Vec<Journal> {
    use FileKind::{Jpeg, Pdf, Png, Tiff};
    let plain = Journal {
        name: String::new(),
        widths_mm: Vec::new(),
        height_mm: None,
        dpi: 300.0,
        files: Vec::new(),
        megabytes: None,
        text_pt: 8.0,
        line_pt: 0.5,
        letters: LetterForm::LowerInParentheses,
        bold: false,
    };
    let named =
        |name: &str, widths_mm: &[f64], height_mm: Option<f64>, dpi: f64, files: &[FileKind]| Journal {
            name: name.to_owned(),
            widths_mm: widths_mm.to_vec(),
            height_mm,
            dpi,
            files: files.to_vec(),
            ..plain.clone()
        };
    vec![
        Journal {
            letters: LetterForm::UpperInParentheses,
            bold: true,
            ..named("Frontiers", &[85.0, 180.0], None, 300.0, &[Tiff, Jpeg])
        },
        Journal {
            megabytes: Some(50.0),
            letters: LetterForm::Upper,
            bold: true,
            ..named("J Neurosurg", &[84.0, 127.0, 178.0], Some(229.0), 600.0, &[Tiff, Jpeg, Pdf])
        },
        Journal {
            megabytes: Some(10.0),
            letters: LetterForm::Lower,
            bold: true,
            ..named("BMC", &[85.0, 170.0], Some(225.0), 300.0, &[Pdf, Tiff, Png, Jpeg])
        },
        named("Elsevier", &[90.0, 190.0], Some(240.0), 500.0, &[Tiff, Jpeg, Pdf]),
        Journal {
            letters: LetterForm::Lower,
            bold: true,
            text_pt: 5.0,
            ..named("Nature", &[89.0, 183.0], Some(247.0), 300.0, &[Pdf, Tiff])
        },
        named("RSNA (Radiology)", &[82.5, 171.0], Some(229.0), 300.0, &[Tiff, Jpeg, Pdf]),
        named("Pediatric Radiology", &[84.0, 174.0], Some(234.0), 300.0, &[Tiff, Jpeg, Pdf]),
        Journal { megabytes: Some(10.0), ..named("Wiley", &[80.0, 180.0], None, 600.0, &[Tiff, Png]) },
    ]
}

impl Figure {
    /// What a journal would ask that asks for just this page.
    pub fn as_journal(&self, name: &str) -> Journal {
        let PageSetup { width_mm, dpi, text_pt, line_pt, .. } = self.page;
        Journal {
            name: name.to_owned(),
            widths_mm: vec![width_mm],
            height_mm: None,
            dpi,
            files: Vec::new(),
            megabytes: None,
            text_pt,
            line_pt,
            letters: self.letters.form,
            bold: self.letters.bold,
        }
    }

    /// The figure as a journal asks for it, in one of its widths.
    pub fn follow(&mut self, journal: &Journal, width_mm: f64) {
        let page = PageSetup {
            journal: journal.name.clone(),
            width_mm,
            dpi: self.page.dpi.max(journal.dpi),
            text_pt: self.page.text_pt.max(journal.text_pt),
            line_pt: self.page.line_pt.max(journal.line_pt),
            ..self.page.clone()
        };
        self.page = page;
        self.letters.form = journal.letters;
        self.letters.bold = journal.bold;
        self.letters.size_pt = self.letters.size_pt.max(journal.text_pt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_takes_the_rules_of_its_journal_and_keeps_what_is_better() {
        let all = journals();
        let neuro = all.iter().find(|journal| journal.name == "J Neurosurg").unwrap();
        let mut figure = Figure::new();
        figure.page.dpi = 300.0;
        figure.page.text_pt = 6.0;
        figure.letters.size_pt = 11.0;
        figure.follow(neuro, 178.0);
        assert_eq!((figure.page.width_mm, figure.page.dpi, figure.page.text_pt), (178.0, 600.0, 8.0));
        assert_eq!((figure.letters.form.letter(1).as_str(), figure.letters.size_pt), ("B", 11.0));
        assert!(all.iter().all(|journal| !journal.widths_mm.is_empty() && journal.widths_mm.is_sorted()));
    }

    #[test]
    fn the_file_is_what_its_name_says() {
        let kind = |name: &str| FileKind::of(std::path::Path::new(name));
        assert_eq!(kind("a/Figure 1.TIFF"), Some(FileKind::Tiff));
        assert_eq!((kind("f.jpeg"), kind("f.eps"), kind("pdf")), (Some(FileKind::Jpeg), None, None));
        assert!(FileKind::ALL.iter().all(|one| kind(&format!("x.{}", one.extension())) == Some(*one)));
    }
}
