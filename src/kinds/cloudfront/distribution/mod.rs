//! A CloudFront distribution: an entry point and a cache at edge locations all over the world,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-working-with.html>.
mod behavior;
#[cfg(feature = "aws")]
mod calls;
mod origin;

pub use behavior::{Behavior, FunctionAssociation};
pub use origin::{CustomHeader, CustomOrigin, Origin, S3Origin, VpcOriginConfig};

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The hosted zone ID of every distribution's domain name, for alias records,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-route53-aliastarget.html>.
pub const HOSTED_ZONE: &str = "Z2FDTNDATAQYW2";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Distribution {
    pub distribution_config: Config,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Config {
    pub aliases: BTreeSet<String>,
    /// In order: the first behavior whose path pattern matches handles the request.
    pub cache_behaviors: Vec<Behavior>,
    /// The marker by which the stack recognises the distribution, see [`crate::names::marker`].
    pub comment: String,
    pub default_cache_behavior: Behavior,
    /// The object that a request for `/` returns; empty for none.
    pub default_root_object: String,
    pub enabled: bool,
    /// `http1.1`, `http2`, `http3` or `http2and3`.
    pub http_version: String,
    #[serde(rename = "IPV6Enabled")]
    pub ipv6_enabled: bool,
    pub origins: BTreeSet<Origin>,
    /// `PriceClass_100`, `PriceClass_200` or `PriceClass_All`.
    pub price_class: String,
    pub restrictions: Restrictions,
    pub viewer_certificate: ViewerCertificate,
    /// The web ACL's ARN; empty for none.
    #[serde(rename = "WebACLId")]
    pub web_acl_id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Restrictions {
    pub geo_restriction: GeoRestriction,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GeoRestriction {
    /// `none`, `whitelist` or `blacklist`.
    pub restriction_type: String,
    /// Countries by their two-letter codes.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub locations: BTreeSet<String>,
}

/// CloudFront's default certificate, which covers only CloudFront's own domain, or a certificate of
/// Certificate Manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ViewerCertificate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_front_default_certificate: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acm_certificate_arn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_protocol_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_support_method: Option<String>,
}

impl Spec for Distribution {
    const INFO: KindInfo = KindInfo {
        name: "distribution",
        type_name: "AWS::CloudFront::Distribution",
        // These let the distribution reach its origins.
        depends_on_kinds: &["security-group-rule", "listener-rule", "web-acl"],
        // The properties and tags of each, and the secret that it may send.
        reads: Reads { fixed: 1, each: 3 },
        // Other steps continue once AWS has accepted a change. A delete waits until the
        // distribution is disabled at every edge location.
        times: Times { create_s: 5, update_s: 5, delete_s: 600 },
        waivers: &[
            Waiver {
                controls: &["CloudFront.4", "CKV_AWS_310"],
                because: "a stack is in one region, so there is no origin to fail over to",
            },
            Waiver {
                controls: &["CKV_AWS_374"],
                because: "no country is blocked unless `geo` is set",
            },
        ],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = mint.cloudfront_id("id");
        let domain_name = match mint.before.get("domain_name") {
            Some(before) => before.clone(),
            None => format!("d{}.cloudfront.net", (mint.digits)().get(..13).unwrap_or("0")),
        };
        let arn = format!("arn:aws:cloudfront::{}:distribution/{id}", mint.account);
        outputs(id, arn, domain_name)
    }

    fn simulate(&self, action: &str, arguments: &Value, _mint: &mut Mint) -> Option<Value> {
        match action {
            INVALIDATE => Some(json!({
                "id": "I2J0I21PCUYOIK", "status": "Completed", "paths": arguments["paths"],
            })),
            STATUS => Some(json!({ "status": DEPLOYED })),
            _ => None,
        }
    }
}

/// The action that removes objects from all edge caches by path: `{ paths: […] }`.
pub const INVALIDATE: &str = "invalidate";
/// The action that returns the progress of the last change: `{ status: … }`.
pub const STATUS: &str = "status";
/// The status once the last change has reached every edge location.
pub const DEPLOYED: &str = "Deployed";

fn outputs(id: String, arn: String, domain_name: String) -> Outputs {
    let pairs = [("arn", arn), ("domain_name", domain_name), ("id", id)];
    pairs.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}
