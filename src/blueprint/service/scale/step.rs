//! `scale.steps`: the further a metric is beyond a threshold, the larger the change.

use serde::Serialize;

use super::target::{METRIC_EXAMPLE, Metric, metric};
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::percent;
use crate::suggest;

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

/// A threshold and what to do beyond it, as one item of `changes` writes it.
struct Written {
    direction: Direction,
    adjustment: Adjustment,
    change: StepChange,
}

pub(crate) fn decode(value: Value<'_>) -> Option<StepPolicy> {
    value.fields(|fields| {
        let metric = fields.required("metric", METRIC_EXAMPLE, step_metric);
        let example = "changes: [{ above: 70, add: 1 }, { above: 90, add: 3 }]";
        let changes = fields.required("changes", example, |value| {
            let written = value.items(20, written)?;
            in_order(value, written)
        });
        let period_s = fields.or("period", 60, period);
        let evaluations = fields.or("evaluations", 3, |value| value.count(1..=100));
        let min_change = fields.optional("min_change", |value| value.count(1..=10_000));
        let (direction, adjustment, changes) = changes?;
        if min_change.is_some() && adjustment != Adjustment::Percent {
            fields.clash(
                code::EITHER_OR,
                "`min_change` is for changes in percent",
                ("min_change", "bounds a percentage"),
                ("changes", "these are counts"),
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

/// CloudWatch's periods: 10, 20, 30 seconds and whole minutes.
fn period(value: Value<'_>) -> Option<u32> {
    let seconds = value.seconds(10..=86_400)?;
    match seconds {
        10 | 20 | 30 => Some(seconds),
        minutes if minutes % 60 == 0 => Some(seconds),
        _ => value.malformed("10s, 20s, 30s or whole minutes", "write `60s`"),
    }
}

/// `{ above: 70, add: 1 }`, `{ below: 20, remove: 10% }`, `{ above: 90, set: 12 }`
fn written(value: Value<'_>) -> Option<Written> {
    value.fields(|fields| {
        let above = fields.optional("above", Value::number);
        let below = fields.optional("below", Value::number);
        let add = fields.optional("add", amount);
        let remove = fields.optional("remove", amount);
        let set = fields.optional("set", |value| value.count(0..=10_000));
        just_one(fields, &["above", "below"])?;
        just_one(fields, &["add", "remove", "set"])?;
        let (direction, threshold) = match (above, below) {
            (Some(above), _) => (Direction::Above, above),
            (_, below) => (Direction::Below, below?),
        };
        let (adjustment, change) = match (add, remove) {
            (Some((adjustment, change)), _) => (adjustment, change),
            (_, Some((adjustment, change))) => (adjustment, -change),
            _ => (Adjustment::Exact, i32::try_from(set?).ok()?),
        };
        Some(Written { direction, adjustment, change: StepChange { threshold, change } })
    })?
}

/// Notes it unless just one of `keys` is there.
fn just_one(fields: &Fields<'_>, keys: &[&str]) -> Option<()> {
    if keys.iter().filter(|key| fields.has(key)).count() == 1 {
        return Some(());
    }
    let summary = format!("a change needs just one of {}", suggest::list(keys));
    let report = fields.value.error(code::EITHER_OR, summary, "none or several");
    fields.value.report(report.help("write it like { above: 70, add: 1 }"));
    None
}

/// A number of instances, or a percentage of them.
fn amount(value: Value<'_>) -> Option<(Adjustment, i32)> {
    let is_percent = value.node.scalar().is_some_and(|scalar| percent(&scalar.text).is_ok());
    let (adjustment, amount) = if is_percent {
        (Adjustment::Percent, value.whole_percent(1..=1000)?)
    } else {
        (Adjustment::Count, value.count(1..=10_000)?)
    };
    i32::try_from(amount).ok().map(|amount| (adjustment, amount))
}

/// All in one direction and unit, with the nearest threshold first.
fn in_order(
    value: Value<'_>,
    written: Vec<Written>,
) -> Option<(Direction, Adjustment, Vec<StepChange>)> {
    let first = written.first()?;
    let (direction, adjustment) = (first.direction, first.adjustment);
    if written.iter().any(|one| (one.direction, one.adjustment) != (direction, adjustment)) {
        let wanted = "changes of one direction and one unit";
        return value
            .malformed(wanted, "split them: one entry of `steps` to add, another to remove");
    }
    let mut changes: Vec<StepChange> = written.into_iter().map(|one| one.change).collect();
    changes.sort_by(|one, other| match direction {
        Direction::Above => one.threshold.total_cmp(&other.threshold),
        Direction::Below => other.threshold.total_cmp(&one.threshold),
    });
    if changes.windows(2).any(|pair| pair[0].threshold.total_cmp(&pair[1].threshold).is_eq()) {
        return value
            .malformed("changes with thresholds of their own", "remove one of the two changes");
    }
    Some((direction, adjustment, changes))
}
