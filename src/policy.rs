//! Policy documents in one canonical form, so that a document that AWS returns compares equal to
//! the one that was sent:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.
//!
//! The grammar allows several notations for the same policy: a single element or a list, elements
//! in any order, an account by its ID or by its root user's ARN, a boolean with or without quotes.
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// A policy document in its canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy(Value);

impl Policy {
    pub fn new(document: Value) -> Self {
        Policy(document_of(document))
    }

    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Policy::new)
    }

    /// Reads a document as IAM returns it: JSON text with the URL encoding of RFC 3986.
    ///
    /// # Errors
    /// The decoded text is not JSON.
    pub fn parse_encoded(text: &str) -> Result<Self, serde_json::Error> {
        Policy::parse(&decode(text))
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Policy::new)
    }
}

/// Decodes percent encoding. Everything else is kept, including plus signs.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| *first == b'%');
        let byte = escape.and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn document_of(document: Value) -> Value {
    sorted(document, |key, value| match (key, value) {
        ("Statement", Value::Array(statements)) => {
            Value::Array(statements.into_iter().map(statement).collect())
        }
        ("Statement", alone) => Value::Array(vec![statement(alone)]),
        (_, other) => other,
    })
}

fn statement(value: Value) -> Value {
    sorted(value, |key, value| match key {
        "Action" | "NotAction" | "Resource" | "NotResource" => set(value, Value::from),
        "Principal" | "NotPrincipal" => principal(value),
        // An operator, then a key, then the values to compare with.
        "Condition" => sorted(value, |_, keys| sorted(keys, |_, values| set(values, Value::from))),
        _ => value,
    })
}

/// `{"AWS": "*"}` is another notation for `"*"`, everyone.
fn principal(value: Value) -> Value {
    let value = sorted(value, |_, who| set(who, |name| Value::from(account(name))));
    match &value {
        Value::Object(by_type) if by_type.len() == 1 && by_type.get("AWS") == Some(&"*".into()) => {
            "*".into()
        }
        _ => value,
    }
}

/// The ARN of an account's root user and the account ID are the same principal.
fn account(name: String) -> String {
    let number = name.split_once(":iam::").and_then(|(_, of)| of.strip_suffix(":root"));
    let number = number.filter(|n| n.len() == 12 && n.bytes().all(|byte| byte.is_ascii_digit()));
    number.map(str::to_string).unwrap_or(name)
}

/// A single scalar, or a sorted list without duplicates; booleans and numbers become text.
fn set(value: Value, canonical: impl Fn(String) -> Value) -> Value {
    let items = match value {
        Value::Array(items) => items,
        alone => vec![alone],
    };
    let text = |item| match item {
        Value::String(text) => canonical(text),
        Value::Bool(_) | Value::Number(_) => Value::from(item.to_string()),
        other => other,
    };
    let mut items: Vec<Value> = items.into_iter().map(text).collect();
    items.sort_by_key(Value::to_string);
    items.dedup();
    match <[Value; 1]>::try_from(items) {
        Ok([alone]) => alone,
        Err(several) => Value::Array(several),
    }
}

/// An object with sorted keys and `f` applied to each value; any other value unchanged.
fn sorted(value: Value, f: impl Fn(&str, Value) -> Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    let fields = fields.into_iter().map(|(key, value)| {
        let value = f(&key, value);
        (key, value)
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn notations_of_one_policy_compare_equal() {
        let long = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "AWS": ["arn:aws:iam::123456789012:root"] },
                "Action": ["s3:PutObject", "s3:GetObject", "s3:GetObject"],
                "Resource": ["arn:aws:s3:::logs/*"],
                "Condition": { "Bool": { "aws:SecureTransport": [false] } },
            }],
        });
        let short = json!({
            "Statement": {
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Condition": { "Bool": { "aws:SecureTransport": "false" } },
                "Effect": "Allow",
                "Principal": { "AWS": "123456789012" },
                "Resource": "arn:aws:s3:::logs/*",
            },
            "Version": "2012-10-17",
        });
        assert_eq!(Policy::new(long.clone()).to_string(), Policy::new(short).to_string());
        let twice = Policy::new(Policy::new(long.clone()).0);
        assert_eq!(twice, Policy::new(long));
    }

    #[test]
    fn only_any_aws_principal_becomes_a_star() {
        let principal = |value| principal(value);
        assert_eq!(principal(json!({ "AWS": ["*"] })), json!("*"));
        assert_eq!(principal(json!({ "Service": "*" })), json!({ "Service": "*" }));
        let role = json!({ "AWS": "arn:aws:iam::123456789012:role/root" });
        assert_eq!(principal(role.clone()), role);
    }

    #[test]
    fn decodes_documents_from_iam() {
        let text = "%7B%22Statement%22%3A%5B%7B%22Sid%22%3A%22a+b%20%C3%BC%25%22%7D%5D%7D";
        let policy = Policy::parse_encoded(text).unwrap();
        assert_eq!(policy.to_string(), r#"{"Statement":[{"Sid":"a+b ü%"}]}"#);
        assert_eq!(decode("%zz%4"), "%zz%4");
    }
}
