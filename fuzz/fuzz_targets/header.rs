//! Any bytes as a file: its header, and the first frames that it promises.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::whole_file(bytes));
