//! `environment` of a service: environment variables of its program.

use std::collections::BTreeMap;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::node::LabelPosition;
use crate::diagnostic::Diagnostic;

/// Variable to value.
pub(super) fn decode(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.entries(|value| {
        check_name(value);
        let text = value.any_text()?;
        if text.contains('\0') {
            return value.malformed("text without NUL characters", "remove the NUL character");
        }
        Some(text)
    })
}

/// Reports a key that is not a valid name of an environment variable.
pub(super) fn check_name(value: Value<'_>) {
    let name = value.key;
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return;
    }
    let better: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    let underscore =
        if better.starts_with(|first: char| first.is_ascii_digit()) { "_" } else { "" };
    value.report(
        Diagnostic::error(
            code::BAD_NAME,
            format!("`{name}` is not a valid environment variable name"),
        )
        .label_at(value.key_position, "needs letters, digits and `_`, and no digit first")
        .help(format!("write `{underscore}{better}`")),
    );
}
