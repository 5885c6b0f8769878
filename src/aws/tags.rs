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
    Some(Owner { id: named::<K>(physical_name, stack)?, component: None })
}

/// The address of such a resource.
pub fn named<K: Spec>(physical_name: &str, stack: &str) -> Option<Id> {
    let name = physical_name.strip_prefix(stack)?.strip_prefix('-')?;
    Some(Id::new(K::INFO.name, name))
}

/// The filter by which EC2 calls find a stack's resources.
pub fn ec2_filter(stack: &str) -> aws_sdk_ec2::types::Filter {
    aws_sdk_ec2::types::Filter::builder().name(format!("tag:{STACK}")).values(stack).build()
}

/// Tags from EC2's shape.
pub fn from_ec2(tags: Option<&[aws_sdk_ec2::types::Tag]>) -> Tags {
    let pair = |tag: &aws_sdk_ec2::types::Tag| Some((tag.key.clone()?, tag.value.clone()?));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

/// Tags in the shape that EC2's create calls take.
pub fn to_ec2(
    tags: &Tags,
    resource: aws_sdk_ec2::types::ResourceType,
) -> aws_sdk_ec2::types::TagSpecification {
    aws_sdk_ec2::types::TagSpecification::builder()
        .resource_type(resource)
        .set_tags(Some(ec2_list(tags)))
        .build()
}

/// Tags in EC2's shape.
pub fn ec2_list(tags: &Tags) -> Vec<aws_sdk_ec2::types::Tag> {
    let tag = |(key, value): (&str, &str)| {
        aws_sdk_ec2::types::Tag::builder().key(key).value(value).build()
    };
    tags.iter().map(tag).collect()
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
        let gone = live.keys_not_in(desired);
        if !gone.is_empty() {
            self.safe(untag_operation, || untag(gone.clone())).await?;
        }
        Ok(())
    }

    /// Brings the tags of an EC2 resource from `live` to `desired`.
    pub async fn retag_ec2(&self, id: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.ec2.create_tags().resources(id).set_tags(Some(ec2_list(tags))).send()
        };
        let untag = |keys: Vec<String>| {
            let key = |key| aws_sdk_ec2::types::Tag::builder().key(key).build();
            let tags = keys.into_iter().map(key).collect();
            self.ec2.delete_tags().resources(id).set_tags(Some(tags)).send()
        };
        let (tag, untag) = (("ec2:CreateTags", tag), ("ec2:DeleteTags", untag));
        self.retag((live, desired), tag, untag).await
    }
}
