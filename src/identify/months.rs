//! Which month is a word?

use std::collections::HashMap;
use std::sync::LazyLock;

/// The names of the months, January first, as they are compared.
const MONTHS: [&str; 12] = [
    "january jan januar janner jaenner janvier janv enero ene gennaio gen janeiro januari \
     января январь янв ιανουαριου ιανουαριοσ",
    "february feb februar fevrier fevr febrero febbraio fevereiro fev februari февраля февраль фев \
     φεβρουαριου φεβρουαριοσ",
    "march mar marz maerz mrz mars marzo marco maart марта март μαρτιου μαρτιοσ",
    "april apr avril avr abril abr aprile апреля апрель апр απριλιου απριλιοσ",
    "may mai mayo maggio maio mei мая маи μαιου μαιοσ",
    "june jun juni juin junio giugno junho июня июнь июн ιουνιου ιουνιοσ",
    "july jul juli juillet juil julio luglio julho июля июль июл ιουλιου ιουλιοσ",
    "august aug aout agosto ago augustus августа август авг αυγουστου αυγουστοσ",
    "september sep sept septembre septiembre settembre setembro сентября сентябрь сен \
     σεπτεμβριου σεπτεμβριοσ",
    "october oct oktober okt octobre octubre ottobre outubro октября октябрь окт οκτωβριου οκτωβριοσ",
    "november nov novembre noviembre novembro ноября ноябрь ноя νοεμβριου νοεμβριοσ",
    "december dec dezember dez decembre diciembre dicembre dezembro декабря декабрь дек \
     δεκεμβριου δεκεμβριοσ",
];

/// Months that are also other words, which only a capital or a year makes months.
const AMBIGUOUS: [&str; 9] = ["may", "mar", "march", "mars", "gen", "ago", "dec", "mai", "mei"];

static NUMBERS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let of_month =
        |(month, names): (u32, &&'static str)| names.split_whitespace().map(move |name| (name, month));
    (1..).zip(&MONTHS).flat_map(of_month).collect()
});

/// The number of a month.
pub(super) fn month(word: &str) -> Option<u32> {
    NUMBERS.get(word).copied()
}

/// Whether a month is also another word.
pub(super) fn is_ambiguous(word: &str) -> bool {
    AMBIGUOUS.contains(&word)
}

/// Whether a date has such a day.
pub(super) fn is_day(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}
