//! `tags`: on every resource of the stack.

use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::node::LabelPlace;
use crate::diagnostic::Diagnostic;

/// AWS takes 50 tags; five are kept for tenfold's own.
const MOST_TAGS: usize = 45;
const MOST_KEY: usize = 128;
const MOST_VALUE: usize = 256;

pub fn decode(value: Value<'_>) -> Option<BTreeMap<String, String>> {
    value.at_most(MOST_TAGS, value.node.map().map_or(0, BTreeMap::len));
    value.entries(|value| {
        check_key(value);
        let text = value.any_text()?;
        if text.chars().count() > MOST_VALUE {
            let report = value.error(
                code::TOO_LONG,
                format!("a tag of {} characters", text.len()),
                "too long",
            );
            value.report(report.help(format!("write at most {MOST_VALUE}")));
            return None;
        }
        if !text.chars().all(is_allowed) {
            return value.malformed(&format!("made of {ALLOWED}"), "remove the others");
        }
        Some(text)
    })
}

const ALLOWED: &str = "letters, digits, blanks and `_ . : / = + - @`";

fn is_allowed(one: char) -> bool {
    one.is_alphanumeric() || one == ' ' || "_.:/=+-@".contains(one)
}

fn check_key(value: Value<'_>) {
    let key = value.key;
    let lower = key.to_lowercase();
    let report = |code, summary: String, label: &str, help: String| {
        let report = Diagnostic::error(code, summary).place(value.key_place, label).help(help);
        value.report(report);
    };
    if let Some(prefix) = ["aws:", "tenfold:"].iter().find(|prefix| lower.starts_with(**prefix)) {
        let owner = if *prefix == "aws:" { "AWS" } else { "tenfold" };
        let help = format!("choose another key, such as `{}`", key[prefix.len()..].trim());
        report(
            code::RESERVED,
            format!("`{prefix}` is reserved"),
            &format!("kept for {owner}'s own tags"),
            help,
        );
    } else if key.is_empty() || key.chars().count() > MOST_KEY || !key.chars().all(is_allowed) {
        let help = format!("write 1 to {MOST_KEY} {ALLOWED}");
        report(code::BAD_NAME, format!("`{key}` is no key of a tag"), "AWS refuses it", help);
    }
}
