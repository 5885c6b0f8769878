//! `domain` of a door, and what goes with it; which door takes the blueprint's own.

use serde::Serialize;
use std::collections::BTreeSet;

use super::Blueprint;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::node::{Content, Node};
use super::load_balancer::{self, LoadBalancer, Scheme};

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

/// Gives the load balancer that takes the blueprint's domain that domain, and says of those that
/// do not speak TLS that there is nothing to redirect to.
pub(super) fn settle(blueprint: &mut Blueprint) {
    if let Some((section, name)) = blueprint.domain_owner()
        && section == "load_balancers"
    {
        let domain = blueprint.domain.clone();
        blueprint.load_balancers.entry(name).and_modify(|balancer| balancer.domain = domain);
    }
    for balancer in blueprint.load_balancers.values_mut() {
        balancer.redirect_http &= balancer.is_tls();
    }
}

impl LoadBalancer {
    /// Its side of a door.
    pub fn domain_settings(&self) -> Domain {
        Domain {
            name: self.domain.clone(),
            zone: self.zone.clone(),
            dns: self.dns,
            certificates: self.certificates.clone(),
        }
    }
}

impl Blueprint {
    /// The sections that are doors to the world, the outermost first.
    pub const ENTRY_POINTS: &[&str] = &["cdn", "rate_limits", "load_balancers"];

    /// The doors of a section: all distributions, the entries of `rate_limits` that make an API,
    /// the load balancers that face the internet.
    pub fn entry_points(&self, section: &str) -> Vec<String> {
        let is_door = |name: &&String| match section {
            "rate_limits" => self.is_api(name),
            "load_balancers" => {
                let balancer = self.load_balancers.get(*name);
                balancer.is_some_and(|balancer| balancer.scheme == Scheme::InternetFacing)
            }
            _ => true,
        };
        let names = self.document.get(section).and_then(Node::map).into_iter().flatten();
        names.map(|(name, _)| name).filter(is_door).cloned().collect()
    }

    /// Whether an entry of `rate_limits` makes an API, or is a firewall alone.
    pub fn is_api(&self, name: &str) -> bool {
        let entry = self.entry("rate_limits", name);
        entry.is_some_and(|entry| entry.get("to").is_some() || entry.get("url").is_some())
    }

    /// The doors that the blueprint's own domain may mean: those without one of their own, in the
    /// outermost section that has such.
    pub fn domain_candidates(&self) -> Vec<(&'static str, String)> {
        let own = |section: &str, name: &str| {
            self.entry(section, name).is_some_and(|entry| entry.get("domain").is_some())
        };
        let of = |section: &'static str| -> Vec<(&'static str, String)> {
            let doors = self.entry_points(section).into_iter();
            doors.filter(|name| !own(section, name)).map(|name| (section, name)).collect()
        };
        Self::ENTRY_POINTS
            .iter()
            .map(|section| of(section))
            .find(|of| !of.is_empty())
            .unwrap_or_default()
    }

    /// The door that takes the blueprint's own domain, if it has one.
    pub fn domain_owner(&self) -> Option<(&'static str, String)> {
        self.domain.as_ref()?;
        let mut takers = self.domain_candidates();
        if takers.len() == 1 { takers.pop() } else { None }
    }

    /// The entries of a section that lead to a component, such as `load_balancers.main`.
    pub fn leads_to(&self, section: &str, target: &str) -> Vec<String> {
        let bare = target.rsplit('.').next().unwrap_or_default();
        let leads = |text: &str| text == target || section == "rate_limits" && text == bare;
        let entries = self.document.get(section).and_then(Node::map).into_iter().flatten();
        let entries = entries.filter(|(_, entry)| any_to(&entry.value, &leads));
        entries.map(|(name, _)| name.clone()).collect()
    }

    /// Every domain that a door answers at, and every zone that is named: what to look for among
    /// the hosted zones.
    pub fn zones_wanted(&self) -> BTreeSet<String> {
        let text = |node: &Node| node.scalar().map(|scalar| scalar.text.clone());
        let doors =
            Self::ENTRY_POINTS.iter().filter_map(|section| self.document.get(section)?.map());
        let doors = doors.flat_map(|map| map.values());
        let written = |key: &'static str| move |node: &Node| node.get(key).and_then(text);
        let named: Vec<Node> = doors.map(|entry| entry.value.clone()).collect();
        let zones = named.iter().filter_map(written("zone"));
        let domains = named.iter().filter_map(written("domain"));
        let own = self.domain_owner().and_then(|_| self.domain.clone());
        zones.chain(domains).chain(own).collect()
    }

    fn entry(&self, section: &str, name: &str) -> Option<&Node> {
        self.document.get(section)?.get(name)
    }
}

/// Whether any `to` below will do.
fn any_to(node: &Node, leads: &dyn Fn(&str) -> bool) -> bool {
    match &node.content {
        Content::Map(map) => map.iter().any(|(key, entry)| {
            let to = entry.value.scalar().filter(|_| key == "to");
            to.is_some_and(|to| leads(&to.text)) || any_to(&entry.value, leads)
        }),
        Content::List(items) => items.iter().any(|item| any_to(item, leads)),
        Content::Scalar(_) | Content::Unresolved => false,
    }
}
