//! What the files of a service share.
use crate::blueprint::Service;
use crate::desired::load_balancer::routes::Target;

/// The limit of EC2 Auto Scaling for names.
pub const GROUP_NAME: usize = 255;

/// The service that the files of this folder expand.
pub struct Parts<'a> {
    pub component: String,
    pub name: &'a str,
    pub service: &'a Service,
    /// A target group for each load balancer that routes to it.
    pub targets: Vec<Target>,
}
