//! How large a pixel is, where a program that measures says so.

use crate::pictures::directory::Directory;

const DESCRIPTION: u16 = 270;
/// Millimetres from pixel to pixel that a microscope, a macroscope or a scanner may have.
const BELIEVED: std::ops::RangeInclusive<f64> = 1e-5..=1.0;

/// Slide scanners of Aperio and `ImageJ` write real lengths; what others call a resolution is for a printer.
pub(super) fn of(page: &Directory<'_>) -> Option<f64> {
    let text = std::str::from_utf8(page.get(DESCRIPTION)?.data).ok()?;
    let mm = if text.starts_with("Aperio") { aperio(text) } else { image_j(text, page) }?;
    BELIEVED.contains(&mm).then_some(mm)
}

/// `Aperio ...|AppMag = 40|MPP = 0.2527`: micrometres for a pixel.
fn aperio(text: &str) -> Option<f64> {
    let field = text.split('|').find_map(|field| field.trim().strip_prefix("MPP"))?;
    let micrometres: f64 = field.trim_start().strip_prefix('=')?.trim_matches(['\0', ' ']).parse().ok()?;
    Some(micrometres / 1000.0)
}

/// `ImageJ=1.53t\nunit=micron`: the resolution is pixels for that unit.
fn image_j(text: &str, page: &Directory<'_>) -> Option<f64> {
    text.strip_prefix("ImageJ=")?;
    let unit = text.lines().find_map(|line| line.strip_prefix("unit="))?;
    let mm = match unit.trim_end_matches(['\0', ' ']) {
        "nm" => 1e-6,
        "micron" | "um" | "\u{B5}m" | "\\u00B5m" => 1e-3,
        "mm" => 1.0,
        "cm" => 10.0,
        _ => return None,
    };
    let (across, down) = (page.get(282)?.fraction()?, page.get(283)?.fraction()?);
    // Pixels that are not square have no one size.
    let square = across > 0.0 && (across - down).abs() <= across * 1e-3;
    square.then(|| mm / across)
}
