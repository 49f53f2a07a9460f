//! Captions drafted from headers and the case: what each panel shows, without a date or a name.

use std::sync::Arc;

use crate::case::{Clock, Figure, Panel};
use crate::geometry::FramePlane;
use crate::image::{ContrastAgent, Voi, Window};
use crate::numbers::fitting;
use crate::session::compare::sort_parts;
use crate::session::provenance::plane_name;
use crate::session::{Session, Shown};
use crate::view::{Preset, Reformat, SlabMode};

/// Within so many degrees of a plane of the patient a slice has its name: further off it shows other levels.
const NEAR_DEGREES: f64 = 10.0;
/// Within so many it is an oblique one of that name, such as that of a tilted gantry, which goes up to 30.
const TILTED_DEGREES: f64 = 31.0;

impl Session {
    /// The captions of all panels: the author's, or what the program says.
    pub fn captions(&self, figure: &Figure) -> Vec<String> {
        let ledger = self.ledger();
        self.captions_on(figure, &Clock::new(self.case(), &ledger, false))
    }

    /// The same by a clock, which may say dates. Panels of several patients have no time in common: none is said.
    pub(in crate::session) fn captions_on(&self, figure: &Figure, clock: &Clock<'_>) -> Vec<String> {
        let clock = Some(clock).filter(|_| !self.is_of_several_patients(figure));
        let caption =
            |panel: &Arc<Panel>| panel.caption.clone().unwrap_or_else(|| self.draft_caption(panel, clock));
        figure.panels.iter().map(caption).collect()
    }

    /// Whether the panels of a figure show more than one patient.
    pub(in crate::session) fn is_of_several_patients(&self, figure: &Figure) -> bool {
        let series = figure.panels.iter().filter_map(|panel| self.series_of(&panel.view));
        // A photograph says of itself of whom it is.
        let mut of = series.filter(|series| !series.is_picture()).map(|series| series.patient.identity());
        let first = of.next();
        of.any(|other| Some(other) != first)
    }

    /// The caption of one panel.
    pub(super) fn caption_of(&self, panel: &Panel) -> String {
        panel.caption.clone().unwrap_or_else(|| self.drafted_caption(panel))
    }

    /// What the program says of a panel.
    pub fn drafted_caption(&self, panel: &Panel) -> String {
        let ledger = self.ledger();
        self.draft_caption(panel, Some(&Clock::new(self.case(), &ledger, false)))
    }

    fn draft_caption(&self, panel: &Panel, clock: Option<&Clock<'_>>) -> String {
        let Some(viewport) = self.viewport_of_view(&panel.view) else {
            return "image not open".to_owned();
        };
        let Some(shown) = self.shown_in(&viewport) else { return String::new() };
        let over = self.over(&shown).map(|(_, series)| modality_words(&sort_parts(series)));
        let mut words = vec![panel_caption(&shown, &self.settings.presets)];
        words.extend(over.map(|over| format!("with {over} in colour")));
        words.extend(clock.and_then(|clock| clock.of_study(&shown.series.study.uid)));
        words.join(", ")
    }

    /// The first and the last words of the legend of a montage: `Axial non-contrast CT, every 3rd slice` and how its
    /// panels show that.
    pub(super) fn montage_words(&self, shown: &Shown<'_>, step: usize) -> (String, String) {
        let (what, mut how) = caption_parts(shown, &self.settings.presets);
        let over = self.over(shown).map(|(_, series)| modality_words(&sort_parts(series)));
        how.extend(over.map(|over| format!("with {over} in colour")));
        let mut title = vec![what, format!("every {}", nth_slice(step))];
        let ledger = self.ledger();
        title.extend(Clock::new(self.case(), &ledger, false).of_study(&shown.series.study.uid));
        (title.join(", "), capital(&how.join(", ")))
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

/// What a view shows: `Axial non-contrast CT, brain window (width 80 HU, level 40 HU)`; of a picture what the reader says of it:
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
        how.push(window_in_words(window, shown.frame.unit.label(), presets));
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

/// What readers call a plane: `axial`, `oblique axial` where it is turned by more than 10 degrees, `oblique`.
pub(in crate::session) fn anatomical_plane(plane: &FramePlane) -> String {
    let normal = plane.normal();
    // Half a thousandth of a degree is what rounded cosines in a header do.
    let within = |degrees: f64| normal.abs().max_element() >= (degrees + 5e-4).to_radians().cos();
    match (within(NEAR_DEGREES), within(TILTED_DEGREES)) {
        (true, _) => plane_name(normal).to_owned(),
        (false, true) => format!("oblique {}", plane_name(normal)),
        (false, false) => "oblique".to_owned(),
    }
}

fn slab_in_words(reformat: &Reformat) -> Option<String> {
    slab_words_of(reformat.slab.mode, reformat.slab.thickness.0)
}

/// `maximum intensity projection of 2.5 mm`, never rounded; `None` where it has no thickness.
fn slab_words_of(mode: SlabMode, thickness_mm: f64) -> Option<String> {
    let mode = match mode {
        SlabMode::Mean => "mean",
        SlabMode::Mip => "maximum intensity projection",
        SlabMode::MinIp => "minimum intensity projection",
    };
    (thickness_mm > 0.0).then(|| format!("{mode} of {} mm", fitting(thickness_mm, thickness_mm)))
}

/// `brain window (width 80 HU, level 40 HU)`; without a name where no preset is this window.
fn window_in_words(window: &Window, unit: &str, presets: &[Preset]) -> String {
    let same = |preset: &&Preset| {
        (preset.window.center - window.center).abs() < 0.005
            && (preset.window.width - window.width).abs() < 0.005
    };
    let number = |value: f64| format!("{} {unit}", fitting(value, window.width));
    let numbers = format!("width {}, level {}", number(window.width), number(window.center));
    match presets.iter().find(same) {
        // An adjective of two words is hyphenated before its noun.
        Some(preset) => format!("{} window ({numbers})", preset.name.to_lowercase().replace(' ', "-")),
        None => format!("window {numbers}"),
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
        ("CT", ContrastAgent::Given) => "contrast-enhanced CT".to_owned(),
        ("CT", ContrastAgent::None) => "non-contrast CT".to_owned(),
        // What the header does not say is not said: see [`FigureWarning::Contrast`].
        ("CT", ContrastAgent::NotStated | ContrastAgent::Unknown) => "CT".to_owned(),
        ("MR", ContrastAgent::Given) => format!("contrast-enhanced {weighting}MRI"),
        ("MR", ContrastAgent::None | ContrastAgent::NotStated | ContrastAgent::Unknown) => {
            format!("{weighting}MRI")
        }
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
        let words = |center, width| window_in_words(&Window::linear(center, width), "HU", &presets);
        assert_eq!(words(40.0, 80.0), "brain window (width 80 HU, level 40 HU)");
        assert_eq!(words(40.0, 400.0), "soft-tissue window (width 400 HU, level 40 HU)");
        assert_eq!(words(480.0, 2500.0), "bone window (width 2500 HU, level 480 HU)");
        assert_eq!(words(41.0, 90.0), "window width 90 HU, level 41 HU");
        assert_eq!(words(40.25, 400.5), "window width 400.5 HU, level 40.25 HU");
    }

    #[test]
    fn a_slab_is_as_thick_in_words_as_it_is() {
        let words = |mode, thickness| slab_words_of(mode, thickness).unwrap();
        assert_eq!(words(SlabMode::Mip, 2.5), "maximum intensity projection of 2.5 mm");
        assert_eq!(words(SlabMode::Mean, 0.4), "mean of 0.4 mm");
        assert_eq!(words(SlabMode::MinIp, 20.0), "minimum intensity projection of 20 mm");
        assert_eq!(words(SlabMode::Mean, 1.5), "mean of 1.5 mm");
        assert_eq!(slab_words_of(SlabMode::Mean, 0.0), None);
    }

    #[test]
    fn a_plane_turned_by_more_than_ten_degrees_is_oblique() {
        let spacing =
            crate::geometry::PixelSpacing::new(crate::geometry::Mm(0.7), crate::geometry::Mm(0.4)).unwrap();
        let origin = crate::geometry::PatientPoint::new(-7.5, 12.25, -31.0);
        let turned = |degrees: f64| {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            let down = glam::DVec3::new(0.0, cosine, sine);
            anatomical_plane(&FramePlane::new(origin, glam::DVec3::X, down, spacing).unwrap())
        };
        let words = [0.0, 9.5, 10.0, 10.5, 15.0, 30.0, 40.0, 85.0].map(turned);
        let oblique = "oblique axial";
        assert_eq!(words, ["axial", "axial", "axial", oblique, oblique, oblique, "oblique", "coronal"]);
    }
}
