//! What a live value says now.

use super::{EventId, Live, LiveFormat, LiveOf, TimeForm};
use crate::case::claim::factor;
use crate::case::respond::contradiction;
use crate::case::{
    Case, Ledger, LedgerCell, Lesion, LesionId, MeasurementId, Quantity, TimePointId, axes, number,
    unit_decimals,
};
use crate::numbers::{percent_change, signed};

/// What is known beside the case.
pub trait LiveFacts {
    /// What a measurement is worth; why nobody knows.
    fn quantities(&self, id: MeasurementId) -> Result<Vec<Quantity>, String>;
    /// How the image of a measurement was acquired: names and values.
    fn technique(&self, _: MeasurementId) -> Option<Vec<(String, String)>> {
        None
    }
    /// The same of a panel, named as in text: `1a`.
    fn panel_technique(&self, _: &str) -> Option<Vec<(String, String)>> {
        None
    }
    /// When a time point was: relative, or its date.
    fn time_point(&self, _: TimePointId, _: TimeForm) -> Option<String> {
        None
    }
    /// When an event was: relative, or its date.
    fn event(&self, _: EventId, _: TimeForm) -> Option<String> {
        None
    }
    /// Which day times are counted from, as a sentence; empty where they are dates.
    fn clock(&self) -> String {
        String::new()
    }
}

/// What a value says now; why it says nothing.
///
/// The timeline and the tables are no words: they say what they are.
pub fn live_text(live: &Live, case: &Case, ledger: &Ledger, facts: &dyn LiveFacts) -> Result<String, String> {
    let text = match live.of.as_ref().ok_or("it does not read as a value")? {
        LiveOf::Measurement(id, what) => of_measurement(case, *id, what, live.format, facts)?,
        LiveOf::Lesion(id, at, what) => of_lesion(case, ledger, (*id, *at), what, live.format)?,
        LiveOf::Panel(panel, what) => {
            let lines = facts.panel_technique(panel).ok_or_else(|| format!("panel {panel} is not there"))?;
            technique(&lines, what).ok_or_else(|| format!("panel {panel} does not say its {what}"))?
        }
        LiveOf::TimePoint(id) => {
            facts.time_point(*id, form_of(live)).ok_or_else(|| format!("time point {} has no date", id.0))?
        }
        LiveOf::Event(id) => facts
            .event(*id, form_of(live))
            .ok_or_else(|| format!("there is no event {}, or nobody knows when it was", id.0))?,
        LiveOf::Clock => facts.clock(),
        LiveOf::Timeline => "timeline".to_owned(),
        LiveOf::TimelineTable => "timeline table".to_owned(),
        LiveOf::Ledger => "ledger".to_owned(),
    };
    Ok(if live.format.about { format!("about {text}") } else { text })
}

/// How a time stands where it is typed.
fn form_of(live: &Live) -> TimeForm {
    match (live.format.as_date, live.format.on) {
        (true, true) => TimeForm::OnDate,
        (true, false) => TimeForm::Date,
        (false, false) if live.behind_preposition => TimeForm::Noun,
        (false, _) => TimeForm::Sentence,
    }
}

fn of_measurement(
    case: &Case,
    id: MeasurementId,
    what: &str,
    format: LiveFormat,
    facts: &dyn LiveFacts,
) -> Result<String, String> {
    if case.measurement(id).is_none() {
        return Err(format!("measurement {} is gone", id.0));
    }
    if let Some(text) = facts.technique(id).and_then(|lines| technique(&lines, what)) {
        return Ok(text);
    }
    let quantities = facts.quantities(id)?;
    let found: Vec<&Quantity> = match what {
        "size" => axes(&quantities),
        what => quantities.iter().filter(|quantity| quantity.kind.name() == what).take(1).collect(),
    };
    let none = || format!("measurement {} has no {what}", id.0);
    words(&found, format).ok_or_else(none)
}

fn of_lesion(
    case: &Case,
    ledger: &Ledger,
    (id, at): (LesionId, TimePointId),
    what: &str,
    format: LiveFormat,
) -> Result<String, String> {
    let lesion = case.lesion(id).ok_or_else(|| format!("lesion {} is gone", id.0))?;
    let column = ledger.columns.iter().position(|column| column.point.id == at);
    let column = column.ok_or_else(|| format!("time point {} is gone", at.0))?;
    let cells = ledger.cells(id).unwrap_or_default();
    let cell = cells.get(column).ok_or("the ledger does not hold it")?;
    let found: Vec<&Quantity> = quantities_of(cell, what);
    let none = || format!("lesion {} has no {what} at time point {}", id.0, at.0);
    if matches!(what, "size" | "longest" | "product" | "change")
        && let Some(sizes) = contradiction(cell)
    {
        return Err(format!(
            "lesion {} at time point {}: {sizes}; choose which counts in the ledger",
            id.0, at.0
        ));
    }
    match what {
        "change" => {
            return change_words(ledger, lesion, column, format).map_err(|why| why.unwrap_or_else(none));
        }
        "state" => {
            let state = ledger.course(lesion).states.get(column).copied().flatten().ok_or_else(none)?;
            return Ok(state.name().to_owned());
        }
        _ => {}
    }
    words(&found, format).ok_or_else(none)
}

/// `-12 % in the longest axis`: of what and since when is part of it, but for the baseline. Why there is none, where that
/// is known.
fn change_words(
    ledger: &Ledger,
    lesion: &Lesion,
    column: usize,
    format: LiveFormat,
) -> Result<String, Option<String>> {
    let course = ledger.course(lesion);
    let Some(change) = course.changes.get(column).and_then(Option::as_ref) else {
        let cut = course.cuts.get(column).and_then(Option::as_deref);
        return Err(cut.map(|why| format!("lesion {} has no change: {why}", lesion.id.0)));
    };
    let percent = change.change.percent.ok_or(None)?;
    let words = match format.decimals {
        Some(decimals) => format!("{} %", signed(percent, decimals)),
        None => percent_change(percent),
    };
    let is_baseline = ledger.baseline_of(column) == Some(change.since);
    let since = if is_baseline { String::new() } else { format!(" {}", change.since_words) };
    Ok(format!("{words} in the {}{since}", change.basis.name()))
}

fn quantities_of<'a>(cell: &'a LedgerCell, what: &str) -> Vec<&'a Quantity> {
    let one = |measured: Option<&'a crate::case::Measured>| {
        measured.map(|measured| &measured.quantity).into_iter().collect()
    };
    match what {
        "size" => cell.size.iter().map(|measured| &measured.quantity).collect(),
        "longest" => one(cell.longest()),
        "volume" => one(cell.volume.as_ref()),
        "density" => one(cell.density.as_ref()),
        "product" => one(cell.product.as_ref()),
        "suv" => one(cell.suv.as_ref()),
        _ => Vec::new(),
    }
}

/// `2.2 x 3.5 x 4.0 cm`, which print sets with its signs; `None` for no quantities.
fn words(found: &[&Quantity], format: LiveFormat) -> Option<String> {
    let unit = found.first()?.unit.label();
    let wanted = match unit {
        "mm" if format.in_cm => "cm",
        "mm\u{b2}" if format.in_cm => "cm\u{b2}",
        unit => unit,
    };
    let factor = factor(unit, wanted)?;
    // As the label has it, unless the author asks for other digits. Axes line up by the smallest.
    let decimals = |quantity: &&Quantity| match wanted {
        "cm" | "cm\u{b2}" => 1,
        _ => unit_decimals(quantity),
    };
    let decimals = format.decimals.unwrap_or_else(|| found.iter().map(decimals).max().unwrap_or(1));
    let numbers: Vec<String> =
        found.iter().map(|quantity| number(quantity.value * factor, decimals)).collect();
    let space = if wanted == "\u{b0}" { "" } else { " " };
    Some(format!("{}{space}{wanted}", numbers.join(" x ")).trim_end().to_owned())
}

/// A line of how an image was acquired, by its name without spaces and capitals: `kv`, `thickness`, `tr`, `contrast`.
fn technique(lines: &[(String, String)], what: &str) -> Option<String> {
    let plain = |name: &str| name.to_lowercase().replace(' ', "");
    let (name, value) =
        lines.iter().find(|(name, _)| plain(name).starts_with(&plain(what)) && !what.is_empty())?;
    Some(match name.as_str() {
        "kV" => format!("{value} kV"),
        "mA" => format!("{value} mA"),
        "mAs" => format!("{value} mAs"),
        _ => value.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::notebook::lives;
    use crate::case::{Kind, Measurement, Points, QuantityKind, QuantityUnit, Step};
    use crate::image::{Calibration, FrameRef, ValueUnit};

    struct Facts;

    impl LiveFacts for Facts {
        fn quantities(&self, id: MeasurementId) -> Result<Vec<Quantity>, String> {
            let axis =
                |kind, value| Quantity { kind, value, unit: QuantityUnit::Length(Calibration::InPatient) };
            match id.0 {
                1 => Ok(vec![
                    axis(QuantityKind::Length, 35.04),
                    axis(QuantityKind::ShortAxis, 22.26),
                    axis(QuantityKind::ThirdAxis, 40.0),
                    Quantity {
                        kind: QuantityKind::Mean,
                        value: 38.26,
                        unit: QuantityUnit::Value(ValueUnit::Hounsfield, Step::default()),
                    },
                ]),
                _ => Err("its images are not open".to_owned()),
            }
        }

        fn technique(&self, _: MeasurementId) -> Option<Vec<(String, String)>> {
            Some(vec![("kV".to_owned(), "120".to_owned()), ("Thickness".to_owned(), "5 mm".to_owned())])
        }

        fn panel_technique(&self, panel: &str) -> Option<Vec<(String, String)>> {
            (panel == "1b").then(|| vec![("TR".to_owned(), "450 ms".to_owned())])
        }

        fn time_point(&self, id: TimePointId, form: TimeForm) -> Option<String> {
            let words = match form {
                TimeForm::Sentence => "14 days after the first examination",
                TimeForm::Noun => "noun",
                TimeForm::Heading => "heading",
                TimeForm::Date => "26 May 2015",
                TimeForm::OnDate => "on 26 May 2015",
            };
            (id.0 == 2).then(|| words.to_owned())
        }

        fn clock(&self) -> String {
            "Times are counted from the first examination (day 0).".to_owned()
        }
    }

    fn points() -> Points {
        let sop_instance = crate::image::SopInstanceUid::new("1.2.3");
        Points::Pixel { frame: FrameRef { sop_instance, frame_number: 1 }, points: Vec::new() }
    }

    fn said(notes: &str) -> Vec<Result<String, String>> {
        let mut case = Case::default();
        for id in [1, 2] {
            let mut measurement = Measurement::new(Kind::Size, points());
            measurement.id = MeasurementId(id);
            case.measurements.push(std::sync::Arc::new(measurement));
        }
        let ledger = Ledger::default();
        lives(notes).iter().map(|live| live_text(live, &case, &ledger, &Facts)).collect()
    }

    #[test]
    fn values_are_said_in_their_format() {
        let good = said(
            "{{measurement:1#size|cm 1}} {{measurement:1#size}} {{measurement:1#mean|0 about}} {{measurement:1#kv}} \
             {{measurement:1#thickness}} {{panel:1b#tr}} {{time:2}} {{time:2|date}} \
             {{time:2|date on}} since {{time:2}} {{clock}}",
        );
        let good: Vec<String> = good.into_iter().map(Result::unwrap).collect();
        assert_eq!(
            good,
            [
                "3.5 x 2.2 x 4.0 cm",
                "35.0 x 22.3 x 40.0 mm",
                "about 38 HU",
                "120 kV",
                "5 mm",
                "450 ms",
                "14 days after the first examination",
                "26 May 2015",
                "on 26 May 2015",
                "noun",
                "Times are counted from the first examination (day 0)."
            ]
        );
    }

    #[test]
    fn what_is_not_there_says_why() {
        let whys: Vec<String> = said(
            "{{measurement:9#size}} {{measurement:2#size}} {{measurement:1#volume}} {{lesion:1@1#size}} {{time:1}} \
             {{event:1}} {{panel:1b#kv}} {{rubbish}}",
        )
        .into_iter()
        .map(Result::unwrap_err)
        .collect();
        assert_eq!(
            whys,
            [
                "measurement 9 is gone",
                "its images are not open",
                "measurement 1 has no volume",
                "lesion 1 is gone",
                "time point 1 has no date",
                "there is no event 1, or nobody knows when it was",
                "panel 1b does not say its kv",
                "it does not read as a value"
            ]
        );
    }
}
