//! `scale` of a service: how many instances, and what moves the number.
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

/// Scaling policies a group takes.
const MOST_POLICIES: usize = 50;
/// Windows of a group: each is two scheduled actions, of which it takes 125.
const MOST_WINDOWS: usize = 62;

/// What follows from writing nothing; `by_cpu` where nothing else moves it.
pub(crate) fn default(decoder: &Decoder<'_>, by_cpu: bool) -> Scale {
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

pub(crate) fn decode(value: Value<'_>, by_cpu: bool) -> Option<Scale> {
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
            value.at_most(MOST_POLICIES.saturating_sub(targets.len()), steps.len());
        }
        let schedule = fields.or("schedule", BTreeMap::new(), |value| {
            value.at_most(MOST_WINDOWS, value.node.map().map_or(0, BTreeMap::len));
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

/// `min` and `max`; the one that is not written follows the other.
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
    let usual = default_min(fields.value.decoder);
    let min = min.unwrap_or(usual.min(max.unwrap_or(usual)));
    (min, max.unwrap_or_else(|| default_max(min)))
}

/// A window with one limit keeps the other: it must fit.
fn check_windows(fields: &Fields<'_>, windows: &BTreeMap<String, Window>, min: u32, max: u32) {
    for (name, window) in windows {
        let lowest = window.min.or(window.desired);
        if let (Some(lowest), None) = (lowest, window.max)
            && lowest > max
        {
            let key = if window.min.is_some() { "min" } else { "desired" };
            let path = format!("schedule.{name}.{key}");
            let help =
                format!("raise `max` of `scale` to {lowest}, or write a `max` in the window");
            fields.clash(
                code::WINDOW_OUTSIDE,
                format!("`{key}` of the window is above `max`"),
                (&path, &format!("is {lowest}")),
                ("max", &format!("is {max}")),
                help,
            );
        }
        if let (Some(most), None) = (window.max.or(window.desired), window.min)
            && most < min
        {
            let key = if window.max.is_some() { "max" } else { "desired" };
            let path = format!("schedule.{name}.{key}");
            let help = format!("write a `min` of at most {most} in the window");
            fields.clash(
                code::WINDOW_OUTSIDE,
                format!("`{key}` of the window is below `min`"),
                (&path, &format!("is {most}")),
                ("min", &format!("is {min}")),
                help,
            );
        }
    }
}

/// `forecast`, `scale`, or a map with more to say.
fn predictive(value: Value<'_>) -> Option<Predictive> {
    let usual = |mode| Predictive { mode, buffer_s: 300, beyond_max: None };
    if value.node.scalar().is_some() {
        return mode(value).map(usual);
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

/// A forecast needs to know what an instance bears.
fn check_predictive(fields: &mut Fields<'_>, predictive: Option<&Predictive>, targets: &Targets) {
    if predictive.is_none() || targets.cpu.is_some() || targets.requests.is_some() {
        return;
    }
    if let Some(value) = fields.get("predictive") {
        let summary = "`predictive` without a target to predict";
        let report = value.error(code::NOTHING_TO_PREDICT, summary, "needs `cpu` or `requests`");
        value.report(report.help("write `targets: { cpu: 55% }` beside it"));
    }
}
