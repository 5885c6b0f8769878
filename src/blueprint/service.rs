//! `services`: groups of instances that run a program.

use serde::Serialize;
use std::collections::BTreeMap;

use super::health::Health;
use super::hook::Hook;
use super::permission::Permission;
use super::rollout::Rollout;
use super::route::Route;
use super::scale::Scale;
use super::units::Percent;
use super::volume::Volume;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    /// Instance types, the preferred first; never empty, all of one architecture.
    pub instances: Vec<String>,
    pub architecture: Architecture,
    pub image: Image,
    /// What an instance runs at its first boot, as written.
    pub user_data: Option<String>,
    /// Where the program listens; none if nothing is routed to it.
    pub port: Option<u16>,
    pub protocol: Protocol,
    pub routes: Vec<Route>,
    pub health: Health,
    pub target_group: TargetGroup,
    /// By name; `root` is always there.
    pub volumes: BTreeMap<String, Volume>,
    pub environment: BTreeMap<String, String>,
    pub permissions: Vec<Permission>,
    /// ARNs of policies attached to the instance role beside the default ones.
    pub managed_policies: Vec<String>,
    /// ARN of the policy that bounds the instance role.
    pub permissions_boundary: Option<String>,
    /// Ids of security groups beside its own.
    pub security_groups: Vec<String>,
    pub scale: Scale,
    pub rollout: Rollout,
    /// Time an instance has to finish work before it goes.
    pub drain_s: Option<u32>,
    pub hooks: BTreeMap<String, Hook>,
    pub spot: Option<Spot>,
    /// Age at which an instance is replaced; none: never.
    pub lifetime_s: Option<u32>,
    pub protect_from_scale_in: bool,
    /// Refuses to delete the group while it has instances.
    pub deletion_protection: bool,
    pub termination_policies: Vec<String>,
    pub detailed_monitoring: bool,
    pub metadata_hop_limit: u32,
    pub key_name: Option<String>,
    pub subnets: SubnetRole,
    pub public_ip: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    Arm64,
    #[serde(rename = "x86_64")]
    X86_64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Image {
    /// The newest Amazon Linux 2023 for the architecture.
    Newest,
    /// `ami-…`
    Id(String),
    /// Path of an SSM parameter that holds an AMI id.
    Parameter(String),
}

/// How a load balancer speaks to the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    Http,
    Https,
    Http2,
    Grpc,
}

/// How a load balancer spreads requests over the instances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetGroup {
    pub algorithm: Algorithm,
    pub deregistration_delay_s: u32,
    /// Only with `round_robin`; 0 is off.
    pub slow_start_s: u32,
    pub stickiness: Option<Stickiness>,
    pub cross_zone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    RoundRobin,
    LeastOutstandingRequests,
    WeightedRandom,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stickiness {
    /// The application's own cookie; the load balancer's if none.
    pub cookie: Option<String>,
    pub duration_s: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spot {
    /// Of the instances above `on_demand_base`.
    pub share: Percent,
    pub on_demand_base: u32,
    pub strategy: SpotStrategy,
    /// Replaces an instance that is likely to be taken back before it is.
    pub rebalance: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpotStrategy {
    PriceCapacityOptimized,
    CapacityOptimized,
    CapacityOptimizedPrioritized,
    LowestPrice,
}

/// Where instances live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubnetRole {
    App,
    Public,
}
