//! Factors computed by hand from the rules of QIBA.

use std::sync::Arc;

use crate::dicom::assemble_series;
use crate::dicom::tests::Fixture;
use crate::dicom::tests::pixels::item;
use crate::image::{Frame, RealWorldMap, Warning};

/// 80 kg, 400 `MBq` of F-18 at 9:15, scanned from 10:20:30: 3930 s later. Slope 0.5, intercept -1000 of the fixture.
fn pet() -> Fixture {
    [
        ((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.128"),
        ((8, 0x60), "CS", "PT"),
        ((8, 0x21), "DA", "20200115"),
        ((8, 0x31), "TM", "102030"),
        ((8, 0x22), "DA", "20200115"),
        ((8, 0x32), "TM", "102530.5"),
        ((0x10, 0x1030), "DS", "80"),
        ((0x28, 0x51), "CS", "NORM\\DECY\\ATTN"),
        ((0x54, 0x1001), "CS", "BQML"),
        ((0x54, 0x1102), "CS", "START"),
    ]
    .into_iter()
    .fold(Fixture::ct(), |fixture, (tag, vr, text)| fixture.text(tag, vr, text))
    .with((0x54, 0x16), "SQ", &dose("4e8", "6586.2", &[((0x18, 0x1072), "TM", "091500")]))
}

type Text<'a> = ((u16, u16), &'a str, &'a str);

fn dose(becquerel: &str, half_life: &str, times: &[Text<'_>]) -> Vec<u8> {
    let mut elements: Vec<Text<'_>> = times.to_vec();
    elements.extend([((0x18, 0x1074), "DS", becquerel), ((0x18, 0x1075), "DS", half_life)]);
    elements.retain(|element| !element.2.is_empty());
    elements.sort_unstable();
    let even: Vec<String> =
        elements.iter().map(|(.., text)| format!("{text}{}", " ".repeat(text.len() % 2))).collect();
    let elements: Vec<_> =
        elements.iter().zip(&even).map(|((tag, vr, _), text)| (*tag, *vr, text.as_bytes())).collect();
    item(&elements)
}

fn with_dose(fixture: Fixture, becquerel: &str, half_life: &str, times: &[Text<'_>]) -> Fixture {
    fixture.with((0x54, 0x16), "SQ", &dose(becquerel, half_life, times))
}

/// The frames of these files as one series.
fn frames(files: Vec<Fixture>) -> Vec<Arc<Frame>> {
    let read = |(index, file): (usize, Fixture)| {
        let position = format!("{:.1}\\{:.1}\\7", -20.0 - 0.6 * index as f64, 31.5 + 0.8 * index as f64);
        let file =
            file.text((8, 0x18), "UI", &format!("1.2.3.4.{index}")).text((0x20, 0x32), "DS", &position);
        Arc::new(file.read().unwrap())
    };
    let instances: Vec<_> = files.into_iter().enumerate().map(read).collect();
    assemble_series(&instances).0.remove(0).frames
}

/// SUV of 1 Bq/ml (or of one count), and by which rule.
fn factor(file: Fixture) -> (f64, String) {
    of_frame(&frames(vec![file])[0])
}

fn of_frame(frame: &Frame) -> (f64, String) {
    let map = frame.real_world.iter().find(|map| map.is_suv_bw());
    let map = map.unwrap_or_else(|| panic!("{:?}", frame.warnings));
    assert_eq!((&*map.unit, map.first, map.last), ("g/ml", -2048.0, 2047.0));
    assert!(frame.technique.contains(&("SUVbw".to_owned(), map.source.to_string())));
    // Stored 700 is -650, stored 702 is -649.
    let [a, b] = [700.0, 702.0].map(|stored| map.value(stored).unwrap());
    assert!((a / (b - a) + 650.0).abs() < 1e-6, "the intercept is scaled too");
    (b - a, map.source.to_string())
}

fn near(file: Fixture, expected: f64, rule: &str) {
    let (found, how) = factor(file);
    assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not {expected}");
    assert!(how.contains(rule), "{how}");
}

fn refused(file: Fixture, why: &str) {
    let frame = &frames(vec![file])[0];
    assert!(!frame.real_world.iter().any(RealWorldMap::is_suv_bw), "{why}");
    let said: Vec<String> = frame.warnings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.starts_with("No SUV is shown: ") && said.contains(why)), "{said:?}");
    assert!(frame.warnings.iter().any(|warning| warning.badge() == "NO SUV"));
}

#[test]
fn decay_from_the_start_of_the_series() {
    // 80 000 g / (4e8 Bq * 2^(-3930 / 6586.2)) = 2e-4 * 1.512255801667 by hand.
    near(pet(), 3.024_511_603_334e-4, "start of the series");
    // Of half lives the number is plain: 6586.2 s after 8:30:43.8 is 10:20:30.
    let whole = with_dose(pet(), "4e8", "6586.2", &[((0x18, 0x1072), "TM", "083043.800")]);
    near(whole, 4e-4, "start of the series");
    let two = with_dose(pet(), "4e8", "1965", &[((0x18, 0x1072), "TM", "091500")]);
    near(two, 8e-4, "start of the series");
}

#[test]
fn the_date_and_time_of_the_injection_win_and_a_time_alone_may_be_of_the_day_before() {
    let both = [((0x18, 0x1078), "DT", "20200115083043.800000"), ((0x18, 0x1072), "TM", "091500")];
    near(with_dose(pet(), "4e8", "6586.2", &both), 4e-4, "start of the series");
    // 23:55 to 0:15:30 the next day: 1230 s.
    let night = |file: Fixture| file.text((8, 0x31), "TM", "001530").text((8, 0x32), "TM", "001530");
    let clock = [((0x18, 0x1072), "TM", "235500")];
    near(with_dose(night(pet()), "4e8", "1230", &clock), 4e-4, "start of the series");
    // With a date it is no other day: a clock or a date is wrong.
    let late = [((0x18, 0x1078), "DT", "20200115235500")];
    refused(with_dose(night(pet()), "4e8", "1230", &late), "not before the scan");
    // 23 h 58 min 30 s before a scan that began 90 s too early: no, the clocks differ.
    let differ = [((0x18, 0x1072), "TM", "102200")];
    refused(with_dose(pet(), "4e8", "6586.2", &differ), "more than 10 half-lives");
}

#[test]
fn decay_to_the_injection_needs_no_time() {
    let admin = pet().text((0x54, 0x1102), "CS", "ADMIN").without((8, 0x32));
    near(with_dose(admin, "4e8", "", &[]), 2e-4, "ADMIN");
}

#[test]
fn a_series_made_later_is_decayed_to_the_scan() {
    let late = || pet().text((8, 0x31), "TM", "113000");
    // GE: the scan began at 10:20:30, whatever the series says.
    let ge = late().text((9, 0x10), "LO", "GEMS_PETD_01").text((9, 0x100D), "DT", "20200115102030.00");
    near(ge, 3.024_511_603_334e-4, "GE");
    let other = late().text((9, 0x10), "LO", "SOMEBODY").text((9, 0x100D), "DT", "20200115102030.00");
    refused(other, "when the scan began is not known");
    // A bed of 3 min begun at 10:25:30.5, whose mean count rate is at 0 + x s: x = ln(d / (1 - exp(-d))) / k with
    // k = ln 2 / 6586.2 and d = 180 k, so x = 89.8579 s (90 - 180 d / 24). FRT says 390.3579 s: begun at 10:20:30.0.
    let framed = late().text((0x54, 0x1300), "DS", "390357.9").text((0x18, 0x1242), "IS", "180000");
    let (found, how) = factor(framed);
    assert!((found / 3.024_511_603_334e-4 - 1.0).abs() < 1e-7, "{found}");
    assert!(how.contains("frame reference time"), "{how}");
}

#[test]
fn without_any_other_time_the_earliest_acquisition_of_all_images_counts() {
    let late = || pet().text((8, 0x31), "TM", "113000").with((0x54, 0x81), "US", &2_u16.to_le_bytes());
    refused(late(), "only with all 2 images");
    let first = || late().text((8, 0x32), "TM", "102030");
    for frame in frames(vec![late(), first()]) {
        let (found, how) = of_frame(&frame);
        assert!((found / 3.024_511_603_334e-4 - 1.0).abs() < 1e-8, "{found}");
        assert!(how.contains("earliest acquisition"), "{how}");
    }
    // The series began after the first bed, though before the second.
    let between = || pet().text((8, 0x31), "TM", "102200");
    let both = frames(vec![between(), between().text((8, 0x32), "TM", "102030")]);
    assert!(both.iter().all(|frame| frame.warnings.iter().any(|w| matches!(w, Warning::NoSuv(_)))));
}

#[test]
fn counts_of_philips_have_a_factor_of_one_kind_or_the_other() {
    let counts = || pet().text((0x54, 0x1001), "CS", "CNTS");
    let philips = || counts().text((0x7053, 0x10), "LO", "Philips PET Private Group");
    refused(counts().text((0x7053, 0x1000), "DS", "0.000551"), "no factor");
    near(philips().text((0x7053, 0x1000), "DS", "0.000551"), 0.000_551, "Philips SUV factor");
    let activity = philips().text((0x7053, 0x1000), "DS", "0").text((0x7053, 0x1009), "DS", "2.5");
    near(activity, 2.5 * 3.024_511_603_334e-4, "Philips activity factor, dose decayed to the start");
    refused(philips(), "no factor");
}

#[test]
fn grams_per_millilitre_are_suv_of_body_weight_unless_the_file_says_otherwise() {
    let grams = || pet().text((0x54, 0x1001), "CS", "GML");
    near(grams().without((0x10, 0x1030)), 1.0, "GML");
    near(grams().text((0x54, 0x1006), "CS", "BW"), 1.0, "GML");
    refused(grams().text((0x54, 0x1006), "CS", "LBM"), "of another kind (LBM)");
}

#[test]
fn what_is_missing_or_odd_is_refused_by_name() {
    let times: &[Text<'_>] = &[((0x18, 0x1072), "TM", "091500")];
    for (file, why) in [
        (pet().text((0x54, 0x1102), "CS", "NONE"), "decay is not corrected"),
        (pet().without((0x54, 0x1102)), "to which time decay is corrected"),
        (pet().text((0x28, 0x51), "CS", "NORM\\DECY"), "attenuation and decay"),
        (pet().text((0x28, 0x51), "CS", "NORM\\ATTN"), "attenuation and decay"),
        (pet().without((0x54, 0x1001)), "units"),
        (pet().text((0x54, 0x1001), "CS", "PROPCPS"), "values in PROPCPS"),
        (pet().without((0x10, 0x1030)), "weight is missing"),
        (pet().text((0x10, 0x1030), "DS", "0"), "weight is missing"),
        (pet().without((0x54, 0x16)), "dose is missing"),
        (with_dose(pet(), "", "6586.2", times), "dose is missing"),
        (with_dose(pet(), "400", "6586.2", times), "too small to be in Bq"),
        (with_dose(pet(), "4e8", "", times), "half-life is missing"),
        (with_dose(pet(), "4e8", "6586.2", &[]), "time of the injection is missing"),
        (pet().without((8, 0x32)), "time of the acquisition is missing"),
        (pet().without((0x28, 0x1053)), "no rescale slope"),
    ] {
        refused(file, why);
    }
    let one = dose("4e8", "6586.2", times);
    refused(pet().with((0x54, 0x16), "SQ", &[one.clone(), one].concat()), "more than one injection");
}

#[test]
fn a_mapping_of_the_file_itself_stays_the_only_one() {
    let unit = item(&[
        ((8, 0x100), "SH", &b"{SUVbw}g/ml "[..]),
        ((8, 0x102), "SH", &b"UCUM"[..]),
        ((8, 0x104), "LO", &b"Standardized Uptake Value body weight "[..]),
    ]);
    let map = item(&[
        ((0x40, 0x8EA), "SQ", &unit),
        ((0x40, 0x9210), "SH", &b"{SUVbw}g/ml "[..]),
        ((0x40, 0x9211), "US", &2000_i16.to_le_bytes()),
        ((0x40, 0x9216), "SS", &0_i16.to_le_bytes()),
        ((0x40, 0x9224), "FD", &0.0_f64.to_le_bytes()),
        ((0x40, 0x9225), "FD", &0.000_375_125_f64.to_le_bytes()),
    ]);
    let frame = &frames(vec![pet().with((0x40, 0x9096), "SQ", &map)])[0];
    let [map] = &*frame.real_world else { panic!("{:?}", frame.real_world) };
    assert_eq!((&*map.label, &*map.unit, &*map.source), ("SUVbw", "g/ml", "the file's own mapping"));
    assert_eq!((map.value(1000.0), map.value(-1.0)), (Some(1000.0 * 0.000_375_125), None));
    // Also where the rules would give none.
    let frame = &frames(vec![pet().without((0x10, 0x1030)).with((0x40, 0x9096), "SQ", &{
        item(&[
            ((0x40, 0x8EA), "SQ", &item(&[((8, 0x100), "SH", b"g/ml")])),
            ((0x40, 0x9210), "SH", b"SUVBW "),
            ((0x40, 0x9211), "US", &2000_i16.to_le_bytes()),
            ((0x40, 0x9216), "SS", &0_i16.to_le_bytes()),
            ((0x40, 0x9224), "FD", &0.5_f64.to_le_bytes()),
            ((0x40, 0x9225), "FD", &0.25_f64.to_le_bytes()),
        ])
    })])[0];
    assert!(
        frame.real_world[0].is_suv_bw() && !frame.warnings.iter().any(|w| matches!(w, Warning::NoSuv(_)))
    );
}

#[test]
fn nothing_but_a_pet_image_has_or_lacks_an_suv_and_the_weight_is_never_printed() {
    let ct = pet().text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.2");
    let frame = &frames(vec![ct])[0];
    assert!(frame.real_world.is_empty() && frame.warnings.is_empty());
    let instance = pet().text((0x10, 0x1030), "DS", "83.71").read().unwrap();
    assert!(!format!("{instance:?}").contains("83.71"));
}
