//! References: strings of a spec that name another resource's output, `${target-group.api.arn}`.
//!
//! A string is a template of literals and references. It is known once every reference in it is;
//! the dependency graph is read off the references and written down nowhere else.
use crate::resource::{Id, Outputs};
use serde_json::Value;

/// One reference: an output of another resource.
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

/// The text that stands for an output of another resource.
pub fn to(kind: &str, name: &str, output: &str) -> String {
    format!("${{{kind}.{name}.{output}}}")
}

/// Makes any text stand for itself within a spec: what looks like a reference is escaped.
pub fn literal(text: &str) -> String {
    text.replace("${", "$${")
}

/// Takes a string apart. `$${` is a literal `${`; so is a `${…}` that has not the shape
/// `kind.name.output`, such as a policy variable `${aws:username}`.
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
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        !part.is_empty() && part.chars().all(letter)
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

/// Whether any string below is still a reference.
pub fn is_known(value: &Value) -> bool {
    within(value).is_empty()
}

/// The spec with every output that `known` has in place of the references to it. A string all of
/// whose references are known becomes plain text; any other stays a template as a whole.
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

/// The spec with every output that `known` has written into it, still a template: what was
/// literal stays so, and what is not known stays a reference.
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

/// The spec with one text in place of another, where that stands by itself.
pub fn swapped(spec: &Value, from: &str, to: &str) -> Value {
    each_text(spec, &|text| if text == from { to.into() } else { text.into() })
}

/// Makes all text below stand for itself.
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

/// Looks an output up among those of several resources.
pub fn output<'a>(
    outputs: &'a std::collections::BTreeMap<Id, Outputs>,
    reference: &Reference,
) -> Option<&'a str> {
    outputs.get(&reference.id)?.get(&reference.output).map(String::as_str)
}

/// What stands in a spec for the value of a secret, which itself never does. Specs hold it in
/// CloudFormation's notation for dynamic references.
pub fn secret(arn: &str) -> String {
    format!("{SECRET_START}{arn}{SECRET_END}")
}

/// The ARN of the secret whose value a property stands for, if it stands for one.
pub fn secret_arn(property: &str) -> Option<&str> {
    property.strip_prefix(SECRET_START)?.strip_suffix(SECRET_END)
}

/// What a plan shows where a secret should stand and something else does.
pub const ANOTHER_VALUE: &str = "(another value)";

const SECRET_START: &str = "{{resolve:secretsmanager:";
const SECRET_END: &str = ":SecretString}}";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_string_is_a_template() {
        let spec = json!({ "a": ["x-${vpc.main.id}-y", "$${vpc.main.id}", "${aws:username}"] });
        let vpc = Reference { id: Id::new("vpc", "main"), output: "id".into() };
        assert_eq!(within(&spec), std::slice::from_ref(&vpc));
        let known = |_: &Reference| Some("vpc-1");
        let resolved = json!({ "a": ["x-vpc-1-y", "${vpc.main.id}", "${aws:username}"] });
        assert_eq!(resolve(&spec, &known), resolved);
        assert!(!is_known(&resolve(&spec, &|_| None)));
    }

    #[test]
    fn what_is_filled_in_stays_a_template() {
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
    fn any_text_can_be_made_literal() {
        for text in ["${vpc.main.id}", "$", "${", "a$${b.c.d}", "$$${x.y.z}"] {
            let spec = json!(literal(text));
            assert!(is_known(&spec), "{text}");
            assert_eq!(resolve(&spec, &|_| None), json!(text));
        }
    }
}
