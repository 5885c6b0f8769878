//! What the API Gateway kinds share: tags, ARNs and patch operations.
//! <https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html>
use crate::aws::Aws;
use crate::error::Result;
use crate::tags::Tags;
use aws_sdk_apigateway::types::{Op, PatchOperation};
use std::collections::HashMap;

/// The maximum number of items on one page of a listing.
pub const PAGE: i32 = 500;

/// Tags from API Gateway's shape.
pub fn from_apigateway(tags: Option<&HashMap<String, String>>) -> Tags {
    tags.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Tags in API Gateway's shape.
pub fn to_apigateway(tags: &Tags) -> HashMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Sets a property.
pub fn replace(path: impl Into<String>, value: impl ToString) -> PatchOperation {
    PatchOperation::builder().op(Op::Replace).path(path).value(value.to_string()).build()
}

/// Adds a member to a list.
pub fn add(path: impl Into<String>, value: impl ToString) -> PatchOperation {
    PatchOperation::builder().op(Op::Add).path(path).value(value.to_string()).build()
}

/// Unsets a property.
pub fn remove(path: impl Into<String>) -> PatchOperation {
    PatchOperation::builder().op(Op::Remove).path(path).build()
}

/// Removes a member from a list.
pub fn remove_item(path: impl Into<String>, value: impl ToString) -> PatchOperation {
    PatchOperation::builder().op(Op::Remove).path(path).value(value.to_string()).build()
}

impl Aws {
    /// The ARN of an API Gateway resource, which does not contain the account. `path` starts with a
    /// slash: `/restapis/a1b2c3`.
    pub fn apigateway_arn(&self, path: &str) -> String {
        format!("arn:{}:apigateway:{}::{path}", self.partition, self.place.region)
    }

    /// Brings the tags of an API, stage, usage plan, API key or domain from `live` to `desired`.
    pub async fn retag_apigateway(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.apigateway
                .tag_resource()
                .resource_arn(arn)
                .set_tags(Some(to_apigateway(tags)))
                .send()
        };
        let untag = |keys| {
            self.apigateway.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) = (("apigateway:TagResource", tag), ("apigateway:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
