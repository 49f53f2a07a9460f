//! Which voxels have their centre within some mm of a set of voxels' boxes? Exact on uneven and sheared stacks.
//!
//! For every pair of slices what is left of the length in the plane is a chord for each step of rows, the same for all
//! runs: runs are lengthened by whole pixels, in true places, instead of measuring a distance for each voxel.

use super::bits::{Area, Bits};
use super::lattice::{EDGE, Lattice, offset};
use super::runs::{Run, SliceRuns};

/// Gaps of so many columns are closed in copies of the runs, for chords that close them anyway.
const GAPS: [usize; 3] = [0, 6, 30];

/// The pixels of a slice, from which others are reached.
#[derive(Debug)]
pub(super) struct Source([Vec<Run>; GAPS.len()]);

impl Source {
    pub(super) fn new(runs: &SliceRuns) -> Self {
        Self(GAPS.map(|gap| {
            let mut joined: Vec<Run> = Vec::new();
            for run in runs.iter() {
                match joined.last_mut() {
                    Some(last) if last.row == run.row && run.first - last.last <= gap + 1 => {
                        last.last = run.last;
                    }
                    Some(_) | None => joined.push(run),
                }
            }
            joined
        }))
    }

    /// The runs, those joined that lengthening by so many columns in all joins.
    fn runs(&self, by: isize) -> &[Run] {
        let level = GAPS.partition_point(|gap| isize::try_from(*gap).is_ok_and(|gap| gap <= by));
        &self.0[level.saturating_sub(1)]
    }
}

/// In one slice, what a pixel of another one reaches: a step of rows, and the steps of columns it goes with.
#[derive(Debug, Clone, Copy)]
struct Chord {
    down: isize,
    first: isize,
    last: isize,
}

/// What is reached in a part of a slice.
#[derive(Debug)]
pub(super) struct Reached {
    pub(super) bits: Bits,
    /// Whether voxels would be reached beyond the edges of the slice, if there were any.
    pub(super) cut_off: bool,
}

/// The pixels of an area of slice `to` that lie within `radius` mm of the boxes of the sources: slices and pixels.
pub(super) fn reached<'s>(
    lattice: &Lattice<'_>,
    radius: f64,
    to: usize,
    area: Area,
    sources: impl Iterator<Item = (usize, &'s Source)>,
) -> Reached {
    let mut reached = Reached { bits: Bits::new(area), cut_off: false };
    for (from, source) in sources {
        for chord in chords(lattice, radius, from, to) {
            for run in source.runs(chord.last - chord.first) {
                reached.add(*run, chord, lattice.slice_size());
            }
        }
    }
    reached
}

/// What the pixels of slice `from` reach in slice `to`.
fn chords(lattice: &Lattice<'_>, radius: f64, from: usize, to: usize) -> impl Iterator<Item = Chord> + use<> {
    let gap = lattice.gap_to(from, lattice.origins[to].z);
    let radius = radius + EDGE;
    // Where the same pixel of `from` lies among the pixels of `to`.
    let shift = lattice.shift(to, from);
    let step = lattice.step;
    let in_plane = (radius >= gap).then(|| (radius * radius - gap * gap).sqrt());
    let rows = in_plane.map(|reach| {
        // No step of more rows than there are leads anywhere.
        let reach = (reach / step.y + 0.5).min(lattice.size[1] as f64 + shift.y.abs());
        offset((shift.y - reach).ceil())..=offset((shift.y + reach).floor())
    });
    rows.into_iter().flatten().filter_map(move |down| {
        let off = ((down as f64 - shift.y).abs() - 0.5).max(0.0) * step.y;
        let left = in_plane.map(|reach| reach * reach - off * off).filter(|left| *left >= 0.0)?;
        let half = left.sqrt() / step.x + 0.5;
        let (first, last) = ((shift.x - half - EDGE).ceil(), (shift.x + half + EDGE).floor());
        Some(Chord { down, first: offset(first), last: offset(last) })
    })
}

impl Reached {
    fn add(&mut self, run: Run, chord: Chord, [columns, rows]: [usize; 2]) {
        let area = self.bits.area();
        let Some(row) = run.row.checked_add_signed(chord.down).filter(|row| *row < rows) else {
            self.cut_off = true;
            return;
        };
        let first = run.first.checked_add_signed(chord.first);
        let end = run.last.saturating_add(1).checked_add_signed(chord.last).unwrap_or(0);
        self.cut_off |= first.is_none() || end > columns;
        let first = first.unwrap_or(0).max(area.column);
        let end = end.min(area.column + area.columns);
        if first < end && (area.row..area.row + area.rows).contains(&row) {
            self.bits.set(row - area.row, first - area.column, end - 1 - area.column);
        }
    }
}
