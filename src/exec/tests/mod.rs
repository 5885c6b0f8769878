use super::*;
use crate::cloud::{Cloud, StackSummary};
use crate::error::{Class, CloudError, Result};
use crate::facts::{Facts, Query};
use crate::plan::steps::{Key, Step, Steps, Verb};
use crate::resource::{Id, Live, Outputs, Place, Progress, Survey};
use crate::sandbox::testing::{named, part, sandbox};
use crate::sandbox::{Sandbox, runtime};
use crate::spec::Quota;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::watch;

mod fakes;
mod interrupts;
mod lost;
mod order;
mod stepwise;

/// Steps under construction.
#[derive(Default)]
struct Draft(Steps);

impl Draft {
    fn add(
        mut self,
        verb: Verb,
        id: &str,
        spec: Value,
        live: Option<Live>,
        after: &[&Key],
    ) -> Self {
        let key = key(verb, id, live.as_ref());
        self.0.add(key.clone(), Step { component: "tests".into(), spec, live, is_orphan: false });
        after.iter().for_each(|need| self.0.connect(&key, need));
        self
    }

    fn create(self, id: &str, spec: Value, after: &[&str]) -> Self {
        let after: Vec<Key> = after.iter().map(|id| key(Verb::Create, id, None)).collect();
        self.add(Verb::Create, id, spec, None, &after.iter().collect::<Vec<_>>())
    }
}

fn key(verb: Verb, id: &str, live: Option<&Live>) -> Key {
    let live = live.filter(|_| verb != Verb::Create);
    let handle = live.map(|live| live.handle.clone()).unwrap_or_default();
    Key { verb, id: id.parse().unwrap(), handle }
}

fn asked_never() -> watch::Receiver<Interrupt> {
    watch::channel(Interrupt::None).1
}

/// One line for each event.
fn line(event: &Event) -> String {
    let name = |step: &StepName| format!("{} {}", json!(step.verb).as_str().unwrap(), step.id);
    match event {
        Event::RunStarted { steps } => format!("{steps} steps"),
        Event::Started { step } => format!("{}: started", name(step)),
        Event::Waiting { step, status, elapsed_s } => {
            format!("{}: waiting at {elapsed_s}: {status}", name(step))
        }
        Event::Retrying { step, error, .. } => format!("{}: retrying: {error}", name(step)),
        Event::Adopted { step, .. } => format!("{}: adopted", name(step)),
        Event::Succeeded { step, .. } => format!("{}: done", name(step)),
        Event::Failed { step, error } => format!("{}: failed: {error}", name(step)),
        Event::Skipped { step, because } => {
            format!("{}: skipped because of {}", name(step), name(because))
        }
        Event::Unknown { step, .. } => format!("{}: unknown", name(step)),
        Event::Interrupted { at_once } => format!("interrupted, at once: {at_once}"),
        Event::RunFinished { .. } => "finished".into(),
    }
}

/// Runs steps on a cloud; returns the outcome and the events, without those about waiting.
async fn walk(draft: Draft, cloud: &dyn Cloud) -> (Outcome, Vec<String>) {
    let mut lines = Vec::new();
    let mut events = |event: Event| {
        if !matches!(event, Event::Waiting { .. }) {
            lines.push(line(&event));
        }
    };
    let known = BTreeMap::new();
    let options = Options::default();
    let outcome = run(draft.0, known, cloud, "shop", options, asked_never(), &mut events).await;
    (outcome, lines)
}

/// Runs a test on a sandbox with these faults.
fn on_sandbox(faults: &[&str], test: impl AsyncFnOnce(&Sandbox)) {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async { test(&sandbox(folder.path(), faults)).await });
}

async fn all(cloud: &Sandbox, kind: &str) -> Vec<Live> {
    cloud.list("shop", kind).await.unwrap()
}
