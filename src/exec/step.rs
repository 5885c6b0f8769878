//! One step, from its first call until others may build on it.
use super::backoff::Backoff;
use super::event::{Event, StepName};
use super::interrupt::Interrupt;
use crate::cloud::Cloud;
use crate::error::{Class, CloudError, Result};
use crate::plan::steps::{Key, Step, Verb};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::{reference, tags};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::watch;
use tokio::time::Instant;

/// How often something is done whose answer is lost every time.
const TRIES: u32 = 3;
/// The most changes of one update that are taken one at a time.
const CHANGES: u32 = 50;
/// Pauses before the looks for what may have been made: a listing may lag behind.
const LOOKS_S: [f64; 4] = [0.0, 2.0, 5.0, 10.0];

/// What all steps of a run share.
pub struct Stage<'a> {
    pub cloud: &'a dyn Cloud,
    pub stack: &'a str,
    pub interrupt: watch::Receiver<Interrupt>,
    pub tell: &'a dyn Fn(Event),
}

impl Stage<'_> {
    pub fn tell(&self, event: Event) {
        (self.tell)(event);
    }
}

/// How a step ended.
pub enum End {
    /// The outputs that others may use from now on, where it has any to give.
    Done {
        outputs: Option<Outputs>,
        elapsed_s: u64,
    },
    Failed(CloudError),
    Unknown(Option<CloudError>),
}

/// Why a step goes no further.
pub enum Stop {
    Error(CloudError),
    /// The run was interrupted.
    Abandoned,
}

impl From<CloudError> for Stop {
    fn from(error: CloudError) -> Self {
        Stop::Error(error)
    }
}

pub type Walked<T> = std::result::Result<T, Stop>;

/// The spec of a step with every reference resolved.
///
/// # Errors
/// A reference to what no step before this one has made: the plan is wrong.
pub fn resolve(step: &Step, known: &BTreeMap<Id, Outputs>) -> Result<Value> {
    let output = |reference: &_| reference::output(known, reference);
    let unknown = reference::within(&step.spec).into_iter().find(|r| output(r).is_none());
    match unknown {
        Some(reference) => Err(CloudError::internal(format!(
            "{} is not known, though all that this step needs is done",
            reference::to(&reference.id.kind, &reference.id.name, &reference.output)
        ))),
        None => Ok(reference::resolve(&step.spec, &output)),
    }
}

/// A step under way.
pub struct Attempt<'a> {
    pub(super) stage: &'a Stage<'a>,
    pub(super) name: StepName,
    /// Handles of its address that are older than this step.
    old: BTreeSet<String>,
    /// This run has deleted something of its kind, whose name or place may not be free at once.
    freed: bool,
    pub(super) since: Instant,
}

impl<'a> Attempt<'a> {
    pub fn new(stage: &'a Stage<'a>, name: StepName, old: BTreeSet<String>, freed: bool) -> Self {
        Attempt { stage, name, old, freed, since: Instant::now() }
    }

    pub async fn run(self, key: &Key, step: &Step, spec: Result<Value>) -> End {
        let done = match spec {
            Ok(spec) => self.go(key, step, &spec).await,
            Err(error) => Err(Stop::Error(error)),
        };
        match done {
            Ok(outputs) => End::Done { outputs, elapsed_s: self.elapsed_s() },
            Err(Stop::Error(error)) if error.class == Class::Lost => End::Unknown(Some(error)),
            Err(Stop::Error(error)) => End::Failed(error),
            Err(Stop::Abandoned) => End::Unknown(None),
        }
    }

    async fn go(&self, key: &Key, step: &Step, spec: &Value) -> Walked<Option<Outputs>> {
        let live = || {
            let missing = || CloudError::internal(format!("{key} has nothing to work on"));
            step.live.as_ref().ok_or_else(missing)
        };
        match key.verb {
            Verb::Create => self.create(spec).await.map(Some),
            Verb::Update => self.update(spec, live()?.clone()).await.map(Some),
            Verb::Unprotect => self.update(spec, live()?.clone()).await.map(|_| None),
            Verb::Delete => self.delete(live()?).await.map(|()| None),
        }
    }

    async fn create(&self, spec: &Value) -> Walked<Outputs> {
        let (cloud, id) = (self.stage.cloud, &self.name.id);
        let mut tries = 0;
        let mut lingering = Backoff::fault();
        loop {
            let create = async || cloud.create(self.stage.stack, id, spec).await;
            let error = match self.settled(create).await? {
                Ok(outputs) => return self.bring_up(spec, outputs).await,
                Err(error) => error,
            };
            if !matches!(error.class, Class::Lost | Class::Exists) {
                return Err(error.into());
            }
            if error.class == Class::Lost {
                self.retrying(&error);
            }
            let made = |live: &Live| live.id == *id && !self.old.contains(&live.handle);
            if let Some(live) = self.look_for(made).await? {
                let (step, handle) = (self.name.clone(), live.handle.clone());
                self.stage.tell(Event::Adopted { step, handle });
                self.until_ready(&live.outputs).await?;
                return self.update(spec, live).await;
            }
            if error.class == Class::Exists {
                let Some(pause_s) = lingering.pause_s().filter(|_| self.freed) else {
                    return Err(self.taken(error).into());
                };
                self.retrying(&error);
                self.pause(pause_s).await?;
                continue;
            }
            tries += 1;
            if tries == TRIES {
                return Err(error.into());
            }
        }
    }

    /// From the answer to a creation until it can be used.
    async fn bring_up(&self, spec: &Value, outputs: Outputs) -> Walked<Outputs> {
        let (cloud, id) = (self.stage.cloud, &self.name.id);
        self.until_ready(&outputs).await?;
        let finish = async || cloud.finish(id, spec, &outputs).await;
        match self.settled(finish).await? {
            Ok(outputs) => {
                self.until_ready(&outputs).await?;
                Ok(outputs)
            }
            // What is half set is brought to the end by an update.
            Err(error) if error.class == Class::Lost => {
                self.retrying(&error);
                let same = |live: &Live| live.id == *id && live.outputs == outputs;
                match self.look_for(same).await? {
                    Some(live) => self.update(spec, live).await,
                    None => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn update(&self, spec: &Value, mut live: Live) -> Walked<Outputs> {
        let cloud = self.stage.cloud;
        let mut tries = 0;
        loop {
            let update = async || cloud.update(spec, &live).await;
            let error = match self.settled(update).await? {
                Ok(outputs) => {
                    self.until_ready(&outputs).await?;
                    return self.advance(spec, outputs).await;
                }
                Err(error) => error,
            };
            tries += 1;
            match error.class {
                Class::NotFound => return Err(disappeared(error).into()),
                Class::Lost if tries < TRIES => self.retrying(&error),
                _ => return Err(error.into()),
            }
            // Some of it may be done: what differs is seen afresh.
            let same = |other: &Live| other.id == live.id && other.handle == live.handle;
            match self.look_for(same).await? {
                Some(found) => live = found,
                None => return Err(disappeared(error).into()),
            }
        }
    }

    /// Makes the changes that are taken one at a time, each once the last is through. What is left
    /// is seen afresh each time, so that after a lost answer the same is asked again.
    async fn advance(&self, spec: &Value, mut outputs: Outputs) -> Walked<Outputs> {
        let (cloud, id) = (self.stage.cloud, &self.name.id);
        let mut lost = 0;
        for _ in 0..CHANGES {
            let advance = async || cloud.advance(id, spec, &outputs).await;
            match self.settled(advance).await? {
                Ok(None) => return Ok(outputs),
                Ok(Some(after)) => outputs = after,
                Err(error) if error.class == Class::NotFound => {
                    return Err(disappeared(error).into());
                }
                Err(error) if error.class == Class::Lost && lost < TRIES => {
                    lost += 1;
                    self.retrying(&error);
                }
                Err(error) => return Err(error.into()),
            }
            self.until_ready(&outputs).await?;
        }
        let message = format!("after {CHANGES} changes it is still not as it should be");
        Err(CloudError::refused(message).into())
    }

    async fn delete(&self, live: &Live) -> Walked<()> {
        let mut progress = Backoff::progress();
        let mut in_use = Backoff::in_use();
        let mut faults = Backoff::fault();
        loop {
            self.go_on()?;
            match self.stage.cloud.delete(live).await {
                Ok(Progress::Done) => return Ok(()),
                Ok(Progress::Waiting(status)) => self.wait(status, &mut progress).await?,
                Err(error) => match error.class {
                    Class::NotFound => return Ok(()),
                    Class::InUse => self.wait_out(error, &mut in_use).await?,
                    Class::Throttled | Class::NotYet | Class::Lost => {
                        self.retry(error, &mut faults).await?;
                    }
                    _ => return Err(error.into()),
                },
            }
        }
    }

    /// Looks for a resource of this kind, several times before it is said not to be there.
    async fn look_for(&self, wanted: impl Fn(&Live) -> bool) -> Walked<Option<Live>> {
        let mut faults = Backoff::fault();
        for pause_s in LOOKS_S {
            self.pause(pause_s).await?;
            let list = loop {
                self.go_on()?;
                match self.stage.cloud.list(self.stage.stack, &self.name.id.kind).await {
                    Ok(list) => break list,
                    Err(error) if matches!(error.class, Class::Throttled | Class::Lost) => {
                        self.retry(error, &mut faults).await?;
                    }
                    Err(error) => return Err(error.into()),
                }
            };
            // Of several twins always the same one; the next plan removes the others.
            let found = list.into_iter().filter(&wanted).min_by(|a, b| a.handle.cmp(&b.handle));
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The name or place belongs to somebody else, who is left alone.
    fn taken(&self, error: CloudError) -> CloudError {
        let message = format!(
            "{}: the name is taken by something that is not this stack's {}. Give the component \
             another name, or let the stack adopt what is there by tagging it {}={} and {}={}",
            error.message,
            self.name.id,
            tags::STACK,
            self.stage.stack,
            tags::NAME,
            self.name.id.name
        );
        CloudError { class: Class::Refused, message, ..error }
    }
}

fn disappeared(error: CloudError) -> CloudError {
    let message = format!("{}: it disappeared since the plan was made; plan again", error.message);
    CloudError { class: Class::NotFound, message, ..error }
}
