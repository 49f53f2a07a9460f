//! Values in the notes that are not typed: `{{measurement:2#size|cm 1}}` says what measurement 2 is worth now.

use std::ops::Range;

use super::EventId;
use crate::case::{LesionId, MeasurementId, TimePointId};

/// A value in the notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// Where it stands in the notes, in bytes, with its braces.
    pub range: Range<usize>,
    /// What it is of; `None` where it does not read as anything.
    pub of: Option<LiveOf>,
    /// How it is written.
    pub format: LiveFormat,
    /// Whether a preposition stands before it (`since {{time:3}}`): a date there has none of its own.
    pub behind_preposition: bool,
}

/// What a value is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveOf {
    /// Something of a measurement: a quantity by its name, `size` for all axes, or how its image was acquired.
    Measurement(MeasurementId, String),
    /// Something of a lesion at a time point: `size`, `longest`, `volume`, `density`, `suv`, `product`, `change`,
    /// `state`.
    Lesion(LesionId, TimePointId, String),
    /// How a panel of a figure was acquired: `1a`, `kv`.
    Panel(String, String),
    /// When a time point was.
    TimePoint(TimePointId),
    /// When an event was.
    Event(EventId),
    /// Which day all times are counted from, as a sentence; nothing where times are dates.
    Clock,
    /// The timeline, drawn.
    Timeline,
    /// The timeline as a table.
    TimelineTable,
    /// The ledger as a table.
    Ledger,
}

impl LiveOf {
    /// The measurement that it is of.
    pub fn measurement(&self) -> Option<MeasurementId> {
        if let Self::Measurement(id, _) = self { Some(*id) } else { None }
    }

    /// The lesion that it is of.
    pub fn lesion(&self) -> Option<LesionId> {
        if let Self::Lesion(id, ..) = self { Some(*id) } else { None }
    }

    /// As it is typed, without braces.
    pub fn typed(&self) -> String {
        match self {
            Self::Measurement(id, what) => format!("measurement:{}#{what}", id.0),
            Self::Lesion(id, at, what) => format!("lesion:{}@{}#{what}", id.0, at.0),
            Self::Panel(panel, what) => format!("panel:{panel}#{what}"),
            Self::TimePoint(id) => format!("time:{}", id.0),
            Self::Event(id) => format!("event:{}", id.0),
            Self::Clock => "clock".to_owned(),
            Self::Timeline => "timeline".to_owned(),
            Self::TimelineTable => "timeline table".to_owned(),
            Self::Ledger => "ledger".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let parts = || {
            let (name, what) = text.split_once('#')?;
            let (kind, id) = name.split_once(':')?;
            Some((kind.trim(), id.trim(), what.trim().to_owned()))
        };
        match (text, parts(), text.split_once(':')) {
            ("clock", ..) => Some(Self::Clock),
            ("timeline", ..) => Some(Self::Timeline),
            ("timeline table", ..) => Some(Self::TimelineTable),
            ("ledger", ..) => Some(Self::Ledger),
            (_, Some(("measurement", id, what)), _) => {
                Some(Self::Measurement(MeasurementId(id.parse().ok()?), what))
            }
            (_, Some(("lesion", id, what)), _) => {
                let (id, at) = id.split_once('@')?;
                Some(Self::Lesion(LesionId(id.parse().ok()?), TimePointId(at.parse().ok()?), what))
            }
            (_, Some(("panel", id, what)), _) => Some(Self::Panel(id.to_owned(), what)),
            (_, None, Some(("time", id))) => Some(Self::TimePoint(TimePointId(id.trim().parse().ok()?))),
            (_, None, Some(("event", id))) => Some(Self::Event(EventId(id.trim().parse().ok()?))),
            _ => None,
        }
    }
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct LiveFormat {
    /// In cm and cm², not mm and mm².
    pub in_cm: bool,
    /// Digits after the point; one, where nothing is said.
    pub decimals: Option<usize>,
    /// With "about" before it.
    pub about: bool,
    /// A time as a date, not relative.
    pub as_date: bool,
    /// A date with its preposition: `on 28 September 2017`.
    pub on: bool,
}

impl LiveFormat {
    fn read(text: &str) -> Self {
        let mut format = Self::default();
        for word in text.split_whitespace() {
            match word {
                "cm" => format.in_cm = true,
                "about" => format.about = true,
                "date" => format.as_date = true,
                "on" => format.on = true,
                other => {
                    format.decimals = other.parse().ok().filter(|digits| *digits <= 6).or(format.decimals);
                }
            }
        }
        format
    }

    /// As it is typed after the bar; empty for the usual one.
    pub fn typed(self) -> String {
        let words = [
            self.in_cm.then(|| "cm".to_owned()),
            self.decimals.map(|digits| digits.to_string()),
            self.about.then(|| "about".to_owned()),
            self.as_date.then(|| "date".to_owned()),
            self.on.then(|| "on".to_owned()),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Live {
    /// A value as it is typed: `{{measurement:2#size|cm 1}}`.
    pub fn typed(of: &LiveOf, format: LiveFormat) -> String {
        let format = format.typed();
        let bar = if format.is_empty() { "" } else { "|" };
        format!("{{{{{}{bar}{format}}}}}", of.typed())
    }
}

/// Every value of the notes, in order. Braces that do not close on their line are text.
pub fn lives(notes: &str) -> Vec<Live> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = notes[from..].find("{{").map(|at| from + at) {
        let inner = start + 2;
        let line = notes[inner..].find('\n').map_or(notes.len(), |at| inner + at);
        let Some(end) = notes[inner..line].find("}}").map(|at| inner + at) else {
            from = inner;
            continue;
        };
        let text = &notes[inner..end];
        let (of, format) = text.split_once('|').unwrap_or((text, ""));
        let (of, format) = (LiveOf::read(of.trim()), LiveFormat::read(format));
        let behind_preposition = is_behind_preposition(&notes[..start]);
        found.push(Live { range: start..end + 2, of, format, behind_preposition });
        from = end + 2;
    }
    found
}

/// Whether the words end with one that a date may follow as it is, or with a bracket.
fn is_behind_preposition(words: &str) -> bool {
    const PREPOSITIONS: [&str; 14] = [
        "on", "in", "at", "of", "since", "from", "until", "till", "to", "by", "before", "after", "between",
        "dated",
    ];
    let words = words.trim_end_matches(' ');
    let last = words.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    // "between May and June", but "on 12 May and on 26 May".
    let is_second = || {
        let sentence = words.rsplit(['.', '\n', ';']).next().unwrap_or_default();
        last == "and" && sentence.split(' ').any(|word| word.eq_ignore_ascii_case("between"))
    };
    words.ends_with(['(', '[', ':', '|']) || PREPOSITIONS.contains(&last.as_str()) || is_second()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_typed() {
        let notes = "A mass of {{measurement:2#size|cm 1 about}} {{ lesion:1@3#change }}, {{time:2}} {{event:4|date}} \
            {{panel:1a#kv}}\n\n{{clock}} {{timeline}} {{timeline table}} {{ledger}} {{nothing}} {{open\n}} ü {{measurement:x#y}}";
        let found = lives(notes);
        let of: Vec<Option<LiveOf>> = found.iter().map(|live| live.of.clone()).collect();
        assert_eq!(
            of,
            [
                Some(LiveOf::Measurement(MeasurementId(2), "size".to_owned())),
                Some(LiveOf::Lesion(LesionId(1), TimePointId(3), "change".to_owned())),
                Some(LiveOf::TimePoint(TimePointId(2))),
                Some(LiveOf::Event(EventId(4))),
                Some(LiveOf::Panel("1a".to_owned(), "kv".to_owned())),
                Some(LiveOf::Clock),
                Some(LiveOf::Timeline),
                Some(LiveOf::TimelineTable),
                Some(LiveOf::Ledger),
                None,
                None,
            ]
        );
        let first = &found[0];
        assert_eq!(
            first.format,
            LiveFormat { in_cm: true, decimals: Some(1), about: true, as_date: false, on: false }
        );
        assert_eq!(&notes[first.range.clone()], Live::typed(&of[0].clone().unwrap(), first.format));
        assert!(found[3].format.as_date);
        let behind: Vec<bool> = lives(
            "It grew {{time:1}} and {{time:1}}. Since {{time:1}} ({{time:1}}) it is on {{time:1|on}} between \
                {{time:1}} and {{time:1}}",
        )
        .iter()
        .map(|live| live.behind_preposition)
        .collect();
        assert_eq!(behind, [false, false, true, true, true, true, true]);
    }
}
