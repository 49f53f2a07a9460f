use std::sync::Arc;

use glam::DVec2;

use super::{
    Case, CasePicture, Compared, Figure, FigureId, KeyImage, KeyImageId, Kind, Lesion, LesionId, LesionMask,
    Measurement, MeasurementId, Notebook, Points, ReaderCalibration, Reading, Source, SpaceLink, TimePoint,
    TimePointId,
};
use crate::image::{FrameOfReference, SopInstanceUid, StudyUid};

/// One finished gesture.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Several changes that are one gesture, called after the last.
    All(Vec<Self>),
    /// Draws something new.
    Add(Measurement),
    /// Moves a whole shape.
    Move(MeasurementId, Points),
    /// Moves a handle.
    Reshape(MeasurementId, Points),
    /// Drags a label; `None` puts it back to its automatic place.
    MoveLabel(MeasurementId, Option<DVec2>),
    /// Changes the words of a label or text.
    Relabel(MeasurementId, String),
    /// Removes something drawn.
    Remove(MeasurementId),
    /// Changes the notes.
    SetNotes(String),
    /// Changes events, consent or what is kept in a report; how, in words.
    ChangeNotebook(Arc<Notebook>, &'static str),
    /// Changes the title.
    SetTitle(String),
    /// Records where the images are.
    SetSources(Vec<Source>),
    /// Marks a view.
    AddKey(KeyImage),
    /// Forgets a marked view.
    RemoveKey(KeyImageId),
    /// Changes the words of a marked view.
    RelabelKey(KeyImageId, String),
    /// Moves a marked view so many places down its list; to the end where there are fewer.
    MoveKey(KeyImageId, isize),
    /// Begins a figure.
    AddFigure(Figure),
    /// Changes a figure or its panels; how, in words.
    ChangeFigure(Arc<Figure>, &'static str),
    /// Removes a figure with its panels.
    RemoveFigure(FigureId),
    /// Takes in a picture that is not DICOM.
    AddPicture(CasePicture),
    /// Changes what is said of a picture, named by its hash.
    ChangePicture(CasePicture),
    /// Removes the picture of that hash. Its file stays.
    RemovePicture(Arc<str>),
    /// Says how two spaces lie to each other.
    LockSpaces(SpaceLink),
    /// Forgets how a space lies to all others.
    UnlockSpace(FrameOfReference),
    /// Follows something new.
    AddLesion(Lesion),
    /// Changes what is said of a lesion.
    ChangeLesion(Lesion),
    /// Follows a lesion no more; its measurements stay.
    RemoveLesion(LesionId),
    /// Says which lesion a measurement is of.
    Assign(MeasurementId, Option<LesionId>),
    /// Changes the voxels or the margin of a mask; how, in words.
    SetMask(MeasurementId, Arc<LesionMask>, &'static str),
    /// Says what a region is compared with.
    Compare(MeasurementId, Option<Compared>),
    /// Gives a scale to an image without one.
    Calibrate(ReaderCalibration),
    /// Takes a scale of the reader's back.
    Uncalibrate(SopInstanceUid),
    /// Says which studies are read as one. Those of number 0 are new.
    SetTimePoints(Vec<TimePoint>),
    /// Chooses the time point that days are counted from.
    SetDayZero(Option<TimePointId>),
    /// Says whether later time points are compared with this one, from it on.
    SetBaseline(TimePointId, bool),
    /// Says whether a measurement is the size of its lesion where several were drawn.
    CountSize(MeasurementId, bool),
    /// Says what was read of a lesion without a measurement.
    Read(LesionId, TimePointId, Option<Reading>),
    /// Says that these studies are of one patient.
    SamePatient(Vec<StudyUid>),
}

/// Why an edit cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The measurement is not there.
    #[error("there is no measurement {}", .0.0)]
    NoSuchMeasurement(MeasurementId),
    /// The kind needs another number of points.
    #[error("{kind} cannot have {found} points", kind = .kind.name())]
    PointCount {
        /// What was drawn.
        kind: Kind,
        /// Points given.
        found: usize,
    },
    /// A coordinate is not a number.
    #[error("a point of the {} is not a number", .0.name())]
    NotFinite(Kind),
    /// The key image is not there.
    #[error("there is no key image of the number {}", .0.0)]
    NoSuchKeyImage(KeyImageId),
    /// The figure is not there.
    #[error("there is no figure of the number {}", .0.0)]
    NoSuchFigure(FigureId),
    /// The picture is not there.
    #[error("there is no such picture in the case")]
    NoSuchPicture,
    /// A picture is in a case once.
    #[error("the picture is in the case already")]
    PictureTwice,
    /// A picture has no hash, or no size.
    #[error("the picture has no size or no name that it can be kept under")]
    UnsoundPicture,
    /// A figure has a number that cannot be drawn with.
    #[error("the figure has a size or a place that cannot be drawn")]
    UnsoundFigure,
    /// An event has a time outside any life, or two have one name.
    #[error("an event is too far away, or two have one number")]
    UnsoundNotebook,
    /// A view has a number that cannot be kept.
    #[error("the view has a number that is not a number")]
    UnsoundView,
    /// Only a mask has voxels, and it has some.
    #[error("a mask has voxels, and nothing else has")]
    NoMask,
    /// Only two regions can be compared.
    #[error("only two different regions can be compared")]
    NotComparable,
    /// A scale needs two lengths above zero.
    #[error("a scale needs a length above zero")]
    UnsoundScale,
    /// The lesion is not there.
    #[error("there is no lesion of the number {}", .0.0)]
    NoSuchLesion(LesionId),
    /// The time point is not there.
    #[error("there is no time point of the number {}", .0.0)]
    NoSuchTimePoint(TimePointId),
    /// A study cannot be read at two times.
    #[error("one study is in two time points")]
    StudyTwice,
    /// The offset is not a number, or leads from a space to itself.
    #[error("these slices cannot be locked to each other")]
    NoSuchLock,
}

impl Edit {
    /// What the edit does, for "Undo: ...".
    pub fn describe(&self, case: &Case) -> String {
        let kind = |id: &MeasurementId| case.measurement(*id).map_or("measurement", |m| m.kind.name());
        let lesion = |id: &LesionId| case.lesion(*id).map_or("", |lesion| lesion.name.as_str());
        match self {
            Self::All(edits) => {
                let Some((last, first)) = edits.split_last() else { return String::new() };
                // Called after the last, which may speak of what the others bring.
                let before = first.iter().try_fold(case.clone(), |case, edit| case.with(edit.clone()));
                before.map_or_else(|_refused| last.describe(case), |before| last.describe(&before))
            }
            Self::Add(measurement) => format!("draw {}", measurement.kind.name()),
            Self::Move(id, _) => format!("move {}", kind(id)),
            Self::Reshape(id, _) => format!("reshape {}", kind(id)),
            Self::MoveLabel(id, _) => format!("move label of {}", kind(id)),
            Self::Relabel(id, _) => format!("relabel {}", kind(id)),
            Self::Remove(id) => format!("delete {}", kind(id)),
            Self::SetNotes(_) => "edit notes".to_owned(),
            Self::SetTitle(_) => "edit title".to_owned(),
            Self::SetSources(_) => "record image folders".to_owned(),
            Self::AddKey(_) => "add key image".to_owned(),
            Self::RemoveKey(_) => "delete key image".to_owned(),
            Self::RelabelKey(..) => "relabel key image".to_owned(),
            Self::MoveKey(..) => "move key image".to_owned(),
            Self::AddFigure(_) => "add figure".to_owned(),
            Self::RemoveFigure(_) => "delete figure".to_owned(),
            Self::AddPicture(_) => "add picture".to_owned(),
            Self::ChangePicture(_) => "describe picture".to_owned(),
            Self::RemovePicture(_) => "remove picture".to_owned(),
            Self::LockSpaces(_) => "lock slices".to_owned(),
            Self::UnlockSpace(_) => "unlock slices".to_owned(),
            Self::AddLesion(lesion) => format!("add lesion {}", lesion.name),
            Self::ChangeLesion(lesion) => format!("edit lesion {}", lesion.name),
            Self::RemoveLesion(id) => format!("delete lesion {}", lesion(id)),
            Self::Assign(id, Some(to)) => format!("assign {} to {}", kind(id), lesion(to)),
            Self::Assign(id, None) => format!("take {} from its lesion", kind(id)),
            Self::SetMask(_, _, how) | Self::ChangeFigure(_, how) | Self::ChangeNotebook(_, how) => {
                (*how).to_owned()
            }
            Self::Compare(id, _) => format!("compare {}", kind(id)),
            Self::Calibrate(_) => "calibrate image".to_owned(),
            Self::Uncalibrate(_) => "take calibration back".to_owned(),
            Self::SetTimePoints(_) => "edit time points".to_owned(),
            Self::SetDayZero(_) => "choose day 0".to_owned(),
            Self::SetBaseline(_, true) => "set baseline".to_owned(),
            Self::SetBaseline(_, false) => "take baseline back".to_owned(),
            Self::CountSize(id, true) => format!("count {}", kind(id)),
            Self::CountSize(id, false) => format!("count {} no more", kind(id)),
            Self::Read(id, ..) => format!("read lesion {}", lesion(id)),
            Self::SamePatient(_) => "say that it is one patient".to_owned(),
        }
    }
}

impl Case {
    /// The case after an edit. The case itself stays as it is.
    #[expect(clippy::too_many_lines, reason = "one arm for each edit")]
    pub fn with(&self, edit: Edit) -> Result<Self, EditError> {
        let mut case = self.clone();
        match edit {
            Edit::All(edits) => {
                for edit in edits {
                    case = case.with(edit)?;
                }
            }
            Edit::Add(mut measurement) => {
                check(measurement.kind, &measurement.points)?;
                if (measurement.kind == Kind::Mask) != measurement.mask.is_some() {
                    return Err(EditError::NoMask);
                }
                measurement.lesion = measurement.lesion.filter(|id| case.lesion(*id).is_some());
                measurement.id = case.free_id();
                case.measurements.push(Arc::new(measurement));
            }
            Edit::Move(id, points) | Edit::Reshape(id, points) => {
                case.change(id, |m| {
                    check(m.kind, &points)?;
                    m.points = points;
                    Ok(())
                })?;
            }
            Edit::MoveLabel(id, offset) => case.change(id, |m| {
                m.label_offset = offset;
                Ok(())
            })?,
            Edit::Relabel(id, label) => case.change(id, |m| {
                m.label = label;
                Ok(())
            })?,
            Edit::Remove(id) => {
                let before = case.measurements.len();
                case.measurements.retain(|m| m.id != id);
                if case.measurements.len() == before {
                    return Err(EditError::NoSuchMeasurement(id));
                }
                case.counting.retain(|counting| *counting != id);
                // The number may be given again: nothing may then be compared with what it was not.
                for other in &mut case.measurements {
                    if other.compared.as_ref().is_some_and(|compared| compared.with == id) {
                        Arc::make_mut(other).compared = None;
                    }
                }
            }
            Edit::SetNotes(notes) => case.notes = notes,
            Edit::ChangeNotebook(notebook, _) if !notebook.is_sound() => {
                return Err(EditError::UnsoundNotebook);
            }
            Edit::ChangeNotebook(notebook, _) => case.notebook = notebook,
            Edit::SetTitle(title) => case.title = title,
            Edit::SetSources(sources) => case.sources = sources,
            Edit::AddKey(key) => case.add_key(key)?,
            Edit::RemoveKey(id) => {
                let index = case.key_index(id)?;
                case.key_images.remove(index);
            }
            Edit::RelabelKey(id, label) => {
                let index = case.key_index(id)?;
                Arc::make_mut(&mut case.key_images[index]).label = label;
            }
            Edit::MoveKey(id, places) => {
                let from = case.key_index(id)?;
                let to = from.saturating_add_signed(places).min(case.key_images.len() - 1);
                let key = case.key_images.remove(from);
                case.key_images.insert(to, key);
            }
            Edit::AddFigure(figure) => case.add_figure(figure)?,
            Edit::ChangeFigure(figure, _) => case.change_figure(figure)?,
            Edit::RemoveFigure(id) => case.remove_figure(id)?,
            Edit::AddPicture(picture) => case.add_picture(picture)?,
            Edit::ChangePicture(picture) => case.change_picture(picture)?,
            Edit::RemovePicture(sha256) => case.remove_picture(&sha256)?,
            Edit::LockSpaces(link) => case.lock_spaces(link)?,
            Edit::UnlockSpace(space) => case.unlock_space(&space),
            Edit::AddLesion(lesion) => case.add_lesion(lesion),
            Edit::ChangeLesion(lesion) => case.change_lesion(lesion)?,
            Edit::RemoveLesion(id) => case.remove_lesion(id)?,
            Edit::Assign(id, lesion) => case.assign(id, lesion)?,
            Edit::SetMask(id, mask, _) => case.change(id, |m| {
                if m.kind != Kind::Mask {
                    return Err(EditError::NoMask);
                }
                m.mask = Some(mask);
                Ok(())
            })?,
            Edit::Compare(id, compared) => case.compare(id, compared)?,
            Edit::Calibrate(calibration) if !calibration.is_sound() => return Err(EditError::UnsoundScale),
            Edit::Calibrate(calibration) => case.calibrate(calibration),
            Edit::Uncalibrate(image) => case.uncalibrate(&image),
            Edit::SetTimePoints(points) => case.set_time_points(points)?,
            Edit::SetDayZero(id) => case.set_day_zero(id)?,
            Edit::SetBaseline(id, is_baseline) => case.set_baseline(id, is_baseline)?,
            Edit::CountSize(id, counts) => case.count_size(id, counts)?,
            Edit::Read(lesion, at, reading) => case.read(lesion, at, reading)?,
            Edit::SamePatient(studies) => case.same_patient = studies,
        }
        Ok(case)
    }

    fn add_key(&mut self, mut key: KeyImage) -> Result<(), EditError> {
        if !key.view.is_sound() {
            return Err(EditError::UnsoundView);
        }
        let last = self.key_images.iter().map(|key| key.id.0).max();
        key.id = KeyImageId(last.map_or(1, |id| id.saturating_add(1)));
        self.key_images.push(Arc::new(key));
        Ok(())
    }

    fn assign(&mut self, id: MeasurementId, lesion: Option<LesionId>) -> Result<(), EditError> {
        if let Some(lesion) = lesion.filter(|id| self.lesion(*id).is_none()) {
            return Err(EditError::NoSuchLesion(lesion));
        }
        self.change(id, |m| {
            m.lesion = lesion;
            Ok(())
        })
    }

    fn compare(&mut self, id: MeasurementId, compared: Option<Compared>) -> Result<(), EditError> {
        if let Some(compared) = &compared {
            let other = self.measurement(compared.with).ok_or(EditError::NoSuchMeasurement(compared.with))?;
            let own = self.measurement(id).ok_or(EditError::NoSuchMeasurement(id))?;
            if id == compared.with || !own.kind.is_region() || !other.kind.is_region() {
                return Err(EditError::NotComparable);
            }
        }
        self.change(id, |m| {
            m.compared = compared;
            Ok(())
        })
    }

    fn key_index(&self, id: KeyImageId) -> Result<usize, EditError> {
        self.key_images.iter().position(|key| key.id == id).ok_or(EditError::NoSuchKeyImage(id))
    }

    fn change(
        &mut self,
        id: MeasurementId,
        change: impl FnOnce(&mut Measurement) -> Result<(), EditError>,
    ) -> Result<(), EditError> {
        let slot = self.measurements.iter_mut().find(|m| m.id == id);
        change(Arc::make_mut(slot.ok_or(EditError::NoSuchMeasurement(id))?))
    }
}

fn check(kind: Kind, points: &Points) -> Result<(), EditError> {
    let (least, most) = kind.point_count();
    if !(least..=most).contains(&points.len()) {
        return Err(EditError::PointCount { kind, found: points.len() });
    }
    if points.is_finite() { Ok(()) } else { Err(EditError::NotFinite(kind)) }
}
