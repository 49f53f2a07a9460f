use super::*;

/// An orientation, the size that it gives, and a column and a row.
type Place = (u8, (u32, u32), (usize, usize));

/// Where each orientation puts the pixel of column 1 and row 2 of 5 columns and 3 rows, and the size.
const PLACES: [Place; 8] = [
    (1, (5, 3), (1, 2)),
    (2, (5, 3), (3, 2)),
    (3, (5, 3), (3, 0)),
    (4, (5, 3), (1, 0)),
    (5, (3, 5), (2, 1)),
    (6, (3, 5), (0, 1)),
    (7, (3, 5), (0, 3)),
    (8, (3, 5), (2, 3)),
];
/// Where the first pixel goes: TIFF 6.0 names the side of the first row and then of the first column.
const FIRST: [(usize, usize); 8] = [(0, 0), (4, 0), (4, 2), (0, 2), (0, 0), (2, 0), (2, 4), (0, 4)];

fn check(picture: &StrippedPicture, orientation: u8, near: u8) {
    let (_, size, (x, y)) = PLACES[usize::from(orientation) - 1];
    let (first_x, first_y) = FIRST[usize::from(orientation) - 1];
    assert_eq!((picture.width, picture.height), size, "{orientation}");
    let shown = pixels(picture);
    let at = |x: usize, y: usize| shown[y * size.0 as usize + x];
    let source = gradient(5, 3);
    for (found, expected) in [(at(x, y), source[11]), (at(first_x, first_y), source[0])] {
        let far = found.iter().zip(expected).any(|(a, b)| a.abs_diff(b) > near);
        assert!(!far, "{orientation}: {found:?} instead of {expected:?}");
    }
    assert_eq!(picture.notes.contains(&Note::Turned), orientation != 1);
}

#[test]
fn a_png_lies_as_its_exif_says() {
    for orientation in 1..=8u8 {
        let chunk = png::chunk(*b"eXIf", &exif(u16::from(orientation), *b"R98\0"));
        check(&strips(&png::with(&png::rgb(5, 3), &[chunk])), orientation, 0);
    }
}

#[test]
fn a_tiff_lies_as_its_tag_says() {
    for orientation in 1..=8u8 {
        let mut file = tiff_file::Tiff::rgb(5, 3);
        file.short(274, u16::from(orientation));
        check(&strips(&file.bytes()), orientation, 0);
    }
}

#[test]
fn a_jpeg_lies_as_its_exif_says() {
    for orientation in 1..=8u8 {
        let segment =
            jpeg::segment(0xE1, &[b"Exif\0\0", &exif(u16::from(orientation), *b"R98\0")[..]].concat());
        check(&strips(&jpeg::with(&jpeg::rgb(5, 3), &[segment])), orientation, 24);
    }
}

#[test]
fn grey_pictures_turn_too_and_nonsense_does_not() {
    let grey = |orientation: u16| {
        let data: Vec<u8> = (0..15).collect();
        let bytes = png::encoded((5, 3), ::png::ColorType::Grayscale, ::png::BitDepth::Eight, None, &data);
        strips(&png::with(&bytes, &[png::chunk(*b"eXIf", &exif(orientation, *b"R98\0"))]))
    };
    let six = grey(6);
    assert_eq!((six.width, six.height), (3, 5));
    let row: Vec<u8> = pixels(&six)[..3].iter().map(|pixel| pixel[0]).collect();
    assert_eq!(row, [10, 5, 0]);
    for orientation in [0, 9, 65_535] {
        assert_eq!(grey(orientation).png, grey(1).png);
    }
}
