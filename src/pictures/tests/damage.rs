use super::*;

/// A generator of numbers, the same on every machine (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

/// One of each kind of file.
fn files() -> Vec<Vec<u8>> {
    let data = gradient(20, 18).concat();
    let inks: Vec<u8> = data.iter().chain(&data[..360]).copied().collect();
    let jpegs = [
        (jpeg_encoder::ColorType::Rgb, false, jpeg_encoder::SamplingFactor::F_2_2, &data),
        (jpeg_encoder::ColorType::Rgb, true, jpeg_encoder::SamplingFactor::F_2_1, &data),
        (jpeg_encoder::ColorType::CmykAsYcck, false, jpeg_encoder::SamplingFactor::F_1_1, &inks),
    ];
    let exif = jpeg::segment(0xE1, &[b"Exif\0\0", &exif(6, *b"R03\0")[..]].concat());
    let mut files: Vec<Vec<u8>> = jpegs
        .iter()
        .map(|(color, progressive, factor, data)| {
            let bytes = jpeg::encoded((20, 18), *color, *progressive, *factor, data);
            jpeg::with(&bytes, std::slice::from_ref(&exif))
        })
        .collect();
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let chunk = png::chunk(*b"iCCP", &[b"x\0\0", &png::zlib(&profile)[..]].concat());
    let depth = ::png::BitDepth::Sixteen;
    let wide =
        png::encoded((10, 9), ::png::ColorType::Rgba, depth, None, &[&data[..], &data[..]].concat()[..720]);
    files.push(png::with(&wide, &[chunk]));
    files.push(png::rgb(20, 18));
    for packing in [1, 5, 7, 8, 32773] {
        let strip = match packing {
            5 => {
                weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(&data).unwrap()
            }
            7 => jpeg::rgb(20, 18),
            8 => png::zlib(&data),
            32773 => data.chunks(100).flat_map(|part| [&[99][..], part].concat()).collect(),
            _ => data.clone(),
        };
        let mut file = tiff_file::Tiff::new((20, 18), 2, &[8; 3], vec![strip]);
        file.short(259, packing);
        file.short(274, 8);
        file.short(317, if packing == 8 { 2 } else { 1 });
        file.bytes_tag(34665, 4, &[8, 0, 0, 0]);
        file.bytes_tag(34675, 7, &profile);
        files.push(file.bytes());
    }
    files
}

/// Changes some bytes, most of them in the first ones, where lengths and sizes are.
fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        let within = if numbers.below(2) == 0 { bytes.len().min(700) } else { bytes.len() };
        let at = numbers.below(within);
        match numbers.below(6) {
            0 => bytes[at] = 0xFF,
            1 => bytes[at] = 0,
            2 => bytes[at] ^= 1 << numbers.below(8),
            3 => drop(bytes.drain(at..bytes.len().min(at + 1 + numbers.below(20)))),
            4 => {
                let piece = bytes[at..bytes.len().min(at + 1 + numbers.below(40))].to_vec();
                let to = numbers.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
        }
        if bytes.is_empty() {
            return;
        }
    }
}

/// Makes the sums of a PNG's chunks right again, so that the decoder looks beyond them.
fn repair(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let end = at + 8 + u32::from_be_bytes(*length) as usize;
        let Some(data) = bytes.get(at + 4..end) else { return };
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let Some(sum) = bytes.get_mut(end..end + 4) else { return };
        sum.copy_from_slice(&crc.sum().to_be_bytes());
        at = end + 4;
    }
}

#[test]
fn damaged_files_give_a_picture_or_an_error() {
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(600);
    // Small, so that a header that lies does not slow the test.
    let limits = Limits { pixels: 1 << 20, memory: 32 << 20 };
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for file in files() {
        assert!(strip(&file, &limits).is_ok(), "{:?}", strip(&file, &limits));
        let mut read = 0;
        for round in 0..rounds {
            let mut bytes = file.clone();
            damage(&mut bytes, &mut numbers);
            if round % 2 == 0 && bytes.starts_with(b"\x89PNG") {
                repair(&mut bytes);
            }
            if let Ok(picture) = strip(&bytes, &limits) {
                assert_pure(&picture);
                read += 1;
            }
        }
        assert!(read > 0 && read < rounds, "{read}");
    }
}
