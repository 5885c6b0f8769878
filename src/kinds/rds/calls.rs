//! RDS's shape of tags, and its calls about tags.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_rds::types::Tag;

/// Tags from RDS's shape.
pub fn from_rds(tags: Option<&[Tag]>) -> Tags {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

/// Tags in RDS's shape.
pub fn to_rds(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&str, &str)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect()
}

impl Aws {
    /// The tags of a subnet group or parameter group. `None` if it was deleted in the meantime.
    pub async fn rds_tags(&self, arn: &str) -> Result<Option<Tags>> {
        let call = || self.rds.list_tags_for_resource().resource_name(arn).send();
        let found = self.safe("rds:ListTagsForResource", call).await.found()?;
        Ok(found.map(|found| from_rds(found.tag_list.as_deref())))
    }

    /// Brings the tags of an RDS resource from `live` to `desired`.
    pub async fn retag_rds(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.rds.add_tags_to_resource().resource_name(arn).set_tags(Some(to_rds(tags))).send()
        };
        let untag = |keys| {
            self.rds.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) = (("rds:AddTagsToResource", tag), ("rds:RemoveTagsFromResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
