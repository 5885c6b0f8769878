//! `tags`: tags of every resource of the stack.

use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::node::LabelPosition;
use crate::diagnostic::Diagnostic;

/// AWS allows 50 tags per resource; five are reserved for tenfold.
const MAX_TAGS: usize = 45;
/// In characters.
const MAX_KEY: usize = 128;
/// In characters.
const MAX_VALUE: usize = 256;

pub fn decode(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.at_most(MAX_TAGS, value.node.map().map_or(0, BTreeMap::len));
    value.entries(|value| {
        check_key(value);
        let text = value.any_text()?;
        if text.chars().count() > MAX_VALUE {
            let report = value.error(
                code::TOO_LONG,
                format!("the value of a tag has {} characters", text.chars().count()),
                "too long",
            );
            value.report(report.help(format!("write at most {MAX_VALUE} characters")));
            return None;
        }
        if !text.chars().all(is_allowed) {
            return value.malformed(&format!("made of {ALLOWED}"), "remove the other characters");
        }
        Some(text)
    })
}

const ALLOWED: &str = "letters, digits, blanks and `_ . : / = + - @`";

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c)
}

fn check_key(value: Value<'_>) {
    let key = value.key;
    let lower = key.to_lowercase();
    let report = |code, summary: String, label: &str, help: String| {
        let report =
            Diagnostic::error(code, summary).label_at(value.key_position, label).help(help);
        value.report(report);
    };
    if let Some(prefix) = ["aws:", "tenfold:"].iter().find(|prefix| lower.starts_with(**prefix)) {
        let owner = if *prefix == "aws:" { "AWS" } else { "tenfold" };
        let help = format!("choose another key, such as `{}`", key[prefix.len()..].trim());
        report(
            code::RESERVED,
            format!("`{prefix}` is reserved"),
            &format!("reserved for tags of {owner}"),
            help,
        );
    } else if key.is_empty() || key.chars().count() > MAX_KEY || !key.chars().all(is_allowed) {
        let help = format!("write 1 to {MAX_KEY} {ALLOWED}");
        let summary = format!("`{key}` is not a valid key of a tag");
        report(code::BAD_NAME, summary, "AWS refuses this key", help);
    }
}
