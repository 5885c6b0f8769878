//! Kinds of Amazon EC2 and VPC.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod default_security_group;
pub mod elastic_ip;
pub mod flow_log;
pub mod internet_gateway;
pub mod launch_template;
pub mod nat_gateway;
pub mod route_table;
pub mod security_group;
pub mod security_group_rule;
pub mod subnet;
pub mod vpc;
pub mod vpc_endpoint;

use serde::{Deserialize, Serialize};

/// The direction of the traffic that a security group rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Ingress,
    Egress,
}
