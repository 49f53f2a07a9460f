//! The markers of a JPEG stream (T.81 annex B): the frame, its tables, and the scans in order.

use super::bits::Huffman;

/// What the markers before a scan have set.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Coefficient steps, in the order of the zigzag.
    pub steps: [Option<[u16; 64]>; 4],
    pub direct: [Option<Huffman>; 4],
    pub alternating: [Option<Huffman>; 4],
    /// Units between two restart markers; 0 for none.
    pub restart: usize,
}

/// One component as the frame header has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    pub identifier: u8,
    pub across: usize,
    pub down: usize,
    /// Which table of steps.
    pub steps: usize,
}

/// A frame header.
#[derive(Debug, Clone)]
pub(super) struct FrameHeader {
    /// The marker's second byte: which process.
    pub process: u8,
    pub precision: u32,
    pub rows: usize,
    pub columns: usize,
    pub components: Vec<Component>,
}

/// A scan header: which components, with which tables, from where.
#[derive(Debug)]
pub(super) struct Scan {
    /// Place in the frame, DC table, AC table.
    pub components: Vec<(usize, usize, usize)>,
    /// Start of the spectrum, or the predictor.
    pub first: u8,
    /// Point transform.
    pub low: u8,
    /// Where the entropy coded bytes begin.
    pub at: usize,
}

/// The stream between its markers.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    pub data: &'a [u8],
    at: usize,
    pub tables: Tables,
    pub frame: Option<FrameHeader>,
    /// A JFIF marker was there.
    pub jfif: bool,
    /// The transform that an Adobe marker declares.
    pub adobe: Option<u8>,
}

impl<'a> Stream<'a> {
    /// The stream behind its start (SOI).
    pub(super) fn open(data: &'a [u8]) -> Result<Self, &'static str> {
        if !data.starts_with(b"\xFF\xD8") {
            return Err("no JPEG header");
        }
        Ok(Self { data, at: 2, tables: Tables::default(), frame: None, jfif: false, adobe: None })
    }

    /// Goes on from a place after a scan.
    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = self.at.max(at);
    }

    /// Reads up to and with the frame header.
    pub(super) fn read_frame(&mut self) -> Result<FrameHeader, &'static str> {
        while self.frame.is_none() {
            if !matches!(self.segment()?, Segment::Other) {
                return Err("no frame header");
            }
        }
        self.frame.clone().ok_or("no frame header")
    }

    /// Reads up to the next scan; `None` at the end of the image.
    pub(super) fn next_scan(&mut self) -> Result<Option<Scan>, &'static str> {
        loop {
            match self.segment()? {
                Segment::Scan(scan) => return Ok(Some(scan)),
                Segment::End => return Ok(None),
                Segment::Other => {}
            }
        }
    }

    fn segment(&mut self) -> Result<Segment, &'static str> {
        let rest = self.data.get(self.at..).unwrap_or_default();
        // What is left of a scan's bytes lies before the marker.
        let Some(gap) = rest.windows(2).position(|two| matches!(two, [0xFF, 0x01..=0xFE])) else {
            return Ok(Segment::End);
        };
        let kind = rest.get(gap + 1).copied().unwrap_or(0);
        self.at += gap + 2;
        if matches!(kind, 0x01 | 0xD0..=0xD8) {
            return Ok(Segment::Other);
        }
        if kind == 0xD9 {
            return Ok(Segment::End);
        }
        let rest = self.data.get(self.at..).unwrap_or_default();
        let length = rest.first_chunk::<2>().map_or(0, |two| usize::from(u16::from_be_bytes(*two)));
        let Some(body) = rest.get(2..length) else {
            return Ok(Segment::End);
        };
        self.at += length;
        match kind {
            0xC4 => self.huffman_tables(body)?,
            0xDB => self.steps(body)?,
            0xDD => {
                let &two = body.first_chunk::<2>().ok_or("a restart interval that is cut off")?;
                self.tables.restart = u16::from_be_bytes(two).into();
            }
            0xE0 => self.jfif |= body.starts_with(b"JFIF"),
            0xEE if body.starts_with(b"Adobe") => self.adobe = body.get(11).copied(),
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let frame = frame_header(kind, body).ok_or("a frame header that is wrong")?;
                if self.frame.replace(frame).is_some() {
                    return Err("two images in one");
                }
            }
            0xDA => return self.scan(body).map(Segment::Scan).ok_or("a scan header that is wrong"),
            0xDC => return Err("the number of rows comes after the image (DNL)"),
            _ => {}
        }
        Ok(Segment::Other)
    }

    fn huffman_tables(&mut self, mut body: &[u8]) -> Result<(), &'static str> {
        const WRONG: &str = "a Huffman table that is wrong";
        while let [which, rest @ ..] = body {
            let &counts = rest.first_chunk::<16>().ok_or(WRONG)?;
            let sum: usize = counts.iter().copied().map(usize::from).sum();
            let symbols = rest.get(16..16 + sum).ok_or(WRONG)?;
            let direct = which >> 4 == 0;
            let kind = if direct { &mut self.tables.direct } else { &mut self.tables.alternating };
            let place = kind.get_mut(usize::from(which & 15)).ok_or(WRONG)?;
            *place = Some(Huffman::new(counts, symbols, direct).ok_or(WRONG)?);
            body = rest.get(16 + sum..).unwrap_or_default();
        }
        Ok(())
    }

    fn steps(&mut self, mut body: &[u8]) -> Result<(), &'static str> {
        const WRONG: &str = "a quantisation table that is wrong";
        while let [which, rest @ ..] = body {
            let place = self.tables.steps.get_mut(usize::from(which & 15)).ok_or(WRONG)?;
            let wide = which >> 4 != 0;
            let bytes = rest.get(..if wide { 128 } else { 64 }).ok_or(WRONG)?;
            let mut steps = [0; 64];
            if wide {
                let pairs = bytes.as_chunks::<2>().0;
                steps.iter_mut().zip(pairs).for_each(|(step, pair)| *step = u16::from_be_bytes(*pair));
            } else {
                steps.iter_mut().zip(bytes).for_each(|(step, byte)| *step = u16::from(*byte));
            }
            *place = Some(steps);
            body = rest.get(bytes.len()..).unwrap_or_default();
        }
        Ok(())
    }

    fn scan(&self, body: &[u8]) -> Option<Scan> {
        let frame = self.frame.as_ref()?;
        let (&count, rest) = body.split_first()?;
        let (pairs, tail) = rest.split_at_checked(usize::from(count) * 2)?;
        let mut components = Vec::new();
        for &[identifier, tables] in pairs.as_chunks::<2>().0 {
            let place = frame.components.iter().position(|component| component.identifier == identifier)?;
            if components.iter().any(|&(other, _, _)| other == place) {
                return None;
            }
            components.push((place, usize::from(tables >> 4), usize::from(tables & 15)));
        }
        let &[first, _last, approximation] = tail.first_chunk::<3>()?;
        let low = approximation & 15;
        (!components.is_empty()).then_some(Scan { components, first, low, at: self.at })
    }
}

enum Segment {
    Scan(Scan),
    End,
    Other,
}

fn frame_header(process: u8, body: &[u8]) -> Option<FrameHeader> {
    let (&[precision, r0, r1, c0, c1, count], rest) = body.split_first_chunk::<6>()?;
    let components: Vec<Component> = rest
        .as_chunks::<3>()
        .0
        .iter()
        .take(usize::from(count))
        .map(|&[identifier, factors, steps]| Component {
            identifier,
            across: usize::from(factors >> 4),
            down: usize::from(factors & 15),
            steps: usize::from(steps),
        })
        .collect();
    let fine = components.iter().all(|c| (1..=4).contains(&c.across) && (1..=4).contains(&c.down));
    (components.len() == usize::from(count) && count > 0 && fine).then_some(FrameHeader {
        process,
        precision: precision.into(),
        rows: u16::from_be_bytes([r0, r1]).into(),
        columns: u16::from_be_bytes([c0, c1]).into(),
        components,
    })
}
