//! Kinds of Elastic Load Balancing.
pub mod listener;
pub mod listener_rule;
pub mod load_balancer;
pub mod target_group;
