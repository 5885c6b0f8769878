//! What the kinds of WAF share: the client of a scope, and the calls about tags.
use super::{CLOUDFRONT, REGIONAL, scope_of};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_wafv2::types::Tag;
use aws_smithy_types::error::operation::BuildError;

impl Aws {
    /// The client for a scope. AWS requires calls for the scope of CloudFront to go to us-east-1,
    /// <https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html>.
    pub fn waf_of(&self, scope: &str) -> &aws_sdk_wafv2::Client {
        if scope == CLOUDFRONT { &self.edge.waf } else { &self.waf }
    }

    /// The scopes of this partition. CloudFront is in AWS's public partition alone.
    pub fn waf_scopes(&self) -> &'static [&'static str] {
        if self.partition == "aws" { &[REGIONAL, CLOUDFRONT] } else { &[REGIONAL] }
    }

    /// The tags of a web ACL or IP set. `None` if it does not exist.
    pub async fn waf_tags(&self, arn: &str) -> Result<Option<Tags>> {
        let waf = self.waf_of(scope_of(arn));
        let call = || waf.list_tags_for_resource().resource_arn(arn).limit(100).send();
        let found = self.safe("wafv2:ListTagsForResource", call).await.found()?;
        Ok(found.map(|found| {
            let tags = found.tag_info_for_resource.and_then(|info| info.tag_list);
            tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect()
        }))
    }

    /// Brings the tags of a web ACL or IP set from `live` to `desired`.
    pub async fn retag_waf(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let waf = self.waf_of(scope_of(arn));
        let tag =
            |tags: &Tags| waf.tag_resource().resource_arn(arn).set_tags(Some(to_waf(tags))).send();
        let untag = |keys| waf.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("wafv2:TagResource", tag), ("wafv2:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// Tags in WAF's shape. Building one fails only without a key or a value.
pub fn to_waf(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

/// The result of an SDK builder, which fails only if a required part is missing.
pub fn built<T>(result: std::result::Result<T, BuildError>) -> Result<T> {
    result.map_err(|error| CloudError::internal(error.to_string()))
}
