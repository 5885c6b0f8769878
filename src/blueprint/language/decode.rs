//! Decodes nodes into typed values. Decoding continues after an error, so that one run reports all
//! errors: a decoder reports a wrong value and returns none.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::code;
use super::fields::Fields;
use super::names::{is_kebab_case, to_kebab_case};
use super::node::{Content, LabelPosition, Node, Position, Type};
use crate::blueprint::options::Reader;
use crate::blueprint::preset::Preset;
use crate::diagnostic::Diagnostic;
use crate::suggest;

/// The context that all decoders share.
pub struct Decoder<'a> {
    pub preset: Preset,
    pub read: Reader<'a>,
    pub reports: RefCell<Vec<Diagnostic>>,
}

impl Decoder<'_> {
    pub fn report(&self, diagnostic: Diagnostic) {
        self.reports.borrow_mut().push(diagnostic);
    }

    /// The default of the blueprint's preset.
    pub fn preset<T>(&self, prod: T, dev: T) -> T {
        match self.preset {
            Preset::Prod => prod,
            Preset::Dev => dev,
        }
    }
}

/// A value with its key. An item of a list has the key of the list.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    pub key: &'a str,
    pub key_position: &'a Position,
    pub node: &'a Node,
    pub decoder: &'a Decoder<'a>,
}

impl<'a> Value<'a> {
    pub fn error(&self, code: &'static str, summary: impl Into<String>, label: &str) -> Diagnostic {
        Diagnostic::error(code, summary).label_at(&self.node.position, label)
    }

    pub fn warning(
        &self,
        code: &'static str,
        summary: impl Into<String>,
        label: &str,
    ) -> Diagnostic {
        Diagnostic::warning(code, summary).label_at(&self.node.position, label)
    }

    pub fn report(&self, diagnostic: Diagnostic) {
        self.decoder.report(diagnostic);
    }

    /// Reports that the value does not have the type `wanted`; `help` says what to write.
    pub fn wrong_type<T>(&self, wanted: &str, help: impl Into<String>) -> Option<T> {
        if !matches!(self.node.content, Content::Unresolved) {
            let summary = format!("`{}` must be {wanted}, not {}", self.key, self.node.describe());
            self.report(self.error(code::WRONG_TYPE, summary, "wrong type").help(help));
        }
        None
    }

    /// Reports that a value is outside `range`; `show` formats values as a user would write them.
    pub fn out_of_range<B: PartialOrd, T>(
        &self,
        value: B,
        range: &RangeInclusive<B>,
        show: impl Fn(&B) -> String,
    ) -> Option<T> {
        let (least, most) = (show(range.start()), show(range.end()));
        let summary = format!("`{}` must be from {least} to {most}", self.key);
        let label = format!("is {}", show(&value));
        let help = match value < *range.start() {
            true => format!("write {least} or more"),
            false => format!("write {most} or less"),
        };
        self.report(self.error(code::OUT_OF_RANGE, summary, &label).help(help));
        None
    }

    /// Reports that a value has the right type but is not `wanted`.
    pub fn malformed<T>(&self, wanted: &str, help: impl Into<String>) -> Option<T> {
        let summary = match self.node.scalar() {
            Some(_) => format!("`{}`: {} is not {wanted}", self.key, self.node.describe()),
            None => format!("`{}` must be {wanted}", self.key),
        };
        self.report(self.error(code::MALFORMED, summary, "not valid").help(help));
        None
    }

    /// A text. Numbers such as `012` and `17.10` need quotes, because YAML would change them.
    pub fn text(self) -> Option<&'a str> {
        let scalar = self.node.scalar();
        match scalar.map(|scalar| (scalar, scalar.core_type())) {
            Some((scalar, kind)) if kind == Type::Text || scalar.interpolated => Some(&scalar.text),
            Some((scalar, kind)) => self.reads_as(&scalar.text, kind),
            None => self.wrong_type("text", "write a single word, or text in quotes"),
        }
    }

    /// A text such as a tag or an environment variable. Accepts numbers and booleans without quotes if
    /// YAML does not change them.
    pub fn any_text(self) -> Option<String> {
        match self.node.scalar() {
            Some(scalar) if scalar.interpolated || scalar.is_canonical() => {
                Some(scalar.text.clone())
            }
            Some(scalar) => self.reads_as(&scalar.text, scalar.core_type()),
            None => self.wrong_type("text", "write a single word, or text in quotes"),
        }
    }

    fn reads_as<T>(self, written: &str, kind: Type) -> Option<T> {
        let read = match kind {
            Type::Integer(value) => format!("the number {value}"),
            Type::Float(value) => format!("the number {value}"),
            Type::Bool(value) => format!("the boolean {value}"),
            Type::Null => "nothing".to_string(),
            Type::Text => "text".to_string(),
        };
        let summary = format!("`{}` must be text, but YAML reads this as {read}", self.key);
        self.report(
            self.error(code::AMBIGUOUS_SCALAR, summary, "needs quotes")
                .help(format!("write \"{written}\"")),
        );
        None
    }

    /// A text that `fits` accepts; `wanted` describes it and `example` shows one.
    pub fn shaped(
        self,
        fits: impl FnOnce(&str) -> bool,
        wanted: &str,
        example: &str,
    ) -> Option<String> {
        let text = self.text()?;
        if fits(text) {
            return Some(text.to_string());
        }
        self.malformed(wanted, format!("write it like `{example}`"))
    }

    pub fn boolean(self) -> Option<bool> {
        let scalar = self.node.scalar();
        if let Some(scalar) = scalar {
            let kind = scalar.core_type();
            let interpolated = scalar.interpolated.then(|| scalar.text.parse().ok()).flatten();
            if let (Type::Bool(value), _) | (_, Some(value)) = (kind, interpolated) {
                return Some(value);
            }
        }
        let text = scalar.map_or("", |scalar| scalar.text.as_str());
        let help = match text.to_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => "write true".to_string(),
            "no" | "off" | "n" | "false" => "write false".to_string(),
            _ => "write true or false".to_string(),
        };
        self.wrong_type("true or false", help)
    }

    /// Whether the value is written as `false`.
    pub fn is_false(self) -> bool {
        self.node.scalar().is_some_and(|scalar| scalar.core_type() == Type::Bool(false))
    }

    /// Whether the value is written as `true`.
    pub fn is_true(self) -> bool {
        self.node.scalar().is_some_and(|scalar| scalar.core_type() == Type::Bool(true))
    }

    /// One of `words`.
    pub fn word<T: Copy>(self, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let all = || format!("one of {}", suggest::list(&names));
        let Some(scalar) = self.node.scalar() else {
            return self.wrong_type(&all(), format!("write {}", names.join(" or ")));
        };
        let found = words.iter().find(|(name, _)| *name == scalar.text).map(|(_, value)| *value);
        if found.is_none() {
            let summary = format!("`{}` cannot be {}", self.key, self.node.describe());
            let mut report = self.error(code::UNKNOWN_WORD, summary, "unknown value");
            report.help = suggest::help(&scalar.text, &names);
            self.report(report);
        }
        found
    }

    /// A list; drops the items that `item` cannot decode.
    pub fn list<T>(self, item: impl FnMut(Value<'a>) -> Option<T>) -> Option<Vec<T>> {
        match &self.node.content {
            Content::List(nodes) => {
                let values =
                    nodes.iter().map(|node| Value { node, key_position: &node.position, ..self });
                Some(values.filter_map(item).collect())
            }
            Content::Scalar(scalar) => {
                self.wrong_type("a list", format!("write [{}]", quoted_if_needed(&scalar.text)))
            }
            _ => {
                self.wrong_type("a list", "write the items in `[ ]`, or each on a line after `- `")
            }
        }
    }

    /// A list with 1 to `max` items.
    pub fn items<T>(self, max: usize, item: impl FnMut(Value<'a>) -> Option<T>) -> Option<Vec<T>> {
        if let Content::List(nodes) = &self.node.content {
            self.at_most(max, nodes.len());
            if nodes.is_empty() {
                let summary = format!("`{}` needs at least one item", self.key);
                let help = format!("add an item, or remove `{}`", self.key);
                self.report(self.error(code::MISSING_KEY, summary, "is empty").help(help));
                return None;
            }
        }
        self.list(item)
    }

    /// Reports a number of items or entries above `max`.
    pub fn at_most(self, max: usize, number: usize) {
        if number > max {
            let summary = format!("`{}` may contain at most {max}", self.key);
            let help = format!("remove {}", number - max);
            let label = format!("contains {number}");
            self.report(self.error(code::TOO_MANY, summary, &label).help(help));
        }
    }

    /// A map with fixed keys. Keys that `body` does not read are reported as unknown.
    pub fn fields<T>(self, body: impl FnOnce(&mut Fields<'a>) -> T) -> Option<T> {
        let Some(map) = self.node.map() else {
            let help = format!("write keys below `{}:`, or all of them in `{{ }}`", self.key);
            return self.wrong_type("a map", help);
        };
        let mut fields = Fields::new(self, map);
        let decoded = body(&mut fields);
        fields.refuse_unknown_keys();
        Some(decoded)
    }

    /// A map whose keys are names that the user chooses.
    pub fn entries<T>(
        self,
        mut entry: impl FnMut(Value<'a>) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        let Some(map) = self.node.map() else {
            return self.wrong_type("a map", format!("write names below `{}:`", self.key));
        };
        let values = map.iter().filter_map(|(key, written)| {
            let value = Value { key, key_position: &written.key, node: &written.value, ..self };
            entry(value).map(|decoded| (key.clone(), decoded))
        });
        Some(values.collect())
    }

    /// Like [`Value::entries`], with names in kebab-case.
    pub fn named<T>(
        self,
        mut entry: impl FnMut(Value<'a>) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        self.entries(|value| {
            value.check_name();
            entry(value)
        })
    }

    fn check_name(self) {
        let name = self.key;
        if is_kebab_case(name) && name.len() <= 40 {
            return;
        }
        let summary = format!("`{name}` is not a valid name");
        self.report(
            Diagnostic::error(code::BAD_NAME, summary)
                .label_at(self.key_position, "names are kebab-case, at most 40 characters")
                .help(format!("write `{}`", to_kebab_case(name))),
        );
    }
}

fn quoted_if_needed(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./*".contains(c));
    if plain && !text.starts_with('*') { text.to_string() } else { format!("{text:?}") }
}
