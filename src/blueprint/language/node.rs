//! YAML values with their positions in the source.

use serde_yaml::Value as Yaml;
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Span};

/// Where a key or value is written, and the `*alias` or `<<` that inserted it, if any.
#[derive(Debug, Clone)]
pub struct Position {
    pub span: Span,
    pub via: Option<Span>,
}

impl Position {
    pub fn at(span: Span) -> Self {
        Position { span, via: None }
    }
}

#[derive(Debug, Clone)]
pub struct Node {
    pub position: Position,
    pub tag: Option<Tag>,
    pub content: Content,
}

/// How a value of an overlay combines with the value below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Removes the key.
    Reset,
    /// Replaces the value instead of merging.
    Override,
}

#[derive(Debug, Clone)]
pub enum Content {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Map),
    /// The value could not be determined. This has been reported, so decoders report nothing more.
    Unresolved,
}

pub type Map = BTreeMap<String, Entry>;

#[derive(Debug, Clone)]
pub struct Entry {
    pub key: Position,
    pub value: Node,
}

#[derive(Debug, Clone)]
pub struct Scalar {
    pub text: String,
    /// Written in quotes or as a block, and therefore always text.
    pub quoted: bool,
    /// Contains the value of a variable, which is text or a number depending on the key.
    pub interpolated: bool,
}

/// The type of a scalar in the core schema of YAML 1.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text,
}

impl Scalar {
    pub fn core_type(&self) -> Type {
        if self.quoted { Type::Text } else { core_type(&self.text) }
    }

    /// Whether writing the parsed value back yields the same text. False for `012`, `17.10` and `1e3`.
    pub fn is_canonical(&self) -> bool {
        match self.core_type() {
            Type::Null => false,
            Type::Bool(value) => self.text == value.to_string(),
            Type::Integer(value) => self.text == value.to_string(),
            Type::Float(value) => self.text == value.to_string(),
            Type::Text => true,
        }
    }
}

/// The type of a plain scalar in the core schema, [YAML 1.2.2 §10.3.2](https://yaml.org/spec/1.2.2/#1032-tag-resolution).
fn core_type(text: &str) -> Type {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Type::Null,
        "true" | "True" | "TRUE" => return Type::Bool(true),
        "false" | "False" | "FALSE" => return Type::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Type::Float(f64::NAN),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix = |prefix, radix| {
        let digits: &str = text.strip_prefix(prefix)?;
        let valid = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        valid.then(|| i64::from_str_radix(digits, radix).ok())?
    };
    if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Type::Integer(value);
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Type::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    let numeric = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.contains(|digit: char| digit.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    if !numeric {
        return Type::Text;
    }
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(value), _) => Type::Integer(value),
        (_, Ok(value)) => Type::Float(value),
        _ => Type::Text,
    }
}

impl Node {
    pub fn map(&self) -> Option<&Map> {
        match &self.content {
            Content::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&[Node]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.get(key).map(|entry| &entry.value)
    }

    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.core_type() == Type::Null)
    }

    /// The value as messages quote it.
    pub fn describe(&self) -> String {
        match &self.content {
            Content::List(_) => "a list".to_string(),
            Content::Map(_) => "a map".to_string(),
            Content::Unresolved => "nothing".to_string(),
            Content::Scalar(scalar) => match scalar.core_type() {
                Type::Null => "nothing".to_string(),
                Type::Text if scalar.quoted => format!("\"{}\"", shorten(&scalar.text)),
                _ => format!("`{}`", shorten(&scalar.text)),
            },
        }
    }

    /// The key and value at a dotted path (`services.api.routes.0.paths`), or their nearest ancestor
    /// that the document contains.
    pub fn find(&self, path: &str) -> Found<'_> {
        let mut found = Found { key: None, value: self };
        let mut rest = path;
        while !rest.is_empty() {
            let step = match &found.value.content {
                Content::Map(map) => longest_key(map, rest)
                    .map(|(key, entry)| (key.len(), Some(&entry.key), &entry.value)),
                Content::List(items) => {
                    let index = rest.split('.').next().unwrap_or_default();
                    let item = index.parse().ok().and_then(|at: usize| items.get(at));
                    item.map(|item| (index.len(), None, item))
                }
                Content::Scalar(_) | Content::Unresolved => None,
            };
            let Some((length, key, value)) = step else {
                break;
            };
            found = Found { key, value };
            rest = rest[length..].trim_start_matches('.');
        }
        found
    }

    /// The value for `serde_yaml`, with maps in their order in the source.
    pub fn to_yaml(&self) -> Yaml {
        match &self.content {
            Content::List(items) => Yaml::Sequence(items.iter().map(Node::to_yaml).collect()),
            Content::Map(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(_, entry)| {
                    (entry.key.span.source.rank, entry.key.span.range.start)
                });
                let pair = |(key, entry): (&String, &Entry)| {
                    (Yaml::String(key.clone()), entry.value.to_yaml())
                };
                Yaml::Mapping(entries.into_iter().map(pair).collect())
            }
            Content::Unresolved => Yaml::Null,
            Content::Scalar(scalar) => match scalar.core_type() {
                Type::Null => Yaml::Null,
                Type::Bool(value) => Yaml::Bool(value),
                Type::Integer(value) => Yaml::Number(value.into()),
                Type::Float(value) => Yaml::Number(value.into()),
                Type::Text => Yaml::String(scalar.text.clone()),
            },
        }
    }
}

/// The result of [`Node::find`].
pub struct Found<'a> {
    /// None for the root and for items of lists.
    pub key: Option<&'a Position>,
    pub value: &'a Node,
}

/// The longest key that `path` starts with. A key may contain dots (`auto-scaling-group.api`).
fn longest_key<'a>(map: &'a Map, path: &str) -> Option<(&'a String, &'a Entry)> {
    let ends = path.match_indices('.').map(|(dot, _)| dot).chain([path.len()]);
    ends.rev().find_map(|end| map.get_key_value(&path[..end]))
}

/// The start of the first line of a text, for messages.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 40 || line.len() < text.trim_end().len() {
        return line.chars().take(40).chain(['…']).collect();
    }
    line.to_string()
}

/// Labels a position, and the alias or `<<` that inserted it.
pub trait LabelPosition {
    fn label_at(self, position: &Position, text: impl Into<String>) -> Self;
}

impl LabelPosition for Diagnostic {
    fn label_at(self, position: &Position, text: impl Into<String>) -> Self {
        let labelled = self.label(position.span.clone(), text);
        match &position.via {
            Some(via) => labelled.label(via.clone(), "used here"),
            None => labelled,
        }
    }
}
