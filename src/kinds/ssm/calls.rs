//! Tags of parameters.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_ssm::types::{ResourceTypeForTagging, Tag};

/// Systems Manager's shape of tags; building one fails without a key or a value only.
pub fn to_ssm(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

impl Aws {
    /// The tags of a parameter; none where it has gone.
    pub async fn parameter_tags(&self, name: &str) -> Result<Tags> {
        let kind = ResourceTypeForTagging::Parameter;
        let call = || {
            let list = self.ssm.list_tags_for_resource().resource_id(name);
            list.resource_type(kind.clone()).send()
        };
        let found = self.safe("ssm:ListTagsForResource", call).await.found()?;
        let tags = found.and_then(|found| found.tag_list).unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    /// Brings the tags of a parameter from `live` to `desired`.
    pub async fn retag_parameter(&self, name: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let kind = ResourceTypeForTagging::Parameter;
        let tag = |tags: &Tags| {
            let add = self.ssm.add_tags_to_resource().resource_id(name);
            add.resource_type(kind.clone()).set_tags(Some(to_ssm(tags))).send()
        };
        let untag = |keys| {
            let remove = self.ssm.remove_tags_from_resource().resource_id(name);
            remove.resource_type(kind.clone()).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) = (("ssm:AddTagsToResource", tag), ("ssm:RemoveTagsFromResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
