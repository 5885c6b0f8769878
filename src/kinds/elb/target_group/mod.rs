//! The targets to which a load balancer routes requests,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html>.
#[cfg(feature = "aws")]
mod calls;

use super::load_balancer::{Attributed, Attributes};
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Quota, Reads, Replace, Spec, Times, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TargetGroup {
    /// Ends in a hash of the create-only properties, so that a successor can exist beside it.
    pub name: String,
    pub port: i32,
    pub protocol: String,
    /// `HTTP1`, `HTTP2` or `GRPC`.
    pub protocol_version: String,
    pub vpc_id: String,
    /// `instance` or `ip`.
    pub target_type: String,
    pub ip_address_type: String,
    pub health_check_enabled: bool,
    pub health_check_path: String,
    /// A number, or `traffic-port`.
    pub health_check_port: String,
    pub health_check_protocol: String,
    pub health_check_interval_seconds: i32,
    pub health_check_timeout_seconds: i32,
    pub healthy_threshold_count: i32,
    pub unhealthy_threshold_count: i32,
    pub matcher: Matcher,
    pub target_group_attributes: Attributes<OfTargetGroup>,
    pub tags: Tags,
}

/// The code that a healthy target returns: an HTTP code, or a gRPC code for a gRPC target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Matcher {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc_code: Option<String>,
}

/// Marks [`Attributes`] as those of a target group.
#[derive(Clone, Debug, PartialEq)]
pub enum OfTargetGroup {}

impl Attributed for OfTargetGroup {
    /// Defaults as in the API reference, TargetGroupAttribute.
    const KNOWN: &'static [(&'static str, &'static str)] = &[
        ("deregistration_delay.timeout_seconds", "300"),
        ("load_balancing.algorithm.anomaly_mitigation", "off"),
        ("load_balancing.algorithm.type", "round_robin"),
        ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
        ("slow_start.duration_seconds", "0"),
        ("stickiness.app_cookie.cookie_name", ""),
        ("stickiness.app_cookie.duration_seconds", "86400"),
        ("stickiness.enabled", "false"),
        ("stickiness.lb_cookie.duration_seconds", "86400"),
        ("stickiness.type", "lb_cookie"),
    ];
}

impl Spec for TargetGroup {
    const INFO: KindInfo = KindInfo {
        name: "target-group",
        type_name: "AWS::ElasticLoadBalancingV2::TargetGroup",
        name_property: "Name",
        create_only: &[
            "Name",
            "Port",
            "Protocol",
            "ProtocolVersion",
            "VpcId",
            "TargetType",
            "IpAddressType",
        ],
        replace: Replace::Successor,
        // All target groups of the region, their tags, and the attributes of each.
        reads: Reads { fixed: 2, each: 1 },
        times: Times { create_s: 2, update_s: 1, delete_s: 3 },
        quota: Some(Quota { service: "elasticloadbalancing", code: "L-B22855CB", default: 3000 }),
        waivers: &[Waiver {
            controls: &["CKV_AWS_378"],
            because: "load balancers connect to instances by HTTP, within the VPC, unless `protocol` differs",
        }],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let full_name = match mint.before.get("full_name") {
            Some(before) => before.clone(),
            None => format!("targetgroup/{}/{}", self.name, (mint.digits)()),
        };
        outputs(mint.arn("elasticloadbalancing", &full_name), self.name.clone())
    }
}

fn outputs(arn: String, name: String) -> Outputs {
    // CloudWatch's name for the target group: `targetgroup/shop-api/73e2d6bc24d8a067`.
    let full_name = arn.rsplit(':').next().unwrap_or_default().to_string();
    Outputs::from([("full_name".into(), full_name), ("arn".into(), arn), ("name".into(), name)])
}
