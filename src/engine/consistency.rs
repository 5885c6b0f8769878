//! Whether a look tells all that was done. What AWS answers may be behind what it has done: a plan
//! made from that would make twins, or ask for changes that are made,
//! <https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>.
use crate::cloud::Cloud;
use crate::error::Result;
use crate::exec::backoff::Backoff;
use crate::plan::replan::replan;
use crate::plan::steps::{Key, Verb};
use crate::plan::{Action, Plan};
use crate::resource::{Id, Observation, observed};
use crate::spec::Registry;
use futures::future::try_join_all;
use std::collections::BTreeSet;

/// Pauses before the looks for what a run before this one may have made.
const LOOKS_S: [f64; 3] = [1.0, 2.0, 4.0];

/// Whether something comes to be seen of which a plan did not know, where it would make things that
/// AWS tells apart by nothing but their numbers: a run that was cut off a moment ago may have made
/// them, and of these there would be twins. What has a name of its own is found by it.
///
/// # Errors
/// The cloud cannot be looked at.
pub async fn appeared(plan: &Plan, cloud: &dyn Cloud, kinds: Registry) -> Result<bool> {
    let nameless = |kind: &&String| {
        let info = kinds.get(kind).info();
        info.name_property.is_empty() && info.unique.is_empty()
    };
    let made = plan
        .changes
        .iter()
        .filter(|change| matches!(change.action, Action::Create | Action::Replace));
    let wanted: BTreeSet<String> =
        made.map(|change| &change.id.kind).filter(nameless).cloned().collect();
    if wanted.is_empty() {
        return Ok(false);
    }
    let known: BTreeSet<(&Id, &str)> = plan
        .changes
        .iter()
        .filter_map(|change| change.live.as_ref())
        .map(|live| (&live.id, live.handle.as_str()))
        .collect();
    for pause_s in LOOKS_S {
        cloud.pause(pause_s).await;
        let found = look(&wanted, cloud, &plan.stack).await?;
        let mut found = found.values().flatten();
        if found.any(|live| !known.contains(&(&live.id, live.handle.as_str()))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks at the kinds of what was done until nothing of it would be done again, for a minute at
/// most. What would then is given back.
pub async fn wait_until_visible(
    plan: &Plan,
    done: &[Key],
    cloud: &dyn Cloud,
    kinds: Registry,
) -> BTreeSet<Key> {
    let mut left: BTreeSet<Key> = done.iter().cloned().collect();
    let touched: BTreeSet<String> = left.iter().map(|key| key.id.kind.clone()).collect();
    let mut backoff = Backoff::fault();
    while !left.is_empty() {
        if let Ok(found) = look(&touched, cloud, &plan.stack).await {
            let now = replan(plan, &found, &touched, kinds);
            let differs: BTreeSet<&Id> = now.effective().map(|change| &change.id).collect();
            left.retain(|key| match key.verb {
                Verb::Create | Verb::Update => differs.contains(&key.id),
                Verb::Unprotect => false,
                Verb::Delete => stands(key, &found, done),
            });
        }
        match backoff.pause_s() {
            Some(pause_s) if !left.is_empty() => cloud.pause(pause_s).await,
            _ => break,
        }
    }
    left
}

/// Whether what was deleted is still told. What was made in its place may bear the same name: then
/// it is one of two, or it is the new one.
fn stands(deleted: &Key, found: &Observation, done: &[Key]) -> bool {
    let same = found.get(&deleted.id).map_or(&[][..], Vec::as_slice);
    let replaced = done.iter().any(|key| key.verb == Verb::Create && key.id == deleted.id);
    let most = usize::from(replaced);
    same.len() > most && same.iter().any(|live| live.handle == deleted.handle)
}

async fn look(kinds: &BTreeSet<String>, cloud: &dyn Cloud, stack: &str) -> Result<Observation> {
    let lists = try_join_all(kinds.iter().map(|kind| cloud.list(stack, kind))).await?;
    Ok(observed(lists.into_iter().flatten()))
}
