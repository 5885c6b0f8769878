//! The fingerprint that distinguishes OpenAPI documents.
use crate::names::hash;
use crate::reference;
use serde_json::Value;

/// The number of hexadecimal digits, enough to distinguish the documents of one API.
const DIGITS: usize = 16;

/// A hash of the document. While the document contains a reference, the fingerprint is that
/// reference, so it is unknown too.
pub fn fingerprint(body: &Value) -> String {
    match reference::within(body).first() {
        Some(unknown) => reference::to(&unknown.id.kind, &unknown.id.name, &unknown.output),
        None => hash(&canonical(body), DIGITS),
    }
}

/// The document as text with sorted keys, because their order has no meaning.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let field = |(key, value): (&String, &Value)| format!("{key:?}:{}", canonical(value));
            format!("{{{}}}", fields.into_iter().map(field).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fingerprint_is_known_once_the_document_is() {
        let reordered = (json!({ "a": 1, "b": [2] }), json!({ "b": [2], "a": 1 }));
        assert_eq!(fingerprint(&reordered.0), fingerprint(&reordered.1));
        assert_ne!(fingerprint(&json!({ "a": 1 })), fingerprint(&json!({ "a": 2 })));
        let unknown = json!(fingerprint(&json!({ "x": "${vpc-link.public.id}" })));
        assert!(!reference::is_known(&unknown));
        assert!(reference::is_known(&json!(fingerprint(&json!({ "x": "abc" })))));
    }
}
