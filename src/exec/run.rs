//! Runs steps in parallel: each starts as soon as the steps it needs are done.
use super::event::{Event, StepName};
use super::interrupt::{Interrupt, reached};
use super::outcome::Outcome;
use super::step::{Attempt, Context, End};
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
    /// The maximum number of steps that run at once.
    pub parallelism: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { parallelism: 16 }
    }
}

/// Runs the steps. `known` contains the outputs of unchanged resources, see
/// [`super::known_outputs`].
///
/// If a step fails, only the steps that depend on it are skipped. All steps run within the caller's
/// task, because the sandbox's clock advances only while every step waits.
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
    let emit = |event| (*events.borrow_mut())(event);
    let context = Context { cloud, stack, interrupt, emit: &emit };
    let mut walk = Walk::new(&steps, known);
    context.emit(Event::RunStarted { steps: steps.len() });
    let mut running = FuturesUnordered::new();
    loop {
        let level = *context.interrupt.borrow();
        walk.note_interrupt(level, &context);
        if level == Interrupt::Twice {
            break;
        }
        while level == Interrupt::None
            && running.len() < options.parallelism.max(1)
            && let Some(key) = walk.ready.pop_first()
        {
            running.extend(walk.start(key, &context));
        }
        if running.is_empty() && (walk.ready.is_empty() || level != Interrupt::None) {
            break;
        }
        let next = if level == Interrupt::None { Interrupt::Once } else { Interrupt::Twice };
        tokio::select! {
            biased;
            () = reached(&context.interrupt, next) => {}
            Some((key, end)) = running.next() => walk.end_step(key, end, &context),
        }
    }
    drop(running);
    walk.finish(&context)
}

type Running<'a> = LocalBoxFuture<'a, (Key, End)>;

/// The state of every step during a run.
struct Walk<'a> {
    steps: &'a Steps,
    /// For each step, the number of steps it needs that are not done yet.
    waits: BTreeMap<&'a Key, usize>,
    needed_by: BTreeMap<&'a Key, Vec<&'a Key>>,
    /// Ordered, so that runs start their steps in the same order.
    ready: BTreeSet<&'a Key>,
    running: BTreeSet<Key>,
    /// Steps with a result, including skipped ones.
    ended: BTreeSet<Key>,
    started: Instant,
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
            ended: BTreeSet::new(),
            started: Instant::now(),
            outcome: Outcome { outputs: known, ..Outcome::default() },
        }
    }

    fn name(&self, key: &Key) -> StepName {
        let component = self.steps.get(key).map_or(String::new(), |step| step.component.clone());
        let Key { verb, id, handle } = key.clone();
        StepName { verb, id, handle, component }
    }

    /// Records and reports an interrupt that is more urgent than the last one.
    fn note_interrupt(&mut self, level: Interrupt, context: &Context) {
        if level > self.outcome.interrupted {
            self.outcome.interrupted = level;
            context.emit(Event::Interrupted { at_once: level == Interrupt::Twice });
        }
    }

    fn start<'s>(&mut self, key: &'a Key, context: &'s Context<'s>) -> Option<Running<'s>>
    where
        'a: 's,
    {
        let step = self.steps.get(key)?;
        let name = self.name(key);
        context.emit(Event::Started { step: name.clone() });
        self.running.insert(key.clone());
        let spec = super::step::resolve(step, &self.outcome.outputs);
        let attempt =
            Attempt::new(context, name, self.old_handles(key), self.has_deleted(&key.id.kind));
        Some(Box::pin(async move { (key.clone(), attempt.run(key, step, spec).await) }))
    }

    /// The handles of resources with this address that still have to be deleted. A search for the
    /// result of a lost create call must ignore them.
    fn old_handles(&self, key: &Key) -> BTreeSet<String> {
        let deletes = self.steps.iter().map(|(other, _)| other);
        let deletes = deletes.filter(|other| other.verb == Verb::Delete && other.id == key.id);
        let old = deletes.filter(|other| !self.outcome.done.contains(other));
        old.map(|other| other.handle.clone()).collect()
    }

    /// Whether this run has deleted a resource of a kind.
    fn has_deleted(&self, kind: &str) -> bool {
        self.outcome.done.iter().any(|key| key.verb == Verb::Delete && key.id.kind == kind)
    }

    fn end_step(&mut self, key: Key, end: End, context: &Context) {
        self.running.remove(&key);
        self.ended.insert(key.clone());
        let step = self.name(&key);
        match end {
            End::Done { outputs, elapsed_s } => {
                context.emit(Event::Succeeded { step, elapsed_s });
                self.outcome.outputs.extend(outputs.map(|outputs| (key.id.clone(), outputs)));
                self.release(&key);
                self.outcome.done.push(key);
            }
            End::Failed(error) => {
                context.emit(Event::Failed { step, error: error.clone() });
                self.skip_dependents(&key, context);
                self.outcome.failed.push((key, error));
            }
            End::Unknown(error) => {
                context.emit(Event::Unknown { step, error: error.clone() });
                // After an interrupt the dependents count as not started, not as skipped.
                if self.outcome.interrupted == Interrupt::None {
                    self.skip_dependents(&key, context);
                }
                self.outcome.unknown.push((key, error));
            }
        }
    }

    /// Makes the steps ready that waited only for this one.
    fn release(&mut self, done: &Key) {
        for next in self.needed_by.get(done).cloned().unwrap_or_default() {
            let left = self.waits.entry(next).or_default();
            *left = left.saturating_sub(1);
            if *left == 0 && !self.ended.contains(next) {
                self.ready.insert(next);
            }
        }
    }

    /// Skips all steps that depend on a failed step, directly or not.
    fn skip_dependents(&mut self, root: &Key, context: &Context) {
        let mut skipped: BTreeSet<&Key> = BTreeSet::new();
        let mut next: Vec<&Key> = self.needed_by.get(root).cloned().unwrap_or_default();
        while let Some(key) = next.pop() {
            if !self.ended.contains(key) && skipped.insert(key) {
                next.extend(self.needed_by.get(key).cloned().unwrap_or_default());
            }
        }
        let because = self.name(root);
        for key in skipped {
            self.ended.insert(key.clone());
            context.emit(Event::Skipped { step: self.name(key), because: because.clone() });
            self.outcome.skipped.push((key.clone(), root.clone()));
        }
    }

    /// Adds the steps without a result to the outcome.
    fn finish(mut self, context: &Context) -> Outcome {
        for key in std::mem::take(&mut self.running) {
            context.emit(Event::Unknown { step: self.name(&key), error: None });
            self.ended.insert(key.clone());
            self.outcome.unknown.push((key, None));
        }
        // Steps that end at the same time end in any order.
        self.outcome.unknown.sort_by(|(a, _), (b, _)| a.cmp(b));
        let keys = self.steps.iter().map(|(key, _)| key);
        let left = keys.filter(|key| !self.ended.contains(*key)).cloned();
        self.outcome.not_started = left.collect();
        self.outcome.elapsed_s = self.started.elapsed().as_secs();
        context.emit(Event::RunFinished { summary: self.outcome.summary() });
        self.outcome
    }
}
