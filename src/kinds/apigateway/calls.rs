//! What the kinds of API Gateway share: tags, which are maps here, and patches.
use crate::aws::Aws;
use crate::error::Result;
use crate::tags::Tags;
use aws_sdk_apigateway::types::{Op, PatchOperation};
use std::collections::HashMap;

/// API Gateway's shape of tags, read.
pub fn from_map(tags: Option<&HashMap<String, String>>) -> Tags {
    tags.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// API Gateway's shape of tags.
pub fn to_map(tags: &Tags) -> HashMap<String, String> {
    tags.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

pub fn replace(path: impl Into<String>, value: impl ToString) -> PatchOperation {
    PatchOperation::builder().op(Op::Replace).path(path).value(value.to_string()).build()
}

pub fn add(path: impl Into<String>, value: impl ToString) -> PatchOperation {
    PatchOperation::builder().op(Op::Add).path(path).value(value.to_string()).build()
}

pub fn remove(path: impl Into<String>) -> PatchOperation {
    PatchOperation::builder().op(Op::Remove).path(path).build()
}

/// Takes one member out of a list.
pub fn remove_item(path: impl Into<String>, value: impl ToString) -> PatchOperation {
    PatchOperation::builder().op(Op::Remove).path(path).value(value.to_string()).build()
}

impl Aws {
    /// The ARN of something of API Gateway's: it names no account.
    pub fn api_arn(&self, path: &str) -> String {
        format!("arn:{}:apigateway:{}::{path}", self.partition, self.place.region)
    }

    /// Brings the tags of an API, stage, plan, key or domain from `live` to `desired`.
    pub async fn retag_api(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.apigateway.tag_resource().resource_arn(arn).set_tags(Some(to_map(tags))).send()
        };
        let untag = |keys| {
            self.apigateway.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) = (("apigateway:TagResource", tag), ("apigateway:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
