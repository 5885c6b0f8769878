//! `network`: the VPC, its subnets and its ways out.

use ipnet::Ipv4Net;
use serde::Serialize;
use std::collections::BTreeSet;

use super::as_text;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Network {
    /// The VPC's block: a prefix of 16 to 19 without host bits.
    #[serde(serialize_with = "as_text")]
    pub cidr: Ipv4Net,
    /// Availability zones used, 2 to 6.
    pub zones: u8,
    pub nat: Nat,
    /// Interface endpoints beyond those that others imply, by the service's short name (`logs`, `ecr.api`).
    pub endpoints: BTreeSet<String>,
    /// None when off.
    pub flow_logs: Option<FlowLogs>,
    /// A network that exists already: nothing above is made then.
    pub existing: Option<ExistingNetwork>,
}

/// How private subnets reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nat {
    PerZone,
    Single,
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowLogs {
    pub retention_days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExistingNetwork {
    /// `vpc-…`
    pub vpc: String,
    pub subnets: ExistingSubnets,
}

/// Ids of existing subnets by role; a role that nothing uses may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExistingSubnets {
    pub public: Vec<String>,
    pub app: Vec<String>,
    pub data: Vec<String>,
}
