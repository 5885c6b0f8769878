//! Applies a plan.
use super::{Engine, consistency};
use crate::exec::{self, Interrupt, Outcome};
use crate::plan::Plan;
use crate::plan::steps::{Key, Steps};
use std::collections::BTreeSet;
use tokio::sync::watch;

/// How a plan is applied.
pub struct Control {
    pub options: exec::Options,
    pub interrupt: watch::Receiver<Interrupt>,
}

/// With the executor's default parallelism, and without interruption.
impl Default for Control {
    fn default() -> Self {
        let options = exec::Options::default();
        Control { options, interrupt: watch::channel(Interrupt::None).1 }
    }
}

/// The result of an apply.
pub struct Applied {
    pub outcome: Outcome,
    /// Completed steps that AWS's listings did not reflect in time. Empty after an interruption,
    /// which ends the wait.
    pub not_visible: BTreeSet<Key>,
}

impl Engine<'_> {
    /// Runs the steps of a plan, then waits until AWS's listings reflect them.
    pub async fn apply(&self, plan: &Plan, steps: Steps, control: Control) -> Applied {
        let Control { options, interrupt } = control;
        let known = exec::known_outputs(plan);
        let mut events = |event| self.observer.event(&event);
        let (cloud, stack) = (self.cloud, plan.stack.as_str());
        let outcome = exec::run(steps, known, cloud, stack, options, interrupt, &mut events).await;
        let not_visible = self.not_visible(plan, &outcome).await;
        Applied { outcome, not_visible }
    }

    async fn not_visible(&self, plan: &Plan, outcome: &Outcome) -> BTreeSet<Key> {
        if outcome.interrupted != Interrupt::None {
            return BTreeSet::new();
        }
        let _phase = self.observer.phase("checking that all changes are visible".to_string());
        let (cloud, kinds) = (self.cloud, self.kinds);
        consistency::wait_until_visible(plan, &outcome.done, cloud, kinds).await
    }
}
