//! A blueprint: what the user asks for, parsed, merged, checked and with every default filled in.

pub mod health;
pub mod hook;
pub mod load_balancer;
pub mod network;
pub mod permission;
pub mod rollout;
pub mod route;
pub mod scale;
pub mod service;
pub mod units;
pub mod volume;

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::Display;

pub use load_balancer::LoadBalancer;
pub use network::Network;
pub use route::Route;
pub use scale::Scale;
pub use service::Service;

/// One stack as the user wants it. Total: every default that follows from the blueprint is filled in.
#[derive(Debug, Clone, Serialize)]
pub struct Blueprint {
    /// `^[a-z](?:-?[a-z0-9]){1,19}$`
    pub stack: String,
    pub region: String,
    /// The only account it may touch: twelve digits.
    pub account: Option<String>,
    pub preset: Preset,
    /// The domain of the outermost door.
    pub domain: Option<String>,
    /// Tags on every resource.
    pub tags: BTreeMap<String, String>,
    /// None only if nothing asks for one.
    pub network: Option<Network>,
    pub load_balancers: BTreeMap<String, LoadBalancer>,
    pub services: BTreeMap<String, Service>,
    /// The last word on a resource, by id (`auto-scaling-group.api`), in CloudFormation's names and units.
    pub overrides: BTreeMap<String, serde_json::Map<String, serde_json::Value>>,
}

/// Which defaults hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Prod,
    Dev,
}

fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_texts<T: Display, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(T::to_string))
}
