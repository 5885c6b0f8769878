//! Overlays: maps merge, lists and scalars are replaced, `!reset` drops a key, `!override` replaces
//! a whole map.

use super::code;
use super::node::{Content, LabelPlace, Map, Node, Place, Tag};
use crate::diagnostic::Diagnostic;

/// Lays `overlay` over `base`.
pub fn merge(base: &mut Node, overlay: Node, reports: &mut Vec<Diagnostic>) {
    if overlay.tag == Some(Tag::Override) {
        *base = overlay;
        return settle(base, reports);
    }
    match (&mut base.content, overlay) {
        (Content::Map(below), Node { content: Content::Map(above), .. }) => {
            merge_maps(below, above, reports);
        }
        (_, overlay) => {
            *base = overlay;
            settle(base, reports);
        }
    }
}

fn merge_maps(below: &mut Map, above: Map, reports: &mut Vec<Diagnostic>) {
    for (key, mut entry) in above {
        if entry.value.tag == Some(Tag::Reset) {
            if below.remove(&key).is_none() {
                reports.push(resets_nothing(&key, &entry.key));
            } else if !entry.value.is_null() {
                reports.push(resets_to_something(&key, &entry.value.place));
            }
            continue;
        }
        match below.get_mut(&key) {
            Some(under) => merge(&mut under.value, entry.value, reports),
            None => {
                settle(&mut entry.value, reports);
                below.insert(key, entry);
            }
        }
    }
}

/// Takes the tags off a value that has nothing below it: there is nothing to reset either.
pub fn settle(node: &mut Node, reports: &mut Vec<Diagnostic>) {
    node.tag = None;
    match &mut node.content {
        Content::Scalar(_) | Content::Unresolved => {}
        Content::List(items) => {
            items.retain_mut(|item| {
                let resets = item.tag == Some(Tag::Reset);
                if resets {
                    let report = Diagnostic::error(code::RESETS_NOTHING, "`!reset` in a list")
                        .place(&item.place, "drops no key")
                        .help("a list is replaced whole: leave the item out");
                    reports.push(report);
                }
                settle(item, reports);
                !resets
            });
        }
        Content::Map(map) => map.retain(|key, entry| {
            let resets = entry.value.tag == Some(Tag::Reset);
            if resets {
                reports.push(resets_nothing(key, &entry.key));
            }
            settle(&mut entry.value, reports);
            !resets
        }),
    }
}

fn resets_nothing(key: &str, place: &Place) -> Diagnostic {
    let summary = format!("`{key}: !reset` resets nothing");
    Diagnostic::error(code::RESETS_NOTHING, summary)
        .place(place, "no file before this one gives it")
        .help("remove this line, or check the spelling and the place of the key")
}

/// `!reset` drops whatever is below, and would drop what stands beside it without a word.
fn resets_to_something(key: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(code::RESET_WITH_VALUE, format!("`{key}: !reset` has a value"))
        .place(place, "would be dropped as well")
        .help("write `!override` to put this in place of what there is, or `!reset` alone")
}

/// Refuses empty values: a body that was commented out must not delete anything.
pub fn refuse_empty_values(root: &mut Node, reports: &mut Vec<Diagnostic>) {
    if let Content::Map(map) = &mut root.content {
        let visible = map.iter_mut().filter(|(key, _)| !key.starts_with("x-"));
        visible.for_each(|(key, entry)| refuse_empty(key, &entry.key, &mut entry.value, reports));
    }
}

fn refuse_empty(key: &str, place: &Place, node: &mut Node, reports: &mut Vec<Diagnostic>) {
    if node.is_null() && node.tag != Some(Tag::Reset) {
        let report = Diagnostic::error(code::EMPTY_VALUE, format!("`{key}` is empty"))
            .place(place, "has no value")
            .help("write a value, `{}` for all defaults, or `!reset` to drop it in an overlay");
        reports.push(report);
        node.content = Content::Unresolved;
    }
    match &mut node.content {
        Content::Scalar(_) | Content::Unresolved => {}
        Content::List(items) => {
            for item in items {
                let place = item.place.clone();
                refuse_empty(key, &place, item, reports);
            }
        }
        Content::Map(map) => {
            for (key, entry) in map {
                refuse_empty(key, &entry.key, &mut entry.value, reports);
            }
        }
    }
}
