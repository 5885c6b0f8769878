//! Parses text into nodes: turns YAML 1.2 events into a tree with the position of every key and value.

use granit_parser::{Event, Parser, ScalarStyle, StrInput};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::code;
use super::node::{Content, Entry, LabelPosition, Map, Node, Position, Scalar, Tag};
use super::syntax::{MAX_DEPTH, explain, too_deep};
use crate::diagnostic::{Diagnostic, Source, Span};

/// The most values that a file may contain, with its aliases expanded.
const MAX_VALUES: usize = 100_000;

/// Parses the only document of `source`, from byte `start` on. Adds errors after which parsing can
/// continue to `reports`.
///
/// # Errors
/// The first error after which parsing cannot continue.
pub fn parse(
    source: &Arc<Source>,
    start: usize,
    reports: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let text = source.text.get(start..).unwrap_or_default();
    let mut tree = Tree {
        source,
        start,
        events: Parser::new_from_str(text),
        anchors: HashMap::new(),
        values: 0,
        reports,
    };
    tree.document()
}

/// Reports the first byte that is not UTF-8. In `source`, such bytes have been replaced.
pub fn not_utf8(source: &Arc<Source>, offset: usize) -> Diagnostic {
    let start = source.text.floor_char_boundary(offset);
    let end = source.text.ceil_char_boundary(start + 1);
    let span = Span { source: source.clone(), range: start..end };
    Diagnostic::error(code::NOT_UTF8, "the file is not UTF-8 text")
        .label(span, "not a UTF-8 byte")
        .help("save the file as UTF-8")
}

/// The value of an anchor, with its number of values and its nesting depth.
struct Anchored {
    node: Node,
    values: usize,
    height: usize,
}

struct Tree<'a, 'r> {
    source: &'a Arc<Source>,
    start: usize,
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Anchored>,
    values: usize,
    reports: &'r mut Vec<Diagnostic>,
}

type Spanned<'a> = (Event<'a>, Span);

impl<'a> Tree<'a, '_> {
    fn span(&self, range: Range<usize>) -> Span {
        let range = self.start + range.start..self.start + range.end;
        Span { source: self.source.clone(), range }
    }

    /// The next structural event. Skips comments and other events without content.
    fn next(&mut self) -> Result<Spanned<'a>, Diagnostic> {
        loop {
            match self.events.next_event() {
                None => return Ok((Event::StreamEnd, self.end())),
                Some(Err(error)) => return Err(explain(self.source, self.start, &error)),
                Some(Ok((event, span))) if is_structural(&event) => {
                    let range = span.byte_range().unwrap_or_default();
                    return Ok((event, self.span(range)));
                }
                Some(Ok(_)) => {}
            }
        }
    }

    fn end(&self) -> Span {
        let end = self.source.text.len();
        Span { source: self.source.clone(), range: end..end }
    }

    fn document(&mut self) -> Result<Node, Diagnostic> {
        let node = loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) => {}
                Event::StreamEnd | Event::DocumentEnd => return Err(self.empty()),
                event => break self.node(event, span, 0)?.node,
            }
        };
        if node.is_null() && node.tag.is_none() && node.position.span.range.is_empty() {
            return Err(self.empty());
        }
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(node),
                (Event::DocumentStart(..), span) => {
                    return Err(Diagnostic::error(
                        code::TWO_DOCUMENTS,
                        "a file may contain only one document",
                    )
                    .label(span, "a second document starts here")
                    .help("move it to a separate file and pass both files with `-f`"));
                }
                _ => {}
            }
        }
    }

    fn empty(&self) -> Diagnostic {
        Diagnostic::error(code::EMPTY_FILE, "the file does not contain a blueprint")
            .label(self.span(0..0), "only blanks and comments")
            .help("add at least `stack:` and `region:`, or remove the file from the command")
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Anchored, Diagnostic> {
        if depth > MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.count(1, &span)?;
        let before = self.values;
        let (content, anchor, tag, end, height) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = style != ScalarStyle::Plain;
                let is_text = tag.as_ref().is_some_and(|tag| tag.core_suffix() == Some("str"));
                let scalar = Scalar {
                    text: text.into_owned(),
                    quoted: quoted || is_text,
                    interpolated: false,
                };
                (Content::Scalar(scalar), anchor, tag, span.range.end, 0)
            }
            Event::SequenceStart(_, anchor, tag) => {
                let (items, end, height) = self.list(depth)?;
                (Content::List(items), anchor, tag, end, height)
            }
            Event::MappingStart(_, anchor, tag) => {
                let (map, end, height) = self.entries(depth)?;
                (Content::Map(map), anchor, tag, end, height)
            }
            Event::Alias(anchor) => return self.alias(anchor, span, depth),
            _ => {
                let text = Scalar { text: String::new(), quoted: false, interpolated: false };
                (Content::Scalar(text), 0, None, span.range.end, 0)
            }
        };
        let range = span.range.start..end.max(span.range.end);
        let span = Span { source: self.source.clone(), range };
        let tag = tag.and_then(|tag| self.tag(&tag, &span));
        let node = Node { position: Position::at(span), tag, content };
        let values = self.values - before + 1;
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), values, height });
        }
        Ok(Anchored { node, values, height })
    }

    fn count(&mut self, values: usize, span: &Span) -> Result<(), Diagnostic> {
        self.values += values;
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        let summary = format!("the file contains more than {MAX_VALUES} values");
        Err(Diagnostic::error(code::TOO_MANY_VALUES, summary)
            .label(span.clone(), "exceeds the limit")
            .help("use fewer aliases (`*name`): aliases of values that contain aliases multiply"))
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Anchored, Diagnostic> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Diagnostic::error(
                code::RECURSIVE_ALIAS,
                "an alias refers to a value that contains it",
            )
            .label(span, "would be infinitely deep")
            .help("write the value instead of the alias"));
        };
        let (values, height) = (anchored.values, anchored.height);
        if depth + height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.count(values - 1, &span)?;
        let mut node = self.anchors[&anchor].node.clone();
        set_via(&mut node, &span);
        Ok(Anchored { node, values, height })
    }

    fn list(&mut self, depth: usize) -> Result<(Vec<Node>, usize, usize), Diagnostic> {
        let (mut items, mut height) = (Vec::new(), 0);
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                return Ok((items, span.range.end, height));
            }
            let item = self.node(event, span, depth + 1)?;
            height = height.max(item.height + 1);
            items.push(item.node);
        }
    }

    fn entries(&mut self, depth: usize) -> Result<(Map, usize, usize), Diagnostic> {
        let (mut map, mut merges, mut height) = (Map::new(), Vec::new(), 0);
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                for (position, node) in merges {
                    self.merge(&mut map, &position, node);
                }
                return Ok((map, span.range.end, height));
            }
            let is_merge =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let key = self.node(event, span, depth + 1)?.node;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            height = height.max(value.height + 1);
            if is_merge {
                merges.push((key.position, value.node));
            } else {
                self.insert(&mut map, key, value.node);
            }
        }
    }

    fn insert(&mut self, map: &mut Map, key: Node, value: Node) {
        let Content::Scalar(Scalar { text, .. }) = key.content else {
            let report = Diagnostic::error(code::KEY_NOT_TEXT, "a key must be text")
                .label(key.position.span, "a list or a map")
                .help("if this is a reference such as `${var.x}`, quote it");
            return self.reports.push(report);
        };
        if let Some(first) = map.get(&text) {
            let report =
                Diagnostic::error(code::DUPLICATE_KEY, format!("key `{text}` is duplicated"))
                    .label(key.position.span, "duplicate")
                    .label(first.key.span.clone(), "first set here")
                    .help("remove one of the two");
            return self.reports.push(report);
        }
        map.insert(text, Entry { key: key.position, value });
    }

    /// `<<`: inserts the entries whose keys `map` does not contain. In a list of maps, earlier maps
    /// take precedence.
    fn merge(&mut self, map: &mut Map, site: &Position, node: Node) {
        let position = node.position.clone();
        match node.content {
            Content::Map(entries) => {
                for (key, mut entry) in entries {
                    let via = position.via.as_ref().unwrap_or(&site.span);
                    entry.key.via = Some(via.clone());
                    set_via(&mut entry.value, via);
                    map.entry(key).or_insert(entry);
                }
            }
            Content::List(items) if items.iter().all(|item| item.map().is_some()) => {
                for item in items {
                    self.merge(map, site, item);
                }
            }
            _ => self.reports.push(
                Diagnostic::error(code::MERGE_KEY, "`<<` can merge only maps")
                    .label_at(&position, "not a map")
                    .help(
                        "write `<<: *name`, where `&name` marks a map, or a list of such aliases",
                    ),
            ),
        }
    }

    fn tag(&mut self, tag: &granit_parser::Tag, span: &Span) -> Option<Tag> {
        if tag.core_suffix().is_some() {
            return None;
        }
        match tag.original().as_str() {
            "!reset" => return Some(Tag::Reset),
            "!override" => return Some(Tag::Override),
            other => {
                let report = Diagnostic::error(code::UNKNOWN_TAG, format!("unknown tag `{other}`"))
                    .label(span.clone(), "has this tag")
                    .help("use `!reset` or `!override`; text that starts with `!` needs quotes");
                self.reports.push(report);
            }
        }
        None
    }
}

fn is_structural(event: &Event<'_>) -> bool {
    event.is_node()
        || matches!(
            event,
            Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(..)
                | Event::DocumentEnd
                | Event::SequenceEnd
                | Event::MappingEnd
        )
}

/// Records that the alias or `<<` at `via` inserted a node and everything in it.
fn set_via(node: &mut Node, via: &Span) {
    node.position.via = Some(via.clone());
    match &mut node.content {
        Content::Scalar(_) | Content::Unresolved => {}
        Content::List(items) => items.iter_mut().for_each(|item| set_via(item, via)),
        Content::Map(map) => map.values_mut().for_each(|entry| {
            entry.key.via = Some(via.clone());
            set_via(&mut entry.value, via);
        }),
    }
}

#[cfg(test)]
mod tests;
