//! Attributes of one frame of an enhanced object: its own group, then the shared one, then the top level.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::value::Attributes as _;

/// Where the frames' attributes may stand.
#[derive(Debug)]
pub(super) struct Groups<'a> {
    top: &'a InMemDicomObject,
    shared: Option<&'a InMemDicomObject>,
    per_frame: &'a [InMemDicomObject],
}

/// Where one frame's attributes may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrameGroups<'a> {
    top: &'a InMemDicomObject,
    shared: Option<&'a InMemDicomObject>,
    own: Option<&'a InMemDicomObject>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(top: &'a InMemDicomObject) -> Self {
        Self {
            top,
            shared: top.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE),
            per_frame: top.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE),
        }
    }

    /// Whether the object has functional groups at all.
    pub(super) fn any(&self) -> bool {
        self.shared.is_some() || !self.per_frame.is_empty()
    }

    pub(super) fn frame(&self, index: usize) -> FrameGroups<'a> {
        FrameGroups { top: self.top, shared: self.shared, own: self.per_frame.get(index) }
    }

    /// What all frames share.
    pub(super) fn shared(&self) -> Option<&'a InMemDicomObject> {
        self.shared
    }

    /// Whether any frame has this group of its own.
    pub(super) fn varies(&self, sequence: Tag) -> bool {
        self.per_frame.iter().any(|frame| frame.get(sequence).is_some())
    }
}

impl<'a> FrameGroups<'a> {
    /// What the frame has of its own.
    pub(super) fn own(&self) -> Option<&'a InMemDicomObject> {
        self.own
    }

    /// The first item of a functional group that holds the attribute.
    pub(super) fn group(&self, sequence: Tag, attribute: Tag) -> Option<&'a InMemDicomObject> {
        let holding =
            |from: &'a InMemDicomObject| from.item(sequence).filter(|item| item.get(attribute).is_some());
        self.own.and_then(holding).or_else(|| self.shared.and_then(holding))
    }

    /// All items of a functional group, the frame's own, else the shared ones, else those of the top level.
    pub(super) fn items(&self, sequence: Tag) -> &'a [InMemDicomObject] {
        let places = [self.own, self.shared, Some(self.top)];
        let mut items = places.into_iter().flatten().map(|from| from.items(sequence));
        items.find(|items| !items.is_empty()).unwrap_or_default()
    }

    /// Runs `read` on the group that holds the attribute, or else on the top level.
    pub(super) fn read<T>(
        &self,
        sequence: Tag,
        attribute: Tag,
        read: impl Fn(&'a InMemDicomObject) -> Option<T>,
    ) -> Option<T> {
        read(self.group(sequence, attribute).unwrap_or(self.top))
    }
}
