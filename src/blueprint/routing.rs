//! How requests reach services: what depends on several sections of a blueprint at once.

use super::cdn::{Cdn, CdnRoute, Origin};
use super::load_balancer::Scheme;
use super::load_balancer::rule::{self, ListenerRule};
use super::stack::Blueprint;

impl Blueprint {
    /// The listener rules of all load balancers, sorted by load balancer and priority.
    pub fn listener_rules(&self) -> Vec<ListenerRule> {
        let routes = self.services.iter().flat_map(|(service, of)| {
            of.routes.iter().enumerate().map(move |(index, route)| (service, index, route))
        });
        rule::prioritized(routes.flat_map(|(service, index, route)| {
            let rules =
                rule::split(service, index, route, self.rule_value_limit(&route.load_balancer));
            rules.into_iter().map(move |rule| (route.priority, rule))
        }))
    }

    /// The number of condition values that a route may use in one rule of a load balancer: the
    /// limit of AWS without the values that the origin secrets of CDNs take.
    pub fn rule_value_limit(&self, balancer: &str) -> usize {
        rule::value_limit(self.public_cdns(balancer).len())
    }

    /// The CDNs that reach a load balancer over the internet; the load balancer admits them by
    /// their origin secret. None for an internal load balancer, which CDNs reach within its VPC.
    pub fn public_cdns(&self, balancer: &str) -> Vec<&str> {
        let of = self.load_balancers.get(balancer);
        if of.is_none_or(|of| of.scheme == Scheme::Internal) {
            return Vec::new();
        }
        let is_origin =
            |route: &CdnRoute| matches!(&route.to, Origin::LoadBalancer(to) if to == balancer);
        let uses_it = |(_, cdn): &(&String, &Cdn)| cdn.routes.iter().any(is_origin);
        self.cdn.iter().filter(uses_it).map(|(name, _)| name.as_str()).collect()
    }
}
