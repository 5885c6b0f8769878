//! The keys of a map.

use std::collections::BTreeSet;

use super::code;
use super::decode::Value;
use super::node::{LabelPosition, Map};
use crate::diagnostic::Diagnostic;
use crate::suggest;

/// The keys of a map. Remembers which keys a decoder reads, so that the others are unknown keys.
pub struct Fields<'a> {
    pub value: Value<'a>,
    map: &'a Map,
    known: BTreeSet<&'static str>,
}

impl<'a> Fields<'a> {
    pub fn new(value: Value<'a>, map: &'a Map) -> Self {
        Fields { value, map, known: BTreeSet::new() }
    }

    /// The value of a key, if the map contains the key.
    pub fn get(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.known.insert(key);
        let (key, entry) = self.map.get_key_value(key)?;
        Some(Value { key, key_position: &entry.key, node: &entry.value, ..self.value })
    }

    pub fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// The decoded value; none if it is absent or wrong. Wrong values are reported.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        decode: impl FnOnce(Value<'a>) -> Option<T>,
    ) -> Option<T> {
        self.get(key).and_then(decode)
    }

    /// The decoded value, or `default` if it is absent or wrong. Wrong values are reported.
    pub fn or<T>(
        &mut self,
        key: &'static str,
        default: T,
        decode: impl FnOnce(Value<'a>) -> Option<T>,
    ) -> T {
        self.optional(key, decode).unwrap_or(default)
    }

    /// The decoded value; reports if it is absent or wrong. `example` is a line that the user could
    /// write.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        example: &str,
        decode: impl FnOnce(Value<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key);
        if value.is_none() {
            let owner = self.value;
            let owner_name = match owner.key {
                "" => "the blueprint".to_string(),
                key => format!("`{key}`"),
            };
            owner.report(
                Diagnostic::error(code::MISSING_KEY, format!("{owner_name} has no `{key}`"))
                    .label_at(owner.key_position, format!("needs `{key}`"))
                    .help(format!("add `{example}`")),
            );
        }
        value.and_then(decode)
    }

    /// A setting that `false` turns off: the result is then none. `on` is the default if the key is
    /// absent.
    pub fn switch<T>(
        &mut self,
        key: &'static str,
        on: Option<T>,
        decode: impl FnOnce(Value<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.get(key) {
            None => on,
            Some(value) if value.is_false() => None,
            Some(value) => decode(value),
        }
    }

    /// Reports that two keys exclude each other and labels both. A key may be a path
    /// (`schedule.night.min`).
    pub fn clash(
        &self,
        code: &'static str,
        summary: impl Into<String>,
        (key, label): (&str, &str),
        (other, other_label): (&str, &str),
        help: impl Into<String>,
    ) {
        let mut report = Diagnostic::error(code, summary).help(help);
        for (path, label) in [(key, label), (other, other_label)] {
            let first = path.split('.').next().unwrap_or_default();
            if self.has(first) {
                report = report.label_at(&self.value.node.find(path).value.position, label);
            }
        }
        self.value.report(report);
    }

    pub fn refuse_unknown_keys(&self) {
        let known: Vec<&str> = self.known.iter().copied().collect();
        for (key, entry) in self.map {
            if self.known.contains(key.as_str()) || is_extension(self.value, key) {
                continue;
            }
            let owner = match self.value.key {
                "" => String::new(),
                key => format!(" in `{key}`"),
            };
            let summary = format!("unknown key `{key}`{owner}");
            let mut report =
                Diagnostic::error(code::UNKNOWN_KEY, summary).label_at(&entry.key, "unknown key");
            report.help = suggest::help(key, &known);
            self.value.report(report);
        }
    }
}

/// Keys `x-…` at the top level contain anchors and are ignored.
fn is_extension(owner: Value<'_>, key: &str) -> bool {
    owner.key.is_empty() && key.starts_with("x-")
}
