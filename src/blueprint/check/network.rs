//! Checks of the network: it has room, and subnets, for what is put into it.

use super::super::load_balancer::{IpAddresses, Scheme};
use super::super::network::{ExistingNetwork, Network};
use super::super::service::SubnetRole;
use super::Check;
use crate::blueprint::language::code;

/// Addresses AWS keeps in every subnet.
const RESERVED: u64 = 5;
/// Addresses a load balancer needs free in each subnet.
const PER_LOAD_BALANCER: u64 = 8;

impl Check<'_> {
    pub fn network(&self) {
        let Some(network) = &self.blueprint.network else {
            return;
        };
        match &network.existing {
            Some(existing) => self.existing(existing),
            None => self.own(network),
        }
    }

    fn own(&self, network: &Network) {
        for (name, load_balancer) in &self.blueprint.load_balancers {
            if load_balancer.ip_addresses == IpAddresses::Dualstack {
                let path = format!("load_balancers.{name}.ip_addresses");
                let summary = "tenfold's own network has no IPv6";
                let report = self.error(&path, code::NO_IPV6, summary, "needs it");
                self.report(report.help("write `ip_addresses: ipv4`, or name a network that has it: `network: { vpc: … }`"));
            }
        }
        self.room(network, SubnetRole::App, 4, Scheme::Internal);
        self.room(network, SubnetRole::Public, 8, Scheme::InternetFacing);
    }

    /// Whether the subnets of a role, `bits` longer than the VPC, hold the most there can be.
    fn room(&self, network: &Network, role: SubnetRole, bits: u8, scheme: Scheme) {
        let host_bits = 32_u8.saturating_sub(network.cidr.prefix_len() + bits);
        let usable = (1_u64 << host_bits).saturating_sub(RESERVED);
        let balancers = self.blueprint.load_balancers.values();
        let balancers = balancers.filter(|balancer| balancer.scheme == scheme).count() as u64;
        let zones = u64::from(network.zones);
        let room = zones * usable.saturating_sub(balancers * PER_LOAD_BALANCER);
        let inside = || {
            let services = self.blueprint.services.iter();
            services.filter(|(_, service)| service.subnets == role)
        };
        let wanted: u64 = inside().map(|(_, service)| u64::from(service.max_instances())).sum();
        if wanted <= room {
            return;
        }
        let Some((name, largest)) = inside().max_by_key(|(_, service)| service.max_instances())
        else {
            return;
        };
        let summary = format!("room for {room} instances, but up to {wanted} of them");
        let path = format!("services.{name}.scale.max");
        let label = format!("up to {}", largest.max_instances());
        let report = self.error(&path, code::NETWORK_FULL, &summary, &label);
        let report = self.mark(report, "network.cidr", "divided into subnets");
        self.report(
            report.help("write a larger `cidr` (a /16 at most), more `zones`, or a lower `max`"),
        );
    }

    /// Whether an existing network names the subnets that are used.
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
        let summary = format!("{what} needs {least} or more `{role}` subnets");
        let report = self.error(path, code::TOO_FEW_SUBNETS, &summary, "goes into them");
        let report = self.mark(report, &written, &format!("names {number}"));
        let help = match least {
            1 => format!("write `{role}: [subnet-…, subnet-…]`"),
            _ => format!("write `{role}: [subnet-…, subnet-…]`, in two zones at least"),
        };
        self.report(report.help(help));
    }
}
