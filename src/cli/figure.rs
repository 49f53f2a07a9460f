//! Figures of a case without the window: the same session draws them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

use super::CliError;
use super::arguments::Figure as Question;
use super::console::Console;
use crate::case::figure::FileKind;
use crate::case::{Figure, FigureId};
use crate::session::{
    Action, Environment, FigureAction, FigureOptions, Notice, PanelState, Session, Severity, legend_words,
};

/// How often progress is shown.
const TICK: Duration = Duration::from_millis(200);
/// Bytes of pixels that are kept at most: a figure needs no more than its panels show.
const MEMORY: usize = 4 << 30;

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let kind = FileKind::of(&question.output)
        .ok_or_else(|| CliError::misuse("the figure's name must end in .pdf, .svg, .tif, .png or .jpg"))?;
    for (value, name, range) in
        [(question.dpi, "--dpi", 30.0..=2400.0), (question.width_mm, "--width-mm", 10.0..=1000.0)]
    {
        if value.is_some_and(|value| !range.contains(&value)) {
            let (low, high) = (range.start(), range.end());
            return Err(CliError::misuse(format!("{name} takes {low} to {high}")));
        }
    }
    let mut headless = Headless::new();
    headless.open(question, console)?;
    let figure = headless.figure(question.number)?;
    headless.session.apply(Action::Figure(FigureAction::Show(Some(figure.id))));
    headless.wait_for_panels(figure.id, console)?;
    if !headless.passes_gate(&figure, question, console)? {
        return Ok(1);
    }
    let options = FigureOptions { kind, dpi: question.dpi, width_mm: question.width_mm };
    let output = question.output.clone();
    headless.session.apply(Action::Figure(FigureAction::Export(figure.id, output, options)));
    headless.wait("drawing", console, |session| {
        session.figure_export().map(|export| (export.progress.done(), export.progress.total()))
    })?;
    headless.answer(&figure, question, console)
}

/// A session that somebody waits for.
struct Headless {
    session: Session,
    woken: Receiver<()>,
}

impl Headless {
    fn new() -> Self {
        let (wake, woken) = bounded(1);
        let environment = Environment {
            wake: Arc::new(move || {
                if wake.try_send(()).is_err() {
                    log::trace!("woken already");
                }
            }),
            memory: MEMORY,
            ..Environment::without_state()
        };
        Self { session: Session::new(environment), woken }
    }

    fn open(&mut self, question: &Question, console: &mut Console<'_>) -> Result<(), CliError> {
        self.session.apply(Action::OpenCase(question.case.clone()));
        if self.session.case_path().is_none() {
            return Err(CliError::failed(said(&self.session)));
        }
        if !question.data.is_empty() {
            self.session.apply(Action::Open(question.data.clone()));
        }
        self.wait("reading", console, |session| {
            session.scan().map(|scan| (scan.progress.done(), scan.progress.total()))
        })
    }

    fn figure(&self, number: u32) -> Result<Arc<Figure>, CliError> {
        let figures = &self.session.case().figures;
        let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        figures.get(index).map(Arc::clone).ok_or_else(|| match figures.len() {
            0 => CliError::failed("the case has no figure"),
            1 => CliError::failed("the case has one figure"),
            many => CliError::failed(format!("the case has {many} figures")),
        })
    }

    /// Until every panel can be drawn, or one can never be.
    fn wait_for_panels(&mut self, id: FigureId, console: &mut Console<'_>) -> Result<(), CliError> {
        self.wait("reading", console, |session| {
            let figure = session.case().figure(id)?;
            let loading = |panel: &Arc<crate::case::Panel>| match session.panel_drawing(panel) {
                Err(PanelState::Loading { loaded, of }) => Some((loaded, of)),
                Ok(_) | Err(PanelState::NotOpen | PanelState::Failed(_)) => None,
            };
            let waiting: Vec<_> = figure.panels.iter().filter_map(loading).collect();
            let sum = |part: fn(&(usize, usize)) -> usize| waiting.iter().map(part).sum();
            (!waiting.is_empty()).then(|| (sum(|one| one.0), sum(|one| one.1)))
        })
    }

    /// Whether nothing is left in the figure that could say who the patient is; if something is, says what.
    fn passes_gate(
        &mut self,
        figure: &Figure,
        question: &Question,
        console: &mut Console<'_>,
    ) -> Result<bool, CliError> {
        let id = figure.id;
        self.wait("reading headers", console, |session| {
            let figure = session.case().figure(id)?;
            let left = session.figure_findings(figure, None).reading;
            (left > 0).then_some((0, left))
        })?;
        for key in &question.keep {
            self.session.apply(Action::Figure(FigureAction::Keep(key.clone())));
        }
        let Some(figure) = self.session.case().figure(id) else { return Ok(false) };
        let gate = self.session.figure_findings(figure, Some(&question.output));
        for key in &question.keep {
            if !gate.findings.iter().any(|finding| finding.key == *key) {
                console.line(&format!("note: --keep {key}: nothing in the figure has that key"))?;
            }
        }
        for finding in gate.open() {
            console.line(&format!("blocked: {}: {} ({})", finding.place, finding.what, finding.key))?;
        }
        let open = gate.open().count();
        if open > 0 {
            let what = "it may say who the patient is. Replace each, or keep it on purpose: --keep KEY";
            console.line(&format!("The figure was not written: {what}"))?;
        }
        Ok(open == 0)
    }

    /// Until `left` says that nothing is left to do; it says how much of how much is done.
    fn wait(
        &mut self,
        doing: &str,
        console: &mut Console<'_>,
        left: impl Fn(&Session) -> Option<(usize, usize)>,
    ) -> Result<(), CliError> {
        let mut shown = false;
        while let Some((done, total)) = left(&self.session) {
            // Woken or not: the results are looked at.
            let woken = self.woken.recv_timeout(TICK).is_ok();
            if console.terminal && !woken && total > 0 {
                write!(console.err, "\r{doing} {done} of {total} ")?;
                console.err.flush()?;
                shown = true;
            }
            self.session.poll();
        }
        if shown {
            write!(console.err, "\r{:40}\r", "")?;
        }
        Ok(())
    }

    fn answer(
        &self,
        figure: &Figure,
        question: &Question,
        console: &mut Console<'_>,
    ) -> Result<u8, CliError> {
        let written = self.session.figure_written().ok_or_else(|| CliError::failed(said(&self.session)))?;
        let bytes = written
            .as_ref()
            .map_err(|why| CliError::failed(format!("{why}: {}", question.output.display())))?;
        for notice in self.session.notices().iter().filter(|notice| notice.severity == Severity::Warning) {
            console.line(&format!("note: {}", words(notice)))?;
        }
        for warning in self.session.figure_warnings(figure) {
            console.line(&format!("note: {warning}"))?;
        }
        let captions = self.session.captions(figure);
        let number = self.session.figure_number(figure.id);
        console.line(&legend_words(figure, number, &captions))?;
        let name = Path::new(&question.output).display();
        console.line(&format!("{} panels, {bytes} bytes: {name}", figure.panels.len()))?;
        Ok(0)
    }
}

/// What the session said last that speaks against going on.
fn said(session: &Session) -> String {
    let notices = session.notices().iter().rev();
    let worst =
        notices.clone().find(|notice| notice.severity == Severity::Error).or_else(|| notices.clone().next());
    worst.map_or_else(|| "nothing was done".to_owned(), words)
}

fn words(notice: &Notice) -> String {
    format!("{} {}", notice.summary, notice.details).trim_end().to_owned()
}
