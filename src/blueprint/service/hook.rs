//! `hooks` of a service: pauses while an instance comes or goes.

use serde::Serialize;

use crate::blueprint::language::decode::Value;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hook {
    pub on: Transition,
    pub timeout_s: u32,
    pub default: HookResult,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    Launch,
    Terminate,
}

/// What happens when nobody answers in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookResult {
    Continue,
    Abandon,
}

pub(crate) fn decode(value: Value<'_>) -> Option<Hook> {
    value.fields(|fields| {
        let on = fields.required("on", "on: launch", |value| {
            value.word(&[("launch", Transition::Launch), ("terminate", Transition::Terminate)])
        });
        let default = match on {
            Some(Transition::Terminate) => HookResult::Continue,
            _ => HookResult::Abandon,
        };
        Some(Hook {
            timeout_s: fields.or("timeout", 300, timeout),
            default: fields.or("default", default, |value| {
                value.word(&[("continue", HookResult::Continue), ("abandon", HookResult::Abandon)])
            }),
            on: on?,
        })
    })?
}

/// The longest that an instance may be held.
pub(crate) const LONGEST_S: u32 = 7200;

/// How long an instance may be held.
pub(crate) fn timeout(value: Value<'_>) -> Option<u32> {
    value.seconds(30..=LONGEST_S)
}
