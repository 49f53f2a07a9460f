use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! uid {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Arc<str>);

        impl $name {
            /// The UID of this text, without trailing padding.
            pub fn new(text: &str) -> Self {
                Self(text.trim_end_matches(['\0', ' ']).into())
            }

            /// The UID as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

uid!(
    /// Names one stored object: an image, or all frames of a multi-frame image.
    SopInstanceUid
);
uid!(
    /// Names one series.
    SeriesUid
);
uid!(
    /// Names one study.
    StudyUid
);

/// One frame of one stored object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FrameRef {
    /// The object.
    pub sop_instance: SopInstanceUid,
    /// The frame in it, counted from 1 as DICOM does.
    pub frame_number: u32,
}

impl FrameRef {
    /// What stands for a frame that was computed: a plane cut through a volume. No file has it.
    pub fn computed() -> Self {
        Self { sop_instance: SopInstanceUid::new(""), frame_number: 0 }
    }

    /// Whether this is no frame of a file, but one that was computed.
    pub fn is_computed(&self) -> bool {
        self.frame_number == 0
    }

    /// The frame's index in its object, from 0.
    pub fn frame_index(&self) -> usize {
        self.frame_number.saturating_sub(1) as usize
    }
}

/// The patient space that points belong to. Two points share a space only when this is equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameOfReference {
    /// The UID that the files declare.
    Declared(Arc<str>),
    /// The files declare none: the space is this series' own.
    OnlyThisSeries(SeriesUid),
}
