//! Fonts for the letters that are there: looked for when somebody writes in another script, not at the start.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use fontdb::{Database, FaceInfo, Style};

use super::Session;
use super::jobs::Done;
use crate::case::figure::FigureShape;
use crate::render::{FontFace, Fonts};

/// Faces that one search gives at most: a text in more scripts than that is no name.
const MOST: usize = 8;

/// Finds faces of the system that have these characters; runs on a thread of its own.
#[derive(Clone)]
pub struct FontFinder(Arc<Find>);

type Find = dyn Fn(&[char]) -> Vec<FontFace> + Send + Sync;

impl FontFinder {
    /// By a function that may take a while.
    pub fn new(find: impl Fn(&[char]) -> Vec<FontFace> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// Among the fonts that are installed.
    pub fn system() -> Self {
        Self::new(|letters| {
            // Read anew each time, which is seldom: what is installed is known, and nothing stays in memory.
            let mut database = Database::new();
            database.load_system_fonts();
            search(&database, letters)
        })
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

fn search(database: &Database, letters: &[char]) -> Vec<FontFace> {
    let mut faces: Vec<&FaceInfo> = database.faces().filter(|face| face.style == Style::Normal).collect();
    // The same face for the same fonts, whatever order the folders are read in.
    faces.sort_by_cached_key(|face| (rank(face), face.post_script_name.clone(), face.index));
    let mut chosen: Vec<&FaceInfo> = Vec::new();
    for letter in letters {
        if chosen.len() < MOST && !chosen.iter().any(|face| has(database, face, *letter)) {
            chosen.extend(faces.iter().find(|face| has(database, face, *letter)));
        }
    }
    let load = |face: &&FaceInfo| database.with_face_data(face.id, |data, index| FontFace::new(data, index));
    chosen.iter().filter_map(load).collect()
}

/// Plain text faces before others: upright weight, no serifs, and of the Chinese characters the Japanese forms,
/// which the window shows as well.
fn rank(face: &FaceInfo) -> (u16, bool, bool) {
    let family = face.families.first().map_or("", |(name, _)| name.as_str());
    let weight = face.weight.0.abs_diff(fontdb::Weight::NORMAL.0);
    let is_other_han = family.contains("CJK") && !family.contains("JP");
    (weight, !family.contains("Sans") || family.contains("Mono"), is_other_han)
}

fn has(database: &Database, face: &FaceInfo, letter: char) -> bool {
    let found = database.with_face_data(face.id, |data, index| {
        skrifa::FontRef::from_index(data, index)
            .is_ok_and(|font| skrifa::MetadataProvider::charmap(&font).map(letter).is_some())
    });
    found.unwrap_or(false)
}

impl Session {
    /// Whether fonts are being looked for.
    pub fn looks_for_fonts(&self) -> bool {
        self.letters.looking
    }

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

    #[test]
    fn a_machine_without_fonts_gives_none() {
        assert!(search(&Database::new(), &['漢', 'م']).is_empty());
    }

    #[test]
    fn the_systems_fonts_have_what_they_are_chosen_for() {
        let start = std::time::Instant::now();
        let mut database = Database::new();
        database.load_system_fonts();
        let scanned = start.elapsed();
        let letters = ['山', '한', 'ท', 'ع', 'ש', '东'];
        let there: Vec<char> =
            letters.into_iter().filter(|c| database.faces().any(|face| has(&database, face, *c))).collect();
        let faces = search(&database, &there);
        let bytes: usize = faces.iter().map(FontFace::size).sum();
        let fonts = Fonts::new(faces);
        println!("{} faces in {scanned:?}, {} chosen, {bytes} bytes", database.len(), fonts.faces.len());
        assert!(there.iter().all(|c| fonts.has(*c)), "{there:?}");
    }
}
