//! The outcome of a run.
use super::event::Summary;
use super::interrupt::Interrupt;
use crate::error::CloudError;
use crate::plan::steps::Key;
use crate::plan::{Action, Plan};
use crate::resource::{Id, Outputs};
use std::collections::BTreeMap;

/// The steps of a run by result; each step appears exactly once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub done: Vec<Key>,
    /// Each with its error.
    pub failed: Vec<(Key, CloudError)>,
    /// Not started because a step they depend on failed; each with the step that failed.
    pub skipped: Vec<(Key, Key)>,
    /// May or may not have been done; with the error if the response was lost.
    pub unknown: Vec<(Key, Option<CloudError>)>,
    /// Not started, because the run was interrupted.
    pub not_started: Vec<Key>,
    /// The outputs of the resources that exist after the run, as far as they are known.
    pub outputs: BTreeMap<Id, Outputs>,
    pub interrupted: Interrupt,
    pub elapsed_s: u64,
}

impl Outcome {
    /// Whether every step was done.
    pub fn is_complete(&self) -> bool {
        let Outcome { failed, skipped, unknown, not_started, .. } = self;
        failed.is_empty() && skipped.is_empty() && unknown.is_empty() && not_started.is_empty()
    }

    pub fn summary(&self) -> Summary {
        Summary {
            done: self.done.len(),
            failed: self.failed.len(),
            skipped: self.skipped.len(),
            unknown: self.unknown.len(),
            not_started: self.not_started.len(),
            elapsed_s: self.elapsed_s,
        }
    }
}

/// The outputs of resources that a plan leaves unchanged: steps may refer to them from the start of
/// the run. The outputs of created and updated resources are added when their step is done.
pub fn known_outputs(plan: &Plan) -> BTreeMap<Id, Outputs> {
    let unchanged = plan.with(Action::None).chain(plan.with(Action::Refuse));
    let outputs = unchanged.filter_map(|change| {
        change.live.as_ref().map(|live| (change.id.clone(), live.outputs.clone()))
    });
    outputs.collect()
}
