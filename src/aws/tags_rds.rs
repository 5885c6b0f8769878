//! RDS's shape of tags, and its calls about them.
use super::Aws;
use crate::error::{Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_rds::types::Tag;

pub fn read(tags: Option<&[Tag]>) -> Tags {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

pub fn list(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&str, &str)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect()
}

impl Aws {
    /// The tags of a subnet or parameter group; none if it has gone in the meantime.
    pub async fn rds_tags(&self, arn: &str) -> Result<Tags> {
        let call = || self.rds.list_tags_for_resource().resource_name(arn).send();
        let found = self.safe("rds:ListTagsForResource", call).await.found()?;
        Ok(read(found.and_then(|found| found.tag_list).as_deref()))
    }

    /// Brings the tags of an RDS resource from `live` to `desired`.
    pub async fn retag_rds(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let changed = desired.missing_in(live);
        if !changed.is_empty() {
            let tags = || Some(list(&changed));
            let call =
                || self.rds.add_tags_to_resource().resource_name(arn).set_tags(tags()).send();
            self.safe("rds:AddTagsToResource", call).await?;
        }
        let gone = live.keys_not_in(desired);
        if !gone.is_empty() {
            let keys = || Some(gone.clone());
            let remove = || self.rds.remove_tags_from_resource().resource_name(arn);
            let call = || remove().set_tag_keys(keys()).send();
            self.safe("rds:RemoveTagsFromResource", call).await?;
        }
        Ok(())
    }
}
