//! The parts of a Word file that are the same in every report.

/// The styles that paragraphs, words and tables have by name: those of Word, and a few of its own.
pub(super) const STYLES: &str = include_str!("styles.xml");
/// How Word shows the document: as its versions from 2013 on do.
pub(super) const SETTINGS: &str = include_str!("settings.xml");
/// The fonts, and what stands for them where they are not installed.
pub(super) const FONTS: &str = include_str!("fonts.xml");
/// The number of the page, and of how many.
pub(super) const FOOTER: &str = include_str!("footer.xml");
/// A4 with margins of 25 mm.
pub(super) const SECTION: &str = concat!(
    "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footer\"/>",
    "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
    "<w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1417\" w:left=\"1417\" w:header=\"709\" w:footer=\"709\" w:gutter=\"0\"/>",
    "</w:sectPr>",
);
