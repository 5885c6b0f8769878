//! The walk: a step starts as soon as what it needs is done, so many at a time.
use super::event::{Event, StepName};
use super::interrupt::{Interrupt, reached};
use super::outcome::Outcome;
use super::step::{Attempt, End, Stage};
use crate::cloud::Cloud;
use crate::plan::steps::{Key, Steps, Verb};
use crate::resource::{Id, Outputs};
use futures::future::LocalBoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::watch;
use tokio::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many steps may run at once.
    pub parallelism: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { parallelism: 16 }
    }
}

/// Walks the steps. `known` are the outputs of what stays as it is, see [`super::known_outputs`].
///
/// A failure stops what needs the failed step and nothing else. All of it runs within the
/// caller's task, so that a cloud with a clock of its own sees every step that waits.
pub async fn run(
    steps: Steps,
    known: BTreeMap<Id, Outputs>,
    cloud: &dyn Cloud,
    stack: &str,
    options: Options,
    interrupt: watch::Receiver<Interrupt>,
    events: &mut dyn FnMut(Event),
) -> Outcome {
    let events = RefCell::new(events);
    let tell = |event| (*events.borrow_mut())(event);
    let stage = Stage { cloud, stack, interrupt, tell: &tell };
    let mut walk = Walk::new(&steps, known);
    stage.tell(Event::RunStarted { steps: steps.len() });
    let mut running = FuturesUnordered::new();
    loop {
        let asked = *stage.interrupt.borrow();
        walk.hear(asked, &stage);
        if asked == Interrupt::Twice {
            break;
        }
        while asked == Interrupt::None
            && running.len() < options.parallelism.max(1)
            && let Some(key) = walk.ready.pop_first()
        {
            running.extend(walk.start(key, &stage));
        }
        if running.is_empty() && (walk.ready.is_empty() || asked != Interrupt::None) {
            break;
        }
        let next = if asked == Interrupt::None { Interrupt::Once } else { Interrupt::Twice };
        tokio::select! {
            biased;
            () = reached(&stage.interrupt, next) => {}
            Some((key, end)) = running.next() => walk.settle(key, end, &stage),
        }
    }
    drop(running);
    walk.finish(&stage)
}

type Running<'a> = LocalBoxFuture<'a, (Key, End)>;

/// Where every step stands.
struct Walk<'a> {
    steps: &'a Steps,
    /// How many of its needs are still to be done.
    waits: BTreeMap<&'a Key, usize>,
    needed_by: BTreeMap<&'a Key, Vec<&'a Key>>,
    /// Ordered, so that of those that could start it is always the same ones that do.
    ready: BTreeSet<&'a Key>,
    running: BTreeSet<Key>,
    /// Ended in one way or another.
    over: BTreeSet<Key>,
    since: Instant,
    outcome: Outcome,
}

impl<'a> Walk<'a> {
    fn new(steps: &'a Steps, known: BTreeMap<Id, Outputs>) -> Self {
        let mut waits = BTreeMap::new();
        let mut needed_by: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
        for (key, _) in steps.iter() {
            waits.insert(key, steps.needs(key).count());
            steps.needs(key).for_each(|need| needed_by.entry(need).or_default().push(key));
        }
        let ready = waits.iter().filter(|(_, n)| **n == 0).map(|(key, _)| *key).collect();
        Walk {
            steps,
            waits,
            needed_by,
            ready,
            running: BTreeSet::new(),
            over: BTreeSet::new(),
            since: Instant::now(),
            outcome: Outcome { outputs: known, ..Outcome::default() },
        }
    }

    fn name(&self, key: &Key) -> StepName {
        let component = self.steps.get(key).map_or(String::new(), |step| step.component.clone());
        let Key { verb, id, handle } = key.clone();
        StepName { verb, id, handle, component }
    }

    /// Takes note of how urgently the run is asked to stop.
    fn hear(&mut self, asked: Interrupt, stage: &Stage) {
        if asked > self.outcome.interrupted {
            self.outcome.interrupted = asked;
            stage.tell(Event::Interrupted { at_once: asked == Interrupt::Twice });
        }
    }

    fn start<'s>(&mut self, key: &'a Key, stage: &'s Stage<'s>) -> Option<Running<'s>>
    where
        'a: 's,
    {
        let step = self.steps.get(key)?;
        let name = self.name(key);
        stage.tell(Event::Started { step: name.clone() });
        self.running.insert(key.clone());
        let spec = super::step::resolve(step, &self.outcome.outputs);
        let attempt =
            Attempt::new(stage, name, self.old_handles(key), self.has_freed(&key.id.kind));
        Some(Box::pin(async move { (key.clone(), attempt.run(key, step, spec).await) }))
    }

    /// What bears this address and has not been deleted yet: not what a creation may have made.
    fn old_handles(&self, key: &Key) -> BTreeSet<String> {
        let deletes = self.steps.iter().map(|(other, _)| other);
        let deletes = deletes.filter(|other| other.verb == Verb::Delete && other.id == key.id);
        let old = deletes.filter(|other| !self.outcome.done.contains(other));
        old.map(|other| other.handle.clone()).collect()
    }

    fn has_freed(&self, kind: &str) -> bool {
        self.outcome.done.iter().any(|key| key.verb == Verb::Delete && key.id.kind == kind)
    }

    fn settle(&mut self, key: Key, end: End, stage: &Stage) {
        self.running.remove(&key);
        self.over.insert(key.clone());
        let step = self.name(&key);
        match end {
            End::Done { outputs, elapsed_s } => {
                stage.tell(Event::Succeeded { step, elapsed_s });
                self.outcome.outputs.extend(outputs.map(|outputs| (key.id.clone(), outputs)));
                self.release(&key);
                self.outcome.done.push(key);
            }
            End::Failed(error) => {
                stage.tell(Event::Failed { step, error: error.clone() });
                self.skip_dependents(&key, stage);
                self.outcome.failed.push((key, error));
            }
            End::Unknown(error) => {
                stage.tell(Event::Unknown { step, error: error.clone() });
                // An interrupted run starts nothing anyway; that is not the step's doing.
                if self.outcome.interrupted == Interrupt::None {
                    self.skip_dependents(&key, stage);
                }
                self.outcome.unknown.push((key, error));
            }
        }
    }

    /// Makes ready what waited for this step last.
    fn release(&mut self, done: &Key) {
        for next in self.needed_by.get(done).cloned().unwrap_or_default() {
            let left = self.waits.entry(next).or_default();
            *left = left.saturating_sub(1);
            if *left == 0 && !self.over.contains(next) {
                self.ready.insert(next);
            }
        }
    }

    fn skip_dependents(&mut self, root: &Key, stage: &Stage) {
        let mut skipped: BTreeSet<&Key> = BTreeSet::new();
        let mut next: Vec<&Key> = self.needed_by.get(root).cloned().unwrap_or_default();
        while let Some(key) = next.pop() {
            if !self.over.contains(key) && skipped.insert(key) {
                next.extend(self.needed_by.get(key).cloned().unwrap_or_default());
            }
        }
        let because = self.name(root);
        for key in skipped {
            self.over.insert(key.clone());
            stage.tell(Event::Skipped { step: self.name(key), because: because.clone() });
            self.outcome.skipped.push((key.clone(), root.clone()));
        }
    }

    /// Accounts for what never came to an end.
    fn finish(mut self, stage: &Stage) -> Outcome {
        for key in std::mem::take(&mut self.running) {
            stage.tell(Event::Unknown { step: self.name(&key), error: None });
            self.over.insert(key.clone());
            self.outcome.unknown.push((key, None));
        }
        // Waits that end together do so in any order.
        self.outcome.unknown.sort_by(|(a, _), (b, _)| a.cmp(b));
        let keys = self.steps.iter().map(|(key, _)| key);
        let left = keys.filter(|key| !self.over.contains(*key)).cloned();
        self.outcome.not_started = left.collect();
        self.outcome.elapsed_s = self.since.elapsed().as_secs();
        stage.tell(Event::RunFinished { summary: self.outcome.summary() });
        self.outcome
    }
}
