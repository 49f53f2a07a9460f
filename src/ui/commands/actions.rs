//! What the session does for a command.

use super::{AtDate, Command, MaskCommand};
use crate::case::{Edit, Kind, LabelStyle, Reading};
use crate::geometry::Mm;
use crate::session::{
    Action, ElementsOf, FigureAction, Layout, MaskChange, Notice, Session, Tool, ViewportId,
};
use crate::ui::{over, planes};
use crate::view::ColorMap;

/// The actions of a command that only needs the session.
#[expect(clippy::too_many_lines, reason = "one arm for each command")]
pub(in crate::ui) fn actions(command: Command, session: &Session) -> Vec<Action> {
    let id = session.workspace().active;
    let shown = session.shown(id);
    let look = |change: &dyn Fn(&mut crate::view::Look)| {
        let mut look = shown.as_ref()?.viewport.view.look.clone();
        change(&mut look);
        Some(Action::SetLook(id, look))
    };
    let action = match command {
        Command::CancelScan => Some(Action::CancelScan),
        Command::Dismiss => session.notices().len().checked_sub(1).map(Action::Dismiss),
        Command::NextMeasurement => next_measurement(session),
        Command::InvertDrag => Some(Action::SetWindowDragInverted(!session.settings().inverted_window_drag)),
        Command::Mask(change) => Some(mask_action(change)),
        Command::BrushSize(steps) => {
            let radius = session.settings().brush_mm * 1.25_f64.powi(i32::from(steps));
            Some(Action::SetBrush((radius * 10.0).round() / 10.0))
        }
        Command::Uncalibrate => Some(Action::Uncalibrate),
        Command::Mirror => Some(Action::MirrorRegion),
        Command::ThereToo => Some(Action::MeasureThereToo),
        Command::AtDate(what) => at_date(session, what),
        Command::NextLesion => Some(Action::NextLesion),
        Command::Centimetres => {
            let style = session.label_style();
            Some(Action::SetLabelStyle(LabelStyle { centimetres: !style.centimetres, ..style }))
        }
        Command::SortAxes => {
            let style = session.label_style();
            Some(Action::SetLabelStyle(LabelStyle { sorted: !style.sorted, ..style }))
        }
        Command::Undo => Some(Action::Undo),
        Command::Redo => Some(Action::Redo),
        Command::Delete => Some(Action::DeleteSelected),
        Command::Escape => Some(Action::Escape),
        Command::Choose(tool) => Some(Action::Choose(tool)),
        Command::ArrowOrText => {
            let arrow = Tool::Measure(Kind::Arrow);
            let text = Tool::Measure(Kind::Text);
            Some(Action::Choose(if session.tool() == arrow { text } else { arrow }))
        }
        Command::Scroll(steps) => Some(Action::Scroll(id, steps)),
        Command::End(last) => {
            let count = shown.map_or(0, |shown| shown.count);
            Some(Action::GoToSlice(id, if last { count.saturating_sub(1) } else { 0 }))
        }
        Command::Series(step) => Some(Action::StepSeries(id, step)),
        Command::NextViewport => Some(Action::NextViewport),
        Command::Maximise => Some(Action::ToggleMaximised(id)),
        Command::Layout(rows, columns) => Some(Action::SetLayout(Layout { columns, rows })),
        Command::Planes => Some(Action::ShowPlanes(id)),
        Command::Cut(cut) => Some(Action::SetCut(id, cut)),
        Command::TurnPlane(across, down) => planes::turn(session, id, across, down),
        Command::Thickness(steps) => planes::thicker(session, id, f64::from(steps)),
        Command::SlabMode => planes::next_mode(session, id),
        Command::Crosshair => return planes::crosshair(session),
        Command::ReferenceLines => Some(Action::ToggleReferenceLines),
        Command::Link(link) => Some(Action::ToggleLink(link)),
        Command::LockSlices => Some(Action::LockSlices),
        Command::UnlockSlices => Some(Action::UnlockSlices),
        Command::ProposeLock => Some(Action::ProposeLock),
        Command::Compare => Some(Action::ShowComparison),
        Command::Rotate => shown.map(|shown| Action::SetFraming(id, shown.viewport.view.framing.rotated())),
        Command::Flip(across) => {
            shown.map(|shown| Action::SetFraming(id, shown.viewport.view.framing.flipped(across)))
        }
        Command::OneToOne => shown.map(|shown| {
            let framing = shown.viewport.view.framing.one_to_one(shown.frame, session.workspace().size(id));
            Action::SetFraming(id, framing)
        }),
        Command::TrueSize => Some(Action::TrueSize(id)),
        Command::Zoom(inward) => shown.map(|shown| {
            let size = session.workspace().size(id);
            let factor = if inward { 1.25 } else { 0.8 };
            Action::SetFraming(id, shown.viewport.view.framing.zoomed(factor, size.middle(), size))
        }),
        Command::Fit => Some(Action::Fit(id)),
        Command::Preset(digit) => {
            let at = session.presets(id).iter().position(|offer| offer.digit == Some(digit));
            at.map(|index| Action::UsePreset(id, index))
        }
        Command::FileWindow => next_file_window(session, id),
        Command::AutoWindow => Some(Action::AutoWindow(id)),
        Command::Invert => look(&|look| look.inverted = !look.inverted),
        Command::Smooth => look(&|look| look.interpolation = look.interpolation.next()),
        Command::NextColors => look(&|look| {
            let at = ColorMap::ALL.iter().position(|map| *map == look.colors).unwrap_or(0);
            look.colors = ColorMap::ALL[(at + 1) % ColorMap::ALL.len()];
        }),
        Command::CycleOverlays => Some(Action::CycleOverlays),
        Command::Graphics => Some(Action::ToggleGraphics),
        Command::HidePatient => Some(Action::TogglePatientData),
        Command::Cine => Some(Action::ToggleCine(id)),
        Command::SendToFigure => Some(Action::Figure(FigureAction::Send(id))),
        Command::Figure => Some(Action::Figure(toggle_figure(session))),
        Command::NewFigure => Some(Action::Figure(FigureAction::New)),
        Command::OpenPanel => session.selected_panel().map(|id| Action::Figure(FigureAction::OpenPanel(id))),
        Command::MovePanel(places) => Some(Action::Figure(FigureAction::MovePanel(isize::from(places)))),
        Command::EqualScale => Some(Action::Figure(FigureAction::EqualScale)),
        Command::MarkKeyImage => Some(Action::MarkKeyImage(id)),
        Command::NextKeyImage => Some(Action::NextKeyImage),
        Command::MoveKeyImage(places) => {
            session.key_image().map(|id| Action::Commit(Edit::MoveKey(id, isize::from(places))))
        }
        Command::DeleteKeyImage => session.key_image().map(|id| Action::Commit(Edit::RemoveKey(id))),
        Command::NextOver => over::next(session, id),
        Command::OverOpacity(steps) => over::more(session, id, steps),
        Command::Elements => {
            let of = session.elements_of().is_none().then_some(ElementsOf::Shown);
            Some(Action::WatchElements(of))
        }
        // The window's own: dialogues, panels, clipboard.
        Command::OpenFolder
        | Command::OpenFiles
        | Command::AddPicture
        | Command::OpenCase
        | Command::Save
        | Command::SaveAs
        | Command::NewCase
        | Command::CloseCase
        | Command::Export
        | Command::ExportCine
        | Command::Montage
        | Command::Copy
        | Command::WriteLabel
        | Command::NewLesion
        | Command::Calibrate
        | Command::NameDate
        | Command::Ledger
        | Command::Notebook
        | Command::ExportReport
        | Command::ExportTimeline
        | Command::ExportTable
        | Command::ExportFigure
        | Command::CopyTable
        | Command::WriteNotes
        | Command::WriteKeyLabel
        | Command::Browser
        | Command::Notes
        | Command::Problems
        | Command::Presets
        | Command::ChooseLayout
        | Command::GoToPoint
        | Command::MeasureScreen
        | Command::FullScreen
        | Command::Help => None,
    };
    action.into_iter().collect()
}

/// The lesion in focus, and the column of the ledger that the active viewport's study belongs to.
fn at_date(session: &Session, what: AtDate) -> Option<Action> {
    let none = |details: &str| Some(Action::Tell(Notice::info("There is no lesion in focus here.", details)));
    let Some(lesion) = session.focus() else {
        return none("Choose a lesion in the ledger (F5), or press Shift+Q.");
    };
    let ledger = session.ledger();
    let Some(column) = session.column_shown(&ledger) else {
        return none("Show an image of the date that is meant.");
    };
    // The same key takes the reading back.
    let read = ledger.cell(lesion, column).and_then(|cell| cell.reading);
    let toggled = |reading| (read != Some(reading)).then_some(reading);
    Some(match what {
        AtDate::Measure => Action::MeasureSame(lesion, column),
        AtDate::Go => Action::GoToCell(lesion, column),
        AtDate::Gone => Action::ReadLesion(lesion, column, toggled(Reading::Absent)),
        AtDate::TooSmall => Action::ReadLesion(lesion, column, toggled(Reading::TooSmall)),
        AtDate::Join => Action::JoinTimePoint(column),
        AtDate::Part => Action::PartTimePoint(column),
        AtDate::DayZero => Action::SetDayZero(column),
    })
}

/// The window of the file after the one that is shown, round and round.
fn next_file_window(session: &Session, id: ViewportId) -> Option<Action> {
    let offers = session.presets(id);
    let own: Vec<usize> = (0..offers.len()).filter(|index| offers[*index].of_file).collect();
    let at = own.iter().position(|index| offers[*index].active);
    let next = own.get(at.map_or(0, |at| (at + 1) % own.len()))?;
    Some(Action::UsePreset(id, *next))
}

/// Shows the figure, goes back to it from a panel's viewport, or leaves it.
fn toggle_figure(session: &Session) -> FigureAction {
    match (session.opened_panel(), session.figure(), session.case().figures.last()) {
        (Some(_), ..) => FigureAction::ClosePanel,
        (None, Some(_), _) => FigureAction::Show(None),
        (None, None, Some(last)) => FigureAction::Show(Some(last.id)),
        (None, None, None) => FigureAction::New,
    }
}

fn mask_action(command: MaskCommand) -> Action {
    match command {
        MaskCommand::Fill => Action::ChangeMask(MaskChange::FillHoles),
        MaskCommand::Smooth => Action::ChangeMask(MaskChange::Smooth),
        MaskCommand::Largest => Action::ChangeMask(MaskChange::LargestIsland),
        MaskCommand::Interpolate => Action::ChangeMask(MaskChange::Interpolate),
        MaskCommand::Enlarge => Action::ChangeMask(MaskChange::Enlarge(Mm(1.0))),
        MaskCommand::Shrink => Action::ChangeMask(MaskChange::Enlarge(Mm(-1.0))),
        MaskCommand::Margin => Action::ToggleMargin,
        MaskCommand::Copy => Action::CopyMask,
        MaskCommand::Compare => Action::CompareMasks,
        MaskCommand::Ball => Action::ToggleBall,
    }
}

/// The measurement after the selected one, round and round.
fn next_measurement(session: &Session) -> Option<Action> {
    let list = &session.case().measurements;
    let at = session.selected().and_then(|id| list.iter().position(|m| m.id == id));
    let next = at.map_or(0, |at| at + 1) % list.len().max(1);
    list.get(next).map(|measurement| Action::GoToMeasurement(measurement.id))
}
