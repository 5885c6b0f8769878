//! `rollout` of a service: how a new version replaces the instances of the old one.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// Of the desired number, 0 to 100.
    pub min_healthy_percent: u32,
    /// Of the desired number, 100 to 200, at most 100 above `min_healthy_percent`.
    pub max_healthy_percent: u32,
    /// Time to watch before the rollout counts as done.
    pub bake_s: u32,
    pub auto_rollback: bool,
    /// Leaves instances alone that are already as wanted.
    pub skip_matching: bool,
    /// Percentages at which to pause, rising.
    pub checkpoints: Vec<u32>,
    pub checkpoint_delay_s: u32,
    /// Names of CloudWatch alarms that stop it.
    pub alarms: Vec<String>,
}
