//! `secrets`: values that no blueprint contains. They outlive the services that use them.

use serde::Serialize;

use super::language::code;
use super::language::decode::Value;
use super::language::names::is_arn;
use super::language::node::LabelPlace;
use crate::diagnostic::Diagnostic;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// Made up once, with so many letters and digits.
    Generate(u32),
    /// The name or the ARN of one that is there already.
    Existing(String),
}

pub(super) fn decode(value: Value<'_>) -> Option<Secret> {
    value.fields(|fields| {
        let generate = fields.optional("generate", |value| value.count(8..=4096));
        let existing = fields.optional("existing", existing);
        match (fields.has("generate"), fields.has("existing")) {
            (true, true) => fields.clash(
                code::EITHER_OR,
                "a secret is made up, or it exists",
                ("generate", "makes one up"),
                ("existing", "names one"),
                "remove one of the two",
            ),
            (false, false) => value.report(
                Diagnostic::error(code::MISSING_KEY, format!("`{}` has no value", value.key))
                    .place(value.key_place, "where from?")
                    .help("write `generate: 48`, or `existing: name` of one in Secrets Manager"),
            ),
            _ => {}
        }
        generate.map(Secret::Generate).or(existing.map(Secret::Existing))
    })?
}

fn existing(value: Value<'_>) -> Option<String> {
    let is_name = |text: &str| {
        let fits = |one: char| one.is_ascii_alphanumeric() || "/_+=.@-".contains(one);
        !text.is_empty() && text.len() <= 512 && text.chars().all(fits)
    };
    let fits = |text: &str| is_name(text) || is_arn("secretsmanager")(text);
    value.shaped(fits, "the name or the ARN of a secret", "shop/session")
}
