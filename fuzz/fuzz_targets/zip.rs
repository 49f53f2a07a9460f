//! Any bytes as a ZIP archive that is opened.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::named_file("archive.zip", bytes));
