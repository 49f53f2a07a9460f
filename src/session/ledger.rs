//! Lesions and time points: the ledger of what is open, the lesion in focus, and measuring the same again.

use std::sync::Arc;

use super::provenance::{Fact, known, provenance, visit};
use super::{Notice, Session, Tool, matched};
use crate::case::{
    Edit, Histogram, Kind, Known, Ledger, Lesion, LesionId, Measurement, MeasurementId, Quantity,
    QuantityKind, ReaderCalibration, Region, TimePoint, TimePointId, Visit, mask_histogram, region_histogram,
};
use crate::geometry::Mm;
use crate::image::{Calibration, Frame, Series, SopInstanceUid, StudyUid};

impl Session {
    /// The lesion that new measurements join.
    pub fn focus(&self) -> Option<LesionId> {
        self.focus
    }

    /// The ledger: lesions by time points, with the values as they are known now.
    pub fn ledger(&self) -> Ledger {
        let images = self.library.browse().into_iter().filter(|series| self.is_of_ledger(series));
        let visits: Vec<Visit> = images.map(|series| visit(series)).collect();
        self.case().ledger(&visits, |measurement| self.known(measurement))
    }

    /// The same with its time points said as dates, where they are known.
    pub(super) fn ledger_said(&self, as_dates: bool) -> Ledger {
        let mut ledger = self.ledger();
        if as_dates {
            ledger.say_times(self.case(), true);
        }
        ledger
    }

    /// The column of the ledger that the active viewport's study belongs to.
    pub fn column_shown(&self, ledger: &Ledger) -> Option<usize> {
        ledger.column_of(&self.shown(self.workspace.active)?.series.study.uid)
    }

    fn known(&self, measurement: &Measurement) -> Known<'_> {
        let series = self.series_measured(measurement).map(AsRef::as_ref);
        known(measurement, series, self.acquired_frame(measurement), self.values(measurement.id))
    }

    /// Where the values of a measurement come from; nothing while its images are not open.
    pub fn provenance(&self, measurement: &Measurement) -> Vec<Fact> {
        let Some(series) = self.series_measured(measurement) else { return Vec::new() };
        let values = match self.values(measurement.id) {
            Some(Ok(values)) => values.as_slice(),
            Some(Err(_)) | None => &[],
        };
        let computed = self.plane_of(measurement);
        let frame = computed.as_ref().or_else(|| self.acquired_frame(measurement));
        frame.map_or_else(Vec::new, |frame| provenance(measurement, series, frame, values))
    }

    /// How often values occur in a region or mask drawn on acquired slices, as far as they are loaded.
    pub fn histogram(&self, measurement: &Measurement) -> Option<Histogram> {
        if let Some(mask) = &measurement.mask {
            let volume = self.volume(self.series_of_mask(mask)?)?;
            return mask_histogram(&mask.voxels, &volume);
        }
        if measurement.drawn_on_plane.is_some() {
            return None;
        }
        let frame = self.acquired_frame(measurement)?;
        let region = Region::new(measurement.kind, &measurement.points.on_frame(frame)?)?;
        region_histogram(&region, frame, self.samples(frame)?)
    }

    /// The frame that stands for the plane that a measurement was drawn on.
    pub(super) fn plane_of(&self, measurement: &Measurement) -> Option<Frame> {
        let drawn = measurement.drawn_on_plane.as_ref()?;
        super::computed_frame(self.library.drawn_on(drawn)?, &drawn.reformat)
    }

    /// The acquired frame that a measurement was drawn on.
    pub(super) fn acquired_frame(&self, measurement: &Measurement) -> Option<&Frame> {
        measurement.points.drawn_on().and_then(|of| self.frame(of)).map(AsRef::as_ref)
    }

    /// The open series that a measurement was drawn on.
    pub fn series_measured(&self, measurement: &Measurement) -> Option<&Arc<Series>> {
        if let Some(mask) = &measurement.mask {
            return self.series_of_mask(mask);
        }
        match &measurement.drawn_on_plane {
            Some(drawn) => self.library.drawn_on(drawn),
            None => self.library.find_frame(measurement.points.drawn_on()?).map(|(series, _)| series),
        }
    }

    /// Follows a new lesion, which is then in focus; what is selected and has no lesion yet joins it.
    pub(super) fn new_lesion(&mut self, lesion: Lesion) {
        let id = self.case().free_lesion();
        let selected =
            self.selected.filter(|id| self.case().measurement(*id).is_some_and(|m| m.lesion.is_none()));
        let join = selected.map(|measurement| Edit::Assign(measurement, Some(id)));
        self.commit(match join {
            Some(join) => Edit::All(vec![Edit::AddLesion(lesion), join]),
            None => Edit::AddLesion(lesion),
        });
        self.focus = self.case().lesion(id).map(|lesion| lesion.id);
    }

    /// The next lesion in focus, and none after the last.
    pub(super) fn next_lesion(&mut self) {
        let lesions: Vec<LesionId> = self.case().lesions.iter().map(|lesion| lesion.id).collect();
        let next = match self.focus.and_then(|id| lesions.iter().position(|other| *other == id)) {
            Some(at) => at + 1,
            None => 0,
        };
        self.focus = lesions.get(next).copied();
    }

    /// The time points as the ledger shows them, each with a number.
    pub(super) fn settled_time_points(&self) -> Vec<TimePoint> {
        self.case().numbered(self.ledger().columns.into_iter().map(|column| column.point).collect())
    }

    /// Changes the time points that the ledger shows, given by their place in it.
    pub(super) fn change_time_points(&mut self, change: impl FnOnce(&mut Vec<TimePoint>)) {
        let mut points = self.settled_time_points();
        change(&mut points);
        points.retain(|point| !point.studies.is_empty());
        self.commit(Edit::SetTimePoints(points));
    }

    /// The studies of a time point go into the one before it, and with them its name, its readings and day 0, where that
    /// one has none.
    pub(super) fn join_time_point(&mut self, column: usize) {
        let before = self.settled_time_points();
        if column == 0 || column >= before.len() {
            return;
        }
        let mut points = before.clone();
        let joined = points.remove(column);
        let into = &mut points[column - 1];
        into.studies.extend(joined.studies);
        if into.name.is_empty() {
            into.name = joined.name;
        }
        let (into, case) = (into.id, self.case());
        let mut edits: Vec<Edit> = case
            .readings
            .iter()
            .filter(|r| r.time_point == joined.id && case.reading(r.lesion, into).is_none())
            .map(|r| Edit::Read(r.lesion, into, Some(r.reading)))
            .collect();
        edits.extend((case.day_zero == Some(joined.id)).then_some(Edit::SetDayZero(Some(into))));
        edits.extend(case.baselines.contains(&joined.id).then_some(Edit::SetBaseline(into, true)));
        // Both must be there while what is said of one goes over to the other.
        edits.insert(0, Edit::SetTimePoints(before));
        edits.push(Edit::SetTimePoints(points));
        self.commit(Edit::All(edits));
    }

    /// Says something of the time point in a column: proposed ones come into the case with it, in one step.
    pub(super) fn say_of_column(&mut self, column: usize, edit: impl FnOnce(TimePointId) -> Edit) {
        let points = self.settled_time_points();
        if let Some(id) = points.get(column).map(|point| point.id) {
            self.commit(Edit::All(vec![Edit::SetTimePoints(points), edit(id)]));
        }
    }

    /// The selected length, in pixel widths, if its image has no scale or one that the reader gave: it can give it one.
    pub fn scale_giver(&self) -> Option<(&Measurement, f64)> {
        let selected = self.case().measurement(self.selected?).filter(|m| m.kind == Kind::Length)?;
        let length = Quantity::find(self.values(selected.id)?.as_ref().ok()?, QuantityKind::Length)?;
        let pixels = match length.unit.calibration()? {
            Calibration::None => length.value,
            Calibration::ByReader(_) => {
                length.value / self.acquired_frame(selected)?.spacing?.between_columns.0
            }
            Calibration::InPatient
            | Calibration::InRegion
            | Calibration::Corrected { .. }
            | Calibration::AtDetector { .. } => return None,
        };
        Some((selected, pixels))
    }

    pub(super) fn calibrate(&mut self, length: Mm) {
        let giver = self.scale_giver().and_then(|(giver, pixels)| {
            Some(ReaderCalibration::new(giver.points.drawn_on()?.sop_instance.clone(), length, pixels))
        });
        match giver {
            Some(calibration) => self.commit(Edit::Calibrate(calibration)),
            None => self.tell(nothing_to_calibrate_with()),
        }
    }

    /// The image shown has no scale of the reader's any more.
    pub(super) fn uncalibrate(&mut self) {
        let shown = self.shown(self.workspace.active).map(|shown| shown.frame.of.sop_instance.clone());
        let given =
            |image: &SopInstanceUid| self.case().calibrations.iter().any(|c| c.sop_instance == *image);
        match shown.filter(given) {
            Some(image) => self.commit(Edit::Uncalibrate(image)),
            None => self.tell(Notice::info(
                "The image shown was not calibrated by hand.",
                "Show the image whose calibration is to be taken back.",
            )),
        }
    }

    /// Opens the matching series of a time point at the matching place, with the tool that measured the lesion before.
    pub(super) fn measure_same(&mut self, lesion: LesionId, column: usize) {
        let ledger = self.ledger();
        let Some(model) = self.model(&ledger, lesion, column) else {
            self.tell(Notice::info(
                "This lesion is measured nowhere yet.",
                "Measure it at one date first; then it can be measured the same at another.",
            ));
            return;
        };
        let Some(own) = self.series_measured(&model).cloned() else {
            self.tell_not_open();
            return;
        };
        let studies =
            ledger.columns.get(column).map(|column| column.point.studies.clone()).unwrap_or_default();
        let Some(there) = self.match_in(&own, &studies) else {
            self.tell(Notice::warning(
                "No series of that date matches.",
                format!("The lesion was measured on {} {}.", own.info.modality, own.info.description.trim()),
            ));
            return;
        };
        let active = self.workspace.active;
        self.show_series(active, &there.key());
        self.go_where(active, &model, &own, &there);
        self.focus = Some(lesion);
        // Voxels are marked anew; everything else is drawn with the tool of its kind.
        self.choose(if model.kind == Kind::Mask { Tool::Grow } else { Tool::Measure(model.kind) });
    }

    /// The measurement to repeat: the one that gives the size at the nearest column, else any with values.
    fn model(&self, ledger: &Ledger, lesion: LesionId, column: usize) -> Option<Arc<Measurement>> {
        let cells = ledger.cells(lesion)?;
        let mut order: Vec<usize> = (0..cells.len()).filter(|at| *at != column).collect();
        order.sort_by_key(|at| at.abs_diff(column));
        let sized = order.iter().find_map(|at| Some(cells[*at].size.first()?.id));
        let any = || order.iter().find_map(|at| cells[*at].measurements.first().copied());
        self.case().measurement(sized.or_else(any)?).cloned()
    }

    /// The series of these studies that is the same as another of another date.
    fn match_in(&self, own: &Arc<Series>, studies: &[StudyUid]) -> Option<Arc<Series>> {
        let mut among: Vec<&Arc<Series>> =
            self.library.browse().into_iter().filter(|series| studies.contains(&series.study.uid)).collect();
        if among.iter().any(|series| series.is(&own.key())) {
            return Some(Arc::clone(own));
        }
        among.push(own);
        let comparison = matched(&among, own);
        let row = comparison.rows.into_iter().find(|row| row.contains(&Some(own.key())))?;
        let there = row.into_iter().flatten().find(|key| *key != own.key())?;
        self.library.series(&there).cloned()
    }

    /// Shows the place of a measurement in another series: by the lock of their spaces, or by one and the same space.
    fn go_where(&mut self, id: super::ViewportId, model: &Measurement, own: &Series, there: &Series) {
        let Some(middle) = model.points.middle() else { return };
        let offset = if own.shares_space(there) {
            Some(glam::DVec3::ZERO)
        } else {
            self.case().offset_between(&own.space, &there.space)
        };
        if let Some(drawn) = &model.drawn_on_plane {
            let place = offset.map(|offset| crate::geometry::PatientPoint(middle.0 + offset));
            let there = place.or_else(|| there.slices.as_ref().ok().map(|slices| slices.middle()));
            if let Some(there) = there {
                self.set_plane(id, drawn.reformat.plane.through(there));
            }
        }
        match offset {
            Some(offset) => self.go_through(id, crate::geometry::PatientPoint(middle.0 + offset)),
            None => self.tell(Notice::info(
                "The two dates are not locked to each other: the middle of the series is shown.",
                "Go to the same slice on both, then press Ctrl+J to lock them; Alt+J proposes a lock.",
            )),
        }
    }

    /// Where a cell of the ledger was measured: its size first, then whatever else there is.
    pub(super) fn go_to_cell(&mut self, lesion: LesionId, column: usize) {
        let ledger = self.ledger();
        let Some(cell) = ledger.cell(lesion, column) else { return };
        self.focus = Some(lesion);
        let id = cell.size.first().map(|from| from.id).or(cell.measurements.first().copied());
        if let Some(id) = id {
            self.go_everywhere(id);
        }
    }

    /// Every viewport of the measurement's space goes to it.
    fn go_everywhere(&mut self, id: MeasurementId) {
        self.go_to_measurement(id);
        let middle = self.case().measurement(id).and_then(|measurement| measurement.points.middle());
        let active = self.workspace.active;
        if let Some(middle) =
            middle.filter(|_| self.shown(active).is_some_and(|shown| shown.frame.plane.is_some()))
        {
            self.point_at(active, middle);
            // The slice it was drawn on, where the point lies between two.
            self.go_to_measurement(id);
        }
    }
}

/// What the reader is told where [`Session::scale_giver`] finds nothing.
pub fn nothing_to_calibrate_with() -> Notice {
    Notice::info(
        "There is no length to calibrate with.",
        "Draw a length along something of known size on an image without a scale, and select it.",
    )
}
