//! How a run goes, while it goes: one line a running step and a bar on a terminal, plain lines
//! elsewhere, events for programs.
use super::output::Output;
use crate::exec::{Event, StepName};
use crate::render::doc::{Label, Line};
use crate::render::{outcome, step, text};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(120);
/// Plain lines about what a step waits for are so many seconds apart, and from its start.
const QUIET_S: u64 = 10;

/// What is shown of a run.
pub struct Progress {
    output: Output,
    show: Show,
}

enum Show {
    Events,
    Plain(BTreeMap<StepName, Said>),
    Live(Live),
}

/// What was last said of a step that waits.
struct Said {
    status: String,
    at_s: u64,
}

impl Progress {
    pub fn new(output: Output) -> Self {
        let show = match output {
            Output { json: true } => Show::Events,
            _ if output.is_watched() => Show::Live(Live::default()),
            _ => Show::Plain(BTreeMap::new()),
        };
        Progress { output, show }
    }

    pub fn hear(&mut self, event: &Event) {
        match &mut self.show {
            // A run goes on though nobody reads of it any more: half a stack helps nobody.
            Show::Events => drop(self.output.data(&object(event))),
            Show::Plain(said) => {
                if let Some(line) = lasting(event).or_else(|| waits(event, said)) {
                    self.output.talk(&(text::line(&line) + "\n"));
                }
            }
            Show::Live(live) => live.hear(event, self.output),
        }
    }
}

fn object(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default() + "\n"
}

/// The line that stays of an event, if any does.
fn lasting(event: &Event) -> Option<Line> {
    match event {
        Event::Adopted { step, handle } => Some(step::adopted(step, handle)),
        Event::Succeeded { step, elapsed_s } => Some(step::succeeded(step, *elapsed_s)),
        Event::Failed { step, error } => Some(step::failed(step, error)),
        Event::Skipped { step, because } => Some(step::skipped(step, because)),
        Event::Unknown { step, error } => Some(step::unknown(step, error.as_ref())),
        Event::Interrupted { at_once: false } => Some(Line::new(
            Label::Warning,
            "finishing what is in flight; press Ctrl-C again to stop now",
        )),
        Event::Interrupted { at_once: true } => Some(Line::new(Label::Warning, "stopping now")),
        _ => None,
    }
}

/// What a step waits for: the step, the words, and since when.
fn waiting(event: &Event) -> Option<(&StepName, String, u64)> {
    match event {
        Event::Waiting { step, status, elapsed_s } => Some((step, status.clone(), *elapsed_s)),
        Event::Retrying { step, error, elapsed_s } => {
            Some((step, step::retrying(error), *elapsed_s))
        }
        _ => None,
    }
}

/// A line about waiting, where it says something new and not too soon.
fn waits(event: &Event, said: &mut BTreeMap<StepName, Said>) -> Option<Line> {
    let (step, status, at_s) = waiting(event)?;
    let last = said.get(step);
    let too_soon = at_s < last.map_or(0, |last| last.at_s) + QUIET_S;
    if too_soon || last.is_some_and(|last| last.status == status) {
        return None;
    }
    let line = step::waiting(step, &status, at_s);
    said.insert(step.clone(), Said { status, at_s });
    Some(line)
}

/// Lines that move.
#[derive(Default)]
struct Live {
    all: MultiProgress,
    whole: Option<ProgressBar>,
    running: BTreeMap<StepName, ProgressBar>,
}

impl Live {
    fn hear(&mut self, event: &Event, output: Output) {
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
        if let Some(line) = lasting(event) {
            // A terminal that went away is no reason to stop.
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
    fn what_a_step_waits_for_is_said_when_it_is_news() {
        let id = Id::new("nat-gateway", "a");
        let step =
            StepName { verb: Verb::Create, id, handle: String::new(), component: "n".into() };
        let mut said = BTreeMap::new();
        let mut says = |status: &str, elapsed_s| {
            let event = Event::Waiting { step: step.clone(), status: status.into(), elapsed_s };
            waits(&event, &mut said).is_some()
        };
        assert!(!says("pending", 1), "too soon");
        assert!(says("pending", 10));
        assert!(!says("pending", 60), "nothing new");
        assert!(says("available", 61));
        assert!(!says("pending", 62), "too soon");
    }
}
