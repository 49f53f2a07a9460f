//! Whose work is in the program, and under which licences.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::CliError;
use super::console::Console;

/// `assets/licences.txt`, which `tests/licences.rs` keeps current, deflated.
const NOTICE: &[u8] = include_bytes!("../../assets/licences.deflate");

pub(super) fn run(console: &mut Console<'_>) -> Result<u8, CliError> {
    let mut text = String::new();
    DeflateDecoder::new(NOTICE).read_to_string(&mut text)?;
    console.out.write_all(text.as_bytes())?;
    Ok(0)
}
