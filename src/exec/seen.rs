//! Whether what was done is seen by a look, too. What AWS answers may be behind what it has done:
//! a plan made from that would make twins, or delete what has gone,
//! <https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>.
use super::patience::Patience;
use crate::cloud::Cloud;
use crate::error::Result;
use crate::plan::steps::{Key, Step, Steps, Verb};
use crate::resource::Live;
use futures::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

/// Looks at the kinds of what was done until each shows what was done to it, for a minute at most.
/// What does not by then is given back.
pub async fn unseen(steps: &Steps, done: &[Key], cloud: &dyn Cloud, stack: &str) -> BTreeSet<Key> {
    let mut left: BTreeSet<Key> = done.iter().cloned().collect();
    let mut patience = Patience::fault();
    while !left.is_empty() {
        if let Ok(found) = look(&left, cloud, stack).await {
            left.retain(|key| {
                let of_kind = found.get(&key.id.kind).map_or(&[][..], Vec::as_slice);
                steps.get(key).is_some_and(|step| !shows(key, step, of_kind))
            });
        }
        match patience.next() {
            Some(pause_s) if !left.is_empty() => cloud.pause(pause_s).await,
            _ => break,
        }
    }
    left
}

async fn look(
    keys: &BTreeSet<Key>,
    cloud: &dyn Cloud,
    stack: &str,
) -> Result<BTreeMap<String, Vec<Live>>> {
    let kinds: BTreeSet<String> = keys.iter().map(|key| key.id.kind.clone()).collect();
    let lists = try_join_all(kinds.iter().map(|kind| cloud.list(stack, kind))).await?;
    Ok(kinds.into_iter().zip(lists).collect())
}

/// Whether what is found of a kind tells of the step.
fn shows(key: &Key, step: &Step, found: &[Live]) -> bool {
    let before = step.live.as_ref();
    let mut same = found.iter().filter(|live| live.id == key.id);
    match key.verb {
        Verb::Create => same.any(|live| before.is_none_or(|before| live.handle != before.handle)),
        Verb::Update => same.any(|live| {
            before.is_none_or(|before| {
                (&live.spec, &live.condition) != (&before.spec, &before.condition)
            })
        }),
        Verb::Unprotect => true,
        Verb::Delete => !same.any(|live| live.handle == key.handle),
    }
}
