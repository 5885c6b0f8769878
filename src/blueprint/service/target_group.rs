//! How a load balancer spreads requests over the instances of a service.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::show_seconds;

/// How a load balancer spreads requests over the instances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetGroup {
    pub algorithm: Algorithm,
    pub deregistration_delay_s: u32,
    /// Only with `round_robin`; 0 is off.
    pub slow_start_s: u32,
    pub stickiness: Option<Stickiness>,
    pub cross_zone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    RoundRobin,
    LeastOutstandingRequests,
    WeightedRandom,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stickiness {
    /// The application's own cookie; the load balancer's if none.
    pub cookie: Option<String>,
    pub duration_s: u32,
}

/// Takes its keys from those of the service.
pub(crate) fn decode(fields: &mut Fields<'_>) -> TargetGroup {
    let algorithm = fields.optional("algorithm", |value| {
        value.word(&[
            ("round_robin", Algorithm::RoundRobin),
            ("least_outstanding_requests", Algorithm::LeastOutstandingRequests),
            ("weighted_random", Algorithm::WeightedRandom),
        ])
    });
    let slow_start_s = fields.or("slow_start", 0, slow_start);
    if slow_start_s > 0 && algorithm.is_some_and(|algorithm| algorithm != Algorithm::RoundRobin) {
        fields.clash(
            code::EITHER_OR,
            "`slow_start` works with `round_robin` only",
            ("slow_start", "warms instances up"),
            ("algorithm", "spreads in another way"),
            "remove `slow_start`, or write `algorithm: round_robin`",
        );
    }
    let usual = match slow_start_s {
        0 => Algorithm::LeastOutstandingRequests,
        _ => Algorithm::RoundRobin,
    };
    TargetGroup {
        algorithm: algorithm.unwrap_or(usual),
        deregistration_delay_s: fields
            .or("deregistration_delay", 30, |value| value.seconds(0..=3600)),
        slow_start_s,
        stickiness: fields.switch("stickiness", None, stickiness),
        cross_zone: fields.or("cross_zone", true, Value::boolean),
    }
}

fn slow_start(value: Value<'_>) -> Option<u32> {
    let seconds = value.seconds(0..=900)?;
    if (1..30).contains(&seconds) {
        return value.out_of_range(seconds, &(30..=900), |seconds| show_seconds(*seconds));
    }
    Some(seconds)
}

fn stickiness(value: Value<'_>) -> Option<Stickiness> {
    const DAY_S: u32 = 86_400;
    if value.is_true() {
        return Some(Stickiness { cookie: None, duration_s: DAY_S });
    }
    value.fields(|fields| Stickiness {
        cookie: fields.optional("cookie", cookie),
        duration_s: fields.or("duration", DAY_S, |value| value.seconds(1..=7 * DAY_S)),
    })
}

fn cookie(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| {
        !text.is_empty()
            && !text.starts_with("AWSALB")
            && text.chars().all(|one| one.is_ascii_graphic() && !"\",;\\=".contains(one))
    };
    value.shaped(fits, "the name of a cookie of your own", "session")
}
