//! Growth through the places that are thick enough.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::MaskError;
use super::accepted::Field;
use super::bits::Bits;
use super::flood::{Bed, Flooded};
use super::grow::Growth;
use super::lattice::EDGE;
use super::margin::every;
use super::reach::{Source, reached};
use super::runs::{Run, SliceRuns};
use crate::work::Cancel;

/// The pixels of a slice, and those that are not among them.
#[derive(Debug)]
struct Slice {
    open: Bits,
    closed: Source,
}

/// The middles of balls that fit among the accepted voxels, and what such balls cover.
///
/// A ball fits where no voxel's box that is not accepted lies within the radius of its middle. The edges of the stack
/// and missing slices do not hinder one.
pub(super) struct Thick<'a, F, G> {
    field: &'a Field<'a, F>,
    radius: f64,
    pixels: G,
    slices: Vec<OnceLock<Option<Slice>>>,
}

impl<'a, F, G> Thick<'a, F, G>
where
    F: Fn(usize) -> Option<Vec<u64>> + Sync,
    G: Fn(usize) -> Option<Bits> + Sync,
{
    pub(super) fn new(field: &'a Field<'a, F>, radius: f64, pixels: G) -> Self {
        let slices = (0..field.lattice.size[2]).map(|_| OnceLock::new()).collect();
        Self { field, radius, pixels, slices }
    }

    /// The balls that hang together with one that covers the seed; `None` where no ball does.
    pub(super) fn flood(&self, growth: &Growth, cancel: &Cancel) -> Result<Option<Flooded>, MaskError> {
        let (field, [column, row, slice]) = (self.field, growth.seed);
        let seed = SliceRuns::new([Run { row, first: column, last: column }]);
        let seed = [(slice, Source::new(&seed))];
        let place = field.lattice.origins[slice].z;
        let near = |slice: &usize| field.lattice.gap_to(*slice, place) <= self.radius + EDGE;
        let seeds = field.slices.clone().filter(near).map(|slice| {
            let sources = seed.iter().map(|(from, source)| (*from, source));
            (slice, reached(field.lattice, self.radius, slice, field.area, sources).bits)
        });
        let bed = Bed {
            slices: field.slices.clone(),
            open: |slices: &[usize]| self.all_middles(slices, growth.one_slice),
            most: growth.limit.voxels,
        };
        let flooded = bed.flood(seeds.collect(), cancel)?;
        let runs = flooded.seen.iter().map(|bits| bits.as_ref().map(Bits::runs)).enumerate();
        let middles = runs.filter_map(|(slice, runs)| Some((slice, Source::new(&runs?))));
        let middles: Vec<(usize, Source)> = middles.collect();
        let mut seen: Vec<Option<Bits>> = (0..field.slices.end).map(|_| None).collect();
        for (slice, covered) in
            every(field.lattice, self.radius, field.slices.clone(), field.area, &middles, cancel)?
        {
            if let Some(own) = self.slice(slice) {
                let mut bits = covered.bits;
                bits.intersect(&own.open);
                seen[slice] = Some(field.limited(slice, bits));
            }
        }
        let covers = seen.get(slice).and_then(Option::as_ref).is_some_and(|bits| bits.get(column, row));
        Ok(covers.then_some(Flooded { seen, capped: flooded.capped }))
    }

    /// The pixels of some slices around which a ball fits.
    fn all_middles(&self, slices: &[usize], one_slice: bool) -> Vec<Option<Bits>> {
        // All pixels are there before any slice is worked on: a thread that waited for another's slice could be the
        // one that is to make it.
        let mut wanted: Vec<usize> = slices.iter().flat_map(|slice| self.near(*slice, one_slice)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|slice| self.slices[*slice].get().is_none());
        wanted.into_par_iter().for_each(|slice| {
            self.slices[slice].get_or_init(|| {
                let open = (self.pixels)(slice)?;
                let closed = Source::new(&open.clone().inverted().runs());
                Some(Slice { open, closed })
            });
        });
        slices.par_iter().map(|slice| self.middles(*slice, one_slice)).collect()
    }

    fn middles(&self, slice: usize, one_slice: bool) -> Option<Bits> {
        let (field, own) = (self.field, self.slice(slice)?);
        let near = self.near(slice, one_slice);
        let closed = near.filter_map(|other| Some((other, &self.slice(other)?.closed)));
        let mut bits = reached(field.lattice, self.radius, slice, field.area, closed).bits.inverted();
        bits.intersect(&own.open);
        Some(field.limited(slice, bits))
    }

    /// The slices that bear on whether a ball fits in this one.
    fn near(&self, slice: usize, one_slice: bool) -> impl Iterator<Item = usize> + use<'_, 'a, F, G> {
        let lattice = self.field.lattice;
        let place = lattice.origins[slice].z;
        let all = if one_slice { slice..slice + 1 } else { 0..lattice.size[2] };
        all.filter(move |other| lattice.gap_to(*other, place) <= self.radius + EDGE)
    }

    fn slice(&self, slice: usize) -> Option<&Slice> {
        self.slices[slice].get()?.as_ref()
    }
}
