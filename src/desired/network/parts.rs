//! The parts of the network that other components refer to.
use crate::blueprint::service::SubnetRole;
use crate::desired::build::Handle;

pub const COMPONENT: &str = "network";

/// IDs of the network's resources, or references to them.
pub struct Network {
    pub vpc: String,
    /// The VPC's addresses; none for an existing VPC, whose addresses are not known.
    pub cidr: Option<String>,
    pub public: Vec<String>,
    pub app: Vec<String>,
    /// Subnets for caches and databases, without a route to the internet. Empty if the stack has
    /// neither.
    pub data: Vec<String>,
    /// The route tables of the subnets, for gateway endpoints; empty for an existing network.
    pub route_tables: Vec<String>,
    /// The security group of the interface endpoints, if there are any.
    pub endpoints: Option<Handle>,
}

impl Network {
    pub fn subnets(&self, role: SubnetRole) -> &[String] {
        match role {
            SubnetRole::App => &self.app,
            SubnetRole::Public => &self.public,
        }
    }
}
