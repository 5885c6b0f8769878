//! What happens during a run, as it happens: the progress display and `--json` are made of these.
use crate::error::CloudError;
use crate::plan::steps::Verb;
use crate::resource::Id;
use serde::Serialize;

/// A step as events name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StepName {
    pub verb: Verb,
    pub id: Id,
    /// AWS's own identifier of what is touched; empty for a creation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub handle: String,
    pub component: String,
}

/// One thing that happened. As JSON its name stands in `event`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    RunStarted {
        steps: usize,
    },
    Started {
        step: StepName,
    },
    /// It is not there yet: the service's own words for where it stands, or for what holds it.
    Waiting {
        step: StepName,
        status: String,
        elapsed_s: u64,
    },
    /// A call failed in a way that may pass, and is about to be made again.
    Retrying {
        step: StepName,
        error: CloudError,
        elapsed_s: u64,
    },
    /// What was to be created is there already, made by a call whose answer was never seen.
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
    /// Never started, because of a step that failed: the first cause, not what stands between.
    Skipped {
        step: StepName,
        because: StepName,
    },
    /// Left in the middle: it may have been done or not. With an error where the answer was lost.
    Unknown {
        step: StepName,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<CloudError>,
    },
    /// The run was asked to stop: to finish what is in flight, or at once.
    Interrupted {
        at_once: bool,
    },
    RunFinished {
        summary: Summary,
    },
}

/// How many steps came to which end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub done: usize,
    pub failed: usize,
    pub skipped: usize,
    pub unknown: usize,
    pub not_started: usize,
    pub elapsed_s: u64,
}
