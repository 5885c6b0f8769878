//! `permissions` of a service: statements of the IAM policy of its instance role.

use serde::Serialize;

use crate::blueprint::language::decode::Value;
use crate::blueprint::overrides::to_json;

/// A statement of an IAM policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Permission {
    /// Default: allow.
    pub effect: Effect,
    /// IAM actions such as `s3:GetObject`, 1 to 100; may contain `*` and `?`.
    pub actions: Vec<String>,
    /// ARNs or `*`, 1 to 100.
    pub resources: Vec<String>,
    /// An IAM `Condition` block; empty if there is none.
    pub conditions: serde_json::Map<String, serde_json::Value>,
}

/// Whether a statement allows or denies its actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Allow,
    Deny,
}

pub(super) fn decode(value: Value<'_>) -> Option<Permission> {
    value.fields(|fields| {
        let actions = fields
            .required("actions", "actions: [\"s3:GetObject\"]", |value| value.items(100, action));
        let resources =
            fields.required("resources", "resources: [\"*\"]", |value| value.items(100, resource));
        Some(Permission {
            effect: fields.or("effect", Effect::Allow, |value| {
                value.word(&[("allow", Effect::Allow), ("deny", Effect::Deny)])
            }),
            conditions: fields.optional("conditions", to_json).unwrap_or_default(),
            actions: actions?,
            resources: resources?,
        })
    })?
}

fn action(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| {
        let parts = text.split_once(':');
        let is_part = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-*?".contains(c))
        };
        text == "*" || parts.is_some_and(|(service, name)| is_part(service) && is_part(name))
    };
    value.shaped(fits, "an IAM action", "s3:GetObject")
}

fn resource(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| text == "*" || text.starts_with("arn:");
    value.shaped(fits, "an ARN or `*`", "arn:aws:s3:::bucket/*")
}
