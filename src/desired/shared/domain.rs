//! Certificates and alias records of entry points: CDNs, APIs and load balancers.
use crate::blueprint::domain::Domain;
use crate::desired::build::Build;
use crate::desired::code;
use crate::facts::EDGE_REGION;
use crate::facts::HostedZone;
use crate::kinds::acm::certificate::{Certificate, Validation};
use crate::kinds::route53::dns_record::{AliasTarget, DnsRecord, Mark, marks_of};

/// The region of a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The stack's region: for load balancers and APIs.
    Region,
    /// The region that CloudFront reads certificates from.
    Edge,
}

/// The address that AWS gives an entry point: a DNS name, and the hosted zone that contains it.
pub struct Target {
    pub dns_name: String,
    pub hosted_zone_id: String,
    /// Whether it also has IPv6 addresses.
    pub ipv6: bool,
}

/// The host name of an entry point: its own domain, or the blueprint's if it is the outermost one.
pub fn host(build: &Build, section: &str, name: &str, domain: &Domain) -> Option<String> {
    let takes = || {
        let (taker_section, taker) = build.blueprint.domain_owner()?;
        let own = taker_section == section && taker == name;
        build.blueprint.domain.clone().filter(|_| own)
    };
    domain.name.clone().or_else(takes)
}

/// The ARN of the entry point's certificate: the configured one, or that of a new one for `host`,
/// validated by DNS. None if no hosted zone can validate a new one; this function reports that.
pub fn certificate(
    build: &mut Build,
    component: &str,
    name: &str,
    domain: &Domain,
    host: &str,
    place: Place,
) -> Option<String> {
    if let Some(given) = domain.certificates.first() {
        return Some(given.clone());
    }
    let zone = zone(build, component, domain, host)?;
    let own = own_name(component, name);
    let region = match place {
        Place::Region => build.facts.region.clone(),
        Place::Edge => EDGE_REGION.into(),
    };
    let option = Validation { domain_name: host.into(), hosted_zone_id: Some(zone.id) };
    let spec = Certificate {
        domain_name: host.into(),
        validation_method: "DNS".into(),
        domain_validation_options: vec![option],
        region,
        tags: build.tags(component, &own),
    };
    Some(build.add(component, &own, &spec).output("arn"))
}

/// Adds alias records from `host` to the entry point, unless `dns` is off.
pub fn alias(
    build: &mut Build,
    component: &str,
    name: &str,
    domain: &Domain,
    host: &str,
    target: &Target,
) {
    if !domain.dns {
        return;
    }
    let Some(zone) = zone(build, component, domain, host) else { return };
    let types = [("A", true), ("AAAA", target.ipv6)];
    for (sort, _) in types.into_iter().filter(|(_, needed)| *needed) {
        let own = format!("{}-{}", own_name(component, name), sort.to_ascii_lowercase());
        let marks = marks_of(&build.blueprint.stack, &zone.name);
        let spec = DnsRecord {
            hosted_zone_id: zone.id.clone(),
            name: host.into(),
            sort: sort.into(),
            alias_target: AliasTarget {
                dns_name: target.dns_name.clone(),
                hosted_zone_id: target.hosted_zone_id.clone(),
                evaluate_target_health: false,
            },
            mark: Mark { name: format!("{own}.{marks}"), component: component.into() },
        };
        build.add(component, &own, &spec);
    }
}

/// `alb-main` for `load_balancers.main`: entry points of two sections may have the same name.
fn own_name(component: &str, name: &str) -> String {
    let prefix = match component.split('.').next() {
        Some("cdn") => "cdn",
        Some("rate_limits") => "api",
        _ => "alb",
    };
    format!("{prefix}-{name}")
}

/// The hosted zone of a domain: the configured one, or else the one with the longest matching
/// suffix. None is an error; this function reports it.
fn zone(build: &mut Build, component: &str, domain: &Domain, host: &str) -> Option<HostedZone> {
    let zones = &build.facts.hosted_zones;
    let found = match &domain.zone {
        Some(wanted) => zones.iter().find(|zone| zone.id == *wanted || zone.name == *wanted),
        None => zones.iter().filter(|zone| zone.may_hold(host)).max_by_key(|zone| zone.name.len()),
    };
    if let Some(found) = found {
        return Some(found.clone());
    }
    let report = match &domain.zone {
        Some(wanted) => {
            let summary = format!("this account has no public hosted zone `{wanted}`");
            let help =
                "set a zone of this account, or remove `zone`: the longest matching suffix is used";
            build.blueprint.at(&format!("{component}.zone"), code::UNKNOWN_ZONE, summary, help)
        }
        None => {
            let own = format!("{component}.domain");
            let path = if domain_is_own(build, component) { own } else { "domain".to_string() };
            let summary = format!("no public hosted zone of this account contains `{host}`");
            let help = "create the zone in Route 53; or, if the DNS is hosted elsewhere, set \
                        `certificate: arn:aws:acm:…` and `dns: false` on the entry point";
            build.blueprint.at(&path, code::NO_ZONE, summary, help)
        }
    };
    build.report_once(report);
    None
}

/// Whether the entry point has a domain of its own, rather than the blueprint's.
fn domain_is_own(build: &Build, component: &str) -> bool {
    let taker = build.blueprint.domain_owner();
    taker.is_none_or(|(section, name)| format!("{section}.{name}") != component)
}
