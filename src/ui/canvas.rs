//! One viewport: the image, what is drawn over it, and what the mouse does there.

use egui::{CursorIcon, PointerButton, Pos2, Rect, Sense, Ui};

use super::chrome::Hover;
use super::commands::{self, Command};
use super::gesture::{Act, Gesture, Place};
use super::guides::{Guides, PlaneGrip};
use super::hits;
use super::layer::ImageLayer;
use super::over;
use super::overlays::overlays;
use super::paint::{self, Scale};
use super::planes;
use super::theme;
use crate::case::Kind;
use crate::image::SeriesKey;
use crate::render::{MarkDrawing, MarkInput, MarkScene, MarkShape, Part, ScreenRect, Style, marks_clear_of};
use crate::session::placing::Pointer;
use crate::session::{Action, Grip, OverlayLevel, Session, Tool, ViewportId};
use crate::view::ViewportSize;

/// How near (points) the pointer must be to touch something.
const REACH: f64 = 8.0;

/// A viewport's picture and held button.
#[derive(Debug, Default)]
pub(super) struct Viewer {
    image: ImageLayer,
    gesture: Option<Gesture>,
    last_click: Option<(Pos2, crate::geometry::PixelPoint)>,
    wheel: f32,
    /// The wheel with Alt, as far as it is no whole notch yet.
    thicker: f32,
}

/// What drawing a viewport gives back.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) actions: Vec<Action>,
    pub(super) commands: Vec<Command>,
    pub(super) hover: Option<Hover>,
}

impl Viewer {
    /// Draws the viewport and takes what the mouse does in it.
    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, id: ViewportId, rect: Rect) -> Seen {
        let mut seen = Seen::default();
        let response = ui.interact(rect, ui.scope_id().with(("viewport", id.0)), Sense::click_and_drag());
        let label = format!("Image {}", id.0 + 1);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, &label));
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, theme::IMAGE);
        let scale = Scale { corner: rect.min, pixels_per_point: ui.ctx().pixels_per_point() };
        let size = viewport_size(rect, scale);
        if size != session.workspace().size(id) {
            seen.actions.push(Action::Resized(id, size));
        }
        // A tap or a remote desktop may press and let go between two frames: then no button is down any more.
        let pressed = response.contains_pointer() && ui.input(|i| i.pointer.any_pressed());
        if (pressed || response.is_pointer_button_down_on()) && session.workspace().active != id {
            seen.actions.push(Action::Activate(id));
        }
        drop_target(ui, &response, id, &mut seen.actions);
        let Some(shown) = session.shown(id) else {
            hint(&painter, rect, session);
            return seen;
        };
        let resolved = shown.viewport.view.resolve(shown.frame, size);
        self.image.show(session, id, &shown, &resolved, &painter);
        let style = Style::screen(f64::from(scale.pixels_per_point));
        let overlay = overlays(session, id, &shown, &resolved, &style);
        let drawings = self.marks(
            session,
            id,
            &MarkScene { frame: shown.frame, resolved: &resolved, style: &style, fonts: session.fonts() },
            &overlay.text_areas(session.fonts()),
        );
        let pointer = ui.input(|i| i.pointer.latest_pos()).filter(|_| response.contains_pointer());
        let selects = ui.input(|i| i.modifiers.command);
        let over = pointer
            .and_then(|at| hits::under(session, &drawings, scale.pixel(at), REACH * style.scale, selects));
        let guides = Guides::of(session, id, &resolved);
        paint::list(&painter, &overlay, scale);
        if session.workspace().overlays != OverlayLevel::Off {
            paint::list(&painter, &guides.drawing(&style), scale);
            for drawing in &drawings {
                paint::list(&painter, &drawing.list, scale);
            }
        }
        let plane = pointer
            .filter(|_| over.is_none())
            .and_then(|at| guides.hit(session, &shown, &resolved, scale.pixel(at), REACH * style.scale));
        let place = Place { id, session, resolved: &resolved, scale, drawings: &drawings, over, plane };
        self.mouse(ui, &response, &place, &mut seen.actions);
        if let Some(at) = pointer {
            seen.hover = Some(Hover { id, at: place.pixel(at) });
            cursor(ui, session.tool(), &place, self.gesture.as_ref());
        }
        response.context_menu(|ui| menu(ui, session, id, &mut seen));
        seen
    }

    fn marks(
        &self,
        session: &Session,
        id: ViewportId,
        scene: &MarkScene<'_>,
        keep_clear: &[ScreenRect],
    ) -> Vec<MarkDrawing> {
        let list = session.marks(id);
        let drafts: Vec<_> = session.in_plane_draft(id).into_iter().chain(session.draft(id)).collect();
        let held = match &self.gesture {
            Some(Gesture { act: Act::Grip(mark, ..), .. }) => Some(*mark),
            _ => None,
        };
        let mut inputs: Vec<MarkInput<'_>> = list
            .iter()
            .map(|mark| MarkInput { hovered: held == Some(mark.measurement.id), ..mark.input() })
            .collect();
        inputs.extend(drafts.iter().map(|draft| MarkInput {
            shape: MarkShape::Draft { kind: draft.kind, points: &draft.points, pointer: draft.pointer },
            lines: &draft.lines,
            selected: false,
            hovered: false,
        }));
        marks_clear_of(&inputs, scene, keep_clear)
    }

    fn mouse(&mut self, ui: &Ui, response: &egui::Response, place: &Place<'_>, actions: &mut Vec<Action>) {
        let pos = ui.input(|i| i.pointer.latest_pos());
        let fast = ui.input(|i| i.modifiers.command);
        if response.contains_pointer() {
            self.wheel(ui, place, pos, actions);
            self.follow(ui, place, pos, actions);
            for button in [PointerButton::Primary, PointerButton::Middle, PointerButton::Secondary] {
                if self.gesture.is_none()
                    && ui.input(|i| i.pointer.button_pressed(button))
                    && let Some(at) = ui.input(|i| i.pointer.press_origin()).or(pos)
                {
                    self.press(button, at, place, actions);
                }
            }
        }
        if let (Some(mut gesture), Some(to)) = (self.gesture.take(), pos) {
            if ui.input(|i| i.pointer.button_down(gesture.button)) {
                actions.extend(gesture.drag(to, fast, place));
                self.gesture = Some(gesture);
            } else {
                actions.extend(gesture.release(to, fast, place));
            }
        } else if place.session.is_drawing()
            && response.contains_pointer()
            && let Some(to) = pos
            && ui.input(|i| i.pointer.delta() != egui::Vec2::ZERO)
        {
            actions.push(Action::Place(place.id, Pointer::Move(place.pixel(to))));
        }
        if response.double_clicked() {
            actions.push(if place.session.is_drawing() {
                Action::Place(place.id, Pointer::Finish)
            } else {
                Action::ToggleMaximised(place.id)
            });
        }
    }

    fn press(&mut self, button: PointerButton, at: Pos2, place: &Place<'_>, actions: &mut Vec<Action>) {
        let Some(shown) = place.session.shown(place.id) else { return };
        let view = &shown.viewport.view;
        let tool = place.session.tool();
        let held = place
            .over
            .filter(|_| button == PointerButton::Primary && !place.session.is_drawing() && !paints(tool))
            .and_then(|hit| {
                let drawing = place.drawings.get(hit.index)?;
                let grip = match hit.part {
                    Part::Handle(index) => Grip::Handle(index),
                    Part::Label => Grip::Label,
                    // While a tool draws, a new shape may start on the line of an old one.
                    Part::Body
                        if matches!(tool, Tool::Measure(_) | Tool::AutoWindow) && !hits::points(tool) =>
                    {
                        return None;
                    }
                    Part::Body => Grip::Body,
                };
                Some(Act::Grip(drawing.id?, grip, place.pixel(at), Box::new(drawing.clone())))
            });
        // The crosshair's tool points also at what lies on a line; its rings still turn.
        let takes = |grip: &PlaneGrip| tool != Tool::Crosshair || matches!(grip, PlaneGrip::Turn(..));
        let free = button == PointerButton::Primary && held.is_none() && !paints(tool);
        let line = place.plane.filter(|grip| free && takes(grip));
        let act = match (button, held, tool) {
            (PointerButton::Primary, Some(act), _) => act,
            (PointerButton::Primary, None, _) if let Some(grip) = line => Act::Plane(grip),
            (PointerButton::Middle, ..) | (_, _, Tool::Pan) if button != PointerButton::Secondary => {
                Act::Pan(view.framing)
            }
            (PointerButton::Secondary, ..) | (_, _, Tool::Zoom) => Act::Zoom(view.framing),
            (
                _,
                _,
                Tool::Measure(_) | Tool::AutoWindow | Tool::Density | Tool::Grow | Tool::Brush | Tool::Eraser,
            ) => Act::Place,
            (_, _, Tool::Crosshair) => Act::Point,
            (_, _, Tool::Window | Tool::Pan) => Act::Window(view.look.clone(), view.look.voi.as_window()),
        };
        if matches!(act, Act::Place) {
            let pixel = self.snapped(at, place);
            if closes_polygon(place, at) {
                actions.push(Action::Place(place.id, Pointer::Finish));
                return;
            }
            actions.push(Action::Place(place.id, Pointer::Press(pixel)));
        } else if !matches!(act, Act::Grip(..))
            && button == PointerButton::Primary
            && place.session.selected().is_some()
        {
            actions.push(Action::Select(None));
        }
        let mut gesture = Gesture::new(button, act, at);
        // A click is enough to point at something.
        if matches!(gesture.act, Act::Point) {
            actions.extend(gesture.drag(at, false, place));
        }
        self.gesture = Some(gesture);
    }

    /// With Shift held the crosshair follows the pointer.
    fn follow(&mut self, ui: &Ui, place: &Place<'_>, pos: Option<Pos2>, actions: &mut Vec<Action>) {
        let moved = ui.input(|i| i.modifiers.shift_only() && i.pointer.delta() != egui::Vec2::ZERO);
        if moved && self.gesture.is_none() {
            actions.extend(pos.and_then(|at| place.point_at(at)));
        }
    }

    /// The second press of a double click trembles: it counts as the same point.
    fn snapped(&mut self, at: Pos2, place: &Place<'_>) -> crate::geometry::PixelPoint {
        let pixel = match self.last_click {
            Some((last, pixel)) if place.session.is_drawing() && last.distance(at) < 4.0 => pixel,
            _ => place.pixel(at),
        };
        self.last_click = Some((at, pixel));
        pixel
    }

    /// Wheel: slices. With Ctrl: zoom at the pointer. With Shift: ten slices.
    fn wheel(&mut self, ui: &Ui, place: &Place<'_>, pos: Option<Pos2>, actions: &mut Vec<Action>) {
        let turns: Vec<(f32, egui::Modifiers)> = ui.input(|input| {
            let notches = |event: &egui::Event| match event {
                egui::Event::MouseWheel { unit, delta, modifiers, .. } => {
                    let along = if delta.y == 0.0 { delta.x } else { delta.y };
                    let per_notch = match unit {
                        egui::MouseWheelUnit::Line => 1.0,
                        egui::MouseWheelUnit::Point => 40.0,
                        egui::MouseWheelUnit::Page => 0.1,
                    };
                    Some((along / per_notch, *modifiers))
                }
                _ => None,
            };
            input.events.iter().filter_map(notches).collect()
        });
        for (notches, modifiers) in turns {
            if modifiers.command || modifiers.ctrl {
                if let (Some(at), Some(shown)) = (pos, place.session.shown(place.id)) {
                    let factor = 1.15_f64.powf(f64::from(notches));
                    let anchor = place.scale.pixel(at).0;
                    let framing = shown.viewport.view.framing.zoomed(factor, anchor, place.resolved.size);
                    actions.push(Action::SetFraming(place.id, framing));
                }
                continue;
            }
            if modifiers.alt {
                self.thicker += notches;
                continue;
            }
            self.wheel -= notches;
            let whole = self.wheel.trunc();
            self.wheel -= whole;
            #[expect(clippy::cast_possible_truncation, reason = "a few notches")]
            let steps = whole as isize * if modifiers.shift { 10 } else { 1 };
            if steps != 0 {
                actions.push(Action::Scroll(place.id, steps));
            }
        }
        let whole = self.thicker.trunc();
        self.thicker -= whole;
        if whole != 0.0 {
            actions.extend(planes::thicker(place.session, place.id, f64::from(whole)));
        }
    }
}

/// Whether the tool works on voxels: marks do not stand in its way.
fn paints(tool: Tool) -> bool {
    matches!(tool, Tool::Grow | Tool::Brush | Tool::Eraser)
}

/// A series that is dragged here from the browser: a frame shows where it will be, and letting go shows it.
fn drop_target(ui: &Ui, response: &egui::Response, id: ViewportId, actions: &mut Vec<Action>) {
    if response.dnd_hover_payload::<SeriesKey>().is_some() {
        // Above the image, which is painted after this.
        let layer = egui::LayerId::new(egui::Order::Foreground, response.id.with("drop"));
        let painter = ui.ctx().layer_painter(layer).with_clip_rect(response.rect);
        let stroke = egui::Stroke::new(3.0, theme::ACCENT);
        painter.rect_stroke(response.rect, 0.0, stroke, egui::StrokeKind::Inside);
    }
    if let Some(series) = response.dnd_release_payload::<SeriesKey>() {
        actions.push(Action::ShowSeries(id, (*series).clone()));
    }
}

/// The pixels that a picture of a viewport is drawn from.
fn closes_polygon(place: &Place<'_>, at: Pos2) -> bool {
    let Some(draft) = place.session.draft(place.id) else { return false };
    draft.kind == Kind::Polygon
        && draft.points.len() >= 3
        && draft.points.first().is_some_and(|first| {
            place.scale.point(place.resolved.screen_from_pixel(*first)).distance(at) < 8.0
        })
}

fn viewport_size(rect: Rect, scale: Scale) -> ViewportSize {
    let pixels = rect.size() * scale.pixels_per_point;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let side = |length: f32| length.round().clamp(1.0, 16_384.0) as u32;
    ViewportSize { width: side(pixels.x), height: side(pixels.y) }
}

pub(super) fn centered(painter: &egui::Painter, rect: Rect, text: &str, color: egui::Color32) {
    let font = egui::FontId::proportional(14.0);
    let galley = painter.layout(text.to_owned(), font, color, rect.width() - 32.0);
    painter.galley(rect.center() - galley.size() / 2.0, galley, color);
}

fn hint(painter: &egui::Painter, rect: Rect, session: &Session) {
    let text = if session.scan().is_some() {
        "Looking for images…"
    } else if session.library().is_empty() {
        "Drop a folder of DICOM images here,\nor press Ctrl+O to open one."
    } else if session.workspace().is_left_empty() {
        "No series matches here.\nDrag one from the browser."
    } else {
        "Choose a series in the study browser."
    };
    centered(painter, rect, text, theme::WEAK);
}

fn cursor(ui: &Ui, tool: Tool, place: &Place<'_>, gesture: Option<&Gesture>) {
    let icon = match (gesture.map(|g| &g.act), place.over.map(|hit| hit.part), tool) {
        (Some(Act::Pan(_) | Act::Grip(..) | Act::Plane(_)), ..) => CursorIcon::Grabbing,
        (None, None, _) if let Some(grip) = place.plane => match grip {
            PlaneGrip::Move(..) => CursorIcon::Grab,
            PlaneGrip::Turn(..) => CursorIcon::Alias,
        },
        (Some(Act::Zoom(_)), ..) | (None, None, Tool::Zoom) => CursorIcon::ZoomIn,
        (Some(Act::Window(..)), ..) => CursorIcon::Move,
        (_, Some(Part::Handle(_)), _) => CursorIcon::PointingHand,
        (_, Some(Part::Label), _)
        | (_, Some(Part::Body), Tool::Window | Tool::Pan | Tool::Zoom | Tool::Crosshair)
        | (_, _, Tool::Pan) => CursorIcon::Grab,
        (
            _,
            _,
            Tool::Measure(_)
            | Tool::AutoWindow
            | Tool::Crosshair
            | Tool::Density
            | Tool::Grow
            | Tool::Brush
            | Tool::Eraser,
        ) => CursorIcon::Crosshair,
        (..) => CursorIcon::Default,
    };
    ui.ctx().set_cursor_icon(icon);
}

fn menu(ui: &mut Ui, session: &Session, id: ViewportId, seen: &mut Seen) {
    ui.set_min_width(220.0);
    ui.menu_button("Window presets", |ui| {
        super::presets::entries(ui, session, id, &mut seen.actions);
    });
    ui.menu_button("Overlay", |ui| over::menu(ui, session, id, &mut seen.actions));
    for command in [
        Command::AutoWindow,
        Command::Invert,
        Command::Fit,
        Command::Maximise,
        Command::CycleOverlays,
        Command::Graphics,
        Command::HidePatient,
        Command::Cine,
        Command::MarkKeyImage,
        Command::Copy,
        Command::Export,
    ] {
        if let Some(row) = commands::of(command) {
            let button = egui::Button::new(row.text).shortcut_text(row.keys_text(ui.ctx()));
            if ui.add(button).clicked() {
                seen.commands.push(command);
            }
        }
    }
    if session.selected().is_some() {
        ui.separator();
        if ui.button("Delete selected measurement").clicked() {
            seen.commands.push(Command::Delete);
        }
    }
}
