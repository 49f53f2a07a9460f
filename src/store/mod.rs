//! The case on disk: versioned, atomic, autosaved, recovered.
