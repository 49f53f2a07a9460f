//! Any bytes as the DICOMDIR of a folder that also holds one image.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::medium(bytes));
