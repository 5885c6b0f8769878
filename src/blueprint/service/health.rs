//! `health` of a service: when an instance counts as healthy.

use serde::Serialize;

use super::Protocol;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;

/// The health check of a target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Path of the request. Default: `/`, for gRPC `/AWS.ALB/healthcheck`.
    pub path: String,
    /// None: the service's port.
    pub port: Option<u16>,
    /// Seconds between two checks, 5 to 300. Default: 10.
    pub interval_s: u32,
    /// Seconds to wait for a response, 2 to 120, below `interval_s`. Default: 5.
    pub timeout_s: u32,
    /// Consecutive successes that make an instance healthy, 2 to 10. Default: 2.
    pub healthy: u32,
    /// Consecutive failures that make an instance unhealthy, 2 to 10. Default: 2.
    pub unhealthy: u32,
    /// HTTP (or gRPC) status codes that count as success: `200`, `200,204` or `200-299`. Default:
    /// 200, for gRPC 12.
    pub status: String,
    /// Seconds after launch before failures count, 0 to 7200. Default: 120.
    pub grace_s: u32,
}

/// The health check of a service that configures none.
pub(super) fn default(protocol: Protocol) -> Health {
    let (path, status) = match protocol {
        Protocol::Grpc => ("/AWS.ALB/healthcheck", "12"),
        _ => ("/", "200"),
    };
    Health {
        path: path.to_string(),
        port: None,
        interval_s: 10,
        timeout_s: 5,
        healthy: 2,
        unhealthy: 2,
        status: status.to_string(),
        grace_s: 120,
    }
}

pub(super) fn decode(value: Value<'_>, protocol: Protocol) -> Option<Health> {
    let default = default(protocol);
    value.fields(|fields| {
        let interval_s = fields.optional("interval", |value| value.seconds(5..=300));
        let timeout_s = fields.optional("timeout", |value| value.seconds(2..=120));
        refuse_slow_timeout(fields, interval_s, timeout_s);
        // If only one of the two is set, the default of the other adapts to keep the timeout below
        // the interval.
        let interval_s = interval_s.unwrap_or(default.interval_s.max(timeout_s.unwrap_or(0) + 5));
        Health {
            path: fields.or("path", default.path, |value| {
                value.shaped(
                    |text| text.starts_with('/'),
                    "a path that starts with `/`",
                    "/healthz",
                )
            }),
            port: fields.optional("port", port),
            interval_s,
            timeout_s: timeout_s.unwrap_or(default.timeout_s.min(interval_s - 1)),
            healthy: fields.or("healthy", default.healthy, |value| value.count(2..=10)),
            unhealthy: fields.or("unhealthy", default.unhealthy, |value| value.count(2..=10)),
            status: fields.or("status", default.status, |value| status(value, protocol)),
            grace_s: fields.or("grace", default.grace_s, |value| value.seconds(0..=7200)),
        }
    })
}

fn refuse_slow_timeout(fields: &Fields<'_>, interval_s: Option<u32>, timeout_s: Option<u32>) {
    if let (Some(interval_s), Some(timeout_s)) = (interval_s, timeout_s)
        && timeout_s >= interval_s
    {
        fields.clash(
            code::SLOW_TIMEOUT,
            "`timeout` must be below `interval`",
            ("timeout", &format!("is {timeout_s}s")),
            ("interval", &format!("is {interval_s}s")),
            format!("write `timeout: {}s` or less", interval_s - 1),
        );
    }
}

/// A TCP port, 1 to 65,535.
pub(in crate::blueprint) fn port(value: Value<'_>) -> Option<u16> {
    value.count(1..=65_535).and_then(|port| u16::try_from(port).ok())
}

/// `200`, `200,204`, `200-299`. A single code may be written without quotes.
fn status(value: Value<'_>, protocol: Protocol) -> Option<String> {
    let (least, most) = if protocol == Protocol::Grpc { (0, 99) } else { (200, 499) };
    let text = value.any_text()?;
    let code = |text: &str| text.parse::<u32>().ok().filter(|code| (least..=most).contains(code));
    let fits = text.split(',').all(|part| match part.split_once('-') {
        None => code(part).is_some(),
        Some((from, to)) => matches!((code(from), code(to)), (Some(from), Some(to)) if from < to),
    });
    if fits {
        return Some(text);
    }
    let wanted = format!("a list of status codes from {least} to {most}");
    value.malformed(&wanted, "write them like `200`, `200,204` or `200-299`")
}
