//! Facts: what planning must know of the account and cannot know from the blueprint.
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Whether there are APIs.
    pub api_gateway: bool,
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
    /// None where it was not asked for.
    #[serde(default)]
    pub api_gateway: Option<ApiGateway>,
}

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
