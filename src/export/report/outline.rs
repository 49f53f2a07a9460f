/// A heading among those of a report: its neighbours, by their places in the list of all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) parent: Option<usize>,
    pub(super) prev: Option<usize>,
    pub(super) next: Option<usize>,
    pub(super) first: Option<usize>,
    pub(super) last: Option<usize>,
    /// How many are below it, at any depth.
    pub(super) below: usize,
}

/// The tree of headings of these levels: each is below the last one before it that has a smaller level.
pub(super) fn tree(levels: &[u8]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = vec![Entry::default(); levels.len()];
    // The headings that the next one may be below, the outermost first, and the last one that has no other above it.
    let mut open: Vec<usize> = Vec::new();
    let mut last_top = None;
    for (index, level) in levels.iter().enumerate() {
        while open.last().is_some_and(|above| levels[*above] >= *level) {
            open.pop();
        }
        let parent = open.last().copied();
        let prev = match parent {
            Some(parent) => entries[parent].last.replace(index),
            None => last_top.replace(index),
        };
        if let Some(parent) = parent {
            entries[parent].first.get_or_insert(index);
        }
        if let Some(prev) = prev {
            entries[prev].next = Some(index);
        }
        (entries[index].parent, entries[index].prev) = (parent, prev);
        // There are six levels at most.
        for above in &open {
            entries[*above].below += 1;
        }
        open.push(index);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_below_the_last_larger_one() {
        let tree = tree(&[1, 2, 4, 2, 1, 3, 2]);
        let parents: Vec<Option<usize>> = tree.iter().map(|entry| entry.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(0), None, Some(4), Some(4)]);
        let below: Vec<usize> = tree.iter().map(|entry| entry.below).collect();
        assert_eq!(below, [3, 1, 0, 0, 2, 0, 0]);
        assert_eq!((tree[0].first, tree[0].last, tree[0].next), (Some(1), Some(3), Some(4)));
        assert_eq!((tree[3].prev, tree[5].next, tree[6].prev), (Some(1), Some(6), Some(5)));
    }
}
