//! Pictures to animate, and two readers of what was written.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers make the pictures"
)]

use std::io::Cursor;

use isodense::export::{Animation, AnimationColors, AnimationFormat, ExportError, write_animation};
use isodense::render::Picture;
use isodense::view::ViewportSize;
use isodense::work::{Cancel, Progress};

/// Neither square nor a multiple of anything.
pub(crate) const SIZE: ViewportSize = ViewportSize { width: 37, height: 23 };
/// The colour of the marks.
pub(crate) const YELLOW: [u8; 3] = [255, 221, 51];

/// An animation that has been read again.
#[derive(Debug)]
pub(crate) struct Read {
    /// What a viewer shows for each frame.
    pub(crate) shown: Vec<Picture>,
    /// How long each frame is shown, in seconds as a fraction.
    pub(crate) delays: Vec<(u16, u16)>,
    /// Columns and rows that each frame brings.
    pub(crate) areas: Vec<(u32, u32)>,
    /// Whether it loops for ever.
    pub(crate) forever: bool,
}

/// A number that looks random but is the same every time.
pub(crate) fn noise(seed: u32) -> u8 {
    let mut x = seed.wrapping_mul(0x9E37_79B9) ^ 0x85EB_CA6B;
    for shift in [16, 13, 16] {
        x = (x ^ (x >> shift)).wrapping_mul(0x7FEB_352D);
    }
    (x >> 24) as u8
}

/// Paints every pixel from its frame, column and row.
pub(crate) fn fill(picture: &mut Picture, color: impl Fn(u32, u32) -> [u8; 3]) {
    let width = picture.size.width;
    for (index, pixel) in picture.pixels.iter_mut().enumerate() {
        let [r, g, b] = color(index as u32 % width, index as u32 / width);
        *pixel = [r, g, b, 255];
    }
}

/// A slope with noise, with every grey in it.
pub(crate) fn grey(frame: usize, column: u32, row: u32) -> u8 {
    let slope = (column * 5 + row * 7 + frame as u32 * 3) % 256;
    (slope as u8).wrapping_add(noise(frame as u32 * 100_003 + row * 1009 + column) / 16)
}

/// A grey picture.
pub(crate) fn draw_grey(frame: usize, picture: &mut Picture) {
    fill(picture, |column, row| [grey(frame, column, row); 3]);
}

/// A grey picture with a yellow ring that has soft edges, as marks have.
pub(crate) fn draw_marked(frame: usize, picture: &mut Picture) {
    let size = picture.size;
    let (x, y) = (f64::from(size.width) / 2.0 + frame as f64 * 0.7, f64::from(size.height) / 2.0);
    fill(picture, |column, row| {
        let far = (f64::from(column) - x).hypot(f64::from(row) - y) - f64::from(size.height) / 3.0;
        let cover = (2.0 - far.abs()).clamp(0.0, 1.0);
        let grey = f64::from(grey(frame, column, row));
        YELLOW.map(|channel| (grey + (f64::from(channel) - grey) * cover).round() as u8)
    });
}

/// A picture where nearly every pixel has a colour of its own.
pub(crate) fn draw_colorful(frame: usize, picture: &mut Picture) {
    fill(picture, |column, row| {
        let seed = frame as u32 * 65_537 + row * 3001 + column;
        [
            grey(frame, column, row),
            noise(seed) / 2 + (column % 128) as u8,
            noise(seed + 7) / 4 + row as u8 % 128,
        ]
    });
}

pub(crate) fn animation(format: AnimationFormat, colors: AnimationColors, count: usize) -> Animation {
    Animation { format, colors, size: SIZE, count, frames_per_second: 15.0 }
}

/// Writes an animation that nobody cancels.
pub(crate) fn write(
    animation: &Animation,
    draw: impl Fn(usize, &mut Picture),
) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Cursor::new(Vec::new());
    let frames = |index: usize, picture: &mut Picture| {
        draw(index, picture);
        Ok(())
    };
    write_animation(&mut bytes, animation, frames, &Cancel::default(), &Progress::default())?;
    Ok(bytes.into_inner())
}

/// What the frames were before they were written.
pub(crate) fn drawn(animation: &Animation, draw: impl Fn(usize, &mut Picture)) -> Vec<Picture> {
    let picture = |index| {
        let mut picture = Picture::new(animation.size);
        draw(index, &mut picture);
        picture
    };
    (0..animation.count).map(picture).collect()
}

pub(crate) fn read(format: AnimationFormat, bytes: &[u8]) -> Read {
    match format {
        AnimationFormat::Gif => read_gif(bytes),
        AnimationFormat::Apng => read_apng(bytes),
    }
}

fn read_gif(bytes: &[u8]) -> Read {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(bytes).unwrap();
    let size = ViewportSize { width: decoder.width().into(), height: decoder.height().into() };
    let mut screen = Picture { size, pixels: vec![[9, 9, 9, 9]; (size.width * size.height) as usize] };
    let mut read = Read { shown: vec![], delays: vec![], areas: vec![], forever: false };
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert_eq!((frame.dispose, frame.transparent), (gif::DisposalMethod::Keep, None));
        let area = [frame.left, frame.top, frame.width, frame.height].map(u32::from);
        paste(&mut screen, area, &frame.buffer, 4);
        read.shown.push(screen.clone());
        read.delays.push((frame.delay, 100));
        read.areas.push((area[2], area[3]));
    }
    read.forever = decoder.repeat() == gif::Repeat::Infinite;
    read
}

fn read_apng(bytes: &[u8]) -> Read {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let control = *reader.info().animation_control().unwrap();
    let (width, height) = reader.info().size();
    let size = ViewportSize { width, height };
    let channels = reader.info().color_type.samples();
    let mut screen = Picture { size, pixels: vec![[9, 9, 9, 9]; (width * height) as usize] };
    let mut read = Read { shown: vec![], delays: vec![], areas: vec![], forever: control.num_plays == 0 };
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    for _ in 0..control.num_frames {
        reader.next_frame(&mut buffer).unwrap();
        let frame = *reader.info().frame_control().unwrap();
        assert_eq!((frame.dispose_op, frame.blend_op), (png::DisposeOp::None, png::BlendOp::Source));
        paste(&mut screen, [frame.x_offset, frame.y_offset, frame.width, frame.height], &buffer, channels);
        read.shown.push(screen.clone());
        read.delays.push((frame.delay_num, frame.delay_den));
        read.areas.push((frame.width, frame.height));
    }
    assert!(reader.next_frame(&mut buffer).is_err());
    read
}

fn paste(screen: &mut Picture, [left, top, width, height]: [u32; 4], data: &[u8], channels: usize) {
    for row in 0..height {
        for column in 0..width {
            let at = (row * width + column) as usize * channels;
            let pixel = if channels == 1 { [data[at]; 3] } else { [data[at], data[at + 1], data[at + 2]] };
            let to = ((top + row) * screen.size.width + left + column) as usize;
            screen.pixels[to] = [pixel[0], pixel[1], pixel[2], 255];
        }
    }
}

/// The greatest error of a grey pixel, and the root of the mean squared error of the others' channels.
pub(crate) fn errors(before: &Picture, after: &Picture) -> (u8, f64) {
    let (mut worst, mut squares, mut count) = (0, 0.0, 0.0);
    for (old, new) in before.pixels.iter().zip(&after.pixels) {
        let off = [0, 1, 2].map(|channel| old[channel].abs_diff(new[channel]));
        if old[0] == old[1] && old[1] == old[2] {
            worst = off.into_iter().fold(worst, u8::max);
        } else {
            squares += off.map(|off| f64::from(off).powi(2)).iter().sum::<f64>();
            count += 3.0;
        }
    }
    (worst, if count > 0.0 { (squares / count).sqrt() } else { 0.0 })
}

/// The chunks of a PNG, read by nothing but the specification.
pub(crate) fn chunks(bytes: &[u8]) -> Vec<String> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap();
    let mut names = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        names.push(String::from_utf8(rest[4..8].to_vec()).unwrap());
        rest = &rest[length + 12..];
    }
    names
}

/// The blocks of a GIF, read by nothing but the specification.
pub(crate) fn blocks(bytes: &[u8]) -> Vec<String> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(bytes[10]);
    let mut names = vec![String::from_utf8(bytes[..6].to_vec()).unwrap()];
    let skip = |mut at: usize| {
        while bytes[at] > 0 {
            at += usize::from(bytes[at]) + 1;
        }
        at + 1
    };
    while at < bytes.len() {
        match bytes[at] {
            0x21 => {
                let name = String::from_utf8_lossy(&bytes[at + 3..at + 14]);
                names.push(match bytes[at + 1] {
                    0xFF => name.into_owned(),
                    0xF9 => "control".to_owned(),
                    other => format!("extension {other:02X}"),
                });
                at = skip(at + 2);
            }
            0x2C => {
                names.push("image".to_owned());
                at = skip(at + 11 + table(bytes[at + 9]));
            }
            0x3B => {
                names.push("end".to_owned());
                at += 1;
            }
            other => panic!("block {other:02X}"),
        }
    }
    names
}
