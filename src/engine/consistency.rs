//! Waits until listings reflect a run: AWS's reads are eventually consistent. A plan made from a
//! stale listing would create duplicates, or repeat changes that are made already,
//! <https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>.
use super::observe::list;
use crate::cloud::Cloud;
use crate::error::Result;
use crate::exec::backoff::Backoff;
use crate::plan::replan::replan;
use crate::plan::steps::{Key, Verb};
use crate::plan::{Action, Plan};
use crate::resource::{Id, Live, Observation};
use crate::spec::Registry;
use std::collections::BTreeSet;

/// Pauses before listings are repeated, for resources and tags that are not visible yet.
pub const PAUSES_S: [f64; 3] = [1.0, 2.0, 4.0];

/// Whether a resource appears that a plan does not know, of a kind that the plan creates and that
/// AWS identifies by ID only. A run that was interrupted just before may have created it, and the
/// plan would create a duplicate. Resources with a unique name need no such check: the create call
/// finds them.
///
/// # Errors
/// The cloud cannot be read.
pub async fn appeared(plan: &Plan, cloud: &dyn Cloud, kinds: Registry) -> Result<bool> {
    let nameless = |kind: &&String| {
        let info = kinds.get(kind).info();
        info.name_property.is_empty() && info.unique.is_empty()
    };
    let created = plan
        .changes
        .iter()
        .filter(|change| matches!(change.action, Action::Create | Action::Replace));
    let wanted: BTreeSet<String> =
        created.map(|change| &change.id.kind).filter(nameless).cloned().collect();
    if wanted.is_empty() {
        return Ok(false);
    }
    let live = known(plan);
    let known: BTreeSet<(&Id, &str)> =
        live.iter().map(|live| (&live.id, live.handle.as_str())).collect();
    for pause_s in PAUSES_S {
        cloud.pause(pause_s).await;
        let found = list(cloud, &plan.stack, &wanted, &live, kinds).await?;
        let mut found = found.values().flatten();
        if found.any(|live| !known.contains(&(&live.id, live.handle.as_str()))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lists the kinds of the completed steps until a new plan would not repeat any of them, for one
/// minute at most. Returns the steps that are not visible by then.
pub async fn wait_until_visible(
    plan: &Plan,
    done: &[Key],
    cloud: &dyn Cloud,
    kinds: Registry,
) -> BTreeSet<Key> {
    let known = known(plan);
    let mut left: BTreeSet<Key> = done.iter().cloned().collect();
    let touched: BTreeSet<String> = left.iter().map(|key| key.id.kind.clone()).collect();
    let mut backoff = Backoff::fault();
    while !left.is_empty() {
        if let Ok(found) = list(cloud, &plan.stack, &touched, &known, kinds).await {
            let now = replan(plan, &found, &touched, kinds);
            let differs: BTreeSet<&Id> = now.effective().map(|change| &change.id).collect();
            left.retain(|key| match key.verb {
                Verb::Create | Verb::Update => differs.contains(&key.id),
                Verb::Unprotect => false,
                Verb::Delete => is_still_listed(key, &found, done),
            });
        }
        match backoff.pause_s() {
            Some(pause_s) if !left.is_empty() => cloud.pause(pause_s).await,
            _ => break,
        }
    }
    left
}

/// The live resources that a plan was made from.
fn known(plan: &Plan) -> Vec<Live> {
    plan.changes.iter().filter_map(|change| change.live.clone()).collect()
}

/// Whether a deleted resource is still listed. Its replacement may have the same address and
/// handle: then the listing contains two resources, or only the new one.
fn is_still_listed(deleted: &Key, found: &Observation, done: &[Key]) -> bool {
    let same = found.get(&deleted.id).map_or(&[][..], Vec::as_slice);
    let replaced = done.iter().any(|key| key.verb == Verb::Create && key.id == deleted.id);
    let expected = usize::from(replaced);
    same.len() > expected && same.iter().any(|live| live.handle == deleted.handle)
}
