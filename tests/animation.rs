//! Animations, read again: what is in the file is what was drawn, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, in its helpers too")]
#![expect(clippy::cast_possible_truncation, reason = "small numbers make the pictures")]

#[path = "animation/readers.rs"]
mod readers;
#[path = "common/skip.rs"]
mod skip;

use std::cell::Cell;
use std::io::{Error, Write};
use std::process::Command;

use isodense::export::{Animation, AnimationColors, AnimationFormat, ExportError, write_animation};
use isodense::render::Picture;
use isodense::view::ViewportSize;
use isodense::work::{Cancel, Progress};
use readers::{
    SIZE, YELLOW, animation, blocks, chunks, draw_colorful, draw_grey, draw_marked, drawn, errors, fill,
    grey, noise, read, write,
};

const FORMATS: [AnimationFormat; 2] = AnimationFormat::ALL;
const COLORS: [AnimationColors; 2] = [AnimationColors::Grey, AnimationColors::Full];

#[test]
fn grey_frames_are_exact_in_both_formats() {
    for (format, colors) in FORMATS.into_iter().flat_map(|f| COLORS.map(|c| (f, c))) {
        let animation = animation(format, colors, 5);
        let read = read(format, &write(&animation, draw_grey).unwrap());
        assert_eq!(read.shown, drawn(&animation, draw_grey), "{format:?} {colors:?}");
        assert!(read.forever, "{format:?}");
    }
}

#[test]
fn few_colors_are_exact_in_both_formats() {
    // 200 greys and 56 colours.
    let draw = |frame: usize, picture: &mut Picture| {
        fill(picture, |column, row| {
            let kind = (column + row * SIZE.width + frame as u32) % 256;
            if kind < 200 { [kind as u8; 3] } else { [255, kind as u8, noise(kind)] }
        });
    };
    for format in FORMATS {
        let animation = animation(format, AnimationColors::Full, 3);
        let read = read(format, &write(&animation, draw).unwrap());
        assert_eq!(read.shown, drawn(&animation, draw), "{format:?}");
    }
}

#[test]
fn marks_leave_greys_within_one_and_keep_their_color() {
    // Large enough for every grey, and for more mixed colours than a palette has.
    let size = ViewportSize { width: 301, height: 203 };
    for (format, most) in [(AnimationFormat::Gif, 1), (AnimationFormat::Apng, 0)] {
        let animation = Animation { size, ..animation(format, AnimationColors::Full, 4) };
        let read = read(format, &write(&animation, draw_marked).unwrap());
        for (before, after) in drawn(&animation, draw_marked).iter().zip(&read.shown) {
            let (worst, rms) = errors(before, after);
            assert!(worst <= most && rms <= 6.0 * f64::from(most), "{format:?}: {worst} {rms}");
            for (old, new) in before.pixels.iter().zip(&after.pixels) {
                if old[..3] == YELLOW {
                    assert_eq!(new, old, "{format:?}");
                }
            }
        }
    }
}

#[test]
fn many_colors_leave_greys_within_one() {
    let size = ViewportSize { width: 301, height: 203 };
    // Half of it all greys, half of it colours; then fewer greys, with gaps, and few entries for them.
    for (every, mask) in [(2, 0xFF), (4, 0xFE)] {
        let draw = |frame: usize, picture: &mut Picture| {
            draw_colorful(frame, picture);
            for pixel in picture.pixels.iter_mut().step_by(every) {
                *pixel = [pixel[0] & mask, pixel[0] & mask, pixel[0] & mask, 255];
            }
        };
        let animation = Animation { size, ..animation(AnimationFormat::Gif, AnimationColors::Full, 2) };
        let read = read(AnimationFormat::Gif, &write(&animation, draw).unwrap());
        for (before, after) in drawn(&animation, draw).iter().zip(&read.shown) {
            let (worst, rms) = errors(before, after);
            assert!(worst == 1 && rms < 20.0, "{every}: {worst} {rms}");
        }
    }
}

#[test]
fn colors_become_the_nearest_of_the_palette() {
    let animation = animation(AnimationFormat::Gif, AnimationColors::Full, 1);
    let bytes = write(&animation, draw_colorful).unwrap();
    let mut decoder = gif::DecodeOptions::new().read_info(&bytes[..]).unwrap();
    let palette = decoder.read_next_frame().unwrap().unwrap().palette.clone().unwrap();
    let far = |a: &[u8], b: &[u8]| -> u32 {
        a.iter().zip(b).take(3).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
    };
    let (before, after) = (drawn(&animation, draw_colorful), read(AnimationFormat::Gif, &bytes).shown);
    for (old, new) in before[0].pixels.iter().zip(&after[0].pixels).filter(|(old, _)| old[0] != old[1]) {
        assert_eq!(Some(far(old, new)), palette.chunks(3).map(|entry| far(old, entry)).min());
    }
}

#[test]
fn a_grey_frame_after_one_that_lost_something_is_exact() {
    let size = ViewportSize { width: 301, height: 203 };
    // All of the first frame loses something, and the second differs from it at the ring only.
    let draw = |frame: usize, picture: &mut Picture| {
        if frame == 0 { draw_marked(0, picture) } else { draw_grey(0, picture) }
    };
    let animation = Animation { size, ..animation(AnimationFormat::Gif, AnimationColors::Full, 2) };
    let read = read(AnimationFormat::Gif, &write(&animation, draw).unwrap());
    let drawn = drawn(&animation, draw);
    assert_ne!(read.shown[0], drawn[0]);
    assert_eq!(read.shown[1], drawn[1]);
}

#[test]
fn only_what_changed_is_written() {
    // The corners of the change: three pixels that span columns 4 to 30 and rows 2 to 20.
    let draw = |frame: usize, picture: &mut Picture| {
        draw_grey(0, picture);
        let at = |column: usize, row: usize| row * SIZE.width as usize + column;
        for (index, place) in [at(4, 9), at(30, 2), at(11, 20)].into_iter().enumerate() {
            let color = [200, 30, index as u8 * 50, 255];
            picture.pixels[place] = if frame == 1 || frame == 2 { color } else { picture.pixels[place] };
        }
    };
    for format in FORMATS {
        let animation = animation(format, AnimationColors::Full, 4);
        let read = read(format, &write(&animation, draw).unwrap());
        assert_eq!(read.areas, [(37, 23), (27, 19), (1, 1), (27, 19)], "{format:?}");
        assert_eq!(read.shown, drawn(&animation, draw), "{format:?}");
    }
}

#[test]
fn the_whole_length_is_right() {
    let delays = |format, frames_per_second, count| {
        let size = ViewportSize { width: 3, height: 2 };
        let animation =
            Animation { size, frames_per_second, ..animation(format, AnimationColors::Grey, count) };
        read(format, &write(&animation, draw_grey).unwrap()).delays
    };
    let gif = |rate, count| -> Vec<u16> {
        delays(AnimationFormat::Gif, rate, count).into_iter().map(|(delay, _)| delay).collect()
    };
    assert_eq!(gif(15.0, 6), [7, 6, 7, 7, 6, 7]);
    assert_eq!(gif(50.0, 3), [2, 2, 2]);
    assert_eq!(gif(120.0, 3), [2, 2, 2]);
    assert_eq!(gif(0.01, 2), [10_000, 10_000]);
    for rate in [0.3, 7.5, 10.0, 12.0, 24.0, 29.97, 30.0, 33.3, 44.0, 49.9] {
        let delays = gif(rate, 97);
        let step = 100.0 / rate;
        let total: f64 = delays.iter().copied().map(f64::from).sum();
        assert!((total - 97.0 * step).abs() <= 0.5, "{rate}: {total}");
        assert!(delays.iter().all(|delay| *delay >= 2 && (f64::from(*delay) - step).abs() <= 1.0), "{rate}");
    }
    for (rate, expected) in
        [(15.0, (1, 15)), (7.5, (2, 15)), (29.97, (100, 2997)), (0.01, (100, 1)), (1000.0, (1, 1000))]
    {
        assert_eq!(delays(AnimationFormat::Apng, rate, 3), [expected; 3], "{rate}");
    }
    for rate in [0.012_345, 0.7, 1.0 / 3.0, 23.976, 30.003, std::f64::consts::PI, 999.9] {
        let (numerator, denominator) = delays(AnimationFormat::Apng, rate, 1)[0];
        let off = f64::from(numerator) / f64::from(denominator) * rate - 1.0;
        assert!(off.abs() < 1.0 / 65_535.0, "{rate}: {numerator}/{denominator}");
    }
}

#[test]
fn the_same_frames_make_the_same_bytes() {
    for format in FORMATS {
        for draw in [draw_grey, draw_marked, draw_colorful] {
            let animation = animation(format, AnimationColors::Full, 3);
            assert_eq!(write(&animation, draw).unwrap(), write(&animation, draw).unwrap());
        }
    }
}

#[test]
fn a_cancelled_animation_is_an_error_and_draws_no_more() {
    for (format, at) in FORMATS.into_iter().flat_map(|f| [0, 2, 4].map(|at| (f, at))) {
        let (cancel, progress, drawn) = (Cancel::default(), Progress::default(), Cell::new(0));
        let frames = |index: usize, picture: &mut Picture| {
            draw_grey(index, picture);
            drawn.set(drawn.get() + 1);
            if index == at {
                cancel.cancel();
            }
            Ok(())
        };
        let animation = animation(format, AnimationColors::Grey, 5);
        let result = write_animation(Vec::new(), &animation, frames, &cancel, &progress);
        assert!(matches!(result, Err(ExportError::Cancelled)));
        assert_eq!((drawn.get(), progress.done(), progress.total()), (at + 1, at, 5));
    }
}

#[test]
fn what_cannot_be_written_says_why() {
    let size = |width, height| ViewportSize { width, height };
    for format in FORMATS {
        let good = animation(format, AnimationColors::Grey, 2);
        let error = |animation: Animation| write(&animation, |_, _| panic!("drawn")).unwrap_err();
        assert!(matches!(error(Animation { count: 0, ..good }), ExportError::NoFrames));
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1000.1] {
            let error = error(Animation { frames_per_second: rate, ..good });
            assert!(matches!(error, ExportError::Speed { .. }));
        }
        for size in [size(0, 5), size(5, 0), size(30_001, 5), size(u32::MAX, u32::MAX)] {
            assert!(matches!(error(Animation { size, ..good }), ExportError::TooLarge { .. }));
        }
        for (size, count) in [(size(1, 1), 10_001), (size(20_000, 10_001), 2), (size(512, 512), 1526)] {
            assert!(matches!(error(Animation { size, count, ..good }), ExportError::TooLong { .. }));
        }
        let other = |frame: usize, picture: &mut Picture| {
            if frame == 1 {
                // As many pixels, but not the same shape.
                picture.size = ViewportSize { width: SIZE.height, height: SIZE.width };
            }
        };
        assert!(matches!(write(&good, other).unwrap_err(), ExportError::FrameSize { number: 2 }));
        let short = |_: usize, picture: &mut Picture| picture.pixels.truncate(9);
        assert!(matches!(write(&good, short).unwrap_err(), ExportError::FrameSize { number: 1 }));
        let colored = |frame: usize, picture: &mut Picture| picture.pixels[5][2] = frame as u8;
        assert!(matches!(write(&good, colored).unwrap_err(), ExportError::NotGrey { number: 2 }));
        let failed = |_: usize, _: &mut Picture| Err(ExportError::Encode("no such frame".to_owned()));
        let result = write_animation(Vec::new(), &good, failed, &Cancel::default(), &Progress::default());
        assert_eq!(result.unwrap_err().to_string(), "the picture could not be encoded: no such frame");
    }
}

/// A disk that is full after so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(data.len()).ok_or_else(|| Error::other("full"))?;
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_at_every_byte() {
    for format in FORMATS {
        let animation = animation(format, AnimationColors::Full, 2);
        let length = write(&animation, draw_marked).unwrap().len();
        let try_with = |room| {
            let frames = |index: usize, picture: &mut Picture| {
                draw_marked(index, picture);
                Ok(())
            };
            write_animation(Full(room), &animation, frames, &Cancel::default(), &Progress::default())
        };
        for room in (0..length).step_by(7).chain([length - 1]) {
            assert!(matches!(try_with(room), Err(ExportError::Io(_))), "{format:?} {room} of {length}");
        }
        try_with(length).unwrap();
    }
}

#[test]
fn nothing_but_pixels_and_times_is_in_the_file() {
    for colors in [AnimationColors::Full, AnimationColors::Grey] {
        let draw = if colors == AnimationColors::Full { draw_marked } else { draw_grey };
        let gif = write(&animation(AnimationFormat::Gif, colors, 3), draw).unwrap();
        let frames = ["control", "image"].repeat(3);
        assert_eq!(blocks(&gif), [&["GIF89a", "NETSCAPE2.0"], &frames[..], &["end"]].concat());
        let apng = write(&animation(AnimationFormat::Apng, colors, 3), draw).unwrap();
        let expected = ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"];
        assert_eq!(chunks(&apng), expected);
    }
}

#[test]
fn one_frame_and_one_pixel_are_an_animation() {
    for format in FORMATS {
        let size = ViewportSize { width: 1, height: 1 };
        let animation = Animation { size, ..animation(format, AnimationColors::Grey, 1) };
        let draw = |_: usize, picture: &mut Picture| fill(picture, |column, row| [grey(9, column, row); 3]);
        let read = read(format, &write(&animation, draw).unwrap());
        assert_eq!((read.shown, read.areas), (drawn(&animation, draw), vec![(1, 1)]));
    }
}

const PILLOW: &str = "
import sys
from PIL import Image, ImageSequence
with Image.open(sys.argv[1]) as file, open(sys.argv[2], 'wb') as out:
    times, extension = [], file.info.get('extension')
    for frame in ImageSequence.Iterator(file):
        out.write(frame.convert('RGB').tobytes())
        times.append('%.3f' % frame.info['duration'])
    extra = sorted(set(file.info) & {'comment', 'dpi', 'exif', 'gamma', 'icc_profile', 'srgb'})
    extra += sorted(getattr(file, 'text', {}))
    print(file.format, file.size, file.n_frames, file.info['loop'], times, extra, extension)
";

#[test]
fn pillow_reads_the_same() {
    let has = Command::new("python3").args(["-c", "import PIL"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        skip::skipped("python3 with PIL is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (file, raw) = (folder.path().join("cine"), folder.path().join("raw"));
    for (format, colors) in FORMATS.into_iter().flat_map(|f| COLORS.map(|c| (f, c))) {
        let draw = |frame: usize, picture: &mut Picture| match (colors, frame) {
            (AnimationColors::Grey, _) | (AnimationColors::Full, 2) => draw_grey(frame, picture),
            (AnimationColors::Full, 3) => draw_colorful(frame, picture),
            (AnimationColors::Full, _) => draw_marked(frame, picture),
        };
        let animation = animation(format, colors, 6);
        let bytes = write(&animation, draw).unwrap();
        isodense::store::write_atomic(&file, &bytes).unwrap();
        let output = Command::new("python3").arg("-c").arg(PILLOW).args([&file, &raw]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let expected = match format {
            AnimationFormat::Gif => {
                "GIF (37, 23) 6 0 ['70.000', '60.000', '70.000', '70.000', '60.000', '70.000'] [] (b'NETSCAPE2.0'"
            }
            AnimationFormat::Apng => {
                "PNG (37, 23) 6 0 ['66.667', '66.667', '66.667', '66.667', '66.667', '66.667'] [] None"
            }
        };
        assert!(said.starts_with(expected), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let shown = std::fs::read(&raw).unwrap();
        let ours: Vec<u8> = read(format, &bytes)
            .shown
            .iter()
            .flat_map(|picture| picture.pixels.iter().flat_map(|p| [p[0], p[1], p[2]]).collect::<Vec<_>>())
            .collect();
        assert!(shown == ours, "{format:?} {colors:?}");
    }
}
