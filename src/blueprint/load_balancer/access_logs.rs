//! `access_logs` of a load balancer or a CDN: off, on, or on with a retention period.
use crate::blueprint::language::fields::Fields;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessLogs {
    /// Days that the logs are kept, 1 to 3653. Default: 90, with the `dev` preset 7.
    pub retention_days: u32,
}

/// On by default, with the `dev` preset off.
pub(in crate::blueprint) fn decode(fields: &mut Fields<'_>) -> Option<AccessLogs> {
    let decoder = fields.value.decoder;
    let when_on = AccessLogs { retention_days: decoder.preset(90, 7) };
    let default = decoder.preset(Some(when_on.clone()), None);
    fields.switch("access_logs", default, |value| {
        if value.is_true() {
            return Some(when_on);
        }
        value.fields(|fields| AccessLogs {
            retention_days: fields
                .or("retention", when_on.retention_days, |value| value.days(1..=3653)),
        })
    })
}
