use super::*;

fn refused(bytes: &[u8], limits: &Limits) -> String {
    let error = strip(bytes, limits).unwrap_err();
    let PictureError::TooLarge(why) = error else { panic!("{error}") };
    why
}

fn header(width: u32, height: u32, depth: u8, color: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, color, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1A\n"[..], &png::chunk(*b"IHDR", &header), &png::chunk(*b"IEND", &[])].concat()
}

#[test]
fn too_many_pixels_are_refused_by_the_header_alone() {
    let limits = Limits::default();
    let expected = "30000 x 30000 pixels, more than the 200 million that a picture may have";
    assert_eq!(refused(&header(30_000, 30_000, 8, 2), &limits), expected);
    let frame = [&[8], &30_000u16.to_be_bytes()[..], &30_000u16.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    let bytes = [&[0xFF, 0xD8], &jpeg::segment(0xC0, &frame)[..]].concat();
    assert_eq!(refused(&bytes, &limits), expected);
    let file = tiff_file::Tiff::new((30_000, 30_000), 2, &[8; 3], vec![vec![0; 10]]);
    assert_eq!(refused(&file.bytes(), &limits), expected);
    let long = [&[8], &100u16.to_be_bytes()[..], &65_535u16.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    let bytes = [&[0xFF, 0xD8], &jpeg::segment(0xC0, &long)[..]].concat();
    assert_eq!(refused(&bytes, &limits), "65535 x 100 pixels, more than 65500 on one side");
    assert!(refused(&header(0x7FFF_FFFF, 0x7FFF_FFFF, 8, 2), &limits).contains("2147483647"));
}

#[test]
fn too_much_memory_is_refused_by_the_header_alone() {
    let limits = Limits { memory: 1 << 20, ..Limits::default() };
    assert!(refused(&header(1000, 1000, 16, 6), &limits).starts_with("it takes 14 MiB to decode"));
    let frame = [&[8], &1000u16.to_be_bytes()[..], &1000u16.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    let bytes = [&[0xFF, 0xD8], &jpeg::segment(0xC2, &frame)[..]].concat();
    assert!(refused(&bytes, &limits).starts_with("it takes 7 MiB"));
    // A small picture in one huge tile.
    let mut file = tiff_file::Tiff::new((4, 4), 2, &[8; 3], vec![vec![0; 10]]);
    file.bytes_tag(324, 4, &[8, 0, 0, 0]);
    file.bytes_tag(325, 4, &[8, 0, 0, 0]);
    file.short(322, 60_000);
    file.short(323, 60_000);
    assert!(refused(&file.bytes(), &Limits::default()).starts_with("it takes 10300 MiB"));
}

#[test]
fn a_jpeg_of_endless_scans_is_refused() {
    let bytes = jpeg::encoded(
        (16, 16),
        jpeg_encoder::ColorType::Luma,
        true,
        jpeg_encoder::SamplingFactor::F_1_1,
        &[7; 256],
    );
    let scan = bytes.windows(2).rposition(|window| window == [0xFF, 0xDA]).unwrap();
    let end = bytes.len() - 2;
    let many = [&bytes[..scan], &bytes[scan..end].repeat(101), &bytes[end..]].concat();
    assert_eq!(refused(&many, &Limits::default()), "more than the 100 scans that a JPEG may have");
}

#[test]
fn other_files_are_named_with_what_to_do() {
    for (bytes, expected) in [
        (&b"GIF89a"[..], "a GIF picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"BM\0\0\0\0", "a BMP picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC picture"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "a HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "an AVIF picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "an SVG drawing"),
        (b"\0\0\0\x0CjP  \r\n", "a JPEG 2000 picture"),
    ] {
        let error = refuses(bytes);
        assert_eq!(error, PictureError::OtherFormat(expected));
        assert_eq!(
            error.to_string(),
            format!("this is {expected}: save it as PNG, JPEG or TIFF, and add that")
        );
    }
    let dicom = [&b"II*\0"[..], &[0; 124], b"DICM"].concat();
    assert_eq!(refuses(&dicom), PictureError::Dicom);
    assert_eq!(refuses(b""), PictureError::Empty);
    assert_eq!(decode(b""), Err(PictureError::Empty));
    assert_eq!(refuses(b"hello"), PictureError::Unknown);
    assert!(decode(b"hello").is_err());
}
