//! Calls that the Parameter Store kinds share: values below a path, and tags.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_ssm::types::{ResourceTypeForTagging, Tag};

/// Tags in Systems Manager's shape. Building one fails only without a key or a value.
pub fn to_ssm(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

impl Aws {
    /// The names and values of all parameters below a path.
    pub async fn parameters_below(&self, path: &str) -> Result<Vec<(String, String)>> {
        let call = |token| {
            let get = self.ssm.get_parameters_by_path().path(path).recursive(true);
            get.max_results(10).set_next_token(token).send()
        };
        let found = self
            .pages("ssm:GetParametersByPath", call, |page| (page.next_token, page.parameters))
            .await?;
        Ok(found.into_iter().filter_map(|found| Some((found.name?, found.value?))).collect())
    }

    /// The tags of a parameter. `None` if it does not exist.
    pub async fn ssm_tags(&self, name: &str) -> Result<Option<Tags>> {
        let kind = ResourceTypeForTagging::Parameter;
        let call = || {
            let list = self.ssm.list_tags_for_resource().resource_id(name);
            list.resource_type(kind.clone()).send()
        };
        let found = self.safe("ssm:ListTagsForResource", call).await.found()?;
        let pairs = found.map(|found| found.tag_list.unwrap_or_default().into_iter());
        Ok(pairs.map(|tags| tags.map(|tag| (tag.key, tag.value)).collect()))
    }

    /// Brings the tags of a parameter from `live` to `desired`.
    pub async fn retag_ssm(&self, name: &str, live: &Tags, desired: &Tags) -> Result<()> {
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
