//! A CloudFront VPC origin: access to a load balancer that the internet cannot reach,
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct VpcOrigin {
    pub vpc_origin_endpoint_config: Endpoint,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Endpoint {
    /// Starts with the stack's name. The tags of VPC origins with other names are not read.
    pub name: String,
    /// The ARN of the load balancer.
    pub arn: String,
    #[serde(rename = "HTTPPort")]
    pub http_port: i32,
    #[serde(rename = "HTTPSPort")]
    pub https_port: i32,
    /// `http-only`, `https-only` or `match-viewer`.
    pub origin_protocol_policy: String,
    #[serde(rename = "OriginSSLProtocols")]
    pub origin_ssl_protocols: BTreeSet<String>,
}

impl Spec for VpcOrigin {
    const INFO: KindInfo = KindInfo {
        name: "vpc-origin",
        type_name: "AWS::CloudFront::VpcOrigin",
        // The VPC needs an internet gateway, although no route leads to it.
        depends_on_kinds: &["internet-gateway"],
        // The listing, the load balancers and the security groups; the properties and tags of each.
        reads: Reads { fixed: 3, each: 2 },
        times: Times { create_s: 600, update_s: 600, delete_s: 300 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = match mint.before.get("id") {
            Some(before) => before.clone(),
            None => format!("vo_{}", (mint.digits)()),
        };
        let arn = format!("arn:aws:cloudfront::{}:vpcorigin/{id}", mint.account);
        outputs(id, arn, Some(mint.id("security_group", "sg")))
    }
}

/// CloudFront owns the security group. It creates the group with the first VPC origin in a VPC, and
/// all requests from VPC origins come from the group.
fn outputs(id: String, arn: String, security_group: Option<String>) -> Outputs {
    let mut outputs = Outputs::from([("arn".into(), arn), ("id".into(), id)]);
    outputs.extend(security_group.map(|group| ("security_group".into(), group)));
    outputs
}
