//! Shows the progress of a run: on a terminal a bar and a line for each running step, elsewhere
//! plain lines, and with `--json` events.
use super::output::Output;
use crate::engine::Observer;
use crate::exec::{Event, StepName};
use crate::render::doc::{Label, Line};
use crate::render::{outcome, step, text};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(120);
/// Seconds between plain lines about what a step waits for, and before the first one.
const QUIET_S: u64 = 10;

/// Shows the progress of the pipeline.
pub struct Screen {
    output: Output,
    progress: RefCell<Progress>,
}

impl Screen {
    pub fn new(output: Output) -> Self {
        Screen { output, progress: RefCell::new(Progress::new(output)) }
    }
}

impl Observer for Screen {
    fn phase(&self, what: String) -> Box<dyn Any> {
        Box::new(self.output.spinner(what))
    }

    fn event(&self, event: &Event) {
        self.progress.borrow_mut().show(event);
    }
}

/// Shows the events of a run.
struct Progress {
    output: Output,
    mode: Mode,
}

enum Mode {
    Events,
    Plain(BTreeMap<StepName, Shown>),
    Live(Live),
}

/// The last line about a step that waits.
struct Shown {
    status: String,
    at_s: u64,
}

impl Progress {
    fn new(output: Output) -> Self {
        let mode = match output {
            Output { json: true } => Mode::Events,
            _ if output.is_live() => Mode::Live(Live::default()),
            _ => Mode::Plain(BTreeMap::new()),
        };
        Progress { output, mode }
    }

    fn show(&mut self, event: &Event) {
        match &mut self.mode {
            // A run must not stop because its events have no reader: it would leave half a stack.
            Mode::Events => drop(self.output.data(&object(event))),
            Mode::Plain(shown) => {
                if let Some(line) = permanent(event).or_else(|| waits(event, shown)) {
                    self.output.message(&(text::line(&line) + "\n"));
                }
            }
            Mode::Live(live) => live.show(event, self.output),
        }
    }
}

fn object(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default() + "\n"
}

/// The line that stays on the screen, if the event has one.
fn permanent(event: &Event) -> Option<Line> {
    match event {
        Event::Adopted { step, handle } => Some(step::adopted(step, handle)),
        Event::Succeeded { step, elapsed_s } => Some(step::succeeded(step, *elapsed_s)),
        Event::Failed { step, error } => Some(step::failed(step, error)),
        Event::Skipped { step, because } => Some(step::skipped(step, because)),
        Event::Unknown { step, error } => Some(step::unknown(step, error.as_ref())),
        Event::Interrupted { at_once: false } => Some(Line::new(
            Label::Warning,
            "finishing the requests in flight; press Ctrl-C again to stop now",
        )),
        Event::Interrupted { at_once: true } => Some(Line::new(Label::Warning, "stopping now")),
        _ => None,
    }
}

/// A step that waits, its status, and the seconds since it started.
fn waiting(event: &Event) -> Option<(&StepName, String, u64)> {
    match event {
        Event::Waiting { step, status, elapsed_s } => Some((step, status.clone(), *elapsed_s)),
        Event::Retrying { step, error, elapsed_s } => {
            Some((step, step::retrying(error), *elapsed_s))
        }
        _ => None,
    }
}

/// A line about a step that waits, if its status is new and the last line is old enough.
fn waits(event: &Event, shown: &mut BTreeMap<StepName, Shown>) -> Option<Line> {
    let (step, status, at_s) = waiting(event)?;
    let last = shown.get(step);
    let too_soon = at_s < last.map_or(0, |last| last.at_s) + QUIET_S;
    if too_soon || last.is_some_and(|last| last.status == status) {
        return None;
    }
    let line = step::waiting(step, &status, at_s);
    shown.insert(step.clone(), Shown { status, at_s });
    Some(line)
}

/// Moving lines on a terminal.
#[derive(Default)]
struct Live {
    all: MultiProgress,
    whole: Option<ProgressBar>,
    running: BTreeMap<StepName, ProgressBar>,
}

impl Live {
    fn show(&mut self, event: &Event, output: Output) {
        let paint = |line: &Line| output.for_stderr(text::line(line));
        match event {
            Event::RunStarted { steps } => self.begin(*steps),
            Event::Started { step } => self.start(step, paint(&step::running(step, ""))),
            Event::RunFinished { .. } => self.end(),
            _ => {}
        }
        if let Some((step, status, _)) = waiting(event)
            && let Some(bar) = self.running.get(step)
        {
            bar.set_message(paint(&step::running(step, &status)));
        }
        if let Some(line) = permanent(event) {
            // A run must not stop because its terminal was closed.
            let _ = self.all.println(paint(&line));
        }
        if let Event::Succeeded { step, .. }
        | Event::Failed { step, .. }
        | Event::Unknown { step, .. } = event
        {
            self.stop(step);
        }
        if let Event::Skipped { .. } = event {
            self.advance();
        }
    }

    fn begin(&mut self, steps: usize) {
        let bar = ProgressBar::new(steps as u64).with_message(outcome::steps(steps));
        self.whole = Some(self.bar(bar, "[{bar:30}] {pos} of {msg}, {elapsed}"));
    }

    fn bar(&self, bar: ProgressBar, template: &str) -> ProgressBar {
        let bar = self.all.add(bar);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(TICK);
        bar
    }

    fn start(&mut self, step: &StepName, message: String) {
        let bar = ProgressBar::new_spinner().with_message(message);
        let bar = match &self.whole {
            Some(whole) => self.all.insert_before(whole, bar),
            None => self.all.add(bar),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        self.running.insert(step.clone(), bar);
    }

    fn stop(&mut self, step: &StepName) {
        if let Some(bar) = self.running.remove(step) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
        self.advance();
    }

    fn advance(&self) {
        if let Some(whole) = &self.whole {
            whole.inc(1);
        }
    }

    fn end(&mut self) {
        std::mem::take(&mut self.running).into_values().for_each(|bar| bar.finish_and_clear());
        if let Some(whole) = self.whole.take() {
            whole.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::steps::Verb;
    use crate::resource::Id;

    #[test]
    fn shows_waiting_step_when_status_is_new() {
        let id = Id::new("nat-gateway", "a");
        let step =
            StepName { verb: Verb::Create, id, handle: String::new(), component: "n".into() };
        let mut shown = BTreeMap::new();
        let mut shows = |status: &str, elapsed_s| {
            let event = Event::Waiting { step: step.clone(), status: status.into(), elapsed_s };
            waits(&event, &mut shown).is_some()
        };
        assert!(!shows("pending", 1), "too soon");
        assert!(shows("pending", 10));
        assert!(!shows("pending", 60), "nothing new");
        assert!(shows("available", 61));
        assert!(!shows("pending", 62), "too soon");
    }
}
