use std::path::Path;

use super::arguments::{Numbers, Render as Question};
use super::console::Console;
use super::headless::lets_through;
use super::loaded::Loaded;
use super::open::open_watched;
use super::output::never_a_source;
use super::plane::PlaneChoice;
use super::{Chosen, CliError, Opened};
use crate::dicom::load_overlays;
use crate::export::{ExportOptions, FileFormat, OutputSize, ViewExport, view_picture, write_picture};
use crate::geometry::{Mm, PatientPoint};
use crate::image::{Decoded, Frame, OverlayPlane, Samples, Series, Voi, Volume, Window};
use crate::render::{
    Fonts, Layer, ViewImage, ViewPixels, default_voi, layer_look, slices_of_plane, window_misfit,
};
use crate::session::{OVERLAY_OPACITY, PictureParts, THICKEST, computed_frame, picture_findings};
use crate::view::{Framing, Look, Reformat, Slab, Slice, View, ViewportSize};
use crate::words::counted;
use crate::work::Cancel;

/// Pixels across, and per inch, when nothing is said.
const WIDTH_PX: u32 = 1024;
const DPI: f64 = 150.0;

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let format = format_of(&question.output)?;
    let size = size_of(question)?;
    let to = question.over.target(&question.output)?;
    let opened = open_watched(&question.paths, console)?;
    never_a_source(&question.output, &opened, None)?;
    let mut loaded = Loaded::new(console.memory);
    let subject = match (&question.series, question.plane) {
        (Some(uid), Some(plane)) => {
            of_plane(question, opened.stack(uid, question.stack)?, plane, &mut loaded, console)?
        }
        (_, None) => of_slice(question, choose(question, &opened)?)?,
        (None, Some(_)) => return Err(CliError::misuse("say which series: --plane needs --series")),
    };
    let layer = layer(question, &opened, &subject, &mut loaded, console)?;
    let over = layer.as_ref().map(|(volume, look)| Layer { volume, look, opacity: OVERLAY_OPACITY });
    let frame = &subject.frame;
    let parts = subject.parts(question.overlay.as_ref().map(|uid| opened.stack(uid, None)).transpose()?);
    let gate = picture_findings(&parts, &question.output, &question.keep);
    lets_through("The picture", &gate, &question.keep, console)?;
    let pixels = match &subject.pixels {
        Source::Slice(samples, graphics) => ViewPixels::Frame { samples, graphics },
        Source::Plane(volume, slab) => ViewPixels::Plane { volume, slab: *slab },
    };
    let viewport = whole_frame(frame);
    let view = View { of: subject.of, framing: Framing::fit(frame, viewport), look: subject.look };
    let export = ViewExport {
        image: ViewImage { frame, pixels, layer: over },
        view: &view,
        viewport,
        marks: &[],
        fonts: &Fonts::default(),
    };
    let options = ExportOptions { size, format, ..ExportOptions::default() };
    let picture = view_picture(&export, &options, &Cancel::default()).map_err(CliError::failed)?;
    write_picture(to, &picture, format, size.dpi(), &Cancel::default())
        .map_err(|error| CliError::failed(format!("{error}: {}", question.output.display())))?;
    if let Source::Slice(samples, _) = &subject.pixels
        && let Some(cut) = samples.cut(frame.size)
    {
        console.note(&cut.to_string())?;
    }
    if let Source::Slice(samples, _) = &subject.pixels
        && question.window.is_none()
        && !frame.color
        && let Some(misfit) = window_misfit(frame, samples)
    {
        console.line(&misfit.to_string())?;
    }
    console.line(&format!(
        "{} x {} px: {}",
        picture.size.width,
        picture.size.height,
        question.output.display()
    ))?;
    Ok(0)
}

/// What is drawn, and how.
struct Subject<'a> {
    series: &'a Series,
    frame: Frame,
    of: Slice,
    look: Look,
    pixels: Source,
}

impl Subject<'_> {
    fn parts<'a>(&'a self, over: Option<&'a Series>) -> PictureParts<'a> {
        let (cut, graphics) = match (&self.of, &self.pixels) {
            (Slice::Reformat(cut), _) => (Some(cut), false),
            (Slice::Acquired(_), Source::Slice(_, graphics)) => (None, !graphics.is_empty()),
            (Slice::Acquired(_), Source::Plane(..)) => (None, false),
        };
        PictureParts { series: self.series, frame: &self.frame, cut, over, graphics }
    }
}

enum Source {
    Slice(Decoded, Vec<OverlayPlane>),
    Plane(Volume, Slab),
}

fn of_slice<'a>(question: &Question, chosen: Chosen<'a>) -> Result<Subject<'a>, CliError> {
    let samples = chosen.samples()?;
    let frame = chosen.frame.as_ref().clone();
    let look = look(question, &frame, &samples)?;
    let graphics = load_overlays(&frame).map_err(CliError::failed)?;
    Ok(Subject {
        of: Slice::Acquired(frame.of.clone()),
        series: chosen.series,
        look,
        pixels: Source::Slice(samples, graphics),
        frame,
    })
}

/// A plane cut through a series, with the window that the series' middle image would have.
fn of_plane<'a>(
    question: &Question,
    series: &'a Series,
    plane: PlaneChoice,
    loaded: &mut Loaded,
    console: &mut Console<'_>,
) -> Result<Subject<'a>, CliError> {
    let why_not = |why| CliError::failed(format!("the series is no volume: {why}"));
    let slices = series.slices.as_ref().map_err(why_not)?;
    let at = question.at.map(|Numbers([x, y, z])| PatientPoint::new(x, y, z));
    let mode = question.mode.into();
    let slab = Slab { thickness: thickness(question)?, mode };
    let reformat = Reformat { plane: plane.plane(at, slices.middle()), slab };
    let frame = computed_frame(series, &reformat).ok_or_else(|| CliError::failed("that is no plane"))?;
    let first = series.middle().ok_or_else(|| CliError::failed("the series has no image"))?;
    let look = look(question, first, &**loaded.samples(first)?)?;
    let cut = frame.plane.ok_or_else(|| CliError::failed("that is no plane"))?;
    let needed = slices_of_plane(slices, &cut, slab, look.interpolation);
    let volume = loaded.part(series, needed, console)?;
    Ok(Subject { frame, series, of: Slice::Reformat(reformat), look, pixels: Source::Plane(volume, slab) })
}

/// As thick as a plane may be in the window.
fn thickness(question: &Question) -> Result<Mm, CliError> {
    let thickness = Mm(question.slab.unwrap_or(0.0));
    if (0.0..=THICKEST.0).contains(&thickness.0) {
        return Ok(thickness);
    }
    Err(CliError::misuse(format!("a slab is 0 to {THICKEST} thick")))
}

/// The series over it: of the same space, or it has no place on the picture.
fn layer(
    question: &Question,
    opened: &Opened,
    under: &Subject<'_>,
    loaded: &mut Loaded,
    console: &mut Console<'_>,
) -> Result<Option<(Volume, Look)>, CliError> {
    let Some(uid) = &question.overlay else { return Ok(None) };
    let series = opened.stack(uid, None)?;
    if series.space != under.series.space {
        return Err(CliError::failed("the two series are not of one Frame of Reference"));
    }
    let first = series.middle().ok_or_else(|| CliError::failed("the series over it has no image"))?;
    let look = layer_look(first, &**loaded.samples(first)?);
    let slab = match &under.pixels {
        Source::Slice(..) => Slab::default(),
        Source::Plane(_, slab) => *slab,
    };
    let why_not = |why| CliError::failed(format!("the series over it is no volume: {why}"));
    let slices = series.slices.as_ref().map_err(why_not)?;
    let cut = under.frame.plane.as_ref();
    let needed = cut.map_or(0..0, |cut| slices_of_plane(slices, cut, slab, look.interpolation));
    Ok(Some((loaded.part(series, needed, console)?, look)))
}

fn format_of(path: &Path) -> Result<FileFormat, CliError> {
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase());
    match end.as_deref() {
        Some("png") => Ok(FileFormat::Png),
        Some("tif" | "tiff") => Ok(FileFormat::Tiff),
        Some("jpg" | "jpeg") => Ok(FileFormat::Jpeg),
        Some(_) | None => Err(CliError::misuse("the picture's name must end in .png, .tif or .jpg")),
    }
}

fn size_of(question: &Question) -> Result<OutputSize, CliError> {
    let dpi = question.dpi.unwrap_or(DPI);
    let size = match (question.width_mm, question.width_px) {
        (Some(width_mm), _) => OutputSize::Millimetres { width_mm, dpi },
        (None, width) => OutputSize::Pixels { width: width.unwrap_or(WIDTH_PX), dpi },
    };
    // A square stands for the picture: the real height is known only with the image.
    size.pixels(1.0).map(|_| size).map_err(|error| CliError::misuse(error.to_string()))
}

fn choose<'a>(question: &Question, opened: &'a Opened) -> Result<Chosen<'a>, CliError> {
    let (Some(uid), Some(slice)) = (&question.series, question.slice) else {
        return opened.choose(&question.image);
    };
    let series = opened.stack(uid, question.stack)?;
    let frame = slice.checked_sub(1).and_then(|index| series.frames.get(index));
    let frame = frame.ok_or_else(|| {
        let slices = counted(series.frames.len(), "slice");
        CliError::failed(format!("the series has {slices}, not {slice}"))
    })?;
    Ok(Chosen { series, frame })
}

/// The window that was asked for: narrower than 1 only where a frame's values lie between whole numbers.
pub(super) fn asked_window(Numbers([center, width]): Numbers<2>, frame: &Frame) -> Result<Window, CliError> {
    if !(center.is_finite() && width.is_finite() && width > 0.0) {
        return Err(CliError::misuse("a window is two numbers, its width above 0"));
    }
    if width < 1.0 && !frame.is_fractional() {
        return Err(CliError::misuse("a window is at least 1 wide on values that are whole numbers"));
    }
    Ok(Window::linear(center, width).on_values(frame.is_fractional()))
}

fn look(question: &Question, frame: &Frame, samples: &Samples) -> Result<Look, CliError> {
    let voi = match question.window {
        Some(numbers) => Voi::Window(asked_window(numbers, frame)?),
        None => default_voi(frame, samples),
    };
    Ok(Look { voi, ..Look::with_window(Window::linear(0.0, 1.0)) })
}

/// A viewport of the frame's own shape, one pixel for each of the longer side's.
pub(super) fn whole_frame(frame: &Frame) -> ViewportSize {
    let extent = frame.display_extent();
    let scale = 4096.0 / extent.max_element();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 4096")]
    let pixels = |length: f64| (length * scale).round().max(1.0) as u32;
    ViewportSize { width: pixels(extent.x), height: pixels(extent.y) }
}
