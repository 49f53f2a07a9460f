//! Drawing and changing: drafts, grips, and the values beside every mark.

use std::sync::Arc;

use super::placing::{Moved, Placing, Pointer};
use super::provenance::study_of;
use super::workspace::{ViewportId, WindowOrigin};
use super::{Grip, GripDrag, Outlines, Session, Shown, Tool, shape, size};
use crate::case::{
    DrawnPlane, Edit, EvaluateError, Kind, LabelStyle, Measurement, Points, Quantity, label_lines_in,
    mask_lines,
};
use crate::geometry::{FramePlane, PixelPoint};
use crate::image::{Frame, FrameRef, Series, Voi};
use crate::render::{MarkInput, MarkShape};
use crate::typography::typeset;

/// A shape being drawn. It is not in the case.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where it is drawn.
    pub viewport: ViewportId,
    /// On which frame.
    pub frame: FrameRef,
    /// On which plane.
    pub plane: Option<FramePlane>,
    /// The clicks so far.
    pub placing: Placing<PixelPoint>,
}

/// A measurement as it is drawn now, with its label.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The measurement; while a grip is dragged, as it would become.
    pub measurement: Arc<Measurement>,
    /// The reader's words and the values, line by line.
    pub lines: Vec<String>,
    /// Whether it is selected.
    pub selected: bool,
    /// Where it shows, if it is a mask.
    pub outlines: Outlines,
}

impl Mark {
    /// As it is drawn.
    pub fn input(&self) -> MarkInput<'_> {
        let measurement = &self.measurement;
        let shape = if measurement.mask.is_some() {
            MarkShape::Outlined { measurement, body: &self.outlines.body, margin: &self.outlines.margin }
        } else {
            MarkShape::Measured(measurement)
        };
        MarkInput { shape, lines: &self.lines, selected: self.selected, hovered: false }
    }
}

/// A shape that is still being drawn, as far as it is.
#[derive(Debug, Clone)]
pub struct DraftMark {
    /// What it will be.
    pub kind: Kind,
    /// The points so far, in pixels of the frame shown.
    pub points: Vec<PixelPoint>,
    /// Where the pointer is, in the same pixels; `None` while nothing follows it.
    pub pointer: Option<PixelPoint>,
    /// The values it would have now, as its label will write them; of an unfinished shape those of the piece in hand.
    pub lines: Vec<String>,
}

/// What a measurement is worth, or why nothing.
pub type Values = Result<Vec<Quantity>, EvaluateError>;

impl Session {
    /// Every mark that shows in a viewport.
    pub fn marks(&self, id: ViewportId) -> Vec<Mark> {
        let Some(shown) = self.shown(id) else { return Vec::new() };
        let mut marks = self.marks_on(&shown, Some(id));
        marks.extend(self.new_mold(&shown));
        marks
    }

    /// The measurements that show there; those that are dragged in that viewport as they would become.
    pub(super) fn marks_on(&self, shown: &Shown<'_>, id: Option<ViewportId>) -> Vec<Mark> {
        let reach = shown.reach();
        let on_frame = |m: &Measurement| {
            m.shows_on(shown.frame, &shown.series.space, reach) && self.is_of_patient(m, shown.series)
        };
        let mut marks = Vec::new();
        for measurement in &self.history.present().measurements {
            if measurement.mask.is_some() {
                marks.extend(self.mask_mark(measurement, shown));
                continue;
            }
            let changed = self.grip.filter(|drag| drag.1.id == measurement.id && Some(drag.0) == id);
            let mark = match changed.and_then(|(_, drag)| dragged(shown, measurement, &drag)) {
                Some(changed) => {
                    let values = self.evaluate_on(&changed, shown.frame);
                    Mark {
                        lines: lines(&changed, Some(&values), self.label_style()),
                        measurement: Arc::new(changed),
                        selected: true,
                        outlines: Outlines::default(),
                    }
                }
                None => Mark {
                    lines: self.lines_of(measurement),
                    measurement: Arc::clone(measurement),
                    selected: self.selected == Some(measurement.id),
                    outlines: Outlines::default(),
                },
            };
            if on_frame(&mark.measurement) {
                marks.push(mark);
            }
        }
        marks
    }

    /// Whether a measurement is of the patient of a series: careless copies give two patients one Frame of Reference.
    fn is_of_patient(&self, measurement: &Measurement, series: &Series) -> bool {
        let Some(study) = measurement.study.as_ref().filter(|study| **study != series.study.uid) else {
            return true;
        };
        let mut own = self.library.all().filter(|other| other.study.uid == *study).peekable();
        own.peek().is_none() || own.any(|other| other.key().same_patient(&series.key()))
    }

    /// A mask where it shows; as it would become while it is painted or its label is dragged.
    fn mask_mark(&self, measurement: &Arc<Measurement>, shown: &Shown<'_>) -> Option<Mark> {
        let molded = self.molded(measurement.id);
        let changed = self.grip.filter(|drag| drag.1.id == measurement.id);
        let dragged = changed.and_then(|(_, drag)| dragged(shown, measurement, &drag)).map(Arc::new);
        let now = molded.or(dragged.as_ref()).unwrap_or(measurement);
        let outlines = self.outlines(now, shown)?;
        let lines = match molded {
            Some(molded) => lines(molded, Some(&self.evaluate_anywhere(molded)), self.label_style()),
            None => self.lines_of(measurement),
        };
        let selected = self.selected == Some(measurement.id) || changed.is_some();
        Some(Mark { measurement: Arc::clone(now), lines, selected, outlines })
    }

    /// The lines of a measurement's label: the reader's words, its values, and what it is compared with.
    pub fn lines_of(&self, measurement: &Measurement) -> Vec<String> {
        let values = self.values(measurement.id);
        lines(measurement, values, self.label_style())
            .into_iter()
            .chain(self.compared_line(measurement))
            .collect()
    }

    /// A region against the one that it is compared with, in a line.
    pub fn compared_line(&self, measurement: &Measurement) -> Option<String> {
        let compared = measurement.compared.as_ref()?;
        match (self.values(measurement.id)?, self.values(compared.with)?) {
            (Ok(own), Ok(other)) => Some(crate::case::compared_line(compared, own, other)),
            _ => None,
        }
    }

    /// The shape being drawn in a viewport, with the values it would have.
    pub fn draft(&self, id: ViewportId) -> Option<DraftMark> {
        let shown = self.shown(id)?;
        if self.third_axis.is_some() {
            return self.third_axis_draft(id);
        }
        let draft = self.draft.as_ref().filter(|draft| draft.is_on(id, shown.frame))?;
        let clicks = draft.placing.points();
        if clicks.len() < 2 {
            return None;
        }
        let kind = draft.placing.kind;
        let points = shape::points_from_clicks(kind, &clicks, shown.frame.display_spacing());
        let so_far = shape::so_far(kind, &points).filter(|_| self.tool != Tool::AutoWindow);
        let lines = so_far.map_or_else(Vec::new, |(kind, points)| {
            let measurement = drawn(&shown, kind, points);
            lines(&measurement, Some(&self.evaluate_on(&measurement, shown.frame)), self.label_style())
        });
        Some(DraftMark { kind, points, pointer: clicks.last().copied(), lines })
    }

    pub(super) fn drag_grip(&mut self, id: ViewportId, drag: GripDrag) {
        self.selected = Some(drag.id);
        self.grip = Some((id, drag));
    }

    pub(super) fn drop_grip(&mut self) {
        let Some((id, drag)) = self.grip.take() else { return };
        let Some(measurement) = self.history.present().measurement(drag.id).cloned() else { return };
        let changed = self.shown(id).and_then(|shown| dragged(&shown, &measurement, &drag));
        let Some(changed) = changed else { return };
        self.commit(match drag.grip {
            Grip::Handle(_) => Edit::Reshape(drag.id, changed.points),
            Grip::Body => Edit::Move(drag.id, changed.points),
            Grip::Label => Edit::MoveLabel(drag.id, changed.label_offset),
        });
    }

    pub(super) fn place(&mut self, id: ViewportId, pointer: Pointer<PixelPoint>) {
        if self.third_axis.is_some() {
            self.place_third_axis(id, pointer);
            return;
        }
        let kind = match self.tool {
            Tool::Measure(kind) => kind,
            Tool::AutoWindow => Kind::Rectangle,
            Tool::Density => Kind::Ellipse,
            Tool::Grow | Tool::Brush | Tool::Eraser => {
                self.mold(id, pointer);
                return;
            }
            Tool::Window | Tool::Pan | Tool::Zoom | Tool::Crosshair => return,
        };
        let Some(shown) = self.shown(id) else { return };
        let frame = Arc::clone(shown.frame);
        let same = |draft: &Draft| draft.is_on(id, &frame) && draft.placing.kind == kind;
        if !self.draft.as_ref().is_some_and(same) {
            let (of, plane) = (frame.of.clone(), frame.plane);
            self.draft = Some(Draft { viewport: id, frame: of, plane, placing: Placing::new(kind) });
        }
        if let (Tool::Density, Pointer::Release(at, Moved::No)) = (self.tool, pointer) {
            self.draft = None;
            self.measure_density(id, &shape::circle(at, self.settings.density_area_mm2, &frame));
            return;
        }
        let Some(clicks) = self.draft.as_mut().and_then(|draft| draft.placing.update(pointer)) else {
            return;
        };
        let points = shape::points_from_clicks(kind, &clicks, frame.display_spacing());
        if !shape::has_extent(kind, &points) {
            return;
        }
        if self.tool == Tool::AutoWindow {
            self.window_from_region(id, &frame, &points);
            return;
        }
        let Some(measurement) = self.shown(id).map(|shown| drawn(&shown, kind, &points)) else { return };
        match (self.tool, kind) {
            (Tool::Density, _) => self.measure_density(id, &points),
            (_, Kind::Text) => self.wordless = Some(measurement),
            (_, Kind::Arrow) => self.add_arrow(measurement),
            (_, Kind::Size) => self.begin_third_axis(id, measurement),
            _ => self.add(measurement),
        }
    }

    /// A region whose mean goes to the clipboard too.
    fn measure_density(&mut self, id: ViewportId, points: &[PixelPoint]) {
        let Some(measurement) = self.shown(id).map(|shown| drawn(&shown, Kind::Ellipse, points)) else {
            return;
        };
        self.add(measurement);
        self.densities += 1;
    }

    /// What the density tool measured last, in words, and how many it has measured: each goes to the clipboard once.
    pub fn density_phrase(&self) -> Option<(u64, String)> {
        let values = self.values(self.selected?)?.as_ref().ok()?;
        (self.densities > 0).then_some(())?;
        Some((self.densities, typeset(&crate::case::density_phrase(values)?)))
    }

    /// How labels write lengths.
    pub fn label_style(&self) -> LabelStyle {
        self.settings.labels
    }

    /// It joins the lesion in focus, unless it only points at something.
    pub(super) fn add(&mut self, mut measurement: Measurement) {
        let says_a_value = !matches!(measurement.kind, Kind::Arrow | Kind::Text);
        measurement.lesion = self.focus.filter(|_| says_a_value);
        let id = self.case().free_id();
        self.commit(Edit::Add(measurement));
        if self.case().measurement(id).is_some() {
            self.selected = Some(id);
        }
    }

    /// An arrow is drawn, and may get words at once: without any it stays as it is.
    fn add_arrow(&mut self, measurement: Measurement) {
        let id = self.case().free_id();
        self.add(measurement);
        self.unnamed_arrow = self.case().measurement(id).map(|arrow| arrow.id);
    }

    /// A text and its words are one step; those of an arrow are one of their own.
    pub(super) fn give_words(&mut self, words: Option<String>) {
        let words = words.filter(|words| !words.trim().is_empty());
        if let Some(arrow) = self.unnamed_arrow.take() {
            if let Some(words) = words {
                self.commit(Edit::Relabel(arrow, words));
            }
            return;
        }
        if let (Some(mut measurement), Some(words)) = (self.wordless.take(), words) {
            measurement.label = words;
            self.add(measurement);
        }
    }

    fn window_from_region(&mut self, id: ViewportId, frame: &Arc<Frame>, corners: &[PixelPoint]) {
        let region = crate::case::Region::new(Kind::Rectangle, corners);
        let Some(samples) = self.values_shown(id) else { return };
        let window = crate::render::auto_window(frame, &samples, region.as_ref());
        if let Some(viewport) = self.workspace.viewport_mut(id) {
            viewport.view.look.voi = Voi::Window(window);
            viewport.window = WindowOrigin::Settled;
        }
    }
}

pub(super) fn lines(measurement: &Measurement, values: Option<&Values>, style: LabelStyle) -> Vec<String> {
    let words = measurement.label.lines().map(str::to_owned);
    let values = match values {
        Some(Ok(quantities)) if measurement.mask.is_some() => mask_lines(quantities, style),
        Some(Ok(quantities)) => label_lines_in(quantities, style),
        // While pixels are on their way there is nothing to say yet.
        Some(Err(EvaluateError::NoSamples)) | None => Vec::new(),
        Some(Err(error)) => vec![error.to_string()],
    };
    words.chain(values).map(|line| typeset(&line)).collect()
}

/// The measurement as the drag would leave it.
fn dragged(shown: &Shown<'_>, measurement: &Measurement, drag: &GripDrag) -> Option<Measurement> {
    let mut changed = measurement.clone();
    if drag.grip == Grip::Label {
        changed.label_offset = drag.label_offset.or(measurement.label_offset);
        return Some(changed);
    }
    // Voxels stay where they are: they are painted, not moved.
    if measurement.kind == Kind::Mask {
        return None;
    }
    let on_own = is_on_own_plane(shown, measurement);
    if measurement.kind == Kind::Size {
        let to = |handle: usize| {
            Some(PixelPoint(
                measurement.points.on_frame(shown.frame)?.get(handle)?.0 + drag.to.0 - drag.from.0,
            ))
        };
        changed.points = match drag.grip {
            Grip::Handle(handle) => size::reshaped(&measurement.points, handle, to(handle)?, shown, on_own)?,
            // On another plane it would leave the slice that it says it was drawn on.
            Grip::Body | Grip::Label if on_own => {
                size::moved(&measurement.points, drag.from, drag.to, shown)?
            }
            Grip::Body | Grip::Label => return None,
        };
        return Some(changed);
    }
    let points = measurement.points.on_frame(shown.frame)?;
    let step = drag.to.0 - drag.from.0;
    let new = match drag.grip {
        Grip::Handle(handle) => {
            let to = PixelPoint(points.get(handle)?.0 + step);
            shape::reshaped(measurement.kind, &points, handle, to, shown.frame.display_spacing())
        }
        Grip::Body | Grip::Label => shape::moved(&points, step),
    };
    // A shape dragged on another slice of its space stays on the frame or plane that it was drawn on.
    if !on_own {
        return None;
    }
    changed.points = Points::drawn(shown.frame, &shown.series.space, &new);
    Some(changed)
}

fn is_on_own_plane(shown: &Shown<'_>, measurement: &Measurement) -> bool {
    match &measurement.drawn_on_plane {
        Some(drawn) => shown.drawn_plane().is_some_and(|here| is_same_plane(drawn, &here)),
        None => measurement.points.drawn_on() == Some(&shown.frame.of),
    }
}

/// A measurement of what is shown, from points in its pixels.
fn drawn(shown: &Shown<'_>, kind: Kind, points: &[PixelPoint]) -> Measurement {
    let points = Points::drawn(shown.frame, &shown.series.space, points);
    let study = study_of(shown.series);
    Measurement { drawn_on_plane: shown.drawn_plane(), study, ..Measurement::new(kind, points) }
}

/// Whether two planes through one series show the same: they may differ by what rounding does.
fn is_same_plane(a: &DrawnPlane, b: &DrawnPlane) -> bool {
    const HAIR_MM: f64 = 1e-3;
    let (a_plane, b_plane) = (a.reformat.plane, b.reformat.plane);
    (&a.series, &a.part) == (&b.series, &b.part)
        && a_plane.right.distance(b_plane.right) < 1e-6
        && a_plane.down.distance(b_plane.down) < 1e-6
        && a_plane.distance(b_plane.through).0.abs() < HAIR_MM
}

impl Draft {
    fn is_on(&self, viewport: ViewportId, frame: &Frame) -> bool {
        self.viewport == viewport && self.frame == frame.of && self.plane == frame.plane
    }
}
