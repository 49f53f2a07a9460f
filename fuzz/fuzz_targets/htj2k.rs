//! A header of eight bytes, then a stream: by the codec's own crate, then by the program (see `harness::pixels`).

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = htj2k::Limits { samples: harness::SAMPLES };
    if let Ok(image) = htj2k::decode(harness::stream(bytes), &limits) {
        assert!(image.samples.len() == image.columns * image.rows * image.components.len());
    }
    harness::pixels(&harness::HTJ2K, bytes);
});
