//! What the other components need of the network.
use crate::blueprint::service::SubnetRole;
use crate::desired::build::Handle;

pub const COMPONENT: &str = "network";

/// What the other components need of the network, as ids or references to them.
pub struct Network {
    pub vpc: String,
    /// The VPC's addresses; unknown of an existing one.
    pub cidr: Option<String>,
    pub public: Vec<String>,
    pub app: Vec<String>,
    /// For what holds data; without a way out. None where nothing does.
    pub data: Vec<String>,
    /// Tables of the subnets, for gateway endpoints; none of an existing network.
    pub route_tables: Vec<String>,
    /// The security group in front of the interface endpoints, where there are any.
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
