//! Fonts for the letters that are there: looked for when somebody writes in another script, not at the start.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use super::Session;
use super::jobs::Done;
use crate::case::figure::FigureShape;
use crate::render::{FontFace, Fonts};

/// Finds faces of the system that have these characters; runs on a thread of its own.
#[derive(Clone)]
pub struct FontFinder(Arc<Find>);

type Find = dyn Fn(&[char]) -> Vec<FontFace> + Send + Sync;

impl FontFinder {
    /// By a function that may take a while.
    pub fn new(find: impl Fn(&[char]) -> Vec<FontFace> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }
}

impl Default for FontFinder {
    fn default() -> Self {
        Self::new(|_| Vec::new())
    }
}

impl fmt::Debug for FontFinder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FontFinder")
    }
}

/// Characters that were looked for.
#[derive(Debug, Default)]
pub(super) struct Letters {
    known: HashSet<char>,
    looking: bool,
}

impl Session {
    /// Looks for fonts for what the series and the case are called and what its author writes, where the fonts at hand
    /// lack letters.
    pub(super) fn want_fonts(&mut self) {
        if self.letters.looking {
            return;
        }
        let mut found = Vec::new();
        let mut look = |text: &str| found.extend(text.chars().filter(|c| *c > '\u{7f}'));
        for series in self.library.browse() {
            look(&series.patient.name.reveal().to_string());
            look(series.patient.id.reveal());
            look(series.study.institution.reveal());
            look(&series.study.description);
            look(&series.info.description);
        }
        let case = self.case();
        case.measurements.iter().for_each(|measurement| look(&measurement.label));
        look(&case.notes);
        for figure in &case.figures {
            let headings = figure.column_headings.iter().chain(&figure.row_headings);
            headings.chain([&figure.title, &figure.closing]).for_each(|words| look(words));
            for panel in &figure.panels {
                panel.caption.iter().for_each(|words| look(words));
                for mark in &panel.marks {
                    if let FigureShape::Text(words) = &mark.shape {
                        look(words);
                    }
                }
            }
        }
        found.retain(|c| self.letters.known.insert(*c) && !self.environment.fonts.has(*c));
        if found.is_empty() {
            return;
        }
        self.letters.looking = true;
        let finder = self.environment.find_fonts.clone();
        self.jobs.spawn("isodense-fonts", move |report| report.send(Done::Fonts(finder.0(&found))));
    }

    pub(super) fn take_fonts(&mut self, found: Vec<FontFace>) {
        self.letters.looking = false;
        if found.is_empty() {
            return;
        }
        let mut faces = self.environment.fonts.faces.clone();
        faces.extend(found);
        self.environment.fonts = Arc::new(Fonts::new(faces));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, Environment};

    #[test]
    fn fonts_are_looked_for_once_and_only_for_what_is_missing() {
        let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let find_fonts = FontFinder::new(move |letters| {
            heard.lock().unwrap().push(letters.to_vec());
            vec![FontFace::new([0_u8; 4], 0)]
        });
        let mut session = Session::new(Environment { find_fonts, ..Environment::for_tests() });
        let write = |session: &mut Session, label: &str| {
            let mut measurement = (*crate::sample::sample_case().unwrap().measurements[0]).clone();
            measurement.label = label.to_owned();
            session.apply(Action::Commit(crate::case::Edit::Add(measurement)));
            for _ in 0..200 {
                session.poll();
                std::thread::sleep(std::time::Duration::from_millis(2));
                if !session.letters.looking {
                    break;
                }
            }
        };
        write(&mut session, "größer µ 病変 شعاع");
        assert!(asked.lock().unwrap().is_empty(), "the bundled fonts have these");
        write(&mut session, "ᚠᚢA");
        write(&mut session, "ᚠᚢB");
        assert_eq!(*asked.lock().unwrap(), [vec!['ᚠ', 'ᚢ']]);
        assert_eq!(session.fonts().faces.len(), 1);
    }
}
