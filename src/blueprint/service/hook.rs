//! `hooks` of a service: lifecycle hooks, which pause the launch or termination of an instance.

use serde::Serialize;

use crate::blueprint::language::decode::Value;

/// A lifecycle hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hook {
    /// The transition that the hook pauses.
    pub on: Transition,
    /// Seconds until Auto Scaling applies `default`, 30 to 7200. Default: 300.
    pub timeout_s: u32,
    /// Default: continue with a termination, abandon a launch.
    pub default: HookResult,
}

/// The transition of an instance that a hook pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    Launch,
    Terminate,
}

/// What Auto Scaling does if nobody completes the hook before its timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookResult {
    Continue,
    Abandon,
}

pub(super) fn decode(value: Value<'_>) -> Option<Hook> {
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

/// The longest timeout of a hook, in seconds.
pub(super) const MAX_TIMEOUT_S: u32 = 7200;

/// The timeout of a hook, in seconds.
pub(super) fn timeout(value: Value<'_>) -> Option<u32> {
    value.seconds(30..=MAX_TIMEOUT_S)
}
