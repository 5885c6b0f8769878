//! The AWS half of a kind: how its resources are listed, created, changed and deleted.
//!
//! A kind implements [`Calls`] by hand, or [`RegularKind`] where AWS's API has the usual shape: one
//! paged listing, tags by which the stack recognises its own, one call to create and one to delete.
use crate::aws::Aws;
use crate::aws::tags::{self, Owner};
use crate::error::{CloudError, Result};
use crate::resource::{Condition, Foreign, Id, Live, Outputs, Progress};
use crate::spec::{DynSpec, Erased, Spec};
use crate::tags::Tags;
use futures::future::try_join_all;
use serde_json::{Value, from_value, to_value};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

type Slot = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// One observation of one stack. Each kind is listed at most once in it.
pub struct Listing<'a> {
    pub aws: &'a Aws,
    pub stack: &'a str,
    found: Mutex<HashMap<TypeId, Slot>>,
    foreign: Mutex<Foreign>,
}

impl<'a> Listing<'a> {
    pub fn new(aws: &'a Aws, stack: &'a str) -> Self {
        Listing { aws, stack, found: Mutex::default(), foreign: Mutex::default() }
    }

    /// The live resources of a kind. The first caller lists them; later callers share the result.
    pub async fn of<K: Calls>(&self) -> Result<Arc<Vec<Live<K>>>> {
        let slot = self.slot::<K>();
        let list = || async {
            let listed: Result<Vec<Live<K>>> = K::list(self).await;
            Ok(Arc::new(listed?) as Arc<dyn Any + Send + Sync>)
        };
        let found = slot.get_or_try_init(list).await?.clone();
        found.downcast().map_err(|_| CloudError::internal("a listing of another kind"))
    }

    /// How the physical names of the stack's resources begin.
    pub fn prefix(&self) -> String {
        format!("{}-", self.stack)
    }

    /// Whether a physical name may be the stack's, judged by its prefix. Any other name is recorded
    /// as foreign. Another stack's name can have the prefix too, see [`Listing::owner`].
    pub fn is_ours<K: Spec>(&self, name: &str) -> bool {
        let ours = name.strip_prefix(self.stack).is_some_and(|rest| rest.starts_with('-'));
        if !ours {
            self.foreign::<K>(Some(name));
        }
        ours
    }

    /// The owner of a resource, if its tags name this stack. Otherwise the physical name is recorded
    /// as foreign: stack `a` with component `b-c` and stack `a-b` with component `c` both use the
    /// name `a-b-c`, and only tags distinguish them.
    ///
    /// `name` is the physical name where it is unique in the account and region; `None` where it is
    /// unique within a parent only, or where the kind has no names.
    pub fn owner<K: Spec>(&self, name: Option<&str>, tags: &Tags) -> Option<Owner> {
        let owner = tags::owner::<K>(tags, self.stack);
        if owner.is_none() && name.is_some() {
            self.foreign::<K>(name);
        }
        owner
    }

    /// Records a resource that is not the stack's, by its physical name or AWS identifier. A plan
    /// refuses to create a resource with such a name, and counts these towards the kind's quota.
    pub fn foreign<K: Spec>(&self, name: Option<&str>) {
        let mut foreign = self.foreign.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = foreign.entry(K::INFO.name.to_string()).or_default();
        of_kind.extend(name.map(str::to_string));
    }

    /// All resources recorded so far that are not the stack's.
    pub fn all_foreign(&self) -> Foreign {
        self.foreign.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn slot<K: Calls>(&self) -> Slot {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry(TypeId::of::<K>()).or_default().clone()
    }
}

/// The AWS half of a kind. It neither waits nor retries: the call path repeats calls, and the
/// executor waits. Create and delete may be called again after a crash.
pub trait Calls: Spec {
    /// Every live resource of this kind in the stack, batched and paged as AWS allows. Resources of
    /// other kinds are available through [`Listing::of`].
    fn list(listing: &Listing<'_>) -> impl Future<Output = Result<Vec<Live<Self>>>> + Send;

    /// Creates the resource, with its tags in the same call wherever AWS allows, and returns the
    /// outputs that are known already.
    ///
    /// # Errors
    /// [`CloudError::namesake`] if the name is taken and AWS would not report that itself. The
    /// executor then lists the kind again, several times because tags may not be visible yet: it
    /// adopts the stack's own resource, and reports any other owner's.
    fn create(&self, id: &Id, aws: &Aws) -> impl Future<Output = Result<Outputs>> + Send;

    /// Whether a created or updated resource is ready for use by others.
    fn ready(_outputs: &Outputs, _aws: &Aws) -> impl Future<Output = Result<Progress>> + Send {
        async { Ok(Progress::Done) }
    }

    /// Sets what `create` could not set, by the same code as `update`. Runs once the new resource
    /// is ready; the executor then waits until it is ready again.
    fn finish(
        &self,
        outputs: &Outputs,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Outputs>> + Send {
        async { Ok(outputs.clone()) }
    }

    /// Brings a live resource to this spec in place. Changes only properties that differ.
    fn update(&self, live: &Live<Self>, aws: &Aws) -> impl Future<Output = Result<Outputs>> + Send;

    /// Makes the next change, for kinds of which AWS takes one change at a time. Called after an
    /// update, each time the resource is ready, until it returns `None`. Returns the new outputs.
    fn advance(
        &self,
        _outputs: &Outputs,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Option<Outputs>>> + Send {
        async { Ok(None) }
    }

    /// Deletes the resource, or takes the next step towards that; called again until it returns
    /// [`Progress::Done`]. A resource that does not exist any more is done.
    fn delete(live: &Live<Self>, aws: &Aws) -> impl Future<Output = Result<Progress>> + Send;

    /// Performs an operation that is neither create nor update nor delete, such as redriving a
    /// queue or invalidating paths. `action` is a name that the kind defines. Returns data for the
    /// command that asked.
    fn act(
        live: &Live<Self>,
        action: &str,
        _arguments: &Value,
        _aws: &Aws,
    ) -> impl Future<Output = Result<Value>> + Send {
        let problem = CloudError::internal(format!("{} has no action {action}", live.id));
        async { Err(problem) }
    }
}

/// A live resource of a [`RegularKind`], without its owner.
pub struct Found<K> {
    pub handle: String,
    pub spec: K,
    pub outputs: Outputs,
    pub condition: Condition,
}

impl<K> Found<K> {
    pub fn ready(handle: String, spec: K, outputs: Outputs) -> Self {
        Found { handle, spec, outputs, condition: Condition::Ready }
    }
}

/// A kind whose API has the usual shape. [`Calls`] follows from it: filtering by name prefix and
/// owner, recording foreign names, and reading resources concurrently.
///
/// A kind implements [`Calls`] by hand instead if it has actions, takes one change at a time, gets
/// other outputs by an update, or is listed through its parent.
pub trait RegularKind: Spec {
    /// AWS's description of one resource, as the listing returns it.
    type Item: Send + Sync;

    /// All resources of the kind in the account and region, except those being deleted. Where AWS
    /// filters by name prefix or tag, only those that may be the stack's.
    fn all(listing: &Listing<'_>) -> impl Future<Output = Result<Vec<Self::Item>>> + Send;

    /// The physical name, if it is unique in the account and region.
    fn physical_name(item: &Self::Item) -> Option<&str>;

    /// The tags of a resource. `None` if it was deleted since the listing, or if AWS does not
    /// return its tags at present: such a resource is neither the stack's nor foreign.
    fn read_tags(item: &Self::Item, aws: &Aws)
    -> impl Future<Output = Result<Option<Tags>>> + Send;

    /// The stack's own resource. `None` if it was deleted since the listing.
    fn read(
        item: Self::Item,
        tags: Tags,
        aws: &Aws,
    ) -> impl Future<Output = Result<Option<Found<Self>>>> + Send;

    /// See [`Calls::create`].
    fn create_one(&self, aws: &Aws) -> impl Future<Output = Result<Outputs>> + Send;

    /// See [`Calls::ready`].
    fn is_ready(_outputs: &Outputs, _aws: &Aws) -> impl Future<Output = Result<Progress>> + Send {
        async { Ok(Progress::Done) }
    }

    /// See [`Calls::finish`].
    fn complete(&self, _outputs: &Outputs, _aws: &Aws) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// See [`Calls::update`]. Tags are among the properties. The outputs stay the same.
    fn change(&self, live: &Live<Self>, aws: &Aws) -> impl Future<Output = Result<()>> + Send;

    /// See [`Calls::delete`].
    fn remove(live: &Live<Self>, aws: &Aws) -> impl Future<Output = Result<Progress>> + Send;
}

impl<K: RegularKind> Calls for K {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let mut items = K::all(listing).await?;
        items.retain(|item| K::physical_name(item).is_none_or(|name| listing.is_ours::<K>(name)));
        let found = items.into_iter().map(|item| read_owned::<K>(item, listing));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.create_one(aws).await
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        K::is_ready(outputs, aws).await
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.complete(outputs, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.change(live, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        K::remove(live, aws).await
    }
}

/// Reads a resource in full if its tags name the stack. Tags come first: the stack may not be
/// allowed to read more of another owner's resource, or able to parse it.
async fn read_owned<K: RegularKind>(
    item: K::Item,
    listing: &Listing<'_>,
) -> Result<Option<Live<K>>> {
    let Some(tags) = K::read_tags(&item, listing.aws).await? else { return Ok(None) };
    let Some(owner) = listing.owner::<K>(K::physical_name(&item), &tags) else { return Ok(None) };
    let Some(found) = K::read(item, tags, listing.aws).await? else { return Ok(None) };
    let Found { handle, spec, outputs, condition } = found;
    Ok(Some(Live { condition, ..owner.live(handle, spec, outputs) }))
}

/// A whole kind, with its type erased, as [`super::KINDS`] contains it.
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
