/// So many entries are enough for 256 greys, none of them off by more than 1.
pub(super) const ENOUGH: usize = 256usize.div_ceil(LONGEST);
/// Three neighbours share the middle one.
const LONGEST: usize = 3;

/// Neighbouring greys that share an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// The grey of the entry.
    pub(super) grey: u8,
    /// The first of them.
    pub(super) first: usize,
    /// One more than the last of them.
    pub(super) end: usize,
}

/// Puts greys, sorted and with their numbers of pixels, into at most so many groups.
///
/// No grey is off by more than 1, and of all such groups these have the least sum of squared differences over
/// the picture. `most` has to be [`ENOUGH`] or as many as there are greys.
pub(super) fn merge(greys: &[(u8, u64)], most: usize) -> Vec<Group> {
    let groups = most.min(greys.len());
    // Over numbers of groups: the least cost of the first so many greys, and the length of their last group.
    let mut table = vec![vec![None; greys.len() + 1]];
    table[0][0] = Some((0, 0));
    for number in 1..=groups {
        let before = &table[number - 1];
        let row = (0..=greys.len()).map(|end| {
            let lengths = 1..=LONGEST.min(end);
            let costs = lengths.filter_map(|length| {
                let (earlier, _) = before[end - length]?;
                let (cost, _) = shared(&greys[end - length..end])?;
                Some((earlier + cost, length))
            });
            costs.min()
        });
        let row = row.collect();
        table.push(row);
    }
    let mut found = Vec::new();
    let mut end = greys.len();
    for row in table.iter().rev() {
        let Some((_, length)) = row[end] else { break };
        let first = end - length;
        if let Some((_, grey)) = shared(&greys[first..end]) {
            found.push(Group { grey, first, end });
        }
        end = first;
    }
    found.reverse();
    found
}

/// The cost and the grey of an entry for neighbours; `None` when one of them would be off by more than 1.
fn shared(greys: &[(u8, u64)]) -> Option<(u64, u8)> {
    let (low, high) = (greys.first()?.0, greys.last()?.0);
    let close = (low..=high).filter(|grey| grey - low <= 1 && high - grey <= 1);
    // Each is off by 0 or 1, so the square is the difference.
    close.map(|grey| (greys.iter().map(|(g, count)| u64::from(g.abs_diff(grey)) * count).sum(), grey)).min()
}
