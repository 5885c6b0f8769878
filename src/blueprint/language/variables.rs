//! Replaces `${var.x}` and `${env.X}` in values; `$${` is an escape for `${`. In `resources` and
//! `overrides`, `${kind.name.output}` refers to the output of another resource; this reference stays
//! in the text until the output is known.

use std::collections::BTreeMap;

use super::code;
use super::node::{Content, LabelPosition, Map, Node, Position};
use crate::diagnostic::{Diagnostic, Span};
use crate::reference::{Part, literal, parts};
use crate::suggest;

/// The values of variables and of the environment.
pub struct Variables<'a> {
    /// Name to value; none: the variable has neither a default nor a value from `--var`.
    declared: BTreeMap<String, Option<String>>,
    env: &'a BTreeMap<String, String>,
}

impl<'a> Variables<'a> {
    /// `declared` maps the names in `variables` to their defaults; `given` are the values of `--var`.
    pub fn new(
        declared: BTreeMap<String, Option<String>>,
        given: &BTreeMap<String, String>,
        env: &'a BTreeMap<String, String>,
    ) -> Self {
        let value = |(name, default): (String, Option<String>)| {
            let value = given.get(&name).cloned().or(default);
            (name, value)
        };
        Variables { declared: declared.into_iter().map(value).collect(), env }
    }

    /// Replaces the references in every value of a blueprint, except in user data: there, `${…}`
    /// belongs to the shell.
    pub fn replace(&self, root: &mut Node, reports: &mut Vec<Diagnostic>) {
        let Content::Map(sections) = &mut root.content else {
            return;
        };
        for (section, entry) in sections {
            match section.as_str() {
                "variables" => {}
                "services" => self.replace_services(&mut entry.value, reports),
                section if section.starts_with("x-") => {}
                section => {
                    let specs = ["resources", "overrides"].contains(&section);
                    let text_kind = if specs { TextKind::Spec } else { TextKind::Plain };
                    self.replace_all(&mut entry.value, text_kind, reports);
                }
            }
        }
    }

    fn replace_services(&self, services: &mut Node, reports: &mut Vec<Diagnostic>) {
        let Content::Map(services) = &mut services.content else {
            return self.replace_all(services, TextKind::Plain, reports);
        };
        for service in services.values_mut() {
            match &mut service.value.content {
                Content::Map(fields) => self.replace_service(fields, reports),
                _ => self.replace_all(&mut service.value, TextKind::Plain, reports),
            }
        }
    }

    fn replace_service(&self, fields: &mut Map, reports: &mut Vec<Diagnostic>) {
        for (key, entry) in fields {
            if key != "user_data" {
                self.replace_all(&mut entry.value, TextKind::Plain, reports);
            } else if let Content::Map(user_data) = &mut entry.value.content {
                let paths = user_data.iter_mut().filter(|(key, _)| key.as_str() == "file");
                paths.for_each(|(_, file)| {
                    self.replace_all(&mut file.value, TextKind::Plain, reports)
                });
            }
        }
    }

    fn replace_all(&self, node: &mut Node, text_kind: TextKind, reports: &mut Vec<Diagnostic>) {
        match &mut node.content {
            Content::Unresolved => {}
            Content::List(items) => {
                for item in items {
                    self.replace_all(item, text_kind, reports);
                }
            }
            Content::Map(map) => {
                for entry in map.values_mut() {
                    self.replace_all(&mut entry.value, text_kind, reports);
                }
            }
            Content::Scalar(scalar) if !scalar.text.contains("${") => {}
            Content::Scalar(scalar) => {
                match self.replace_in(&scalar.text, text_kind, &node.position) {
                    Ok((text, interpolated)) => {
                        scalar.text = text;
                        scalar.interpolated = interpolated;
                    }
                    Err(report) => {
                        reports.push(report);
                        node.content = Content::Unresolved;
                    }
                }
            }
        }
    }

    /// The text with its references replaced, and whether it contained any.
    fn replace_in(
        &self,
        written: &str,
        text_kind: TextKind,
        position: &Position,
    ) -> Result<(String, bool), Diagnostic> {
        let (mut text, mut interpolated) = (String::new(), false);
        let mut rest = written;
        while let Some(at) = rest.find("${") {
            if let Some(before) = rest[..at].strip_suffix('$') {
                text.push_str(before);
                text.push_str(if text_kind == TextKind::Spec { "$${" } else { "${" });
                rest = &rest[at + 2..];
                continue;
            }
            text.push_str(&rest[..at]);
            let length = rest[at..].find('}').ok_or_else(|| unclosed(position, &rest[at..]))?;
            let reference = &rest[at..=at + length];
            if text_kind == TextKind::Spec && is_output(reference) {
                text.push_str(reference);
            } else {
                let value = self.value(&reference[2..length], reference, position)?;
                let value =
                    if text_kind == TextKind::Spec { literal(value) } else { value.to_string() };
                text.push_str(&value);
            }
            interpolated = true;
            rest = &rest[at + length + 1..];
        }
        text.push_str(rest);
        Ok((text, interpolated))
    }

    fn value(&self, name: &str, reference: &str, position: &Position) -> Result<&str, Diagnostic> {
        let position = narrow(position, reference);
        let report = |code, summary: String| Diagnostic::error(code, summary);
        if let Some(name) = name.strip_prefix("env.") {
            return self.env.get(name).map(String::as_str).ok_or_else(|| {
                report(code::UNSET_ENV, format!("environment variable `{name}` is not set"))
                    .label_at(&position, "used here")
                    .help(format!("set it: `{name}=… tenfold …`"))
            });
        }
        let Some(name) = name.strip_prefix("var.") else {
            return Err(report(code::BAD_REFERENCE, format!("unknown reference `{reference}`"))
                .label_at(&position, "neither a variable nor an environment variable")
                .help(format!(
                    "write `${{var.{name}}}` or `${{env.{name}}}`; for the literal text write `${reference}`"
                )));
        };
        match self.declared.get(name) {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(report(code::UNSET_VARIABLE, format!("`var.{name}` has no value"))
                .label_at(&position, "used here")
                .help(format!("pass `--var {name}=…`, or set its `default` in `variables`"))),
            None => {
                let known: Vec<&str> = self.declared.keys().map(String::as_str).collect();
                let help = suggest::nearest(name, known).map_or(
                    format!("declare it: `variables: {{ {name}: {{ default: … }} }}`"),
                    |near| format!("did you mean `var.{near}`?"),
                );
                Err(report(code::UNKNOWN_VARIABLE, format!("unknown variable `{name}`"))
                    .label_at(&position, "not in `variables`")
                    .help(help))
            }
        }
    }
}

/// Whether a text may refer to outputs of resources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextKind {
    Plain,
    /// A property of a resource: references to outputs stay in the text.
    Spec,
}

/// Whether a reference names an output, as `${queue.orders.url}` does.
fn is_output(reference: &str) -> bool {
    let is_variable = ["${var.", "${env."].iter().any(|start| reference.starts_with(start));
    !is_variable && matches!(parts(reference).as_slice(), [Part::Reference(_)])
}

fn unclosed(position: &Position, reference: &str) -> Diagnostic {
    Diagnostic::error(code::BAD_REFERENCE, "a reference has no closing brace")
        .label_at(&narrow(position, reference), "`}` is missing")
        .help("write `${var.name}`; for the literal text `${` write `$${`")
}

/// The position of `part` within a value, or that of the whole value if the source does not contain
/// `part` literally.
fn narrow(position: &Position, part: &str) -> Position {
    let Some(at) = position.span.text().find(part) else {
        return position.clone();
    };
    let start = position.span.range.start + at;
    let span = Span { source: position.span.source.clone(), range: start..start + part.len() };
    Position { span, via: position.via.clone() }
}
