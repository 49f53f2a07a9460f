//! Writes DICOM objects: the sample case and test fixtures.
