//! What live values are said from.

use crate::case::notebook::{LiveFacts, TimeForm};
use crate::case::{Clock, EventId, Ledger, Measurement, MeasurementId, Quantity, TimePointId};
use crate::image::{Frame, Series};
use crate::session::{Session, Values};

/// The session and its ledger, computed once.
pub(super) struct SessionFacts<'s> {
    pub(super) session: &'s Session,
    pub(super) ledger: &'s Ledger,
    /// Times are said as dates where nothing else is asked for.
    pub(super) absolute_dates: bool,
}

impl LiveFacts for SessionFacts<'_> {
    fn quantities(&self, id: MeasurementId) -> Result<Vec<Quantity>, String> {
        values_of(self.session.values(id))
    }

    fn technique(&self, id: MeasurementId) -> Option<Vec<(String, String)>> {
        self.session.technique_of(self.session.case().measurement(id)?)
    }

    fn panel_technique(&self, panel: &str) -> Option<Vec<(String, String)>> {
        let digits = panel.find(|c: char| !c.is_ascii_digit())?;
        let figure = panel[..digits].parse::<usize>().ok()?.checked_sub(1)?;
        let figure = self.session.case().figures.get(figure)?;
        let plain = |name: &str| name.trim_matches(['(', ')', '.', ' ']).to_lowercase();
        let index = (0..figure.panels.len())
            .find(|index| plain(&figure.letters.form.letter(*index)) == plain(&panel[digits..]))?;
        let frames = self.session.frames_of_panel(figure.panels.get(index)?);
        Some(frames.first()?.technique.to_vec())
    }

    fn time_point(&self, id: TimePointId, form: TimeForm) -> Option<String> {
        let at = self.ledger.columns.iter().position(|column| column.point.id == id)?;
        SessionFacts::clock(self).column(at, form)
    }

    fn event(&self, id: EventId, form: TimeForm) -> Option<String> {
        SessionFacts::clock(self).event(self.session.case().notebook.event(id)?, form)
    }

    fn clock(&self) -> String {
        if self.absolute_dates {
            return String::new();
        }
        format!("Times are counted from {} (day 0).", SessionFacts::clock(self).anchor())
    }
}

impl<'s> SessionFacts<'s> {
    /// What all times are said by.
    pub(super) fn clock(&self) -> Clock<'s> {
        Clock::new(self.session.case(), self.ledger, self.absolute_dates)
    }
}

impl Session {
    /// How the image of a measurement was acquired, and with what.
    fn technique_of(&self, measurement: &Measurement) -> Option<Vec<(String, String)>> {
        let series = self.series_measured(measurement)?;
        let frame = self.acquired_frame(measurement).or_else(|| series.middle().map(AsRef::as_ref))?;
        Some(technique_lines(series, frame))
    }
}

/// How an image was acquired, and with what: names and values.
pub fn technique_lines(series: &Series, frame: &Frame) -> Vec<(String, String)> {
    let mut lines = frame.technique.to_vec();
    lines.push(("Modality".to_owned(), series.info.modality.clone()));
    lines
}

pub(super) fn values_of(values: Option<&Values>) -> Result<Vec<Quantity>, String> {
    match values {
        Some(Ok(values)) => Ok(values.clone()),
        Some(Err(why)) => Err(why.to_string()),
        None => Err("its images are not open".to_owned()),
    }
}
