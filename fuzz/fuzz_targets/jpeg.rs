//! A header of eight bytes, then a stream: by the codec's own crate, then by the program (see `harness::pixels`).

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = jpeg_t81::Limits { samples: harness::SAMPLES };
    if let Ok(image) = jpeg_t81::decode(harness::stream(bytes), &limits) {
        assert!(image.complete_rows <= image.header.rows);
    }
    harness::pixels(&harness::JPEG, bytes);
});
