//! Limits of an API: requests per second, bursts, and requests per calendar period.

use serde::Serialize;

use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::{code, units};

/// A token bucket of API Gateway.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limit {
    /// Requests per second; AWS accepts fractions.
    pub rate: f64,
    /// Requests that may arrive at the same time. Default: twice the rate, at least 1.
    pub burst: u32,
}

impl Limit {
    /// A limit with the default burst for a rate in requests per second.
    pub fn of(rate: f64) -> Self {
        Limit { rate, burst: default_burst(rate) }
    }
}

/// The limits of a group of clients.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tier {
    /// The limit for each client; none: only the limit of the API applies.
    pub limit: Option<Limit>,
    /// None: no quota.
    pub quota: Option<Quota>,
}

/// Requests per calendar period.
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

/// The largest burst or quota of API Gateway, which stores it in 32 bits.
const MAX_REQUESTS: u32 = 2_147_483_647;

pub(super) fn decode(value: Value<'_>) -> Option<Tier> {
    value.fields(|fields| Tier { limit: limit(fields), quota: fields.optional("quota", quota) })
}

/// `rate` and `burst` among the keys of an API, a route or a tier.
pub(super) fn limit(fields: &mut Fields<'_>) -> Option<Limit> {
    let rate = fields.optional("rate", per_second);
    let burst = fields.optional("burst", |value| value.count(1..=MAX_REQUESTS));
    if burst.is_some() && !fields.has("rate") {
        fields.required("rate", "rate: 10/s", per_second);
    }
    let rate = rate?;
    Some(Limit { rate, burst: burst.unwrap_or_else(|| default_burst(rate)) })
}

/// A limit that is written as a rate, `1/s`.
pub(super) fn rate_only(value: Value<'_>) -> Option<Limit> {
    per_second(value).map(Limit::of)
}

fn per_second(value: Value<'_>) -> Option<f64> {
    value.rate().map(units::Rate::per_second)
}

/// Twice the rate, at least 1.
fn default_burst(rate: f64) -> u32 {
    let burst = (rate * 2.0).ceil().clamp(1.0, f64::from(MAX_REQUESTS));
    // `clamp` has brought the value into the range of u32.
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
    let requests = units::count(number).ok().and_then(units::whole).filter(|n| *n <= MAX_REQUESTS);
    let period = match period {
        "day" | "d" | "1d" => Some(Period::Day),
        "week" => Some(Period::Week),
        "month" => Some(Period::Month),
        _ => None,
    };
    match (requests, period) {
        (Some(requests), Some(period)) if requests > 0 => Some(Quota { requests, period }),
        (Some(_), None) => {
            let summary = format!("`quota`: `{}` has no valid period", scalar.text);
            let report = value.error(code::WRONG_UNIT, summary, "must be per day, week or month");
            value.report(
                report.help(format!("write {number}/day, {number}/week or {number}/month")),
            );
            None
        }
        _ => value.malformed("a quota", EXAMPLE),
    }
}
