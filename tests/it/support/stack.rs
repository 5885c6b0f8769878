//! A stack in a cloud, taken through the engine as the commands do.
use std::collections::BTreeSet;
use tenfold::cloud::Cloud;
use tenfold::exec::{self, Interrupt, Outcome};
use tenfold::graph::Graph;
use tenfold::plan::steps::steps;
use tenfold::plan::{Plan, PlanOptions, plan};
use tenfold::resource::{Id, Observation, Resource, observed};
use tenfold::{engine, kinds};

/// A stack in a cloud, driven as the commands do.
pub struct Stack<'a> {
    pub cloud: &'a dyn Cloud,
    pub name: &'a str,
    /// The kinds to list, where a test knows which ones the stack can have; otherwise all.
    pub only: Option<BTreeSet<String>>,
}

impl Stack<'_> {
    pub async fn observe(&self) -> Observation {
        let Some(only) = &self.only else {
            return self.cloud.observe(self.name).await.expect("the stack can be observed");
        };
        let lists = only.iter().map(|kind| self.cloud.list(self.name, kind));
        let found = futures::future::try_join_all(lists).await.expect("the kinds can be listed");
        observed(found.into_iter().flatten())
    }

    pub async fn plan(&self, wanted: &Graph<Id, Resource>, ask: &PlanOptions) -> Plan {
        plan(self.name, wanted, &self.observe().await, ask, kinds::registry())
    }

    /// Carries a plan out.
    ///
    /// # Errors
    /// The messages of all steps that failed.
    pub async fn run(&self, plan: &Plan) -> Result<Outcome, String> {
        let steps =
            steps(plan, kinds::registry()).map_err(|cycle| format!("a cycle: {cycle:?}"))?;
        let (_ask, interrupt) = tokio::sync::watch::channel(Interrupt::None);
        let known = exec::known_outputs(plan);
        let options = exec::Options::default();
        let (cloud, stack) = (self.cloud, self.name);
        let outcome = exec::run(steps, known, cloud, stack, options, interrupt, &mut |_| ()).await;
        let unseen =
            engine::consistency::wait_until_visible(plan, &outcome.done, cloud, kinds::registry())
                .await;
        let failed = outcome.failed.iter().map(|(key, error)| format!("{key}: {error}"));
        let unseen = unseen.iter().map(|key| format!("{key} is done, and not to be seen"));
        let wrong: Vec<String> = failed.chain(unseen).collect();
        if outcome.is_complete() && wrong.is_empty() { Ok(outcome) } else { Err(wrong.join("\n")) }
    }
}
