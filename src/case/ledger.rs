//! The ledger: what was measured of each lesion at each time point. Computed from the case, never stored.

use std::sync::Arc;

use super::{
    Case, Clock, EvaluateError, LedgerOperation, LesionId, Measurement, MeasurementId, Quantity,
    QuantityKind, Reading, SizeDrawn, TimePoint, TimePointId,
};
use crate::image::{Phi, StudyUid};

/// A study that is open, or that a measurement was drawn in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Whose: two patients are never in one ledger.
    pub patient: Option<Phi<String>>,
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
    /// Days since day 0 of the ledger, where both dates are known.
    pub day: Option<i64>,
    /// When it is on the clock of the case, without a date: `8 days after the first operation`; else its place.
    pub when: String,
    /// The same where there is no room for more: `8 days`, `6 days before`, `day 0`.
    pub when_short: String,
}

/// A value and the measurement that it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The measurement.
    pub id: MeasurementId,
    /// The value.
    pub quantity: Quantity,
}

impl Measured {
    /// The value, where it is in that unit and no other.
    pub fn value_in(&self, unit: &str) -> Option<f64> {
        Some(self.quantity.value).filter(|_| self.quantity.unit.label() == unit)
    }
}

/// What is known of one lesion at one time point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LedgerCell {
    /// Everything drawn of it there, in the case's order.
    pub measurements: Vec<MeasurementId>,
    /// What was read without a measurement.
    pub reading: Option<Reading>,
    /// Every size drawn, in the case's order; that which counts is taken apart in the fields below.
    pub sizes: Vec<SizeDrawn>,
    /// Which of the sizes counts.
    pub counts: Option<MeasurementId>,
    /// The reader chose it.
    pub chosen: bool,
    /// The axes of its size in the order drawn, all of one measurement.
    pub size: Vec<Measured>,
    /// The two axes that lie in one plane, the longer one not always first.
    pub in_slice: Vec<Measured>,
    /// The product of the two axes of one plane.
    pub product: Option<Measured>,
    /// The volume: of the mask, else of the ellipsoid of three axes.
    pub volume: Option<Measured>,
    /// The mean of the region drawn last.
    pub density: Option<Measured>,
    /// The mean `SUVbw` of the region drawn last on PET, g/ml.
    pub suv: Option<Measured>,
    /// The largest `SUVbw` of that region, g/ml.
    pub suv_max: Option<Measured>,
    /// Slices that the lesion spans, where its third axis or its mask says it.
    pub slices: Option<usize>,
    /// Thickness of the slices that the size was measured on, mm.
    pub thickness_mm: Option<f64>,
    /// On what the size was measured: `CT axial`, `MR T1 with contrast coronal`.
    pub manner: Option<String>,
}

/// What is known of a measurement beside the case.
#[derive(Debug, Clone, Default)]
pub struct Known<'a> {
    /// The study that it was drawn in.
    pub study: Option<StudyUid>,
    /// What it is worth.
    pub values: Option<&'a Values>,
    /// Thickness of its slice, mm.
    pub thickness_mm: Option<f64>,
    /// On what it was drawn, in words.
    pub manner: Option<String>,
    /// Slices of its series that its third axis spans.
    pub slices: Option<usize>,
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
    /// Which column days are counted from. It is a baseline.
    pub day_zero: usize,
    /// Every column that later ones are compared with, in order: each holds until the next.
    pub baselines: Vec<usize>,
    /// What was, or may have been, taken out between the columns.
    pub operations: Vec<LedgerOperation>,
    /// The lesions in the reader's order, each with one cell for each column.
    pub rows: Vec<(LesionId, Vec<LedgerCell>)>,
}

impl Ledger {
    /// The column that a study belongs to.
    pub fn column_of(&self, study: &StudyUid) -> Option<usize> {
        column_of(&self.columns, study)
    }

    /// The cells of a lesion, one for each column.
    pub fn cells(&self, lesion: LesionId) -> Option<&[LedgerCell]> {
        self.rows.iter().find(|(id, _)| *id == lesion).map(|(_, cells)| cells.as_slice())
    }

    /// The column that a column is compared with; itself where it is a baseline, and none before the first.
    pub fn baseline_of(&self, column: usize) -> Option<usize> {
        self.baselines.iter().copied().rfind(|baseline| *baseline <= column)
    }

    /// What is known of a lesion at the time point of a column.
    pub fn cell(&self, lesion: LesionId, column: usize) -> Option<&LedgerCell> {
        self.cells(lesion)?.get(column)
    }
}

fn column_of(columns: &[LedgerColumn], study: &StudyUid) -> Option<usize> {
    columns.iter().position(|column| column.point.studies.contains(study))
}

/// Values of a measurement, as they were evaluated.
type Values = Result<Vec<Quantity>, EvaluateError>;

impl Case {
    /// The ledger. `visits` are the studies that are open, `known` what is known of a measurement.
    pub fn ledger<'a>(&self, visits: &[Visit], known: impl Fn(&Measurement) -> Known<'a>) -> Ledger {
        // Once each: it is drawn at every repaint.
        let known: Vec<(&Arc<Measurement>, Known<'a>)> =
            self.measurements.iter().map(|m| (m, known(m))).collect();
        let measured = known.iter().filter_map(|(_, known)| known.study.clone());
        let visits = self.visits_of(visits, measured);
        let columns = self.columns(&visits);
        let day_zero = self.day_zero.and_then(|id| columns.iter().position(|column| column.point.id == id));
        let day_zero = day_zero.unwrap_or(0);
        let columns = super::columns::with_days(columns, day_zero);
        let place = |id: &TimePointId| columns.iter().position(|column| column.point.id == *id);
        let set: Vec<usize> = self.baselines.iter().chain(&self.day_zero).filter_map(place).collect();
        let operations = self.operations(&columns, day_zero, &set);
        let baselines: std::collections::BTreeSet<usize> = set.into_iter().chain([day_zero]).collect();
        let compared: Vec<MeasurementId> =
            self.measurements.iter().filter_map(|m| Some(m.compared.as_ref()?.with)).collect();
        let rows = self.lesions.iter().map(|lesion| {
            let mut cells = vec![LedgerCell::default(); columns.len()];
            for (measurement, known) in known.iter().filter(|(m, _)| m.lesion == Some(lesion.id)) {
                let at = known.study.as_ref().and_then(|study| column_of(&columns, study));
                if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
                    cell.take(measurement, known, compared.contains(&measurement.id));
                }
            }
            for (cell, column) in cells.iter_mut().zip(&columns) {
                cell.reading = self.reading(lesion.id, column.point.id);
                cell.choose(&self.counting);
            }
            (lesion.id, cells)
        });
        let (rows, baselines) = (rows.collect(), baselines.into_iter().collect());
        let mut ledger = Ledger { columns, day_zero, baselines, operations, rows };
        ledger.say_times(self, false);
        ledger
    }
}

impl Ledger {
    /// Says its time points by the clock of the case, or as dates.
    pub fn say_times(&mut self, case: &Case, as_dates: bool) {
        let clock = Clock::new(case, self, as_dates);
        let words: Vec<(String, String)> =
            (0..self.columns.len()).map(|at| (clock.heading(at), clock.short(at))).collect();
        for (column, (when, short)) in self.columns.iter_mut().zip(words) {
            (column.when, column.when_short) = (when, short);
        }
    }
}

impl LedgerCell {
    /// One more measurement, in the case's order; whether another region is compared with it.
    fn take(&mut self, measurement: &Measurement, known: &Known<'_>, is_compared_with: bool) {
        self.measurements.push(measurement.id);
        let Some(Ok(values)) = known.values else { return };
        let of = |quantity: &Quantity| Measured { id: measurement.id, quantity: quantity.clone() };
        let find = |kind| Quantity::find(values, kind).map(&of);
        self.sizes.extend(SizeDrawn::new(measurement, values, known));
        // What another region is compared with is no density of the lesion's own.
        if let Some(mean) = find(QuantityKind::Mean).filter(|_| !is_compared_with) {
            self.density = Some(mean);
        }
        let suv = |kind| Quantity::find_mapped(values, kind).filter(|found| found.is_suv_bw()).map(of);
        if let Some(mean) = suv(QuantityKind::RealWorldMean) {
            self.suv = Some(mean);
            self.suv_max = suv(QuantityKind::RealWorldMax);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::case::{Edit, Kind, Lesion, Points, QuantityUnit, Step};
    use crate::geometry::PatientPoint;
    use crate::image::{Calibration, FrameOfReference};

    fn study(name: &str) -> StudyUid {
        StudyUid::new(name)
    }

    fn visit(name: &str, date: Option<&str>) -> Visit {
        Visit { patient: None, date: date.map(ToOwned::to_owned), study: study(name) }
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

    fn mm(value: f64) -> Vec<Quantity> {
        let unit = QuantityUnit::Length(Calibration::InPatient);
        vec![Quantity { kind: QuantityKind::Length, value, unit }]
    }

    #[test]
    fn studies_of_one_date_are_one_column_and_days_count_from_day_zero() {
        let case = Case::default().with(Edit::AddLesion(Lesion::new("frontal"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.3"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.3"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.1"))).unwrap();
        let visits =
            [visit("1.3", Some("20170928")), visit("1.1", Some("20150512")), visit("1.2", Some("20150512"))];
        let values: HashMap<u32, Values> = [(1, Ok(mm(35.0))), (2, Ok(mm(16.0))), (3, Ok(mm(40.0)))].into();
        let of = |case: &Case| {
            case.ledger(&visits, |m| Known {
                study: m.study.clone(),
                values: values.get(&m.id.0),
                ..Known::default()
            })
        };
        let ledger = of(&case);
        let days: Vec<_> = ledger.columns.iter().map(|column| column.day).collect();
        assert_eq!(days, [Some(0), Some(870)]);
        assert_eq!(ledger.columns[0].point.studies, [study("1.1"), study("1.2")]);
        let [_, after] = ledger.rows[0].1.as_slice() else { panic!() };
        assert_eq!(after.measurements, [MeasurementId(1), MeasurementId(2)]);
        assert!((after.longest().unwrap().quantity.value - 35.0).abs() < 1e-12, "the longest length");

        // The reader makes one time point of two dates, and counts from another.
        let points =
            vec![TimePoint::new(vec![study("1.3")]), TimePoint::new(vec![study("1.1"), study("1.2")])];
        let case = case.with(Edit::SetTimePoints(points)).unwrap();
        let case = case.with(Edit::SetDayZero(Some(TimePointId(1)))).unwrap();
        let ledger = of(&case);
        let days: Vec<_> = ledger.columns.iter().map(|column| column.day).collect();
        assert_eq!((days, ledger.day_zero), (vec![Some(-870), Some(0)], 1));
        let short: Vec<&str> = ledger.columns.iter().map(|column| column.when_short.as_str()).collect();
        assert_eq!(short, ["2 years 4 months before", "day 0"]);
        let words: Vec<&str> = ledger.columns.iter().map(|column| column.when.as_str()).collect();
        assert_eq!(words, ["2 years 4 months before the second examination", "day 0 (second examination)"]);
    }

    #[test]
    fn a_cell_has_the_suv_of_the_pet_region_drawn_last_beside_the_density_of_ct() {
        let unit = |name: &str| QuantityUnit::RealWorld { unit: "g/ml".into(), name: name.into() };
        let region = |mean: f64, mapped: &[(&str, f64, f64)]| -> Values {
            let own = QuantityUnit::Value(crate::image::ValueUnit::Rescaled, Step::default());
            let mean = Quantity { kind: QuantityKind::Mean, value: mean, unit: own };
            let mapped = mapped.iter().flat_map(|(name, mean, max)| {
                [(QuantityKind::RealWorldMean, *mean), (QuantityKind::RealWorldMax, *max)]
                    .map(|(kind, value)| Quantity { kind, value, unit: unit(name) })
            });
            Ok(std::iter::once(mean).chain(mapped).collect())
        };
        let case = Case::default().with(Edit::AddLesion(Lesion::new("node"))).unwrap();
        let case = (0..3).fold(case, |case, _| case.with(Edit::Add(length(1, "1.1"))).unwrap());
        let pet = region(9000.0, &[("SUVlbm", 3.0, 5.0), ("SUVbw", 4.2, 7.8)]);
        let values: HashMap<u32, Values> =
            [(1, region(5000.0, &[("SUVbw", 2.0, 3.0)])), (2, pet), (3, region(38.0, &[("ADC", 1.0, 2.0)]))]
                .into();
        let ledger = case.ledger(&[visit("1.1", None)], |m| Known {
            study: m.study.clone(),
            values: values.get(&m.id.0),
            ..Known::default()
        });
        let cell = &ledger.rows[0].1[0];
        let of = |measured: &Option<Measured>| measured.as_ref().map(|m| (m.id.0, m.quantity.value));
        assert_eq!((of(&cell.suv), of(&cell.suv_max)), (Some((2, 4.2)), Some((2, 7.8))));
        assert_eq!(of(&cell.density), Some((3, 38.0)));
    }

    #[test]
    fn without_dates_the_readers_order_stays() {
        let points = vec![TimePoint::new(vec![study("1.3")]), TimePoint::new(vec![study("1.1")])];
        let case = Case::default().with(Edit::SetTimePoints(points)).unwrap();
        let visits = [visit("1.1", Some("20150512")), visit("1.9", None)];
        let ledger = case.ledger(&visits, |_| Known::default());
        let first: Vec<_> = ledger.columns.iter().map(|column| column.point.studies[0].as_str()).collect();
        assert_eq!(first, ["1.3", "1.1", "1.9"]);
        assert_eq!(ledger.columns[1].day, None, "day 0 has no date");
    }

    #[test]
    fn only_the_patients_of_the_case_have_columns_and_closed_studies_keep_theirs() {
        let case = Case::default().with(Edit::AddLesion(Lesion::new("frontal"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.3"))).unwrap();
        let case = case.with(Edit::Add(length(1, "1.7"))).unwrap();
        let of = |patient: &str, visit: Visit| Visit { patient: Some(Phi::new(patient.to_owned())), ..visit };
        let visits = [
            of("A", visit("1.1", Some("20160101"))),
            of("A", visit("1.3", Some("20180101"))),
            of("B", visit("1.9", Some("20140101"))),
        ];
        let ledger = case.ledger(&visits, |m| Known { study: m.study.clone(), ..Known::default() });
        let studies: Vec<_> = ledger.columns.iter().map(|column| column.point.studies[0].as_str()).collect();
        assert_eq!(studies, ["1.1", "1.3", "1.7"], "not B's; and the one that is not open");
        assert_eq!(ledger.rows[0].1[2].measurements.len(), 1);
        assert_eq!(ledger.columns[2].day, None);
    }

    #[test]
    fn a_proposed_date_goes_where_it_belongs_among_the_readers_own() {
        let points = vec![TimePoint::new(vec![study("1.4")]), TimePoint::new(vec![study("1.3")])];
        let case = Case::default().with(Edit::SetTimePoints(points)).unwrap();
        let visits = [visit("1.3", Some("20180101")), visit("1.2", Some("20160101"))];
        let ledger = case.ledger(&visits, |_| Known::default());
        let studies: Vec<_> = ledger.columns.iter().map(|column| column.point.studies[0].as_str()).collect();
        assert_eq!(studies, ["1.4", "1.2", "1.3"], "1.4 is not open and stays first");
    }
}
