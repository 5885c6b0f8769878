//! `permissions` of a service: statements of its instance role's policy.

use serde::Serialize;

use crate::blueprint::language::decode::Value;
use crate::blueprint::overrides::to_json;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Permission {
    pub effect: Effect,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    /// An IAM `Condition` block; empty when there is none.
    pub conditions: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Allow,
    Deny,
}

pub(crate) fn decode(value: Value<'_>) -> Option<Permission> {
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
            !part.is_empty()
                && part.chars().all(|one| one.is_ascii_alphanumeric() || "-*?".contains(one))
        };
        text == "*" || parts.is_some_and(|(service, name)| is_part(service) && is_part(name))
    };
    value.shaped(fits, "an IAM action", "s3:GetObject")
}

fn resource(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| text == "*" || text.starts_with("arn:");
    value.shaped(fits, "an ARN", "arn:aws:s3:::bucket/*")
}
