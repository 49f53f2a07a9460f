use serde_json::{Value, json};

use super::CliError;
use super::Opened;
use super::arguments::Verify as Question;
use super::case_file::{Again, again, images_of, ledger_of};
use super::console::Console;
use super::loaded::Loaded;
use crate::case::notebook::{Live, LiveFacts, LiveOf, live_text, lives};
use crate::case::{
    Case, Claim, Facts, Measurement, MeasurementId, Padding, Quantity, TOLERANCE, claims, frames_measured,
    image_facts,
};
use crate::image::{Frame, Series, fingerprint};
use crate::session::{TellingPlace, technique_lines, telling_places};
use crate::store::load_case;

/// What is said where a measurement has values and the case keeps none to compare them with.
const NOTHING_RECORDED: &str =
    "nothing was recorded to compare with; saving the case in the window records it";

/// What was measured of a claim, in its own words, and whether it agrees; why it cannot be compared.
type Checked = Result<(String, bool), String>;

/// A value in the notes as it is typed, and what it says; why it says nothing.
type Said = (String, Result<String, String>);

/// How a measurement compares with what was recorded.
struct Verdict {
    id: MeasurementId,
    kind: &'static str,
    /// What was found; empty where all is as recorded.
    differences: Vec<String>,
    /// Whether there was a record to compare with.
    recorded: bool,
    /// What the record does not hold, as older programs wrote it; empty where it is whole.
    unrecorded: Vec<&'static str>,
}

/// How the parts of the case compare with its seal; `None` where it has none.
type Sealed = Option<Vec<String>>;

/// Measures everything in a case again and compares with what it recorded and what its notes claim.
///
/// The exit code is 1 when anything differs beyond the tolerance, or could not be measured again.
pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let case = load_case(&question.case).map_err(CliError::failed)?;
    let (opened, missing) = images_of(&case, &question.case, &question.data, console)?;
    let mut loaded = Loaded::new(console.memory);
    let (mut verdicts, mut measured) = (Vec::new(), Vec::new());
    for measurement in &case.measurements {
        let found = again(measurement, &opened, &mut loaded, Padding::Exclude, console);
        verdicts.push(match found {
            Ok(again) => {
                let verdict = verdict(&case, &again, &mut loaded, console);
                measured.push(again);
                verdict
            }
            Err(why) => Verdict { differences: vec![why.to_string()], ..unmeasured(measurement) },
        });
    }
    let open: Vec<&Series> = opened.series.iter().collect();
    let sealed = case.seal.as_ref().map(|seal| seal.differences(&case, &open)).transpose();
    let sealed: Sealed = sealed.map_err(CliError::failed)?;
    let values = values(&case, &opened, &measured);
    let claims: Vec<(Claim, Checked)> = claims(&case.notes)
        .into_iter()
        .map(|claim| {
            let checked = check(&claim, &measured);
            (claim, checked)
        })
        .collect();
    let failed = verdicts.iter().any(|verdict| !verdict.differences.is_empty())
        || claims.iter().any(|(_, checked)| !matches!(checked, Ok((_, true))))
        || values.iter().any(|(_, value)| value.is_err())
        || sealed.as_ref().is_some_and(|differences| !differences.is_empty())
        || !missing.is_empty();
    if question.json {
        console.json(&answer(&verdicts, &sealed, &values, &claims, &missing, failed))?;
    } else {
        print(&verdicts, &sealed, &values, &claims, &missing, console)?;
    }
    tell_of_places(&case, &opened.series, question, console)?;
    Ok(u8::from(failed))
}

/// Says where names of folders say who the patient is.
fn tell_of_places(
    case: &Case,
    series: &[Series],
    question: &Question,
    console: &mut Console<'_>,
) -> Result<(), CliError> {
    for telling in telling_places(case, series, &question.case) {
        let TellingPlace { place, what } = telling;
        console.note(&format!("note: {place}: {what}: rename it before you pass the case on"))?;
    }
    Ok(())
}

fn unmeasured(measurement: &Measurement) -> Verdict {
    let (id, kind) = (measurement.id, measurement.kind.name());
    Verdict { id, kind, differences: Vec::new(), recorded: false, unrecorded: Vec::new() }
}

fn verdict(case: &Case, again: &Again<'_>, loaded: &mut Loaded, console: &mut Console<'_>) -> Verdict {
    let mut verdict = unmeasured(again.measurement);
    let record = case.recorded.iter().find(|record| record.measurement == verdict.id);
    verdict.recorded = record.is_some();
    let quantities = match again.quantities() {
        Ok(quantities) => quantities,
        Err(why) => {
            verdict.differences.push(why.to_string());
            return verdict;
        }
    };
    let Some(record) = record else {
        // An arrow or a text is worth nothing that could be recorded.
        if !quantities.is_empty() {
            verdict.differences.push(NOTHING_RECORDED.to_owned());
        }
        return verdict;
    };
    let facts = facts_of(again);
    let pixels = match record.pixels.as_ref().map(|_| pixels_of(again, loaded, console)).transpose() {
        Ok(pixels) => pixels.flatten(),
        Err(why) => {
            verdict.differences.push(why.to_string());
            None
        }
    };
    verdict.differences.extend(record.differences(quantities, pixels.as_deref(), &facts));
    if record.pixels.is_none() && again.measurement.kind.needs_samples() {
        verdict.unrecorded.push("the pixels");
    }
    if record.facts.is_empty() {
        verdict.unrecorded.push("place and technique of the images");
    }
    verdict
}

/// What the files say of the images that a measurement takes its values from.
fn facts_of(again: &Again<'_>) -> Facts {
    let own = again.series.frames.iter().find(|frame| frame.of == again.frame.of).map(AsRef::as_ref);
    image_facts(again.series, &frames_measured(again.measurement, again.series, own))
}

/// One fingerprint of the samples that a measurement takes its values from.
fn pixels_of(
    again: &Again<'_>,
    loaded: &mut Loaded,
    console: &mut Console<'_>,
) -> Result<Option<String>, CliError> {
    if again.measurement.mask.is_none() && again.measurement.drawn_on_plane.is_none() {
        return Ok(Some(fingerprint(&*loaded.samples(&again.frame)?)));
    }
    let frames: Vec<&Frame> = frames_measured(again.measurement, again.series, None);
    loaded.fingerprint(&frames, console)
}

fn check(claim: &Claim, measured: &[Again<'_>]) -> Checked {
    let found = measured.iter().find(|again| again.measurement.id == claim.measurement);
    let quantities: &[Quantity] = match found.map(Again::quantities) {
        Some(Ok(quantities)) => quantities,
        Some(Err(why)) => return Err(why.to_string()),
        None => return Err(format!("measurement {} could not be measured", claim.measurement.0)),
    };
    claim.check(quantities)
}

/// The values in the notes that come from measurements, as they are typed and what they say now.
fn values(case: &Case, opened: &Opened, measured: &[Again<'_>]) -> Vec<Said> {
    let ledger = ledger_of(case, opened, &measured.iter());
    let facts = Measured(measured);
    let of_measurements =
        |live: &Live| matches!(live.of, Some(LiveOf::Measurement(..) | LiveOf::Lesion(..)) | None);
    lives(&case.notes)
        .into_iter()
        .filter(of_measurements)
        .map(|live| {
            let typed = case.notes.get(live.range.clone()).unwrap_or_default().to_owned();
            (typed, live_text(&live, case, &ledger, &facts))
        })
        .collect()
}

/// What was measured again.
struct Measured<'m>(&'m [Again<'m>]);

impl Measured<'_> {
    fn of(&self, id: MeasurementId) -> Option<&Again<'_>> {
        self.0.iter().find(|again| again.measurement.id == id)
    }
}

impl LiveFacts for Measured<'_> {
    fn quantities(&self, id: MeasurementId) -> Result<Vec<Quantity>, String> {
        let again = self.of(id).ok_or_else(|| format!("measurement {} could not be measured", id.0))?;
        again.quantities().map(<[Quantity]>::to_vec).map_err(|why| why.to_string())
    }

    fn technique(&self, id: MeasurementId) -> Option<Vec<(String, String)>> {
        let again = self.of(id)?;
        Some(technique_lines(again.series, &again.frame))
    }
}

fn answer(
    verdicts: &[Verdict],
    sealed: &Sealed,
    values: &[Said],
    claims: &[(Claim, Checked)],
    missing: &[Value],
    failed: bool,
) -> Value {
    let measurements: Vec<Value> = verdicts
        .iter()
        .map(|verdict| {
            json!({
                "id": verdict.id.0,
                "kind": verdict.kind,
                "recorded": verdict.recorded,
                "agrees": verdict.differences.is_empty(),
                "differences": verdict.differences,
                "not_recorded": verdict.unrecorded,
            })
        })
        .collect();
    let claims: Vec<Value> = claims
        .iter()
        .map(|(claim, checked)| {
            let (measured, agrees, problem) = match checked {
                Ok((measured, agrees)) => (Some(measured), *agrees, None),
                Err(why) => (None, false, Some(why)),
            };
            json!({
                "text": claim.text,
                "measurement": claim.measurement.0,
                "what": claim.what,
                "tolerance": claim.tolerance,
                "measured": measured,
                "agrees": agrees,
                "problem": problem,
            })
        })
        .collect();
    let values: Vec<Value> = values
        .iter()
        .map(|(typed, said)| json!({ "typed": typed, "says": said.as_ref().ok(), "problem": said.as_ref().err() }))
        .collect();
    json!({
        "agrees": !failed,
        "values": values,
        "tolerance": TOLERANCE,
        "case": {
            "recorded": sealed.is_some(),
            "agrees": sealed.as_ref().is_none_or(Vec::is_empty),
            "differences": sealed,
        },
        "measurements": measurements,
        "claims": claims,
        "problems": missing,
    })
}

fn print(
    verdicts: &[Verdict],
    sealed: &Sealed,
    values: &[Said],
    claims: &[(Claim, Checked)],
    missing: &[Value],
    console: &mut Console<'_>,
) -> Result<(), CliError> {
    for verdict in verdicts {
        let words = match (verdict.differences.as_slice(), verdict.recorded) {
            ([], true) if verdict.unrecorded.is_empty() => "as recorded".to_owned(),
            ([], true) => format!("as recorded; not recorded: {}", verdict.unrecorded.join(", ")),
            ([], false) => "it has no values".to_owned(),
            (differences, _) => format!("DIFFERS: {}", differences.join("; ")),
        };
        console.line(&format!("{} {}: {words}", verdict.id.0, verdict.kind))?;
    }
    match sealed {
        Some(differences) => {
            for difference in differences {
                console.line(&format!("case: DIFFERS: {difference}"))?;
            }
        }
        None => console
            .line("case: its lesions, events and days were not recorded; saving it in the window does")?,
    }
    for (typed, said) in values {
        let words = match said {
            Ok(text) => text.clone(),
            Err(why) => format!("DIFFERS: {why}"),
        };
        console.line(&format!("value {typed}: {words}"))?;
    }
    for (claim, checked) in claims {
        let words = match checked {
            Ok((measured, true)) => format!("agrees, measured {measured}"),
            Ok((measured, false)) => {
                format!("DIFFERS, measured {measured}, tolerance {} {}", claim.tolerance, claim.unit)
            }
            Err(why) => format!("DIFFERS: {why}"),
        };
        console.line(&format!("claim \"{}\": {words}", claim.text))?;
    }
    for problem in missing {
        let (reason, path) = (problem["reason"].as_str(), problem["path"].as_str());
        console.note(&format!("problem: {}: {}", reason.unwrap_or_default(), path.unwrap_or_default()))?;
    }
    Ok(())
}
