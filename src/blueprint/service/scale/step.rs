//! `scale.steps`: step scaling. The further a metric is beyond a threshold, the larger the change.

use serde::Serialize;

use super::target::{METRIC_EXAMPLE, Metric, metric};
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::percent;
use crate::suggest;

/// A step scaling policy and the alarm that triggers it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPolicy {
    pub metric: StepMetric,
    /// Seconds over which the metric is aggregated: 10, 20, 30 or whole minutes, up to 1 day.
    /// Default: 60.
    pub period_s: u32,
    /// Consecutive periods beyond the threshold before the policy acts, 1 to 100. Default: 3.
    pub evaluations: u32,
    /// The side of the thresholds on which the policy acts.
    pub direction: Direction,
    /// The unit of all `changes`.
    pub adjustment: Adjustment,
    /// The smallest change, in instances, if `adjustment` is a percentage.
    pub min_change: Option<u32>,
    /// Sorted, the nearest threshold first; the first one is the threshold of the alarm.
    pub changes: Vec<StepChange>,
}

/// The metric that a step scaling policy watches.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepMetric {
    /// Average CPU of the group, in percent.
    Cpu,
    Metric(Metric),
}

/// The side of a threshold on which a policy acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Above,
    Below,
}

/// The unit of the `change` of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Instances to add or remove.
    Count,
    /// Percentage of the current number of instances to add or remove.
    Percent,
    /// The new number of instances.
    Exact,
}

/// A threshold and the change beyond it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepChange {
    /// In the unit of the metric; an absolute value, not relative to the threshold of the alarm.
    pub threshold: f64,
    /// In the unit of `adjustment`; negative to remove instances.
    pub change: i32,
}

/// An item of `changes`.
struct Item {
    direction: Direction,
    adjustment: Adjustment,
    change: StepChange,
}

pub(super) fn decode(value: Value<'_>) -> Option<StepPolicy> {
    value.fields(|fields| {
        let metric = fields.required("metric", METRIC_EXAMPLE, step_metric);
        let example = "changes: [{ above: 70, add: 1 }, { above: 90, add: 3 }]";
        let changes = fields.required("changes", example, |value| {
            let items = value.items(20, item)?;
            sorted_changes(value, items)
        });
        let period_s = fields.or("period", 60, period);
        let evaluations = fields.or("evaluations", 3, |value| value.count(1..=100));
        let min_change = fields.optional("min_change", |value| value.count(1..=10_000));
        let (direction, adjustment, changes) = changes?;
        if min_change.is_some() && adjustment != Adjustment::Percent {
            fields.clash(
                code::EITHER_OR,
                "`min_change` applies only to changes in percent",
                ("min_change", "needs percentages"),
                ("changes", "not in percent"),
                "remove `min_change`, or write changes such as `add: 10%`",
            );
        }
        Some(StepPolicy {
            metric: metric?,
            period_s,
            evaluations,
            direction,
            adjustment,
            min_change,
            changes,
        })
    })?
}

fn step_metric(value: Value<'_>) -> Option<StepMetric> {
    match value.node.scalar() {
        Some(scalar) if scalar.text == "cpu" => Some(StepMetric::Cpu),
        Some(_) => value.malformed("a metric", format!("write `cpu`, or `{METRIC_EXAMPLE}`")),
        None => metric(value).map(StepMetric::Metric),
    }
}

/// The periods that CloudWatch accepts: 10, 20 or 30 seconds and whole minutes.
fn period(value: Value<'_>) -> Option<u32> {
    let seconds = value.seconds(10..=86_400)?;
    match seconds {
        10 | 20 | 30 => Some(seconds),
        minutes if minutes % 60 == 0 => Some(seconds),
        _ => value.malformed("10s, 20s, 30s or whole minutes", "write `60s`"),
    }
}

/// `{ above: 70, add: 1 }`, `{ below: 20, remove: 10% }`, `{ above: 90, set: 12 }`
fn item(value: Value<'_>) -> Option<Item> {
    value.fields(|fields| {
        let above = fields.optional("above", Value::number);
        let below = fields.optional("below", Value::number);
        let add = fields.optional("add", amount);
        let remove = fields.optional("remove", amount);
        let set = fields.optional("set", |value| value.count(0..=10_000));
        require_exactly_one(fields, &["above", "below"])?;
        require_exactly_one(fields, &["add", "remove", "set"])?;
        let (direction, threshold) = match (above, below) {
            (Some(above), _) => (Direction::Above, above),
            (_, below) => (Direction::Below, below?),
        };
        let (adjustment, change) = match (add, remove) {
            (Some((adjustment, change)), _) => (adjustment, change),
            (_, Some((adjustment, change))) => (adjustment, -change),
            _ => (Adjustment::Exact, i32::try_from(set?).ok()?),
        };
        Some(Item { direction, adjustment, change: StepChange { threshold, change } })
    })?
}

/// Reports an error unless exactly one of `keys` is set.
fn require_exactly_one(fields: &Fields<'_>, keys: &[&str]) -> Option<()> {
    let label = match keys.iter().filter(|key| fields.has(key)).count() {
        0 => "has none of them",
        1 => return Some(()),
        _ => "has more than one",
    };
    let summary = format!("a change needs exactly one of {}", suggest::list(keys));
    let report = fields.value.error(code::EITHER_OR, summary, label);
    fields.value.report(report.help("write it like { above: 70, add: 1 }"));
    None
}

/// A number of instances, or a percentage of the current number.
fn amount(value: Value<'_>) -> Option<(Adjustment, i32)> {
    let is_percent = value.node.scalar().is_some_and(|scalar| percent(&scalar.text).is_ok());
    let (adjustment, amount) = if is_percent {
        (Adjustment::Percent, value.whole_percent(1..=1000)?)
    } else {
        (Adjustment::Count, value.count(1..=10_000)?)
    };
    i32::try_from(amount).ok().map(|amount| (adjustment, amount))
}

/// The changes, all in one direction and unit, with the nearest threshold first.
fn sorted_changes(
    value: Value<'_>,
    items: Vec<Item>,
) -> Option<(Direction, Adjustment, Vec<StepChange>)> {
    let first = items.first()?;
    let (direction, adjustment) = (first.direction, first.adjustment);
    if items.iter().any(|item| (item.direction, item.adjustment) != (direction, adjustment)) {
        let wanted = "a list of changes in one direction and one unit";
        return value.malformed(
            wanted,
            "split it: one entry of `steps` to add instances, another to remove instances",
        );
    }
    let mut changes: Vec<StepChange> = items.into_iter().map(|item| item.change).collect();
    changes.sort_by(|a, b| match direction {
        Direction::Above => a.threshold.total_cmp(&b.threshold),
        Direction::Below => b.threshold.total_cmp(&a.threshold),
    });
    if changes.windows(2).any(|pair| pair[0].threshold.total_cmp(&pair[1].threshold).is_eq()) {
        return value.malformed(
            "a list of changes with different thresholds",
            "remove one of the two changes with the same threshold",
        );
    }
    Some((direction, adjustment, changes))
}
