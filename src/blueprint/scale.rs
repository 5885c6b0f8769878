//! `scale` of a service: how many instances, and what moves the number.

use serde::Serialize;
use std::collections::BTreeMap;

use super::units::{Percent, Rate};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scale {
    pub min: u32,
    pub max: u32,
    pub targets: Targets,
    /// Step policies by name.
    pub steps: BTreeMap<String, StepPolicy>,
    /// Windows by name.
    pub schedule: BTreeMap<String, Window>,
    pub predictive: Option<Predictive>,
    /// Time until a new instance counts in the metrics.
    pub warmup_s: u32,
}

/// What target tracking holds; several combine by the largest.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Targets {
    pub cpu: Option<Target<Percent>>,
    /// Requests per instance.
    pub requests: Option<Target<Rate>>,
    /// Bytes per instance.
    pub network_in: Option<Target<Rate>>,
    /// Bytes per instance.
    pub network_out: Option<Target<Rate>>,
    pub metrics: BTreeMap<String, MetricTarget>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target<T> {
    pub target: T,
    /// Whether it may also take instances away.
    pub scale_in: bool,
}

/// A metric of CloudWatch that falls as instances are added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricTarget {
    pub metric: Metric,
    /// In the metric's own unit.
    pub target: f64,
    pub scale_in: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    pub namespace: String,
    pub name: String,
    pub statistic: Statistic,
    pub dimensions: BTreeMap<String, String>,
    pub unit: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    Average,
    Minimum,
    Maximum,
    SampleCount,
    Sum,
}

/// Step scaling: the further the metric beyond its threshold, the larger the change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPolicy {
    pub metric: StepMetric,
    pub period_s: u32,
    /// Periods in a row before it acts.
    pub evaluations: u32,
    pub direction: Direction,
    pub adjustment: Adjustment,
    /// At least so many instances when `adjustment` is a percentage.
    pub min_change: Option<u32>,
    /// Nearest threshold first; the first is the alarm's.
    pub changes: Vec<StepChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepMetric {
    /// Average CPU of the group, in percent.
    Cpu,
    Metric(Metric),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Above,
    Below,
}

/// What the `change` of a step counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Instances added or taken away.
    Count,
    /// Percent of the present number.
    Percent,
    /// The number itself.
    Exact,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepChange {
    /// In the metric's own unit, absolute.
    pub threshold: f64,
    pub change: i32,
}

/// Between `start` and `end` these limits hold; afterwards those of `scale` again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    /// Five cron fields in `time_zone`.
    pub start: String,
    /// Five cron fields in `time_zone`.
    pub end: String,
    /// IANA name.
    pub time_zone: String,
    pub min: Option<u32>,
    pub max: Option<u32>,
    pub desired: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predictive {
    pub mode: PredictiveMode,
    /// Instances start this long before the forecast wants them.
    pub buffer_s: u32,
    /// How far a forecast may go beyond `max`; none: not at all.
    pub beyond_max: Option<Percent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PredictiveMode {
    /// Watch only.
    Forecast,
    Scale,
}
