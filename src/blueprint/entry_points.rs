//! The entry points of a stack: which components receive requests from the internet, and which of them
//! has the domain of the blueprint.

use std::collections::BTreeSet;

use super::language::node::{Content, Node};
use super::load_balancer::Scheme;
use super::stack::Blueprint;

/// Sets the domain of the load balancer that has the domain of the blueprint. Turns off
/// `redirect_http` of load balancers without TLS, which cannot redirect to HTTPS.
pub(super) fn assign_domain(blueprint: &mut Blueprint) {
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

impl Blueprint {
    /// The sections that contain entry points, the outermost section first.
    pub const ENTRY_POINTS: &[&str] = &["cdn", "rate_limits", "load_balancers"];

    /// The names of the entry points of a section: all CDNs, the entries of `rate_limits` that create
    /// an API, the internet-facing load balancers.
    pub fn entry_points(&self, section: &str) -> Vec<String> {
        let is_entry_point = |name: &&String| match section {
            "rate_limits" => self.is_api(name),
            "load_balancers" => {
                let balancer = self.load_balancers.get(*name);
                balancer.is_some_and(|balancer| balancer.scheme == Scheme::InternetFacing)
            }
            _ => true,
        };
        let names = self.document.get(section).and_then(Node::map).into_iter().flatten();
        names.map(|(name, _)| name).filter(is_entry_point).cloned().collect()
    }

    /// Whether an entry of `rate_limits` creates an API. Otherwise it is only a firewall.
    pub fn is_api(&self, name: &str) -> bool {
        let entry = self.entry("rate_limits", name);
        entry.is_some_and(|entry| entry.get("to").is_some() || entry.get("url").is_some())
    }

    /// The entry points that the domain of the blueprint could belong to, as section and name: those
    /// without a domain of their own, in the outermost section that contains any.
    pub fn domain_candidates(&self) -> Vec<(&'static str, String)> {
        let has_domain = |section: &str, name: &str| {
            self.entry(section, name).is_some_and(|entry| entry.get("domain").is_some())
        };
        let in_section = |section: &'static str| -> Vec<(&'static str, String)> {
            let names = self.entry_points(section).into_iter();
            names.filter(|name| !has_domain(section, name)).map(|name| (section, name)).collect()
        };
        let mut sections = Self::ENTRY_POINTS.iter().map(|section| in_section(section));
        sections.find(|candidates| !candidates.is_empty()).unwrap_or_default()
    }

    /// The section and name of the entry point that has the domain of the blueprint; none if the
    /// blueprint has no domain, or not exactly one candidate for it.
    pub fn domain_owner(&self) -> Option<(&'static str, String)> {
        self.domain.as_ref()?;
        let mut candidates = self.domain_candidates();
        if candidates.len() == 1 { candidates.pop() } else { None }
    }

    /// The entries of a section that send requests to a component, such as `load_balancers.main`.
    pub fn leads_to(&self, section: &str, target: &str) -> Vec<String> {
        let name = target.rsplit('.').next().unwrap_or_default();
        let is_target = |text: &str| text == target || section == "rate_limits" && text == name;
        let entries = self.document.get(section).and_then(Node::map).into_iter().flatten();
        let entries = entries.filter(|(_, entry)| has_target(&entry.value, &is_target));
        entries.map(|(name, _)| name.clone()).collect()
    }

    /// The domains of all entry points and all `zone` settings, for which hosted zones are needed.
    pub fn zones_wanted(&self) -> BTreeSet<String> {
        let text = |node: &Node| node.scalar().map(|scalar| scalar.text.clone());
        let sections =
            Self::ENTRY_POINTS.iter().filter_map(|section| self.document.get(section)?.map());
        let entries: Vec<&Node> =
            sections.flat_map(|map| map.values()).map(|entry| &entry.value).collect();
        let values = |key: &'static str| {
            entries.iter().filter_map(move |entry| entry.get(key).and_then(text))
        };
        let own = self.domain_owner().and_then(|_| self.domain.clone());
        values("zone").chain(values("domain")).chain(own).collect()
    }

    fn entry(&self, section: &str, name: &str) -> Option<&Node> {
        self.document.get(section)?.get(name)
    }
}

/// Whether a `to` anywhere in the node is a target.
fn has_target(node: &Node, is_target: &dyn Fn(&str) -> bool) -> bool {
    match &node.content {
        Content::Map(map) => map.iter().any(|(key, entry)| {
            let to = entry.value.scalar().filter(|_| key == "to");
            to.is_some_and(|to| is_target(&to.text)) || has_target(&entry.value, is_target)
        }),
        Content::List(items) => items.iter().any(|item| has_target(item, is_target)),
        Content::Scalar(_) | Content::Unresolved => false,
    }
}
