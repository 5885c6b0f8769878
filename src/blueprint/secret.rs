//! `secrets`: values in Secrets Manager, which the blueprint does not contain. Secrets are kept when
//! the services that use them are deleted.

use serde::Serialize;

use super::language::code;
use super::language::decode::Value;
use super::language::names::is_arn;
use super::language::node::LabelPosition;
use crate::diagnostic::Diagnostic;

/// Where the value of a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// tenfold generates the value once, with this number of letters and digits, 8 to 4096.
    Generate(u32),
    /// The name or ARN of an existing secret.
    Existing(String),
}

pub(super) fn decode(value: Value<'_>) -> Option<Secret> {
    value.fields(|fields| {
        let generate = fields.optional("generate", |value| value.count(8..=4096));
        let existing = fields.optional("existing", existing);
        match (fields.has("generate"), fields.has("existing")) {
            (true, true) => fields.clash(
                code::EITHER_OR,
                "both `generate` and `existing` are set",
                ("generate", "creates a secret"),
                ("existing", "uses an existing secret"),
                "remove `generate` or `existing`",
            ),
            (false, false) => value.report(
                Diagnostic::error(code::MISSING_KEY, format!("`{}` has no value", value.key))
                    .label_at(value.key_position, "needs `generate` or `existing`")
                    .help("add `generate: 48`, or `existing: …` with the name of a secret in Secrets Manager"),
            ),
            _ => {}
        }
        generate.map(Secret::Generate).or(existing.map(Secret::Existing))
    })?
}

fn existing(value: Value<'_>) -> Option<String> {
    let is_name = |text: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
        !text.is_empty() && text.len() <= 512 && text.chars().all(is_allowed)
    };
    let fits = |text: &str| is_name(text) || is_arn("secretsmanager")(text);
    value.shaped(fits, "the name or ARN of a secret", "shop/session")
}
