//! What tells one document from another.
use crate::names::hash;
use crate::reference;
use serde_json::Value;

/// How many digits are enough to tell documents of one API apart.
const DIGITS: usize = 16;

/// A hash of the document. So long as something in it is not known, that reference stands for it,
/// so that the mark is not known either.
pub fn mark(body: &Value) -> String {
    match reference::within(body).first() {
        Some(unknown) => reference::to(&unknown.id.kind, &unknown.id.name, &unknown.output),
        None => hash(&canonical(body), DIGITS),
    }
}

/// Keys in order: whoever wrote the document may have them in any.
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
    fn a_mark_is_known_when_the_document_is() {
        let same = mark(&json!({ "a": 1, "b": [2] })) == mark(&json!({ "b": [2], "a": 1 }));
        assert!(same && mark(&json!({ "a": 1 })) != mark(&json!({ "a": 2 })));
        let open = json!(mark(&json!({ "x": "${vpc-link.public.id}" })));
        assert!(!reference::is_known(&open));
        assert!(reference::is_known(&json!(mark(&json!({ "x": "abc" })))));
    }
}
