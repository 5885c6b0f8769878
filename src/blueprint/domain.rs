//! `domain` of a door, and what goes with it.

use serde::Serialize;

use super::Blueprint;
use super::decode::Value;
use super::fields::Fields;
use super::load_balancer;

/// How a door is called by the world.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Domain {
    /// Its own domain; none: that of the blueprint if it is the outermost door, or none at all.
    pub name: Option<String>,
    /// Hosted zone of the domain, by name or id; the longest suffix if none is given.
    pub zone: Option<String>,
    /// Whether alias records are made.
    pub dns: bool,
    /// ARNs of certificates; one is made if none is given and there is a domain.
    pub certificates: Vec<String>,
}

/// `domain`, `zone`, `dns` and `certificate` among the keys of a door.
pub(super) fn decode(fields: &mut Fields<'_>) -> Domain {
    Domain {
        name: fields.optional("domain", load_balancer::domain),
        zone: fields.optional("zone", load_balancer::zone),
        dns: fields.or("dns", true, Value::boolean),
        certificates: load_balancer::certificates(fields),
    }
}

impl Blueprint {
    /// The sections that are doors to the world, the outermost first.
    pub const DOORS: &[&str] = &["cdn", "rate_limits", "load_balancers"];
}
