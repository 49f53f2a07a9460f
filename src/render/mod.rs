//! What does it look like? Slices to pixels, marks to drawing lists, lists to pictures. Pure.
