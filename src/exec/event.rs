//! The events of a run, for the progress display and for `--json`.
use crate::error::CloudError;
use crate::plan::steps::Verb;
use crate::resource::Id;
use serde::Serialize;

/// The step that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StepName {
    pub verb: Verb,
    pub id: Id,
    /// The AWS identifier of the resource; empty for a creation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub handle: String,
    pub component: String,
}

/// One event. Its JSON has the variant's name in `event`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    RunStarted {
        steps: usize,
    },
    Started {
        step: StepName,
    },
    /// The operation is in progress, or blocked by a resource that is in use. `status` is the
    /// service's own text.
    Waiting {
        step: StepName,
        status: String,
        elapsed_s: u64,
    },
    /// A call failed with an error that may pass, and will be repeated.
    Retrying {
        step: StepName,
        error: CloudError,
        elapsed_s: u64,
    },
    /// The resource exists already: an earlier create call succeeded, but its response was lost.
    Adopted {
        step: StepName,
        handle: String,
    },
    Succeeded {
        step: StepName,
        elapsed_s: u64,
    },
    Failed {
        step: StepName,
        error: CloudError,
    },
    /// Not started, because a step it depends on failed. `because` is the step that failed, not a
    /// skipped step between the two.
    Skipped {
        step: StepName,
        because: StepName,
    },
    /// The step may or may not have been done: the response was lost (with the error), or the run
    /// was interrupted (without).
    Unknown {
        step: StepName,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<CloudError>,
    },
    /// The user interrupted the run. `at_once`: without waiting for the calls in flight.
    Interrupted {
        at_once: bool,
    },
    RunFinished {
        summary: Summary,
    },
}

/// The number of steps by result, and the duration of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub done: usize,
    pub failed: usize,
    pub skipped: usize,
    pub unknown: usize,
    pub not_started: usize,
    pub elapsed_s: u64,
}
