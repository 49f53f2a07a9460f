//! The gate of what leaves without a session.

use std::path::Path;

use super::headers::{self, HeaderOf};
use super::images::{ImageFacts, image_name};
use super::{FindingPlace, Findings, Gate, GateText, file_name_text, in_text};
use crate::identify::Known;
use crate::image::{Frame, Series};
use crate::view::Reformat;

/// What a picture is made of.
#[derive(Debug, Clone, Copy)]
pub struct PictureParts<'a> {
    /// The series.
    pub series: &'a Series,
    /// The frame shown, acquired or computed.
    pub frame: &'a Frame,
    /// The plane that it is cut on, if it is.
    pub cut: Option<&'a Reformat>,
    /// The series over it.
    pub over: Option<&'a Series>,
    /// Whether graphics of the file are drawn over it.
    pub graphics: bool,
}

/// What headers say, read where they are asked for.
#[derive(Debug, Default)]
pub(in crate::session) struct HeadersRead {
    known: Known,
    facts: ImageFacts,
}

impl HeadersRead {
    /// Adds what is known of a series without reading its files.
    pub(in crate::session) fn add_series(&mut self, series: &Series) {
        headers::add(&mut self.known, series);
    }

    /// Reads the files of frames, each once.
    pub(in crate::session) fn add_files<'a>(&mut self, frames: impl Iterator<Item = &'a Frame>) {
        let mut files: Vec<HeaderOf> = frames.map(HeaderOf::new).collect();
        files.dedup_by(|a, b| a.is_of(b));
        for file in files {
            let identity = file.read();
            self.facts.add(identity.as_ref().map(|identity| &identity.hints));
            for (identifier, value) in identity.into_iter().flat_map(|identity| identity.values) {
                self.known.add(identifier, value.reveal());
            }
        }
    }

    /// Adds what could say who the patient is in texts. Dates are not said in other words: nobody knows which is first.
    pub(in crate::session) fn in_texts(&self, texts: &[GateText], findings: &mut Findings<'_>) {
        for text in texts {
            in_text(text, &self.known, |_| None, findings);
        }
    }
}

/// What could say who the patient is in a picture under that file name. Its files are read here.
pub fn picture_findings(parts: &PictureParts<'_>, output: &Path, kept: &[String]) -> Gate {
    let mut headers = HeadersRead::default();
    for series in parts.over.into_iter().chain([parts.series]) {
        headers.add_series(series);
    }
    match parts.cut {
        Some(cut) => {
            headers.facts.add_plane(cut, parts.frame.plane.as_ref());
            headers.add_files(parts.series.frames.iter().map(AsRef::as_ref));
        }
        None => headers.add_files([parts.frame].into_iter()),
    }
    if parts.graphics {
        headers.facts.add_graphics();
    }
    headers.add_files(parts.over.into_iter().flat_map(|over| &over.frames).map(AsRef::as_ref));
    let mut findings = Findings::new(kept);
    headers.in_texts(file_name_text(output).as_slice(), &mut findings);
    let of = image_name(parts.series, parts.frame, parts.cut.is_some());
    findings.add_image(&headers.facts, FindingPlace::View, "image", &of);
    Gate { reading: 0, findings: findings.list }
}
