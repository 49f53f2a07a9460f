use std::sync::Arc;

use super::arguments::Image;
use super::{CliError, Opened};
use crate::dicom::load_frame;
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::{Frame, FrameRef, Samples, Series};

/// A frame of a series.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// The series.
    pub series: &'a Series,
    /// The frame.
    pub frame: &'a Arc<Frame>,
}

impl Chosen<'_> {
    /// The frame's samples, read from its file.
    pub fn samples(&self) -> Result<Samples, CliError> {
        let path = self.frame.stored.path.display();
        load_frame(self.frame).map_err(|error| CliError::failed(format!("{error}: {path}")))
    }
}

impl Opened {
    /// Every frame of every series.
    pub fn frames(&self) -> impl Iterator<Item = Chosen<'_>> {
        self.series.iter().flat_map(|series| series.frames.iter().map(move |frame| Chosen { series, frame }))
    }

    /// The frame of that name.
    pub fn frame(&self, of: &FrameRef) -> Option<Chosen<'_>> {
        self.frames().find(|chosen| chosen.frame.of == *of)
    }

    /// The image that was asked for; the only one when none was named.
    pub(super) fn choose(&self, image: &Image) -> Result<Chosen<'_>, CliError> {
        let named = |chosen: &Chosen<'_>| {
            image.sop.as_ref().is_none_or(|sop| chosen.frame.of.sop_instance.as_str() == sop)
        };
        let mut objects: Vec<_> = self.frames().filter(named).map(|c| &c.frame.of.sop_instance).collect();
        objects.sort();
        objects.dedup();
        let sop = match (objects.as_slice(), &image.sop) {
            ([], Some(sop)) => return Err(CliError::failed(format!("there is no image {sop} here"))),
            ([], None) => return Err(CliError::failed(self.nothing_found())),
            ([only], _) => (*only).clone(),
            (several, _) => {
                let what = format!("{} images are here: name one with --sop", several.len());
                return Err(CliError::misuse(what));
            }
        };
        let frames = self.frames().filter(|c| c.frame.of.sop_instance == sop).count();
        let of = FrameRef { sop_instance: sop, frame_number: image.frame };
        self.frame(&of).ok_or_else(|| {
            let plural = if frames == 1 { "frame" } else { "frames" };
            CliError::failed(format!("the image has {frames} {plural}, not {}", image.frame))
        })
    }

    /// The series of that UID.
    pub(super) fn series(&self, uid: &str) -> Result<&Series, CliError> {
        let found = self.series.iter().find(|series| series.info.uid.as_str() == uid);
        found.ok_or_else(|| CliError::failed(format!("there is no series {uid} here")))
    }

    /// Why there is nothing, from the first file that was not used.
    pub(super) fn nothing_found(&self) -> String {
        match self.problems.first() {
            None => "no DICOM image is here".to_owned(),
            Some(first) => {
                let path = first.path.display();
                let others = match self.problems.len() - 1 {
                    0 => String::new(),
                    more => format!(" ({more} more were not used)"),
                };
                format!("no DICOM image is here; {}: {path}{others}", first.reason)
            }
        }
    }
}

/// The slice nearest to a patient point, and the pixel there.
///
/// A slice reaches half way to its neighbour, the outermost ones as far outwards. Over a gap of missing slices
/// they reach no farther than usual: what was not scanned has no value.
pub(super) fn slice_at(series: &Series, point: PatientPoint) -> Result<(Chosen<'_>, PixelPoint), CliError> {
    let mut nearest: Option<(f64, &Arc<Frame>, PixelPoint)> = None;
    let mut beside = false;
    for frame in &series.frames {
        let Some(plane) = &frame.plane else { continue };
        let (pixel, off) = plane.pixel_from_patient(point);
        let off = off.0;
        if off.abs() > reach(series, frame, off) {
            continue;
        }
        if pixel.pixel(frame.size.columns, frame.size.rows).is_none() {
            beside = true;
        } else if nearest.is_none_or(|(least, ..)| off.abs() < least) {
            nearest = Some((off.abs(), frame, pixel));
        }
    }
    if let Some((_, frame, pixel)) = nearest {
        return Ok((Chosen { series, frame }, pixel));
    }
    let why = if series.frames.iter().all(|frame| frame.plane.is_none()) {
        "the images of this series do not say where they lie in the patient"
    } else if beside {
        "the point lies beside the image of its slice"
    } else {
        "the point lies in no slice of this series"
    };
    Err(CliError::failed(why))
}

/// How far a slice extends towards a point `off` its plane, in mm.
fn reach(series: &Series, frame: &Frame, off: f64) -> f64 {
    const HAIR: f64 = 1e-6;
    /// A neighbour this many usual distances away has slices missing before it.
    const GAP: f64 = 1.9;
    let Some(plane) = &frame.plane else { return 0.0 };
    let thickness = frame.thickness.map_or(0.0, |thickness| thickness.0);
    let parallel = series.frames.iter().filter_map(|other| other.plane.as_ref());
    let parallel = parallel.filter(|other| other.normal().dot(plane.normal()) > 1.0 - 1e-4);
    let distances: Vec<f64> =
        parallel.map(|other| (other.origin().0 - plane.origin().0).dot(plane.normal())).collect();
    let to = |side: f64| distances.iter().map(|d| d * side).filter(|d| *d > 1e-3).min_by(f64::total_cmp);
    let ahead = to(off.signum());
    let behind = to(-off.signum());
    let usual = match (ahead, behind) {
        (Some(ahead), Some(behind)) => ahead.min(behind),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => thickness.max(1.0),
    }
    .max(thickness);
    match ahead {
        Some(ahead) if ahead < GAP * usual => ahead / 2.0 + HAIR,
        Some(_) | None => usual / 2.0 + HAIR,
    }
}
