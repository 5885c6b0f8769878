//! Observes a stack: its live resources by address, each with the component that owns it.
//!
//! A cloud lists resources ([`Cloud::survey`], [`Cloud::list`]). An [`Observation`] is made of them
//! only here, so that the planner, the consistency checks and the tests see the same owners.
use super::{Engine, Error, Result, owners};
use crate::cloud::Cloud;
use crate::error::{Result as CloudResult, ResultExt};
use crate::resource::{Foreign, Live, Observation};
use crate::spec::Registry;
use crate::tags;
use futures::future::try_join_all;
use std::collections::BTreeSet;

/// A stack as it is, and the resources of other owners that were listed with it.
pub(super) struct Snapshot {
    pub observation: Observation,
    pub others: Foreign,
}

impl Engine<'_> {
    /// The live resources of a stack.
    ///
    /// # Errors
    /// The cloud cannot be read, or the stack is in another region.
    pub async fn observe(&self, stack: &str) -> Result<Observation> {
        Ok(self.snapshot(stack).await?.observation)
    }

    pub(super) async fn snapshot(&self, stack: &str) -> Result<Snapshot> {
        let doing = format!("read {stack}");
        let _phase = self.observer.phase(format!("reading {stack}"));
        let survey = self.cloud.survey(stack).await.doing(doing)?;
        let observation = observed(survey.resources, &[], self.kinds);
        check_region(&observation, &self.cloud.place().region)?;
        Ok(Snapshot { observation, others: survey.others })
    }
}

/// The live resources of some kinds of a stack. `known` are resources of other kinds that may own
/// untagged ones.
///
/// # Errors
/// The cloud cannot be read.
pub async fn list(
    cloud: &dyn Cloud,
    stack: &str,
    names: &BTreeSet<String>,
    known: &[Live],
    kinds: Registry,
) -> CloudResult<Observation> {
    let lists = try_join_all(names.iter().map(|kind| cloud.list(stack, kind))).await?;
    Ok(observed(lists.into_iter().flatten(), known, kinds))
}

/// Listed resources by address, with the owners of untagged ones filled in. `known` are resources
/// that were not listed and may own some of these.
pub fn observed(
    listed: impl IntoIterator<Item = Live>,
    known: &[Live],
    kinds: Registry,
) -> Observation {
    let mut observation = Observation::new();
    for live in listed {
        observation.entry(live.id.clone()).or_default().push(live);
    }
    owners::fill(&mut observation, known, kinds);
    observation
}

/// Refuses a stack of another region: global resources, such as roles and distributions, are listed
/// in every region, and must not be mistaken for the rest of a stack here.
fn check_region(observation: &Observation, here: &str) -> Result<()> {
    let mut all = observation.values().flatten();
    match all.find_map(|live| Some((tags::elsewhere(&live.spec, here)?, &live.id))) {
        Some((region, seen)) => {
            Err(Error::OtherRegion { region, seen: seen.clone(), here: here.into() })
        }
        None => Ok(()),
    }
}
