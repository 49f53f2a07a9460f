use std::sync::Arc;

use super::arguments::Image;
use super::{CliError, Opened};
use crate::case::Points;
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::{Decoded, Frame, FrameRef, Series};
use crate::session::load_frame;
use crate::words::counted;

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
    pub fn samples(&self) -> Result<Decoded, CliError> {
        read_samples(self.frame)
    }
}

/// The samples of a frame, read from its file.
pub(super) fn read_samples(frame: &Frame) -> Result<Decoded, CliError> {
    let path = frame.stored.path.display();
    load_frame(frame).map_err(|error| CliError::failed(format!("{error}: {path}")))
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

    /// The first frame that a measurement shows on, by the window's own rule.
    pub(super) fn shows(&self, points: &Points) -> Option<Chosen<'_>> {
        self.series.iter().find_map(|series| {
            let mut frames = series.frames.iter().enumerate();
            let on = |(index, frame): &(usize, &Arc<Frame>)| {
                points.shows_on(frame, &series.space, series.reach(*index))
            };
            frames.find(on).map(|(_, frame)| Chosen { series, frame })
        })
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
                let what = format!("{} are here: name one with --sop", counted(several.len(), "image"));
                return Err(CliError::misuse(what));
            }
        };
        let frames = self.frames().filter(|c| c.frame.of.sop_instance == sop).count();
        let of = FrameRef { sop_instance: sop, frame_number: image.frame };
        self.frame(&of).ok_or_else(|| {
            let frames = counted(frames, "frame");
            CliError::failed(format!("the image has {frames}, not {}", image.frame))
        })
    }

    /// The stacks of the series of that UID; the one of that number only, if it is given.
    pub(super) fn stacks(&self, uid: &str, number: Option<usize>) -> Result<Vec<&Series>, CliError> {
        let all: Vec<_> = self.series.iter().filter(|series| series.info.uid.as_str() == uid).collect();
        if all.is_empty() {
            return Err(CliError::failed(format!("there is no series {uid} here")));
        }
        let Some(number) = number else { return Ok(all) };
        let stack = number.checked_sub(1).and_then(|index| all.get(index));
        let stack = stack.ok_or_else(|| {
            let stacks = counted(all.len(), "stack");
            CliError::failed(format!("the series has {stacks}, not {number}"))
        })?;
        Ok(vec![stack])
    }

    /// The one stack of the series of that UID.
    pub(super) fn stack(&self, uid: &str, number: Option<usize>) -> Result<&Series, CliError> {
        match self.stacks(uid, number)?.as_slice() {
            [only] => Ok(only),
            several => Err(CliError::misuse(which_stack(several))),
        }
    }

    /// Why there is nothing, from the first file that was not used.
    pub(super) fn nothing_found(&self) -> String {
        match self.problems.first() {
            None => "no DICOM image is here".to_owned(),
            Some(first) => {
                let path = first.path.display();
                let others = match self.problems.len() - 1 {
                    0 => String::new(),
                    1 => " (1 more was not used)".to_owned(),
                    more => format!(" ({more} more were not used)"),
                };
                format!("no DICOM image is here; {}: {path}{others}", first.reason)
            }
        }
    }
}

/// Asks for one of several stacks by number.
fn which_stack(stacks: &[&Series]) -> String {
    let parts = stacks.iter().filter_map(|stack| stack.part.as_ref());
    let names: Vec<String> = parts.take(12).map(|part| format!("{} {}", part.number, part.name)).collect();
    let more = if stacks.len() > names.len() { "; …" } else { "" };
    format!(
        "{} of the series hold it: name one with --stack ({}{more})",
        counted(stacks.len(), "stack"),
        names.join("; ")
    )
}

/// The slice that holds a patient point, of the only stack that has one there.
pub(super) fn slice_in<'a>(
    stacks: &[&'a Series],
    point: PatientPoint,
) -> Result<(Chosen<'a>, PixelPoint), CliError> {
    let mut found = Vec::new();
    let mut why = None;
    for stack in stacks {
        match slice_at(stack, point) {
            Ok(slice) => found.push(slice),
            Err(error) => why = Some(error),
        }
    }
    match found.as_slice() {
        [] => Err(why.unwrap_or_else(|| CliError::failed("there is no such series here"))),
        [only] => Ok(*only),
        several => {
            let holding: Vec<&Series> = several.iter().map(|(chosen, _)| chosen.series).collect();
            Err(CliError::misuse(which_stack(&holding)))
        }
    }
}

/// The slice that holds a patient point, and the pixel there. At the border of two the nearer one answers.
fn slice_at(series: &Series, point: PatientPoint) -> Result<(Chosen<'_>, PixelPoint), CliError> {
    /// A point exactly on the border belongs to a slice, however it was rounded.
    const HAIR: f64 = 1e-6;
    let mut nearest: Option<(f64, &Arc<Frame>, PixelPoint)> = None;
    let mut beside = false;
    for (index, frame) in series.frames.iter().enumerate() {
        let Some(plane) = &frame.plane else { continue };
        let (pixel, off) = plane.pixel_from_patient(point);
        let [against, along] = series.reach(index);
        if off.0 < -against - HAIR || off.0 > along + HAIR {
            continue;
        }
        if pixel.pixel(frame.size.columns, frame.size.rows).is_none() {
            beside = true;
        } else if nearest.is_none_or(|(least, ..)| off.0.abs() < least) {
            nearest = Some((off.0.abs(), frame, pixel));
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
