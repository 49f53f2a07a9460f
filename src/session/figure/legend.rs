//! Captions drafted from headers and the case: what each panel shows, without a date or a name.

use std::sync::Arc;

use crate::case::{Figure, LedgerColumn, Panel, column_day};
use crate::geometry::FramePlane;
use crate::image::{Series, Voi, Window};
use crate::session::compare::sort_parts;
use crate::session::provenance::plane_name;
use crate::session::{Session, Shown};
use crate::view::{Preset, Reformat, SlabMode};

/// Within so many degrees of a plane of the patient, readers call a slice by its name; a gantry is tilted up to 30.
const NEAR_DEGREES: f64 = 31.0;

impl Session {
    /// The captions of all panels: the author's, or what the program says.
    pub fn captions(&self, figure: &Figure) -> Vec<String> {
        let ledger = self.ledger();
        let caption = |panel: &Arc<Panel>| {
            panel.caption.clone().unwrap_or_else(|| self.draft_caption(panel, &ledger.columns))
        };
        figure.panels.iter().map(caption).collect()
    }

    /// The caption of one panel.
    pub(super) fn caption_of(&self, panel: &Panel) -> String {
        panel.caption.clone().unwrap_or_else(|| self.drafted_caption(panel))
    }

    /// What the program says of a panel.
    pub fn drafted_caption(&self, panel: &Panel) -> String {
        self.draft_caption(panel, &self.ledger().columns)
    }

    fn draft_caption(&self, panel: &Panel, columns: &[LedgerColumn]) -> String {
        let Some(viewport) = self.viewport_of_view(&panel.view) else {
            return "image not open".to_owned();
        };
        let Some(shown) = self.shown_in(&viewport) else { return String::new() };
        let over = self.over(&shown).map(|(_, series)| modality_words(&sort_parts(series)));
        let mut words = vec![panel_caption(&shown, &self.settings.presets)];
        words.extend(over.map(|over| format!("with {over} in colour")));
        words.extend(since_day_zero(shown.series, columns));
        words.join(", ")
    }

    /// The first and the last words of the legend of a montage: `Axial non-contrast CT, every 3rd slice` and how its
    /// panels show that.
    pub(super) fn montage_words(&self, shown: &Shown<'_>, step: usize) -> (String, String) {
        let (what, mut how) = caption_parts(shown, &self.settings.presets);
        let over = self.over(shown).map(|(_, series)| modality_words(&sort_parts(series)));
        how.extend(over.map(|over| format!("with {over} in colour")));
        let mut title = vec![what, format!("every {}", nth_slice(step))];
        title.extend(since_day_zero(shown.series, &self.ledger().columns));
        (title.join(", "), capital(&how.join(", ")))
    }
}

/// How long after day 0 a series was acquired, in words; `None` where there is only one time point.
fn since_day_zero(series: &Series, columns: &[LedgerColumn]) -> Option<String> {
    if columns.len() < 2 {
        return None;
    }
    let columns: Vec<&LedgerColumn> = columns.iter().collect();
    let at = columns.iter().position(|column| column.point.studies.contains(&series.study.uid))?;
    // Day 0 has no other words than its name.
    let named = columns[at].day != Some(0) || !columns[at].point.name.is_empty();
    time_point_in_words(&columns, at).filter(|_| named)
}

/// A time point without its date: its name or `the first examination` on day 0, `14 days after` that on another day.
pub(in crate::session) fn time_point_in_words(columns: &[&LedgerColumn], at: usize) -> Option<String> {
    let zero = columns.iter().find(|column| column.day == Some(0));
    let otherwise = if columns.len() < 2 { "the examination" } else { "the first examination" };
    let first =
        zero.map(|zero| zero.point.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(otherwise);
    let column = columns.get(at)?;
    Some(match column.day? {
        0 if column.point.name.is_empty() => first.to_owned(),
        0 => column.point.name.clone(),
        day if day < 0 => format!("{} {first}", column_day(column, at)),
        _ => format!("{} after {first}", column_day(column, at)),
    })
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
    let (what, how) = caption_parts(shown, presets);
    std::iter::once(what).chain(how).collect::<Vec<_>>().join(", ")
}

/// What a view shows, `Axial non-contrast CT`, and how: its thickness, its window.
fn caption_parts(shown: &Shown<'_>, presets: &[Preset]) -> (String, Vec<String>) {
    if shown.series.is_picture() {
        let words = shown.series.info.description.as_str();
        return (capital(if words.is_empty() { "picture" } else { words }), Vec::new());
    }
    let parts = sort_parts(shown.series);
    let what = modality_words(&parts);
    let plane = shown.frame.plane.as_ref().map(anatomical_plane);
    let what = capital(&plane.map_or_else(|| what.clone(), |plane| format!("{plane} {what}")));
    let mut how = Vec::new();
    how.extend(shown.viewport.view.reformat().and_then(slab_in_words));
    if let (Voi::Window(window), "CT") = (&shown.viewport.view.look.voi, parts.modality.as_str()) {
        how.push(window_in_words(window, presets));
    }
    (what, how)
}

/// `slice`, `2nd slice`, `21st slice`.
fn nth_slice(step: usize) -> String {
    let ending = match (step % 10, step % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    if step <= 1 { "slice".to_owned() } else { format!("{step}{ending} slice") }
}

/// What readers call a plane.
pub(in crate::session) fn anatomical_plane(plane: &FramePlane) -> &'static str {
    let normal = plane.normal();
    let near = normal.abs().max_element() >= NEAR_DEGREES.to_radians().cos();
    if near { plane_name(normal) } else { "oblique" }
}

fn slab_in_words(reformat: &Reformat) -> Option<String> {
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

/// The words with a capital first.
pub(in crate::session) fn capital(words: &str) -> String {
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
    fn the_step_of_a_montage_is_an_ordinal() {
        let words = [0, 1, 2, 3, 4, 11, 12, 21, 103, 113].map(nth_slice);
        let numbers = ["", "", "2nd ", "3rd ", "4th ", "11th ", "12th ", "21st ", "103rd ", "113th "];
        assert_eq!(words, numbers.map(|number| format!("{number}slice")));
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
