//! References: strings of a spec that refer to another resource's output,
//! `${target-group.api.arn}`.
//!
//! A string is a template of literals and references. Its value is known once the values of all its
//! references are. References are the only source of the edges of the dependency graph.
use crate::resource::{Id, Outputs};
use serde_json::Value;

/// A reference to an output of another resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub id: Id,
    pub output: String,
}

/// A piece of a string.
#[derive(Debug, PartialEq)]
pub enum Part {
    Literal(String),
    Reference(Reference),
}

/// The text of a reference to an output of another resource.
pub fn to(kind: &str, name: &str, output: &str) -> String {
    format!("${{{kind}.{name}.{output}}}")
}

/// Escapes a text for use in a spec, so that nothing in it is taken for a reference.
pub fn literal(text: &str) -> String {
    text.replace("${", "$${")
}

/// Splits a string into its parts. `$${` is a literal `${`. A `${…}` that does not have the form
/// `kind.name.output`, such as the policy variable `${aws:username}`, is literal too.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            literal.push_str(before);
            literal.push_str("${");
            rest = &from[2..];
            continue;
        }
        literal.push_str(before);
        match from.find('}').and_then(|end| Some((end, reference(&from[2..end])?))) {
            Some((end, reference)) => {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                parts.push(Part::Reference(reference));
                rest = &from[end + 1..];
            }
            None => {
                literal.push_str("${");
                rest = &from[2..];
            }
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    parts
}

fn reference(text: &str) -> Option<Reference> {
    let well_formed = |part: &&str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        !part.is_empty() && part.chars().all(allowed)
    };
    let mut words = text.split('.');
    let [kind, name, output] = [words.next()?, words.next()?, words.next()?];
    let whole = words.next().is_none() && [kind, name, output].iter().all(well_formed);
    whole.then(|| Reference { id: Id::new(kind, name), output: output.into() })
}

/// Every reference within a spec, in order of appearance.
pub fn within(spec: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    walk(spec, &mut |text| {
        found.extend(parts(text).into_iter().filter_map(|part| match part {
            Part::Reference(reference) => Some(reference),
            Part::Literal(_) => None,
        }));
    });
    found
}

fn walk(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Value::Object(fields) => fields.values().for_each(|field| walk(field, visit)),
        _ => {}
    }
}

/// Whether a value contains no references.
pub fn is_known(value: &Value) -> bool {
    within(value).is_empty()
}

/// The spec with references replaced by the outputs that `known` returns. A string becomes plain
/// text if all its references are known; otherwise the whole string stays a template.
pub fn resolve<'a>(spec: &Value, known: &dyn Fn(&Reference) -> Option<&'a str>) -> Value {
    each_text(spec, &|text| resolve_text(text, known))
}

fn resolve_text<'a>(text: &str, known: &dyn Fn(&Reference) -> Option<&'a str>) -> String {
    let whole: Option<String> = parts(text)
        .into_iter()
        .map(|part| match part {
            Part::Literal(text) => Some(text),
            Part::Reference(reference) => known(&reference).map(str::to_string),
        })
        .collect();
    whole.unwrap_or_else(|| text.to_string())
}

/// The spec with references replaced by the outputs that `known` returns, still a template: the
/// outputs are escaped, literals stay escaped, and unknown references stay references.
pub fn fill<'a>(spec: &Value, known: &dyn Fn(&Reference) -> Option<&'a str>) -> Value {
    let piece = |part: Part| match part {
        Part::Literal(text) => literal(&text),
        Part::Reference(reference) => match known(&reference) {
            Some(output) => literal(output),
            None => to(&reference.id.kind, &reference.id.name, &reference.output),
        },
    };
    each_text(spec, &|text| parts(text).into_iter().map(piece).collect())
}

/// The spec with every string that equals `from` replaced by `to`.
pub fn swapped(spec: &Value, from: &str, to: &str) -> Value {
    each_text(spec, &|text| if text == from { to.into() } else { text.into() })
}

/// The value with every string in it escaped, see [`literal`].
pub fn escaped(value: &Value) -> Value {
    each_text(value, &literal)
}

fn each_text(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(items) => items.iter().map(|item| each_text(item, change)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), each_text(value, change))).collect()
        }
        other => other.clone(),
    }
}

/// The output that a reference refers to, if `outputs` contains it.
pub fn output<'a>(
    outputs: &'a std::collections::BTreeMap<Id, Outputs>,
    reference: &Reference,
) -> Option<&'a str> {
    outputs.get(&reference.id)?.get(&reference.output).map(String::as_str)
}

/// The placeholder for a secret's value in a spec. A spec never contains the value itself. The
/// notation is that of CloudFormation's dynamic references.
pub fn secret(arn: &str) -> String {
    format!("{SECRET_START}{arn}{SECRET_END}")
}

/// The ARN of the secret, if the property is a placeholder for a secret's value.
pub fn secret_arn(property: &str) -> Option<&str> {
    property.strip_prefix(SECRET_START)?.strip_suffix(SECRET_END)
}

/// What a live spec contains for a property that should have a secret's value and has another, so
/// that a plan shows the difference without the value.
pub const ANOTHER_VALUE: &str = "(another value)";

const SECRET_START: &str = "{{resolve:secretsmanager:";
const SECRET_END: &str = ":SecretString}}";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn resolves_references_and_keeps_literals() {
        let spec = json!({ "a": ["x-${vpc.main.id}-y", "$${vpc.main.id}", "${aws:username}"] });
        let vpc = Reference { id: Id::new("vpc", "main"), output: "id".into() };
        assert_eq!(within(&spec), std::slice::from_ref(&vpc));
        let known = |_: &Reference| Some("vpc-1");
        let resolved = json!({ "a": ["x-vpc-1-y", "${vpc.main.id}", "${aws:username}"] });
        assert_eq!(resolve(&spec, &known), resolved);
        assert!(!is_known(&resolve(&spec, &|_| None)));
    }

    #[test]
    fn fill_escapes_outputs_and_keeps_a_template() {
        let spec = json!(["${vpc.main.id}", "$${vpc.main.id}", "${vpc.other.id}/${vpc.main.id}"]);
        let known = |r: &Reference| (r.id.name == "main").then_some("${a.b.c}");
        let filled = fill(&spec, &known);
        let expected = json!(["$${a.b.c}", "$${vpc.main.id}", "${vpc.other.id}/$${a.b.c}"]);
        assert_eq!(filled, expected);
        let plain = json!(["${a.b.c}", "${vpc.main.id}", "x/${a.b.c}"]);
        assert_eq!(resolve(&filled, &|_| Some("x")), plain);
        assert_eq!(resolve(&escaped(&plain), &|_| None), plain);
    }

    #[test]
    fn literal_escapes_any_text() {
        for text in ["${vpc.main.id}", "$", "${", "a$${b.c.d}", "$$${x.y.z}"] {
            let spec = json!(literal(text));
            assert!(is_known(&spec), "{text}");
            assert_eq!(resolve(&spec, &|_| None), json!(text));
        }
    }
}
