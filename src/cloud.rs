//! The seam to the world: AWS, or the sandbox. The executor and the verbs see nothing else of it.
use crate::error::Result;
use crate::facts::{Facts, Query};
use crate::resource::{Id, Live, Observation, Outputs, Place, Progress, Survey};
use crate::spec::Quota;
use serde_json::Value;

/// A stack found in the account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StackSummary {
    pub name: String,
    pub resources: usize,
}

/// A cloud that resources can be observed and changed in. Each call makes one attempt as far as
/// the caller is concerned; waiting is the caller's.
#[async_trait::async_trait]
pub trait Cloud: Send + Sync {
    fn place(&self) -> &Place;

    /// What planning must know of the account.
    async fn facts(&self, query: &Query) -> Result<Facts>;

    /// All resources of a stack, of every kind, and what else was seen on the way.
    async fn survey(&self, stack: &str) -> Result<Survey>;

    /// All resources of a stack, of every kind.
    async fn observe(&self, stack: &str) -> Result<Observation> {
        Ok(self.survey(stack).await?.observation)
    }

    /// How many the account may have in this region.
    async fn quota(&self, quota: &Quota) -> Result<u32>;

    /// The resources of one kind in a stack, read afresh.
    async fn list(&self, stack: &str, kind: &str) -> Result<Vec<Live>>;

    /// The stacks of this account and region.
    async fn stacks(&self) -> Result<Vec<StackSummary>>;

    async fn create(&self, stack: &str, id: &Id, spec: &Value) -> Result<Outputs>;
    async fn ready(&self, id: &Id, outputs: &Outputs) -> Result<Progress>;
    async fn finish(&self, id: &Id, spec: &Value, outputs: &Outputs) -> Result<Outputs>;
    async fn update(&self, spec: &Value, live: &Live) -> Result<Outputs>;
    async fn delete(&self, live: &Live) -> Result<Progress>;

    /// Makes the next of the changes that are taken one at a time, see
    /// [`crate::kinds::contract::Calls::advance`].
    async fn advance(
        &self,
        _id: &Id,
        _spec: &Value,
        _outputs: &Outputs,
    ) -> Result<Option<Outputs>> {
        Ok(None)
    }

    /// Does something to a live resource that is no change of it, see [`crate::kinds::contract::Calls::act`].
    async fn act(&self, live: &Live, action: &str, arguments: &Value) -> Result<Value>;

    /// Lets time pass between two looks at something that takes time, `seconds` of it on AWS.
    async fn pause(&self, seconds: f64);

    /// Seconds that everything since the start would have taken on AWS, where this cloud keeps a
    /// clock of its own.
    fn virtual_time_s(&self) -> Option<u64> {
        None
    }

    /// Calls made so far, by operation.
    fn calls(&self) -> std::collections::BTreeMap<String, u64> {
        Default::default()
    }
}
