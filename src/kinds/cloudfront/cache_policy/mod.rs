//! A CloudFront cache policy: the cache key, and how long CloudFront caches a response,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec, Times};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CachePolicy {
    pub cache_policy_config: Config,
}

/// TTLs are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Config {
    pub name: String,
    /// Contains the marker by which the stack recognises the policy, see [`crate::names::marker`].
    pub comment: String,
    /// The TTL of responses without caching headers.
    #[serde(rename = "DefaultTTL")]
    pub default_ttl: i64,
    #[serde(rename = "MaxTTL")]
    pub max_ttl: i64,
    #[serde(rename = "MinTTL")]
    pub min_ttl: i64,
    pub parameters_in_cache_key_and_forwarded_to_origin: Parameters,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Parameters {
    pub enable_accept_encoding_gzip: bool,
    pub enable_accept_encoding_brotli: bool,
    pub headers_config: Headers,
    pub cookies_config: Cookies,
    pub query_strings_config: QueryStrings,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Headers {
    /// `none` or `whitelist`.
    pub header_behavior: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub headers: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Cookies {
    /// `none`, `whitelist`, `allExcept` or `all`.
    pub cookie_behavior: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cookies: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct QueryStrings {
    /// `none`, `whitelist`, `allExcept` or `all`.
    pub query_string_behavior: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub query_strings: BTreeSet<String>,
}

impl Spec for CachePolicy {
    const INFO: KindInfo = KindInfo {
        name: "cache-policy",
        type_name: "AWS::CloudFront::CachePolicy",
        times: Times { create_s: 2, update_s: 2, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.uuid("id"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
