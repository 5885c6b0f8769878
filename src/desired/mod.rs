//! Expands a blueprint and the facts about the account into desired resources: a file or folder for
//! each section.
//!
//! Pure. Nothing here adds edges of the dependency graph: they follow from the references in specs.
mod bucket;
mod build;
mod cache;
mod cdn;
mod code;
mod database;
mod graph;
mod load_balancer;
mod monitoring;
mod network;
mod overrides;
mod property;
mod query;
mod queue;
mod rate_limit;
mod resources;
mod secret;
mod service;
mod shared;

pub use graph::{GraphError, graph};
pub use query::query;

use crate::blueprint::Blueprint;
use crate::diagnostic::Diagnostics;
use crate::facts::Facts;
use crate::resource::Resource;
use crate::spec::Registry;
use build::Build;

/// Every resource of a blueprint, in reading order.
///
/// # Errors
/// Errors of the blueprint that depend on the account: zones, instance types and images that do not
/// exist, overrides that do not fit.
pub fn desired(
    blueprint: &Blueprint,
    facts: &Facts,
    kinds: Registry,
) -> Result<Vec<Resource>, Diagnostics> {
    let mut build = Build::new(blueprint, facts);
    let network = blueprint.network.as_ref().map(|wanted| network::expand(&mut build, wanted));
    for (name, queue) in &blueprint.queues {
        queue::expand(&mut build, name, queue);
    }
    shared::logs::expand(&mut build);
    for (name, bucket) in &blueprint.buckets {
        bucket::expand(&mut build, name, bucket);
    }
    for (name, secret) in &blueprint.secrets {
        secret::expand(&mut build, name, secret);
    }
    if let Some(network) = &network {
        for (name, wanted) in &blueprint.caches {
            cache::expand(&mut build, network, name, wanted);
        }
        for (name, wanted) in &blueprint.databases {
            database::expand(&mut build, network, name, wanted);
        }
    }
    // Services come later: they look up which facts have a parameter.
    shared::connections::expand(&mut build);
    if let Some(network) = &network {
        for (name, balancer) in &blueprint.load_balancers {
            load_balancer::expand(&mut build, network, name, balancer);
        }
        for (name, service) in &blueprint.services {
            service::expand(&mut build, network, name, service);
        }
    }
    for (name, api) in &blueprint.rate_limits {
        rate_limit::expand(&mut build, network.as_ref(), name, api);
    }
    for (name, cdn) in &blueprint.cdn {
        cdn::expand(&mut build, name, cdn);
    }
    rate_limit::firewall::expand(&mut build);
    monitoring::expand(&mut build);
    resources::expand(&mut build, kinds);
    overrides::apply(&mut build, kinds);
    resources::check_references(&mut build, kinds);
    build.finish()
}
