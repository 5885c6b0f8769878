//! One step, from its first call until its resource is ready for the steps that depend on it.
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

/// How often a call is made in total if its response is lost every time.
const MAX_ATTEMPTS: u32 = 3;
/// The maximum number of changes that one update makes one at a time.
const MAX_CHANGES: u32 = 50;
/// Pauses before each listing that searches for a resource: listings are eventually consistent.
const FIND_PAUSES_S: [f64; 4] = [0.0, 2.0, 5.0, 10.0];

/// What all steps of a run share.
pub struct Context<'a> {
    pub cloud: &'a dyn Cloud,
    pub stack: &'a str,
    pub interrupt: watch::Receiver<Interrupt>,
    pub emit: &'a dyn Fn(Event),
}

impl Context<'_> {
    pub fn emit(&self, event: Event) {
        (self.emit)(event);
    }
}

/// How a step ended.
pub enum End {
    /// `outputs`: those that other steps may use from now on; `None` for steps without outputs.
    Done {
        outputs: Option<Outputs>,
        elapsed_s: u64,
    },
    Failed(CloudError),
    /// The step may or may not have been done; with the error if a response was lost.
    Unknown(Option<CloudError>),
}

/// Why a step stops early.
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

pub type StepResult<T> = std::result::Result<T, Stop>;

/// The spec of a step with every reference resolved.
///
/// # Errors
/// An output is not known although all earlier steps are done: the plan is wrong.
pub fn resolve(step: &Step, known: &BTreeMap<Id, Outputs>) -> Result<Value> {
    let output = |reference: &_| reference::output(known, reference);
    let unknown = reference::within(&step.spec).into_iter().find(|r| output(r).is_none());
    match unknown {
        Some(reference) => Err(CloudError::internal(format!(
            "the output {} is not known, although all steps that this one needs are done",
            reference::to(&reference.id.kind, &reference.id.name, &reference.output)
        ))),
        None => Ok(reference::resolve(&step.spec, &output)),
    }
}

/// A step that is running.
pub struct Attempt<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) name: StepName,
    /// The handles of resources with the same address that existed before this step.
    old: BTreeSet<String>,
    /// This run has deleted a resource of the kind. AWS may release its name with a delay.
    freed: bool,
    pub(super) started: Instant,
}

impl<'a> Attempt<'a> {
    pub fn new(
        context: &'a Context<'a>,
        name: StepName,
        old: BTreeSet<String>,
        freed: bool,
    ) -> Self {
        Attempt { context, name, old, freed, started: Instant::now() }
    }

    pub async fn run(self, key: &Key, step: &Step, spec: Result<Value>) -> End {
        let done = match spec {
            Ok(spec) => self.perform(key, step, &spec).await,
            Err(error) => Err(Stop::Error(error)),
        };
        match done {
            Ok(outputs) => End::Done { outputs, elapsed_s: self.elapsed_s() },
            Err(Stop::Error(error)) if error.class == Class::Lost => End::Unknown(Some(error)),
            Err(Stop::Error(error)) => End::Failed(error),
            Err(Stop::Abandoned) => End::Unknown(None),
        }
    }

    async fn perform(&self, key: &Key, step: &Step, spec: &Value) -> StepResult<Option<Outputs>> {
        let live = || {
            let missing = || {
                CloudError::internal(format!(
                    "{key}: the plan contains no live resource for this step"
                ))
            };
            step.live.as_ref().ok_or_else(missing)
        };
        match key.verb {
            Verb::Create => self.create(spec).await.map(Some),
            Verb::Update => self.update(spec, live()?.clone()).await.map(Some),
            Verb::Unprotect => self.update(spec, live()?.clone()).await.map(|_| None),
            Verb::Delete => self.delete(live()?).await.map(|()| None),
        }
    }

    async fn create(&self, spec: &Value) -> StepResult<Outputs> {
        let (cloud, id) = (self.context.cloud, &self.name.id);
        let mut attempts = 0;
        let mut release = Backoff::fault();
        loop {
            let create = async || cloud.create(self.context.stack, id, spec).await;
            let error = match self.until_settled(create).await? {
                Ok(outputs) => return self.finish_creation(spec, outputs).await,
                Err(error) => error,
            };
            if !matches!(error.class, Class::Lost | Class::Exists) {
                return Err(error.into());
            }
            if error.class == Class::Lost {
                self.retrying(&error);
            }
            let is_new = |live: &Live| live.id == *id && !self.old.contains(&live.handle);
            if let Some(live) = self.find(is_new).await? {
                let (step, handle) = (self.name.clone(), live.handle.clone());
                self.context.emit(Event::Adopted { step, handle });
                self.until_ready(&live.outputs).await?;
                return self.update(spec, live).await;
            }
            if error.class == Class::Exists {
                let Some(pause_s) = release.pause_s().filter(|_| self.freed) else {
                    return Err(self.taken(error).into());
                };
                self.retrying(&error);
                self.pause(pause_s).await?;
                continue;
            }
            attempts += 1;
            if attempts == MAX_ATTEMPTS {
                return Err(error.into());
            }
        }
    }

    /// From the response to a create call until the resource is ready.
    async fn finish_creation(&self, spec: &Value, outputs: Outputs) -> StepResult<Outputs> {
        let (cloud, id) = (self.context.cloud, &self.name.id);
        self.until_ready(&outputs).await?;
        let finish = async || cloud.finish(id, spec, &outputs).await;
        match self.until_settled(finish).await? {
            Ok(outputs) => {
                self.until_ready(&outputs).await?;
                Ok(outputs)
            }
            // The call may have set some of the properties; an update sets the rest.
            Err(error) if error.class == Class::Lost => {
                self.retrying(&error);
                let same = |live: &Live| live.id == *id && live.outputs == outputs;
                match self.find(same).await? {
                    Some(live) => self.update(spec, live).await,
                    None => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn update(&self, spec: &Value, mut live: Live) -> StepResult<Outputs> {
        let cloud = self.context.cloud;
        let mut attempts = 0;
        loop {
            let update = async || cloud.update(spec, &live).await;
            let error = match self.until_settled(update).await? {
                Ok(outputs) => {
                    self.until_ready(&outputs).await?;
                    return self.advance(spec, outputs).await;
                }
                Err(error) => error,
            };
            attempts += 1;
            match error.class {
                Class::NotFound => return Err(disappeared(error).into()),
                Class::Lost if attempts < MAX_ATTEMPTS => self.retrying(&error),
                _ => return Err(error.into()),
            }
            // The lost call may have made some of the changes: compare with a fresh listing.
            let same = |other: &Live| other.id == live.id && other.handle == live.handle;
            match self.find(same).await? {
                Some(found) => live = found,
                None => return Err(disappeared(error).into()),
            }
        }
    }

    /// Makes the changes that AWS takes only one at a time, each after the previous one is ready. The
    /// cloud reads the current state before each change, so a change whose response was lost is
    /// either found done or made again.
    async fn advance(&self, spec: &Value, mut outputs: Outputs) -> StepResult<Outputs> {
        let (cloud, id) = (self.context.cloud, &self.name.id);
        let mut lost = 0;
        for _ in 0..MAX_CHANGES {
            let advance = async || cloud.advance(id, spec, &outputs).await;
            match self.until_settled(advance).await? {
                Ok(None) => return Ok(outputs),
                Ok(Some(after)) => outputs = after,
                Err(error) if error.class == Class::NotFound => {
                    return Err(disappeared(error).into());
                }
                Err(error) if error.class == Class::Lost && lost < MAX_ATTEMPTS => {
                    lost += 1;
                    self.retrying(&error);
                }
                Err(error) => return Err(error.into()),
            }
            self.until_ready(&outputs).await?;
        }
        let message = format!(
            "the resource still differs from its desired state after {MAX_CHANGES} changes"
        );
        Err(CloudError::refused(message).into())
    }

    async fn delete(&self, live: &Live) -> StepResult<()> {
        let mut progress = Backoff::progress();
        let mut in_use = Backoff::in_use();
        let mut faults = Backoff::fault();
        loop {
            self.check_interrupt()?;
            match self.context.cloud.delete(live).await {
                Ok(Progress::Done) => return Ok(()),
                Ok(Progress::Waiting(status)) => self.wait(status, &mut progress).await?,
                Err(error) => match error.class {
                    Class::NotFound => return Ok(()),
                    Class::InUse => self.wait_while_in_use(error, &mut in_use).await?,
                    Class::Throttled | Class::NotYet | Class::Lost => {
                        self.retry(error, &mut faults).await?;
                    }
                    _ => return Err(error.into()),
                },
            }
        }
    }

    /// Lists the resources of this kind until one is `wanted`; `None` if none appears after several
    /// listings.
    async fn find(&self, wanted: impl Fn(&Live) -> bool) -> StepResult<Option<Live>> {
        let mut faults = Backoff::fault();
        for pause_s in FIND_PAUSES_S {
            self.pause(pause_s).await?;
            let list = loop {
                self.check_interrupt()?;
                match self.context.cloud.list(self.context.stack, &self.name.id.kind).await {
                    Ok(list) => break list,
                    Err(error) if matches!(error.class, Class::Throttled | Class::Lost) => {
                        self.retry(error, &mut faults).await?;
                    }
                    Err(error) => return Err(error.into()),
                }
            };
            // If several match, always choose the same one; the next plan deletes the others.
            let found = list.into_iter().filter(&wanted).min_by(|a, b| a.handle.cmp(&b.handle));
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The error for a name that another owner uses. That resource is never changed.
    fn taken(&self, error: CloudError) -> CloudError {
        let message = format!(
            "{}: the name is used by a resource that is not this stack's {}. Rename the component, or \
             let the stack adopt the existing resource: tag it {}={} and {}={}",
            error.message,
            self.name.id,
            tags::STACK,
            self.context.stack,
            tags::NAME,
            self.name.id.name
        );
        CloudError { class: Class::Refused, message, ..error }
    }
}

fn disappeared(error: CloudError) -> CloudError {
    let message =
        format!("{}: the resource was deleted after the plan was made: plan again", error.message);
    CloudError { class: Class::NotFound, message, ..error }
}
