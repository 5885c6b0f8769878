//! `spot` of a service: instances that cost less and may be taken back.

use serde::Serialize;

use super::scale::schedule::instances;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::units::Percent;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spot {
    /// Of the instances above `on_demand_base`.
    pub share: Percent,
    pub on_demand_base: u32,
    pub strategy: SpotStrategy,
    /// Replaces an instance that is likely to be taken back before it is.
    pub rebalance: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpotStrategy {
    PriceCapacityOptimized,
    CapacityOptimized,
    CapacityOptimizedPrioritized,
    LowestPrice,
}

pub(crate) fn decode(value: Value<'_>) -> Option<Spot> {
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
