//! CloudWatch Logs' clients and its calls about tags.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::facts::EDGE_REGION;
use crate::tags::Tags;
use std::collections::HashMap;

/// The most items that one page of a listing contains.
pub const LOGS_PAGE: i32 = 50;

/// Tags in CloudWatch Logs' shape.
pub fn to_logs(tags: &Tags) -> HashMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Tags from CloudWatch Logs' shape.
pub fn from_logs(tags: Option<HashMap<String, String>>) -> Tags {
    tags.unwrap_or_default().into_iter().collect()
}

impl Aws {
    /// The client for a region. `None` is the stack's own region; the only other region with logs
    /// of a stack is CloudFront's.
    pub fn logs_in(&self, region: Option<&str>) -> &aws_sdk_cloudwatchlogs::Client {
        if region == Some(EDGE_REGION) { &self.edge.logs } else { &self.logs }
    }

    /// The regions in which a stack can have logs; `None` is its own.
    pub fn logs_regions(&self) -> Vec<Option<&'static str>> {
        let edge = self.edge_is_elsewhere().then_some(Some(EDGE_REGION));
        [None].into_iter().chain(edge).collect()
    }

    /// The tags of a log group. `None` if it does not exist.
    pub async fn logs_tags(&self, region: Option<&str>, arn: &str) -> Result<Option<Tags>> {
        let call = || self.logs_in(region).list_tags_for_resource().resource_arn(arn).send();
        let found = self.safe("logs:ListTagsForResource", call).await.found()?;
        Ok(found.map(|found| from_logs(found.tags)))
    }

    /// Brings the tags of a log group, or of a delivery, its source or its destination, from `live`
    /// to `desired`.
    pub async fn retag_logs(
        &self,
        region: Option<&str>,
        arn: &str,
        live: &Tags,
        desired: &Tags,
    ) -> Result<()> {
        let logs = self.logs_in(region);
        let tag = |tags: &Tags| {
            logs.tag_resource().resource_arn(arn).set_tags(Some(to_logs(tags))).send()
        };
        let untag = |keys| logs.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("logs:TagResource", tag), ("logs:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
