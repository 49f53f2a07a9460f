//! Dates and times of a scan and of an injection, as the scanner's clock showed them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// When the injection began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Injection {
    /// Radiopharmaceutical Start `DateTime`.
    At(NaiveDateTime),
    /// Radiopharmaceutical Start Time, of a day that the file does not say.
    Clock(NaiveTime),
}

/// The date and time where the file has both, also in two places, else the time alone.
pub(super) fn injection(at: Option<&str>, clock: Option<&str>, zone: Option<&str>) -> Option<Injection> {
    let own = at.and_then(|text| whole(text, zone));
    let both = || moment(at?, clock?);
    let alone = || clock.and_then(clock_time).map(Injection::Clock);
    own.or_else(both).map(Injection::At).or_else(alone)
}

/// A DA value and a TM value.
pub(super) fn moment(day: &str, clock: &str) -> Option<NaiveDateTime> {
    Some(date(day)?.and_time(clock_time(clock)?))
}

/// A DT value with at least an hour, on the clock of the file's other times.
///
/// A difference from universal time counts where the file says its own (Timezone Offset From UTC); else both are
/// taken for one clock.
pub(super) fn whole(text: &str, zone: Option<&str>) -> Option<NaiveDateTime> {
    let text = text.trim();
    let sign = text.find(['+', '-']).unwrap_or(text.len());
    let (local, own) = text.split_at_checked(sign)?;
    let at = moment(local.get(..8)?, local.get(8..)?)?;
    match (minutes(own), zone.and_then(minutes)) {
        (Some(own), Some(zone)) => at.checked_add_signed(TimeDelta::minutes(zone - own)),
        (Some(_) | None, _) => Some(at),
    }
}

/// `YYYYMMDD`, also with dots.
fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim().replace('.', "");
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| NaiveDate::parse_from_str(&text, "%Y%m%d").ok()).flatten()
}

/// `HH`, `HHMM` or `HHMMSS`, with a fraction or without, also with colons.
fn clock_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().replace(':', "");
    let (clock, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !matches!(clock.len(), 2 | 4 | 6) || !digits(clock) || !digits(part) {
        return None;
    }
    let two = |at: usize| clock.get(at..at + 2).map_or(Some(0), |two| two.parse::<u32>().ok());
    let nanoseconds = format!("{:0<9}", part.get(..part.len().min(9))?).parse().ok()?;
    // A leap second is the last one of its minute.
    NaiveTime::from_hms_nano_opt(two(0)?, two(2)?, two(4)?.min(59), nanoseconds)
}

/// `+0130` in minutes.
fn minutes(zone: &str) -> Option<i64> {
    let zone = zone.trim();
    let (sign, digits) = zone.split_at_checked(1)?;
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    let minutes = number / 100 * 60 + number % 100;
    match sign {
        "+" => Some(minutes),
        "-" => Some(-minutes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap()
    }

    #[test]
    fn dates_and_times_are_read_as_files_write_them() {
        assert_eq!(moment("19860810", "130244.678000"), Some(at("1986-08-10 13:02:44.678")));
        assert_eq!(moment("1986.08.10", "13:02"), Some(at("1986-08-10 13:02:00")));
        for (day, clock) in
            [("19861310", "1302"), ("198608", "1302"), ("19860810", "2502"), ("19860810", "1")]
        {
            assert_eq!(moment(day, clock), None, "{day} {clock}");
        }
        assert_eq!(whole("20200115091500.25 ", None), Some(at("2020-01-15 09:15:00.25")));
        assert_eq!(whole("20200115", None), None, "a day is no time");
        // 9:15 at +0100 is 13:45 at +0530.
        assert_eq!(whole("20200115091500+0100", Some("+0530")), Some(at("2020-01-15 13:45:00")));
        assert_eq!(whole("20200115091500+0100", None), Some(at("2020-01-15 09:15:00")));
        assert_eq!(whole("20200115003000-0200", Some("-0330")), Some(at("2020-01-14 23:00:00")));
    }

    #[test]
    fn the_date_and_time_of_an_injection_come_before_its_time_alone() {
        let both = injection(Some("20200115091500"), Some("101500"), None);
        assert_eq!(both, Some(Injection::At(at("2020-01-15 09:15:00"))));
        let clock = NaiveTime::from_hms_opt(10, 15, 0).unwrap();
        let day = injection(Some("20200115"), Some("101500"), None);
        assert_eq!(day, Some(Injection::At(at("2020-01-15 10:15:00"))), "a day is no time, but it is a day");
        assert_eq!(injection(Some("2020"), Some("101500"), None), Some(Injection::Clock(clock)));
        assert_eq!(injection(None, None, None), None);
    }
}
