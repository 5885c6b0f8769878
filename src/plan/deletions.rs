//! Large deletions, which must be confirmed by their number: a mistake in a blueprint must not
//! delete much of a stack.
use super::change::{Action, Change, Plan, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// A plan that deletes more than this share of the live resources must be confirmed.
const SHARE: f64 = 0.2;
/// Fewer deletions than this are not judged by their share: small stacks would reach it at once.
const FEW: usize = 3;

/// The deletions of a plan that must be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletions {
    pub number: usize,
    /// Components that are deleted as a whole.
    pub components: Vec<String>,
}

/// The deletions that must be confirmed before the plan runs; `None` if the plan deletes few
/// resources and no whole component.
pub fn deletions(plan: &Plan) -> Option<Deletions> {
    let is_deleted = |change: &&Change| {
        change.action == Action::Delete && change.reason == Reason::NotInBlueprint
    };
    let number = plan.changes.iter().filter(is_deleted).count();
    let live = plan.changes.iter().filter(|change| change.live.is_some()).count();
    let mut remains: BTreeMap<&str, bool> = BTreeMap::new();
    for change in &plan.changes {
        *remains.entry(&change.component).or_default() |= !is_deleted(&change);
    }
    let affected: BTreeSet<&str> =
        plan.changes.iter().filter(is_deleted).map(|c| c.component.as_str()).collect();
    let whole = affected.into_iter().filter(|component| !remains[component]);
    let components: Vec<String> = whole.map(str::to_string).collect();
    let many = number >= FEW && number as f64 > live as f64 * SHARE;
    (many || !components.is_empty()).then_some(Deletions { number, components })
}
