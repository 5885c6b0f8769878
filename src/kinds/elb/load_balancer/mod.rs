//! An application load balancer,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html>.
mod attributes;
#[cfg(feature = "aws")]
mod calls;

pub use attributes::{Attributed, Attributes};

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Quota, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LoadBalancer {
    /// Ends in a hash of the create-only properties, so that a successor can exist beside it.
    pub name: String,
    /// `application`.
    #[serde(rename = "Type")]
    pub type_name: String,
    /// `internet-facing` or `internal`.
    pub scheme: String,
    pub ip_address_type: String,
    pub subnets: BTreeSet<String>,
    pub security_groups: BTreeSet<String>,
    pub load_balancer_attributes: Attributes<OfLoadBalancer>,
    pub tags: Tags,
}

/// Marks [`Attributes`] as those of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub enum OfLoadBalancer {}

const PROTECTION: &str = "deletion_protection.enabled";

impl Attributed for OfLoadBalancer {
    /// Defaults as in the API reference, LoadBalancerAttribute.
    const KNOWN: &'static [(&'static str, &'static str)] = &[
        ("access_logs.s3.enabled", "false"),
        ("access_logs.s3.bucket", ""),
        ("access_logs.s3.prefix", ""),
        ("client_keep_alive.seconds", "3600"),
        (PROTECTION, "false"),
        ("idle_timeout.timeout_seconds", "60"),
        ("routing.http.desync_mitigation_mode", "defensive"),
        ("routing.http.drop_invalid_header_fields.enabled", "false"),
        ("routing.http.preserve_host_header.enabled", "false"),
        ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
        ("routing.http.xff_client_port.enabled", "false"),
        ("routing.http.xff_header_processing.mode", "append"),
        ("routing.http2.enabled", "true"),
        ("waf.fail_open.enabled", "false"),
        ("zonal_shift.config.enabled", "false"),
    ];
}

impl Spec for LoadBalancer {
    const INFO: KindInfo = KindInfo {
        name: "load-balancer",
        type_name: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        name_property: "Name",
        create_only: &["Name", "Type", "Scheme"],
        replace: Replace::Successor,
        // AWS refuses an internet-facing load balancer in a VPC without an internet gateway.
        depends_on_kinds: &["internet-gateway"],
        // All load balancers of the region, their tags, and the attributes of each.
        reads: Reads { fixed: 2, each: 1 },
        times: Times { create_s: 180, update_s: 5, delete_s: 5 },
        quota: Some(Quota { service: "elasticloadbalancing", code: "L-53DA6B97", default: 50 }),
        ..KindInfo::PLAIN
    };

    fn unprotected(&self) -> Option<Self> {
        let attributes = &self.load_balancer_attributes;
        (attributes.get(PROTECTION) == "true").then(|| LoadBalancer {
            load_balancer_attributes: attributes.with(PROTECTION, "false"),
            ..self.clone()
        })
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let full_name = match mint.before.get("full_name") {
            Some(before) => before.clone(),
            None => format!("app/{}/{}", self.name, (mint.digits)()),
        };
        let number = full_name.rsplit('/').next().unwrap_or_default();
        let prefix = if self.scheme == "internal" { "internal-" } else { "" };
        let dns_name = format!("{prefix}{}-{number}.{}.elb.amazonaws.com", self.name, mint.region);
        let arn = mint.arn("elasticloadbalancing", &format!("loadbalancer/{full_name}"));
        outputs(arn, self.name.clone(), dns_name, "Z35SXDOTRQ7X7K".into())
    }
}

fn outputs(arn: String, name: String, dns_name: String, zone_id: String) -> Outputs {
    // CloudWatch's name for the load balancer: `app/shop-main/50dc6c495c0c9188`.
    let full_name = arn.split_once("loadbalancer/").map(|(_, full)| full.to_string());
    Outputs::from([
        ("full_name".into(), full_name.unwrap_or_default()),
        ("arn".into(), arn),
        ("name".into(), name),
        ("dns_name".into(), dns_name),
        ("zone_id".into(), zone_id),
    ])
}
