//! What the kinds of log deliveries share, which live where CloudFront does.
use super::Aws;
use crate::error::Result;
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
    /// Brings the tags of a delivery, its source or its destination from `live` to `desired`.
    pub async fn retag_edge_logs(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let logs = &self.edge.logs;
        let changed = desired.missing_in(live);
        if !changed.is_empty() {
            let tags = || Some(to_logs(&changed));
            let call = || logs.tag_resource().resource_arn(arn).set_tags(tags()).send();
            self.safe("logs:TagResource", call).await?;
        }
        let gone = live.keys_not_in(desired);
        if !gone.is_empty() {
            let keys = || Some(gone.clone());
            let call = || logs.untag_resource().resource_arn(arn).set_tag_keys(keys()).send();
            self.safe("logs:UntagResource", call).await?;
        }
        Ok(())
    }
}
