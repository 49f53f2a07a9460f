//! A folder of up to four files, cut from the input: found, sorted into series, first frames decoded.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::folder(bytes));
