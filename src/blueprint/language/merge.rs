//! Overlays: maps are merged, lists and scalars are replaced, `!reset` removes a key, `!override`
//! replaces a whole map.

use super::code;
use super::node::{Content, LabelPosition, Map, Node, Position, Tag};
use crate::diagnostic::Diagnostic;

/// Merges `overlay` into `base`.
pub fn merge(base: &mut Node, overlay: Node, reports: &mut Vec<Diagnostic>) {
    if overlay.tag == Some(Tag::Override) {
        *base = overlay;
        return remove_tags(base, reports);
    }
    match (&mut base.content, overlay) {
        (Content::Map(below), Node { content: Content::Map(above), .. }) => {
            merge_maps(below, above, reports);
        }
        (_, overlay) => {
            *base = overlay;
            remove_tags(base, reports);
        }
    }
}

fn merge_maps(below: &mut Map, above: Map, reports: &mut Vec<Diagnostic>) {
    for (key, mut entry) in above {
        if entry.value.tag == Some(Tag::Reset) {
            if below.remove(&key).is_none() {
                reports.push(reset_without_effect(&key, &entry.key));
            } else if !entry.value.is_null() {
                reports.push(reset_with_value(&key, &entry.value.position));
            }
            continue;
        }
        match below.get_mut(&key) {
            Some(under) => merge(&mut under.value, entry.value, reports),
            None => {
                remove_tags(&mut entry.value, reports);
                below.insert(key, entry);
            }
        }
    }
}

/// Removes the tags of a value that has no value below it. Reports each `!reset`, because it has
/// nothing to remove.
pub fn remove_tags(node: &mut Node, reports: &mut Vec<Diagnostic>) {
    node.tag = None;
    match &mut node.content {
        Content::Scalar(_) | Content::Unresolved => {}
        Content::List(items) => {
            items.retain_mut(|item| {
                let is_reset = item.tag == Some(Tag::Reset);
                if is_reset {
                    let report =
                        Diagnostic::error(code::RESET_WITHOUT_EFFECT, "`!reset` is used in a list")
                            .label_at(&item.position, "not a key")
                            .help("remove the item: an overlay replaces the whole list");
                    reports.push(report);
                }
                remove_tags(item, reports);
                !is_reset
            });
        }
        Content::Map(map) => map.retain(|key, entry| {
            let is_reset = entry.value.tag == Some(Tag::Reset);
            if is_reset {
                reports.push(reset_without_effect(key, &entry.key));
            }
            remove_tags(&mut entry.value, reports);
            !is_reset
        }),
    }
}

fn reset_without_effect(key: &str, position: &Position) -> Diagnostic {
    let summary = format!("`{key}: !reset` has no effect");
    Diagnostic::error(code::RESET_WITHOUT_EFFECT, summary)
        .label_at(position, "no earlier file sets this key")
        .help("remove this line, or check the spelling and the indentation of the key")
}

/// `!reset` removes the key and would silently ignore the value next to it.
fn reset_with_value(key: &str, position: &Position) -> Diagnostic {
    Diagnostic::error(code::RESET_WITH_VALUE, format!("`{key}: !reset` has a value"))
        .label_at(position, "this value would be ignored")
        .help("write `!override` to replace the value below with this one, or `!reset` without a value")
}

/// Refuses empty values: commenting out the body of a key must not delete resources.
pub fn refuse_empty_values(root: &mut Node, reports: &mut Vec<Diagnostic>) {
    if let Content::Map(map) = &mut root.content {
        let visible = map.iter_mut().filter(|(key, _)| !key.starts_with("x-"));
        visible.for_each(|(key, entry)| refuse_empty(key, &entry.key, &mut entry.value, reports));
    }
}

fn refuse_empty(key: &str, position: &Position, node: &mut Node, reports: &mut Vec<Diagnostic>) {
    if node.is_null() && node.tag != Some(Tag::Reset) {
        let report = Diagnostic::error(code::EMPTY_VALUE, format!("`{key}` is empty"))
            .label_at(position, "has no value")
            .help(
                "write a value, `{}` for all defaults, or in an overlay `!reset` to remove the key",
            );
        reports.push(report);
        node.content = Content::Unresolved;
    }
    match &mut node.content {
        Content::Scalar(_) | Content::Unresolved => {}
        Content::List(items) => {
            for item in items {
                let position = item.position.clone();
                refuse_empty(key, &position, item, reports);
            }
        }
        Content::Map(map) => {
            for (key, entry) in map {
                refuse_empty(key, &entry.key, &mut entry.value, reports);
            }
        }
    }
}
