//! One point of the head at one date: which value does a scanner see there?

use glam::DVec3;

use super::brain::brain;
use super::lesion::{DEFECT_MM, FIRST_CENTRE, Lesion, RADIAL, local};
use super::noise::{gradient_noise, value_noise};
use super::shape::{cover, ellipsoid, hill, ramp, rod};
use super::skull::{Base, CEREBRUM, CEREBRUM_RADII, Shell, cavity, mirrored, widened};
use super::tissue::{Contrast, Paint, Tissue};

/// What had been done by the day of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// 2015-05-12.
    FirstLesion,
    /// 2015-05-26.
    AfterFirst,
    /// 2017-09-28.
    Recurrence,
    /// 2017-10-16.
    AfterSecond,
}

/// Where the mesh lies above the inner table.
const MESH_AT: f64 = 5.6;
/// The shell of loose tissue around a lesion reaches to this multiple of its axes.
const BED: f64 = 1.22;

/// The head of one day under one contrast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    contrast: Contrast,
    state: State,
    lesion: Option<Lesion>,
    edge: f64,
}

impl Head {
    /// The head at a state, imaged with a contrast and a soft edge of that many mm.
    pub(super) fn new(contrast: Contrast, state: State, edge: f64) -> Self {
        let lesion = match state {
            State::FirstLesion => Some(Lesion::first()),
            State::Recurrence => Some(Lesion::recurrence()),
            State::AfterFirst | State::AfterSecond => None,
        };
        Self { contrast, state, lesion, edge }
    }

    fn operated(&self) -> bool {
        self.state != State::FirstLesion
    }

    fn fresh(&self) -> bool {
        matches!(self.state, State::AfterFirst | State::AfterSecond)
    }

    /// The value at a patient point, free of noise.
    pub(super) fn value(&self, p: DVec3) -> f64 {
        let mut paint = Paint::new(self.contrast, self.edge);
        let bounds = ellipsoid(p - DVec3::new(0.0, 0.0, -5.0), DVec3::new(100.0, 140.0, 130.0));
        if bounds > 0.0 {
            return paint.value;
        }
        let near = hill(local(p, FIRST_CENTRE) / DVec3::new(60.0, 60.0, 60.0));
        let swelling = if self.fresh() { 7.0 * near } else { 0.0 };
        let lump = match (self.state, self.lesion) {
            (State::FirstLesion, Some(lesion)) => {
                ellipsoid(local(p, lesion.centre), lesion.semi_axes()) - 6.5
            }
            _ => 60.0,
        };
        let inner = cavity(p);
        let deep = inner < -4.0;
        let shell = if deep { Shell::deep(inner) } else { Shell::at(p, inner, lump, swelling) };
        if shell.skin > 2.0 {
            return paint.value;
        }
        if !deep {
            self.soft_tissue(&mut paint, p, &shell, near);
        }
        let outside = shell.outside_bone();
        if outside < 2.0 && shell.cavity > -3.0 {
            self.vault(&mut paint, p, &shell);
        }
        if p.z < 8.0 && shell.cavity > -2.0 {
            base(&mut paint, p, &shell);
        }
        if shell.cavity < 2.0 {
            let pushed = p + self.push(p) * RADIAL;
            let wall = if pushed == p { shell.cavity } else { cavity(pushed).max(shell.cavity) };
            paint.over(Tissue::Csf, shell.cavity);
            brain(&mut paint, pushed, wall);
            if self.contrast.is_ct() {
                let depth = 1.0 - shell.cavity.min(0.0) / 5.0;
                paint.value += 9.0 / (depth * depth * depth);
            }
        }
        if self.operated() {
            self.surgery(&mut paint, p, &shell, near);
            if self.contrast.is_ct() && shell.cavity < 2.0 {
                paint.value += streak(p);
            }
        }
        self.tumour(&mut paint, p, &shell);
        paint.value
    }

    /// How far the brain at a point was moved inwards.
    fn push(&self, p: DVec3) -> f64 {
        let (centre, mm) = match self.state {
            State::FirstLesion => (FIRST_CENTRE, 9.5),
            State::Recurrence => (FIRST_CENTRE, 13.0),
            State::AfterFirst => (FIRST_CENTRE, 8.0),
            State::AfterSecond => (FIRST_CENTRE, 6.0),
        };
        mm * hill(local(p, centre) / DVec3::new(62.0, 38.0, 40.0))
    }

    /// Scalp, face and neck.
    fn soft_tissue(&self, paint: &mut Paint, p: DVec3, shell: &Shell, near: f64) {
        paint.over(Tissue::Skin, shell.skin);
        paint.over(Tissue::Fat, shell.skin + 2.1);
        if self.fresh() {
            paint.mix_tissue(Tissue::Swelling, 0.85 * ramp(near * 2.2) * cover(shell.skin + 2.1, 1.0));
        }
        let outside = shell.outside_bone();
        let strand = value_noise(p / DVec3::new(2.6, 2.6, 9.0), 71);
        let muscle = outside - 0.9 - 0.86 * shell.temporal_muscle;
        paint.over(Tissue::Muscle, muscle.max(shell.skin + 2.6) + 0.5 * strand);
        if p.z < 6.0 && outside > 0.0 {
            let sway = 3.0 * value_noise(p / 11.0, 73);
            let (fascia, _) = gradient_noise((p + DVec3::splat(sway)) / DVec3::new(19.0, 19.0, 60.0), 72);
            let bundle = fascia.abs() * 7.0 - 0.24 + 0.15 * strand;
            let deep = shell.skin + 6.5 + 1.5 * strand;
            paint.mix_tissue(
                Tissue::Muscle,
                cover(deep, 2.0) * ramp(0.5 + 2.4 * bundle) * ramp((6.0 - p.z) / 12.0),
            );
        }
    }

    /// Outer table, diploe, inner table and sutures.
    fn vault(&self, paint: &mut Paint, p: DVec3, shell: &Shell) {
        let m = mirrored(p);
        let outside = shell.outside_bone();
        let mut bone = outside.max(-shell.cavity);
        let scale = self.lesion.map_or(9.0, |lesion| lesion.scale_at(p));
        if self.state == State::FirstLesion && scale < 2.1 {
            let bite = 1.0 * value_noise(p / 2.8, 81) + 0.5 * value_noise(p / 6.0, 82);
            let thin = 1.5 * ramp((2.1 - scale) / 0.7);
            bone = (bone.max(outside + thin)).max(0.4 * thin - shell.cavity);
            let hole = value_noise(p / 2.1, 80) - 0.15 - 0.9 * (scale - 1.3);
            bone = bone.max(3.0 * hole);
            bone = bone.max((1.42 + 0.34 * bite - scale) * 14.0);
        }
        if self.operated() {
            bone = bone.max(-defect(p));
        }
        paint.over(Tissue::Compact, bone);
        let table = 1.35 + 0.25 * value_noise(p / 6.0, 83);
        let marrow = (outside + table).max(table + 0.2 - shell.cavity).max(bone + 0.8);
        let spongy = 1.0 + 0.45 * value_noise(p / 2.1, 84) + 0.2 * value_noise(p / 6.0, 85);
        paint.over_value(self.contrast.of(Tissue::Diploe) * spongy, marrow);
        let jag = 1.3 * value_noise(p / 2.4, 86) + 2.0 * value_noise(p / 9.0, 87);
        let coronal = (p.y + 22.0 - 0.30 * (p.z - 40.0) + 0.02 * m.x + jag).abs();
        let lambdoid = (p.y - 84.0 + 0.62 * m.x + 0.25 * (p.z - 10.0) + jag).abs();
        let sagittal = if p.y > -16.0 && p.z > 40.0 { (p.x + jag).abs() } else { 9.0 };
        if p.z > -20.0 {
            let suture = coronal.min(lambdoid).min(sagittal) - 0.35;
            paint.mix_tissue(Tissue::Scar, 0.6 * cover(suture.max(bone + 0.3), 0.8));
        }
    }

    /// Defect, mesh, and what fills the place of the bone.
    fn surgery(&self, paint: &mut Paint, p: DVec3, shell: &Shell, near: f64) {
        if near <= 0.0 {
            return;
        }
        let hole = defect(p);
        let under = (shell.cavity - MESH_AT).max(hole + 0.4);
        let q = local(p, FIRST_CENTRE);
        if self.fresh() {
            let deep = if self.state == State::AfterFirst { 11.0 } else { 8.5 };
            let bowl = deep * hill(q / DVec3::new(90.0, 52.0, 50.0));
            let space = under.max(-shell.cavity - bowl);
            paint.over(Tissue::Collection, space);
            let clot = value_noise(p / 7.0, 91) + 0.4 * value_noise(p / 2.7, 92);
            paint.mix_tissue(Tissue::Clot, cover(space + 0.6, 1.0) * ramp(1.6 * clot));
            let level = if self.state == State::AfterFirst { -73.0 } else { -78.0 };
            paint.over(Tissue::Air, space.max(p.y - level) + 0.3);
            let bubble = value_noise(p / 4.5, 93);
            paint.over(Tissue::Air, (space + 1.0).max((0.62 - bubble) * 6.0));
        } else {
            paint.over(Tissue::Scar, under.max(-shell.cavity - 0.8));
        }
        self.mesh(paint, p, shell, hole);
    }

    fn mesh(&self, paint: &mut Paint, p: DVec3, shell: &Shell, hole: f64) {
        let sheet = (shell.cavity - MESH_AT - 0.5).abs() - 0.5;
        if sheet > 2.5 || hole > 8.0 {
            return;
        }
        let q = local(p, FIRST_CENTRE);
        let pitch = if self.state == State::AfterSecond { 5.0 } else { 4.2 };
        let line = |u: f64| ((u / pitch - (u / pitch).floor()) - 0.5).abs() * pitch;
        let wires = line(q.y + q.z).min(line(q.y - q.z)) - 0.75;
        let rim = (hole - 5.0).abs() - 0.9;
        let lattice = wires.min(rim).max(sheet).max(hole - 6.0);
        paint.over(Tissue::Titanium, if self.contrast.is_ct() { lattice } else { lattice - 1.0 });
    }

    /// The lesion itself, last: nothing inside it is anything else.
    fn tumour(&self, paint: &mut Paint, p: DVec3, shell: &Shell) {
        let Some(lesion) = self.lesion else { return };
        let scale = lesion.scale_at(p);
        if scale > BED + 0.4 {
            self.dural_tail(paint, p, shell, &lesion);
            return;
        }
        let semi = lesion.semi_axes();
        let q = local(p, lesion.centre);
        let mesh_above = if self.operated() { shell.cavity - MESH_AT + 0.9 } else { -9.0 };
        paint.over(Tissue::Bed, ellipsoid(q, semi * BED).max(shell.skin + 2.6).max(mesh_above));
        self.dural_tail(paint, p, shell, &lesion);
        let surface = ellipsoid(q, semi);
        let inside = match self.contrast {
            Contrast::Ct => lesion.hounsfield(p),
            Contrast::T1 | Contrast::T2 | Contrast::T1Gadolinium => self.signal(&lesion, p, q, surface),
        };
        paint.over_value(inside, surface);
    }

    /// MR signal inside a lesion: with contrast a bright rim and an uneven inside.
    fn signal(&self, lesion: &Lesion, p: DVec3, q: DVec3, surface: f64) -> f64 {
        let uneven = value_noise(q / 6.5, 101) + 0.5 * value_noise(q / 2.9, 102);
        let texture = (lesion.hounsfield(p) - lesion.mean_hu) / 6.0;
        let core = self.contrast.of(Tissue::Core);
        match self.contrast {
            Contrast::T1Gadolinium => {
                let rim = cover(-surface - 2.6 - 0.9 * uneven, 1.6);
                let inner = core + 190.0 * uneven - 190.0 * ramp((uneven + 0.15) * -3.0);
                inner + rim * (self.contrast.of(Tissue::Rim) - inner)
            }
            Contrast::T2 => core + 150.0 * uneven - 30.0 * texture,
            Contrast::T1 | Contrast::Ct => core + 25.0 * uneven + 9.0 * texture,
        }
    }

    /// Thickened dura that tapers off around a lesion; seen after contrast.
    fn dural_tail(&self, paint: &mut Paint, p: DVec3, shell: &Shell, lesion: &Lesion) {
        if self.contrast != Contrast::T1Gadolinium {
            return;
        }
        let around = hill(local(p, lesion.centre) / DVec3::new(40.0, 38.0, 40.0));
        let band = (shell.cavity + 1.0).abs() - 2.6 * around;
        paint.mix_tissue(Tissue::DuraEnhanced, ramp(around * 4.0) * cover(band, 1.0));
    }
}

/// Distance from the bone defect: a block through the skull, 80 x 80 mm with straight sides.
fn defect(p: DVec3) -> f64 {
    let q = local(p, FIRST_CENTRE);
    (q.y.abs() - DEFECT_MM[0] / 2.0).max(q.z.abs() - DEFECT_MM[1] / 2.0).max(-45.0 - q.x)
}

/// Faint lines along the mesh, as metal leaves in CT.
fn streak(p: DVec3) -> f64 {
    let q = local(p, FIRST_CENTRE);
    let near = hill(q / DVec3::new(42.0, 70.0, 48.0));
    if near > 0.0 { 9.0 * near * value_noise(q / DVec3::new(2.2, 60.0, 4.0), 95) } else { 0.0 }
}

/// Skull base, orbits, sinuses and the eyes.
fn base(paint: &mut Paint, p: DVec3, shell: &Shell) {
    let b = Base::at(p, shell);
    let outer = shell.skin + 3.0;
    paint.over(Tissue::Compact, b.bone.max(outer));
    let spongy = (b.bone + 2.2).max(outer);
    paint.mix_tissue(Tissue::Diploe, 0.7 * cover(spongy, 2.0) * ramp(0.5 + value_noise(p / 3.0, 88)));
    let m = mirrored(p);
    if b.orbit < 2.0 {
        orbit(paint, m, b.orbit.max(outer));
    }
    if b.cells < 2.0 {
        let wall = value_noise(p / DVec3::new(4.2, 5.0, 5.0), 89).abs() - 0.13;
        paint.over(Tissue::Mucosa, b.cells.max(outer) - 0.3);
        paint.over(Tissue::Compact, (wall * 5.0 - 0.35).max(b.cells));
        paint.over(Tissue::Air, b.cells.max(0.55 - wall * 5.0));
    }
    paint.over(Tissue::Mucosa, b.air.max(outer.min(-0.1 - b.air)) - 0.9);
    paint.over(Tissue::Air, b.air);
}

/// Eye, optic nerve and muscles in the orbit's fat (left side).
fn orbit(paint: &mut Paint, m: DVec3, space: f64) {
    paint.over(Tissue::Fat, space);
    let eye = DVec3::new(31.0, -73.5, -32.0);
    let apex = DVec3::new(12.0, -30.0, -27.5);
    let medial = rod(m, apex + DVec3::new(1.0, -4.0, 0.0), DVec3::new(18.5, -66.0, -32.0), (1.6, 2.0));
    let lateral = rod(m, apex + DVec3::new(4.0, -6.0, 0.0), DVec3::new(43.0, -64.0, -32.0), (1.6, 1.8));
    let upper = rod(m, apex + DVec3::new(2.0, -5.0, 2.0), DVec3::new(30.0, -66.0, -20.0), (1.6, 1.8));
    let lower = rod(m, apex + DVec3::new(2.0, -5.0, -2.0), DVec3::new(30.0, -66.0, -44.0), (1.6, 1.8));
    paint.over(Tissue::Muscle, medial.min(lateral).min(upper).min(lower));
    let bend = DVec3::new(25.0, -50.0, -32.0);
    let nerve = rod(m, DVec3::new(29.5, -61.0, -32.0), bend, (2.0, 2.0)).min(rod(m, bend, apex, (2.0, 1.8)));
    paint.over(Tissue::Csf, (nerve - 0.9).max(space));
    paint.over(Tissue::White, nerve);
    let globe = (m - eye).length() - 12.0;
    let cornea = (m - eye - DVec3::new(0.5, -6.4, 0.0)).length() - 7.4;
    paint.over(Tissue::Sclera, globe.min(cornea));
    paint.over(Tissue::Vitreous, (globe + 1.1).min(cornea + 0.9));
    paint.over(Tissue::Lens, ellipsoid(m - eye - DVec3::new(0.3, -8.2, 0.0), DVec3::new(4.6, 2.1, 4.6)));
}

/// Slow change of receiver sensitivity across an MR image: near 1.
pub(super) fn coil(p: DVec3) -> f64 {
    let q = (widened(p) - CEREBRUM) / CEREBRUM_RADII;
    0.93 + 0.09 * q.length_squared().min(2.0) + 0.025 * q.x - 0.03 * q.y
}
