//! `--set path=value`: an overlay with one value.

use std::sync::Arc;

use super::code;
use super::merge::{merge, refuse_empty_values};
use super::node::{Content, Entry, Map, Node, Position};
use super::parse::parse;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::suggest;

/// The sections that map names, which the user chooses, to components.
const COMPONENTS: [&str; 9] = [
    "buckets",
    "caches",
    "cdn",
    "databases",
    "load_balancers",
    "queues",
    "rate_limits",
    "secrets",
    "services",
];

/// Merges `path=value` into `base`. `rank` sorts its diagnostics after those of the files.
pub fn set(base: &mut Node, path: &str, value: &str, rank: usize, reports: &mut Vec<Diagnostic>) {
    let text = format!("{path}={value}");
    let source = Arc::new(Source::new("--set", text, rank));
    match overlay(base, &source, path, reports) {
        Ok(mut overlay) => {
            refuse_empty_values(&mut overlay, reports);
            merge(base, overlay, reports);
        }
        Err(report) => reports.push(report),
    }
}

fn overlay(
    base: &Node,
    source: &Arc<Source>,
    path: &str,
    reports: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let segments = segments(path);
    let span = |start, length| Span { source: source.clone(), range: start..start + length };
    let whole = || span(0, path.len());
    if segments.iter().any(|(_, segment)| segment.is_empty()) {
        return Err(Diagnostic::error(code::BAD_SET, "not a path to a value")
            .label(whole(), "contains an empty key")
            .help("separate keys with dots: `--set services.api.scale.max=4`"));
    }
    if let Some((component, help)) = new_component(base, &segments) {
        let length = component.len();
        return Err(Diagnostic::error(
            code::SETS_NEW_COMPONENT,
            format!("`{component}` is not in the blueprint"),
        )
        .label(span(0, length), "`--set` cannot add a component")
        .help(help));
    }
    if let Some(index) = segment_in_list(base, &segments) {
        let (start, segment) = segments[index];
        return Err(Diagnostic::error(code::BAD_SET, "`--set` cannot change an item of a list")
            .label(span(start, segment.len()), "the part before this is a list")
            .help(format!(
                "set the whole list: `--set {}='[…]'`",
                &path[..start.saturating_sub(1)]
            )));
    }
    let mut node = match parse(source, path.len() + 1, reports) {
        Err(report) if report.code == code::EMPTY_FILE => {
            return Err(Diagnostic::error(code::EMPTY_VALUE, format!("`{path}` is empty"))
                .label(whole(), "has no value")
                .help(
                    "write a value after `=`, `{}` for all defaults, or `!reset` to remove the key",
                ));
        }
        other => other?,
    };
    for (start, segment) in segments.into_iter().rev() {
        let key = Position::at(span(start, segment.len()));
        let map = Map::from([(segment.to_string(), Entry { key, value: node })]);
        node = Node { position: Position::at(whole()), tag: None, content: Content::Map(map) };
    }
    Ok(node)
}

/// The keys of a path with their byte offsets. The ID of an override (`kind.name`) is one key.
fn segments(path: &str) -> Vec<(usize, &str)> {
    let mut segments = Vec::new();
    let mut start = 0;
    for segment in path.split('.') {
        segments.push((start, segment));
        start += segment.len() + 1;
    }
    if segments[0].1 == "overrides" && segments.len() > 2 {
        let (start, kind) = segments[1];
        let end = start + kind.len() + 1 + segments[2].1.len();
        segments.splice(1..3, [(start, &path[start..end])]);
    }
    segments
}

/// The component of a path, with a help line, if the files do not contain it. A typing error must not
/// add a component.
fn new_component(base: &Node, segments: &[(usize, &str)]) -> Option<(String, String)> {
    let [(_, section), (_, name), ..] = segments else { return None };
    let written = base.get(section).and_then(|section| section.map());
    let exists = written.is_some_and(|map| map.contains_key(*name));
    if exists || !COMPONENTS.contains(section) {
        return None;
    }
    let names = written.into_iter().flat_map(|map| map.keys().map(String::as_str));
    let help = match suggest::nearest(name, names) {
        Some(near) => format!("did you mean `{section}.{near}`?"),
        None => "add the component in a file: `--set` changes only existing components".into(),
    };
    Some((format!("{section}.{name}"), help))
}

/// The index of the first segment that follows a list.
fn segment_in_list(base: &Node, segments: &[(usize, &str)]) -> Option<usize> {
    let mut node = base;
    for (index, (_, segment)) in segments.iter().enumerate() {
        if matches!(node.content, Content::List(_)) {
            return Some(index);
        }
        node = node.get(segment)?;
    }
    None
}
