//! Checks of the network: its subnets have enough addresses, and an existing network has enough
//! subnets.

use super::super::load_balancer::{IpAddresses, Scheme};
use super::super::network::{ExistingNetwork, Network};
use super::super::service::SubnetRole;
use super::Check;
use crate::blueprint::language::code;

/// The number of addresses that AWS reserves in every subnet.
const RESERVED: u64 = 5;
/// The number of free addresses that a load balancer needs in each subnet.
const PER_LOAD_BALANCER: u64 = 8;

impl Check<'_> {
    pub fn network(&self) {
        let Some(network) = &self.blueprint.network else {
            return;
        };
        match &network.existing {
            Some(existing) => self.existing(existing),
            None => self.new_network(network),
        }
    }

    fn new_network(&self, network: &Network) {
        for (name, load_balancer) in &self.blueprint.load_balancers {
            if load_balancer.ip_addresses == IpAddresses::Dualstack {
                let path = format!("load_balancers.{name}.ip_addresses");
                let summary = "networks that tenfold creates have no IPv6";
                let report = self.error(&path, code::NO_IPV6, summary, "needs IPv6");
                self.report(report.help("write `ip_addresses: ipv4`, or use an existing network with IPv6: `network: { vpc: … }`"));
            }
        }
        self.capacity(network, SubnetRole::App, 4, Scheme::Internal);
        self.capacity(network, SubnetRole::Public, 8, Scheme::InternetFacing);
    }

    /// Reports if the subnets of a role have fewer addresses than the largest number of instances. The
    /// prefix of these subnets is `bits` longer than that of the VPC.
    fn capacity(&self, network: &Network, role: SubnetRole, bits: u8, scheme: Scheme) {
        let host_bits = 32_u8.saturating_sub(network.cidr.prefix_len() + bits);
        let usable = (1_u64 << host_bits).saturating_sub(RESERVED);
        let balancers = self.blueprint.load_balancers.values();
        let balancers = balancers.filter(|balancer| balancer.scheme == scheme).count() as u64;
        let zones = u64::from(network.zones);
        let capacity = zones * usable.saturating_sub(balancers * PER_LOAD_BALANCER);
        let in_role = || {
            let services = self.blueprint.services.iter();
            services.filter(|(_, service)| service.subnets == role)
        };
        let wanted: u64 = in_role().map(|(_, service)| u64::from(service.max_instances())).sum();
        if wanted <= capacity {
            return;
        }
        let Some((name, largest)) = in_role().max_by_key(|(_, service)| service.max_instances())
        else {
            return;
        };
        let summary = format!(
            "the subnets have addresses for {capacity} instances, but there can be {wanted}"
        );
        let path = format!("services.{name}.scale.max");
        let label = format!("up to {} instances", largest.max_instances());
        let report = self.error(&path, code::NETWORK_FULL, &summary, &label);
        let report = self.mark(report, "network.cidr", "divided among the subnets");
        self.report(
            report.help("write a larger `cidr` (at most a /16), more `zones`, or a lower `max`"),
        );
    }

    /// Reports if an existing network has too few subnets for the components.
    fn existing(&self, existing: &ExistingNetwork) {
        let subnets = &existing.subnets;
        for (name, load_balancer) in &self.blueprint.load_balancers {
            let (role, ids) = match load_balancer.scheme {
                Scheme::Internal => ("app", &subnets.app),
                Scheme::InternetFacing => ("public", &subnets.public),
            };
            let path = format!("load_balancers.{name}");
            self.enough(&path, "a load balancer", role, ids.len(), 2);
        }
        for (name, service) in &self.blueprint.services {
            let (role, ids) = match service.subnets {
                SubnetRole::App => ("app", &subnets.app),
                SubnetRole::Public => ("public", &subnets.public),
            };
            self.enough(&format!("services.{name}"), "a service", role, ids.len(), 1);
        }
        for (name, cache) in &self.blueprint.caches {
            let least = if cache.multi_az { 2 } else { 1 };
            let path = format!("caches.{name}");
            self.enough(&path, "a cache", "data", subnets.data.len(), least);
        }
    }

    fn enough(&self, path: &str, what: &str, role: &str, number: usize, least: usize) {
        let written = format!("network.subnets.{role}");
        if number >= least || (number == 0 && self.is_written(&written)) {
            return;
        }
        let subnets = if least == 1 { "subnet" } else { "subnets" };
        let summary = format!("{what} needs at least {least} `{role}` {subnets}");
        let label = format!("uses `{role}` subnets");
        let report = self.error(path, code::TOO_FEW_SUBNETS, &summary, &label);
        let report = self.mark(report, &written, &format!("contains {number}"));
        let help = match least {
            1 => format!("add subnets: `{role}: [subnet-…, subnet-…]`"),
            _ => format!("add subnets in at least two zones: `{role}: [subnet-…, subnet-…]`"),
        };
        self.report(report.help(help));
    }
}
