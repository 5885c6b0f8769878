//! `services`: the resources of a service, in reading order.
mod grants;
mod group;
mod identity;
mod parts;
mod scaling;
mod template;
mod user_data;

use super::build::{Build, Handle};
use super::load_balancer;
use super::load_balancer::routes;
use super::network::Network;
use super::shared::access::{self, HTTPS, Peer};
use crate::blueprint::Service;
use parts::Parts;

const ANYWHERE: &str = "0.0.0.0/0";

pub fn expand(build: &mut Build, network: &Network, name: &str, service: &Service) {
    let component = format!("services.{name}");
    let firewall = access::group(build, &network.vpc, &component, name);
    allow_egress(build, network, &component, name, &firewall);
    let user = grants::User { component: &component, name, group: &firewall };
    let grants = grants::expand(build, &user, service);
    let profile = identity::expand(build, &component, name, service, &grants);
    let targets = routes::expand(build, network, &component, name, service);
    for target in &targets {
        let balancer_group = load_balancer::group(&target.balancer);
        let from = (balancer_group.name.as_str(), &balancer_group);
        let mut ports: Vec<u16> = service.port.into_iter().chain(service.health.port).collect();
        ports.sort_unstable();
        ports.dedup();
        for port in ports {
            access::connect(build, &component, from, (name, &firewall), port);
        }
    }
    let inputs = template::Inputs { group: &firewall, profile: &profile, grants: &grants };
    let template = template::expand(build, &component, name, service, &inputs);
    let parts = Parts { component, name, service, targets };
    let scaling_group = group::expand(build, network, &parts, &template);
    scaling::expand(build, &parts, &scaling_group);
}

/// Allows instances to connect to HTTPS anywhere, and to the stack's VPC endpoints.
fn allow_egress(build: &mut Build, network: &Network, component: &str, name: &str, own: &Handle) {
    let rule = format!("{name}-to-internet-{HTTPS}");
    let anywhere = Peer::Cidr(ANYWHERE.into());
    access::allow_out(build, component, &rule, own, HTTPS, &anywhere);
    if let Some(endpoints) = &network.endpoints {
        let rule = format!("{}-from-{name}-{HTTPS}", endpoints.name);
        access::allow_in(
            build,
            component,
            &rule,
            endpoints,
            HTTPS,
            &Peer::Group(&own.output("id")),
        );
    }
}
