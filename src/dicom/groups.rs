//! Attributes of one frame of an enhanced object: its own group, then the shared one, then the top level.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::element::Dataset;

/// Where a frame's attributes may stand.
#[derive(Debug)]
pub(super) struct Groups<'a> {
    pub top: &'a Dataset<'a>,
    shared: Option<Dataset<'a>>,
    per_frame: Vec<Dataset<'a>>,
}

/// One frame's view of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrameGroups<'g, 'a> {
    groups: &'g Groups<'a>,
    own: Option<&'g Dataset<'a>>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(top: &'a Dataset<'a>) -> Self {
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

    pub(super) fn frame(&self, index: usize) -> FrameGroups<'_, 'a> {
        FrameGroups { groups: self, own: self.per_frame.get(index) }
    }

    /// What all frames share.
    pub(super) fn shared(&self) -> Option<&Dataset<'a>> {
        self.shared.as_ref()
    }

    /// Whether any frame has this group of its own.
    pub(super) fn varies(&self, sequence: Tag) -> bool {
        self.per_frame.iter().any(|frame| frame.get(sequence).is_some())
    }
}

impl<'g, 'a> FrameGroups<'g, 'a> {
    /// What the frame has of its own.
    pub(super) fn own(&self) -> Option<&'g Dataset<'a>> {
        self.own
    }

    /// The first item of a functional group that holds the attribute.
    pub(super) fn group(&self, sequence: Tag, attribute: Tag) -> Option<Dataset<'a>> {
        let holding =
            |dataset: &Dataset<'a>| dataset.item(sequence).filter(|item| item.get(attribute).is_some());
        self.own.and_then(holding).or_else(|| self.groups.shared.as_ref().and_then(holding))
    }

    /// All items of a functional group, the frame's own, else the shared ones, else those of the top level.
    pub(super) fn items(&self, sequence: Tag) -> Vec<Dataset<'a>> {
        let of = |dataset: &Dataset<'a>| Some(dataset.items(sequence)).filter(|items| !items.is_empty());
        let shared = || self.groups.shared.as_ref().and_then(of);
        self.own.and_then(of).or_else(shared).or_else(|| of(self.groups.top)).unwrap_or_default()
    }

    /// Runs `read` on the group that holds the attribute, or else on the top level.
    pub(super) fn read<T>(
        &self,
        sequence: Tag,
        attribute: Tag,
        read: impl Fn(&Dataset<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.group(sequence, attribute) {
            Some(item) => read(&item),
            None => read(self.groups.top),
        }
    }
}
