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
    // The name of the block is gone: then the scanner tells whose it is, unless somebody else's name is there.
    let unnamed = |maker| counts().text((8, 0x70), "LO", maker).text((0x7053, 0x1000), "DS", "0.000551");
    near(unnamed("Philips Medical Systems"), 0.000_551, "Philips SUV factor");
    refused(unnamed("SIEMENS"), "no factor");
    refused(unnamed("Philips").text((0x7053, 0x10), "LO", "SOMEBODY"), "no factor");
    let activity = philips().text((0x7053, 0x1000), "DS", "0").text((0x7053, 0x1009), "DS", "2.5");
    near(activity, 2.5 * 3.024_511_603_334e-4, "Philips activity factor, dose decayed to the start");
    refused(philips(), "no factor");
}

#[test]
fn grams_per_millilitre_are_suv_of_body_weight_unless_the_file_says_otherwise() {
    let grams = || pet().text((0x54, 0x1001), "CS", "GML");
    near(grams().without((0x10, 0x1030)), 1.0, "GML");
    near(grams().text((0x54, 0x1006), "CS", "BW"), 1.0, "GML");
    refused(
        grams().text((0x54, 0x1006), "CS", "LBM"),
        "of another kind (LBM), and the patient's size is missing",
    );
    refused(grams().text((0x54, 0x1006), "CS", "FAT"), "of another kind (FAT)");
    refused(grams().text((0x54, 0x1006), "CS", "BSA"), "of another kind (BSA in GML)");
}

#[test]
fn suv_of_lean_mass_ideal_weight_and_surface_become_those_of_body_weight() {
    // 80 kg and 1.60 m; by hand after PS3.16: James 88 - 120 or 128 * 0.25 and 85.6 - 148 * 0.25; Janmahasatian with a
    // body mass index of 31.25; Sugawara 48 + 1.06 * 8 and 45.5 + 0.91 * 8; Du Bois 71.84 * 80^0.425 * 160^0.725 cm^2.
    let of = |units: &str, kind: &str, sex: &str| {
        let file = pet().text((0x54, 0x1001), "CS", units).text((0x54, 0x1006), "CS", kind);
        file.text((0x10, 0x40), "CS", sex).text((0x10, 0x1020), "DS", "1.60")
    };
    for (units, kind, sex, part) in [
        ("GML", "LBM", "M", 58.0),
        ("GML", "LBM", "F", 48.6),
        ("GML", "LBMJAMES128", "M", 56.0),
        ("GML", "LBMJAMES128", "F", 48.6),
        ("GML", "LBMJANMA", "M", 741_600.0 / 13_430.0),
        ("GML", "LBMJANMA", "F", 741_600.0 / 16_405.0),
        ("GML", "IBW", "M", 56.48),
        ("GML", "IBW", "F", 52.78),
        ("CM2ML", "BSA", "O", 18.330_172_650),
    ] {
        let (found, how) = factor(of(units, kind, sex));
        assert!((found / (80.0 / part) - 1.0).abs() < 1e-6, "{kind} {sex}: {found}");
        assert!(how.contains(kind), "{how}");
    }
    refused(of("GML", "LBMJANMA", "O"), "sex is missing");
    refused(of("GML", "LBM", "M").text((0x10, 0x1020), "DS", "160"), "size is not one in m");
    refused(of("CM2ML", "LBM", "M"), "LBM in CM2ML");
    near(of("CM2ML", "BSA", "M").without((0x54, 0x1006)), 80.0 / 18.330_172_650_003_774, "BSA");
}

#[test]
fn without_correction_of_decay_the_dose_is_decayed_to_when_the_image_was_counted() {
    let none = || pet().text((0x54, 0x1102), "CS", "NONE").text((0x28, 0x51), "CS", "NORM\\ATTN");
    // A bed of 3 min begun at 10:25:30.5, see below: its mean count rate is at 89.8579 s, 4320.3579 s after the injection.
    let dose = 4e8 * (-4_320.357_9_f64 / 6586.2).exp2();
    let timed = || none().text((0x18, 0x1242), "IS", "180000");
    let (found, how) = factor(timed());
    assert!((found / (80_000.0 / dose) - 1.0).abs() < 1e-7 && how.contains("NONE"), "{found} {how}");
    // The frame reference time says the same after the start of the series: 300.5 + 89.8579 s.
    let (agreed, _) = factor(timed().text((0x54, 0x1300), "DS", "390357.9"));
    assert!((agreed / found - 1.0).abs() < 1e-7);
    let (stated, _) = factor(none().text((0x54, 0x1300), "DS", "390357.9"));
    assert!((stated / found - 1.0).abs() < 1e-7, "alone, too");
    refused(timed().text((0x54, 0x1300), "DS", "90000"), "for certain when its values were counted");
    refused(none(), "for certain when its values were counted");
    refused(timed().text((0x28, 0x51), "CS", "NORM\\DECY\\ATTN"), "though the file lists it as corrected");
    refused(timed().text((0x28, 0x51), "CS", "NORM"), "attenuation and decay");
    refused(timed().text((0x54, 0x1001), "CS", "GML"), "decay is not corrected");
}

/// A scan is days after the injection of a long-lived tracer: 5.8 % of Zr-89 for six hours, 19 % for each day.
#[test]
fn the_day_of_an_injection_is_assumed_only_where_no_other_is_possible() {
    let clock: &[Text<'_>] = &[((0x18, 0x1072), "TM", "091500")];
    let with = |half_life: &str, times: &[Text<'_>]| with_dose(pet(), "4e7", half_life, times);
    // F-18, Ga-68, C-11, Rb-82 would be gone a day later.
    for short in ["6586.2", "4062.6", "1221.8"] {
        factor(with(short, clock));
    }
    // Zr-89, I-124, Cu-64, Y-86, Br-76, Mn-52.
    for long in ["282240", "360806", "45721", "53064", "58320", "483062"] {
        refused(with(long, clock), "the day of the injection is missing");
        let night = pet().text((8, 0x31), "TM", "001530").text((8, 0x32), "TM", "001530");
        refused(with_dose(night, "4e7", long, clock), "the day of the injection is missing");
        let day = ((0x18, 0x1078), "DT", "20200112091500");
        let seconds = 3.0 * 86_400.0 + 3930.0;
        let expected = 80_000.0 / (4e7 * (-seconds / long.parse::<f64>().unwrap()).exp2());
        for times in [&[day][..], &[clock[0], day], &[clock[0], ((0x18, 0x1078), "DT", "20200112")]] {
            near(with(long, times), expected, "start of the series");
        }
    }
    let admin = with("282240", clock).text((0x54, 0x1102), "CS", "ADMIN");
    near(admin, 2e-3, "ADMIN");
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
