//! Certificates and alias records of doors.
use crate::blueprint::domain::Domain;
use crate::desired::build::Build;
use crate::desired::code;
use crate::facts::EDGE_REGION;
use crate::facts::HostedZone;
use crate::kinds::acm::certificate::{Certificate, Validation};
use crate::kinds::route53::dns_record::{AliasTarget, DnsRecord, Mark, marks_of};

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
pub fn host(build: &Build, section: &str, name: &str, domain: &Domain) -> Option<String> {
    let takes = || {
        let (taker_section, taker) = build.blueprint.taker()?;
        let own = taker_section == section && taker == name;
        build.blueprint.domain.clone().filter(|_| own)
    };
    domain.name.clone().or_else(takes)
}

/// The ARN of the door's certificate: the given one, or one made for `host` and validated by DNS.
/// None where it is to be made and no zone can validate it, which has been reported.
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

/// Alias records that lead `host` to the door, unless `dns` is off.
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
    let sorts = [("A", true), ("AAAA", target.ipv6)];
    for (sort, _) in sorts.into_iter().filter(|(_, wanted)| *wanted) {
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

/// `alb-main` for `load_balancers.main`: names of doors count within their section only.
fn own_name(component: &str, name: &str) -> String {
    let prefix = match component.split('.').next() {
        Some("cdn") => "cdn",
        Some("rate_limits") => "api",
        _ => "alb",
    };
    format!("{prefix}-{name}")
}

/// The hosted zone of a domain: the one that is named, else the one that holds most of it. None is
/// an error, which this reports.
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
            let summary = format!("there is no public hosted zone `{wanted}`");
            let help = "name one of this account, or leave it out: the longest suffix of the domain is taken";
            build.blueprint.at(&format!("{component}.zone"), code::UNKNOWN_ZONE, summary, help)
        }
        None => {
            let own = format!("{component}.domain");
            let path = if domain_is_own(build, component) { own } else { "domain".to_string() };
            let summary = format!("no public hosted zone of this account holds `{host}`");
            let help = "make the zone in Route 53; or, to keep the DNS elsewhere, write \
                        `certificate: arn:aws:acm:…` and `dns: false` in the door that takes it";
            build.blueprint.at(&path, code::NO_ZONE, summary, help)
        }
    };
    build.report_once(report);
    None
}

/// Whether a door's domain is written in the door itself.
fn domain_is_own(build: &Build, component: &str) -> bool {
    let taker = build.blueprint.taker();
    taker.is_none_or(|(section, name)| format!("{section}.{name}") != component)
}
