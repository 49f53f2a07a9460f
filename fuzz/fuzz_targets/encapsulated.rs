//! Fragments, offset tables and their ends as the input has them, around frames of one byte a pixel.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::fragments(bytes));
