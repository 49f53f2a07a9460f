use std::sync::Arc;

/// What frames at one place may differ in: echo, weighting, time, reconstruction.
///
/// In the order of preference: where two of them tell frames apart equally well, the first one names the stacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// Segment Number of a segmentation.
    Segment,
    /// Diffusion weighting in s/mm².
    BValue,
    /// Echo time in ms.
    EchoTime,
    /// Echo Number.
    EchoNumber,
    /// Inversion time in ms.
    InversionTime,
    /// Flip angle in degrees.
    FlipAngle,
    /// Repetition time in ms.
    RepetitionTime,
    /// Tube voltage in kV.
    TubeVoltage,
    /// Reconstruction kernel.
    Kernel,
    /// Slice thickness in mm. Not among [`Frame::varying`](super::Frame), which says it elsewhere.
    Thickness,
    /// Where slices at one height lie in their plane. Not among `Frame::varying`: the frame's plane says it.
    InPlane,
    /// Part of the heart's cycle in per cent.
    CardiacPercent,
    /// Time since the trigger in ms.
    TriggerDelay,
    /// Which of several times: an index.
    TemporalPosition,
    /// Time since the first image in s.
    TemporalOffset,
    /// Phase of contrast, as a word.
    ContrastPhase,
    /// 1 where a contrast agent was given.
    Contrast,
    /// Image Type or Frame Type, its words separated by backslashes.
    ImageType,
    /// Magnitude, phase, real, imaginary.
    ComplexComponent,
    /// Acquisition Number.
    Acquisition,
    /// Direction of the diffusion gradient, a unit vector in patient space.
    GradientDirection,
    /// Frame reference time in ms (PET).
    FrameReferenceTime,
    /// When it was acquired: seconds since the year 0, roughly; only differences mean anything.
    AcquisitionTime,
    /// When the pixels were made: seconds since the year 0, roughly.
    ContentTime,
    /// Name of the pulse sequence, which may hold weighting and direction.
    Sequence,
    /// Stack ID.
    StackId,
    /// One of the dimensions that the object itself is organised by, from 0: an index.
    Dimension(u8),
    /// Which object, of those with many frames. Not among `Frame::varying`.
    Object,
    /// Any other attribute, by its number: told apart, never understood. Not among `Frame::varying`.
    Other(u32),
}

/// The value of an [`Attribute`] of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Varying {
    /// A number, in the attribute's unit.
    Number(f64),
    /// A direction.
    Direction([f64; 3]),
    /// Words.
    Text(Arc<str>),
}
