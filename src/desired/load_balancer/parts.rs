//! Names, ports and handles of a load balancer's resources, for its own files and those of
//! services, CDNs and APIs.
use crate::blueprint::LoadBalancer as Wanted;
use crate::desired::build::Handle;
use crate::desired::shared::access::{HTTP, HTTPS};
use crate::kinds::ec2::security_group::SecurityGroup;
use crate::kinds::elb::listener::Listener;

/// The limit of Elastic Load Balancing for names.
pub const BALANCER_NAME: usize = 32;

/// The security group of a load balancer.
pub fn group(balancer: &str) -> Handle {
    Handle::of::<SecurityGroup>(format!("{balancer}-alb"))
}

/// The port on which a load balancer forwards requests.
pub fn port(wanted: &Wanted) -> u16 {
    if wanted.is_tls() { HTTPS } else { HTTP }
}

/// The ports on which a load balancer listens.
pub fn ports(wanted: &Wanted) -> Vec<u16> {
    match (wanted.is_tls(), wanted.redirect_http) {
        (true, true) => vec![HTTPS, HTTP],
        (true, false) => vec![HTTPS],
        (false, _) => vec![HTTP],
    }
}

/// The listener that routes belong to.
pub fn listener(balancer: &str, wanted: &Wanted) -> Handle {
    Handle::of::<Listener>(format!("{balancer}-{}", port(wanted)))
}
