//! Templates: those of the program, the reader's own, and what using one does.

use std::fs;

use isodense::case::notebook::{Section, filled, sections};
use isodense::session::{Action, Environment, NotebookAction, Session, TEMPLATES};
use isodense::store::write_atomic;

#[test]
fn the_programs_templates_have_sections_and_fill_none() {
    let session = Session::new(Environment::for_tests());
    let all = session.templates();
    let names: Vec<&str> = all.iter().map(|template| template.name.as_str()).collect();
    assert_eq!(names, TEMPLATES.map(|(name, _)| name));
    for template in &all {
        let heads = sections(&template.text);
        assert!(heads.len() >= 4, "{}", template.name);
        assert!(heads.iter().all(|one| one.level > 0), "{} begins with a heading", template.name);
        let view = session.notebook_view(&template.text);
        assert!(view.chips.iter().all(|chip| chip.problem.is_none()), "{:?}", view.chips);
    }
    let care: Vec<usize> =
        sections(&all[0].text).iter().filter_map(Section::care).map(|item| item.number).collect();
    assert_eq!(care, (1..=13).collect::<Vec<_>>());
    let said = filled(&all[0].text);
    assert!(said.iter().enumerate().all(|(index, is)| !is || [6, 7].contains(&index)), "{said:?}");
}

#[test]
fn ones_own_templates_are_offered_after_them() {
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().join("templates");
    fs::create_dir(&folder).unwrap();
    let write = |name: &str, text: &[u8]| write_atomic(&folder.join(name), text).unwrap();
    write("Follow-up.md", b"## Findings\n\nNone.\n");
    write("Board.MD", b"## Question\n");
    write("notes.txt", b"no template");
    write("long.md", &vec![b'x'; (1 << 20) + 1]);
    write("no text.md", &[0xFF, 0xFE, 0x00]);
    let environment = Environment { state_dir: Some(state.path().to_owned()), ..Environment::for_tests() };
    let session = Session::new(environment);
    let all = session.templates();
    let own: Vec<(&str, &str)> =
        all[TEMPLATES.len()..].iter().map(|one| (one.name.as_str(), one.text.as_str())).collect();
    assert_eq!(own, [("Board", "## Question\n"), ("Follow-up", "## Findings\n\nNone.\n")]);
    assert_eq!(session.template_folder(), Some(folder));
}

#[test]
fn a_template_begins_the_notes_or_is_added_and_undone() {
    let mut session = Session::new(Environment::for_tests());
    let text = TEMPLATES[0].1.to_owned();
    let use_it = |session: &mut Session, text: &str| {
        session.apply(Action::Notebook(NotebookAction::UseTemplate(text.to_owned())));
    };
    use_it(&mut session, &text);
    assert_eq!(session.case().notes, text);
    use_it(&mut session, "## Findings\n");
    let both = format!("{}\n\n## Findings\n", text.trim_end());
    assert_eq!(session.case().notes, both);
    session.apply(Action::Undo);
    assert_eq!(session.case().notes, text);
    session.apply(Action::Undo);
    assert_eq!(session.case().notes, "");
    session.apply(Action::Redo);
    assert_eq!(session.case().notes, text);
}
