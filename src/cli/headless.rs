//! A session that somebody waits for: what leaves the program is drawn by the same code as in the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use serde_json::json;

use super::CliError;
use super::arguments::{PageFile, Run};
use super::console::Console;
use super::output::Overwrite;
use super::render::{asked_window, whole_frame};
use crate::case::{Figure, FigureId};
use crate::geometry::{Mm, PatientPoint};
use crate::image::{Series, SeriesKey, Voi};
use crate::memory::Memory;
use crate::session::{
    Action, Environment, FigureAction, FigureOptions, Finding, FontFinder, Gate, GateAction, Leaving, Notice,
    PanelState, Readiness, Session, Severity, Slices, THICKEST, ViewportId, legend_words,
};
use crate::view::Slab;
use crate::words::counted;

/// How often progress is shown.
const TICK: Duration = Duration::from_millis(200);

/// A session that somebody waits for.
pub(super) struct Headless {
    /// The session.
    pub(super) session: Session,
    woken: Receiver<()>,
}

impl Headless {
    /// The viewport that everything is shown in.
    pub(super) const VIEWPORT: ViewportId = ViewportId(0);

    /// With what becomes of files that are there, and how much memory images may take. Nothing is read but what is needed.
    pub(super) fn new(over: Overwrite, memory: Memory) -> Self {
        let (wake, woken) = bounded(1);
        let environment = Environment {
            wake: Arc::new(move || {
                if wake.try_send(()).is_err() {
                    log::trace!("woken already");
                }
            }),
            memory,
            find_fonts: FontFinder::system(),
            reads_ahead: false,
            existing: over.existing(),
            ..Environment::without_state()
        };
        Self { session: Session::new(environment), woken }
    }

    /// Opens images and waits for them.
    pub(super) fn open(&mut self, paths: &[PathBuf], console: &mut Console<'_>) -> Result<(), CliError> {
        if !paths.is_empty() {
            self.session.apply(Action::Open(paths.to_vec()));
        }
        self.wait("reading", console, |session| {
            session.scan().map(|scan| (scan.progress.done(), scan.progress.total()))
        })?;
        self.wait("looking for fonts", console, |session| session.looks_for_fonts().then_some((0, 0)))
    }

    /// Shows the series that was asked for, whole, as it was asked for.
    pub(super) fn show(&mut self, run: &Run, console: &mut Console<'_>) -> Result<(), CliError> {
        let id = Self::VIEWPORT;
        let thickness = Mm(run.slab.unwrap_or(0.0));
        if !(0.0..=THICKEST.0).contains(&thickness.0) {
            return Err(CliError::misuse(format!("a slab is 0 to {THICKEST} thick")));
        }
        self.open(&run.paths, console)?;
        let key = self.series(run)?;
        self.session.apply(Action::ShowSeries(id, key));
        let shown = self.session.shown(id).ok_or_else(|| CliError::failed("the series holds no image"))?;
        if let Some(choice) = run.plane {
            let slices = shown.series.slices.as_ref();
            let slices = slices.map_err(|why| CliError::failed(format!("the series is no volume: {why}")))?;
            let plane = choice.plane(None::<PatientPoint>, slices.middle());
            self.session.apply(Action::SetPlane(id, plane));
            self.session.apply(Action::SetSlab(id, Slab { thickness, mode: run.mode.into() }));
        }
        self.wait_for_image(console)?;
        let shown = self.session.shown(id).ok_or_else(|| CliError::failed(said(&self.session)))?;
        let (size, mut look) = (whole_frame(shown.frame), shown.viewport.view.look.clone());
        let asked = run.window.map(|numbers| asked_window(numbers, shown.frame)).transpose()?;
        self.session.apply(Action::Resized(id, size));
        if let Some(window) = asked {
            look.voi = Voi::Window(window);
            self.session.apply(Action::SetLook(id, look));
        }
        Ok(())
    }

    /// The slices that were asked for, of those that are shown.
    pub(super) fn slices(&self, run: &Run) -> Result<Slices, CliError> {
        let count = self.session.shown(Self::VIEWPORT).map_or(0, |shown| shown.count);
        let index = |number: Option<usize>, otherwise: usize| match number.map(|number| number.checked_sub(1))
        {
            None => Ok(otherwise),
            Some(Some(index)) if index < count => Ok(index),
            Some(_) => Err(CliError::failed(format!(
                "the series has {}, not {}",
                counted(count, "slice"),
                number.unwrap_or_default()
            ))),
        };
        let (from, to) = (index(run.from, 0)?, index(run.to, count.saturating_sub(1))?);
        Ok(Slices { from, to, step: run.every })
    }

    /// The series of that UID, or the stack of it.
    fn series(&self, run: &Run) -> Result<SeriesKey, CliError> {
        let library = self.session.library();
        let first = library.browse().into_iter().find(|series| series.info.uid.as_str() == run.series);
        let first =
            first.ok_or_else(|| CliError::failed(format!("there is no series {} here", run.series)))?;
        let stacks = library.stacks(first);
        let keyed = |series: &Series| Ok(series.key());
        match (stacks.as_slice(), run.stack) {
            ([only], None | Some(1)) => keyed(only),
            (all, Some(number)) => {
                let stack = number.checked_sub(1).and_then(|index| all.get(index)).ok_or_else(|| {
                    let stacks = counted(all.len(), "stack");
                    CliError::failed(format!("the series has {stacks}, not {number}"))
                })?;
                keyed(stack)
            }
            (several, None) => {
                let what = format!("the series holds {} stacks: name one with --stack", several.len());
                Err(CliError::misuse(what))
            }
        }
    }

    /// Until the image shown is there; of a plane the images that it is made from.
    fn wait_for_image(&mut self, console: &mut Console<'_>) -> Result<(), CliError> {
        let id = Self::VIEWPORT;
        self.wait("reading", console, |session| {
            let (loaded, of) = session.images_read(id);
            let fails = matches!(session.readiness(id), Readiness::Failed(_));
            (!fails && loaded < of).then_some((loaded, of))
        })?;
        match self.session.readiness(id) {
            Readiness::Failed(why) => Err(CliError::failed(why)),
            Readiness::Ready | Readiness::Loading | Readiness::InPart { .. } => Ok(()),
        }
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

    /// An error where something is left in the figure that could say who the patient is; says what.
    fn passes_gate(
        &mut self,
        figure: &Figure,
        file: &PageFile,
        console: &mut Console<'_>,
    ) -> Result<(), CliError> {
        let id = figure.id;
        self.wait("reading headers", console, |session| {
            let figure = session.case().figure(id)?;
            let left = session.figure_findings(figure, None).reading;
            (left > 0).then_some((0, left))
        })?;
        for key in &file.keep {
            self.session.apply(Action::Figure(FigureAction::Keep(key.clone())));
        }
        let figure = self.session.case().figure(id);
        let figure = figure.ok_or_else(|| CliError::failed("the figure is gone"))?;
        let gate = self.session.figure_findings(figure, Some(&file.output));
        lets_through("The figure", &gate, &file.keep, console)
    }

    /// Lets something leave, if nothing is left in it that could say who the patient is; how many bytes its file has.
    pub(super) fn leave(
        &mut self,
        what: &Leaving,
        keep: &[String],
        console: &mut Console<'_>,
    ) -> Result<u64, CliError> {
        for key in keep {
            self.session.apply(Action::Gate(GateAction::Keep(key.clone())));
        }
        self.session.apply(Action::Leave(what.clone()));
        self.wait("reading headers", console, |session| {
            let waits = session.leaving().is_some() && session.asked_at_gate().is_none();
            waits.then(|| (0, session.headers_before_leaving()))
        })?;
        if let Some(gate) = self.session.asked_at_gate() {
            lets_through(what.name(), gate, keep, console)?;
        }
        let output = what.file().map(Path::to_owned).unwrap_or_default();
        self.wait_written(&output, console)
    }

    /// Writes a figure once its images are there, and nothing is left in it that could say who the patient is.
    pub(super) fn write_figure(
        &mut self,
        figure: &Figure,
        file: &PageFile,
        options: FigureOptions,
        console: &mut Console<'_>,
    ) -> Result<u8, CliError> {
        self.session.apply(Action::Figure(FigureAction::Show(Some(figure.id))));
        self.wait_for_panels(figure.id, console)?;
        self.passes_gate(figure, file, console)?;
        let export = FigureAction::Export(figure.id, file.output.clone(), options);
        let bytes = self.written(Action::Figure(export), &file.output, console)?;
        let applied = options.applied(figure);
        for warning in self.session.figure_warnings(&applied, &self.session.panel_drawings(&applied)) {
            console.note(&format!("note: {warning}"))?;
        }
        let captions = self.session.captions(figure);
        let number = self.session.figure_number(figure.id);
        console.line(&legend_words(figure, number, &captions))?;
        console.line(&format!("{} panels, {bytes} bytes: {}", figure.panels.len(), file.output.display()))?;
        Ok(0)
    }

    /// Writes a file and waits for it; how many bytes it has.
    fn written(&mut self, export: Action, output: &Path, console: &mut Console<'_>) -> Result<u64, CliError> {
        self.session.apply(export);
        self.wait_written(output, console)
    }

    /// Waits for the file that is being written; how many bytes it has.
    fn wait_written(&mut self, output: &Path, console: &mut Console<'_>) -> Result<u64, CliError> {
        self.wait("drawing", console, |session| {
            session.writing().map(|writing| (writing.progress.done(), writing.progress.total()))
        })?;
        let written = self.session.written().ok_or_else(|| CliError::failed(said(&self.session)))?;
        let bytes =
            written.clone().map_err(|why| CliError::failed(format!("{why}: {}", output.display())))?;
        for notice in self.session.notices().iter().filter(|notice| notice.severity == Severity::Warning) {
            console.note(&format!("note: {}", words(notice)))?;
        }
        Ok(bytes)
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
}

/// Says what is left that could say who the patient is: an error, unless nothing is.
pub(super) fn lets_through(
    what: &str,
    gate: &Gate,
    keep: &[String],
    console: &mut Console<'_>,
) -> Result<(), CliError> {
    for key in keep {
        if !gate.findings.iter().any(|finding| finding.is_named(key)) {
            console.note(&format!("note: --keep {key}: nothing in it has that key"))?;
        }
    }
    for alike in gate.alike() {
        if let Some(words) = blocked(&alike) {
            console.note(&words)?;
        }
    }
    if gate.lets_through() {
        return Ok(());
    }
    let finding = |finding: &Finding| {
        let quote = finding.quote.reveal();
        json!({ "place": finding.place, "what": finding.what, "key": finding.key, "around": quote })
    };
    Err(CliError::Blocked { what: what.to_owned(), findings: gate.open().map(finding).collect() })
}

/// What is found, by its first place, with the words around and how often it stands elsewhere; its key is last.
///
/// Nothing that was found is said again: who reads it may be somebody else.
fn blocked(alike: &[&Finding]) -> Option<String> {
    let mut open = alike.iter().filter(|finding| !finding.kept);
    let first = open.next()?;
    let quote = match first.quote.reveal().as_str() {
        "" => String::new(),
        quote => format!(": \u{201c}{quote}\u{201d}"),
    };
    let elsewhere: Vec<&str> = open.map(|finding| finding.place.as_str()).collect();
    let elsewhere = match elsewhere.as_slice() {
        [] => String::new(),
        [place] => format!("; also: {place}"),
        [place, rest @ ..] => format!("; also: {place} and {} more", rest.len()),
    };
    Some(format!("blocked: {}: {}{quote}{elsewhere} ({})", first.place, first.what, first.key))
}

/// What the session said last that speaks against going on.
pub(super) fn said(session: &Session) -> String {
    let notices = session.notices().iter().rev();
    let worst =
        notices.clone().find(|notice| notice.severity == Severity::Error).or_else(|| notices.clone().next());
    worst.map_or_else(|| "nothing was done".to_owned(), words)
}

fn words(notice: &Notice) -> String {
    format!("{} {}", notice.summary, notice.details).trim_end().to_owned()
}
