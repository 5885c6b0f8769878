//! Facts about an account and region that planning needs and a blueprint cannot state.
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The region of CloudFront's certificates, web ACLs, logs and metrics, whatever the stack's own
/// region is.
pub const EDGE_REGION: &str = "us-east-1";

/// The facts that a blueprint needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Instance types to find the zones of.
    pub instance_types: BTreeSet<String>,
    /// Public parameters that name an image, `/aws/service/ami-amazon-linux-latest/…`.
    pub image_parameters: BTreeSet<String>,
    /// Images given by ID.
    pub images: BTreeSet<String>,
    /// Existing subnets that the stack uses.
    pub subnets: BTreeSet<String>,
    /// Cache engines to find the versions of, such as `valkey`.
    pub cache_engines: BTreeSet<String>,
    /// Database instance classes to find the zones and versions of.
    pub database_classes: BTreeSet<DatabaseClass>,
    /// Domains to find the hosted zones of, and names and IDs of hosted zones.
    pub zones: BTreeSet<String>,
    /// Whether the blueprint has APIs.
    pub api_gateway: bool,
    /// Whether a CDN reaches a load balancer over the internet.
    pub edge_addresses: bool,
}

/// The answers, for one account and region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub account: String,
    pub region: String,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// Available zones that need no opt-in, ordered by zone ID.
    pub zones: Vec<Zone>,
    /// By instance type: the IDs of the zones that offer it.
    pub offerings: BTreeMap<String, BTreeSet<String>>,
    /// By parameter: the image ID it contains. A parameter that does not exist is missing here.
    pub image_parameters: BTreeMap<String, String>,
    /// Every image requested by ID or by parameter. An image that does not exist is missing here.
    pub images: BTreeMap<String, Image>,
    /// Existing subnets. A subnet that does not exist is missing here.
    pub subnets: BTreeMap<String, Subnet>,
    /// The vCPUs and architectures of the requested instance types.
    pub instance_types: BTreeMap<String, InstanceType>,
    #[serde(default)]
    pub cache_versions: CacheVersions,
    /// What RDS offers for the requested classes. A class that RDS does not offer is missing here.
    #[serde(default, with = "pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub database_classes: BTreeMap<DatabaseClass, DatabaseOffer>,
    /// The public hosted zones that were requested, or that contain a requested domain.
    #[serde(default)]
    pub hosted_zones: Vec<HostedZone>,
    /// None if it was not requested.
    #[serde(default)]
    pub api_gateway: Option<ApiGateway>,
    /// The managed prefix list of CloudFront's origin-facing addresses, if it was requested and the
    /// region has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge_addresses: Option<String>,
}

/// An engine on an instance class, such as `postgres` on `db.r7g.large`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatabaseClass {
    pub engine: String,
    pub class: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseOffer {
    /// Full engine versions, such as `17.4`.
    pub versions: BTreeSet<String>,
    /// Zone names.
    pub zones: BTreeSet<String>,
}

/// Serializes a map as a list of pairs: its keys are structs, and JSON keys are strings.
mod pairs {
    use super::{DatabaseClass, DatabaseOffer};
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    type Offers = BTreeMap<DatabaseClass, DatabaseOffer>;

    pub fn serialize<S: Serializer>(offers: &Offers, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(offers)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Offers, D::Error> {
        Ok(Vec::<(DatabaseClass, DatabaseOffer)>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// By cache engine, then by version (major and minor): the parameter group family.
pub type CacheVersions = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// `us-east-1a`: a different location in every account.
    pub name: String,
    /// `use1-az1`: the same location in every account.
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `arm64` or `x86_64`.
    pub architecture: String,
    /// The device of the root volume, `/dev/xvda`.
    pub root_device: String,
}

/// API Gateway settings that all APIs of an account and region share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiGateway {
    /// The throttling limit in requests per second.
    pub rate: f64,
    pub burst: i32,
    /// The ARN of the role that API Gateway writes logs with, if one is set.
    pub log_role: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    pub vpc: String,
    pub zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceType {
    pub architectures: BTreeSet<String>,
    pub vcpus: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HostedZone {
    pub id: String,
    /// Without a trailing dot.
    pub name: String,
}

impl HostedZone {
    /// Whether `wanted` is this zone's ID or name, or a name below it.
    pub fn may_hold(&self, wanted: &str) -> bool {
        let below = wanted.strip_suffix(self.name.as_str()).is_some_and(|left| left.ends_with('.'));
        wanted == self.id || wanted == self.name || below
    }
}
