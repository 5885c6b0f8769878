//! `scale` of a service: how many instances it has, and what changes that number.
pub mod cron;
pub mod schedule;
pub mod step;
pub mod target;

use serde::Serialize;
use std::collections::BTreeMap;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::{Decoder, Value};
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::Percent;
use schedule::instances;

pub use schedule::Window;
pub use step::{Adjustment, Direction, StepChange, StepMetric, StepPolicy};
pub use target::{Metric, MetricTarget, Statistic, Target, Targets};

/// The number of instances of a service, and the policies that change it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scale {
    /// Default: 2, with the `dev` preset 1; at most `max`.
    pub min: u32,
    /// Default: three times `min`, at least 1.
    pub max: u32,
    /// Target tracking. Default without `steps`: 55% CPU, or the backlog of the consumed queues.
    pub targets: Targets,
    /// Step scaling policies by name.
    pub steps: BTreeMap<String, StepPolicy>,
    /// Windows with their own limits by name.
    pub schedule: BTreeMap<String, Window>,
    /// None: no predictive scaling, which is the default.
    pub predictive: Option<Predictive>,
    /// Seconds until the metrics include a new instance, 0 to 3600. Default: 90.
    pub warmup_s: u32,
}

/// Predictive scaling.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predictive {
    pub mode: PredictiveMode,
    /// Seconds by which instances start before the forecast needs them, 0 to 3600. Default: 300.
    pub buffer_s: u32,
    /// Percentage by which a forecast may exceed `max`; none: never.
    pub beyond_max: Option<Percent>,
}

/// Whether a forecast changes the number of instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PredictiveMode {
    /// Forecasts without scaling.
    Forecast,
    /// Forecasts and scales.
    Scale,
}

/// The scaling policies that a group may have.
const MAX_POLICIES: usize = 50;
/// The windows that a group may have: each is two scheduled actions, and a group may have 125.
const MAX_WINDOWS: usize = 62;

/// The scaling of a service that configures none. `by_cpu`: no queue backlog changes the number of
/// instances, so CPU usage does.
pub(in crate::blueprint::service) fn default(decoder: &Decoder<'_>, by_cpu: bool) -> Scale {
    let min = default_min(decoder);
    Scale {
        min,
        max: default_max(min),
        targets: if by_cpu { target::default() } else { Targets::default() },
        steps: BTreeMap::new(),
        schedule: BTreeMap::new(),
        predictive: None,
        warmup_s: 90,
    }
}

fn default_min(decoder: &Decoder<'_>) -> u32 {
    decoder.preset(2, 1)
}

fn default_max(min: u32) -> u32 {
    (3 * min).max(1)
}

pub(in crate::blueprint::service) fn decode(value: Value<'_>, by_cpu: bool) -> Option<Scale> {
    let default = default(value.decoder, by_cpu);
    value.fields(|fields| {
        let (min, max) = limits(fields);
        let steps = fields.or("steps", BTreeMap::new(), |value| value.named(step::decode));
        let targets = fields.optional("targets", target::decode);
        let targets = targets.unwrap_or_else(|| match steps.is_empty() && !fields.has("targets") {
            true => default.targets,
            false => Targets::default(),
        });
        if let Some(value) = fields.get("steps") {
            value.at_most(MAX_POLICIES.saturating_sub(targets.len()), steps.len());
        }
        let schedule = fields.or("schedule", BTreeMap::new(), |value| {
            value.at_most(MAX_WINDOWS, value.node.map().map_or(0, BTreeMap::len));
            value.named(schedule::decode)
        });
        check_windows(fields, &schedule, min, max);
        let predictive = fields.switch("predictive", None, predictive);
        check_predictive(fields, predictive.as_ref(), &targets);
        Scale {
            min,
            max,
            targets,
            steps,
            schedule,
            predictive,
            warmup_s: fields.or("warmup", default.warmup_s, |value| value.seconds(0..=3600)),
        }
    })
}

/// `min` and `max`. If only one is set, the default of the other adapts to it.
fn limits(fields: &mut Fields<'_>) -> (u32, u32) {
    let min = fields.optional("min", instances);
    let max = fields.optional("max", instances);
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        fields.clash(
            code::MAX_BELOW_MIN,
            "`max` is below `min`",
            ("max", &format!("is {max}")),
            ("min", &format!("is {min}")),
            format!("raise `max` to at least {min}"),
        );
    }
    let default = default_min(fields.value.decoder);
    let min = min.unwrap_or(default.min(max.unwrap_or(default)));
    (min, max.unwrap_or_else(|| default_max(min)))
}

/// A window with one limit keeps the other limit of `scale`, so the two must be compatible.
fn check_windows(fields: &Fields<'_>, windows: &BTreeMap<String, Window>, min: u32, max: u32) {
    for (name, window) in windows {
        let lowest = window.min.or(window.desired);
        if let (Some(lowest), None) = (lowest, window.max)
            && lowest > max
        {
            let key = if window.min.is_some() { "min" } else { "desired" };
            let path = format!("schedule.{name}.{key}");
            let help = format!("raise `max` of `scale` to {lowest}, or add `max` to the window");
            fields.clash(
                code::WINDOW_OUTSIDE,
                format!("`{key}` of window `{name}` is above `max` of `scale`"),
                (&path, &format!("is {lowest}")),
                ("max", &format!("is {max}")),
                help,
            );
        }
        if let (Some(highest), None) = (window.max.or(window.desired), window.min)
            && highest < min
        {
            let key = if window.max.is_some() { "max" } else { "desired" };
            let path = format!("schedule.{name}.{key}");
            let help = format!("add a `min` of at most {highest} to the window");
            fields.clash(
                code::WINDOW_OUTSIDE,
                format!("`{key}` of window `{name}` is below `min` of `scale`"),
                (&path, &format!("is {highest}")),
                ("min", &format!("is {min}")),
                help,
            );
        }
    }
}

/// `forecast`, `scale`, or a map with options.
fn predictive(value: Value<'_>) -> Option<Predictive> {
    let with_defaults = |mode| Predictive { mode, buffer_s: 300, beyond_max: None };
    if value.node.scalar().is_some() {
        return mode(value).map(with_defaults);
    }
    value.fields(|fields| {
        let mode = fields.required("mode", "mode: forecast", mode);
        let buffer_s = fields.or("buffer", 300, |value| value.seconds(0..=3600));
        let beyond_max = fields.optional("beyond_max", |value| value.percent(0.0..=100.0));
        Some(Predictive { mode: mode?, buffer_s, beyond_max })
    })?
}

fn mode(value: Value<'_>) -> Option<PredictiveMode> {
    value.word(&[("forecast", PredictiveMode::Forecast), ("scale", PredictiveMode::Scale)])
}

/// Predictive scaling computes the number of instances from a `cpu` or `requests` target.
fn check_predictive(fields: &mut Fields<'_>, predictive: Option<&Predictive>, targets: &Targets) {
    if predictive.is_none() || targets.cpu.is_some() || targets.requests.is_some() {
        return;
    }
    if let Some(value) = fields.get("predictive") {
        let summary = "`predictive` needs a `cpu` or `requests` target";
        let report = value.error(code::NOTHING_TO_PREDICT, summary, "no target to forecast");
        value.report(report.help("add `targets: { cpu: 55% }`"));
    }
}
