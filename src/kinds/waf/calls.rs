//! What the kinds of WAF share: the client of a scope, and tags.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_wafv2::types::Tag;

impl Aws {
    /// The client for a scope: what is kept for CloudFront is spoken to in us-east-1,
    /// <https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html>.
    pub fn waf_of(&self, scope: &str) -> &aws_sdk_wafv2::Client {
        if scope == "CLOUDFRONT" { &self.edge.waf } else { &self.waf }
    }

    /// The scopes that there are: CloudFront is in AWS's public partition alone.
    pub fn waf_scopes(&self) -> &'static [&'static str] {
        if self.partition == "aws" { &["REGIONAL", "CLOUDFRONT"] } else { &["REGIONAL"] }
    }

    fn waf_at(&self, arn: &str) -> &aws_sdk_wafv2::Client {
        if arn.contains(":global/") { &self.edge.waf } else { &self.waf }
    }

    /// The tags of a web ACL or IP set; none where it has gone.
    pub async fn waf_tags(&self, arn: &str) -> Result<Tags> {
        let call = || self.waf_at(arn).list_tags_for_resource().resource_arn(arn).limit(100).send();
        let found = self.safe("wafv2:ListTagsForResource", call).await.found()?;
        let list = found.and_then(|found| found.tag_info_for_resource?.tag_list);
        Ok(list.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    /// Brings the tags of a web ACL or IP set from `live` to `desired`.
    pub async fn retag_waf(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.waf_at(arn).tag_resource().resource_arn(arn).set_tags(Some(to_tags(tags))).send()
        };
        let untag = |keys| {
            self.waf_at(arn).untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) = (("wafv2:TagResource", tag), ("wafv2:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// WAF's shape of tags; building one fails without a key or a value only.
pub fn to_tags(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}
