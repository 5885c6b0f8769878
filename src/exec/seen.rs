//! Whether what was done is seen by a look, too. What AWS answers may be behind what it has done:
//! a plan made from that would make twins, or ask for changes that are made,
//! <https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>.
use super::patience::Patience;
use crate::cloud::Cloud;
use crate::error::Result;
use crate::plan::steps::{Key, Verb};
use crate::plan::{Plan, again};
use crate::resource::{Id, Observation, observed};
use crate::spec::Kinds;
use futures::future::try_join_all;
use std::collections::BTreeSet;

/// Looks at the kinds of what was done until nothing of it would be done again, for a minute at
/// most. What would then is given back.
pub async fn unseen(
    plan: &Plan,
    done: &[Key],
    cloud: &dyn Cloud,
    kinds: Kinds<'_>,
) -> BTreeSet<Key> {
    let mut left: BTreeSet<Key> = done.iter().cloned().collect();
    let touched: BTreeSet<String> = left.iter().map(|key| key.id.kind.clone()).collect();
    let mut patience = Patience::fault();
    while !left.is_empty() {
        if let Ok(found) = look(&touched, cloud, &plan.stack).await {
            let now = again(plan, &found, &touched, kinds);
            let differs: BTreeSet<&Id> = now.effective().map(|change| &change.id).collect();
            left.retain(|key| match key.verb {
                Verb::Create | Verb::Update => differs.contains(&key.id),
                Verb::Unprotect => false,
                Verb::Delete => stands(key, &found, done),
            });
        }
        match patience.next() {
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
