//! `spot` of a service: Spot Instances, which cost less and which EC2 may interrupt.

use serde::Serialize;

use super::scale::schedule::instances;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::units::Percent;

/// The mix of Spot and On-Demand Instances.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spot {
    /// Share of Spot Instances among the instances above `on_demand_base`.
    pub share: Percent,
    /// Number of instances that are always On-Demand Instances. Default: 0.
    pub on_demand_base: u32,
    /// Default: price-capacity-optimized.
    pub strategy: SpotStrategy,
    /// Whether an instance that is likely to be interrupted is replaced before the interruption.
    /// Default: true.
    pub rebalance: bool,
}

/// EC2 strategies that choose the Spot pools to launch from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpotStrategy {
    PriceCapacityOptimized,
    CapacityOptimized,
    CapacityOptimizedPrioritized,
    LowestPrice,
}

pub(super) fn decode(value: Value<'_>) -> Option<Spot> {
    value.fields(|fields| {
        let share = fields.required("share", "share: 80%", |value| value.percent(0.0..=100.0));
        Some(Spot {
            on_demand_base: fields.or("on_demand_base", 0, instances),
            strategy: fields.or("strategy", SpotStrategy::PriceCapacityOptimized, |value| {
                value.word(&[
                    ("price_capacity_optimized", SpotStrategy::PriceCapacityOptimized),
                    ("capacity_optimized", SpotStrategy::CapacityOptimized),
                    ("capacity_optimized_prioritized", SpotStrategy::CapacityOptimizedPrioritized),
                    ("lowest_price", SpotStrategy::LowestPrice),
                ])
            }),
            rebalance: fields.or("rebalance", true, Value::boolean),
            share: share?,
        })
    })?
}
