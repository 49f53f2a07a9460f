//! A header of eight bytes, then pixels: see `harness::pixels`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::pixels(&harness::JPEG, bytes));
