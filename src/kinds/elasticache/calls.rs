//! Tags of ElastiCache, which tells them one resource a call.
use crate::aws::Aws;
use crate::error::{Class, Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_elasticache::types::Tag;

/// ElastiCache's shape of tags.
pub fn to_elasticache(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn read(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

impl Aws {
    /// The tags of one resource of ElastiCache; nothing if it has gone, or is being made or
    /// changed, when ElastiCache does not tell them.
    pub async fn elasticache_tags(&self, arn: &str) -> Result<Option<Tags>> {
        let call = || self.elasticache.list_tags_for_resource().resource_name(arn).send();
        match self.safe("elasticache:ListTagsForResource", call).await {
            Err(error) if error.class == Class::InUse => Ok(None),
            answer => Ok(answer.found()?.map(|found| read(found.tag_list))),
        }
    }

    /// Brings the tags of a resource of ElastiCache from `live` to `desired`.
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
