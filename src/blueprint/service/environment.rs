//! `environment` of a service: variables of its program.

use std::collections::BTreeMap;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::node::LabelPlace;
use crate::diagnostic::Diagnostic;

pub fn decode(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.entries(|value| {
        check_name(value);
        let text = value.any_text()?;
        if text.contains('\0') {
            return value.malformed("text without NUL", "remove the character");
        }
        Some(text)
    })
}

pub fn check_name(value: Value<'_>) {
    let name = value.key;
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts_well && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_') {
        return;
    }
    let better: String = name
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_uppercase() } else { '_' })
        .collect();
    let underscore =
        if better.starts_with(|first: char| first.is_ascii_digit()) { "_" } else { "" };
    value.report(
        Diagnostic::error(code::BAD_NAME, format!("`{name}` is no environment variable"))
            .place(value.key_place, "letters, digits and `_`, no digit first")
            .help(format!("write `{underscore}{better}`")),
    );
}
