//! What the CloudFront kinds share: owners, tags, and the SDK's shapes of lists and errors.
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result, ResultExt};
use crate::names::marked;
use crate::resource::Id;
use crate::spec::Spec;
use crate::tags::Tags;
use aws_sdk_cloudfront::error::BuildError;
use aws_sdk_cloudfront::types::{self, TagKeys};

/// The maximum number of items on one page of a listing.
pub const CLOUDFRONT_PAGE: i32 = 100;

/// The owner of a resource of kind `K`, if its comment contains a marker of this stack, see
/// [`crate::names::marker`]. CloudFront's listings return comments, but no tags.
pub fn owner_by_comment<K: Spec>(comment: &str, stack: &str) -> Option<Owner> {
    let id = Id::new(K::INFO.name, marked(comment, stack)?);
    Some(Owner { id, component: None })
}

/// Tags in CloudFront's shape. Building one fails only without a key.
pub fn to_cloudfront(tags: &Tags) -> types::Tags {
    let tag = |(key, value)| types::Tag::builder().key(key).value(value).build().ok();
    types::Tags::builder().set_items(Some(tags.iter().filter_map(tag).collect())).build()
}

fn from_cloudfront(tags: Option<types::Tags>) -> Tags {
    let items = tags.and_then(|tags| tags.items).unwrap_or_default();
    items.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect()
}

impl Aws {
    /// The tags of a distribution or VPC origin; empty if it was deleted in the meantime.
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

/// Converts an error of one of the SDK's builders, which fail only where a required field is
/// missing.
pub fn unbuilt(error: BuildError) -> CloudError {
    CloudError::internal(error.to_string())
}

/// A list in CloudFront's shape: the number of items and the items, `None` if there are none.
pub fn counted<T>(items: Vec<T>) -> (i32, Option<Vec<T>>) {
    let quantity = i32::try_from(items.len()).unwrap_or(i32::MAX);
    (quantity, (!items.is_empty()).then_some(items))
}
