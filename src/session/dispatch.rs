//! Every action and what does it: one arm each, so that a new action is a compile error until it has a place.

use super::{Action, Session, WindowOrigin};
use crate::case::{Edit, History, TimePoint};

impl Session {
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    pub(super) fn dispatch(&mut self, action: Action) {
        match action {
            Action::Open(paths) => {
                self.workspace.left_empty = false;
                self.open(paths);
            }
            Action::AddPicture(path) => self.add_pictures(vec![path]),
            Action::CancelScan => self.cancel_scan(),
            Action::CloseImages => {
                self.keep_places();
                self.waiting = None;
                self.close_images();
            }
            Action::CloseCase => {
                self.close_panel();
                self.close_case();
            }
            Action::NewCaseHere => {
                self.close_panel();
                self.start_case_here();
            }
            Action::SamePatient => self.say_same_patient(),
            Action::BackToCase => self.go_back_to_case(),
            Action::Choose(tool) => self.choose(tool),
            Action::Place(id, pointer) => self.place(id, pointer),
            Action::AnswerGrowth(take) => self.answer_growth(take),
            Action::KeepPlaces => self.keep_places_asked(),
            Action::Escape => self.escape(),
            Action::Select(id) => self.selected = id,
            Action::DragGrip(id, drag) => self.drag_grip(id, drag),
            Action::DropGrip => self.drop_grip(),
            Action::Commit(edit) => self.commit(edit),
            Action::Typing(edit) => self.keep_typing(edit),
            Action::GiveWords(words) => self.give_words(words),
            Action::DeleteSelected => {
                if let Some(id) = self.selected.take() {
                    self.commit(Edit::Remove(id));
                }
            }
            Action::ChangeMask(change) => self.change_mask(change),
            Action::ToggleMargin => self.toggle_margin(),
            Action::CopyMask => self.copy_mask(),
            Action::CompareMasks => self.compare_masks(),
            Action::SetBrush(radius) => {
                self.settings.brush_mm = radius.clamp(0.2, 100.0);
                self.save_settings();
            }
            Action::ToggleBall => {
                self.settings.brush_is_ball = !self.settings.brush_is_ball;
                self.save_settings();
            }
            Action::Calibrate(length) => self.calibrate(length),
            Action::Uncalibrate => self.uncalibrate(),
            Action::MirrorRegion => self.mirror_region(),
            Action::MeasureThereToo => self.measure_there_too(),
            Action::Focus(id) => self.focus = id,
            Action::NextLesion => self.next_lesion(),
            Action::NewLesion(lesion) => self.new_lesion(lesion),
            Action::GoToCell(lesion, column) => self.go_to_cell(lesion, column),
            Action::MeasureSame(lesion, column) => self.measure_same(lesion, column),
            Action::ReadLesion(lesion, column, reading) => {
                self.say_of_column(column, |id| Edit::Read(lesion, id, reading));
            }
            Action::SetDayZero(column) => self.say_of_column(column, |id| Edit::SetDayZero(Some(id))),
            Action::SetBaseline(column, is_baseline) => {
                self.say_of_column(column, |id| Edit::SetBaseline(id, is_baseline));
            }
            Action::NameTimePoint(column, name) => self.change_time_points(|points| {
                if let Some(point) = points.get_mut(column) {
                    point.name = name;
                }
            }),
            Action::JoinTimePoint(column) => self.join_time_point(column),
            Action::PartTimePoint(column) => self.change_time_points(|points| part(points, column)),
            Action::SetLabelStyle(labels) => {
                self.settings.labels = labels;
                self.save_settings();
            }
            Action::Undo => self.step_history(History::undo),
            Action::Redo => self.step_history(History::redo),
            Action::GoToMeasurement(id) => self.go_to_measurement(id),
            Action::SaveCase(path) => {
                self.keep_panel();
                self.save_case(path);
            }
            Action::OpenCase(path) => {
                self.close_panel();
                self.open_case(&path);
            }
            Action::NewCase => {
                self.close_panel();
                self.new_case();
            }
            Action::Recover => self.recover(),
            Action::DiscardRecovered => self.discard_recovered(),
            Action::FindMissing(folder) => self.find_missing(folder),
            Action::Leave(what) => self.leave(what),
            Action::Gate(action) => self.decide(action),
            Action::Notebook(action) => self.do_with_notebook(action),
            Action::CancelWriting => self.cancel_writing(),
            Action::Dismiss(index) => {
                if index < self.notices.len() {
                    self.notices.remove(index);
                }
            }
            Action::Tell(notice) => self.tell(notice),
            Action::SetPresets(presets) => {
                self.settings.presets = presets;
                self.save_settings();
            }
            Action::SetWindowDragInverted(inverted) => {
                self.settings.inverted_window_drag = inverted;
                self.save_settings();
            }
            Action::SetScreenPixel(pixel) => self.set_screen_pixel(pixel),
            Action::TrueSize(id) => self.true_size(id),
            Action::Figure(action) => self.do_with_figures(action),
            Action::MarkKeyImage(id) => self.mark_key_image(id),
            Action::GoToKeyImage(id) => self.go_to_key_image(id),
            Action::NextKeyImage => self.next_key_image(),
            Action::ShowSeries(id, uid) => self.show_series(id, &uid),
            Action::StepSeries(id, step) => self.step_series(id, step),
            Action::SetLayout(layout) => {
                self.waiting = None;
                self.workspace.set_layout(layout);
                self.fill_viewports();
                self.want_all();
            }
            Action::Activate(id) => self.workspace.activate(id),
            Action::NextViewport => {
                let visible = self.workspace.visible();
                let at = visible.iter().position(|id| *id == self.workspace.active).map_or(0, |at| at + 1);
                self.workspace.activate(visible[at % visible.len()]);
            }
            Action::ToggleMaximised(id) => {
                let all = self.workspace.maximised.is_some();
                self.workspace.maximised = (!all).then_some(id);
            }
            Action::Scroll(id, steps) => self.scroll(id, steps),
            Action::GoToSlice(id, index) => self.go_to_frame(id, index),
            Action::SetCut(id, cut) => self.set_cut(id, cut),
            Action::SetPlane(id, plane) => self.set_plane(id, plane),
            Action::SetSlab(id, slab) => self.set_slab(id, slab),
            Action::ShowPlanes(id) => self.show_planes(id),
            Action::PointAt(id, point) => self.point_at(id, point),
            Action::ToggleCrosshair => self.workspace.crosshair_hidden = !self.workspace.crosshair_hidden,
            Action::ToggleReferenceLines => self.workspace.lines_hidden = !self.workspace.lines_hidden,
            Action::Resized(id, size) => self.resized(id, size),
            Action::SetFraming(id, framing) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.view.framing = framing;
                    viewport.fitted = false;
                }
            }
            Action::Fit(id) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.fitted = true;
                }
                self.refit(id);
            }
            Action::SetLook(id, look) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.view.look = look;
                    viewport.window = WindowOrigin::Settled;
                }
            }
            Action::UsePreset(id, index) => self.use_preset(id, index),
            Action::AutoWindow(id) => self.auto_window(id),
            Action::ToggleCine(id) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.cine = !viewport.cine;
                }
            }
            Action::SetOver(id, over) => self.set_over(id, over),
            Action::SetOverlays(level) => self.workspace.overlays = level,
            Action::ToggleGraphics => self.workspace.graphics_hidden = !self.workspace.graphics_hidden,
            Action::CycleOverlays => self.workspace.overlays = self.workspace.overlays.next(),
            Action::WatchElements(of) => self.watch_elements(of),
            Action::TogglePatientData => self.workspace.patient_hidden = !self.workspace.patient_hidden,
            Action::ToggleLink(link) => self.workspace.links.toggle(link),
            Action::LockSlices => self.lock_slices(),
            Action::UnlockSlices => self.unlock_slices(),
            Action::ProposeLock => self.propose_lock(),
            Action::ShowComparison => self.show_comparison(),
        }
    }
}

/// Each study of a time point becomes one of its own.
fn part(points: &mut Vec<TimePoint>, column: usize) {
    if let Some(point) = points.get_mut(column) {
        let others = point.studies.split_off(point.studies.len().min(1));
        let own: Vec<TimePoint> = others.into_iter().map(|study| TimePoint::new(vec![study])).collect();
        let after = points.split_off(column + 1);
        points.extend(own.into_iter().chain(after));
    }
}
