//! A cache behavior: how CloudFront handles the requests for some paths.
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Behavior {
    /// `None` for the default behavior, which handles all other requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_pattern: Option<String>,
    /// The ID of an origin of the same distribution.
    pub target_origin_id: String,
    /// `redirect-to-https`, `https-only` or `allow-all`.
    pub viewer_protocol_policy: String,
    pub allowed_methods: BTreeSet<String>,
    /// Methods whose responses CloudFront caches.
    pub cached_methods: BTreeSet<String>,
    pub compress: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_policy_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_request_policy_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_headers_policy_id: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub function_associations: BTreeSet<FunctionAssociation>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FunctionAssociation {
    /// `viewer-request` or `viewer-response`.
    pub event_type: String,
    #[serde(rename = "FunctionARN")]
    pub function_arn: String,
}
