//! An origin: a server or bucket from which a distribution gets its responses.
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Exactly one of the three configurations is set. Timeouts are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Origin {
    pub id: String,
    pub domain_name: String,
    /// A prefix for every path; empty for none.
    pub origin_path: String,
    pub connection_attempts: i32,
    pub connection_timeout: i32,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub origin_custom_headers: BTreeSet<CustomHeader>,
    /// Empty for none.
    pub origin_access_control_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_origin_config: Option<S3Origin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_origin_config: Option<CustomOrigin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpc_origin_config: Option<VpcOriginConfig>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CustomHeader {
    pub header_name: String,
    /// The value, or the placeholder of a secret, see [`crate::reference::secret`].
    pub header_value: String,
}

/// A bucket. The origin access control says how CloudFront signs requests to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct S3Origin {
    /// Always empty: the legacy alternative to an origin access control.
    pub origin_access_identity: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CustomOrigin {
    #[serde(rename = "HTTPPort")]
    pub http_port: i32,
    #[serde(rename = "HTTPSPort")]
    pub https_port: i32,
    /// `http-only`, `https-only` or `match-viewer`.
    pub origin_protocol_policy: String,
    #[serde(rename = "OriginSSLProtocols")]
    pub origin_ssl_protocols: BTreeSet<String>,
    pub origin_keepalive_timeout: i32,
    pub origin_read_timeout: i32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct VpcOriginConfig {
    pub vpc_origin_id: String,
    pub origin_keepalive_timeout: i32,
    pub origin_read_timeout: i32,
}
