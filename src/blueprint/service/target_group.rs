//! How a load balancer distributes requests over the instances of a service.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::units::show_seconds;

/// Attributes of a target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetGroup {
    /// Default: least outstanding requests; with `slow_start_s`, round robin.
    pub algorithm: Algorithm,
    /// Seconds that requests in flight have to finish after an instance is deregistered, 0 to
    /// 3600. Default: 30.
    pub deregistration_delay_s: u32,
    /// Seconds in which the share of a new instance grows to its full size, 30 to 900; 0: off.
    /// Only with `round_robin`. Default: 0.
    pub slow_start_s: u32,
    /// None: off, which is the default.
    pub stickiness: Option<Stickiness>,
    /// Whether requests are distributed over the instances of all zones. Default: true.
    pub cross_zone: bool,
}

/// Which instance gets the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    RoundRobin,
    LeastOutstandingRequests,
    WeightedRandom,
}

/// Sends the requests of a client to the same instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stickiness {
    /// Name of the application's cookie; none: the load balancer sets its own cookie.
    pub cookie: Option<String>,
    /// Seconds, up to 7 days. Default: 1 day.
    pub duration_s: u32,
}

/// The keys are among those of the service.
pub(super) fn decode(fields: &mut Fields<'_>) -> TargetGroup {
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
            "`slow_start` works only with `round_robin`",
            ("slow_start", "needs `round_robin`"),
            ("algorithm", "is another algorithm"),
            "remove `slow_start`, or write `algorithm: round_robin`",
        );
    }
    let default = match slow_start_s {
        0 => Algorithm::LeastOutstandingRequests,
        _ => Algorithm::RoundRobin,
    };
    TargetGroup {
        algorithm: algorithm.unwrap_or(default),
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
            && text.chars().all(|c| c.is_ascii_graphic() && !"\",;\\=".contains(c))
    };
    value.shaped(fits, "the name of an application cookie", "session")
}
