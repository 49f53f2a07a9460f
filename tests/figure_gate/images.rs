//! What the pixels may show: text, graphics, a face.

use isodense::dicom::{PixelHints, Whereabouts, read_identity};
use isodense::session::{Action, Cut, FigureAction, FindingPlace, FindingSeverity};
use isodense::view::{Slab, SlabMode};

use crate::common::data;
use crate::desk::{DATES, Desk, VIEWPORT};
use crate::files::Planted;

/// What is found in the image of (a), and how sure it is.
fn in_image(planted: &[Planted]) -> Vec<(String, FindingSeverity)> {
    let desk = Desk::with_figure(planted);
    let findings = desk.open_findings();
    assert!(findings.iter().all(|one| one.is_in_image() && one.cure.is_none() && one.range.is_none()));
    let of_first =
        findings.into_iter().filter(|one| one.at == FindingPlace::Image(isodense::case::PanelId(1)));
    of_first.map(|one| (one.what, one.severity)).collect()
}

fn only(planted: &[Planted]) -> (String, FindingSeverity) {
    let mut found = in_image(planted);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn the_flag_blocks_until_it_is_kept() {
    let mut desk = Desk::with_figure(&[(0x0028_0301, "CS", "YES")]);
    let open = desk.open_findings();
    let words: Vec<&str> = open.iter().map(|one| one.place.as_str()).collect();
    assert_eq!(words, ["image of (a)", "image of (b)"]);
    assert!(open.iter().all(|one| one.severity == FindingSeverity::Blocks));
    let refused = desk.export("figure.png").unwrap_err();
    assert!(
        refused.contains("image of (a): the file's flag says that text is burned into the image"),
        "{refused}"
    );
    desk.figure_does(FigureAction::Cure(open[0].key.clone()));
    let told = desk.session.notices().last().unwrap();
    assert!(told.details.contains("Keep it on purpose, or show another image."), "{told:?}");
    for finding in &open {
        desk.figure_does(FigureAction::Keep(finding.key.clone()));
    }
    desk.export("figure.png").unwrap();
    // Another image in the same panel is another decision.
    desk.change(|figure| {
        let view = std::sync::Arc::clone(&figure.panels[1].view);
        std::sync::Arc::make_mut(&mut figure.panels[0]).view = view;
    });
    desk.settle();
    assert_eq!(desk.places().len(), 1);
}

#[test]
fn captures_and_kinds_that_show_text_ask() {
    const CAPTURE: Planted = (0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7");
    const NO_FLAG: Planted = (0x0028_0301, "CS", "");
    let asks = |planted: &[Planted], words: &str| {
        let (what, severity) = only(planted);
        assert_eq!((what.as_str(), severity), (words, FindingSeverity::Asks));
    };
    asks(&[CAPTURE], "a captured or scanned image may show text or names; its flag says that it does not");
    asks(&[CAPTURE, NO_FLAG], "a captured or scanned image may show text or names; its flag says nothing");
    asks(
        &[(0x0008_0060, "CS", "US"), NO_FLAG],
        "an ultrasound image may show text or names; its flag says nothing",
    );
    asks(&[(0x0028_0302, "CS", "YES")], "the file's flag says that the patient can be recognised");
    assert_eq!(in_image(&[NO_FLAG]), [], "a CT shows none of its own");
    let photograph = in_image(&[(0x0008_0060, "CS", "XC")]);
    let words: Vec<&str> = photograph.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(
        words,
        [
            "a photograph may show text or names; its flag says that it does not",
            "a photograph may show the patient's face, a name or a date"
        ]
    );
}

#[test]
fn a_thick_slab_through_a_head_may_show_a_face() {
    let found = |cut, thickness, planted: &[Planted]| {
        let mut desk = Desk::open(planted);
        desk.show(DATES[0]);
        desk.session.apply(Action::SetCut(VIEWPORT, cut));
        let slab = Slab { thickness: isodense::geometry::Mm(thickness), mode: SlabMode::Mip };
        desk.session.apply(Action::SetSlab(VIEWPORT, slab));
        desk.figure_does(FigureAction::Send(VIEWPORT));
        desk.show_figure();
        desk.places()
    };
    let face = [("image of (a)".to_owned(), "a thick slab through a head may show the face".to_owned())];
    let abdomen: Planted = (0x0018_0015, "CS", "ABDOMEN");
    assert_eq!(found(Cut::Sagittal, 20.0, &[]), face);
    assert_eq!(found(Cut::Coronal, 20.0, &[(0x0018_0015, "CS", "")]), face, "nobody says what it is");
    assert_eq!(found(Cut::Coronal, 20.0, &[abdomen]), []);
    assert_eq!(found(Cut::Axial, 20.0, &[]), []);
    assert_eq!(found(Cut::Sagittal, 3.0, &[]), []);
}

#[test]
fn the_headers_of_real_images_say_what_their_pixels_show() {
    let Some(data) = data() else { return };
    let hints = |name: &str| read_identity(&data.join(name), &Whereabouts::File).unwrap().hints;
    let all = |folder: &str| -> Vec<PixelHints> {
        let files = std::fs::read_dir(data.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let all: Vec<_> =
            files.map(|path| hints(path.strip_prefix(&data).unwrap().to_str().unwrap())).collect();
        assert!(!all.is_empty(), "{folder}");
        all
    };
    let captures = all("ct_head_philips_phantom/S21570/S4010");
    assert!(captures.iter().any(|hints| hints.burned_in == Some(true)));
    assert!(captures.iter().all(|hints| hints.captured && hints.head == Some(true)));
    let acquired = all("ct_head_philips_phantom/S21570/S2010");
    assert!(acquired.iter().all(|hints| !hints.captured && hints.telling_kind.is_none()));
    let ultrasound = all("us_sr_aliza");
    assert!(ultrasound.iter().any(|hints| hints.telling_kind == Some("an ultrasound image")));
}
