//! Ownership: a resource belongs to a stack if its tags say so, and only then may it be changed.
use crate::error::Result;
use crate::resource::{Condition, Id, Live, Outputs};
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, STACK, Tags};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// The address of a resource within the stack, and its component where the tags name one.
pub struct Owner {
    pub id: Id,
    pub component: Option<String>,
}

impl Owner {
    /// The live resource, ready. For another condition write
    /// `Live { condition, ..owner.live(handle, spec, outputs) }`.
    pub fn live<S>(self, handle: impl Into<String>, spec: S, outputs: Outputs) -> Live<S> {
        let Owner { id, component } = self;
        Live { id, handle: handle.into(), component, spec, outputs, condition: Condition::Ready }
    }
}

/// The owner of a resource of kind `K`, if its tags name this stack and a resource of it. Listings
/// of kinds with unique names call [`crate::kinds::contract::Listing::owner`], which also records
/// foreign names.
pub fn owner<K: Spec>(tags: &Tags, stack: &str) -> Option<Owner> {
    (tags.get(STACK)? == stack).then_some(())?;
    let id = Id::new(K::INFO.name, tags.get(NAME)?);
    Some(Owner { id, component: tags.get(COMPONENT).map(str::to_string) })
}

/// The owner of a resource of kind `K` that does not support tags: its physical name consists of the
/// stack's name and its own name.
pub fn owner_by_name<K: Spec>(physical_name: &str, stack: &str) -> Option<Owner> {
    let name = physical_name.strip_prefix(stack)?.strip_prefix('-')?;
    Some(Owner { id: Id::new(K::INFO.name, name), component: None })
}

impl super::Aws {
    /// Brings tags from `live` to `desired`: one call sets those that differ, and one removes keys.
    /// Each comes with its operation, `service:Operation`. A service's kinds call it through one
    /// `retag_<service>` in `kinds/<service>/calls.rs`.
    pub async fn retag<T, E, F, U, D, G>(
        &self,
        (live, desired): (&Tags, &Tags),
        (tag_operation, tag): (&str, impl Fn(&Tags) -> F),
        (untag_operation, untag): (&str, impl Fn(Vec<String>) -> G),
    ) -> Result<()>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
        G: Future<Output = std::result::Result<U, SdkError<D, HttpResponse>>>,
        D: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let changed = desired.missing_in(live);
        if !changed.is_empty() {
            self.safe(tag_operation, || tag(&changed)).await?;
        }
        let removed = live.keys_not_in(desired);
        if !removed.is_empty() {
            self.safe(untag_operation, || untag(removed.clone())).await?;
        }
        Ok(())
    }
}
