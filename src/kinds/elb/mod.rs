//! Kinds of Elastic Load Balancing.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod listener;
pub mod listener_rule;
pub mod load_balancer;
pub mod target_group;
