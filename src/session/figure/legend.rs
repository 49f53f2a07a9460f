//! Captions drafted from headers and the case: what each panel shows, without a date or a name.

use crate::case::{Figure, Panel, column_day};
use crate::geometry::FramePlane;
use crate::image::{Series, Voi, Window};
use crate::session::compare::{direction_of, sort_parts};
use crate::session::{Session, Shown};
use crate::view::{Preset, Reformat, SlabMode};

/// Within so many degrees of a plane of the patient, readers call a slice by its name; a gantry is tilted up to 30.
const NEAR_DEGREES: f64 = 31.0;

impl Session {
    /// The caption of a panel: the author's, or what the program says.
    pub fn caption_of(&self, panel: &Panel) -> String {
        panel.caption.clone().unwrap_or_else(|| self.drafted_caption(panel))
    }

    /// What the program says of a panel.
    pub fn drafted_caption(&self, panel: &Panel) -> String {
        let Some(viewport) = self.viewport_of_view(&panel.view) else {
            return "image not open".to_owned();
        };
        let Some(shown) = self.shown_in(&viewport) else { return String::new() };
        let over = self.over(&shown).map(|(_, series)| modality_words(&sort_parts(series)));
        let mut words = vec![panel_caption(&shown, &self.settings.presets)];
        words.extend(over.map(|over| format!("with {over} in colour")));
        words.extend(self.since_day_zero(shown.series));
        words.join(", ")
    }

    /// How long after day 0 a series was acquired, in words; `None` where there is only one time point.
    fn since_day_zero(&self, series: &Series) -> Option<String> {
        let ledger = self.ledger();
        let columns = &ledger.columns;
        if columns.len() < 2 {
            return None;
        }
        let at = columns.iter().position(|column| column.point.studies.contains(&series.study.uid))?;
        let column = &columns[at];
        let zero = columns.iter().find(|column| column.day == Some(0));
        let name = |name: &str, otherwise: &str| {
            if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
        };
        let first = name(zero.map_or("", |zero| &zero.point.name), "the first examination");
        match column.day {
            Some(0) => (!column.point.name.is_empty()).then(|| column.point.name.clone()),
            Some(day) if day < 0 => Some(format!("{} {first}", column_day(column, at))),
            Some(_) => Some(format!("{} after {first}", column_day(column, at))),
            None => None,
        }
    }
}

/// The legend of a figure: its number and title, a caption for each panel, the closing words.
pub fn legend_words(figure: &Figure, number: usize, captions: &[String]) -> String {
    let mut sentences = vec![format!("Figure {number}.")];
    sentences.extend(sentence(&figure.title));
    for (index, caption) in captions.iter().enumerate() {
        // In running text a bare letter would be read as a word.
        let letter = figure.letters.form.letter(index);
        let letter =
            if letter.starts_with('(') || letter.is_empty() { letter } else { format!("({letter})") };
        sentences.extend(sentence(caption).map(|caption| format!("{letter} {caption}").trim().to_owned()));
    }
    sentences.extend(sentence(&figure.closing));
    sentences.join(" ")
}

/// The words with a full stop; none for no words.
fn sentence(words: &str) -> Option<String> {
    let words = words.trim();
    let ended = words.ends_with(['.', '!', '?']);
    (!words.is_empty()).then(|| if ended { words.to_owned() } else { format!("{words}.") })
}

/// What a view shows: `Axial non-contrast CT, brain window (W 80, L 40)`; of a picture what the reader says of it:
/// `Haematoxylin and eosin stain, x200`.
pub fn panel_caption(shown: &Shown<'_>, presets: &[Preset]) -> String {
    if shown.series.is_picture() {
        let words = shown.series.info.description.as_str();
        return capital(if words.is_empty() { "picture" } else { words });
    }
    let parts = sort_parts(shown.series);
    let what = modality_words(&parts);
    let plane = shown.frame.plane.as_ref().map(plane_words);
    let mut words = vec![capital(&plane.map_or_else(|| what.clone(), |plane| format!("{plane} {what}")))];
    words.extend(shown.viewport.view.reformat().and_then(slab_words));
    if let (Voi::Window(window), "CT") = (&shown.viewport.view.look.voi, parts.modality.as_str()) {
        words.push(window_in_words(window, presets));
    }
    words.join(", ")
}

fn plane_words(plane: &FramePlane) -> &'static str {
    let normal = plane.normal();
    let axis = direction_of(normal);
    let near = normal.abs().to_array()[axis] >= NEAR_DEGREES.to_radians().cos();
    if near { ["sagittal", "coronal", "axial"][axis] } else { "oblique" }
}

fn slab_words(reformat: &Reformat) -> Option<String> {
    let thickness = reformat.slab.thickness.0;
    let mode = match reformat.slab.mode {
        SlabMode::Mean => "mean",
        SlabMode::Mip => "maximum intensity projection",
        SlabMode::MinIp => "minimum intensity projection",
    };
    (thickness > 0.0).then(|| format!("{mode} of {} mm", crate::case::number(thickness, 0)))
}

/// `brain window (W 80, L 40)`; without a name where no preset is this window.
fn window_in_words(window: &Window, presets: &[Preset]) -> String {
    let same = |preset: &&Preset| {
        (preset.window.center - window.center).abs() < 0.5 && (preset.window.width - window.width).abs() < 0.5
    };
    let number = |value: f64| crate::case::number(value, 0);
    let numbers = format!("W {}, L {}", number(window.width), number(window.center));
    match presets.iter().find(same) {
        Some(preset) => format!("{} window ({numbers})", preset.name.to_lowercase()),
        None => numbers,
    }
}

/// What a series is, before the plane is said: `contrast-enhanced T1-weighted MRI`.
fn modality_words(parts: &crate::session::compare::SortParts) -> String {
    let weighting = match parts.weighting {
        "T1" | "T2" | "T2*" | "PD" => format!("{}-weighted ", parts.weighting),
        "DWI" | "perfusion" => match parts.weighting {
            "DWI" => "diffusion-weighted ".to_owned(),
            _ => "perfusion ".to_owned(),
        },
        "SWI" => "susceptibility-weighted ".to_owned(),
        "" => String::new(),
        other => format!("{other} "),
    };
    match (parts.modality.as_str(), parts.contrast) {
        ("CT", true) => "contrast-enhanced CT".to_owned(),
        ("CT", false) => "non-contrast CT".to_owned(),
        ("MR", true) => format!("contrast-enhanced {weighting}MRI"),
        ("MR", false) => format!("{weighting}MRI"),
        ("PT", _) => "PET".to_owned(),
        ("US", _) => "ultrasound".to_owned(),
        ("XA", _) => "angiogram".to_owned(),
        ("CR" | "DX", _) => "radiograph".to_owned(),
        ("" | "OT", _) => "image".to_owned(),
        (other, _) => other.to_owned(),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::saved_view;

    #[test]
    fn a_legend_is_sentences_with_the_letters_of_the_panels() {
        let mut figure = Figure { title: "Tumour of the skull".to_owned(), ..Figure::new() };
        figure.push(Panel::new(saved_view()));
        figure.push(Panel::new(saved_view()));
        figure.push(Panel::new(saved_view()));
        figure.closing = "Arrows: tumour.".to_owned();
        let captions = ["Axial CT".to_owned(), String::new(), "What is it?".to_owned()];
        assert_eq!(
            legend_words(&figure, 2, &captions),
            "Figure 2. Tumour of the skull. (a) Axial CT. (c) What is it? Arrows: tumour."
        );
        figure.letters.form = crate::case::figure::LetterForm::Upper;
        assert!(legend_words(&figure, 1, &captions).contains(" (A) Axial CT. "));
        figure.letters.form = crate::case::figure::LetterForm::None;
        assert!(legend_words(&figure, 1, &captions).contains("skull. Axial CT. What"));
    }

    #[test]
    fn a_window_has_its_name_where_it_is_a_preset() {
        let presets = crate::view::standard_presets();
        let words = |center, width| window_in_words(&Window::linear(center, width), &presets);
        assert_eq!(words(40.0, 80.0), "brain window (W 80, L 40)");
        assert_eq!(words(480.0, 2500.0), "bone window (W 2500, L 480)");
        assert_eq!(words(41.0, 90.0), "W 90, L 41");
    }
}
