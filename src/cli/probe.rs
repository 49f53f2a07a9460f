use serde_json::{Value, json};

use super::arguments::{Numbers, Probe as Question};
use super::console::Console;
use super::find::slice_in;
use super::measure::doubts;
use super::open::open_watched;
use super::plane::volume_at;
use super::{Chosen, CliError};
use crate::case::{
    EvaluateError, Quantity, QuantityKind, computed_decimals, label_lines, number, probe_value,
};
use crate::geometry::{PatientPoint, PixelPoint, position_letters};
use crate::image::{Decoded, Frame, Photometric};
use crate::render::value_at;

/// What one pixel says.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Column of the pixel, from 0.
    pub column: usize,
    /// Row of the pixel, from 0.
    pub row: usize,
    /// Value and stored value; none for colour.
    pub quantities: Vec<Quantity>,
    /// Red, green, blue of a colour image.
    pub color: Option<[u8; 3]>,
    /// The pixel's centre in the patient, where the image says it.
    pub patient: Option<PatientPoint>,
}

impl Probe {
    fn number(&self, kind: QuantityKind) -> Option<f64> {
        Quantity::find(&self.quantities, kind).map(|quantity| quantity.value)
    }

    /// The modality value.
    pub fn value(&self) -> Option<f64> {
        self.number(QuantityKind::Value)
    }

    /// Whether the file says that its stored value means nothing.
    fn is_padding(&self, frame: &Frame) -> bool {
        self.stored().is_some_and(|stored| frame.padding.is_some_and(|padding| padding.contains(stored)))
    }

    /// The number in the file.
    pub fn stored(&self) -> Option<f64> {
        self.number(QuantityKind::Stored)
    }
}

/// Reads the pixel under a point of a frame.
pub fn probe(chosen: Chosen<'_>, samples: &Decoded, at: PixelPoint) -> Result<Probe, CliError> {
    let frame = chosen.frame;
    let size = frame.size;
    let Some((column, row)) = at.pixel(size.columns, size.rows) else {
        let (columns, rows) = (size.columns, size.rows);
        let (column, row) = (at.column(), at.row());
        let what = format!("column {column}, row {row} is outside the image of {columns} x {rows} pixels");
        return Err(CliError::failed(what));
    };
    let (quantities, color) = match probe_value(at, frame, samples) {
        Ok(quantities) => (quantities, None),
        Err(EvaluateError::Color) => (Vec::new(), samples.color(row * size.columns + column)),
        Err(error) => return Err(CliError::failed(error)),
    };
    let centre = PixelPoint::new(column as f64, row as f64);
    let patient = frame.plane.map(|plane| plane.patient_from_pixel(centre));
    Ok(Probe { column, row, quantities, color, patient })
}

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let opened = open_watched(&question.paths, console)?;
    let (chosen, at) = match (question.pixel, &question.series, question.at) {
        (Some(Numbers([column, row])), ..) => (opened.choose(&question.image)?, PixelPoint::new(column, row)),
        (None, Some(series), Some(Numbers([x, y, z]))) => {
            slice_in(&opened.stacks(series, question.stack)?, PatientPoint::new(x, y, z))?
        }
        (None, ..) => return Err(CliError::misuse("say which pixel: --pixel, or --series and --at")),
    };
    let found = probe(chosen, &chosen.samples()?, at)?;
    if let (Some(_), Some(Numbers([x, y, z]))) = (&question.series, question.at)
        && chosen.series.slices.is_ok()
    {
        let point = PatientPoint::new(x, y, z);
        return between_voxels(question, chosen, &found, point, console);
    }
    if question.json {
        console.json(&as_json(chosen, &found))?;
    } else {
        for line in for_people(chosen, &found) {
            console.line(&line)?;
        }
    }
    Ok(0)
}

/// At a point of a volume: the trilinear value there, beside the voxel that is nearest to it.
fn between_voxels(
    question: &Question,
    chosen: Chosen<'_>,
    found: &Probe,
    point: PatientPoint,
    console: &mut Console<'_>,
) -> Result<u8, CliError> {
    let volume = volume_at(chosen.series, point)?;
    let value = value_at(&volume, point);
    let unit = chosen.frame.unit.label();
    if question.json {
        let mut answer = as_json(chosen, found);
        answer["nearest_value"] = answer["value"].take();
        answer["value"] = json!(value);
        answer["interpolation"] = json!("trilinear");
        answer["at_mm"] = json!(point.0.to_array());
        console.json(&answer)?;
        return Ok(0);
    }
    match value {
        Some(value) => {
            console.line(&format!(
                "{} {unit} (interpolated between the voxels)",
                number(value, computed_decimals(value, chosen.frame.step))
            ))?;
        }
        None => console.line("no value between the voxels there")?,
    }
    console.line("nearest voxel:")?;
    for line in for_people(chosen, found) {
        console.line(&line)?;
    }
    Ok(0)
}

fn as_json(chosen: Chosen<'_>, found: &Probe) -> Value {
    let mut answer = json!({
        "value": found.value(),
        "unit": found.value().map(|_| chosen.frame.unit.label()),
        "stored": found.stored(),
        "pixel": { "column": found.column, "row": found.row },
        "patient_mm": found.patient.map(|p| p.0.to_array()),
        "sop_instance_uid": chosen.frame.of.sop_instance.as_str(),
        "frame_number": chosen.frame.of.frame_number,
    });
    let real_world =
        |q: &Quantity| json!({ "value": q.value, "unit": q.unit.label(), "label": q.unit.mapping() });
    let of_map = |q: &&Quantity| q.kind == QuantityKind::RealWorld;
    let real_world: Vec<Value> = found.quantities.iter().filter(of_map).map(real_world).collect();
    if !chosen.frame.real_world.is_empty() {
        answer["real_world"] = json!(real_world);
    }
    let doubts = doubts(chosen.frame, &found.quantities);
    if !doubts.is_empty() {
        answer["warnings"] = json!(doubts);
    }
    if found.is_padding(chosen.frame) {
        answer["padding"] = json!(true);
    }
    if let Some(color) = found.color {
        answer["color"] = json!(color);
        answer["color_bits_stored"] = json!(chosen.frame.stored.layout.bits_stored);
    }
    answer
}

/// Words for colour of more than 8 bits, which is shown and probed in 8.
fn display_depth(frame: &Frame) -> String {
    let bits = frame.stored.layout.bits_stored;
    let palette = frame.stored.layout.photometric == Photometric::PaletteColor;
    if bits > 8 && !palette { format!(" (8-bit display of {bits} bits)") } else { String::new() }
}

fn for_people(chosen: Chosen<'_>, found: &Probe) -> Vec<String> {
    let mut lines = label_lines(&found.quantities);
    if let (Some(line), Some(stored), Some(value)) = (lines.first_mut(), found.stored(), found.value())
        && (stored - value).abs() > f64::EPSILON
    {
        *line = format!("{line} (stored value {stored})");
    }
    lines.extend(doubts(chosen.frame, &found.quantities));
    if found.is_padding(chosen.frame) {
        lines.push("padding: nothing was measured here; statistics leave it out".to_owned());
    }
    let deep = display_depth(chosen.frame);
    lines.extend(found.color.map(|[r, g, b]| format!("red {r}, green {g}, blue {b}{deep}")));
    lines.push(format!("pixel: column {}, row {}", found.column, found.row));
    lines.extend(found.patient.map(|point| format!("patient: {}", position_letters(point))));
    let of = &chosen.frame.of;
    lines.push(format!("image: {} frame {}", of.sop_instance, of.frame_number));
    lines
}
