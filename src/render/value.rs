//! Renders property values: short values on one line, long texts decoded and line by line, secrets
//! never.
use super::doc::{Delta, Label, Line};
use super::lines;
use crate::plan::diff::PropertyChange;
use crate::reference::{self, Part};
use base64::Engine;
use serde_json::Value;

/// Placeholder for a value that is not known before the plan is applied.
pub const UNKNOWN: &str = "(known after apply)";
const SECRET: &str = "(secret)";
const ABSENT: &str = "(none)";
/// A list or map that takes more columns than this is shown line by line.
const SHORT: usize = 60;
/// A text that takes more columns than this is split at its ` OR `s, if it has any.
const LONG: usize = 160;

/// Name endings of properties whose values are secret.
const SECRETS: &[&str] = &[
    "password",
    "secret",
    "secretstring",
    "authtoken",
    "privatekey",
    "clientsecret",
    "accesskey",
    "apikey",
];

/// Whether a property is a secret, judged by the last part of its path (`C` in `A.B[0].C`).
pub fn is_secret(property: &str) -> bool {
    let last = last_word(property).to_lowercase().replace(['_', '-'], "");
    SECRETS.iter().any(|secret| last.ends_with(secret))
}

fn last_word(property: &str) -> &str {
    let last = property.rsplit('.').next().unwrap_or(property);
    last.split('[').next().unwrap_or(last)
}

/// The value with every secret in it replaced by a placeholder.
pub fn redact(property: &str, value: &Value) -> Value {
    match value {
        _ if is_secret(property) => Value::String(SECRET.into()),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), redact(name, field))).collect()
        }
        Value::Array(items) => items.iter().map(|item| redact("", item)).collect(),
        other => other.clone(),
    }
}

/// The change of a property.
pub fn delta(change: &PropertyChange) -> Delta {
    let property = change.property.as_str();
    if is_secret(property) {
        let before = side(change.before.as_ref().map(|_| SECRET.into()), Label::Old);
        let after = side(change.after.as_ref().map(|_| "(another secret)".into()), Label::New);
        return Delta::Turns { before, after };
    }
    let shown = |value: &Option<Value>| value.as_ref().map(|value| redact(property, value));
    let (before, after) = (shown(&change.before), shown(&change.after));
    let long = |value: &Option<Value>| value.as_ref().and_then(|value| long(property, value));
    match (long(&before), long(&after)) {
        (None, None) => Delta::Turns {
            before: side(before.as_ref().map(short), Label::Old),
            after: side(after.as_ref().map(short), Label::New),
        },
        (old, new) => {
            let whole = |long: Option<String>, value: &Option<Value>| {
                long.or_else(|| value.as_ref().map(short)).unwrap_or_default()
            };
            lines::compare(&whole(old, &before), &whole(new, &after))
        }
    }
}

fn side(text: Option<String>, label: Label) -> Line {
    match text {
        Some(text) if text == UNKNOWN => Line::new(Label::Unknown, text),
        Some(text) => Line::new(label, text),
        None => Line::new(Label::Muted, ABSENT),
    }
}

/// A property of a new resource, on one line.
pub fn brief(property: &str, value: &Value) -> Line {
    let value = redact(property, value);
    match long(property, &value) {
        Some(text) => Line::new(Label::Muted, format!("({})", lines::digest(&text))),
        None => side(Some(short(&value)), Label::Plain),
    }
}

/// A value on one line. A text is quoted only if it is empty or begins or ends with a space.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() || text.trim() != text => format!("{text:?}"),
        Value::String(text) => known(text),
        other => compact(other),
    }
}

fn compact(value: &Value) -> String {
    match value {
        Value::String(text) if reference::is_known(value) => format!("\"{text}\""),
        Value::String(text) => known(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{name}: {}", compact(value));
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text with its unknown references replaced by [`UNKNOWN`].
fn known(text: &str) -> String {
    if reference::is_known(&Value::String(text.into())) {
        return text.to_string();
    }
    let part = |part: Part| match part {
        Part::Literal(text) => text,
        Part::Reference(_) => UNKNOWN.to_string(),
    };
    reference::parts(text).into_iter().map(part).collect()
}

/// A value that needs several lines, as text: user data, a policy, a text that is JSON. `None` if
/// one line is enough.
fn long(property: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let decoded = (last_word(property) == "UserData").then(|| decode(text)).flatten();
            let text = decoded.unwrap_or_else(|| known(text));
            let nested =
                serde_json::from_str(&text).ok().filter(|v: &Value| v.is_object() || v.is_array());
            match nested {
                Some(value) => Some(pretty(&value)),
                None if text.trim_end().contains('\n') => Some(text),
                // Alternatives, as in the rule of a composite alarm, each on its own line.
                None if text.chars().count() > LONG => {
                    let parts = text.replace(" OR ", "\nOR ");
                    parts.contains('\n').then_some(parts)
                }
                None => None,
            }
        }
        Value::Array(_) | Value::Object(_) if compact(value).chars().count() > SHORT => {
            Some(pretty(value))
        }
        _ => None,
    }
}

fn decode(text: &str) -> Option<String> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
    String::from_utf8(bytes).ok()
}

fn pretty(value: &Value) -> String {
    let known = with_placeholders(value);
    serde_json::to_string_pretty(&known).unwrap_or_default()
}

/// The value with its unknown references replaced by [`UNKNOWN`].
fn with_placeholders(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(known(text)),
        Value::Array(items) => items.iter().map(with_placeholders).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), with_placeholders(field))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn turns(property: &str, before: Value, after: Value) -> String {
        let change = PropertyChange {
            property: property.into(),
            before: (!before.is_null()).then_some(before),
            after: (!after.is_null()).then_some(after),
            create_only: false,
            known_after_apply: false,
        };
        let text = |line: &Line| line.0.iter().map(|span| span.text.as_str()).collect::<String>();
        match delta(&change) {
            Delta::Is(line) => text(&line),
            Delta::Turns { before, after } => format!("{} → {}", text(&before), text(&after)),
            Delta::Lines(lines) => {
                lines.iter().map(|(side, line)| format!("{side:?} {line}\n")).collect()
            }
        }
    }

    #[test]
    fn shows_short_values_on_one_line() {
        assert_eq!(turns("Max", json!(4), json!(6)), "4 → 6");
        assert_eq!(turns("Name", json!(null), json!("")), "(none) → \"\"");
        assert_eq!(
            turns("Vpc", json!("vpc-1"), json!("${vpc.main.id}")),
            format!("vpc-1 → {UNKNOWN}")
        );
        let subnets = json!(["subnet-1", "${subnet.b.id}"]);
        assert_eq!(turns("S", json!([]), subnets), format!("[] → [\"subnet-1\", {UNKNOWN}]"));
    }

    #[test]
    fn decodes_user_data_before_comparing() {
        let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        let (before, after) = (encode("#!/bin/sh\necho a\n"), encode("#!/bin/sh\necho b\n"));
        let shown = turns("LaunchTemplateData.UserData", json!(before), json!(after));
        assert_eq!(shown, "Both #!/bin/sh\nBefore echo a\nAfter echo b\n");
    }

    #[test]
    fn compares_texts_that_are_json_as_json() {
        let shown = turns("Policy", json!("{\"a\":1,\"b\":2}"), json!("{\"a\":1,\"b\":3}"));
        assert!(shown.contains("Before   \"b\": 2\nAfter   \"b\": 3"), "{shown}");
    }

    #[test]
    fn never_shows_secrets() {
        assert_eq!(
            turns("MasterUserPassword", json!("a"), json!("b")),
            "(secret) → (another secret)"
        );
        let nested = turns("Login", json!({ "auth_token": "hunter2" }), json!(1));
        assert_eq!(nested, "{ auth_token: (secret) } → 1".replace("(secret)", "\"(secret)\""));
        assert!(!is_secret("SecretArn") && !is_secret("KeyName"));
    }
}
