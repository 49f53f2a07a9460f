use super::runs::{Run, SliceRuns};
use super::{Mask, voxels::MOST};

/// Voxels that hang together by their faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Island {
    /// Column, row and slice of its first voxel, for [`Mask::island_at`].
    pub first: [usize; 3],
    /// Number of voxels.
    pub voxels: u64,
}

impl Mask {
    /// The parts of the mask that hang together, 6-connected, largest first; of equal ones, that of the lowest slice,
    /// row and column.
    pub fn islands(&self) -> Vec<Island> {
        let labels = Labels::of(self);
        let mut order: Vec<usize> = labels.roots().collect();
        order.sort_by_key(|root| std::cmp::Reverse(labels.voxels[*root]));
        let island = |root: usize| {
            let Labelled { slice, run } = labels.runs[root];
            Island { first: [run.first, run.row, slice], voxels: labels.voxels[root] }
        };
        order.into_iter().map(island).collect()
    }

    /// The part that holds a voxel: column, row, slice. Empty where the mask does not have it.
    pub fn island_at(&self, [column, row, slice]: [usize; 3]) -> Self {
        let labels = Labels::of(self);
        let holds = |run: &Labelled| {
            run.slice == slice && run.run.row == row && (run.run.first..=run.run.last).contains(&column)
        };
        let root = labels.runs.iter().position(holds).map(|index| labels.parents[index]);
        labels.pick(self, |own| Some(own) == root)
    }

    /// The part with the most voxels; of equal ones, that of the lowest slice, row and column.
    pub fn largest_island(&self) -> Self {
        let labels = Labels::of(self);
        let largest = labels
            .roots()
            .reduce(|best, root| if labels.voxels[root] > labels.voxels[best] { root } else { best });
        labels.pick(self, |own| Some(own) == largest)
    }
}

#[derive(Clone, Copy)]
struct Labelled {
    slice: usize,
    run: Run,
}

/// Which runs of a mask hang together: a forest in which each run knows an earlier run of its part, or itself.
struct Labels {
    runs: Vec<Labelled>,
    parents: Vec<usize>,
    /// Of roots, the voxels of the part.
    voxels: Vec<u64>,
}

impl Labels {
    fn of(mask: &Mask) -> Self {
        let mut runs = Vec::new();
        mask.for_each_run(|slice, run| runs.push(Labelled { slice, run }));
        let mut labels = Self { parents: (0..runs.len()).collect(), voxels: vec![0; runs.len()], runs };
        labels.join_rows(|own| (own.slice * (MOST + 1) + own.run.row).checked_sub(1));
        labels.join_rows(|own| (own.slice * (MOST + 1) + own.run.row).checked_sub(MOST + 1));
        for index in 0..labels.runs.len() {
            let root = labels.root(index);
            labels.parents[index] = root;
            labels.voxels[root] += labels.runs[index].run.count() as u64;
        }
        labels
    }

    /// Joins each run with those under it in the row that `other` names: rows are counted through all slices.
    fn join_rows(&mut self, other: impl Fn(&Labelled) -> Option<usize>) {
        let key = |own: &Labelled| own.slice * (MOST + 1) + own.run.row;
        let mut at = 0;
        for index in 0..self.runs.len() {
            let own = &self.runs[index];
            let Some(row) = other(own) else { continue };
            let (first, last) = (own.run.first, own.run.last);
            // The first run of that row that does not end before this one begins; the next run may need it again.
            while key(&self.runs[at]) < row || (key(&self.runs[at]) == row && self.runs[at].run.last < first)
            {
                at += 1;
            }
            let mut under = at;
            while key(&self.runs[under]) == row && self.runs[under].run.first <= last {
                self.join(under, index);
                under += 1;
            }
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.parents[index] != index {
            self.parents[index] = self.parents[self.parents[index]];
            index = self.parents[index];
        }
        index
    }

    fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.runs.len()).filter(|index| self.parents[*index] == *index)
    }

    /// The runs whose root is wanted.
    fn pick(&self, mask: &Mask, wanted: impl Fn(usize) -> bool) -> Mask {
        let mut picked = mask.clone();
        let mut rest = 0;
        for slice in mask.filled_slices() {
            let start = rest;
            rest += self.runs[start..].iter().take_while(|own| own.slice == slice).count();
            let kept = (start..rest).filter(|index| wanted(self.parents[*index]));
            picked.put(slice, SliceRuns::new(kept.map(|index| self.runs[index].run)));
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::noise;
    use super::*;

    /// Parts by steps from voxel to voxel.
    fn tried(mask: &Mask) -> Vec<u64> {
        let [columns, rows, slices] = mask.size();
        let mut left = mask.clone();
        let mut sizes = Vec::new();
        for at in 0..columns * rows * slices {
            let start = [at % columns, at / columns % rows, at / columns / rows];
            let mut waiting = vec![start];
            let mut seen = Vec::new();
            while let Some([c, r, s]) = waiting.pop() {
                if left.contains(c, r, s) && !seen.contains(&[c, r, s]) {
                    seen.push([c, r, s]);
                    waiting.extend([[c + 1, r, s], [c, r + 1, s], [c, r, s + 1]]);
                    waiting.extend([
                        [c.wrapping_sub(1), r, s],
                        [c, r.wrapping_sub(1), s],
                        [c, r, s.wrapping_sub(1)],
                    ]);
                }
            }
            if !seen.is_empty() {
                let part = Mask::from_fn(mask.size(), |c, r, s| seen.contains(&[c, r, s]));
                left = left.difference(&part).unwrap();
                sizes.push(seen.len() as u64);
            }
        }
        sizes.sort_by_key(|size| std::cmp::Reverse(*size));
        sizes
    }

    #[test]
    fn islands_are_what_hangs_together_by_faces() {
        for (one_in, seed) in [(2, 5), (3, 6), (4, 7), (7, 8)] {
            let mask = noise([9, 8, 5], one_in, seed);
            let islands = mask.islands();
            let sizes: Vec<u64> = islands.iter().map(|island| island.voxels).collect();
            assert_eq!(sizes, tried(&mask));
            let parts: Vec<Mask> = islands.iter().map(|island| mask.island_at(island.first)).collect();
            assert!(parts.iter().zip(&sizes).all(|(part, size)| part.count() == *size));
            let all = parts.iter().fold(Mask::empty(mask.size()), |all, part| all.union(part).unwrap());
            assert_eq!(all, mask);
            assert_eq!(mask.largest_island(), parts[0]);
        }
    }

    #[test]
    fn corners_join_nothing_and_what_is_whole_stays_shared() {
        let mask =
            Mask::from_fn([5, 5, 2], |c, r, s| (c < 2 && r < 2 && s == 0) || (c == 2 && r == 2 && s == 0));
        assert_eq!(
            mask.islands(),
            [Island { first: [0, 0, 0], voxels: 4 }, Island { first: [2, 2, 0], voxels: 1 },]
        );
        assert_eq!(mask.island_at([2, 2, 0]).count(), 1);
        assert!(mask.island_at([3, 3, 0]).is_empty());
        let whole = mask.largest_island();
        assert!(whole.largest_island().shares_slice(&whole, 0));
        assert!(Mask::empty([2, 3, 4]).largest_island().is_empty());
    }
}
