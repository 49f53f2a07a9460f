//! The shape of the head: the cavity for the brain, the bone around it and the skin.

use glam::{DVec2, DVec3};

use super::noise::value_noise;
use super::shape::{ellipse, ellipsoid, hill, join, meet, ramp, rod};

/// Centre of the ellipsoid that the cerebrum fills.
pub(super) const CEREBRUM: DVec3 = DVec3::new(0.0, 2.0, 9.0);
/// Its half axes.
pub(super) const CEREBRUM_RADII: DVec3 = DVec3::new(69.0, 86.0, 68.0);

/// The same point on the left side: most of the head is symmetric.
pub(super) fn mirrored(p: DVec3) -> DVec3 {
    DVec3::new(p.x.abs(), p.y, p.z)
}

/// Undoes the narrowing of a head towards the forehead, so that a plain ellipsoid fits.
pub(super) fn widened(p: DVec3) -> DVec3 {
    let forward = ((-p.y - 5.0) / 80.0).clamp(0.0, 1.2);
    let back = ((p.y - 45.0) / 60.0).clamp(0.0, 1.0);
    let x = p.x * (1.0 + 0.13 * forward * forward + 0.04 * back);
    // Rounder corners than an ellipse, as a superellipse of exponent 2.35 has.
    let (u, v) = (x / CEREBRUM_RADII.x, (p.y - CEREBRUM.y) / CEREBRUM_RADII.y);
    let (uu, vv) = (u * u, v * v);
    let square = (1.0 - 0.40 * uu * vv / ((uu + vv) * (uu + vv)).max(1e-9)).sqrt();
    DVec3::new(x * square, CEREBRUM.y + (p.y - CEREBRUM.y) * square, p.z)
}

/// Distance from the petrous bone, the ridge between middle and posterior fossa (left side).
fn petrous(m: DVec3) -> f64 {
    rod(m, DVec3::new(17.0, -4.0, -37.0), DVec3::new(60.0, 25.0, -42.0), (6.0, 11.0))
}

/// Signed distance from the inside of the skull.
pub(super) fn cavity(p: DVec3) -> f64 {
    let wide = widened(p);
    let dome = ellipsoid(wide - CEREBRUM, CEREBRUM_RADII);
    if dome > 60.0 || p.z > 10.0 {
        return dome;
    }
    let m = mirrored(wide);
    let orbital_roof = 6.0 * hill(DVec3::new((m.x - 31.0) / 24.0, (p.y + 55.0) / 34.0, 0.0));
    let groove = 5.0 * hill(DVec3::new(m.x / 12.0, (p.y + 58.0) / 26.0, 0.0));
    let drop = 14.0 * ramp((p.y - 2.0 + 28.0 * ramp((m.x - 12.0) / 10.0)) / 26.0);
    let floor = -19.0 + orbital_roof - groove - drop - p.z;
    let mut inside = meet(dome, floor, 5.0);
    let temporal = ellipsoid(m - DVec3::new(41.0, -12.0, -20.0), DVec3::new(25.5, 37.0, 22.0));
    inside = join(inside, temporal, 7.0);
    let posterior = ellipsoid(p - DVec3::new(0.0, 48.0, -34.0), DVec3::new(54.0, 39.0, 30.0));
    inside = join(inside, posterior, 9.0);
    let stem = rod(p, DVec3::new(0.0, 14.0, -30.0), DVec3::new(0.0, 31.0, -75.0), (17.0, 15.0));
    inside = join(inside, stem, 6.0);
    meet(inside, -petrous(m), 4.0)
}

/// Thickness of the vault in mm.
pub(super) fn vault_thickness(p: DVec3) -> f64 {
    let m = mirrored(p);
    let mut mm = 6.4 + 0.7 * value_noise(p / 27.0, 31);
    mm += 2.4 * hill(DVec3::new(m.x / 26.0, (p.y + 88.0) / 40.0, (p.z - 8.0) / 50.0));
    mm += 3.4 * hill(DVec3::new(m.x / 24.0, (p.y - 88.0) / 40.0, (p.z + 16.0) / 26.0));
    mm -= 3.2 * hill(DVec3::new((m.x - 66.0) / 44.0, (p.y + 8.0) / 48.0, (p.z + 10.0) / 44.0));
    let base =
        ramp((-9.0 - p.z) / 8.0) * (1.0 - ramp((p.y - 30.0) / 30.0)) * (1.0 - ramp((m.x - 48.0) / 14.0));
    mm += base * (2.6 - mm);
    mm.max(2.4)
}

/// What one point is relative to the skull.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shell {
    /// Distance from the inner table: negative inside the head.
    pub(super) cavity: f64,
    /// Thickness of the vault here.
    pub(super) thickness: f64,
    /// Distance from the skin: negative inside.
    pub(super) skin: f64,
    /// Thickness of the temporal muscle here.
    pub(super) temporal_muscle: f64,
}

/// Distance from the skin of face, ears and neck.
fn face(p: DVec3) -> f64 {
    let m = mirrored(p);
    let face = ellipsoid(p - DVec3::new(0.0, -30.0, -62.0), DVec3::new(67.0, 65.0, 66.0));
    let nose = rod(p, DVec3::new(0.0, -90.0, -26.0), DVec3::new(0.0, -106.0, -62.0), (6.0, 13.0));
    let brow = rod(m, DVec3::new(14.0, -88.0, -13.0), DVec3::new(42.0, -74.0, -14.0), (9.0, 9.0));
    let lid = ellipsoid(m - DVec3::new(31.0, -73.0, -32.0), DVec3::new(19.0, 16.5, 15.0));
    let cheek = ellipsoid(m - DVec3::new(40.0, -56.0, -62.0), DVec3::new(30.0, 32.0, 30.0));
    let neck = ellipsoid(p - DVec3::new(0.0, 34.0, -95.0), DVec3::new(66.0, 63.0, 78.0));
    let mut skin = join(join(face, brow, 10.0), join(lid, cheek, 8.0), 8.0);
    skin = join(skin, nose, 9.0);
    join(skin, neck, 22.0)
}

/// Distance from the outer ear: a thin curved plate.
fn ear(m: DVec3) -> f64 {
    let along = (m.y - 8.0) / 30.0;
    let aside = m.x - (73.0 + 12.0 * along * (1.6 - 0.6 * along));
    let outline = ellipse(DVec2::new(m.y - 21.0, m.z + 30.0), DVec2::new(17.0, 28.0));
    let helix = meet((outline + 2.0).abs() - 2.2, (aside + 0.6).abs() - 2.9, 2.0);
    let lobe = meet(aside.abs() - 1.7, outline, 2.0);
    let concha = ellipsoid(m - DVec3::new(75.0, 15.0, -36.0), DVec3::new(7.0, 9.0, 12.0));
    join(join(lobe, helix, 2.0), concha, 4.0)
}

impl Shell {
    /// A point inside the brain, where bone and skin do not matter.
    pub(super) fn deep(cavity: f64) -> Self {
        Self { cavity, thickness: 6.0, skin: cavity - 12.0, temporal_muscle: 0.0 }
    }

    /// Measures a point at a distance from the inner table; `lump` is the distance from whatever lifts the scalp.
    pub(super) fn at(p: DVec3, cavity: f64, lump: f64, swelling: f64) -> Self {
        let thickness = vault_thickness(p);
        let m = mirrored(p);
        let place = DVec3::new((m.x - 66.0) / 40.0, (p.y + 24.0) / 38.0, (p.z + 14.0) / 46.0);
        let temporal_muscle = 8.5 * hill(place);
        let scalp = 5.4
            + 1.2 * hill(DVec3::new(p.x / 70.0, (p.y - 50.0) / 80.0, (p.z - 50.0) / 60.0))
            + 0.5 * value_noise(p / 21.0, 32)
            + swelling;
        let mut skin = cavity - thickness - scalp - temporal_muscle;
        if p.z < 22.0 {
            skin = join(skin, face(p), 12.0);
            if m.x > 60.0 && p.z < 6.0 {
                skin = join(skin, ear(m), 3.0);
            }
        }
        Self { cavity, thickness, skin: join(skin, lump, 12.0), temporal_muscle }
    }

    /// Distance from the outside of the bone.
    pub(super) fn outside_bone(&self) -> f64 {
        self.cavity - self.thickness
    }
}

/// Distances from the bones below the vault, at one point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    /// Nearest bone.
    pub(super) bone: f64,
    /// Nearest air-filled space.
    pub(super) air: f64,
    /// Nearest space with air cells: ethmoid and mastoid.
    pub(super) cells: f64,
    /// The orbit's cone.
    pub(super) orbit: f64,
}

/// Distance from the cone of fat behind and around the eye.
fn orbit(m: DVec3) -> f64 {
    let cone = rod(m, DVec3::new(13.0, -30.0, -28.0), DVec3::new(31.0, -74.0, -33.0), (2.0, 18.5));
    meet(cone, -91.0 - m.y, 3.0)
}

impl Base {
    /// Measures a point below the vault.
    pub(super) fn at(p: DVec3, shell: &Shell) -> Self {
        let m = mirrored(p);
        let orbit = orbit(m);
        let maxillary = ellipsoid(m - DVec3::new(31.0, -60.0, -68.0), DVec3::new(15.0, 18.0, 18.0));
        let ethmoid = ellipsoid(m - DVec3::new(0.0, -58.0, -35.0), DVec3::new(13.0, 27.0, 14.0));
        let sphenoid = ellipsoid(m - DVec3::new(8.0, -19.0, -39.0), DVec3::new(7.5, 12.0, 9.0));
        let nose = ellipsoid(p - DVec3::new(0.0, -70.0, -64.0), DVec3::new(13.0, 33.0, 19.0));
        let frontal = ellipsoid(m - DVec3::new(10.0, -87.5, -9.0), DVec3::new(12.0, 4.2, 13.0));
        let canal = rod(m, DVec3::new(84.0, 14.0, -42.0), DVec3::new(45.0, 9.0, -40.0), (2.6, 3.0));
        let mastoid = ellipsoid(m - DVec3::new(58.0, 30.0, -50.0), DVec3::new(11.0, 14.0, 17.0));
        let clivus = rod(p, DVec3::new(0.0, -3.0, -34.0), DVec3::new(0.0, 14.0, -64.0), (8.0, 5.0));
        let body = ellipsoid(p - DVec3::new(0.0, -18.0, -36.0), DVec3::new(19.0, 17.0, 11.5));
        let rim = rod(m, DVec3::new(46.0, -68.0, -16.0), DVec3::new(49.0, -62.0, -48.0), (4.0, 5.0));
        let arch = rod(m, DVec3::new(50.0, -60.0, -48.0), DVec3::new(67.0, -8.0, -46.0), (4.0, 3.0));
        let arch =
            join(arch, rod(m, DVec3::new(67.0, -8.0, -46.0), DVec3::new(64.0, 14.0, -42.0), (3.0, 5.0)), 4.0);
        let brow = rod(m, DVec3::new(6.0, -86.0, -17.0), DVec3::new(45.0, -72.0, -16.0), (5.0, 4.5));
        let bridge = rod(p, DVec3::new(0.0, -88.0, -24.0), DVec3::new(0.0, -98.0, -42.0), (5.0, 5.4));
        let bridge = bridge.max(-bridge - 1.5).max(p.y + 86.0);
        let condyle = ellipsoid(m - DVec3::new(51.0, 3.0, -54.0), DVec3::new(9.0, 4.5, 8.0));
        let coronoid = ellipsoid(m - DVec3::new(49.0, -24.0, -60.0), DVec3::new(2.6, 8.0, 14.0));
        let plate = rod(m, DVec3::new(14.0, -24.0, -46.0), DVec3::new(17.0, -26.0, -75.0), (3.0, 2.0));
        let wing = rod(m, DVec3::new(20.0, -30.0, -32.0), DVec3::new(52.0, -36.0, -24.0), (2.4, 3.0));
        let orbital_wall = meet(orbit - 1.6, -orbit, 0.5);
        let antral_wall = meet(maxillary - 1.5, -maxillary, 0.5);
        let mut bone = petrous(m).min(mastoid).min(clivus).min(body).min(rim).min(arch);
        bone = bone.min(brow).min(bridge).min(condyle).min(coronoid).min(plate).min(wing);
        bone = join(bone, orbital_wall.max(p.y + 72.0 - 10.0), 2.0).min(antral_wall);
        bone = join(bone, (ethmoid - 1.2).max(-ethmoid).max(-p.z - 60.0), 2.0);
        // Bone gives way to the brain, to the eye and to air.
        bone = bone.max(-shell.cavity).max(-orbit);
        let turbinate = rod(m, DVec3::new(7.0, -92.0, -62.0), DVec3::new(7.0, -48.0, -60.0), (3.4, 3.4));
        let septum = p.x.abs() - 1.1;
        let air = maxillary.min(sphenoid).min(frontal).min(canal).min(nose.max(-turbinate).max(-septum));
        Self { bone, air: air.max(-orbit), cells: ethmoid.min(mastoid + 3.0).max(-orbit), orbit }
    }
}
