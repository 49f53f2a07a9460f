//! The markers of a codestream (ISO 15444-1 Annex A, ITU-T T.814 Annex A), and where the tiles are.

use super::Error::{Damaged, Unsupported};
use super::size::{Cursor, Size};
use super::style::{Order, Progression, Quantization, Style};
use super::{Error, Limits};

/// The markers of the main header or of a tile.
#[derive(Debug, Default)]
pub(super) struct Markers {
    coding: Option<(Progression, Style)>,
    component_styles: Vec<Option<Style>>,
    quantization: Option<Quantization>,
    component_quantizations: Vec<Option<Quantization>>,
}

impl Markers {
    fn new(components: usize) -> Self {
        Self {
            component_styles: vec![None; components],
            component_quantizations: vec![None; components],
            ..Self::default()
        }
    }

    /// Reads markers until `end`, which is taken too.
    fn read(&mut self, stream: &mut Cursor<'_>, end: u16) -> Result<(), Error> {
        let short = Damaged("the HTJ2K stream ends in the middle of its header");
        loop {
            let marker = stream.word().ok_or(short)?;
            if marker == end {
                return Ok(());
            }
            let length = usize::from(stream.word().ok_or(short)?);
            let bytes = length.checked_sub(2).ok_or(Damaged("an HTJ2K marker without a length"))?;
            self.marker(marker, Cursor(stream.bytes(bytes).ok_or(short)?))?;
        }
    }

    fn marker(&mut self, marker: u16, mut segment: Cursor<'_>) -> Result<(), Error> {
        match marker {
            0xFF52 => {
                let short = Damaged("the COD marker of the HTJ2K stream is too short");
                let &[style, order, high, low, transform] =
                    segment.bytes(5).and_then(<[u8]>::first_chunk).ok_or(short)?;
                let order = match order {
                    0 => Order::Lrcp,
                    1 => Order::Rlcp,
                    2 => Order::Rpcl,
                    3 => Order::Pcrl,
                    4 => Order::Cprl,
                    _ => return Err(Damaged("the HTJ2K stream has an unknown progression order")),
                };
                let layers = usize::from(u16::from_be_bytes([high, low]));
                let progression = Progression { order, layers, color_transform: transform & 1 != 0 };
                self.coding = Some((progression, Style::read(&mut segment, style & 1 != 0)?));
            }
            0xFF53 => {
                let short = Damaged("the COC marker of the HTJ2K stream is too short");
                let component = usize::from(segment.byte().ok_or(short)?);
                let own_precincts = segment.byte().ok_or(short)? & 1 != 0;
                let style = Style::read(&mut segment, own_precincts)?;
                *self.component_styles.get_mut(component).ok_or(short)? = Some(style);
            }
            0xFF5C => self.quantization = Some(Quantization::read(segment)?),
            0xFF5D => {
                let short = Damaged("the QCC marker of the HTJ2K stream is too short");
                let component = usize::from(segment.byte().ok_or(short)?);
                let place = self.component_quantizations.get_mut(component).ok_or(short)?;
                *place = Some(Quantization::read(segment)?);
            }
            0xFF50 => capabilities(segment)?,
            0xFF5E => return Err(Unsupported("HTJ2K with regions of interest (RGN)")),
            0xFF5F => return Err(Unsupported("HTJ2K with changes of the progression order (POC)")),
            0xFF60 | 0xFF61 => return Err(Unsupported("HTJ2K with packed packet headers (PPM, PPT)")),
            // Lengths of tiles and packets, comments and the like: the rest tells the same.
            0xFF30..=0xFF3F | 0xFF4F | 0xFF51 | 0xFF90..=0xFF93 | 0xFFD9 => {
                return Err(Damaged("an HTJ2K marker in a place where it cannot be"));
            }
            0xFF00..=0xFFFF => {}
            _ => return Err(Damaged("no marker in the HTJ2K stream's header where one should be")),
        }
        Ok(())
    }
}

/// CAP (T.814 A.3): what a decoder has to be able to do.
fn capabilities(mut segment: Cursor<'_>) -> Result<(), Error> {
    let short = Damaged("the CAP marker of the HTJ2K stream is too short");
    let parts = segment.long().ok_or(short)?;
    // Of the extensions in other parts, only part 15 is known here.
    if parts != 1 << 17 {
        return Err(Unsupported("HTJ2K with extensions of other parts of ISO 15444"));
    }
    if segment.word().ok_or(short)? >> 14 == 3 {
        return Err(Unsupported("HTJ2K with blocks of both kinds"));
    }
    Ok(())
}

/// The main header, and where the tiles' data is.
#[derive(Debug)]
pub(super) struct Codestream<'s> {
    pub(super) size: Size,
    main: Markers,
    tiles: Vec<TileParts<'s>>,
}

/// The parts of a tile.
#[derive(Debug, Default)]
struct TileParts<'s> {
    markers: Option<Box<Markers>>,
    parts: Vec<&'s [u8]>,
}

/// How a tile is coded.
#[derive(Debug)]
pub(super) struct Coding<'c> {
    pub(super) progression: Progression,
    pub(super) components: Vec<(&'c Style, &'c Quantization)>,
}

impl<'s> Codestream<'s> {
    pub(super) fn read(stream: &'s [u8], limits: Limits) -> Result<Self, Error> {
        let short = Damaged("the HTJ2K stream ends in the middle of its header");
        let mut stream = Cursor(stream);
        if stream.long() != Some(0xFF4F_FF51) {
            return Err(Damaged("no HTJ2K stream"));
        }
        let length = usize::from(stream.word().ok_or(short)?).saturating_sub(2);
        let size = Size::read(Cursor(stream.bytes(length).ok_or(short)?), limits)?;
        let mut main = Markers::new(size.components.len());
        main.read(&mut stream, 0xFF90)?;
        let mut tiles: Vec<TileParts<'s>> = Vec::new();
        tiles.resize_with(size.tiles(), TileParts::default);
        loop {
            tile_part(&mut stream, &mut tiles, size.components.len())?;
            // Padding may follow the last part, and the EOC marker may be missing.
            if stream.word() != Some(0xFF90) {
                break;
            }
        }
        Ok(Self { size, main, tiles })
    }

    /// The packets of a tile, one part after the other.
    pub(super) fn parts(&self, tile: usize) -> &[&'s [u8]] {
        self.tiles.get(tile).map(|tile| &*tile.parts).unwrap_or_default()
    }

    /// What holds for a tile: its own markers before the image's, a component's before all components'.
    pub(super) fn coding(&self, tile: usize) -> Result<Coding<'_>, Error> {
        let own = self.tiles.get(tile).and_then(|tile| tile.markers.as_deref());
        let all = || own.into_iter().chain([&self.main]);
        let missing = Damaged("the HTJ2K stream has no COD or no QCD marker");
        let progression = all().find_map(|markers| markers.coding.as_ref()).ok_or(missing)?.0;
        let mut components = Vec::with_capacity(self.size.components.len());
        for index in 0..self.size.components.len() {
            let style = all().find_map(|markers| {
                let own = markers.component_styles.get(index).and_then(Option::as_ref);
                own.or_else(|| markers.coding.as_ref().map(|coding| &coding.1))
            });
            let quantization = all().find_map(|markers| {
                let own = markers.component_quantizations.get(index).and_then(Option::as_ref);
                own.or(markers.quantization.as_ref())
            });
            components.push(style.zip(quantization).ok_or(missing)?);
        }
        Ok(Coding { progression, components })
    }
}

/// One tile part, whose SOT marker has been taken (A.4.2).
fn tile_part<'s>(
    stream: &mut Cursor<'s>,
    tiles: &mut [TileParts<'s>],
    components: usize,
) -> Result<(), Error> {
    let short = Damaged("the HTJ2K stream ends in the middle of a tile-part");
    let whole = stream.0;
    let mut part = *stream;
    if stream.word().ok_or(short)? != 10 {
        return Err(Damaged("an SOT marker of the HTJ2K stream is of the wrong length"));
    }
    let index = usize::from(stream.word().ok_or(short)?);
    let length = stream.length().ok_or(short)?;
    _ = stream.bytes(2).ok_or(short)?;
    let bytes = if length == 0 {
        // The last part goes on to the end.
        whole.strip_suffix(&[0xFF, 0xD9]).unwrap_or(whole).len()
    } else {
        // The length counts from the marker on.
        length.checked_sub(2).ok_or(Damaged("a tile-part of the HTJ2K stream is too short"))?
    };
    let mut inside = Cursor(part.bytes(bytes).ok_or(short)?);
    _ = inside.bytes(10).ok_or(Damaged("a tile-part of the HTJ2K stream is too short"))?;
    let tile = tiles.get_mut(index).ok_or(Damaged("the HTJ2K stream has a tile outside the image"))?;
    let mut markers = tile.markers.take().unwrap_or_else(|| Box::new(Markers::new(components)));
    markers.read(&mut inside, 0xFF93)?;
    tile.markers = Some(markers);
    tile.parts.push(inside.0);
    *stream = part;
    Ok(())
}
