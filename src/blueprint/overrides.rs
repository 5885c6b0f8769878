//! `overrides` and `resources`: properties of resources with the names and units of CloudFormation.
//! Overrides replace properties of the stack's resources; `resources` are additional resources of any
//! kind. Texts may refer to outputs, see [`crate::reference`].

use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::names::is_kebab_case;
use super::language::node::{Content, LabelPosition, Node, Type};
use crate::diagnostic::Diagnostic;

/// Properties by the ID of the resource, such as `auto-scaling-group.api`.
pub type Specs = BTreeMap<String, Map<String, Json>>;

pub(super) fn decode(value: Value<'_>) -> Option<Specs> {
    value.entries(|value| {
        let is_id = value.key.contains('.') && value.key.split('.').all(is_kebab_case);
        if !is_id {
            let report =
                Diagnostic::error(code::BAD_NAME, format!("`{}` is not a resource ID", value.key))
                    .label_at(value.key_position, "must be `kind.name`");
            let help = "write it as the plan shows it, such as `auto-scaling-group.api`";
            value.report(report.help(help));
        }
        if let Some(properties) = value.node.map() {
            for (name, entry) in properties {
                if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
                    let summary = format!("`{name}` is not a property of CloudFormation");
                    let report = Diagnostic::error(code::BAD_NAME, summary)
                        .label_at(&entry.key, "names of properties start with a capital letter");
                    let help = format!("write `{}`", to_pascal_case(name));
                    value.report(report.help(help));
                }
            }
        }
        to_json(value)
    })
}

/// A map as JSON. The types of its scalars are those of YAML.
pub(super) fn to_json(value: Value<'_>) -> Option<Map<String, Json>> {
    if value.node.map().is_none() {
        return value.wrong_type("a map", format!("write names below `{}:`", value.key));
    }
    let json = serde_json::to_value(value.node.to_yaml());
    match json {
        Ok(Json::Object(map)) if is_finite(value.node) => Some(map),
        _ => value.malformed("a value that JSON can represent", "quote `.inf` and `.nan`"),
    }
}

fn is_finite(node: &Node) -> bool {
    match &node.content {
        Content::Unresolved => true,
        Content::List(items) => items.iter().all(is_finite),
        Content::Map(map) => map.values().all(|entry| is_finite(&entry.value)),
        Content::Scalar(scalar) => match scalar.core_type() {
            Type::Float(value) => value.is_finite(),
            _ => true,
        },
    }
}

fn to_pascal_case(name: &str) -> String {
    let words = name.split(['_', '-']).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}
