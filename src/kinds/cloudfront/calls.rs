//! What CloudFront's kinds share: tags, and the pages that are told by a marker.
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_cloudfront::error::BuildError;
use aws_sdk_cloudfront::types::{self, TagKeys};

/// How many items a listing gives at once, at most.
pub const CLOUDFRONT_PAGE: i32 = 100;

/// CloudFront's shape of tags; building one fails without a key only.
pub fn to_cloudfront(tags: &Tags) -> types::Tags {
    let tag = |(key, value)| types::Tag::builder().key(key).value(value).build().ok();
    types::Tags::builder().set_items(Some(tags.iter().filter_map(tag).collect())).build()
}

fn from_cloudfront(tags: Option<types::Tags>) -> Tags {
    let items = tags.and_then(|tags| tags.items).unwrap_or_default();
    items.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect()
}

impl Aws {
    /// The tags of a distribution or VPC origin; one that has gone has none.
    pub async fn cloudfront_tags(&self, arn: &str) -> Result<Tags> {
        let call = || self.cloudfront.list_tags_for_resource().resource(arn).send();
        let found = self.safe("cloudfront:ListTagsForResource", call).await.found()?;
        Ok(from_cloudfront(found.and_then(|found| found.tags)))
    }

    /// Brings the tags of a distribution or VPC origin from `live` to `desired`.
    pub async fn retag_cloudfront(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.cloudfront.tag_resource().resource(arn).tags(to_cloudfront(tags)).send()
        };
        let untag = |keys| {
            let keys = TagKeys::builder().set_items(Some(keys)).build();
            self.cloudfront.untag_resource().resource(arn).tag_keys(keys).send()
        };
        let (tag, untag) = (("cloudfront:TagResource", tag), ("cloudfront:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// The SDK's builders fail only where a required field is missing.
pub fn unbuilt(error: BuildError) -> CloudError {
    CloudError::internal(error.to_string())
}

/// A list as CloudFront takes it: how many, and which.
pub fn counted<T>(items: Vec<T>) -> (i32, Option<Vec<T>>) {
    let quantity = i32::try_from(items.len()).unwrap_or(i32::MAX);
    (quantity, (!items.is_empty()).then_some(items))
}
