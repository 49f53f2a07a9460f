//! Any bytes as a file: every element of it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::elements(bytes));
