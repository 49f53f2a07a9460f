use glam::DVec3;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Case, EditError};
use crate::image::FrameOfReference;

/// What the reader said of two spaces: these two slices match.
///
/// Scanners give each visit a Frame of Reference of its own; only a reader (or a guess that a reader accepts) knows how
/// one lies to the other. Translation only: nobody turns a head by dragging slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpaceLink {
    /// One space.
    pub from: FrameOfReference,
    /// The other.
    pub to: FrameOfReference,
    /// mm, LPS: a point of `from` plus this is the same place in `to`.
    pub offset: DVec3,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl SpaceLink {
    /// A link by an offset in mm.
    pub fn new(from: FrameOfReference, to: FrameOfReference, offset: DVec3) -> Self {
        Self { from, to, offset, extra: Map::new() }
    }

    fn touches(&self, space: &FrameOfReference) -> bool {
        self.from == *space || self.to == *space
    }

    /// The space at the other end, and the offset to it from `space`.
    fn other_end(&self, space: &FrameOfReference) -> Option<(&FrameOfReference, DVec3)> {
        if self.from == *space {
            Some((&self.to, self.offset))
        } else {
            (self.to == *space).then_some((&self.from, -self.offset))
        }
    }
}

impl Case {
    /// What leads from a point of one space to the same place in another, in mm; `None` where nobody said.
    ///
    /// Also by way of other spaces, by as few links as possible: who matched the first date with the second and the
    /// second with the third has matched the first with the third.
    pub fn offset_between(&self, from: &FrameOfReference, to: &FrameOfReference) -> Option<DVec3> {
        let mut reached = vec![(from, DVec3::ZERO)];
        let mut next = 0;
        while let Some((space, offset)) = reached.get(next).copied() {
            if space == to {
                return Some(offset);
            }
            next += 1;
            for (other, step) in self.space_links.iter().filter_map(|link| link.other_end(space)) {
                if reached.iter().all(|(known, _)| *known != other) {
                    reached.push((other, offset + step));
                }
            }
        }
        None
    }

    /// Takes a link in; an older one of the same two spaces goes.
    pub(super) fn lock_spaces(&mut self, link: SpaceLink) -> Result<(), EditError> {
        if !link.offset.is_finite() || link.from == link.to {
            return Err(EditError::NoSuchLock);
        }
        self.space_links.retain(|old| !(old.touches(&link.from) && old.touches(&link.to)));
        self.space_links.push(link);
        Ok(())
    }

    /// Drops every link of a space.
    pub(super) fn unlock_space(&mut self, space: &FrameOfReference) {
        self.space_links.retain(|link| !link.touches(space));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Edit;

    fn space(name: &str) -> FrameOfReference {
        FrameOfReference::Declared(name.into())
    }

    fn link(from: &str, to: &str, offset: [f64; 3]) -> Edit {
        Edit::LockSpaces(SpaceLink::new(space(from), space(to), offset.into()))
    }

    #[test]
    fn offsets_lead_both_ways_and_over_a_third_space() {
        let case = Case::default().with(link("1.1", "1.2", [0.5, -2.0, 12.5])).unwrap();
        let case = case.with(link("1.3", "1.2", [3.0, 0.25, -4.0])).unwrap();
        let offset = |case: &Case, from, to| case.offset_between(&space(from), &space(to));
        assert_eq!(offset(&case, "1.1", "1.2"), Some(DVec3::new(0.5, -2.0, 12.5)));
        assert_eq!(offset(&case, "1.2", "1.1"), Some(DVec3::new(-0.5, 2.0, -12.5)));
        assert_eq!(offset(&case, "1.1", "1.3"), Some(DVec3::new(-2.5, -2.25, 16.5)));
        assert_eq!(offset(&case, "1.1", "1.9"), None);
        let again = case.with(link("1.2", "1.1", [0.0, 0.0, -9.0])).unwrap();
        assert_eq!(again.space_links.len(), 2, "two spaces have one offset");
        assert_eq!(offset(&again, "1.1", "1.2"), Some(DVec3::new(0.0, 0.0, 9.0)));
        let free = again.with(Edit::UnlockSpace(space("1.2"))).unwrap();
        assert_eq!(free.space_links, []);
        assert!(case.with(link("1.1", "1.2", [f64::NAN, 0.0, 1.0])).is_err());
        assert!(case.with(link("1.1", "1.1", [1.0, 0.0, 1.0])).is_err());
    }

    #[test]
    fn old_cases_have_no_links_and_new_fields_are_kept() {
        let old: Case = serde_json::from_str(r#"{"title": "before links"}"#).unwrap();
        assert_eq!(old.space_links, []);
        let text = r#"{"from": {"declared": "1.1"}, "to": {"declared": "1.2"}, "offset": [0.5, -2.0, 12.5], "by": "eye"}"#;
        let link: SpaceLink = serde_json::from_str(text).unwrap();
        assert_eq!(link.offset, DVec3::new(0.5, -2.0, 12.5));
        let back: Value = serde_json::to_value(&link).unwrap();
        assert_eq!(back, serde_json::from_str::<Value>(text).unwrap());
    }
}
