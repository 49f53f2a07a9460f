//! Is there a date at a place of a text, and which?

use super::months::is_day;
use super::tokens::{Gap, Tokens};

/// A year, a month and a day.
pub(super) type Date = (u32, u32, u32);

/// Something written as a date.
pub(super) struct Dated {
    /// The token after it.
    pub(super) next: usize,
    /// Every date it can be; none for a month of a year.
    pub(super) readings: Vec<Date>,
    /// Whether it is a date even where none of them is known.
    pub(super) sure: bool,
}

/// The date that begins at a token.
pub(super) fn at(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let number = tokens.digits(k) > 0;
    if number {
        let found =
            of_characters(tokens, k).or_else(|| day_first(tokens, k)).or_else(|| year_first(tokens, k));
        found.or_else(|| in_digits(tokens, k)).or_else(|| compact(tokens, k)).or_else(|| of_year(tokens, k))
    } else {
        month_first(tokens, k)
    }
}

/// 2015-05-12, 12.05.2015, 5/12/15.
fn in_digits(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let (a, a_digits) = tokens.number(k, 4)?;
    let (b, b_digits) = tokens.number(k + 1, 2)?;
    let (c, c_digits) = tokens.number(k + 2, 4)?;
    let (gap, second) = (tokens.gap(k), tokens.gap(k + 1));
    let same = gap == second && matches!(gap, Gap::Sign('-' | '/' | '.' | '_') | Gap::Space);
    // The digits of a decimal or a version go on; a known date is one there as well.
    let part = tokens.follows(k, '.') || tokens.follows(k, ',') || tokens.goes_on(k + 2, '.');
    if !same {
        return None;
    }
    let two_digits = |digits: usize| digits == 2;
    let loose =
        gap == Gap::Space && !(two_digits(b_digits) && (two_digits(a_digits) || two_digits(c_digits)));
    let measured = tokens.is_measured(k + 2);
    let version = gap == Gap::Sign('.') && tokens.is_version(k);
    let (mut readings, sure) = match (a_digits, c_digits) {
        (4, 1 | 2) => (vec![(a, b, c), (a, c, b)], !loose),
        (1 | 2, 4) => (vec![(c, b, a), (c, a, b)], !loose),
        (1 | 2, 2) => {
            let full = [2000, 1900].into_iter();
            let readings = full.flat_map(|age| [(age + c, b, a), (age + c, a, b), (age + a, b, c)]).collect();
            let both = a_digits == 2 && b_digits == 2;
            let more =
                matches!(gap, Gap::Sign(sign) if tokens.goes_on(k + 2, sign) || tokens.follows(k, sign));
            let sign = gap == Gap::Sign('/') || (gap == Gap::Sign('.') && both);
            // 05-06-07 is as often a range or a number of a sample.
            (readings, sign && !more && !measured && is_day(2000 + c, b, a).max(is_day(2000 + c, a, b)))
        }
        _ => return None,
    };
    readings.retain(|(year, month, day)| is_day(*year, *month, *day));
    let four = a_digits == 4 || c_digits == 4;
    let part = part && (gap == Gap::Space || gap == Gap::Sign('.') || !four);
    let sure = sure && !version && !part && readings.iter().any(|(year, ..)| (1900..2100).contains(year));
    (!readings.is_empty()).then_some(Dated { next: k + 3, readings, sure })
}

/// 20150512, 20150512142530; 12052015 and 150512 only where they are known.
fn compact(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let token = tokens.get(k)?;
    let digits = tokens.digits(k);
    if !matches!(digits, 6 | 8 | 12 | 14) {
        return None;
    }
    let text = tokens.reading.text(token.start, token.end);
    let part =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let mut readings = vec![(part(0, 4), part(4, 6), part(6, 8))];
    let sure = digits != 6 && is_day(readings[0].0, readings[0].1, readings[0].2) && !tokens.is_measured(k);
    let sure = sure && !tokens.follows(k, '.') && (1900..2100).contains(&readings[0].0);
    if digits == 8 {
        readings.extend([(part(4, 8), part(2, 4), part(0, 2)), (part(4, 8), part(0, 2), part(2, 4))]);
    }
    if digits == 6 {
        let (a, b, c) = (part(0, 2), part(2, 4), part(4, 6));
        readings = [2000, 1900].into_iter().flat_map(|age| [(age + a, b, c), (age + c, b, a)]).collect();
    }
    readings.retain(|(year, month, day)| is_day(*year, *month, *day));
    (!readings.is_empty()).then_some(Dated { next: k + 1, readings, sure })
}

/// 2015-05 and 05/2015, a month of a year.
fn of_year(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let gap = tokens.gap(k);
    let (Gap::Sign(sign), false) =
        (gap, tokens.is_measured(k + 1) || tokens.is_setting(k) || tokens.is_version(k))
    else {
        return None;
    };
    let more = tokens.goes_on(k + 1, sign) || tokens.follows(k, sign) || tokens.follows(k, '.');
    let month = |k: usize| {
        tokens.number(k, 2).is_some_and(|(month, digits)| digits == 2 && (1..=12).contains(&month))
    };
    let year_first = tokens.year(k).is_some() && month(k + 1) && matches!(sign, '-' | '/' | '_');
    let month_first = month(k) && tokens.year(k + 1).is_some() && matches!(sign, '-' | '/' | '.' | '_');
    let found = !more && (year_first || month_first);
    found.then_some(Dated { next: k + 2, readings: Vec::new(), sure: true })
}

/// 2015年5月12日, 2015년 5월 12일, 5月12日, 2015年5月.
fn of_characters(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let near = |k: usize| matches!(tokens.gap(k), Gap::Nothing | Gap::Space);
    let before = |k: usize, signs: &[&str]| {
        let (value, digits) = tokens.number(k, 4)?;
        (near(k) && tokens.is_word(k + 1, signs)).then_some((value, digits))
    };
    let (year, after) = match before(k, &["\u{5e74}", "\u{b144}"]) {
        Some((year, digits)) => (Some((year, digits)), k + 2),
        None => (None, k),
    };
    let Some((month, _)) = before(after, &["\u{6708}", "\u{c6d4}"]) else {
        // A year alone: a span of years has one or two digits.
        let (_, digits) = year?;
        return (digits == 4).then_some(Dated { next: after, readings: Vec::new(), sure: true });
    };
    let day = before(after + 2, &["\u{65e5}", "\u{53f7}", "\u{865f}", "\u{c77c}"]);
    let next = if day.is_some() { after + 4 } else { after + 2 };
    let readings = match (year, day) {
        (Some((year, 4)), Some((day, _))) if is_day(year, month, day) => vec![(year, month, day)],
        (None, None) => return None,
        _ => Vec::new(),
    };
    Some(Dated { next, readings, sure: true })
}

/// Whether what stands after a token can stand inside a date.
fn is_near(tokens: &Tokens<'_>, k: usize) -> bool {
    tokens.gap(k) != Gap::Wide
}

fn skip(tokens: &Tokens<'_>, k: usize, words: &[&str]) -> usize {
    let follows = |k: usize| k > 0 && is_near(tokens, k - 1) && tokens.is_word(k, words);
    k + usize::from(follows(k)) + usize::from(follows(k) && follows(k + 1))
}

const JOINING: [&str; 6] = ["of", "de", "del", "the", "di", "den"];
const ORDINAL: [&str; 8] = ["st", "nd", "rd", "th", "er", "e", "o", "a"];

/// The year at a token, with the token after it: 2015, '15, and 15 where no capital is needed to see a month.
fn year_at(tokens: &Tokens<'_>, k: usize) -> Option<(u32, usize)> {
    let start = skip(tokens, k, &JOINING);
    if start == 0 || !is_near(tokens, start - 1) {
        return None;
    }
    if let Some(year) = tokens.year(start) {
        return Some((year, start + 1));
    }
    let (short, digits) = tokens.number(start, 2)?;
    let marked = matches!(tokens.gap(start - 1), Gap::Sign('\'' | '-' | '/' | '.' | '_'));
    (digits == 2 && marked).then_some((2000 + short, start + 1))
}

fn day_at(tokens: &Tokens<'_>, k: usize) -> Option<(u32, usize)> {
    let (day, _) = tokens.number(k, 2).filter(|(day, _)| (1..=31).contains(day))?;
    let ordinal = tokens.gap(k) == Gap::Nothing && tokens.is_word(k + 1, &ORDINAL);
    Some((day, k + 1 + usize::from(ordinal)))
}

fn full(year: u32, month: u32, day: u32) -> Vec<Date> {
    let century = |year: u32| if year >= 2000 { vec![year, year - 100] } else { vec![year] };
    let dates = century(year).into_iter().map(|year| (year, month, day));
    dates.filter(|(year, month, day)| is_day(*year, *month, *day)).collect()
}

/// 12 May 2015, 12th of May, 12. Mai 2015, 12-MAY-15.
fn day_first(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let (day, after) = day_at(tokens, k)?;
    let at = skip(tokens, after, &JOINING);
    let month = tokens.month(at).filter(|_| is_near(tokens, at - 1))?;
    if let Some((year, next)) = year_at(tokens, at + 1) {
        return Some(Dated { next, readings: exact(tokens, next, year, month.number, day), sure: true });
    }
    let fraction = tokens.follows(k, '.');
    (month.clear && !fraction).then_some(Dated { next: at + 1, readings: Vec::new(), sure: true })
}

/// Two digits of a year can be of either century.
fn exact(tokens: &Tokens<'_>, next: usize, year: u32, month: u32, day: u32) -> Vec<Date> {
    if tokens.digits(next - 1) == 4 {
        return Some((year, month, day)).into_iter().filter(|_| is_day(year, month, day)).collect();
    }
    full(year, month, day)
}

/// 2015 May 12, 2015-May-12.
fn year_first(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let year = tokens.year(k)?;
    let month = tokens.month(k + 1).filter(|_| is_near(tokens, k))?;
    let day = if is_near(tokens, k + 1) { day_at(tokens, k + 2) } else { None };
    match day {
        Some((day, next)) if is_day(year, month.number, day) => {
            Some(Dated { next, readings: vec![(year, month.number, day)], sure: true })
        }
        // "in 2015 may have"
        Some(_) | None => month.clear.then_some(Dated { next: k + 2, readings: Vec::new(), sure: true }),
    }
}

/// May 12, 2015; May 12; May 2015.
fn month_first(tokens: &Tokens<'_>, k: usize) -> Option<Dated> {
    let month = tokens.month(k)?;
    let at = skip(tokens, k + 1, &JOINING);
    if !is_near(tokens, at - 1) {
        return None;
    }
    if let Some((day, next)) = day_at(tokens, at) {
        // A second number of two digits after a day is a year only with its sign.
        if let Some((year, next)) = year_at(tokens, next).filter(|(_, next)| !tokens.is_measured(next - 1)) {
            return Some(Dated { next, readings: exact(tokens, next, year, month.number, day), sure: true });
        }
        let sure = month.clear && !tokens.is_measured(next - 1) && !tokens.goes_on(at, '.');
        return sure.then_some(Dated { next, readings: Vec::new(), sure });
    }
    let (_, next) = year_at(tokens, k + 1).filter(|(_, next)| !tokens.is_measured(next - 1))?;
    Some(Dated { next, readings: Vec::new(), sure: true })
}

/// The time at a token, and the token after it: 14:25, 14:25:30.5, 2:25 pm.
pub(super) fn time_at(tokens: &Tokens<'_>, k: usize) -> Option<(Time, usize)> {
    let (hour, _) = tokens.number(k, 2).filter(|(hour, _)| *hour < 24)?;
    let sixty = |k: usize| tokens.number(k, 2).filter(|(value, digits)| *digits == 2 && *value < 60);
    let (minute, _) = sixty(k + 1).filter(|_| tokens.goes_on(k, ':'))?;
    let second = sixty(k + 2).filter(|_| tokens.goes_on(k + 1, ':')).map(|(second, _)| second);
    let mut next = k + 2 + usize::from(second.is_some());
    next += usize::from(second.is_some() && tokens.goes_on(next - 1, '.'));
    let near = matches!(tokens.gap(next - 1), Gap::Nothing | Gap::Space);
    let half = |word: &str| near && tokens.is_word(next, &[word]);
    let hour = match hour {
        1..=11 if half("pm") => hour + 12,
        12 if half("am") => 0,
        _ => hour,
    };
    next += usize::from(half("pm") || half("am"));
    Some((Time { hour, minute, second }, next))
}

/// A time of day.
pub(super) struct Time {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: Option<u32>,
}
