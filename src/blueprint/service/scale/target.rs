//! `scale.targets`: metrics that target tracking keeps at a value.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::blueprint::language::decode::Value;
use crate::blueprint::language::units::{Percent, Rate};
use crate::blueprint::scaling_target;

pub use crate::blueprint::scaling_target::Target;

/// The target-tracking policies of a group. Of several, the one that needs the most instances
/// applies.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Targets {
    /// Average CPU usage of the group.
    pub cpu: Option<Target<Percent>>,
    /// Requests per instance.
    pub requests: Option<Target<Rate>>,
    /// Bytes received per instance.
    pub network_in: Option<Target<Rate>>,
    /// Bytes sent per instance.
    pub network_out: Option<Target<Rate>>,
    /// Other CloudWatch metrics, by the name of the policy.
    pub metrics: BTreeMap<String, MetricTarget>,
}

/// A CloudWatch metric whose value falls when instances are added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricTarget {
    pub metric: Metric,
    /// In the unit of the metric.
    pub target: f64,
    /// Whether the policy may also remove instances. Default: true.
    pub scale_in: bool,
}

/// A CloudWatch metric, in CloudWatch's terms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    pub namespace: String,
    pub name: String,
    /// Default: average.
    pub statistic: Statistic,
    pub dimensions: BTreeMap<String, String>,
    pub unit: Option<String>,
}

/// How CloudWatch aggregates the values of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    Average,
    Minimum,
    Maximum,
    SampleCount,
    Sum,
}

impl Targets {
    /// Whether no target is set.
    pub fn is_empty(&self) -> bool {
        *self == Targets::default()
    }

    /// The number of policies.
    pub fn len(&self) -> usize {
        let single = [
            self.cpu.is_some(),
            self.requests.is_some(),
            self.network_in.is_some(),
            self.network_out.is_some(),
        ];
        single.into_iter().filter(|is_set| *is_set).count() + self.metrics.len()
    }
}

pub(super) fn decode(value: Value<'_>) -> Option<Targets> {
    value.fields(|fields| Targets {
        cpu: fields.optional("cpu", |value| scaling_target::decode(value, cpu)),
        requests: fields.optional("requests", |value| scaling_target::decode(value, Value::rate)),
        network_in: fields
            .optional("network_in", |value| scaling_target::decode(value, Value::byte_rate)),
        network_out: fields
            .optional("network_out", |value| scaling_target::decode(value, Value::byte_rate)),
        metrics: fields.optional("metrics", |value| value.named(metric_target)).unwrap_or_default(),
    })
}

/// The targets of a service that configures none.
pub(super) fn default() -> Targets {
    Targets { cpu: Some(Target { target: Percent(55.0), scale_in: true }), ..Targets::default() }
}

fn cpu(value: Value<'_>) -> Option<Percent> {
    value.percent(1.0..=100.0)
}

fn metric_target(value: Value<'_>) -> Option<MetricTarget> {
    value.fields(|fields| {
        let metric = fields.required("metric", METRIC_EXAMPLE, metric);
        let target = fields.required("target", "target: 100", Value::number);
        let scale_in = fields.or("scale_in", true, Value::boolean);
        Some(MetricTarget { metric: metric?, target: target?, scale_in })
    })?
}

/// The example in the help for a missing metric.
pub const METRIC_EXAMPLE: &str = "metric: { namespace: AWS/SQS, name: NumberOfMessagesSent }";

/// A CloudWatch metric.
pub(super) fn metric(value: Value<'_>) -> Option<Metric> {
    value.fields(|fields| {
        let text = |value: Value<'_>| value.text().map(str::to_string);
        let namespace = fields.required("namespace", "namespace: AWS/SQS", text);
        let name = fields.required("name", "name: NumberOfMessagesSent", text);
        Some(Metric {
            statistic: fields.or("statistic", Statistic::Average, |value| {
                value.word(&[
                    ("average", Statistic::Average),
                    ("minimum", Statistic::Minimum),
                    ("maximum", Statistic::Maximum),
                    ("sample_count", Statistic::SampleCount),
                    ("sum", Statistic::Sum),
                ])
            }),
            dimensions: fields
                .optional("dimensions", |value| value.entries(Value::any_text))
                .unwrap_or_default(),
            unit: fields.optional("unit", text),
            namespace: namespace?,
            name: name?,
        })
    })?
}
