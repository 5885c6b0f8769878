//! Guards against a plan that takes away more than anybody meant.
use super::{Action, Change, Plan, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// A plan that would delete more than this share of a stack asks for the number to be typed.
const SHARE: f64 = 0.2;
/// Below this many deletions the share says nothing.
const FEW: usize = 3;

/// How much a plan takes away, where that is much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletions {
    pub number: usize,
    /// Components that would be gone as a whole.
    pub components: Vec<String>,
}

/// What must be allowed by number before a plan runs; nothing where it deletes little.
pub fn deletions(plan: &Plan) -> Option<Deletions> {
    let goes = |change: &&Change| {
        change.action == Action::Delete && change.reason == Reason::NotInBlueprint
    };
    let number = plan.changes.iter().filter(goes).count();
    let live = plan.changes.iter().filter(|change| change.live.is_some()).count();
    let mut stays: BTreeMap<&str, bool> = BTreeMap::new();
    for change in &plan.changes {
        *stays.entry(&change.component).or_default() |= !goes(&change);
    }
    let gone: BTreeSet<&str> =
        plan.changes.iter().filter(goes).map(|c| c.component.as_str()).collect();
    let whole = gone.into_iter().filter(|component| !stays[component]);
    let components: Vec<String> = whole.map(str::to_string).collect();
    let many = number >= FEW && number as f64 > live as f64 * SHARE;
    (many || !components.is_empty()).then_some(Deletions { number, components })
}
