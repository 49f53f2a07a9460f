use super::*;
use crate::pictures::ColorSpace;
use moxcms::{ColorProfile, Layout, TransformOptions};

fn with_profile(png: &[u8], profile: &[u8]) -> Vec<u8> {
    let data = [b"a name\0\0", &png::zlib(profile)[..]].concat();
    png::with(png, &[png::chunk(*b"iCCP", &data)])
}

fn all_over() -> Vec<[u8; 3]> {
    let steps = || (0..=255u8).step_by(15);
    steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| [r, g, b]))).collect()
}

/// Within one level of an independent program's conversion, for every profile of a known space.
#[test]
fn profiles_are_applied_as_another_program_does() {
    let colors = all_over();
    let size = (u32::try_from(colors.len()).unwrap(), 1);
    let plain = png::encoded(size, ::png::ColorType::Rgb, ::png::BitDepth::Eight, None, &colors.concat());
    for (profile, space) in [
        (ColorProfile::new_display_p3(), ColorSpace::DisplayP3),
        (ColorProfile::new_adobe_rgb(), ColorSpace::AdobeRgb),
        (ColorProfile::new_pro_photo_rgb(), ColorSpace::ProPhoto),
        (ColorProfile::new_bt2020(), ColorSpace::Other),
    ] {
        let mut expected = vec![0u8; colors.len() * 3];
        let transform = profile.create_transform_8bit(
            Layout::Rgb,
            &ColorProfile::new_srgb(),
            Layout::Rgb,
            TransformOptions {
                prefer_fixed_point: false,
                allow_use_cicp_transfer: false,
                ..Default::default()
            },
        );
        transform.unwrap().transform(&colors.concat(), &mut expected).unwrap();
        let picture = strips(&with_profile(&plain, &profile.encode().unwrap()));
        assert_eq!(picture.notes, [Note::Converted(space)]);
        assert_eq!(picture.dropped, [Dropped::Icc]);
        let shown = pixels(&picture).concat();
        let far = shown.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(far <= 1, "{space:?}: {far}");
    }
}

#[test]
fn srgb_is_left_as_it_is() {
    let plain = png::rgb(7, 5);
    let picture = strips(&with_profile(&plain, &ColorProfile::new_srgb().encode().unwrap()));
    assert_eq!((picture.notes.as_slice(), picture.dropped.as_slice()), (&[][..], &[Dropped::Icc][..]));
    assert_eq!(picture.png, strips(&plain).png);
}

#[test]
fn a_profile_that_cannot_be_applied_is_told() {
    let plain = png::rgb(7, 5);
    let mut broken = ColorProfile::new_adobe_rgb().encode().unwrap();
    let at = broken.windows(4).position(|window| window == b"rXYZ").unwrap();
    broken[at] = b'x';
    for profile in [&broken[..], b"", &[0; 200]] {
        let picture = strips(&with_profile(&plain, profile));
        assert_eq!(picture.notes, [Note::NotConverted]);
        assert_eq!(picture.png, strips(&plain).png);
    }
}

#[test]
fn greys_with_another_curve_are_converted() {
    let data: Vec<u8> = (0..=255).collect();
    let plain = png::encoded((256, 1), ::png::ColorType::Grayscale, ::png::BitDepth::Eight, None, &data);
    let picture = strips(&with_profile(&plain, &ColorProfile::new_gray_with_gamma(1.8).encode().unwrap()));
    assert_eq!(picture.notes, [Note::Converted(ColorSpace::Grey)]);
    let shown = pixels(&picture);
    // 0.5 of gamma 1.8 is 0.289 of light, which sRGB writes as 146.
    assert_eq!((shown[0], shown[128], shown[255]), ([0; 3], [146; 3], [255; 3]));
}

#[test]
fn the_strongest_chunk_of_a_png_counts() {
    let plain = png::rgb(7, 5);
    let notes = |chunks: &[Vec<u8>]| strips(&png::with(&plain, chunks)).notes;
    let gamma = |value: u32| png::chunk(*b"gAMA", &value.to_be_bytes());
    assert_eq!(notes(&[gamma(45_455)]), []);
    assert_eq!(notes(&[gamma(100_000)]), [Note::NotConverted]);
    assert_eq!(notes(&[gamma(100_000), png::chunk(*b"sRGB", &[0])]), []);
    assert_eq!(notes(&[png::chunk(*b"cICP", &[12, 13, 0, 1])]), [Note::Converted(ColorSpace::DisplayP3)]);
    assert_eq!(notes(&[png::chunk(*b"cICP", &[9, 16, 0, 1])]), [Note::NotConverted]);
    assert_eq!(notes(&[png::chunk(*b"cICP", &[1, 13, 0, 1])]), []);
}

#[test]
fn a_profile_in_parts_is_put_together() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let (first, second) = profile.split_at(200);
    let part =
        |number: u8, data: &[u8]| jpeg::segment(0xE2, &[b"ICC_PROFILE\0", &[number, 2][..], data].concat());
    let plain = jpeg::rgb(9, 6);
    let whole = strips(&jpeg::with(&plain, &[part(2, second), part(1, first)]));
    assert_eq!(whole.notes, [Note::Converted(ColorSpace::DisplayP3)]);
    let half = strips(&jpeg::with(&plain, &[part(2, second)]));
    assert_eq!(half.notes, [Note::NotConverted]);
    assert_eq!(half.png, strips(&plain).png);
    let mut file = tiff_file::Tiff::rgb(7, 5);
    file.bytes_tag(34675, 7, &profile);
    assert_eq!(strips(&file.bytes()).notes, [Note::Converted(ColorSpace::DisplayP3)]);
}

/// A profile of primaries (red, green, blue, in 65536ths) and one gamma (in 256ths) as ICC.1 has it.
fn plain_profile(primaries: [[i32; 3]; 3], gamma: u16) -> Vec<u8> {
    let xyz = |values: [i32; 3]| [b"XYZ \0\0\0\0".to_vec(), values.map(i32::to_be_bytes).concat()].concat();
    let curve = [b"curv\0\0\0\0\0\0\0\x01", &gamma.to_be_bytes()[..], &[0; 2]].concat();
    let [red, green, blue] = primaries.map(xyz);
    let tags = [
        (b"rXYZ", &red),
        (b"gXYZ", &green),
        (b"bXYZ", &blue),
        (b"rTRC", &curve),
        (b"gTRC", &curve),
        (b"bTRC", &curve),
    ];
    let start = 128 + 4 + 12 * tags.len();
    let (mut table, mut data) = (u32::try_from(tags.len()).unwrap().to_be_bytes().to_vec(), Vec::new());
    for (name, value) in tags {
        let numbers = [start + data.len(), value.len()].map(|number| u32::try_from(number).unwrap());
        table.extend([&name[..], &numbers.map(u32::to_be_bytes).concat()].concat());
        data.extend_from_slice(value);
    }
    let mut header = [0; 128];
    header[..4].copy_from_slice(&u32::try_from(start + data.len()).unwrap().to_be_bytes());
    header[8..24].copy_from_slice(b"\x02\x10\0\0mntrRGB XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    [&header[..], &table, &data].concat()
}

/// What Little CMS 2.19 makes of such profiles, colorimetric, by Pillow 13.
#[test]
fn profiles_are_applied_as_little_cms_does() {
    let colors: [[u8; 3]; 8] = [
        [0; 3],
        [255; 3],
        [200, 30, 90],
        [20, 180, 60],
        [128; 3],
        [10, 20, 30],
        [90, 200, 250],
        [250, 240, 10],
    ];
    let plain =
        png::encoded((8, 1), ::png::ColorType::Rgb, ::png::BitDepth::Eight, None, colors.as_flattened());
    let adobe = plain_profile([[39_960, 20_389, 1276], [13_453, 41_004, 3989], [9777, 4143, 48_796]], 0x233);
    let pro_photo = plain_profile([[52_276, 18_877, 0], [8860, 46_654, 0], [2054, 6, 54_061]], 0x1CD);
    let of_adobe =
        [[0; 3], [255; 3], [233, 24, 91], [0, 181, 42], [129; 3], [0, 12, 24], [0, 201, 252], [254, 240, 0]];
    let of_pro_photo =
        [[0; 3], [255; 3], [255, 0, 114], [0, 212, 13], [146; 3], [0, 28, 42], [0, 226, 255], [255, 241, 0]];
    for (profile, expected, space) in
        [(adobe, of_adobe, ColorSpace::AdobeRgb), (pro_photo, of_pro_photo, ColorSpace::ProPhoto)]
    {
        let picture = strips(&with_profile(&plain, &profile));
        assert_eq!(picture.notes, [Note::Converted(space)]);
        for (shown, expected) in pixels(&picture).iter().zip(expected) {
            let near = shown.iter().zip(expected).all(|(a, b): (&u8, u8)| a.abs_diff(b) <= 1);
            assert!(near, "{space:?}: {shown:?} instead of {expected:?}");
        }
    }
}
