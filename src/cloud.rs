//! The interface to a cloud, AWS or the sandbox. All other code reaches a cloud through it.
#[cfg(test)]
pub(crate) mod fake;

use crate::error::Result;
use crate::facts::{Facts, Query};
use crate::resource::{Id, Live, Outputs, Place, Progress, Survey};
use crate::spec::Quota;
use serde_json::Value;

/// A stack found in the account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StackSummary {
    pub name: String,
    pub resources: usize,
}

/// A cloud whose resources can be read and changed. Each method is one attempt as far as the
/// caller is concerned; the caller waits and retries.
#[async_trait::async_trait]
pub trait Cloud: Send + Sync {
    /// The account, the region and the target.
    fn place(&self) -> &Place;

    /// The facts about the account that planning needs.
    async fn facts(&self, query: &Query) -> Result<Facts>;

    /// All resources of a stack, of every kind, and those of other owners that were listed with
    /// them. `engine::observe` adds the owners of untagged resources.
    async fn survey(&self, stack: &str) -> Result<Survey>;

    /// The account's quota for a kind in this region.
    async fn quota(&self, quota: &Quota) -> Result<u32>;

    /// The resources of one kind in a stack, freshly read.
    async fn list(&self, stack: &str, kind: &str) -> Result<Vec<Live>>;

    /// The stacks in this account and region.
    async fn stacks(&self) -> Result<Vec<StackSummary>>;

    /// Called before the first change of a run, so that a run that cannot change anything stops
    /// before its first step.
    ///
    /// # Errors
    /// Another run is changing this cloud, and only one at a time can.
    async fn begin(&self) -> Result<()> {
        Ok(())
    }

    async fn create(&self, stack: &str, id: &Id, spec: &Value) -> Result<Outputs>;
    async fn ready(&self, id: &Id, outputs: &Outputs) -> Result<Progress>;
    async fn finish(&self, id: &Id, spec: &Value, outputs: &Outputs) -> Result<Outputs>;
    async fn update(&self, spec: &Value, live: &Live) -> Result<Outputs>;
    async fn delete(&self, live: &Live) -> Result<Progress>;

    /// Makes the next of those changes that AWS accepts only one at a time; None when no change is
    /// left. See `Calls::advance` of the kind.
    async fn advance(
        &self,
        _id: &Id,
        _spec: &Value,
        _outputs: &Outputs,
    ) -> Result<Option<Outputs>> {
        Ok(None)
    }

    /// Runs an operation on a live resource that does not change the stack. See `Calls::act` of the
    /// kind.
    async fn act(&self, live: &Live, action: &str, arguments: &Value) -> Result<Value>;

    /// Waits `seconds` of AWS time between two reads. A cloud that is faster than AWS waits less.
    async fn pause(&self, seconds: f64);

    /// The seconds that all calls so far would have taken on AWS; None for a cloud without a clock
    /// of its own.
    fn virtual_time_s(&self) -> Option<u64> {
        None
    }

    /// The calls made so far, by operation.
    fn calls(&self) -> std::collections::BTreeMap<String, u64> {
        Default::default()
    }
}
