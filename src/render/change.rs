//! Renders one change of a plan as an item of the document.
use super::doc::{Item, Label, Line, Property};
use super::value::{brief, delta};
use crate::plan::diff::PropertyChange;
use crate::plan::{Action, Change, Reason};

/// The sign in front of a change.
pub fn sign(action: Action) -> &'static str {
    match action {
        Action::None => " ",
        Action::Create => "+",
        Action::Update => "~",
        Action::Replace => "-/+",
        Action::Delete => "-",
        Action::Keep => "=",
        Action::Refuse => "!",
    }
}

pub fn label(action: Action) -> Label {
    match action {
        Action::None => Label::Plain,
        Action::Create => Label::Create,
        Action::Update => Label::Update,
        Action::Replace => Label::Replace,
        Action::Delete => Label::Delete,
        Action::Keep => Label::Keep,
        Action::Refuse => Label::Refuse,
    }
}

/// The item for a change. The properties of a new resource are included only if `verbose`.
pub fn item(change: &Change, verbose: bool) -> Item {
    let properties = match change.action {
        Action::Create if verbose => desired(change),
        _ => change.properties.iter().map(property).collect(),
    };
    let line = Line::plain(change.id.to_string());
    let line = match note(change) {
        Some(note) => line.and(Label::Muted, format!(" ({note})")),
        None => line,
    };
    Item { label: label(change.action), sign: sign(change.action), line, properties }
}

/// The note after the address: the AWS identifier and, unless the sign says it all, the reason.
fn note(change: &Change) -> Option<String> {
    let handle = change.live.as_ref().map(|live| live.handle.as_str()).unwrap_or_default();
    let why = match (change.action, change.reason) {
        (Action::Delete, Reason::NotInBlueprint) => "no longer in the blueprint",
        (Action::Delete, Reason::Superseded) => "left over from an earlier run",
        (Action::Keep, Reason::UsedByKept) => "a kept resource depends on it",
        (Action::Keep, _) => "holds data",
        (Action::Refuse, Reason::WouldLose) => "refused",
        (Action::Refuse, _) => "replace refused",
        (Action::Delete | Action::Replace, _) => "",
        _ => return None,
    };
    let parts: Vec<&str> = [handle, why].into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn property(change: &PropertyChange) -> Property {
    let mark = change.create_only.then_some("forces replacement");
    Property { name: change.property.clone(), value: delta(change), mark }
}

/// The properties of a new resource, without its tags: all resources have the same ones.
fn desired(change: &Change) -> Vec<Property> {
    let fields = change.desired.as_ref().and_then(|spec| spec.as_object());
    let fields = fields.into_iter().flatten().filter(|(name, _)| *name != "Tags");
    let property = |(name, value): (&String, _)| Property {
        name: name.clone(),
        value: super::doc::Delta::Is(brief(name, value)),
        mark: None,
    };
    fields.map(property).collect()
}
