//! `domain` of an entry point, with its DNS records and certificates.

use serde::Serialize;

use super::language::decode::Value;
use super::language::fields::Fields;
use super::load_balancer::{self, LoadBalancer};

/// The domain under which clients reach an entry point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Domain {
    /// The domain of this entry point. None: the domain of the blueprint if this is the outermost entry
    /// point, otherwise no domain.
    pub name: Option<String>,
    /// The name or ID of the hosted zone. None: the zone whose name is the longest suffix of the domain.
    pub zone: Option<String>,
    /// Whether tenfold creates alias records. Default: true.
    pub dns: bool,
    /// ARNs of certificates. If empty and there is a domain, tenfold requests a certificate.
    pub certificates: Vec<String>,
}

/// The keys `domain`, `zone`, `dns`, `certificate` and `certificates` of an entry point.
pub(super) fn decode(fields: &mut Fields<'_>) -> Domain {
    Domain {
        name: fields.optional("domain", load_balancer::domain),
        zone: fields.optional("zone", load_balancer::zone),
        dns: fields.or("dns", true, Value::boolean),
        certificates: load_balancer::certificates(fields),
    }
}

impl LoadBalancer {
    /// The domain settings of the load balancer as an entry point.
    pub fn domain_settings(&self) -> Domain {
        Domain {
            name: self.domain.clone(),
            zone: self.zone.clone(),
            dns: self.dns,
            certificates: self.certificates.clone(),
        }
    }
}
