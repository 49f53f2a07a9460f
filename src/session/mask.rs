//! Masks of lesions: where they show, what they are worth, and what can be done with one as a whole.

use std::sync::Arc;

use super::jobs::Done;
use super::{Notice, Session, Shown, Values};
use crate::case::{
    Edit, EvaluateError, LesionMask, Measurement, MeasurementId, Padding, evaluate_mask, margin_volume,
};
use crate::geometry::{Mm, PixelPoint, SliceStack};
use crate::image::Series;
use crate::mask::{Margin, Mask, MaskError};
use crate::work::Cancel;

/// What is done with the selected mask as a whole: each is one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaskChange {
    /// Holes that no way leads out of are filled.
    FillHoles,
    /// Its surface becomes smooth; the volume stays.
    Smooth,
    /// Only the largest part stays.
    LargestIsland,
    /// Slices between painted ones are filled in.
    Interpolate,
    /// It grows (or shrinks, below zero) by so much.
    Enlarge(Mm),
}

/// Radius of smoothing.
const SMOOTH: Mm = Mm(2.0);

/// The margins of masks: each is computed once, on a thread of its own.
#[derive(Debug, Default)]
pub(super) struct Margins(Vec<Wanted>);

/// The margin of a mask on the slices that are open.
#[derive(Debug)]
struct Wanted {
    mask: Arc<LesionMask>,
    slices: Arc<SliceStack>,
    cancel: Cancel,
    margin: Option<Arc<Margin>>,
}

/// The outlines of a mask on a frame, in its pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outlines {
    /// Around its voxels.
    pub body: Vec<Vec<PixelPoint>>,
    /// Around its margin.
    pub margin: Vec<Vec<PixelPoint>>,
}

impl Session {
    /// The open series whose voxels a mask marks.
    pub fn series_of_mask(&self, mask: &LesionMask) -> Option<&Arc<Series>> {
        self.library.all().find(|series| mask.is_of(series))
    }

    /// Where a mask shows on a frame; `None` where it does not.
    pub(super) fn outlines(&self, measurement: &Measurement, shown: &Shown<'_>) -> Option<Outlines> {
        let mask = measurement.mask.as_ref()?;
        let series = self.series_of_mask(mask).filter(|series| series.shares_space(shown.series))?;
        let slices = series.slices.as_ref().ok()?;
        let body = outline(&mask.voxels, slices, shown);
        let margin =
            self.margin_of(mask).map_or_else(Vec::new, |margin| outline(&margin.mask, slices, shown));
        (!body.is_empty() || !margin.is_empty()).then_some(Outlines { body, margin })
    }

    /// The values of a mask, from its volume as far as it is loaded.
    pub(super) fn evaluate_mask(&self, mask: &Arc<LesionMask>) -> Values {
        let series = self.series_of_mask(mask).ok_or(EvaluateError::NotOnFrame)?;
        let volume = self.volume(series).ok_or(EvaluateError::NotOnFrame)?;
        let mut values = evaluate_mask(&mask.voxels, &volume, Padding::Exclude)?;
        let margin = self.margin_of(mask).filter(|margin| margin.volume_mm3.is_finite());
        values.extend(margin.map(|margin| margin_volume(margin)));
        Ok(values)
    }

    fn margin_of(&self, mask: &Arc<LesionMask>) -> Option<&Arc<Margin>> {
        let found = self.margins.0.iter().find(|wanted| Arc::ptr_eq(&wanted.mask, mask))?;
        found.margin.as_ref()
    }

    /// Starts computing a margin that is not there yet, one at a time, and stops what nobody wants any more.
    pub(super) fn want_margins(&mut self) {
        let case = Arc::clone(self.history.present());
        let wanted: Vec<(Arc<LesionMask>, Arc<SliceStack>, Mm)> = case
            .measurements
            .iter()
            .filter_map(|measurement| {
                let mask = measurement.mask.as_ref()?;
                let slices = self.series_of_mask(mask)?.slices.clone().ok()?;
                Some((Arc::clone(mask), slices, mask.margin?))
            })
            .collect();
        self.margins.0.retain(|old| {
            let stays = wanted
                .iter()
                .any(|(mask, slices, _)| Arc::ptr_eq(mask, &old.mask) && Arc::ptr_eq(slices, &old.slices));
            if !stays {
                old.cancel.cancel();
            }
            stays
        });
        if self.margins.0.iter().any(|old| old.margin.is_none()) {
            return;
        }
        let is_new = |mask: &Arc<LesionMask>| !self.margins.0.iter().any(|old| Arc::ptr_eq(&old.mask, mask));
        let Some((mask, slices, reach)) = wanted.into_iter().find(|(mask, ..)| is_new(mask)) else { return };
        let cancel = Cancel::default();
        let entry = Wanted {
            mask: Arc::clone(&mask),
            slices: Arc::clone(&slices),
            cancel: cancel.clone(),
            margin: None,
        };
        self.margins.0.push(entry);
        self.jobs.spawn("isodense-margin", move |report| match mask.voxels.margin(&slices, reach, &cancel) {
            Ok(margin) => report.send(Done::Margin(Arc::clone(&mask), Ok(Box::new(margin)))),
            Err(MaskError::Cancelled) => {}
            Err(why) => report.send(Done::Margin(Arc::clone(&mask), Err(why.to_string()))),
        });
    }

    pub(super) fn take_margin(&mut self, of: &Arc<LesionMask>, margin: Result<Box<Margin>, String>) {
        let entry = self.margins.0.iter_mut().find(|wanted| Arc::ptr_eq(&wanted.mask, of));
        match (entry, margin) {
            (None, _) => {}
            (Some(entry), Ok(margin)) => {
                let cut = margin.cut_off || margin.into_gap;
                entry.margin = Some(Arc::from(margin));
                if cut {
                    self.tell(Notice::info(
                        "A margin is cut off.",
                        "It goes beyond the slices, or into a gap between them: its volume is larger than shown.",
                    ));
                }
                self.values.forget(|measurement| {
                    measurement.mask.as_ref().is_some_and(|mask| Arc::ptr_eq(mask, of))
                });
            }
            (Some(entry), Err(why)) => {
                // Nothing is drawn, and nothing is tried again.
                let voxels = entry.mask.voxels.clone();
                let none = Margin { mask: voxels, volume_mm3: f64::NAN, cut_off: false, into_gap: false };
                entry.margin = Some(Arc::new(none));
                self.tell(Notice::warning("A margin could not be drawn.", why));
            }
        }
        self.refresh_values(None);
    }

    /// The selected mask with its volume's slices.
    pub(super) fn selected_mask(&mut self) -> Option<(MeasurementId, Arc<LesionMask>, Arc<SliceStack>)> {
        let found = self.selected.and_then(|id| {
            let mask = self.case().measurement(id)?.mask.as_ref()?;
            let slices = self.series_of_mask(mask)?.slices.clone().ok()?;
            Some((id, Arc::clone(mask), slices))
        });
        if found.is_none() {
            self.tell(Notice::info(
                "No mask is selected.",
                "Mark a lesion first: Shift+G grows a region from a click, Alt+B paints.",
            ));
        }
        found
    }

    pub(super) fn change_mask(&mut self, change: MaskChange) {
        let Some((id, mask, slices)) = self.selected_mask() else { return };
        if !is_large(&mask.voxels) {
            let changed = changed(&mask.voxels, &slices, change, &Cancel::default());
            self.take_mask(id, &mask, changed.map_err(|why| why.to_string()));
            return;
        }
        let cancel = Cancel::default();
        self.mask_job = Some(cancel.clone());
        self.tell(Notice::info("The mask is being changed.", "It is a large one; Esc stops it."));
        self.jobs.spawn("isodense-mask", move |report| {
            match changed(&mask.voxels, &slices, change, &cancel) {
                Err(MaskError::Cancelled) => {}
                changed => {
                    report.send(Done::Mask(id, Arc::clone(&mask), changed.map_err(|why| why.to_string())));
                }
            }
        });
    }

    /// A mask was changed: one step, unless it has become another one meanwhile.
    pub(super) fn take_mask(
        &mut self,
        id: MeasurementId,
        of: &Arc<LesionMask>,
        changed: Result<(Mask, &'static str), String>,
    ) {
        self.mask_job = None;
        let still = self.case().measurement(id).and_then(|m| m.mask.as_ref());
        if !still.is_some_and(|mask| Arc::ptr_eq(mask, of)) {
            return;
        }
        match changed {
            Ok((voxels, _)) if voxels.is_empty() => self.tell(Notice::info(
                "Nothing of the mask would be left.",
                "It stays as it is; delete it with Del.",
            )),
            Ok((voxels, how)) => {
                self.commit_whoever_is_shown(Edit::SetMask(id, Arc::new(of.with(voxels)), how));
            }
            Err(why) => self.tell(Notice::warning("The mask was not changed.", why)),
        }
    }

    /// Stops the change of a large mask; whether there was one.
    pub(super) fn stop_mask_job(&mut self) -> bool {
        let job = self.mask_job.take();
        if let Some(cancel) = &job {
            cancel.cancel();
            self.tell(Notice::info("The change was stopped.", "The mask is as it was."));
        }
        job.is_some()
    }

    /// Draws a margin around the selected mask, or takes it away.
    pub(super) fn toggle_margin(&mut self) {
        let Some((id, mask, _)) = self.selected_mask() else { return };
        let margin = mask.margin.is_none().then_some(Mm(self.settings.margin_mm));
        let with = LesionMask { margin, ..mask.as_ref().clone() };
        self.commit(Edit::SetMask(id, Arc::new(with), "margin of mask"));
    }
}

/// Voxels in the box of a mask above which changing it is nothing to wait for.
const LARGE: usize = 1 << 20;

fn is_large(mask: &Mask) -> bool {
    mask.bounds().is_some_and(|bounds| {
        let sides = (0..3).map(|axis| bounds.last[axis] - bounds.first[axis] + 1);
        sides.product::<usize>() > LARGE
    })
}

/// The voxels after a change, and what it is called.
fn changed(
    voxels: &Mask,
    slices: &SliceStack,
    change: MaskChange,
    cancel: &Cancel,
) -> Result<(Mask, &'static str), MaskError> {
    Ok(match change {
        MaskChange::FillHoles => (voxels.holes_filled(cancel)?, "fill mask"),
        MaskChange::Smooth => (voxels.smoothed(slices, SMOOTH, cancel)?, "smooth mask"),
        MaskChange::LargestIsland => (voxels.largest_island(), "keep largest part of mask"),
        MaskChange::Interpolate => (voxels.interpolated(slices, cancel)?, "interpolate mask"),
        MaskChange::Enlarge(by) if by.0 < 0.0 => (voxels.shrunk(slices, -by, cancel)?, "shrink mask"),
        MaskChange::Enlarge(by) => (voxels.enlarged(slices, by, cancel)?, "enlarge mask"),
    })
}

/// The outlines of a mask on what is shown, in its pixels.
fn outline(mask: &Mask, slices: &SliceStack, shown: &Shown<'_>) -> Vec<Vec<PixelPoint>> {
    let Some(plane) = shown.frame.plane else { return Vec::new() };
    let size = [shown.frame.size.columns, shown.frame.size.rows];
    let found = mask.outline(slices, &plane, size).unwrap_or_default();
    found.into_iter().map(|line| line.into_iter().map(PixelPoint).collect()).collect()
}
