//! From a blueprint and the facts to the resources that are wanted: one file a component.
//!
//! Pure. Edges are not written here: they are read off the references in the specs.
mod access;
mod balancer;
mod bucket;
mod build;
mod cdn;
mod cdn_origin;
mod cdn_route;
mod code;
mod domain;
mod endpoints;
mod firewall;
mod graph;
mod group;
mod identity;
mod layout;
mod logs;
mod network;
mod overrides;
mod policies;
mod query;
mod routes;
mod service;
mod steps;
mod template;
mod user_data;

pub use graph::{GraphError, graph};
pub use query::query;

use crate::blueprint::Blueprint;
use crate::diagnostic::Diagnostics;
use crate::facts::Facts;
use crate::resource::Resource;
use crate::spec::Kinds;
use build::Build;

/// Everything that a blueprint asks for, in the order in which one would tell it.
///
/// # Errors
/// What is wrong with the blueprint once the account is known: zones, instance types, images that
/// are not there, overrides that do not fit.
pub fn desired(
    blueprint: &Blueprint,
    facts: &Facts,
    kinds: Kinds,
) -> Result<Vec<Resource>, Diagnostics> {
    let mut build = Build::new(blueprint, facts);
    let network = blueprint.network.as_ref().map(|wanted| network::expand(&mut build, wanted));
    logs::expand(&mut build);
    for (name, bucket) in &blueprint.buckets {
        bucket::expand(&mut build, name, bucket);
    }
    if let Some(network) = &network {
        for (name, balancer) in &blueprint.load_balancers {
            balancer::expand(&mut build, network, name, balancer);
        }
        for (name, service) in &blueprint.services {
            service::expand(&mut build, network, name, service);
        }
    }
    for (name, cdn) in &blueprint.cdn {
        cdn::expand(&mut build, name, cdn);
    }
    overrides::apply(&mut build, kinds);
    build.finish()
}
