//! ElastiCache's shape of tags, and its calls about tags, which read one resource per call.
use crate::aws::Aws;
use crate::error::{Class, Result, ResultExt};
use crate::resource::{Condition, Progress};
use crate::tags::Tags;
use aws_sdk_applicationautoscaling::types::{ScalableTarget, ServiceNamespace};
use aws_sdk_elasticache::types::Tag;

/// The status of a user or user group that can be used.
pub const ACTIVE: &str = "active";
pub const DELETING: &str = "deleting";

/// The progress of a user or user group towards [`ACTIVE`], by its status; `None` if it is not found.
pub fn progress(status: Option<String>) -> Progress {
    match status {
        None => Progress::not_visible(),
        Some(status) if status == ACTIVE => Progress::Done,
        Some(status) => Progress::Waiting(status),
    }
}

/// The condition of a user or user group, by its status.
pub fn condition(status: Option<String>) -> Condition {
    match status.unwrap_or_default() {
        status if status == ACTIVE => Condition::Ready,
        status => Condition::Converging(status),
    }
}

/// Tags in ElastiCache's shape.
pub fn to_elasticache(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn from_elasticache(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

impl Aws {
    /// The tags of one ElastiCache resource. `None` if it was deleted, or while it is being created or
    /// changed, when ElastiCache does not return its tags.
    pub async fn elasticache_tags(&self, arn: &str) -> Result<Option<Tags>> {
        let call = || self.elasticache.list_tags_for_resource().resource_name(arn).send();
        match self.safe("elasticache:ListTagsForResource", call).await {
            Err(error) if error.class == Class::InUse => Ok(None),
            answer => Ok(answer.found()?.map(|found| from_elasticache(found.tag_list))),
        }
    }

    /// Brings the tags of an ElastiCache resource from `live` to `desired`.
    pub async fn retag_elasticache(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            let add = self.elasticache.add_tags_to_resource().resource_name(arn);
            add.set_tags(Some(to_elasticache(tags))).send()
        };
        let untag = |keys| {
            let remove = self.elasticache.remove_tags_from_resource().resource_name(arn);
            remove.set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) =
            (("elasticache:AddTagsToResource", tag), ("elasticache:RemoveTagsFromResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// All targets of the account and region that are caches.
pub async fn scalable_targets(aws: &Aws) -> Result<Vec<ScalableTarget>> {
    let call = |token| {
        let describe = aws.application_autoscaling.describe_scalable_targets();
        let describe = describe.service_namespace(ServiceNamespace::Elasticache).max_results(50);
        describe.set_next_token(token).send()
    };
    aws.pages("application-autoscaling:DescribeScalableTargets", call, |page| {
        (page.next_token, page.scalable_targets)
    })
    .await
}

/// Whether a target is a dimension of a cache, given as the ID of its replication group.
pub fn is_of(target: &ScalableTarget, group: &str, dimension: &str) -> bool {
    target.resource_id.strip_prefix("replication-group/") == Some(group)
        && target.scalable_dimension.as_str() == dimension
}
