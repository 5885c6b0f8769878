//! Limits of an API: so many requests a second, so many at once, so many a day.

use serde::Serialize;

use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::{code, units};

/// A token bucket, as API Gateway has them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limit {
    /// Requests a second; AWS takes fractions.
    pub rate: f64,
    /// Requests that may come at once.
    pub burst: u32,
}

impl Limit {
    /// With the burst that a rate has unless told otherwise.
    pub fn of(rate: f64) -> Self {
        Limit { rate, burst: usual_burst(rate) }
    }
}

/// What a group of clients may do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tier {
    /// None: only the API's own limit holds.
    pub limit: Option<Limit>,
    pub quota: Option<Quota>,
}

/// Requests in a calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quota {
    pub requests: u32,
    pub period: Period,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Day,
    Week,
    Month,
}

/// The most requests that API Gateway takes as a burst or a quota, which it keeps as 32 bits.
const MOST: u32 = 2_147_483_647;

pub(crate) fn decode(value: Value<'_>) -> Option<Tier> {
    value.fields(|fields| Tier { limit: limit(fields), quota: fields.optional("quota", quota) })
}

/// `rate` and `burst` among the keys of something.
pub(crate) fn limit(fields: &mut Fields<'_>) -> Option<Limit> {
    let rate = fields.optional("rate", per_second);
    let burst = fields.optional("burst", |value| value.count(1..=MOST));
    if burst.is_some() && !fields.has("rate") {
        fields.required("rate", "rate: 10/s", per_second);
    }
    let rate = rate?;
    Some(Limit { rate, burst: burst.unwrap_or_else(|| usual_burst(rate)) })
}

/// A limit written as its rate alone, `1/s`.
pub(crate) fn rate_alone(value: Value<'_>) -> Option<Limit> {
    per_second(value).map(Limit::of)
}

fn per_second(value: Value<'_>) -> Option<f64> {
    value.rate().map(units::Rate::per_second)
}

/// Twice the rate, and never nothing.
fn usual_burst(rate: f64) -> u32 {
    let burst = (rate * 2.0).ceil().clamp(1.0, f64::from(MOST));
    // In range, as has just been seen to.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let burst = burst as u32;
    burst
}

/// `10k/day`, `500k/week`, `1M/month`.
fn quota(value: Value<'_>) -> Option<Quota> {
    const EXAMPLE: &str = "write a quota such as `10k/day`";
    let Some(scalar) = value.node.scalar() else {
        return value.wrong_type("a quota", EXAMPLE);
    };
    let (number, period) = scalar.text.split_once('/').unwrap_or((&scalar.text, ""));
    let requests = units::count(number).ok().and_then(units::whole).filter(|n| *n <= MOST);
    let period = match period {
        "day" | "d" | "1d" => Some(Period::Day),
        "week" => Some(Period::Week),
        "month" => Some(Period::Month),
        _ => None,
    };
    match (requests, period) {
        (Some(requests), Some(period)) if requests > 0 => Some(Quota { requests, period }),
        (Some(_), None) => {
            let summary = format!("`quota`: `{}` is per what?", scalar.text);
            let report =
                value.error(code::WRONG_UNIT, summary, "a quota is per day, week or month");
            value.report(
                report.help(format!("write {number}/day, {number}/week or {number}/month")),
            );
            None
        }
        _ => value.malformed("a quota", EXAMPLE),
    }
}
