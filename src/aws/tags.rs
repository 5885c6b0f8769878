//! Ownership: a resource belongs to a stack if its tags say so, and only then may it be changed.
use crate::error::{Result, ResultExt};
use crate::resource::{Condition, Id, Live, Outputs};
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, STACK, Tags};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures::future::try_join_all;
use std::collections::BTreeMap;

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

/// Tags from IAM's shape.
pub fn from_iam(tags: Option<&[aws_sdk_iam::types::Tag]>) -> Tags {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
}

/// Tags in IAM's shape. Building one fails only without a key or a value.
pub fn to_iam(tags: &Tags) -> Vec<aws_sdk_iam::types::Tag> {
    let tag = |(key, value)| aws_sdk_iam::types::Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

/// Tags from S3's shape.
pub fn from_s3(tags: &[aws_sdk_s3::types::Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
}

/// Tags in S3's shape. Building one fails only without a key or a value.
pub fn to_s3(tags: &Tags) -> Vec<aws_sdk_s3::types::Tag> {
    let tag = |(key, value)| aws_sdk_s3::types::Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

/// Tags from Elastic Load Balancing's shape.
pub fn from_elb(tags: Option<&[aws_sdk_elasticloadbalancingv2::types::Tag]>) -> Tags {
    let pair = |tag: &aws_sdk_elasticloadbalancingv2::types::Tag| {
        Some((tag.key.clone()?, tag.value.clone()?))
    };
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

/// Tags in Elastic Load Balancing's shape.
pub fn to_elb(tags: &Tags) -> Vec<aws_sdk_elasticloadbalancingv2::types::Tag> {
    let tag = |(key, value)| {
        aws_sdk_elasticloadbalancingv2::types::Tag::builder().key(key).value(value).build()
    };
    tags.iter().map(tag).collect()
}

/// The most ARNs that one elasticloadbalancing:DescribeTags call takes.
const ELB_TAGS_AT_ONCE: usize = 20;

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

    /// The tags of load balancers, target groups, listeners or rules, by ARN. Resources deleted in
    /// the meantime are left out.
    pub async fn elb_tags(&self, arns: &[String]) -> Result<BTreeMap<String, Tags>> {
        let chunks = arns.chunks(ELB_TAGS_AT_ONCE).map(|arns| self.elb_tags_of(arns));
        Ok(try_join_all(chunks).await?.into_iter().flatten().collect())
    }

    async fn elb_tags_of(&self, arns: &[String]) -> Result<Vec<(String, Tags)>> {
        let call = || self.elb.describe_tags().set_resource_arns(Some(arns.to_vec())).send();
        let found = match self.safe("elasticloadbalancing:DescribeTags", call).await.found()? {
            Some(page) => page.tag_descriptions.unwrap_or_default(),
            // One deleted resource fails the call for all.
            None if arns.len() > 1 => {
                let alone = arns.chunks(1).map(|arn| Box::pin(self.elb_tags_of(arn)));
                return Ok(try_join_all(alone).await?.into_iter().flatten().collect());
            }
            None => Vec::new(),
        };
        let tags = found.into_iter().filter_map(|of| {
            let tags = from_elb(of.tags.as_deref());
            Some((of.resource_arn?, tags))
        });
        Ok(tags.collect())
    }

    /// Brings the tags of a load balancer, target group, listener or rule from `live` to `desired`.
    pub async fn retag_elb(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.elb.add_tags().resource_arns(arn).set_tags(Some(to_elb(tags))).send()
        };
        let untag =
            |keys| self.elb.remove_tags().resource_arns(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) =
            (("elasticloadbalancing:AddTags", tag), ("elasticloadbalancing:RemoveTags", untag));
        self.retag((live, desired), tag, untag).await
    }
}
