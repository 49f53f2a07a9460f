use std::fmt;

use super::{Figure, FigureShape, FileKind, Journal};
use crate::case::number;

/// What is known of a panel's image.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PanelFacts {
    /// Acquired pixels per inch of paper; `None` where that is not known.
    pub acquired_dpi: Option<f64>,
    /// The image is not open, or could not be read.
    pub missing: bool,
}

/// What a journal would refuse, or an author should know.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureWarning {
    /// Fewer pixels per inch than asked for.
    Resolution {
        /// The figure's.
        dpi: f64,
        /// What is asked for.
        least: f64,
    },
    /// Not a width of the journal.
    Width {
        /// The figure's, mm.
        width_mm: f64,
        /// The journal's, mm.
        widths_mm: Vec<f64>,
    },
    /// Higher than the page.
    Height {
        /// The figure's, mm.
        height_mm: f64,
        /// The most, mm.
        most_mm: f64,
    },
    /// Text too small to read.
    Text {
        /// The smallest, pt.
        size_pt: f64,
        /// The least, pt.
        least_pt: f64,
    },
    /// Lines too thin to print.
    Line {
        /// The figure's, pt.
        width_pt: f64,
        /// The least, pt.
        least_pt: f64,
    },
    /// More pixels than were acquired: they are interpolated.
    Interpolated {
        /// The panels' letters.
        panels: Vec<String>,
        /// Acquired pixels per inch of the coarsest.
        acquired_dpi: f64,
        /// The figure's.
        dpi: f64,
    },
    /// Panels whose images are not there.
    Missing {
        /// The panels' letters.
        panels: Vec<String>,
    },
    /// The journal does not take such files.
    File(FileKind, Vec<FileKind>),
    /// The file is too large.
    Size {
        /// Megabytes.
        megabytes: f64,
        /// The most, megabytes.
        most: f64,
    },
    /// There is nothing on the page.
    Empty,
    /// Words that have no room even in the smallest letters: what they are.
    NoRoom(Vec<String>),
    /// Headings or labels in smaller letters than the page's, pt, since they had no room.
    Smaller(f64),
    /// The panels show more than one patient.
    Patients,
    /// Panels whose headers do not say whether a contrast agent was given.
    ContrastNotStated(Vec<String>),
    /// Panels whose headers have a word for a contrast agent that is neither an agent nor a no.
    ContrastUnknown(Vec<String>),
}

impl FigureWarning {
    /// Whether it only says how it is: nothing has to be done.
    pub fn is_remark(&self) -> bool {
        matches!(self, Self::Interpolated { .. } | Self::Smaller(_) | Self::ContrastNotStated(_))
    }
}

impl fmt::Display for FigureWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |value: f64| number(value, 1).trim_end_matches(".0").to_owned();
        let list = |values: &[f64]| values.iter().map(|value| short(*value)).collect::<Vec<_>>().join(" or ");
        match self {
            Self::Resolution { dpi, least } => {
                write!(f, "{} dpi: the journal asks for {} or more", short(*dpi), short(*least))
            }
            Self::Width { width_mm, widths_mm } => {
                write!(f, "{} mm wide: the journal prints {} mm", short(*width_mm), list(widths_mm))
            }
            Self::Height { height_mm, most_mm } => write!(
                f,
                "{} mm high: the journal's page has {} mm. Fewer rows or lower panels fit",
                short(*height_mm),
                short(*most_mm)
            ),
            Self::Text { size_pt, least_pt } => {
                write!(
                    f,
                    "text of {} pt: at least {} pt can be read in print",
                    short(*size_pt),
                    short(*least_pt)
                )
            }
            Self::Line { width_pt, least_pt } => {
                write!(f, "lines of {width_pt} pt: at least {least_pt} pt are printed")
            }
            Self::Interpolated { panels, acquired_dpi, dpi } => write!(
                f,
                "{}: acquired with {} pixels per inch at this size and interpolated to {}; no detail is added",
                panels.join(", "),
                number(*acquired_dpi, 0),
                number(*dpi, 0)
            ),
            Self::Missing { panels } => {
                write!(f, "{}: the images are not open; open the folder that holds them", panels.join(", "))
            }
            Self::File(kind, takes) => {
                let takes: Vec<String> = takes.iter().map(|kind| kind.extension().to_uppercase()).collect();
                write!(f, "the journal takes {}, not {}", takes.join(", "), kind.extension().to_uppercase())
            }
            Self::Size { megabytes, most } => {
                write!(f, "{} MB: the journal takes {} MB at most", number(*megabytes, 1), short(*most))
            }
            Self::Empty => write!(f, "there is no panel yet"),
            Self::NoRoom(what) => write!(
                f,
                "{}: no room even in small letters. Shorten the words or make the figure wider",
                what.join(", ")
            ),
            Self::Smaller(size_pt) => {
                write!(f, "headings or values are set in {} pt so that they have room", short(*size_pt))
            }
            Self::Patients => write!(f, "the panels are of several patients: no times are said of them"),
            Self::ContrastNotStated(panels) => write!(
                f,
                "{}: contrast is not stated in the header, and the legend does not speak of it",
                panels.join(", ")
            ),
            Self::ContrastUnknown(panels) => write!(
                f,
                "{}: the header has a word for the contrast agent that is not known. Say in the caption whether one was given",
                panels.join(", ")
            ),
        }
    }
}

/// What speaks against a figure of that height. Without a journal text below 8 pt and lines below 0.5 pt do.
///
/// `facts` has one entry for each panel.
pub fn warnings(
    figure: &Figure,
    journal: Option<&Journal>,
    height_mm: f64,
    facts: &[PanelFacts],
) -> Vec<FigureWarning> {
    const LEAST_TEXT_PT: f64 = 8.0;
    const LEAST_LINE_PT: f64 = 0.5;
    let page = &figure.page;
    let mut all = Vec::new();
    if figure.panels.is_empty() {
        all.push(FigureWarning::Empty);
    }
    let named = |is_it: &dyn Fn(&PanelFacts) -> bool| -> Vec<String> {
        let found: Vec<usize> = (0..facts.len()).filter(|index| is_it(&facts[*index])).collect();
        if found.len() > 1 && found.len() == figure.panels.len() {
            return vec!["all panels".to_owned()];
        }
        found.into_iter().map(|index| figure.panel_name(index)).collect()
    };
    let missing = named(&|facts| facts.missing);
    if !missing.is_empty() {
        all.push(FigureWarning::Missing { panels: missing });
    }
    if let Some(journal) = journal {
        if page.dpi < journal.dpi {
            all.push(FigureWarning::Resolution { dpi: page.dpi, least: journal.dpi });
        }
        if !journal.widths_mm.iter().any(|width| (width - page.width_mm).abs() < 0.5) {
            let (width_mm, widths_mm) = (page.width_mm, journal.widths_mm.clone());
            all.push(FigureWarning::Width { width_mm, widths_mm });
        }
        if let Some(most_mm) = journal.height_mm.filter(|most| height_mm > *most) {
            all.push(FigureWarning::Height { height_mm, most_mm });
        }
    }
    let least_pt = journal.map_or(LEAST_TEXT_PT, |journal| journal.text_pt);
    let size_pt = figure.smallest_text_pt();
    if size_pt < least_pt {
        all.push(FigureWarning::Text { size_pt, least_pt });
    }
    let least_pt = journal.map_or(LEAST_LINE_PT, |journal| journal.line_pt);
    if page.line_pt < least_pt {
        all.push(FigureWarning::Line { width_pt: page.line_pt, least_pt });
    }
    // A twentieth more or less is what rounding of sizes does.
    let coarse = |facts: &PanelFacts| facts.acquired_dpi.is_some_and(|dpi| dpi * 1.05 < page.dpi);
    let coarsest = facts.iter().filter(|facts| coarse(facts)).filter_map(|facts| facts.acquired_dpi);
    if let Some(acquired_dpi) = coarsest.min_by(f64::total_cmp) {
        all.push(FigureWarning::Interpolated { panels: named(&coarse), acquired_dpi, dpi: page.dpi });
    }
    all
}

impl Journal {
    /// What speaks against a file of that kind and size.
    pub fn file_warnings(&self, kind: FileKind, bytes: Option<u64>) -> Vec<FigureWarning> {
        let refused = !self.files.is_empty() && !self.files.contains(&kind);
        let file = refused.then(|| FigureWarning::File(kind, self.files.clone()));
        let size = bytes.zip(self.megabytes).and_then(|(bytes, most)| {
            let megabytes = bytes as f64 / 1e6;
            (megabytes > most).then_some(FigureWarning::Size { megabytes, most })
        });
        file.into_iter().chain(size).collect()
    }
}

impl Figure {
    /// What a panel is called in words: its letter, or its number where there are none.
    pub fn panel_name(&self, index: usize) -> String {
        match self.letters.form.letter(index) {
            none if none.is_empty() => format!("panel {}", index + 1),
            letter => letter,
        }
    }

    /// The smallest text that is on the page, pt.
    fn smallest_text_pt(&self) -> f64 {
        let marks = self.panels.iter().flat_map(|panel| &panel.marks);
        let words = marks.filter(|mark| matches!(mark.shape, FigureShape::Text(_)));
        let lettered = (!self.letters.form.letter(0).is_empty()).then_some(self.letters.size_pt);
        let sizes = words.map(|mark| mark.size_pt).chain(lettered);
        sizes.fold(self.page.text_pt, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FigureMark, Panel, journals};
    use super::*;
    use crate::case::testing::saved_view;

    fn words(warnings: &[FigureWarning]) -> Vec<String> {
        warnings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_a_journal_would_refuse_is_said_with_its_numbers() {
        let mut figure = Figure::new();
        figure.page.dpi = 300.0;
        figure.page.width_mm = 120.0;
        figure.page.line_pt = 0.25;
        let mark = FigureMark {
            size_pt: 6.0,
            ..FigureMark::new(FigureShape::Text("x".to_owned()), glam::DVec2::ONE)
        };
        figure.push(Panel { marks: vec![mark], ..Panel::new(saved_view()) });
        figure.push(Panel::new(saved_view()));
        let all = journals();
        let neuro = all.iter().find(|journal| journal.name == "J Neurosurg");
        let facts = [
            PanelFacts { acquired_dpi: Some(381.0), missing: false },
            PanelFacts { acquired_dpi: Some(120.0), missing: true },
        ];
        assert_eq!(
            words(&warnings(&figure, neuro, 240.0, &facts)),
            [
                "(b): the images are not open; open the folder that holds them",
                "300 dpi: the journal asks for 600 or more",
                "120 mm wide: the journal prints 84 or 127 or 178 mm",
                "240 mm high: the journal's page has 229 mm. Fewer rows or lower panels fit",
                "text of 6 pt: at least 8 pt can be read in print",
                "lines of 0.25 pt: at least 0.5 pt are printed",
                "(b): acquired with 120 pixels per inch at this size and interpolated to 300; no detail is added",
            ]
        );
        figure.page.width_mm = 178.0;
        figure.page.dpi = 600.0;
        figure.page.line_pt = 0.5;
        figure.panels.remove(0);
        assert_eq!(warnings(&figure, neuro, 229.0, &[PanelFacts::default()]), []);
        assert_eq!(
            words(&neuro.unwrap().file_warnings(FileKind::Svg, Some(51_000_000))),
            ["the journal takes TIF, JPG, PDF, not SVG", "51.0 MB: the journal takes 50 MB at most"]
        );
    }
}
