//! What a run came to.
use super::event::Summary;
use super::interrupt::Interrupt;
use crate::error::CloudError;
use crate::plan::steps::Key;
use crate::plan::{Action, Plan};
use crate::resource::{Id, Outputs};
use std::collections::BTreeMap;

/// Each step is in one of these, and once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub done: Vec<Key>,
    /// With the error of its own that each has.
    pub failed: Vec<(Key, CloudError)>,
    /// With the step that is the cause.
    pub skipped: Vec<(Key, Key)>,
    /// Left in the middle; with the error where the answer was lost for good.
    pub unknown: Vec<(Key, Option<CloudError>)>,
    /// Not started, because the run was interrupted.
    pub not_started: Vec<Key>,
    /// The outputs of all that stands now, as far as they are known.
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

/// The outputs of what a plan leaves standing as it is: what its steps may refer to from the
/// start. What is updated comes in when its step is done.
pub fn known_outputs(plan: &Plan) -> BTreeMap<Id, Outputs> {
    let stays = [Action::None, Action::Refuse];
    let wanted = plan.changes.iter().filter(|change| stays.contains(&change.action));
    let outputs = wanted.filter_map(|change| {
        change.live.as_ref().map(|live| (change.id.clone(), live.outputs.clone()))
    });
    outputs.collect()
}
