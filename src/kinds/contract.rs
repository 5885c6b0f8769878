//! What a kind asks of AWS: the other half of its contract, and the adapter to the plain core.
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::resource::{Foreign, Id, Live, Outputs, Progress};
use crate::spec::{DynSpec, Erased, Spec};
use serde_json::{Value, from_value, to_value};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

type Slot = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// What has been listed so far, in one look at one stack.
pub struct Listing<'a> {
    pub aws: &'a Aws,
    pub stack: &'a str,
    found: Mutex<HashMap<TypeId, Slot>>,
    others: Mutex<Foreign>,
}

impl<'a> Listing<'a> {
    pub fn new(aws: &'a Aws, stack: &'a str) -> Self {
        Listing { aws, stack, found: Mutex::default(), others: Mutex::default() }
    }

    /// The live resources of a kind: listed now, or by whoever asked first.
    pub async fn of<K: Calls>(&self) -> Result<Arc<Vec<Live<K>>>> {
        let slot = self.slot::<K>();
        let list = || async {
            let listed: Result<Vec<Live<K>>> = K::list(self).await;
            Ok(Arc::new(listed?) as Arc<dyn Any + Send + Sync>)
        };
        let found = slot.get_or_try_init(list).await?.clone();
        found.downcast().map_err(|_| CloudError::internal("a listing of another kind"))
    }

    /// Notes one of a kind that is not the stack's, by its physical name or AWS's identifier.
    pub fn foreign<K: Spec>(&self, name: Option<&str>) {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = others.entry(K::INFO.name.to_string()).or_default();
        of_kind.extend(name.map(str::to_string));
    }

    /// What else was seen so far.
    pub fn all_foreign(&self) -> Foreign {
        self.others.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn slot<K: Calls>(&self) -> Slot {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry(TypeId::of::<K>()).or_default().clone()
    }
}

/// The half of a kind that talks to AWS. It neither waits nor retries: the call path repeats
/// calls, the executor waits. Create and delete may come again after a crash.
pub trait Calls: Spec {
    /// Every live resource of this kind in the stack, batched and paged as AWS allows. What other
    /// kinds have listed comes from [`Listing::of`].
    fn list(listing: &Listing<'_>) -> impl Future<Output = Result<Vec<Live<Self>>>> + Send;

    /// Creates it, with its tags in the same call wherever AWS allows, and says what is known.
    fn create(&self, id: &Id, aws: &Aws) -> impl Future<Output = Result<Outputs>> + Send;

    /// Whether what was created or updated is ready to be used by others.
    fn ready(_outputs: &Outputs, _aws: &Aws) -> impl Future<Output = Result<Progress>> + Send {
        async { Ok(Progress::Done) }
    }

    /// Brings up what `create` could not set, by the same code as `update`. Runs once the new
    /// resource is ready, which is then waited for again.
    fn finish(
        &self,
        outputs: &Outputs,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Outputs>> + Send {
        async { Ok(outputs.clone()) }
    }

    /// Brings a live resource to this spec in place, touching what differs and nothing else.
    fn update(&self, live: &Live<Self>, aws: &Aws) -> impl Future<Output = Result<Outputs>> + Send;

    /// Makes the next change, where AWS takes one at a time: called after an update, each time all
    /// is ready, until nothing is left. Gives the outputs as they are from then on.
    fn advance(
        &self,
        _outputs: &Outputs,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Option<Outputs>>> + Send {
        async { Ok(None) }
    }

    /// Deletes it, or takes the next step towards that; called again until done. Gone is done.
    fn delete(live: &Live<Self>, aws: &Aws) -> impl Future<Output = Result<Progress>> + Send;

    /// Does something that is neither create nor update nor delete: redrive a queue, invalidate
    /// paths. `action` is one of the kind's own words; the answer is data for the verb that asked.
    fn act(
        live: &Live<Self>,
        action: &str,
        _arguments: &Value,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Value>> + Send {
        let problem = CloudError::internal(format!("{} knows no {action}", live.id));
        async { Err(problem) }
    }
}

/// A whole kind, as `aws/` holds it.
#[async_trait::async_trait]
pub trait DynKind: DynSpec {
    async fn list(&self, listing: &Listing<'_>) -> Result<Vec<Live>>;
    async fn create(&self, spec: &Value, id: &Id, aws: &Aws) -> Result<Outputs>;
    async fn ready(&self, outputs: &Outputs, aws: &Aws) -> Result<Progress>;
    async fn finish(&self, spec: &Value, outputs: &Outputs, aws: &Aws) -> Result<Outputs>;
    async fn update(&self, spec: &Value, live: &Live, aws: &Aws) -> Result<Outputs>;
    async fn advance(&self, spec: &Value, outputs: &Outputs, aws: &Aws) -> Result<Option<Outputs>>;
    async fn delete(&self, live: &Live, aws: &Aws) -> Result<Progress>;
    async fn act(&self, live: &Live, action: &str, arguments: &Value, aws: &Aws) -> Result<Value>;
}

#[async_trait::async_trait]
impl<K: Calls> DynKind for Erased<K> {
    async fn list(&self, listing: &Listing<'_>) -> Result<Vec<Live>> {
        let found = listing.of::<K>().await?;
        found.iter().map(erase).collect()
    }

    async fn create(&self, spec: &Value, id: &Id, aws: &Aws) -> Result<Outputs> {
        typed::<K>(spec)?.create(id, aws).await
    }

    async fn ready(&self, outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        K::ready(outputs, aws).await
    }

    async fn finish(&self, spec: &Value, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        typed::<K>(spec)?.finish(outputs, aws).await
    }

    async fn update(&self, spec: &Value, live: &Live, aws: &Aws) -> Result<Outputs> {
        typed::<K>(spec)?.update(&typed_live(live)?, aws).await
    }

    async fn advance(&self, spec: &Value, outputs: &Outputs, aws: &Aws) -> Result<Option<Outputs>> {
        typed::<K>(spec)?.advance(outputs, aws).await
    }

    async fn delete(&self, live: &Live, aws: &Aws) -> Result<Progress> {
        K::delete(&typed_live(live)?, aws).await
    }

    async fn act(&self, live: &Live, action: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
        K::act(&typed_live(live)?, action, arguments, aws).await
    }
}

fn typed<K: Spec>(spec: &Value) -> Result<K> {
    let explain = |error| CloudError::internal(format!("{} spec: {error}", K::INFO.name));
    from_value(spec.clone()).map_err(explain)
}

fn typed_live<K: Spec>(live: &Live) -> Result<Live<K>> {
    let Live { id, handle, component, spec, outputs, condition } = live.clone();
    Ok(Live { id, handle, component, spec: typed(&spec)?, outputs, condition })
}

fn erase<K: Spec>(live: &Live<K>) -> Result<Live> {
    let Live { id, handle, component, spec, outputs, condition } = live.clone();
    let spec = to_value(spec).map_err(|error| CloudError::internal(error.to_string()))?;
    Ok(Live { id, handle, component, spec, outputs, condition })
}
