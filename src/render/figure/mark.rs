use std::f64::consts::{FRAC_PI_2, FRAC_PI_3};

use glam::DVec2;

use super::{color, rim};
use crate::case::figure::{FigureMark, FigureShape};
use crate::image::Frame;
use crate::render::{Color, DrawingList, Fonts, Item, Stroke, Style, Weight, measure, wrapped};
use crate::typography::typeset;
use crate::view::{Resolved, ScreenPoint};

/// Width of an arrow's head over its length, and how deep its back is cut.
const HEAD_WIDTH: f64 = 0.7;
/// Corners of a circle: enough that none shows at 1200 dpi.
const CORNERS: u32 = 256;
/// From the edge of a panel to the words on it, pt.
const INSET_PT: f64 = 3.0;

/// Words around a place, in lines no wider than the panel, and all of them on it where the place is.
fn text(
    words: &str,
    at: DVec2,
    size: f64,
    panel: DVec2,
    (ink, halo): (Color, Color),
    (style, fonts): (&Style, &Fonts),
) -> Vec<Item> {
    let inset = style.px(INSET_PT);
    let room = (panel.x - 2.0 * inset).max(size);
    let set = typeset(words);
    let lines: Vec<String> =
        set.lines().flat_map(|line| wrapped(line, room, size, Weight::Regular, fonts).lines).collect();
    let height = measure(fonts, "", size).y;
    let is_on_panel = at.cmpge(DVec2::ZERO).all() && at.cmple(panel).all();
    // What begins in the panel is read in the panel.
    let inside = |from: f64, length: f64, whole: f64| {
        if is_on_panel { from.min(whole - inset - length).max(inset) } else { from }
    };
    let tall = lines.len() as f64 * height;
    let top = inside(at.y - tall / 2.0, tall, panel.y);
    let placed = lines.into_iter().enumerate().map(|(index, line)| {
        let width = measure(fonts, &line, size).x;
        let left = inside(at.x - width / 2.0, width, panel.x);
        Item::Text {
            at: ScreenPoint(DVec2::new(left, top + index as f64 * height)),
            size_px: size,
            text: line,
            weight: Weight::Regular,
            color: ink,
            halo: Some(halo),
        }
    });
    placed.collect()
}

/// Draws an author's mark on a panel.
pub(super) fn draw(
    mark: &FigureMark,
    frame: &Frame,
    resolved: &Resolved,
    style: &Style,
    fonts: &Fonts,
    list: &mut DrawingList,
) {
    let spacing = frame.display_spacing();
    let screen = |mm: DVec2| {
        let pixel = crate::geometry::PixelPoint(spacing.pixel_from_mm(mm));
        resolved.screen_from_pixel(pixel).0
    };
    let (at, size) = (screen(mark.at), style.px(mark.size_pt));
    let (ink, halo) = (color(mark.ink), rim(mark.ink));
    let stroke = Stroke { width: style.px(style.line_pt), color: ink, halo: Some(halo) };
    let heavy = Stroke { width: stroke.width.max(size / 6.0), ..stroke };
    match &mark.shape {
        FigureShape::Arrow { tail_pt } => {
            let tail = at + *tail_pt * style.scale;
            let back = (tail - at).normalize_or(DVec2::Y);
            let head = size.min(at.distance(tail));
            // The shaft ends inside the head, so that the tip stays sharp.
            let shaft = [at + back * head * 0.7, tail].map(ScreenPoint);
            list.line(shaft.to_vec(), false, heavy);
            arrowhead(at, back, head, &stroke, list);
            // The rim of the head lies on the shaft: once more without a rim.
            list.line(shaft.to_vec(), false, Stroke { halo: None, ..heavy });
        }
        FigureShape::Arrowhead { tail_pt } => {
            arrowhead(at, tail_pt.normalize_or(DVec2::Y), size, &stroke, list);
        }
        FigureShape::Asterisk => {
            // The rims of the arms lie on each other: once more without them.
            for stroke in [heavy, Stroke { halo: None, ..heavy }] {
                for third in 0..3 {
                    let angle = f64::from(third) * FRAC_PI_3 + FRAC_PI_2;
                    let arm = DVec2::from_angle(angle) * size / 2.0;
                    list.line(vec![ScreenPoint(at - arm), ScreenPoint(at + arm)], false, stroke);
                }
            }
        }
        FigureShape::Text(words) => {
            let panel = DVec2::new(f64::from(resolved.size.width), f64::from(resolved.size.height));
            list.items.extend(text(words, at, size, panel, (ink, halo), (style, fonts)));
        }
        FigureShape::Circle { radius_mm } => {
            let radius = radius_mm / resolved.mm_per_pixel;
            let corner = |step: u32| {
                let angle = f64::from(step) / f64::from(CORNERS) * std::f64::consts::TAU;
                ScreenPoint(at + DVec2::from_angle(angle) * radius)
            };
            list.line((0..CORNERS).map(corner).collect(), true, stroke);
        }
        FigureShape::Line { to } => {
            list.line(vec![ScreenPoint(at), ScreenPoint(screen(*to))], false, stroke);
        }
    }
}

/// A filled head with its tip at a place; `back` leads away from the tip.
fn arrowhead(tip: DVec2, back: DVec2, length: f64, stroke: &Stroke, list: &mut DrawingList) {
    let side = back.perp() * length * HEAD_WIDTH / 2.0;
    let corners: Vec<ScreenPoint> =
        [tip, tip + back * length + side, tip + back * length - side].map(ScreenPoint).to_vec();
    let edge = Stroke { width: stroke.width * 0.2, ..*stroke };
    let rim = Stroke { halo: stroke.halo, width: stroke.width * 0.6, ..edge };
    list.line(corners.clone(), true, rim);
    list.fill(corners, stroke.color);
}
