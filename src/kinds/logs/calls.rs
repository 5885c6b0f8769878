//! What the kinds of logs share; deliveries live where CloudFront does.
use crate::aws::Aws;
use crate::error::Result;
use crate::facts::EDGE_REGION;
use crate::tags::Tags;
use std::collections::HashMap;

/// How many items a listing gives at once, at most.
pub const LOGS_PAGE: i32 = 50;

/// CloudWatch Logs' shape of tags.
pub fn to_logs(tags: &Tags) -> HashMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// CloudWatch Logs' shape of tags, read.
pub fn from_logs(tags: Option<HashMap<String, String>>) -> Tags {
    tags.unwrap_or_default().into_iter().collect()
}

impl Aws {
    /// The client for logs in a region other than the stack's, which can only be CloudFront's;
    /// `None` is the stack's own.
    pub fn logs_in(&self, region: Option<&str>) -> &aws_sdk_cloudwatchlogs::Client {
        if region == Some(EDGE_REGION) { &self.edge.logs } else { &self.logs }
    }

    /// Where a stack may have logs.
    pub fn logs_regions(&self) -> Vec<Option<&'static str>> {
        let edge = self.edge_is_elsewhere().then_some(Some(EDGE_REGION));
        [None].into_iter().chain(edge).collect()
    }

    /// Brings the tags of a delivery, its source or its destination from `live` to `desired`.
    pub async fn retag_edge_logs(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let logs = &self.edge.logs;
        let tag = |tags: &Tags| {
            logs.tag_resource().resource_arn(arn).set_tags(Some(to_logs(tags))).send()
        };
        let untag = |keys| logs.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("logs:TagResource", tag), ("logs:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
