//! A blueprint describes the stack that the user wants. This module parses, merges, decodes and checks
//! it and fills in every default.
//!
//! [`load`] is pure: the caller reads the files, the environment and the command line.

pub mod bucket;
pub mod cache;
pub mod cdn;
mod check;
pub mod database;
pub mod domain;
mod entry_points;
mod file;
pub mod language;
mod load;
pub mod load_balancer;
pub mod monitoring;
pub mod network;
mod options;
pub mod overrides;
mod preset;
pub mod queue;
pub mod rate_limit;
mod routing;
mod scaling_target;
pub mod secret;
pub mod service;
mod stack;
mod tags;
pub mod window;
pub mod workload;

pub use bucket::Bucket;
pub use cache::Cache;
pub use cdn::Cdn;
pub use database::Database;
pub use load::load;
pub use load_balancer::LoadBalancer;
pub use load_balancer::route::Route;
pub use load_balancer::rule::ListenerRule;
pub use monitoring::Monitoring;
pub use network::Network;
pub use options::{Options, Reader, SourceFile};
pub use overrides::Specs;
pub use preset::Preset;
pub use queue::Queue;
pub use rate_limit::RateLimit;
pub use secret::Secret;
pub use service::Service;
pub use service::scale::Scale;
pub use stack::Blueprint;
pub use workload::Workload;
