//! Files to damage that nobody has to bring: one of each way to store pixels that can be written down here.

use crate::build::{Object, deflate};
use crate::streams::{
    HTJ2K_GREY8, HTJ2K_GREY16, HTJ2K_RGB, J2K_PPM, J2K_PPT, J2K_TO_THE_END, JXL_GREY8, JXL_GREY16,
    JXL_RGB_LOSSY,
};

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

/// Two runs and a literal: 64 pixels of 8 bits.
fn rle() -> Vec<u8> {
    let mut out: Vec<u8> = [1_u32, 64].iter().flat_map(|word| word.to_le_bytes()).collect();
    out.resize(64, 0);
    out.extend([0xE1, 7, 0xF1, 9, 15]);
    out.extend(1..=16);
    out
}

pub(crate) fn segments(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Name and bytes of each.
pub(crate) fn bases() -> Vec<(String, Vec<u8>)> {
    let syntax = |end: &str| Object::new(&format!("1.2.840.10008.1.2.{end}"));
    let grey8 = |end| syntax(end).image(8, 8, 8, "1");
    let grey16 = |end| syntax(end).image(8, 8, 16, "1");
    let one = |object: Object, stream: &str| object.fragments([&hex(stream)[..]]);
    let three = |object: Object, stream: &[u8]| object.fragments([stream; 3]);
    let ramp: Vec<u8> = (0..128).collect();
    let palette = |object: Object| {
        let descriptor = |object: Object, element| {
            object.raw(&segments(&[0x0028, element])).raw(b"US\x06\0").raw(&segments(&[8, 0, 16]))
        };
        let tables = [0x1101, 0x1102, 0x1103].into_iter().fold(object, descriptor);
        // Discrete, linear, and indirect to the first.
        let data = segments(&[0, 2, 0, 0x1000, 1, 4, 0xFF00, 2, 1, 0, 0]);
        let length = u32::try_from(data.len()).unwrap();
        [0x1221, 0x1222, 0x1223].into_iter().fold(tables, |o, e| o.long(0x0028, e, *b"OW", length).raw(&data))
    };
    let color = |object: Object, kind: &str| {
        object.word(0x0028, 0x0002, 3).text(0x0028, 0x0004, *b"CS", kind).color(8, 8)
    };
    let rgb = color(Object::new("1.2.840.10008.1.2.4.112"), "RGB");
    let bytes_of_palette = |object: Object| {
        let descriptor = |object: Object, element| {
            object.raw(&segments(&[0x0028, element])).raw(b"US\x06\0").raw(&segments(&[8, 1, 8]))
        };
        let tables = [0x1101, 0x1102, 0x1103].into_iter().fold(object, descriptor);
        let data = [0, 2, 10, 20, 1, 4, 250, 2, 1, 0, 0, 0, 0, 0];
        [0x1221, 0x1222, 0x1223].into_iter().fold(tables, |o, e| o.long(0x0028, e, *b"OW", 14).raw(&data))
    };
    let named: [(&str, Object); 22] = [
        ("one bit", syntax("1").image(8, 8, 1, "3").pixels(&ramp[..24])),
        ("float", syntax("1").image(4, 4, 32, "1").long(0x7FE0, 0x0008, *b"OF", 64).raw(&ramp[..64])),
        ("double", syntax("1").image(4, 4, 32, "1").long(0x7FE0, 0x0009, *b"OD", 128).raw(&ramp)),
        ("palette", palette(grey8("1").text(0x0028, 0x0004, *b"CS", "PALETTE COLOR")).pixels(&ramp[..64])),
        ("ybr 422", color(syntax("1"), "YBR_FULL_422").pixels(&ramp)),
        ("encapsulated", three(syntax("1.98").image(8, 8, 8, "3"), &ramp[..64])),
        ("deflated frame", grey8("8.1").fragments([&deflate(&ramp[..64])[..]])),
        ("rle", grey8("5").fragments([&rle()[..]])),
        ("rle frames", three(syntax("5").image(8, 8, 8, "3"), &rle())),
        ("jpeg xl 8", one(grey8("4.110"), JXL_GREY8)),
        ("jpeg xl 16", one(grey16("4.110"), JXL_GREY16)),
        ("jpeg xl lossy", one(rgb, JXL_RGB_LOSSY)),
        ("htj2k 8", one(grey8("4.201"), HTJ2K_GREY8)),
        ("htj2k 16", one(grey16("4.203"), HTJ2K_GREY16)),
        ("htj2k colour", one(color(syntax("4.201"), "YBR_RCT"), HTJ2K_RGB)),
        ("nested", grey8("1").nested(12).pixels(&ramp[..64])),
        ("jpeg 2000 to the end", one(grey8("4.90"), J2K_TO_THE_END)),
        ("jpeg 2000 tile-part headers", one(grey8("4.90"), J2K_PPT)),
        ("jpeg 2000 main header", one(grey8("4.91"), J2K_PPM)),
        (
            "palette of bytes",
            bytes_of_palette(grey8("1").text(0x0028, 0x0004, *b"CS", "PALETTE COLOR")).pixels(&ramp[..64]),
        ),
        (
            "undefined length",
            syntax("1").image(8, 8, 8, "2").long(0x7FE0, 0x0010, *b"OW", u32::MAX).raw(&ramp),
        ),
        ("unknown syntax", three(Object::new("1.2.3.4").image(8, 8, 8, "3"), &hex(HTJ2K_GREY8))),
    ];
    let mut all: Vec<(String, Vec<u8>)> =
        named.into_iter().map(|(name, object)| (format!("made: {name}"), object.bytes())).collect();
    // No preamble, and meta information without value representations.
    let mut bare = vec![2, 0, 0x10, 0, 20, 0, 0, 0];
    bare.extend(b"1.2.840.10008.1.2.1\0");
    let whole = grey8("1").pixels(&ramp[..64]).bytes();
    let begin = 128 + 4 + 8 + 20;
    bare.extend(&whole[begin..]);
    // An element of some system's own before group 0008.
    let own = [&whole[..begin], b"\x05\0\x05\0LO\x08\0ABC 6.0 ", &whole[begin..]].concat();
    all.extend(crate::found::found());
    all.push(("made: group below 8".to_owned(), own));
    all.push(("made: implicit meta".to_owned(), bare));
    all.push(("made: deflated".to_owned(), grey8("1.99").pixels(&ramp[..64]).deflated()));
    all
}
