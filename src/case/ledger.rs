//! The ledger: what was measured of each lesion at each time point. Computed from the case, never stored.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Case, EvaluateError, Kind, LesionId, Measurement, MeasurementId, Quantity, QuantityKind, Reading,
    TimePoint, axes,
};
use crate::image::StudyUid;

/// A study that is open, or that a measurement was drawn in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// Study Date, `YYYYMMDD`, where it is known.
    pub date: Option<String>,
    /// The study.
    pub study: StudyUid,
}

/// One column: a time point of the case, or one proposed by the dates of studies.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerColumn {
    /// The time point; its number is 0 while it is only proposed.
    pub point: TimePoint,
    /// The earliest date of its studies, `YYYYMMDD`, where one is known.
    pub date: Option<String>,
    /// Days since day 0, where both dates are known.
    pub day: Option<i64>,
}

/// A value and the measurement that it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The measurement.
    pub id: MeasurementId,
    /// The value.
    pub quantity: Quantity,
}

/// What is known of one lesion at one time point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LedgerCell {
    /// Everything drawn of it there, in the case's order.
    pub measurements: Vec<MeasurementId>,
    /// What was read without a measurement.
    pub reading: Option<Reading>,
    /// The axes of its size in the order drawn, all of one measurement.
    pub size: Vec<Measured>,
    /// The product of the two axes of one plane.
    pub product: Option<Measured>,
    /// The volume: of the mask, else of the ellipsoid of three axes.
    pub volume: Option<Measured>,
    /// The mean of the region drawn last.
    pub density: Option<Measured>,
}

impl LedgerCell {
    /// The longest axis.
    pub fn longest(&self) -> Option<&Measured> {
        self.size.iter().max_by(|a, b| a.quantity.value.total_cmp(&b.quantity.value))
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.measurements.is_empty() && self.reading.is_none()
    }
}

/// Lesions as rows, time points as columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// The columns, by date where all have one.
    pub columns: Vec<LedgerColumn>,
    /// Which column days are counted from.
    pub day_zero: usize,
    /// The lesions in the reader's order, each with one cell for each column.
    pub rows: Vec<(LesionId, Vec<LedgerCell>)>,
}

/// Values of a measurement, as they were evaluated.
type Values = Result<Vec<Quantity>, EvaluateError>;

impl Case {
    /// The ledger. `visits` are the studies that are open, `study_of` the one that a measurement was drawn in, and
    /// `values` what it is worth.
    pub fn ledger<'a>(
        &self,
        visits: &[Visit],
        study_of: impl Fn(&Measurement) -> Option<StudyUid>,
        values: impl Fn(MeasurementId) -> Option<&'a Values>,
    ) -> Ledger {
        let columns = self.columns(visits);
        let day_zero = self.day_zero.and_then(|id| columns.iter().position(|column| column.point.id == id));
        let day_zero = day_zero.unwrap_or(0);
        let columns = with_days(columns, day_zero);
        let column_of = |measurement: &Measurement| {
            let study = study_of(measurement)?;
            columns.iter().position(|column| column.point.studies.contains(&study))
        };
        let rows = self.lesions.iter().map(|lesion| {
            let mut cells = vec![LedgerCell::default(); columns.len()];
            for measurement in self.measurements.iter().filter(|m| m.lesion == Some(lesion.id)) {
                if let Some(cell) = column_of(measurement).and_then(|at| cells.get_mut(at)) {
                    cell.measurements.push(measurement.id);
                }
            }
            for (cell, column) in cells.iter_mut().zip(&columns) {
                cell.reading = self.reading(lesion.id, column.point.id);
                self.fill(cell, &values);
            }
            (lesion.id, cells)
        });
        Ledger { rows: rows.collect(), day_zero, columns }
    }

    /// The time points of the case, then one for each date of the studies that are in none.
    fn columns(&self, visits: &[Visit]) -> Vec<LedgerColumn> {
        let date_of = |point: &TimePoint| {
            let of = visits.iter().filter(|visit| point.studies.contains(&visit.study));
            of.filter_map(|visit| visit.date.clone()).min()
        };
        let column = |point: TimePoint| LedgerColumn { date: date_of(&point), day: None, point };
        let mut columns: Vec<LedgerColumn> = self.time_points.iter().cloned().map(column).collect();
        let mut proposed: BTreeMap<(bool, String), Vec<StudyUid>> = BTreeMap::new();
        for visit in visits.iter().filter(|visit| self.time_point_of(&visit.study).is_none()) {
            // What has no date is told apart by its study, and comes last.
            let key = match &visit.date {
                Some(date) => (false, date.clone()),
                None => (true, visit.study.as_str().to_owned()),
            };
            let studies = proposed.entry(key).or_default();
            if !studies.contains(&visit.study) {
                studies.push(visit.study.clone());
            }
        }
        columns.extend(proposed.into_values().map(|studies| column(TimePoint::new(studies))));
        if columns.iter().all(|column| column.date.is_some()) {
            columns.sort_by(|a, b| a.date.cmp(&b.date));
        }
        columns
    }

    fn fill<'a>(&self, cell: &mut LedgerCell, values: &impl Fn(MeasurementId) -> Option<&'a Values>) {
        let mut best = 0;
        for id in &cell.measurements {
            let (Some(Ok(values)), Some(measurement)) = (values(*id), self.measurement(*id)) else { continue };
            let of = |quantity: &Quantity| Measured { id: *id, quantity: quantity.clone() };
            let find = |kind| Quantity::find(values, kind).map(&of);
            let rank = rank(measurement.kind);
            let axes: Vec<Measured> = axes(values).into_iter().map(of).collect();
            // Of lengths the longest is the diameter; of everything else what was drawn last counts.
            let longer = measurement.kind != Kind::Length || axes.first().is_some_and(|new| {
                cell.size.first().is_none_or(|old| old.quantity.value <= new.quantity.value)
            });
            if rank > best || (rank == best && rank > 0 && longer) {
                best = rank;
                cell.size = axes;
                cell.product = find(QuantityKind::Product);
                cell.volume = find(QuantityKind::EllipsoidVolume).or(cell.volume.take());
            }
            if let Some(mean) = find(QuantityKind::Mean) {
                cell.density = Some(mean);
            }
        }
    }
}

/// How well a kind says the size of a lesion: 0 for not at all.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Size => 3,
        Kind::Bidirectional => 2,
        Kind::Length => 1,
        Kind::Probe
        | Kind::Angle
        | Kind::Ellipse
        | Kind::Rectangle
        | Kind::Polygon
        | Kind::Freehand
        | Kind::Arrow
        | Kind::Text
        | Kind::LineDistance
        | Kind::MidlineShift
        | Kind::Height
        | Kind::Cobb
        | Kind::OpenAngle => 0,
    }
}

fn with_days(mut columns: Vec<LedgerColumn>, day_zero: usize) -> Vec<LedgerColumn> {
    let date = |column: &LedgerColumn| {
        NaiveDate::parse_from_str(column.date.as_deref()?, "%Y%m%d").ok()
    };
    if let Some(zero) = columns.get(day_zero).and_then(date) {
        for column in &mut columns {
            column.day = date(column).map(|day| (day - zero).num_days());
        }
    }
    columns
}

/// Days in words: `2 years 4 months`, `14 days`, `day 0`.
pub fn days_in_words(days: i64) -> String {
    let many = |count: i64, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let size = days.abs();
    let words = match size {
        0 => return "day 0".to_owned(),
        1..=59 => many(size, "day"),
        // Mean lengths of the Gregorian calendar.
        _ => {
            let months = (size as f64 / 30.436_875).round();
            #[expect(clippy::cast_possible_truncation, reason = "a few thousand months")]
            let months = months as i64;
            match (months / 12, months % 12) {
                (0, months) => many(months, "month"),
                (years, 0) => many(years, "year"),
                (years, months) => format!("{} {}", many(years, "year"), many(months, "month")),
            }
        }
    };
    if days < 0 { format!("{words} before") } else { words }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::case::{Edit, Lesion, Points, QuantityUnit, TimePointId};
    use crate::geometry::PatientPoint;
    use crate::image::{Calibration, FrameOfReference};

    fn study(name: &str) -> StudyUid {
        StudyUid::new(name)
    }

    fn visit(name: &str, date: Option<&str>) -> Visit {
        Visit { date: date.map(ToOwned::to_owned), study: study(name) }
    }

    fn length(lesion: u32, at: &str) -> Measurement {
        let points = Points::Patient {
            space: FrameOfReference::Declared("1.2".into()),
            points: vec![PatientPoint::new(1.0, -2.0, 3.5), PatientPoint::new(4.0, 2.0, 3.5)],
            drawn_on: None,
        };
        let lesion = Some(LesionId(lesion));
        Measurement { lesion, study: Some(study(at)), ..Measurement::new(Kind::Length, points) }
    }

    fn mm(value: f64) -> Values {
        let unit = QuantityUnit::Length(Calibration::InPatient);
        Ok(vec![Quantity { kind: QuantityKind::Length, value, unit }])
    }

    #[test]
    fn studies_of_one_date_are_one_column_and_days_count_from_day_zero() {
        let case = Case::default().with(Edit::AddLesion(Lesion::new("frontal"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.3"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.3"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.1"))).unwrap();
        let visits = [
            visit("1.3", Some("20170928")),
            visit("1.1", Some("20150512")),
            visit("1.2", Some("20150512")),
        ];
        let values: HashMap<u32, Values> = [(1, mm(35.0)), (2, mm(16.0)), (3, mm(40.0))].into();
        let of = |case: &Case| case.ledger(&visits, |m| m.study.clone(), |id| values.get(&id.0));
        let ledger = of(&case);
        let days: Vec<_> = ledger.columns.iter().map(|column| column.day).collect();
        assert_eq!(days, [Some(0), Some(870)]);
        assert_eq!(ledger.columns[0].point.studies, [study("1.1"), study("1.2")]);
        let [_, after] = ledger.rows[0].1.as_slice() else { panic!() };
        assert_eq!(after.measurements, [MeasurementId(1), MeasurementId(2)]);
        assert!((after.longest().unwrap().quantity.value - 35.0).abs() < 1e-12, "the longest length");

        // The reader makes one time point of two dates, and counts from another.
        let points = vec![TimePoint::new(vec![study("1.3")]), TimePoint::new(vec![study("1.1"), study("1.2")])];
        let case = case.with(Edit::SetTimePoints(points)).unwrap();
        let case = case.with(Edit::SetDayZero(Some(TimePointId(1)))).unwrap();
        let ledger = of(&case);
        let days: Vec<_> = ledger.columns.iter().map(|column| column.day).collect();
        assert_eq!((days, ledger.day_zero), (vec![Some(-870), Some(0)], 1));
        assert_eq!(days_in_words(870), "2 years 5 months");
        assert_eq!([days_in_words(0), days_in_words(-14), days_in_words(365)], ["day 0", "14 days before", "1 year"]);
    }

    #[test]
    fn without_dates_the_readers_order_stays() {
        let points = vec![TimePoint::new(vec![study("1.3")]), TimePoint::new(vec![study("1.1")])];
        let case = Case::default().with(Edit::SetTimePoints(points)).unwrap();
        let visits = [visit("1.1", Some("20150512")), visit("1.9", None)];
        let ledger = case.ledger(&visits, |_| None, |_| None);
        let first: Vec<_> = ledger.columns.iter().map(|column| column.point.studies[0].as_str()).collect();
        assert_eq!(first, ["1.3", "1.1", "1.9"]);
        assert_eq!(ledger.columns[1].day, None, "day 0 has no date");
    }
}
