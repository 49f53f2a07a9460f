//! Brain and what lies in it: folds, ventricles, deep nuclei, stem and cerebellum.

use glam::{DVec2, DVec3};

use super::noise::{gradient_noise, value_noise};
use super::shape::{cover, ellipse, ellipsoid, join, meet, ramp, rod, turned};
use super::skull::{CEREBRUM, CEREBRUM_RADII, mirrored};
use super::tissue::{Contrast, Paint, Tissue};

/// Thickness of the cortex in mm.
const CORTEX: f64 = 2.9;

/// How far below the tentorium a point is: positive in the posterior fossa.
fn below_tentorium(p: DVec3) -> f64 {
    let x = p.x.abs();
    let back = ramp((p.y - 25.0) / 65.0);
    let height = 1.0
        - 0.30 * (p.y - 30.0).max(0.0)
        - 0.75 * (28.0 - p.y).max(0.0)
        - 0.0085 * x * x * (1.0 - 0.6 * back)
        - 0.06 * x;
    let behind_ridge = p.y - (3.0 + 0.62 * (x - 12.0).max(0.0));
    meet(p.z - height.max(-34.0), -behind_ridge, 3.0) * -0.94
}

/// Distance from the cleft between the hemispheres.
fn midline_cleft(p: DVec3) -> f64 {
    if p.x.abs() > 36.0 {
        return p.x.abs() - 1.0;
    }
    let wobble = 0.7 * value_noise(DVec3::new(0.0, p.y, p.z) / 17.0, 41);
    let half_width = 0.9 + 0.5 * value_noise(DVec3::new(3.0, p.y, p.z) / 9.0, 42).abs();
    let aside = (p.x - wobble).abs() - half_width;
    let core = ellipse(DVec2::new(p.y - 3.0, p.z - 2.0), DVec2::new(43.0, 27.0));
    DVec2::new(aside.max(0.0), (-core).max(0.0)).length() + aside.min(0.0)
}

/// Distance from the Sylvian fissure and the cistern over the insula.
fn sylvian(p: DVec3, m: DVec3) -> f64 {
    let bend = 1.7 * value_noise(p / 9.0, 43) + 1.2 * value_noise(p / 4.5, 47);
    let island = ellipse(DVec2::new(m.y + 3.0, m.z - 4.0), DVec2::new(25.0, 15.0));
    let over_island = meet(
        (m.x - 42.5 - bend + 0.012 * (m.y + 3.0) * (m.y + 3.0)).abs() - 1.0 - 0.4 * bend.abs(),
        island,
        1.0,
    );
    let level = -3.0 + 0.42 * (m.y + 4.0).max(-16.0) + 2.2 * bend + 2.5 * value_noise(p / 7.0, 46);
    let span = (m.y - 8.0).abs() - 34.0;
    let cleft = (m.z - level).abs() * 0.9 - 0.7;
    let outward = meet(cleft.max(span), 39.0 - m.x, 1.0);
    let front = DVec3::new(0.0, m.y + 25.0 - 0.25 * (m.x - 41.0), m.z - 1.0);
    let front = ((front.y + 1.3 * bend).abs() - 1.0).max(front.z.abs() - 13.0).max(40.0 - m.x);
    let outward = outward.min(front);
    let stem = rod(m, DVec3::new(22.0, -16.0, -14.0), DVec3::new(40.0, -20.0, -8.0), (1.6, 1.8));
    over_island.min(outward).min(stem)
}

/// The folds of the cortex at one point.
struct Fold {
    /// Distance from the middle of the nearest sulcus, below its floor counted too.
    distance: f64,
    /// Half its width here.
    half_width: f64,
}

impl Fold {
    /// Sulci are the sheets where a smooth noise is zero: they run inwards from the surface and wind.
    fn at(p: DVec3, depth: f64) -> Self {
        let from_centre = p - CEREBRUM;
        let reach = (from_centre / CEREBRUM_RADII).length().max(0.5);
        let bend =
            DVec3::new(value_noise(p / 15.0, 51), value_noise(p / 15.0, 52), value_noise(p / 15.0, 53));
        let on_surface = from_centre / reach;
        let place = on_surface * 0.72 + from_centre * 0.28 + 4.0 * bend;
        let (coarse, slope) = gradient_noise(place / 27.0, 54);
        let steep = slope.length().max(0.14) / 27.0;
        let sheet = coarse.abs() / steep * (0.45 + 0.55 * reach);
        let floor = 18.5 + 8.0 * value_noise(p / 22.0, 55);
        let distance = DVec2::new(sheet, (depth - floor).max(0.0)).length();
        let (fine, slope) = gradient_noise(place / 18.0 + DVec3::splat(7.3), 56);
        let sheet = fine.abs() / (slope.length().max(0.14) / 18.0) * (0.45 + 0.55 * reach);
        let shallow = 9.0 + 5.0 * value_noise(p / 18.0, 57);
        let minor = DVec2::new(sheet, (depth - shallow).max(0.0)).length();
        let open = 1.0 - (depth / 16.0).clamp(0.0, 1.0);
        if minor < distance {
            Self { distance: minor, half_width: 0.15 + 0.5 * open }
        } else {
            Self { distance, half_width: 0.3 + 0.75 * open + 0.3 * value_noise(p / 30.0, 58) }
        }
    }
}

/// Distance from the lateral, third and fourth ventricles.
fn ventricles(p: DVec3, m: DVec3) -> f64 {
    if m.x > 46.0 || p.z > 36.0 || p.y.abs() > 75.0 {
        return 9.0;
    }
    let squeeze = DVec3::new(0.80, 1.0, 1.0);
    let at = |x: f64, y: f64, z: f64| DVec3::new(x, y, z) * squeeze;
    let s = m * squeeze;
    let sway = 0.5 * value_noise(p / 12.0, 61);
    let frontal = rod(s, at(13.0, -31.0, 3.0), at(8.0, -14.0, 12.0), (3.2, 5.0));
    let body = rod(s, at(8.0, -14.0, 12.0), at(13.0, 16.0, 19.0), (5.0, 5.4));
    let rear = rod(s, at(13.0, 16.0, 19.0), at(25.0, 35.0, 8.0), (5.4, 7.6));
    let occipital = rod(s, at(25.0, 35.0, 8.0), at(22.0, 62.0, 4.0), (6.4, 1.6));
    let down = rod(s, at(25.0, 35.0, 8.0), at(33.0, 20.0, -14.0), (6.4, 2.8));
    let temporal = rod(s, at(33.0, 20.0, -14.0), at(29.0, -13.0, -22.0), (2.6, 2.4));
    let mut lateral = join(frontal, body, 4.0);
    lateral = join(join(lateral, rear, 4.0), join(occipital, down.min(temporal), 3.0), 4.0);
    let caudate = ellipsoid(turned(m - DVec3::new(15.2, -17.0, 7.0), 0.96, 0.28), DVec3::new(5.4, 13.0, 9.0));
    let lateral = meet(lateral / 0.9 + sway, -caudate, 2.0).max(0.7 - m.x);
    let third = ellipsoid(p - DVec3::new(0.0, 0.0, -3.0), DVec3::new(2.6, 13.5, 10.0));
    let fourth = ellipsoid(p - DVec3::new(0.0, 30.5, -37.0), DVec3::new(7.0, 4.6, 10.0));
    let aqueduct = rod(p, DVec3::new(0.0, 14.0, -10.0), DVec3::new(0.0, 27.0, -30.0), (1.0, 1.2));
    lateral.min(third).min(fourth).min(aqueduct)
}

/// Grey nuclei deep in the cerebrum.
fn nuclei(paint: &mut Paint, p: DVec3, m: DVec3) {
    let wave = 0.7 * value_noise(p / 9.0, 62);
    let caudate = ellipsoid(turned(m - DVec3::new(15.2, -17.0, 7.0), 0.96, 0.28), DVec3::new(5.2, 12.5, 9.0));
    let tail = rod(m, DVec3::new(16.0, -8.0, 14.0), DVec3::new(21.0, 20.0, 20.0), (4.0, 2.0));
    paint.over(Tissue::Striatum, join(caudate, tail, 3.0) + wave);
    let thalamus = ellipsoid(turned(m - DVec3::new(11.6, 9.0, 3.0), 0.96, 0.28), DVec3::new(8.6, 16.5, 10.0));
    paint.over(Tissue::Thalamus, thalamus + wave);
    let lens = turned(m - DVec3::new(25.5, -2.5, 1.0), 0.96, -0.28);
    paint.over(Tissue::Striatum, ellipsoid(lens, DVec3::new(7.4, 19.0, 11.0)).max(-5.0 - lens.x) + wave);
    paint.over(
        Tissue::White,
        (lens.x + 1.2 + wave * 0.5).abs().max(ellipsoid(lens, DVec3::new(7.4, 15.0, 9.0))) - 0.4,
    );
    let inner = ellipsoid(lens - DVec3::new(-4.0, 1.0, -1.0), DVec3::new(3.6, 11.0, 7.0));
    paint.over(Tissue::Pallidum, inner + wave * 0.5);
    let claustrum = ellipse(DVec2::new(m.y + 2.0, m.z - 3.0), DVec2::new(17.0, 9.0));
    let sheet = (m.x - 35.2 + 0.006 * (m.y + 3.0) * (m.y + 3.0)).abs() - 0.6;
    paint.over(Tissue::Grey, sheet.max(claustrum));
    let hippocampus = rod(m, DVec3::new(26.0, -14.0, -23.0), DVec3::new(29.0, 18.0, -15.0), (4.6, 2.8));
    paint.over(Tissue::Grey, hippocampus);
}

/// Cerebellum: leaves of grey and fluid around a white centre.
fn cerebellum(paint: &mut Paint, p: DVec3, m: DVec3, wall: f64) {
    let hemisphere = ellipsoid(m - DVec3::new(20.0, 49.0, -34.0), DVec3::new(38.0, 37.0, 34.0));
    let vermis = ellipsoid(p - DVec3::new(0.0, 48.0, -28.0), DVec3::new(14.0, 29.0, 30.0));
    let notch = rod(p, DVec3::new(0.0, 88.0, -34.0), DVec3::new(0.0, 72.0, -64.0), (3.0, 7.0));
    let shape = join(hemisphere, vermis, 4.0).max(wall).max(-notch);
    paint.over(Tissue::Grey, shape);
    if shape > 1.0 {
        return;
    }
    let centre = DVec3::new(m.x * 0.8 - 3.0, p.y - 24.0, (p.z + 35.0) * 1.2);
    let bend = 2.2 * value_noise(p / 14.0, 63) + 0.8 * value_noise(p / 5.0, 64);
    let ring = (centre.length() + bend) / 4.6;
    let leaf = ((ring - ring.floor()) - 0.5).abs() * 9.2;
    let coarse = ring / 3.0;
    let fissure = ((coarse - coarse.floor()) - 0.5).abs() * 27.6;
    let inner = ellipsoid(m - DVec3::new(17.0, 42.0, -39.0), DVec3::new(17.0, 14.0, 10.0)) + bend;
    paint.mix_tissue(Tissue::White, 0.75 * cover(1.5 - leaf, 3.0) * cover(shape + 3.0, 4.0));
    paint.over(Tissue::White, inner);
    let wide = 0.40 * cover(leaf - 0.1, 1.6) * cover(-inner - 1.0, 3.0);
    paint.mix_tissue(Tissue::Csf, wide.max(0.6 * cover(fissure - 0.6, 1.4) * cover(-inner, 3.0)));
    let nucleus = ellipsoid(m - DVec3::new(13.0, 41.0, -38.0), DVec3::new(6.0, 5.0, 4.0));
    paint.mix_tissue(Tissue::Thalamus, 0.8 * cover(nucleus.abs() - 1.0 + bend * 0.3, 2.0));
}

/// Midbrain, pons and medulla.
fn stem(p: DVec3, m: DVec3) -> f64 {
    let peduncle = rod(m, DVec3::new(13.0, 2.0, -8.0), DVec3::new(8.0, 4.0, -26.0), (7.0, 6.5));
    let midbrain = ellipsoid(p - DVec3::new(0.0, 13.0, -17.0), DVec3::new(14.0, 10.0, 14.0));
    let colliculi = ellipsoid(m - DVec3::new(5.5, 22.0, -13.0), DVec3::new(4.6, 4.0, 6.0));
    let pons = ellipsoid(p - DVec3::new(0.0, 12.5, -35.0), DVec3::new(17.0, 13.0, 14.0));
    let arm = rod(m, DVec3::new(10.0, 18.0, -36.0), DVec3::new(24.0, 34.0, -38.0), (7.0, 7.0));
    let medulla = rod(p, DVec3::new(0.0, 18.0, -44.0), DVec3::new(0.0, 30.0, -75.0), (8.5, 6.5));
    let upper = join(join(midbrain, peduncle, 3.0), colliculi, 1.5);
    join(join(upper, pons, 3.0), join(arm, medulla, 3.0), 3.0)
}

/// Paints everything inside the dura; `cavity` is the distance from the inner table, `p` where the tissue
/// would be if nothing pushed it.
pub(super) fn brain(paint: &mut Paint, p: DVec3, cavity: f64) {
    let m = mirrored(p);
    let below = below_tentorium(p);
    let gap = 1.5 + 0.7 * value_noise(p / 19.0, 44) + 0.9 * ramp((p.z - 30.0) / 40.0);
    if below < 2.5 {
        cerebrum(paint, p, m, (cavity, gap), below);
    }
    if p.z < 4.0 && p.y > -12.0 && p.y < 92.0 {
        if below > -2.0 {
            cerebellum(paint, p, m, (cavity + 1.6).max(0.8 - below));
        }
        let around = ellipsoid(p - DVec3::new(0.0, 15.0, -17.0), DVec3::new(18.5, 13.5, 11.0));
        let front = ellipsoid(p - DVec3::new(0.0, -13.0, -20.0), DVec3::new(15.0, 13.0, 8.0));
        paint.over(Tissue::Csf, around.min(front).max(cavity));
        paint.over(Tissue::Stem, stem(p, m).max(cavity + 1.0));
        let chiasm = rod(m, DVec3::new(0.0, -10.0, -18.0), DVec3::new(9.0, -26.0, -25.0), (2.4, 2.2));
        paint.over(Tissue::White, chiasm);
        let carotid = rod(m, DVec3::new(11.0, -13.0, -32.0), DVec3::new(15.0, -17.0, -20.0), (2.4, 2.0));
        let basilar = rod(p, DVec3::new(0.0, -2.5, -22.0), DVec3::new(0.5, 3.0, -48.0), (1.7, 1.7));
        paint.over(Tissue::Venous, carotid.min(basilar));
    }
    paint.over(Tissue::Csf, ventricles(p, m).max(cavity));
    details(paint, p, m, cavity, below);
}

/// The hemispheres above the tentorium.
fn cerebrum(paint: &mut Paint, p: DVec3, m: DVec3, (cavity, gap): (f64, f64), below: f64) {
    let mut surface = (cavity + gap).max(below + 0.8);
    surface = surface.max(-midline_cleft(p));
    let from_outside = -surface;
    if m.x > 15.0 && p.z.abs() < 34.0 && p.y.abs() < 60.0 {
        surface = surface.max(-sylvian(p, m));
    }
    let depth = -surface;
    let mut ribbon = depth;
    if depth < 32.0 {
        let fold = Fold::at(p, from_outside);
        let core = ellipsoid(p - DVec3::new(0.0, 2.0, 5.0), DVec3::new(40.0, 50.0, 23.0));
        let sulcus = (fold.distance - fold.half_width).max(-core);
        ribbon = ribbon.min(sulcus);
    }
    let cortex = CORTEX + 0.6 * value_noise(p / 8.0, 45);
    paint.over(Tissue::White, surface);
    paint.mix_tissue(Tissue::Grey, cover(ribbon - cortex, 1.4) * cover(surface, paint.edge));
    if m.x < 46.0 && p.z > -32.0 && p.z < 34.0 && p.y > -45.0 && p.y < 45.0 {
        nuclei(paint, p, m);
    }
    paint.over(Tissue::Csf, ribbon.max(below).max(cavity));
}

/// Falx, tentorium, sinuses, choroid plexus and calcium.
fn details(paint: &mut Paint, p: DVec3, m: DVec3, cavity: f64, below: f64) {
    let free_edge = ellipse(DVec2::new(p.y - 8.0, p.z + 2.0), DVec2::new(58.0, 42.0));
    let falx = (p.x.abs() - 0.42).max(-free_edge).max(cavity).max(below);
    let tent = (below.abs() - 0.5).max(cavity).max(12.0 - (p.y - 8.0).max(m.x - 10.0));
    paint.over(Tissue::Dura, falx.min(tent));
    if paint.contrast == Contrast::T1Gadolinium {
        paint.mix_tissue(Tissue::DuraEnhanced, 0.5 * cover((cavity + 0.3).abs() - 0.5, 0.8));
    }
    let sagittal =
        rod(DVec3::new(p.x, cavity + 2.5, 0.0), DVec3::ZERO, DVec3::new(0.0, 0.001, 0.0), (3.4, 3.4));
    let along = if p.z > -20.0 && (p.z > 30.0 || p.y > 0.0) { sagittal } else { 9.0 };
    let straight = rod(p, DVec3::new(0.0, 36.0, 0.0), DVec3::new(0.0, 82.0, -17.0), (1.1, 1.5));
    let transverse = rod(m, DVec3::new(0.0, 86.0, -18.0), DVec3::new(46.0, 64.0, -24.0), (3.8, 3.6));
    let sigmoid = rod(m, DVec3::new(46.0, 64.0, -24.0), DVec3::new(48.0, 42.0, -46.0), (3.6, 4.0));
    let galen = rod(p, DVec3::new(0.0, 24.0, 4.0), DVec3::new(0.0, 36.0, 0.0), (1.2, 1.8));
    let sinus = along.min(straight).min(transverse).min(sigmoid).min(galen).max(cavity - 0.5);
    paint.over(Tissue::Venous, sinus);
    let plexus = rod(m, DVec3::new(21.0, 27.0, 12.0), DVec3::new(25.0, 36.0, 5.0), (2.0, 3.0));
    paint.over(Tissue::Choroid, plexus);
    let calcium = (m - DVec3::new(24.5, 34.5, 6.0)).length() - 1.9;
    let pineal = (p - DVec3::new(0.0, 21.0, -1.0)).length() - 2.2;
    paint.over(Tissue::Calcified, calcium.min(pineal));
}
