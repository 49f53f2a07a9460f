//! Files of the kinds that once got through: mosaics, palettes over grey and short ones, deep and wide trees.

use crate::bases::segments;
use crate::build::Object;

/// 4 slices of 4 x 4 in one image of 8 x 8, oblique, with or without the words of a maker.
fn tiles(kind: &str) -> Object {
    Object::new("1.2.840.10008.1.2.1")
        .text(0x0008, 0x0008, *b"CS", kind)
        .text(0x0018, 0x0088, *b"DS", "3.5")
        .text(0x0020, 0x0032, *b"DS", "-7.5\\12.25\\-31")
        .text(0x0020, 0x0037, *b"DS", "1\\0\\0\\0\\0.96\\-0.28")
        .text(0x0028, 0x0030, *b"DS", "0.7\\0.4")
        .image(8, 8, 8, "1")
}

/// As United Imaging writes it: a position for each slice in a private sequence.
fn united() -> Object {
    let item = |slice: u8| {
        let place = format!("-7.5\\{}\\{} ", 12 + slice, -31 + 3 * i32::from(slice));
        let place = if place.len() % 2 == 1 { place.trim_end().to_owned() } else { place };
        let length = u16::try_from(place.len()).unwrap().to_le_bytes();
        let element = [&[0x20, 0, 0x32, 0, b'D', b'S'], &length[..], place.as_bytes()].concat();
        let length = u32::try_from(element.len()).unwrap().to_le_bytes();
        [&[0xFE, 0xFF, 0x00, 0xE0], &length[..], &element].concat()
    };
    let items = [0, 1, 2, 3].map(item).concat();
    tiles("ORIGINAL\\PRIMARY\\M\\VFRAME")
        .text(0x0065, 0x0010, *b"LO", "Image Private Header")
        .text(0x0065, 0x1050, *b"DS", "4")
        .long(0x0065, 0x1051, *b"SQ", u32::try_from(items.len()).unwrap())
        .raw(&items)
}

/// As Siemens writes it: the number of slices, and their direction in a header of its own.
fn siemens() -> Object {
    let word = |value: u32| value.to_le_bytes();
    let mut csa = [b"SV10\x04\x03\x02\x01", &word(1)[..], &word(77)].concat();
    let mut name = b"SliceNormalVector".to_vec();
    name.resize(64, 0);
    csa.extend([&name, &word(3)[..], b"FD\0\0", &word(4), &word(3), &word(77)].concat());
    for number in ["0.00", "0.28", "0.96"] {
        csa.extend([word(4), word(4), word(77), word(4)].concat());
        csa.extend(number.as_bytes());
    }
    tiles("ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC")
        .text(0x0019, 0x0010, *b"LO", "SIEMENS MR HEADER")
        .word(0x0019, 0x100A, 4)
        .text(0x0029, 0x0010, *b"LO", "SIEMENS CSA HEADER")
        .long(0x0029, 0x1010, *b"OB", u32::try_from(csa.len()).unwrap())
        .raw(&csa)
}

/// Tables of red, green and blue of 16 bits, with this descriptor.
fn palette(object: Object, descriptor: [u16; 3], entries: &[u16]) -> Object {
    let about = |object: Object, element: u16| {
        object.raw(&segments(&[0x0028, element])).raw(b"US\x06\0").raw(&segments(&descriptor))
    };
    let object = [0x1101, 0x1102, 0x1103].into_iter().fold(object, about);
    let data = segments(entries);
    let length = u32::try_from(data.len()).unwrap();
    [0x1201, 0x1202, 0x1203].into_iter().fold(object, |o, e| o.long(0x0028, e, *b"OW", length).raw(&data))
}

/// Name and bytes of each.
pub(crate) fn found() -> Vec<(String, Vec<u8>)> {
    let pixels: Vec<u8> = (0..64).collect();
    let grey = || Object::new("1.2.840.10008.1.2.1").image(8, 8, 8, "1");
    let colors = [0xFF00, 0x8000, 0x0100, 0x7700];
    let wide = (0..40).fold(grey(), |object, _| object.nested(3));
    let found: [(&str, Object); 6] = [
        ("mosaic of United Imaging", united()),
        ("mosaic of Siemens", siemens()),
        ("supplemental palette", palette(grey().text(0x0008, 0x9205, *b"CS", "COLOR"), [4, 40, 16], &colors)),
        (
            "short palette",
            palette(grey().text(0x0028, 0x0004, *b"CS", "PALETTE COLOR"), [256, 0, 16], &colors),
        ),
        ("deep tree", grey().nested(60)),
        ("wide tree", wide),
    ];
    found
        .into_iter()
        .map(|(name, object)| (format!("made: {name}"), object.pixels(&pixels).bytes()))
        .collect()
}
