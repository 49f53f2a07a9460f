use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref, Str};
use sha2::{Digest as _, Sha256};
use skrifa::instance::{LocationRef, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider as _};

use super::ExportError;
use super::faces::Face;
use super::file::named;
use super::pdf::deflate;

/// Glyphs are named by their number.
pub(super) const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes a cut-down face: the font that text names, its widths, its file and the characters of its glyphs.
pub(super) fn write_font(pdf: &mut Pdf, next: &mut Ref, face: &Face) -> Result<Ref, ExportError> {
    let [font, glyphs, descriptor, file, characters] = [(); 5].map(|()| next.bump());
    let read = FontRef::new(&face.file).map_err(named)?;
    let name = subset_name(face, &read);
    let name = Name(name.as_bytes());
    let cff = face.table(*b"CFF ");

    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(glyphs)
        .to_unicode(characters);

    let mut cid = pdf.cid_font(glyphs);
    cid.subtype(if cff.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
    cid.base_font(name).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
    if cff.is_none() {
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    cid.widths().consecutive(0, face.widths.iter().copied());
    cid.finish();

    let metrics = read.metrics(Size::new(1000.0), LocationRef::default());
    let bounds = metrics.bounds.unwrap_or_default();
    let mut about = pdf.font_descriptor(descriptor);
    about
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max))
        .italic_angle(metrics.italic_angle)
        .ascent(metrics.ascent)
        .descent(metrics.descent)
        .cap_height(metrics.cap_height.unwrap_or(metrics.ascent))
        // Only a reader that has lost the font asks for it.
        .stem_v(80.0);
    if cff.is_some() {
        about.font_file3(file);
    } else {
        about.font_file2(file);
    }
    about.finish();

    let data = deflate(cff.unwrap_or(&face.file))?;
    let mut stream = pdf.stream(file, &data);
    stream.filter(Filter::FlateDecode);
    if cff.is_some() {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    } else {
        let length = i32::try_from(face.file.len()).map_err(named)?;
        stream.pair(Name(b"Length1"), length);
    }
    stream.finish();
    let map = deflate(&face.to_unicode())?;
    pdf.cmap(characters, &map).filter(Filter::FlateDecode);
    Ok(font)
}

/// The font's name after six letters that tell this subset from others, as the format asks. They follow from the
/// subset, so that the same page gives the same bytes.
fn subset_name(face: &Face, font: &FontRef<'_>) -> String {
    let digest = Sha256::digest(&face.file);
    let tag: String = digest.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect();
    let own = font.localized_strings(StringId::POSTSCRIPT_NAME).english_or_first();
    let own = own.map_or_else(|| face.family.clone(), |name| name.chars().collect());
    let harmless = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    format!("{tag}+{}", own.chars().filter(harmless).collect::<String>())
}
