//! The same region on the other side, and in another series at the same place.

use std::sync::Arc;

use glam::DVec2;

use super::planes::nearest_slice;
use super::{Notice, Session, ViewportId};
use crate::case::{Compared, ComparedRole, Edit, Kind, Measurement, MeasurementId, Points};
use crate::geometry::PixelPoint;
use crate::image::{Decoded, Frame, Series};

/// A line of the frame, in mm of its display spacing: a point of it and its direction.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    through: DVec2,
    along: DVec2,
}

impl Session {
    /// Draws the selected region again on the other side of the midline, as its reference tissue: one step.
    pub(super) fn mirror_region(&mut self) {
        let active = self.workspace.active;
        let Some((id, region)) = self.selected_region() else { return };
        match self.mirrored(active, &region) {
            Ok(mirrored) => self.add_compared(mirrored, id, ComparedRole::Reference, Holder::Old),
            Err((summary, details)) => self.tell(Notice::warning(summary, details)),
        }
    }

    /// Measures the selected region again in the next viewport that shows another series of its space: one step.
    pub(super) fn measure_there_too(&mut self) {
        let Some((id, region)) = self.selected_region() else { return };
        let Some(own) = self.series_measured(&region).cloned() else {
            self.tell_not_open();
            return;
        };
        let Some(there) = self.other_series(&own) else {
            self.tell(Notice::warning(
                "No other viewport shows the same place.",
                "Show the series with and without contrast side by side, in one Frame of Reference, and try again.",
            ));
            return;
        };
        let Some(copy) = copied(&region, &there) else {
            self.tell(Notice::warning(
                "The other series has no slice like this one there.",
                "Its slices lie in another direction, or none lies at this place.",
            ));
            return;
        };
        // What was given contrast is compared with what was not, whichever was drawn first.
        let contrast = |series: &Series| super::compare::has_agent(series);
        let holder = if contrast(&own) && !contrast(&there) { Holder::Old } else { Holder::New };
        self.add_compared(copy, id, ComparedRole::Plain, holder);
    }

    fn selected_region(&mut self) -> Option<(MeasurementId, Arc<Measurement>)> {
        let selected = self.selected.and_then(|id| Some((id, Arc::clone(self.case().measurement(id)?))));
        let region = selected.filter(|(_, measurement)| measurement.kind.is_region());
        if region.is_none() {
            let details = "Select an ellipse, rectangle, polygon or freehand region first.";
            self.tell(Notice::info("There is no region to compare.", details));
        }
        region
    }

    fn add_compared(&mut self, new: Measurement, old: MeasurementId, role: ComparedRole, holder: Holder) {
        let fresh = self.case().free_id();
        let (holder, with) = match holder {
            Holder::Old => (old, fresh),
            Holder::New => (fresh, old),
        };
        let compare = Edit::Compare(holder, Some(Compared { with, role }));
        self.commit(Edit::All(vec![Edit::Add(new), compare]));
        self.selected = Some(holder);
    }

    /// The region on the other side of a drawn midline of the frame shown, else of the line about which it is most alike.
    fn mirrored(
        &self,
        id: ViewportId,
        region: &Measurement,
    ) -> Result<Measurement, (&'static str, &'static str)> {
        let shown = self.shown(id).ok_or(NOT_SHOWN)?;
        let frame = shown.frame;
        let own = match &region.drawn_on_plane {
            Some(_) => shown.drawn_plane() == region.drawn_on_plane,
            None => region.points.drawn_on() == Some(&frame.of),
        };
        if !own {
            return Err(NOT_SHOWN);
        }
        let across = frame.plane.is_none_or(|plane| plane.right().x.abs() > 0.7);
        if !across {
            return Err((
                "This slice does not show both sides.",
                "Left and right are mirrored on axial and coronal slices.",
            ));
        }
        let values = self.values_shown(id).ok_or(NOT_SHOWN)?;
        let axis = self.drawn_midline(frame).or_else(|| likeness_axis(frame, &values)).ok_or(NOT_SHOWN)?;
        let pixels = region.points.on_frame(frame).ok_or(NOT_SHOWN)?;
        let spacing = frame.display_spacing();
        let mirrored: Vec<PixelPoint> = pixels
            .iter()
            .map(|pixel| {
                let from = spacing.mm_from_pixel(pixel.0) - axis.through;
                let foot = axis.along * from.dot(axis.along);
                PixelPoint(spacing.pixel_from_mm(axis.through + foot * 2.0 - from))
            })
            .collect();
        let points = Points::drawn(frame, &shown.series.space, &mirrored);
        // Reference tissue is not the lesion.
        Ok(Measurement {
            points,
            lesion: None,
            label: String::new(),
            label_offset: None,
            compared: None,
            ..region.clone()
        })
    }

    /// The midline that the reader drew on a frame.
    fn drawn_midline(&self, frame: &Frame) -> Option<Axis> {
        let drawn = self.case().measurements.iter().rev();
        let mut midlines =
            drawn.filter(|m| m.kind == Kind::MidlineShift && m.points.drawn_on() == Some(&frame.of));
        let points = midlines.next()?.points.on_frame(frame)?;
        let mm = |index: usize| Some(frame.display_spacing().mm_from_pixel(points.get(index)?.0));
        Some(Axis { through: mm(0)?, along: (mm(1)? - mm(0)?).try_normalize()? })
    }

    /// The series of the next viewport that shows another one of the same space.
    fn other_series(&self, own: &Series) -> Option<Arc<Series>> {
        let active = self.workspace.active;
        let visible = self.workspace.visible();
        let at = visible.iter().position(|id| *id == active).unwrap_or(0);
        let order = visible.iter().cycle().skip(at).take(visible.len());
        order
            .filter_map(|id| self.shown(*id))
            .map(|shown| shown.series)
            .find(|other| !other.is(&own.key()) && other.shares_space(own))
            .cloned()
    }
}

/// Which of the two says what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Old,
    New,
}

const NOT_SHOWN: (&str, &str) = (
    "The region is not on the image of the active viewport.",
    "Go to it (click it in the list) and try again.",
);

/// The region on the nearest slice of another series of the same space; `None` where that is not the same place.
fn copied(region: &Measurement, there: &Series) -> Option<Measurement> {
    let middle = region.points.middle()?;
    let index = nearest_slice(there, middle)?;
    let frame = there.frames.get(index)?;
    let Points::Patient { points, .. } = &region.points else { return None };
    let plane = frame.plane.as_ref()?;
    let [before, after] = there.reach(index);
    let off = |point: &crate::geometry::PatientPoint| plane.pixel_from_patient(*point).1.0;
    // Every point within the slice: then the slices lie in one direction, or as good as.
    if !points.iter().all(|point| (-before - 1e-6..=after + 1e-6).contains(&off(point))) {
        return None;
    }
    let pixels = region.points.on_frame(frame)?;
    let points = Points::drawn(frame, &there.space, &pixels);
    let study = Some(there.study.uid.clone());
    Some(Measurement {
        points,
        study,
        drawn_on_plane: None,
        label_offset: None,
        compared: None,
        ..region.clone()
    })
}

/// The vertical line about which the image is most alike: the middle of a head, however it lies in the image.
fn likeness_axis(frame: &Frame, values: &Decoded) -> Option<Axis> {
    /// Pixels compared in a row at most.
    const MOST: usize = 192;
    let (columns, rows) = (frame.size.columns, frame.size.rows);
    let step = columns.max(rows).div_ceil(MOST).max(1);
    let (width, height) = (columns / step, rows / step);
    if width < 8 || height < 8 {
        return None;
    }
    let value = |column: usize, row: usize| {
        let stored = values.stored(row * step * columns + column * step)?;
        Some(frame.transform.value(stored)).filter(|value| value.is_finite())
    };
    let mut grid = vec![f64::NAN; width * height];
    for row in 0..height {
        for column in 0..width {
            grid[row * width + column] = value(column, row).unwrap_or(f64::NAN);
        }
    }
    clamp_extremes(&mut grid);
    // The axis in half pixels, within the middle half of the image.
    let axes = width / 2..=width + width / 2;
    let background = grid.iter().copied().fold(f64::INFINITY, f64::min);
    let rated = axes.map(|twice| (twice, unlikeness(&grid, width, background, twice)));
    let (twice, _) = rated.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let column = twice as f64 / 2.0 * step as f64;
    let through = frame.display_spacing().mm_from_pixel(DVec2::new(column, 0.0));
    Some(Axis { through, along: DVec2::Y })
}

/// Bone and air would outweigh everything else.
fn clamp_extremes(grid: &mut [f64]) {
    let mut sorted: Vec<f64> = grid.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return };
    let (low, high) = (sorted[last / 20], sorted[last - last / 20]);
    for value in grid {
        *value = value.clamp(low, high);
    }
}

/// Mean difference of what lies opposite each other about `twice / 2`; what has nothing opposite counts as background.
fn unlikeness(grid: &[f64], width: usize, background: f64, twice: usize) -> f64 {
    let mut sum = 0.0;
    for row in grid.chunks_exact(width) {
        for (column, value) in row.iter().enumerate() {
            let other = twice.checked_sub(column).and_then(|other| row.get(other)).copied();
            let difference = (value - other.unwrap_or(background)).abs();
            sum += if difference.is_finite() { difference } else { 0.0 };
        }
    }
    sum
}
