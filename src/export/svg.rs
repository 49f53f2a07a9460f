use glam::DVec2;
use tiny_skia::PathSegment;

use super::ExportError;
use super::faces::{Face, Faces};
use super::panels::{PanelImage, Prepared, complete, prepare, write_vector};
use super::xml::{Tag, data_address, escaped};
use crate::files::Target;
use crate::render::text::{ASCENT, letters, outline_of, width};
use crate::render::{
    Color, DrawingList, FaceId, Fonts, Item, Letter, Page, PagePanel, TEXT_HALO, Weight, polygon,
};
use crate::work::{Cancel, Progress};

/// Where the embedded font is not read, letters are taken from faces of the same widths.
const FAMILIES: &str = "Liberation Sans, Arial, Helvetica, sans-serif";

/// Writes a page as an SVG, and nothing but the page: no names, no dates. All or nothing.
///
/// Every panel is one PNG of exactly its samples; lines are lines and text is text. The same page gives the same
/// bytes. The steps of the progress are the panels and the writing.
pub fn write_svg(
    to: Target<'_>,
    page: &Page,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), ExportError> {
    write_vector(to, cancel, || svg_bytes(page, fonts, cancel, progress))
}

/// The bytes of [`write_svg`].
pub fn svg_bytes(
    page: &Page,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<u8>, ExportError> {
    let Prepared { images, faces } = prepare(page, fonts, cancel, progress)?;
    let drawing = Drawing { fonts, faces: &faces, lines: Vec::new() };
    let svg = drawing.page(page, &images);
    complete(svg.into_bytes(), cancel, progress)
}

struct Drawing<'a> {
    fonts: &'a Fonts,
    faces: &'a Faces,
    /// The file line by line.
    lines: Vec<String>,
}

impl Drawing<'_> {
    /// The whole file. Places are pixels of the page, as they are in its lists.
    fn page(mut self, page: &Page, images: &[PanelImage]) -> String {
        // The paper need not be whole pixels: so a pixel is exactly an inch over the dpi.
        let [across, down] = page.size_mm.to_array().map(|side| short(side / 25.4 * page.dpi));
        let [width, height] = page.size_mm.to_array().map(|side| short(side) + "mm");
        let root = Tag::new("svg")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("xmlns:xlink", "http://www.w3.org/1999/xlink")
            .with("width", width)
            .with("height", height)
            .with("viewBox", format!("0 0 {across} {down}"));
        self.lines.push(root.open());
        self.embed_fonts();
        let paper = Tag::new("rect").with("width", across).with("height", down).with("fill", "#ffffff");
        self.lines.push(paper.empty());
        let look = Tag::new("g")
            .with("stroke-linecap", "round")
            .with("stroke-linejoin", "round")
            .with("font-family", FAMILIES)
            .with("text-rendering", "geometricPrecision")
            // Letters are where the file puts them: no browser moves pairs or joins them once more.
            .with("style", "font-kerning:none;font-variant-ligatures:none");
        self.lines.push(look.open());
        for (index, (panel, image)) in page.panels.iter().zip(images).enumerate() {
            self.panel(index, panel, image);
        }
        self.list(&page.list);
        self.lines.push("</g>\n</svg>\n".to_owned());
        self.lines.join("\n")
    }

    /// The faces that are used, cut down: a browser needs no font of its own.
    fn embed_fonts(&mut self) {
        let mut rules = Vec::new();
        for (id, face) in self.faces.iter().filter(|(_, face)| !face.glyphs.is_empty()) {
            let whole = self.fonts.font(id);
            let Some(file) = whole.and_then(|whole| face.web_font(&whole)) else { continue };
            let (family, weight) = (family_name(face), if id == FaceId::BOLD { 700 } else { 400 });
            let source = data_address("font/ttf", &file);
            rules.push(format!("@font-face{{font-family:{family};font-weight:{weight};src:url({source})}}"));
        }
        if !rules.is_empty() {
            self.lines.push(format!("<style>\n{}\n</style>", rules.join("\n")));
        }
    }

    fn panel(&mut self, index: usize, panel: &PagePanel, image: &PanelImage) {
        let (left, top, size) = (panel.left, panel.top, panel.picture.size);
        let [width, height] = [size.width, size.height].map(|side| side.to_string());
        // At another size it is smoothed, for rows that are left out would look like findings. At its own size it is
        // what it is: the usual way of resvg would blur it there too.
        let picture = Tag::new("image")
            .with("x", left.to_string())
            .with("y", top.to_string())
            .with("width", &width)
            .with("height", &height)
            .with("preserveAspectRatio", "none")
            .with("style", "image-rendering:smooth")
            .with("xlink:href", data_address("image/png", &image.png));
        self.lines.push(picture.empty());
        let name = format!("panel{index}");
        let edge = Tag::new("rect").with("width", width).with("height", height).empty();
        self.lines.push(Tag::new("clipPath").with("id", &name).around(&edge));
        let group = Tag::new("g")
            .with("transform", format!("translate({left} {top})"))
            .with("clip-path", format!("url(#{name})"));
        self.lines.push(group.open());
        self.list(&panel.list);
        self.lines.push("</g>".to_owned());
    }

    /// Draws every item, as [`crate::render::paint`] does.
    fn list(&mut self, list: &DrawingList) {
        for item in &list.items {
            match item {
                Item::Line { points, closed, stroke } => {
                    let Some(path) = polygon(points, *closed) else { continue };
                    let line = Tag::new("path").with("d", way(&path)).with("fill", "none");
                    if let Some(halo) = stroke.halo {
                        let width = stroke.width + 2.0 * stroke.halo_width();
                        self.lines.push(stroked(line.clone(), halo, width).empty());
                    }
                    self.lines.push(stroked(line, stroke.color, stroke.width).empty());
                }
                Item::Fill { points, color } => {
                    if let Some(path) = polygon(points, true) {
                        let area = Tag::new("path").with("d", way(&path));
                        self.lines.push(colored(area, "fill", *color).empty());
                    }
                }
                Item::Text { at, size_px, text, weight, color, halo } => {
                    let letters = letters(self.fonts, text, *size_px, *weight);
                    if letters.is_empty() || !(at.0.is_finite() && size_px.is_finite()) {
                        continue;
                    }
                    let start = at.0 + DVec2::new(0.0, size_px * ASCENT);
                    let line = Line { letters, text, size: *size_px, start, bold: *weight == Weight::Bold };
                    self.lines.extend(line.tags(self.fonts, self.faces, *color, *halo));
                }
            }
        }
    }
}

/// A line of text.
struct Line<'a> {
    letters: Vec<Letter>,
    text: &'a str,
    size: f64,
    /// Where its base line begins.
    start: DVec2,
    bold: bool,
}

impl Line<'_> {
    /// The line as text and, of what no embedded face can set, outlines.
    fn tags(&self, fonts: &Fonts, faces: &Faces, color: Color, halo: Option<Color>) -> Vec<String> {
        // A face that is cut down has no rules any more: what these join, reorder or place is drawn, and the words are
        // there, in the order of reading, to be found.
        let by_itself = |letter: &Letter| letter.face.is_none() || letter.single().is_some();
        let plain = self.letters.iter().all(|letter| letter.character().is_some() && by_itself(letter));
        let outline = |wanted: &dyn Fn(&Letter) -> bool| {
            let path = outline_of(fonts, &self.letters, self.size, self.start, wanted);
            path.map(|path| Tag::new("path").with("d", way(&path)))
        };
        let rim = |tag: Tag, color: Color| stroked(tag, color, self.size * TEXT_HALO);
        let mut tags = Vec::new();
        // The rim is the letters' own stroke under them, so that the words stand here once; but that of one run would lie
        // on the letters of the run before it.
        let runs = self.runs(faces);
        let own_rim = plain && runs.len() == 1;
        if let Some(halo) = halo.filter(|_| !own_rim) {
            tags.extend(outline(&|_| true).map(|tag| rim(tag.with("fill", "none"), halo).empty()));
        }
        let inked = |tag: Tag| {
            let tag = colored(tag, "fill", color);
            let Some(halo) = halo.filter(|_| own_rim) else { return tag };
            rim(tag, halo).with("paint-order", "stroke")
        };
        tags.extend(outline(&|letter| !(plain && faces.have(letter))).map(|tag| inked(tag).empty()));
        let line = Tag::new("text")
            .with("xml:space", "preserve")
            .with("x", short(self.start.x))
            .with("y", short(self.start.y))
            .with("font-size", short(self.size))
            .with("font-weight", if self.bold { "700" } else { "400" });
        tags.push(if plain {
            inked(line).around(&self.words(&runs, faces))
        } else {
            let shown = self.text.chars().filter(|c| !c.is_control()).collect::<String>();
            line.with("visibility", "hidden").around(&escaped(&shown))
        });
        tags
    }

    /// Letters of one face in a row, each where the one before it ends.
    fn runs(&self, faces: &Faces) -> Vec<&[Letter]> {
        let face = |letter: &Letter| letter.face.filter(|_| faces.have(letter));
        self.letters.chunk_by(|a, b| face(a) == face(b) && !self.closer(a, faces)).collect()
    }

    /// The words as XML. Where the face changes, or a pair of letters is closer than the face alone sets it, the next
    /// letters are told where they are.
    fn words(&self, runs: &[&[Letter]], faces: &Faces) -> String {
        let own = |id: &FaceId| [FaceId::REGULAR, FaceId::BOLD].contains(id);
        let mut x = self.start.x;
        let mut words = String::new();
        for run in runs {
            let text: String = run.iter().map(|letter| letter.text.as_str()).collect();
            let id = run.first().and_then(|letter| letter.face);
            let found = id.and_then(|id| faces.get(id));
            let first = words.is_empty();
            let span = Tag::new("tspan").with("x", short(x));
            words += &match (id, found) {
                (Some(id), Some(_)) if own(&id) && first => escaped(&text).into_owned(),
                (Some(id), Some(_)) if own(&id) => span.around(&escaped(&text)),
                (Some(_), Some(other)) => {
                    let families = format!("{}, {FAMILIES}", family_name(other));
                    span.with("font-family", families).with("font-weight", "400").around(&escaped(&text))
                }
                // Its outline is drawn; the character is there to be found.
                (_, _) => span.with("visibility", "hidden").around(&escaped(&text)),
            };
            x += width(run);
        }
        words
    }

    /// Whether the next letter is not where the width of this one puts it.
    fn closer(&self, letter: &Letter, faces: &Faces) -> bool {
        let width = letter.single().and_then(|(id, glyph)| {
            let face = faces.get(id)?;
            Some(face.width(face.number(glyph)?) * self.size)
        });
        width.is_some_and(|width| (width - letter.advance).abs() > 1e-3 * self.size)
    }
}

/// The family of a face in quotes.
fn family_name(face: &Face) -> String {
    let harmless = |c: &char| !matches!(c, '\'' | '"' | '\\' | '<' | '>' | '&') && !c.is_control();
    format!("'{}'", face.family.chars().filter(harmless).collect::<String>())
}

fn colored(tag: Tag, paint: &str, Color([r, g, b, alpha]): Color) -> Tag {
    let tag = tag.with(paint, format!("#{r:02x}{g:02x}{b:02x}"));
    match alpha {
        255 => tag,
        alpha => tag.with(&format!("{paint}-opacity"), short(f64::from(alpha) / 255.0)),
    }
}

fn stroked(tag: Tag, color: Color, width: f64) -> Tag {
    colored(tag, "stroke", color).with("stroke-width", short(width))
}

/// A path as an SVG writes it.
fn way(path: &tiny_skia::Path) -> String {
    let mut way = String::new();
    for segment in path.segments() {
        let (letter, points) = match segment {
            PathSegment::MoveTo(to) => ('M', vec![to]),
            PathSegment::LineTo(to) => ('L', vec![to]),
            PathSegment::QuadTo(by, to) => ('Q', vec![by, to]),
            PathSegment::CubicTo(first, second, to) => ('C', vec![first, second, to]),
            PathSegment::Close => ('Z', Vec::new()),
        };
        way.push(letter);
        let places = points.iter().map(|p| format!("{} {}", short(p.x.into()), short(p.y.into())));
        way += &places.collect::<Vec<_>>().join(" ");
    }
    way
}

/// A number to a thousandth: of a pixel or a millimetre.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::faces::tests::page_of;

    #[test]
    fn numbers_are_short() {
        for (value, text) in
            [(0.0, "0"), (-0.0001, "0"), (180.0, "180"), (-1.25, "-1.25"), (2.0 / 3.0, "0.667")]
        {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn a_line_is_one_text_and_its_face_changes_within_it() {
        let fonts = Fonts::default();
        let text = "a<b∅ᚠc";
        let faces = Faces::of(&page_of(text), &fonts);
        let letters = letters(&fonts, text, 100.0, Weight::Regular);
        let line = Line { letters, text, size: 100.0, start: DVec2::new(10.0, 0.0), bold: false };
        let other = "font-family=\"&apos;Hack&apos;, Liberation Sans, Arial, Helvetica, sans-serif\" font-weight=\"400\"";
        let expected = format!(
            "a&lt;b<tspan x=\"179.629\" {other}>∅</tspan><tspan x=\"239.834\" visibility=\"hidden\">ᚠ</tspan><tspan x=\"299.834\">c</tspan>"
        );
        assert_eq!(line.words(&line.runs(&faces), &faces), expected);
    }
}
