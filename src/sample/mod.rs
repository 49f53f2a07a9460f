//! What is the bundled case? A synthetic head, computed from fixed seeds.
