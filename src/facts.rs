//! Facts: what planning must know of the account and cannot know from the blueprint.
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The region in which CloudFront keeps its certificates, web ACLs, logs and metrics, whichever
/// region a stack is in.
pub const EDGE_REGION: &str = "us-east-1";

/// What a blueprint needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Instance types whose zones are asked for.
    pub instance_types: BTreeSet<String>,
    /// Public parameters that name an image, `/aws/service/ami-amazon-linux-latest/…`.
    pub image_parameters: BTreeSet<String>,
    /// Images given by id.
    pub images: BTreeSet<String>,
    /// Existing subnets that are used.
    pub subnets: BTreeSet<String>,
    /// Cache engines whose versions are asked for, `valkey`.
    pub cache_engines: BTreeSet<String>,
    /// Classes of database instances whose zones and versions are asked for.
    pub database_classes: BTreeSet<DatabaseClass>,
    /// Domains whose hosted zones are asked for, and names and ids of zones.
    pub zones: BTreeSet<String>,
    /// Whether there are APIs.
    pub api_gateway: bool,
    /// Whether CDNs come to load balancers by the internet.
    pub edge_addresses: bool,
}

/// The answers, for one account and region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub account: String,
    pub region: String,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// Available zones that need no opt-in, ordered by zone id.
    pub zones: Vec<Zone>,
    /// The ids of the zones that offer an instance type.
    pub offerings: BTreeMap<String, BTreeSet<String>>,
    /// The image id that a parameter holds; a parameter that does not exist is missing here.
    pub image_parameters: BTreeMap<String, String>,
    /// Every image asked for, directly or by parameter; one that does not exist is missing here.
    pub images: BTreeMap<String, Image>,
    /// Existing subnets; one that does not exist is missing here.
    pub subnets: BTreeMap<String, Subnet>,
    /// vCPUs and architecture of the instance types asked for.
    pub instance_types: BTreeMap<String, InstanceType>,
    #[serde(default)]
    pub cache_versions: CacheVersions,
    /// What RDS offers of the classes asked for; one that it does not offer is missing here.
    #[serde(default, with = "pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub database_classes: BTreeMap<DatabaseClass, DatabaseOffer>,
    /// The public hosted zones that were named, or that hold a domain which was.
    #[serde(default)]
    pub hosted_zones: Vec<HostedZone>,
    /// None where it was not asked for.
    #[serde(default)]
    pub api_gateway: Option<ApiGateway>,
    /// The managed prefix list of the addresses that CloudFront comes from, where it was asked for
    /// and the region has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge_addresses: Option<String>,
}

/// An engine on a class of instances, `postgres` on `db.r7g.large`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatabaseClass {
    pub engine: String,
    pub class: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseOffer {
    /// Of the engine, in full: `17.4`.
    pub versions: BTreeSet<String>,
    /// The names of the zones.
    pub zones: BTreeSet<String>,
}

/// A map whose keys are no texts, as a list of pairs.
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

/// By cache engine: its versions, major and minor, with the family of their parameters.
pub type CacheVersions = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// `us-east-1a`: another place in every account.
    pub name: String,
    /// `use1-az1`: the same place in every account.
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `arm64` or `x86_64`.
    pub architecture: String,
    /// The device of the root volume, `/dev/xvda`.
    pub root_device: String,
}

/// What all APIs of an account and region share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiGateway {
    /// Requests a second.
    pub rate: f64,
    pub burst: i32,
    /// By which logs are written, where one is set.
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
    /// Without a dot at the end.
    pub name: String,
}

impl HostedZone {
    /// Whether this is its id or name, or a name that belongs into it.
    pub fn may_hold(&self, wanted: &str) -> bool {
        let below = wanted.strip_suffix(self.name.as_str()).is_some_and(|left| left.ends_with('.'));
        wanted == self.id || wanted == self.name || below
    }
}
