use std::fmt;

/// Metadata that was in the file and is not in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dropped {
    /// What the camera or the program wrote: date, camera, owner.
    Exif,
    /// Where it was taken.
    Gps,
    /// What the maker of the camera keeps to itself; serial numbers as a rule.
    MakerNote,
    /// Adobe's description, often with names and the history of edits.
    Xmp,
    /// The caption of the press: names, places.
    Iptc,
    /// A colour profile.
    Icc,
    /// Named texts: author, description, program.
    Text,
    /// A free comment.
    Comment,
    /// When it was last changed.
    Time,
    /// A small picture inside the picture, which may show what was cut off; or a slide's label.
    Thumbnail,
    /// What follows the picture's end.
    TrailingBytes,
    /// Data of programs and cameras of no common kind.
    Other,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exif => "camera data (Exif)",
            Self::Gps => "the place where it was taken (GPS)",
            Self::MakerNote => "the camera maker's own data",
            Self::Xmp => "description (XMP)",
            Self::Iptc => "caption (IPTC)",
            Self::Icc => "colour profile (ICC)",
            Self::Text => "texts",
            Self::Comment => "comment",
            Self::Time => "time of change",
            Self::Thumbnail => "small picture inside the picture",
            Self::TrailingBytes => "bytes after the picture's end",
            Self::Other => "other data that are not pixels",
        })
    }
}

/// What a viewer must know of a picture that was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Note {
    /// Pages of the file; only the first was taken over.
    FirstPageOf(u32),
    /// The file is an animation; only its first picture was taken over.
    FirstFrame,
    /// The picture was turned or mirrored as the camera says.
    Turned,
    /// It was in part transparent and now lies on white.
    OnWhite,
    /// Samples of more than 8 bits were reduced.
    Reduced,
    /// Its colours were of that space and are now sRGB.
    Converted(ColorSpace),
    /// Its colour profile is of a kind that is not applied: colours may look different.
    NotConverted,
    /// Printing inks were turned into colours without a profile: colours look different.
    FromInks,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstPageOf(pages) => write!(f, "Only the first of {pages} pages was taken over."),
            Self::FirstFrame => f.write_str("Only the first picture of the animation was taken over."),
            Self::Turned => f.write_str("The picture was turned as the camera says."),
            Self::OnWhite => f.write_str("The picture was in part transparent and now lies on white."),
            Self::Reduced => f.write_str("The picture had more than 8 bits for each colour and now has 8."),
            Self::Converted(space) => write!(f, "The colours were in {space} and are now in sRGB."),
            Self::NotConverted => {
                f.write_str("The colour profile could not be applied: colours may look different.")
            }
            Self::FromInks => f.write_str(
                "The colours were printing inks (CMYK) and were converted without a profile: they look different.",
            ),
        }
    }
}

/// A colour space, by its primaries: a profile's own name is the file's and may name a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ColorSpace {
    /// Of phones and Apple's screens.
    DisplayP3,
    /// Of cameras that are set to it.
    AdobeRgb,
    /// Of raw converters.
    ProPhoto,
    /// Greys with another curve.
    Grey,
    /// Any other.
    Other,
}

impl fmt::Display for ColorSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DisplayP3 => "Display P3",
            Self::AdobeRgb => "Adobe RGB",
            Self::ProPhoto => "ProPhoto RGB",
            Self::Grey => "greys with another curve",
            Self::Other => "another colour space",
        })
    }
}
