//! `access_logs` of a door: off, on, or on with how long they are kept.
use crate::blueprint::language::fields::Fields;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessLogs {
    pub retention_days: u32,
}

/// Off in a blueprint for development, unless written.
pub(crate) fn decode(fields: &mut Fields<'_>) -> Option<AccessLogs> {
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
