use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::output::Overwrite;
use super::plane::{ModeChoice, PlaneChoice};
use super::shape::Shape;
use crate::case::Padding;
use crate::memory::Memory;

/// A desktop DICOM viewer for lesions: how dense, how big, has it changed?
#[derive(Debug, Parser)]
#[command(name = "isodense", version, args_conflicts_with_subcommands = true)]
#[command(after_help = "Without a command, the window opens. Research software: not for clinical use.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// Files, folders, ZIP archives, DICOMDIR and cases to open in the window.
    pub(super) paths: Vec<PathBuf>,
    /// Say whose work is in the program, and under which licences.
    #[arg(long, conflicts_with = "paths")]
    pub(super) licences: bool,
    /// How much memory images may take: 800M, 2G, or auto for half of what is free. `ISODENSE_MEMORY` says the same.
    #[arg(long, global = true, value_name = "SIZE")]
    pub(super) memory: Option<Memory>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say what is there, and what was wrong with it.
    Inspect(Inspect),
    /// The value of one pixel, with its unit and its place in the patient.
    Probe(Probe),
    /// Measure a shape on an image, or everything in a case file again.
    Measure(Measure),
    /// Measure a case again and compare with what it recorded and what its notes claim; exit code 1 where they differ.
    Verify(Verify),
    /// Draw a slice as the window shows it, into a PNG, TIFF or JPEG file without patient data.
    Render(Render),
    /// Draw a figure of a case for a journal, into a PDF, SVG, TIFF, PNG or JPEG file without patient data.
    Figure(Figure),
    /// Write the notebook of a case as a report: Markdown, HTML, Word or PDF. Times are relative, no patient data is in it.
    Report(Report),
    /// Draw every n-th slice of a series side by side, into a PDF, SVG, TIFF, PNG or JPEG file without patient data.
    Montage(Montage),
    /// Draw a series slice after slice as a film, into a GIF or animated PNG file without patient data.
    Cine(Cine),
    /// Every element of a DICOM file, with what says who the patient is hidden.
    Tags(Tags),
    /// Write the bundled sample case again. Files that are there and hold something else stay as they are.
    Sample(Sample),
}

impl Command {
    /// Whether the answer is for a script.
    pub(super) fn wants_json(&self) -> bool {
        match self {
            Self::Inspect(question) => question.json,
            Self::Probe(question) => question.json,
            Self::Measure(question) => question.json,
            Self::Verify(question) => question.json,
            Self::Tags(question) => question.json,
            Self::Render(_)
            | Self::Figure(_)
            | Self::Report(_)
            | Self::Montage(_)
            | Self::Cine(_)
            | Self::Sample(_) => false,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// DICOM files, folders, ZIP archives and DICOMDIR.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Which image of those found.
#[derive(Debug, Args)]
pub(super) struct Image {
    /// SOP Instance UID of the image; may be left out when there is only one.
    #[arg(long, value_name = "UID")]
    pub(super) sop: Option<String>,
    /// Frame of a multi-frame image, counted from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) frame: u32,
}

#[derive(Debug, Args)]
pub(super) struct Probe {
    /// DICOM files, folders, ZIP archives and DICOMDIR.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) image: Image,
    /// Column and row, counted from 0 at the first pixel's centre.
    #[arg(long, value_name = "COL,ROW", allow_hyphen_values = true, required_unless_present = "at")]
    pub(super) pixel: Option<Numbers<2>>,
    /// Series Instance UID, for --at.
    #[arg(long, value_name = "UID", requires = "at", conflicts_with_all = ["sop", "frame", "pixel"])]
    pub(super) series: Option<String>,
    /// A point in the patient: mm, x to the left, y to the back, z to the head.
    #[arg(long, value_name = "X,Y,Z", allow_hyphen_values = true, requires = "series",
        conflicts_with_all = ["pixel", "sop"])]
    pub(super) at: Option<Numbers<3>>,
    /// Which stack of a series that holds several, from 1 in the order of `inspect`.
    #[arg(long, value_name = "K", requires = "series")]
    pub(super) stack: Option<usize>,
    /// Answer in JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own on the command line")]
pub(super) struct Measure {
    /// DICOM files, folders, ZIP archives and DICOMDIR; or a case file (.json) whose measurements to measure again.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) image: Image,
    /// What to measure, in pixels counted from 0 at the first pixel's centre: `ellipse CX,CY SEMI_COL,SEMI_ROW`,
    /// `rect C0,R0 C1,R1`, `polygon C,R C,R C,R ...`, `length C,R C,R` or `angle C,R VERTEX_C,R C,R`.
    #[arg(long, value_name = "SHAPE")]
    pub(super) shape: Option<Shape>,
    /// What becomes of pixel padding values.
    #[arg(long, value_enum, default_value_t = PaddingChoice::Exclude)]
    pub(super) padding: PaddingChoice,
    /// Where the images of a case are, if not where it says.
    #[arg(long, value_name = "PATH")]
    pub(super) data: Vec<PathBuf>,
    /// Write a case's measurements to this file too: CSV, or JSON where its name ends so.
    #[arg(long, value_name = "FILE")]
    pub(super) table: Option<PathBuf>,
    /// Begin a CSV table with a byte order mark, by which Excel knows that it is UTF-8.
    #[arg(long, requires = "table")]
    pub(super) bom: bool,
    /// Leave the UIDs of studies, series and images out of the table.
    #[arg(long, requires = "table")]
    pub(super) without_uids: bool,
    /// Let this leave with the table although it may say who the patient is. KEY stands in brackets where it is blocked;
    /// `dates` is all dates.
    #[arg(long, value_name = "KEY", requires = "table")]
    pub(super) keep: Vec<String>,
    #[command(flatten)]
    pub(super) over: Overwrite,
    /// Answer in JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The case file (.json).
    pub(super) case: PathBuf,
    /// Where its images are, if not where it says.
    #[arg(long, value_name = "PATH")]
    pub(super) data: Vec<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PaddingChoice {
    /// Count them like any other value.
    Include,
    /// Leave them out and say how many there were.
    Exclude,
}

impl From<PaddingChoice> for Padding {
    fn from(choice: PaddingChoice) -> Self {
        match choice {
            PaddingChoice::Include => Self::Include,
            PaddingChoice::Exclude => Self::Exclude,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Render {
    /// DICOM files, folders, ZIP archives and DICOMDIR.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) image: Image,
    /// Series Instance UID, for --slice and --plane.
    #[arg(long, value_name = "UID", conflicts_with_all = ["sop", "frame"])]
    pub(super) series: Option<String>,
    /// Slice of the sorted series, counted from 1.
    #[arg(long, value_name = "N", requires = "series", conflicts_with = "plane")]
    pub(super) slice: Option<usize>,
    /// Which stack of a series that holds several, from 1 in the order of `inspect`.
    #[arg(long, value_name = "K", requires = "series")]
    pub(super) stack: Option<usize>,
    /// A plane cut through the series: axial, coronal, sagittal, or a point, the direction of the rows and the direction
    /// of the columns in mm of the patient.
    #[arg(long, value_name = "PLANE", requires = "series", allow_hyphen_values = true)]
    pub(super) plane: Option<PlaneChoice>,
    /// The point of the patient that the plane goes through; the middle of the series when left out.
    #[arg(long, value_name = "X,Y,Z", allow_hyphen_values = true, requires = "plane")]
    pub(super) at: Option<Numbers<3>>,
    /// Thickness of the plane in mm.
    #[arg(long, value_name = "MM", requires = "plane")]
    pub(super) slab: Option<f64>,
    /// What is shown of the thickness.
    #[arg(long, value_enum, requires = "slab", default_value_t = ModeChoice::Mean)]
    pub(super) mode: ModeChoice,
    /// Another series of the same space, in colours over the first.
    #[arg(long, value_name = "UID", requires = "series")]
    pub(super) overlay: Option<String>,
    /// Window centre and width, in HU for CT; the file's own, or an automatic one, when left out.
    #[arg(long, value_name = "CENTER,WIDTH", allow_hyphen_values = true)]
    pub(super) window: Option<Numbers<2>>,
    /// Width of the picture in pixels (1024 when nothing is said).
    #[arg(long, value_name = "N", conflicts_with = "width_mm")]
    pub(super) width_px: Option<u32>,
    /// Printed width of the picture in mm.
    #[arg(long, value_name = "W", requires = "dpi")]
    pub(super) width_mm: Option<f64>,
    /// Pixels per inch: written into the file, and sizes the letters.
    #[arg(long, value_name = "D")]
    pub(super) dpi: Option<f64>,
    /// The file: .png, .tif or .jpg.
    #[arg(short, long, value_name = "OUT.png")]
    pub(super) output: PathBuf,
    /// Let this leave with it although it may say who the patient is. KEY stands in brackets where it is blocked;
    /// `dates` is all dates.
    #[arg(long, value_name = "KEY")]
    pub(super) keep: Vec<String>,
    #[command(flatten)]
    pub(super) over: Overwrite,
}

#[derive(Debug, Args)]
pub(super) struct Figure {
    /// The case file (.json).
    pub(super) case: PathBuf,
    /// Which figure, from 1.
    #[arg(long = "figure", value_name = "N", default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) number: u32,
    #[command(flatten)]
    pub(super) file: PageFile,
    /// Where the images of the case are, if not where it says.
    #[arg(long, value_name = "PATH")]
    pub(super) data: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
pub(super) struct Report {
    /// The case file (.json).
    pub(super) case: PathBuf,
    /// The file: .md, .html, .docx or .pdf; of --timeline .pdf, .svg, .tif, .png, .jpg, .csv or .json.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Write times as dates, each of which has to be kept on purpose.
    #[arg(long)]
    pub(super) dates: bool,
    /// Add an appendix that says where each number comes from.
    #[arg(long, conflicts_with = "timeline")]
    pub(super) provenance: bool,
    /// Write it although it mentions figures or tables that are not there, or values that say nothing.
    #[arg(long, conflicts_with = "timeline")]
    pub(super) draft: bool,
    /// Only the timeline, as a figure or as a table.
    #[arg(long)]
    pub(super) timeline: bool,
    /// Let this leave with it although it may say who the patient is. KEY stands in brackets where it is blocked;
    /// `dates` is all dates.
    #[arg(long, value_name = "KEY")]
    pub(super) keep: Vec<String>,
    #[command(flatten)]
    pub(super) over: Overwrite,
    /// Where the images of the case are, if not where it says.
    #[arg(long, value_name = "PATH")]
    pub(super) data: Vec<PathBuf>,
}

/// The file of a figure or a montage.
#[derive(Debug, Args)]
pub(super) struct PageFile {
    /// The file: .pdf, .svg, .tif, .png or .jpg.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Pixels per inch, if not the figure's own (600 of a new one).
    #[arg(long, value_name = "D")]
    pub(super) dpi: Option<f64>,
    /// Width on paper in mm, if not the figure's own (180 of a new one).
    #[arg(long, value_name = "W")]
    pub(super) width_mm: Option<f64>,
    /// Let this leave with the figure although it may say who the patient is; for this file only, the case stays as it
    /// is. KEY stands in brackets where the figure is blocked; `dates` is all dates.
    #[arg(long, value_name = "KEY")]
    pub(super) keep: Vec<String>,
    #[command(flatten)]
    pub(super) over: Overwrite,
}

/// Which slices of a series, and how they are shown.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// DICOM files, folders, ZIP archives and DICOMDIR.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Series Instance UID.
    #[arg(long, value_name = "UID")]
    pub(super) series: String,
    /// Which stack of a series that holds several, from 1 in the order of `inspect`.
    #[arg(long, value_name = "K")]
    pub(super) stack: Option<usize>,
    /// Parallel planes cut through the series, not its own slices: axial, coronal, sagittal, or a point, the direction
    /// of the rows and the direction of the columns in mm of the patient.
    #[arg(long, value_name = "PLANE", allow_hyphen_values = true)]
    pub(super) plane: Option<PlaneChoice>,
    /// Thickness of each plane in mm.
    #[arg(long, value_name = "MM", requires = "plane")]
    pub(super) slab: Option<f64>,
    /// What is shown of the thickness.
    #[arg(long, value_enum, requires = "slab", default_value_t = ModeChoice::Mean)]
    pub(super) mode: ModeChoice,
    /// The first slice, from 1; the first of the series when left out.
    #[arg(long, value_name = "N")]
    pub(super) from: Option<usize>,
    /// The last slice; before the first one to go backwards.
    #[arg(long, value_name = "N")]
    pub(super) to: Option<usize>,
    /// From one slice to the next.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = at_least_one)]
    pub(super) every: usize,
    /// Window centre and width, in HU for CT; the file's own, or an automatic one, when left out.
    #[arg(long, value_name = "CENTER,WIDTH", allow_hyphen_values = true)]
    pub(super) window: Option<Numbers<2>>,
}

#[derive(Debug, Args)]
pub(super) struct Montage {
    #[command(flatten)]
    pub(super) run: Run,
    /// Slices in a row, at most 26; about as many as rows when left out.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(super) columns: Option<usize>,
    #[command(flatten)]
    pub(super) file: PageFile,
}

#[derive(Debug, Args)]
pub(super) struct Cine {
    #[command(flatten)]
    pub(super) run: Run,
    /// Frames a second; what the file says, or 10, when left out. A GIF plays at most 50.
    #[arg(long, value_name = "F")]
    pub(super) fps: Option<f64>,
    /// Width of the film in pixels.
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub(super) width_px: u32,
    /// Without orientation letters and ruler: grey images then stay exactly as they are in a GIF, too.
    #[arg(long)]
    pub(super) plain: bool,
    /// The file: .gif, .png or .apng.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Let this leave with it although it may say who the patient is. KEY stands in brackets where it is blocked;
    /// `dates` is all dates.
    #[arg(long, value_name = "KEY")]
    pub(super) keep: Vec<String>,
    #[command(flatten)]
    pub(super) over: Overwrite,
}

#[derive(Debug, Args)]
pub(super) struct Tags {
    /// A DICOM file: an image, a document, an index, also one that Isodense cannot show.
    pub(super) path: PathBuf,
    /// Only elements with this in their tag (`0018,9087`), keyword, name or value.
    #[arg(long, value_name = "TEXT")]
    pub(super) find: Option<String>,
    /// Show names, identifiers and the like as well.
    #[arg(long)]
    pub(super) show_patient_data: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Sample {
    /// The folder, which is made where it is missing.
    pub(super) folder: PathBuf,
}

/// Finite numbers with commas between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Numbers<const N: usize>(pub(super) [f64; N]);

impl<const N: usize> FromStr for Numbers<N> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<f64>> = text.split(',').map(finite).collect();
        let numbers = numbers.and_then(|list| <[f64; N]>::try_from(list).ok());
        numbers.map(Self).ok_or_else(|| format!("`{text}` is not {N} numbers with commas between them"))
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| format!("`{text}` is not 1 or more"))
}

fn finite(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn numbers_may_be_negative_but_not_odd() {
        assert_eq!("-1.5,2".parse(), Ok(Numbers([-1.5, 2.0])));
        for odd in ["1", "1,2,3", "1,x", "1,NaN", "1,inf", ""] {
            assert!(odd.parse::<Numbers<2>>().is_err(), "{odd}");
        }
    }
}
