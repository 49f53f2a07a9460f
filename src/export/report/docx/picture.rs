use glam::DVec2;

use crate::export::xml::Tag;

/// The name space of drawings.
pub(super) const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
/// The name space of pictures, which is what tells that a drawing is one.
pub(super) const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";

/// The name of a picture's file, by its place.
pub(super) fn file_name(place: usize) -> String {
    format!("image{}.png", place + 1)
}

/// What the document calls a picture, by its place.
pub(super) fn relation(place: usize) -> String {
    format!("image{}", place + 1)
}

/// A picture in a line of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picture<'a> {
    pub(super) place: usize,
    pub(super) name: &'a str,
    pub(super) described: &'a str,
    /// Width and height on paper, mm.
    pub(super) size_mm: DVec2,
}

impl Picture<'_> {
    /// The run that shows it.
    pub(super) fn run(&self) -> String {
        // Drawings are measured in pieces of which a millimetre has 36,000.
        let length = |mm: f64| format!("{:.0}", (mm * 36_000.0).max(1.0));
        let (width, height) = (length(self.size_mm.x), length(self.size_mm.y));
        let extent = |name: &'static str| Tag::new(name).with("cx", &width).with("cy", &height).empty();
        let number = (self.place + 1).to_string();
        let about = |name: &'static str| {
            Tag::new(name).with("id", &number).with("name", self.name).with("descr", self.described)
        };
        let none = ["l", "t", "r", "b"].iter();
        let effect = none.fold(Tag::new("wp:effectExtent"), |tag, side| tag.with(side, "0")).empty();
        let locks = Tag::new("a:graphicFrameLocks").with("noChangeAspect", "1").empty();
        let data = Tag::new("a:graphicData").with("uri", PICTURE);
        let inner = [
            extent("wp:extent"),
            effect,
            about("wp:docPr").empty(),
            Tag::new("wp:cNvGraphicFramePr").around(&locks),
            Tag::new("a:graphic").around(&data.around(&self.picture(&about, &extent))),
        ];
        let sides = ["distT", "distB", "distL", "distR"].iter();
        let inline = sides.fold(Tag::new("wp:inline"), |tag, side| tag.with(side, "0"));
        Tag::new("w:r").around(&Tag::new("w:drawing").around(&inline.around(&inner.concat())))
    }

    fn picture(
        &self,
        about: &dyn Fn(&'static str) -> Tag,
        extent: &dyn Fn(&'static str) -> String,
    ) -> String {
        let named = about("pic:cNvPr").empty() + &Tag::new("pic:cNvPicPr").empty();
        let blip = Tag::new("a:blip").with("r:embed", relation(self.place)).empty();
        let whole = Tag::new("a:stretch").around(&Tag::new("a:fillRect").empty());
        let place = Tag::new("a:off").with("x", "0").with("y", "0").empty() + &extent("a:ext");
        let shape = Tag::new("a:prstGeom").with("prst", "rect").around(&Tag::new("a:avLst").empty());
        let inner = [
            Tag::new("pic:nvPicPr").around(&named),
            Tag::new("pic:blipFill").around(&(blip + &whole)),
            Tag::new("pic:spPr").around(&(Tag::new("a:xfrm").around(&place) + &shape)),
        ];
        Tag::new("pic:pic").around(&inner.concat())
    }
}
