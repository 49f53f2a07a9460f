//! Programs that other people wrote, where they are installed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use isodense::render::{FontFace, Picture};
use isodense::view::ViewportSize;
use tempfile::TempDir;

/// A file in a folder of its own.
pub(crate) struct Placed {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

pub(crate) fn place(name: &str, bytes: &[u8]) -> Placed {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Placed { folder, path }
}

/// What a program prints; `None`, and a line that says so, when it is not installed.
pub(crate) fn run(program: &str, args: &[&str]) -> Option<Vec<u8>> {
    output(program, Command::new(program).args(args))
}

/// [`run`] for a command with more to it.
pub(crate) fn output(program: &str, command: &mut Command) -> Option<Vec<u8>> {
    let Ok(output) = command.output() else {
        crate::skip::skipped(&format!("{program} is not installed"));
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    // pdfinfo and its like complain there of a file that is not as it should be.
    assert!(!said.contains("rror"), "{command:?}: {said}");
    Some(output.stdout)
}

/// [`run`] for words.
pub(crate) fn words(program: &str, args: &[&str]) -> Option<String> {
    run(program, args).map(|output| String::from_utf8(output).unwrap())
}

/// The picture that a PNG holds.
pub(crate) fn read_png(bytes: &[u8]) -> Picture {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    let channels = info.color_type.samples();
    let size = ViewportSize { width: info.width, height: info.height };
    let pixels = data.chunks_exact(channels).map(|sample| match *sample {
        [grey, alpha] => [grey, grey, grey, alpha],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => panic!("{channels} channels"),
    });
    Picture { size, pixels: pixels.collect() }
}

/// A picture as it looks on white paper.
pub(crate) fn on_white(mut picture: Picture) -> Picture {
    for pixel in &mut picture.pixels {
        let alpha = u32::from(pixel[3]);
        let mixed = |sample: u8| (u32::from(sample) * alpha + 255 * (255 - alpha)) / 255;
        *pixel = [mixed(pixel[0]), mixed(pixel[1]), mixed(pixel[2]), 255].map(|s| u8::try_from(s).unwrap());
    }
    picture
}

/// Fonts that do not come with the program, and a character that only they have: one with outlines of TrueType, and
/// one with those of PostScript (CFF) where it is installed.
pub(crate) fn other_fonts() -> Vec<(FontFace, char)> {
    let face = |data: &[u8]| FontFace::new(data, 0);
    let mut fonts = vec![(face(epaint_default_fonts::EGUI_ICONS), '\u{e61f}')];
    let nimbus = "/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf";
    match fs::read(nimbus) {
        Ok(data) => fonts.push((face(&data), '\u{2111}')),
        Err(_) => crate::skip::skipped(&format!("no {nimbus}")),
    }
    fonts
}
