//! How long is it from one day to another, in the words of a calendar?

use chrono::{Months, NaiveDate};

use crate::words::counted;

/// Fewer days than this, or less than two months, are said in days.
const MOST_DAYS: i64 = 60;

/// Whole months from one date to another, below zero where it is earlier; what is left are days.
///
/// As `relativedelta(to, from)` of python-dateutil counts them: a month later is the same day of the next month, or its
/// last day where it is shorter (31 January to 28 February is one month).
fn whole_months(from: NaiveDate, to: NaiveDate) -> i32 {
    use chrono::Datelike as _;
    let month = |date: NaiveDate| date.year() * 12 + i32::try_from(date.month0()).unwrap_or(0);
    let mut months = month(to) - month(from);
    let reached = |months: i32| {
        let by = Months::new(months.unsigned_abs());
        if months < 0 { from.checked_sub_months(by) } else { from.checked_add_months(by) }
    };
    if to < from {
        while reached(months).is_some_and(|there| to > there) {
            months += 1;
        }
    } else {
        while reached(months).is_some_and(|there| to < there) {
            months -= 1;
        }
    }
    months
}

/// Days from a date in words: `2 years 4 months`, `14 days`, `day 0`; before it `14 days before`.
///
/// Years and months need both dates. Where only days are known they are days: nobody can say how many months they were.
pub fn days_in_words(days: i64, from: Option<NaiveDate>) -> String {
    if days == 0 {
        return "day 0".to_owned();
    }
    let words = length_in_words(days, from);
    if days < 0 { format!("{words} before") } else { words }
}

/// The same without a direction: `2 years 4 months`, `14 days`, `0 days`.
pub(super) fn length_in_words(days: i64, from: Option<NaiveDate>) -> String {
    let months = from.and_then(|from| {
        Some(whole_months(from, from.checked_add_signed(chrono::TimeDelta::try_days(days)?)?))
    });
    let months = i64::from(months.unwrap_or(0).abs());
    if days.abs() < MOST_DAYS || months < 2 {
        return counted(days.abs(), "day");
    }
    match (months / 12, months % 12) {
        (0, months) => counted(months, "month"),
        (years, 0) => counted(years, "year"),
        (years, months) => format!("{} {}", counted(years, "year"), counted(months, "month")),
    }
}

/// A date of the form `YYYYMMDD`, as headers have it.
pub fn parsed_date(date: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(date, "%Y%m%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    #[test]
    fn a_thousand_pairs_agree_with_relativedelta() {
        let text = include_str!("../../tests/dates/relativedelta.json");
        let known: serde_json::Value = serde_json::from_str(text).unwrap();
        let pairs = known["pairs"].as_array().unwrap();
        assert_eq!(pairs.len(), 1000);
        for pair in pairs {
            let [from, to] = [0, 1].map(|at| date(pair[at].as_str().unwrap()));
            let [years, months, days] = [2, 3, 4].map(|at| pair[at].as_i64().unwrap());
            let whole = whole_months(from, to);
            assert_eq!(i64::from(whole), years * 12 + months, "{from} to {to}");
            let by = Months::new(whole.unsigned_abs());
            let reached = if whole < 0 { from - by } else { from + by };
            assert_eq!((to - reached).num_days(), days, "{from} to {to}");
        }
    }

    #[test]
    fn months_are_those_of_the_calendar_and_days_alone_stay_days() {
        let words = |from: &str, to: &str| {
            let (from, to) = (date(from), date(to));
            days_in_words((to - from).num_days(), Some(from))
        };
        assert_eq!(words("2015-02-14", "2015-08-14"), "6 months");
        assert_eq!(words("2011-02-05", "2013-03-05"), "2 years 1 month");
        assert_eq!(words("2015-05-12", "2017-09-28"), "2 years 4 months");
        assert_eq!(words("2015-05-12", "2016-05-12"), "1 year");
        assert_eq!(words("2015-05-12", "2015-05-26"), "14 days");
        assert_eq!(words("2015-05-26", "2015-05-12"), "14 days before");
        assert_eq!(words("2015-07-10", "2015-09-08"), "60 days", "less than two months");
        assert_eq!(words("2015-07-10", "2015-09-10"), "2 months");
        assert_eq!(words("2017-09-28", "2015-05-12"), "2 years 4 months before");
        let alone = [0, 1, -14, 365, 870].map(|days| days_in_words(days, None));
        assert_eq!(alone, ["day 0", "1 day", "14 days before", "365 days", "870 days"]);
    }
}
