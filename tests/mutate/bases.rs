//! Files to damage that nobody has to bring: one of each way to store pixels that can be written down here.

use crate::build::{Object, deflate};

/// 8 x 8 ramps by libjxl 0.11 and `OpenJPH`: 3 a pixel in 8 bits, 900 a pixel in 16, and in colour.
const JXL_GREY8: &str =
    "ff0a414050dc080804010088004b12c5828524522176611de21533e804307f3f60ca0b4c0aa66b60ba82e91a98ae00";
const JXL_GREY16: &str = "0000000c4a584c200d0a870a00000014667479706a786c20000000006a786c20000000096a786c6c0a000000696a786c63ff0a41f003142d02080401004c014b386998ca83f74b28488a8d4b22803b111212121212120e21212121212121e110121212121212120e21212121212121e110121212121212120e21212121212121e110121212121212120e2121212121212121";
const JXL_RGB_LOSSY: &str = "ff0a410600138802002001b59f200000152aa38c1bbc9cebf9f24387c5b48deb0c6db56d610963b3bd304848120b795cc0035000c0e61045462b989524d21079bbbe4610abf6b74bae62c0aa77d10890796e01";
const HTJ2K_GREY8: &str = "ff4fff510029400000000008000000080000000000000000000000080000000800000000000000000001070101ff500008000200000002ff52000c00020001000504044001ff5c00132048505050505050505050505050484848ff64001700014f70656e4a50482056657220302e32362e332eff90000a0000000000490001ff93c02583010774000000c012c01280fa00c77400da01077400c012c01300e4004274006af500235400c02580548000a9e27400ae73eec00001ecb600ffd9";
const HTJ2K_GREY16: &str = "ff4fff5100294000000000080000000800000000000000000000000800000008000000000000000000010f0101ff50000800020000000aff52000c00020001000504044001ff5c00132088909090909090909090909090888888ff64001700014f70656e4a50482056657220302e32362e332eff90000a00000000005f0001ff93c00026a3ef048774000000c000134000130012e004077400a20005877400c00013c0001380d087fe030274008e7e4701235400c0002aa00015a0061b6cb0c1aa728275003eb80ff6c13ef8c08401ecb600ffd9";

/// 8 x 8 ramps by `OpenJPEG` 2.5: the last tile-part to the end of the stream; packet headers in those of the tile-parts;
/// packet headers in the main header, with lengths of packets.
const J2K_TO_THE_END: &str = "ff4fff510029000000000008000000080000000000000000000000080000000800000000000000000001070101ff52000c00000001000104040001ff5c00074040484850ff90000a0000000000000001ff93df8090120f3f5d1c8b93fa772afeb24b5d0693a75fc03a1c1f383022187f037e97ffd9";
const J2K_PPT: &str = "ff4fff510029000000000008000000080000000000000000000000080000000400000000000000000001070101ff52000c00000001000104040001ff5c00074040484850ff90000a00000000002c0001ff61000c00df8058c03a141f3830ff9307aae7c7933edbb3c9ff7f157b0b40cfff90000a0001000000000001ff61000c00c7d410c03a141f3830ff93077767e8ee56a71d157b0b40cfffd9";
const J2K_PPM: &str = "ff4fff510029000000000008000000080000000000000000000000080000000400000000000000000001070101ff52000c00000001000104040001ff5c00074040484850ff60001d0000000009df8058c03a141f383000000009c7d410c03a141f3830ff5700040001ff90000a00000000001e0001ff9307aae7c7933edbb3c9ff7f157b0b40cfff90000a00010000001b0001ff93077767e8ee56a71d157b0b40cfffd9";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Two runs and a literal: 64 pixels of 8 bits.
fn rle() -> Vec<u8> {
    let mut out: Vec<u8> = [1_u32, 64].iter().flat_map(|word| word.to_le_bytes()).collect();
    out.resize(64, 0);
    out.extend([0xE1, 7, 0xF1, 9, 15]);
    out.extend(1..=16);
    out
}

fn segments(words: &[u16]) -> Vec<u8> {
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
    let named: [(&str, Object); 21] = [
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
    all.push(("made: group below 8".to_owned(), own));
    all.push(("made: implicit meta".to_owned(), bare));
    all.push(("made: deflated".to_owned(), grey8("1.99").pixels(&ramp[..64]).deflated()));
    all
}
