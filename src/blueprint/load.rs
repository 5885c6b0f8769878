//! Loads a blueprint: parses and merges the files, replaces variables, decodes and checks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::check;
use super::entry_points;
use super::language::code;
use super::language::decode::{Decoder, Value};
use super::language::names::to_kebab_case;
use super::language::node::{LabelPosition, Node};
use super::language::variables::Variables;
use super::language::{merge, parse, set};
use super::options::{Options, SourceFile, argument};
use super::preset::Preset;
use super::stack::{self, Blueprint};
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::suggest;

/// Loads a blueprint from files; each file is an overlay of the files before it.
///
/// # Errors
/// All errors in the files and options, and the warnings, sorted by position.
pub fn load(inputs: &[SourceFile], options: &Options<'_>) -> Result<Blueprint, Diagnostics> {
    let mut reports = Vec::new();
    let document = read(inputs, options, &mut reports);
    let blueprint = document.and_then(|document| decode(document, options, &mut reports));
    let reports: Diagnostics = reports.into_iter().collect();
    match blueprint {
        Some(blueprint) if !reports.has_errors() => {
            Ok(Blueprint { warnings: reports, ..blueprint })
        }
        _ => Err(reports),
    }
}

/// The files and `--set` options merged into one tree; none if a file cannot be parsed.
fn read(
    inputs: &[SourceFile],
    options: &Options<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let mut trees = Vec::new();
    for (rank, input) in inputs.iter().enumerate() {
        match read_file(input, rank, reports) {
            Ok(tree) => trees.push(tree),
            Err(report) => reports.push(report),
        }
    }
    if trees.len() < inputs.len() {
        return None;
    }
    let mut trees = trees.into_iter();
    let mut document = trees.next()?;
    let base = Identity::of(&document);
    merge::remove_tags(&mut document, reports);
    for overlay in trees {
        merge::merge(&mut document, overlay, reports);
    }
    for (index, (path, value)) in options.sets.iter().enumerate() {
        set::set(&mut document, path, value, inputs.len() + index, reports);
    }
    refuse_dev_overlay(&base, &document, reports);
    Some(document)
}

fn read_file(
    input: &SourceFile,
    rank: usize,
    reports: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let (text, fault) = match std::str::from_utf8(&input.bytes) {
        Ok(text) => (text.to_string(), None),
        Err(fault) => {
            (String::from_utf8_lossy(&input.bytes).into_owned(), Some(fault.valid_up_to()))
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_string();
    let source = Arc::new(Source::new(&input.name, text, rank));
    if let Some(offset) = fault {
        return Err(parse::not_utf8(&source, offset));
    }
    let mut tree = parse::parse(&source, 0, reports)?;
    if tree.map().is_none() {
        let report = Diagnostic::error(code::NOT_A_MAP, "a blueprint must be a map")
            .label_at(&tree.position, "not a map")
            .help("start with `stack: name`");
        return Err(report);
    }
    merge::refuse_empty_values(&mut tree, reports);
    Ok(tree)
}

/// The stack and preset of a document.
struct Identity {
    stack: Option<Node>,
    preset: Option<String>,
}

impl Identity {
    fn of(document: &Node) -> Identity {
        Identity { stack: document.get("stack").cloned(), preset: text(document, "preset") }
    }
}

fn text(document: &Node, key: &str) -> Option<String> {
    document.get(key)?.scalar().map(|scalar| scalar.text.clone())
}

/// Refuses an overlay that sets `preset: dev` and keeps the `stack` of a production blueprint: it
/// would remove the protection of the production stack.
fn refuse_dev_overlay(base: &Identity, document: &Node, reports: &mut Vec<Diagnostic>) {
    let was_dev = base.preset.as_deref() == Some("dev");
    let (Some(preset), Some(stack)) = (document.get("preset"), &base.stack) else {
        return;
    };
    let name = stack.scalar().map(|scalar| scalar.text.clone());
    let is_same = text(document, "stack") == name;
    if text(document, "preset").as_deref() != Some("dev") || was_dev || !is_same {
        return;
    }
    if preset.position.span.source.rank == stack.position.span.source.rank {
        return;
    }
    let name = name.unwrap_or_default();
    reports.push(
        Diagnostic::error(code::PRESET_WITHOUT_STACK, "`preset: dev` overlays a production stack")
            .label_at(&preset.position, "would remove the stack's protection")
            .label_at(&stack.position, "the stack")
            .help(format!("add another `stack` to the overlay, such as `stack: {name}-dev`")),
    );
}

/// Replaces variables, decodes every section and checks the sections against each other.
fn decode(
    mut document: Node,
    options: &Options<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Option<Blueprint> {
    let preset = match text(&document, "preset").as_deref() {
        Some("dev") => Preset::Dev,
        _ => Preset::Prod,
    };
    let decoder = Decoder { preset, read: options.read, reports: RefCell::default() };
    let declared = declared_variables(&document, &decoder, &options.vars);
    let variables = Variables::new(declared, &options.vars, &options.env);
    variables.replace(&mut document, reports);
    let root =
        Value { key: "", key_position: &document.position, node: &document, decoder: &decoder };
    let mut blueprint = root.fields(|fields| stack::decode(fields, options));
    if let Some(blueprint) = &mut blueprint {
        entry_points::assign_domain(blueprint);
        check::check(blueprint, &document, &decoder);
    }
    reports.append(&mut decoder.reports.borrow_mut());
    blueprint
}

/// The names in `variables` with their defaults. Reports values of `--var` for other names.
fn declared_variables(
    document: &Node,
    decoder: &Decoder<'_>,
    given: &BTreeMap<String, String>,
) -> BTreeMap<String, Option<String>> {
    let section = document.map().and_then(|map| map.get_key_value("variables"));
    let declared = section.and_then(|(key, entry)| {
        let value = Value { key, key_position: &entry.key, node: &entry.value, decoder };
        value.entries(|value| {
            check_variable_name(value);
            value.fields(|fields| {
                fields.optional("help", Value::text);
                fields.optional("default", Value::any_text)
            })
        })
    });
    let declared = declared.unwrap_or_default();
    for (name, value) in given.iter().filter(|(name, _)| !declared.contains_key(*name)) {
        let known: Vec<&str> = declared.keys().map(String::as_str).collect();
        let help = suggest::nearest(name, known)
            .map_or(format!("declare it: `variables: {{ {name}: {{ default: … }} }}`"), |near| {
                format!("did you mean `{near}`?")
            });
        let span = argument("--var", &format!("{name}={value}"), name.len());
        decoder.report(
            Diagnostic::error(code::UNKNOWN_VARIABLE, format!("unknown variable `{name}`"))
                .label(span, "not in `variables`")
                .help(help),
        );
    }
    declared
}

fn check_variable_name(value: Value<'_>) {
    let name = value.key;
    let starts_with_letter = name.starts_with(|first: char| first.is_ascii_lowercase());
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !starts_with_letter || !name.chars().all(is_allowed) {
        let better = to_kebab_case(name).replace('-', "_");
        let summary = format!("`{name}` is not a valid name of a variable");
        let report = Diagnostic::error(code::BAD_NAME, summary)
            .label_at(value.key_position, "names of variables are snake_case");
        value.report(report.help(format!("write `{better}`")));
    }
}
