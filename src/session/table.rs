//! The ledger as tables: one row a measurement for other programs, one row a lesion for people.

use serde_json::{Value, json};

use super::provenance::provenance;
use super::{Session, Values};
use crate::case::{
    Case, Clock, LabelStyle, Ledger, LedgerCell, Lesion, LesionChange, LesionCourse, LesionId, Measurement,
    Quantity, QuantityKind, QuantityUnit, Reading, axes, cell_cautions, compare, mapped_line, margin_cut_off,
    quantity_words,
};
use crate::export::Table;
use crate::image::{Calibration, Frame, Series};
use crate::numbers::{percent_change, signed, tabled};
use crate::response::State;

/// A measurement with what it was measured on.
#[derive(Debug, Clone, Copy)]
pub struct MeasuredOn<'a> {
    /// The measurement.
    pub measurement: &'a Measurement,
    /// Its series, where it is open.
    pub series: Option<&'a Series>,
    /// The acquired frame, or the one that stands for the plane.
    pub frame: Option<&'a Frame>,
    /// What it is worth.
    pub values: Option<&'a Values>,
}

/// Headings of lengths, areas and volumes in mm; the same in pixels have none, since nobody can compare them.
/// How many of [`SIZES`] are axes, from the longest to the shortest.
const AXES: usize = 3;

const SIZES: [(&str, QuantityKind); 13] = [
    ("length_mm", QuantityKind::Length),
    ("short_axis_mm", QuantityKind::ShortAxis),
    ("third_axis_mm", QuantityKind::ThirdAxis),
    ("product_mm2", QuantityKind::Product),
    ("ellipsoid_volume_ml", QuantityKind::EllipsoidVolume),
    ("volume_ml", QuantityKind::Volume),
    ("margin_volume_ml", QuantityKind::MarginVolume),
    ("diameter_mm", QuantityKind::Diameter),
    ("in_slice_long_mm", QuantityKind::InSliceLong),
    ("in_slice_across_mm", QuantityKind::InSliceAcross),
    ("distance_mm", QuantityKind::Distance),
    ("area_mm2", QuantityKind::Area),
    ("angle_deg", QuantityKind::Angle),
];

/// Stands for the heading of the days, which says what they are counted from.
const DAYS: &str = "days";

const STATISTICS: [(&str, QuantityKind); 8] = [
    ("value", QuantityKind::Value),
    ("n", QuantityKind::Count),
    ("mean", QuantityKind::Mean),
    ("sd", QuantityKind::Sd),
    ("median", QuantityKind::Median),
    ("min", QuantityKind::Min),
    ("max", QuantityKind::Max),
    ("padding", QuantityKind::PaddingCount),
];

/// One row a measurement, units in the headings, UIDs included, no date: the heading of the days says what they are
/// counted from.
pub fn measurement_table(case: &Case, ledger: &Ledger, all: &[MeasuredOn<'_>]) -> Table {
    let mut columns: Vec<String> = Vec::new();
    let clock = Clock::new(case, ledger, false);
    let days = format!("days_from_{}", clock.anchor_key());
    let rows = all.iter().map(|on| {
        let row = measurement_row(case, &clock, all, on);
        if columns.is_empty() {
            let heading = |name: &str| if name == DAYS { days.clone() } else { name.to_owned() };
            columns = row.iter().map(|(name, _)| heading(name)).collect();
        }
        row.into_iter().map(|(_, value)| value).collect()
    });
    let rows = rows.collect();
    Table { columns, rows }
}

fn measurement_row(
    case: &Case,
    clock: &Clock<'_>,
    all: &[MeasuredOn<'_>],
    on: &MeasuredOn<'_>,
) -> Vec<(&'static str, Value)> {
    let measurement = on.measurement;
    let ledger = clock.ledger();
    let lesion = measurement.lesion.and_then(|id| case.lesion(id));
    let at = on.study().and_then(|study| ledger.column_of(&study));
    let column = at.and_then(|at| ledger.columns.get(at));
    let quantities = match on.values {
        Some(Ok(quantities)) => quantities.as_slice(),
        Some(Err(_)) | None => &[],
    };
    let mut row = vec![
        ("measurement", json!(measurement.id.0)),
        ("kind", json!(measurement.kind.name())),
        ("label", json!(measurement.label)),
        ("lesion", json!(lesion.map(|lesion| &lesion.name))),
        ("site", json!(lesion.map(|lesion| &lesion.site))),
        ("role", json!(lesion.map(|lesion| lesion.role.name()))),
        ("node", json!(lesion.map(|lesion| lesion.node))),
        ("time_point", json!(at.map(|at| at + 1))),
        ("time_point_name", json!(column.map(|column| &column.point.name))),
        (DAYS, json!(column.and_then(|column| column.day).map(|day| clock.days(day)))),
    ];
    let calibration = quantities.iter().find_map(|quantity| quantity.unit.calibration());
    // The longest first: other programs take the length for the longest diameter, in whatever order it was drawn.
    let mut axes = axes(quantities);
    axes.sort_by(|a, b| b.value.total_cmp(&a.value));
    for (at, (name, kind)) in SIZES.into_iter().enumerate() {
        let found = if at < AXES { axes.get(at).copied() } else { Quantity::find(quantities, kind) };
        let in_mm = found.filter(|found| found.unit.calibration() != Some(Calibration::None));
        row.push((name, json!(in_mm.map(tabled_value))));
        if kind == QuantityKind::MarginVolume {
            row.push(("margin_cut_off", json!(margin_cut_off(quantities))));
        }
    }
    let in_pixels = Quantity::find(quantities, QuantityKind::Length)
        .filter(|length| length.unit.calibration() == Some(Calibration::None));
    row.push(("length_px", json!(in_pixels.map(tabled_value))));
    for (name, kind) in STATISTICS {
        row.push((name, json!(Quantity::find(quantities, kind).map(tabled_value))));
    }
    let of_value = |quantity: &&Quantity| matches!(quantity.unit, QuantityUnit::Value(..));
    let unit = quantities.iter().find(of_value).map(|quantity| quantity.unit.label());
    row.push(("value_unit", json!(unit)));
    row.extend(real_world(quantities));
    row.extend(comparison(all, on, quantities));
    row.push(("calibration", json!(calibration.map(Calibration::name))));
    row.push(("problem", json!(on.problem())));
    row.extend(on.origin(quantities));
    row
}

/// A number for other programs: without the noise of arithmetic, and what is counted as an integer.
fn tabled_value(quantity: &Quantity) -> Value {
    match quantity.unit {
        QuantityUnit::Pixels | QuantityUnit::Voxels | QuantityUnit::Slices | QuantityUnit::Parts => {
            json!(count(quantity.value))
        }
        QuantityUnit::Value(..)
        | QuantityUnit::RealWorld { .. }
        | QuantityUnit::Length(_)
        | QuantityUnit::Area(_)
        | QuantityUnit::Millilitres(_)
        | QuantityUnit::MillilitresCutOff
        | QuantityUnit::Degrees
        | QuantityUnit::Times
        | QuantityUnit::Percent => json!(tabled(quantity.value)),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "fewer than 2^53")]
fn count(value: f64) -> i64 {
    value.round() as i64
}

/// By the file's mapping, of several the `SUVbw`: a pixel's value, a region's mean and largest value, unit and name.
fn real_world(quantities: &[Quantity]) -> Vec<(&'static str, Value)> {
    let kinds = [
        ("real_world_value", QuantityKind::RealWorld),
        ("real_world_mean", QuantityKind::RealWorldMean),
        ("real_world_max", QuantityKind::RealWorldMax),
    ];
    let found = kinds.map(|(name, kind)| (name, Quantity::find_mapped(quantities, kind)));
    let unit = found.iter().find_map(|(_, found)| *found).map(|found| &found.unit);
    let values = found.iter().map(|(name, found)| (*name, json!(found.map(tabled_value))));
    let words = [
        ("real_world_unit", json!(unit.map(QuantityUnit::label))),
        ("real_world_mapping", json!(unit.and_then(QuantityUnit::mapping))),
    ];
    values.chain(words).collect()
}

fn comparison(all: &[MeasuredOn<'_>], on: &MeasuredOn<'_>, own: &[Quantity]) -> Vec<(&'static str, Value)> {
    let compared = on.measurement.compared.as_ref();
    let other = compared.and_then(|compared| all.iter().find(|other| other.measurement.id == compared.with));
    let found = other.and_then(|other| match other.values {
        Some(Ok(other)) => compare(own, other),
        Some(Err(_)) | None => None,
    });
    let value = |kind| found.as_ref().and_then(|list| Quantity::find(list, kind)).map(tabled_value);
    vec![
        ("compared_with", json!(compared.map(|compared| compared.with.0))),
        ("ratio", json!(value(QuantityKind::Ratio))),
        ("difference", json!(value(QuantityKind::Difference))),
        ("change_percent", json!(value(QuantityKind::Change))),
    ]
}

impl MeasuredOn<'_> {
    fn study(&self) -> Option<crate::image::StudyUid> {
        self.measurement.study.clone().or_else(|| Some(self.series?.study.uid.clone()))
    }

    fn problem(&self) -> Option<String> {
        match self.values {
            Some(Err(why)) => Some(why.to_string()),
            None => Some("its images are not open".to_owned()),
            Some(Ok(_)) => None,
        }
    }

    /// Where it was measured, in words and by UIDs.
    fn origin(&self, quantities: &[Quantity]) -> Vec<(&'static str, Value)> {
        let facts = match (self.series, self.frame) {
            (Some(series), Some(frame)) => provenance(self.measurement, series, frame, quantities),
            _ => Vec::new(),
        };
        let fact = |key: &str| facts.iter().find(|fact| fact.key == key).map(|fact| fact.value.clone());
        let thickness = self.frame.and_then(|frame| frame.thickness).map(|mm| mm.0);
        let spacing = self.frame.and_then(|frame| frame.spacing);
        let drawn_on = self.measurement.points.drawn_on();
        vec![
            ("modality", json!(self.series.map(|series| &series.info.modality))),
            ("slice", json!(fact("slice"))),
            ("plane", json!(fact("plane_words"))),
            ("thickness_mm", json!(thickness.map(tabled))),
            ("row_spacing_mm", json!(spacing.map(|spacing| tabled(spacing.between_rows.0)))),
            ("column_spacing_mm", json!(spacing.map(|spacing| tabled(spacing.between_columns.0)))),
            ("spacing_source", json!(fact("spacing"))),
            ("compression", json!(fact("compression"))),
            ("suv_rule", json!(fact("suv"))),
            ("study_uid", json!(self.study().map(|study| study.as_str().to_owned()))),
            ("series_uid", json!(self.series.map(|series| series.info.uid.as_str()))),
            ("sop_uid", json!(drawn_on.map(|of| of.sop_instance.as_str()))),
            ("frame", json!(drawn_on.map(|of| of.frame_number))),
        ]
    }
}

/// One row a lesion, one column a time point, for people; the clock says when those were.
fn lesion_rows(case: &Case, clock: &Clock<'_>, style: LabelStyle) -> Table {
    let ledger = clock.ledger();
    let heading = |(at, column): (usize, &crate::case::LedgerColumn)| {
        let day = clock.heading(at);
        if column.point.name.is_empty() { day } else { format!("{}, {day}", column.point.name) }
    };
    let first = ["Lesion".to_owned()];
    let columns = first.into_iter().chain(ledger.columns.iter().enumerate().map(heading)).collect();
    let rows = ledger.rows.iter().filter_map(|(id, cells)| {
        let lesion = case.lesion(*id)?;
        let site = if lesion.site.is_empty() { String::new() } else { format!(" ({})", lesion.site) };
        let name = json!(format!("{}{site}", lesion.name));
        let course = ledger.course(lesion);
        let cell = |at: usize| json!(lines_of(lesion, (cells, &course), at, style).join("\n"));
        Some([name].into_iter().chain((0..cells.len()).map(cell)).collect())
    });
    Table { columns, rows: rows.collect() }
}

/// What the ledger says in a cell, line by line: size, product and volume, density, what became of it, its change or
/// why there is none, and the rules not kept.
pub fn cell_lines(case: &Case, ledger: &Ledger, at: (LesionId, usize), style: LabelStyle) -> Vec<String> {
    let Some(cells) = ledger.cells(at.0) else { return Vec::new() };
    let Some(lesion) = case.lesion(at.0) else { return Vec::new() };
    lines_of(lesion, (cells, &ledger.course(lesion)), at.1, style)
}

/// The same of a lesion whose course is known, for those who want every cell of it.
pub fn lines_of(
    lesion: &Lesion,
    (cells, course): (&[LedgerCell], &LesionCourse),
    at: usize,
    style: LabelStyle,
) -> Vec<String> {
    let Some(cell) = cells.get(at) else { return Vec::new() };
    let mut lines = value_lines(cell, style);
    lines.extend(state_line(course, cell, at));
    lines.extend(course.changes.get(at).and_then(Option::as_ref).map(change_line));
    lines.extend(course.cuts.get(at).cloned().flatten());
    lines.extend(cell_cautions(lesion, cells, at).into_iter().map(|caution| format!("\u{26a0} {caution}")));
    lines
}

fn value_lines(cell: &LedgerCell, style: LabelStyle) -> Vec<String> {
    let axes: Vec<&Quantity> = cell.size.iter().map(|measured| &measured.quantity).collect();
    let mut lines = Vec::new();
    if !axes.is_empty() {
        lines.push(style.size(&axes));
    }
    let area = cell.product.as_ref().map(|measured| style.area(&measured.quantity));
    let volume = cell.volume.as_ref().map(|measured| quantity_words(&measured.quantity));
    let more: Vec<String> = area.into_iter().chain(volume).collect();
    if !more.is_empty() {
        lines.push(more.join(", "));
    }
    lines.extend(cell.density.as_ref().map(|density| quantity_words(&density.quantity)));
    let largest = cell.suv_max.as_ref().map(|largest| &largest.quantity);
    lines.extend(cell.suv.as_ref().map(|mean| mapped_line(&mean.quantity, largest)));
    lines
}

/// Since when it changed, of what, and from the smallest since then: `longest axis -5.0 mm (-12.5 %) from day 0, ...`.
fn change_line(change: &LesionChange) -> String {
    let words = |by: &crate::response::Change| {
        let percent = by.percent.map(|percent| format!(" ({})", percent_change(percent)));
        format!("{} {}{}", signed(by.absolute, 1), change.unit, percent.unwrap_or_default())
    };
    let smallest = change.from_smallest.as_ref();
    let smallest = smallest.map(|by| format!(", {} from the smallest", words(by))).unwrap_or_default();
    format!("{} {} {}{smallest}", change.basis.name(), words(&change.change), change.since_words)
}

/// What became of a lesion, where that is more than that it is there: `gone, resected`, `recurrent`, `new`.
fn state_line(course: &LesionCourse, cell: &LedgerCell, at: usize) -> Option<String> {
    let state = course.states.get(at).copied().flatten()?;
    let words = match state {
        State::Present => return None,
        State::Resected => "gone, resected",
        State::TooSmall | State::Absent | State::New | State::Recurrent => state.name(),
    };
    let is_small = cell.reading == Some(Reading::TooSmall) && cell.size.is_empty();
    let also = if is_small && state != State::TooSmall { ", too small to measure" } else { "" };
    Some(format!("{words}{also}"))
}

impl Session {
    /// One row a lesion, one column a time point, for people. Dates are left out.
    pub fn lesion_table(&self, style: LabelStyle) -> Table {
        let ledger = self.ledger();
        self.lesion_table_on(&Clock::new(self.case(), &ledger, false), style)
    }

    /// The same by a clock, which may say dates.
    pub(super) fn lesion_table_on(&self, clock: &Clock<'_>, style: LabelStyle) -> Table {
        lesion_rows(self.case(), clock, style)
    }

    /// One row a measurement, with everything that is known of it.
    pub fn measurement_table(&self) -> Table {
        let computed: Vec<Option<Frame>> =
            self.case().measurements.iter().map(|m| self.plane_of(m)).collect();
        let all: Vec<MeasuredOn<'_>> = self
            .case()
            .measurements
            .iter()
            .zip(&computed)
            .map(|(measurement, computed)| MeasuredOn {
                measurement,
                series: self.series_measured(measurement).map(AsRef::as_ref),
                frame: computed.as_ref().or_else(|| self.acquired_frame(measurement)),
                values: self.values(measurement.id),
            })
            .collect();
        measurement_table(self.case(), &self.ledger(), &all)
    }
}
