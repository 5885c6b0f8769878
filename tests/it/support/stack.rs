//! A stack in a cloud, planned and applied by the engine as the commands do.
use std::collections::BTreeSet;
use tenfold::cloud::Cloud;
use tenfold::engine::{self, Control, Engine};
use tenfold::exec::Outcome;
use tenfold::graph::Graph;
use tenfold::kinds;
use tenfold::plan::{Plan, PlanOptions, plan};
use tenfold::resource::{Id, Observation, Resource};

pub struct Stack<'a> {
    pub cloud: &'a dyn Cloud,
    pub name: &'a str,
    /// The kinds to list, if the test knows which ones the stack can have; else all.
    pub only: Option<BTreeSet<String>>,
}

impl Stack<'_> {
    fn engine(&self) -> Engine<'_> {
        Engine::new(self.cloud, kinds::registry())
    }

    pub async fn observe(&self) -> Observation {
        let Some(only) = &self.only else {
            return self.engine().observe(self.name).await.expect("the stack can be observed");
        };
        let found = engine::list(self.cloud, self.name, only, &[], kinds::registry()).await;
        found.expect("the kinds can be listed")
    }

    pub async fn plan(&self, wanted: &Graph<Id, Resource>, ask: &PlanOptions) -> Plan {
        plan(self.name, wanted, &self.observe().await, ask, kinds::registry())
    }

    /// Applies a plan; the error lists the steps that failed or did not become visible.
    pub async fn run(&self, plan: &Plan) -> Result<Outcome, String> {
        let steps = self.engine().steps(plan).map_err(|error| error.to_string())?;
        let applied = self.engine().apply(plan, steps, Control::default()).await;
        let failed = applied.outcome.failed.iter().map(|(key, error)| format!("{key}: {error}"));
        let hidden = applied.not_visible.iter();
        let hidden = hidden.map(|key| format!("{key} is applied, but not visible"));
        let wrong: Vec<String> = failed.chain(hidden).collect();
        let complete = applied.outcome.is_complete() && wrong.is_empty();
        if complete { Ok(applied.outcome) } else { Err(wrong.join("\n")) }
    }
}
