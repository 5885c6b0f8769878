//! From a blueprint and the live resources to a checked plan.
use super::observe::Snapshot;
use super::{Engine, Error, Result, consistency};
use crate::blueprint::Blueprint;
use crate::desired;
use crate::error::ResultExt;
use crate::facts::Facts;
use crate::graph::Graph;
use crate::plan::check::check;
use crate::plan::finding::Finding;
use crate::plan::saved::Saved;
use crate::plan::steps::{Steps, steps};
use crate::plan::{Plan, PlanOptions, capacity};
use crate::resource::{Foreign, Id, Observation, Resource};

/// How many plans in a row may turn out to be outdated before a run gives up. One is common after
/// an interrupted run; more mean that another run changes the stack.
const ROUNDS: usize = 10;

/// A plan, its findings, and the observation it is based on.
pub struct Planned {
    pub observation: Observation,
    pub plan: Plan,
    pub findings: Vec<Finding>,
}

impl Engine<'_> {
    /// The resources that a blueprint expands to in this account and region.
    ///
    /// # Errors
    /// The account cannot be read, or the blueprint does not fit it.
    pub async fn desired(&self, blueprint: &Blueprint) -> Result<Graph<Id, Resource>> {
        self.expand(blueprint, &self.facts(blueprint).await?)
    }

    /// Observes a stack and plans. Without a blueprint, and to destroy the stack, no resource is
    /// desired.
    ///
    /// # Errors
    /// The cloud cannot be read, or the blueprint does not fit the account.
    pub async fn plan(
        &self,
        stack: &str,
        blueprint: Option<&Blueprint>,
        options: &PlanOptions,
    ) -> Result<Planned> {
        let facts = async {
            Ok(match blueprint.filter(|_| !options.destroy) {
                Some(blueprint) => Some((blueprint, self.facts(blueprint).await?)),
                None => None,
            })
        };
        let (facts, snapshot) = futures::try_join!(facts, self.snapshot(stack))?;
        let desired = match facts {
            Some((blueprint, facts)) => self.expand(blueprint, &facts)?,
            None => Graph::default(),
        };
        self.checked(stack, &desired, snapshot, options).await
    }

    /// Observes a stack and plans for these resources.
    ///
    /// # Errors
    /// The cloud cannot be read.
    pub async fn plan_graph(
        &self,
        stack: &str,
        desired: &Graph<Id, Resource>,
        options: &PlanOptions,
    ) -> Result<Planned> {
        let snapshot = self.snapshot(stack).await?;
        self.checked(stack, desired, snapshot, options).await
    }

    /// Plans like [`Engine::plan`], again until no resource appears that the plan does not know.
    ///
    /// # Errors
    /// As [`Engine::plan`], or resources keep appearing.
    pub async fn plan_settled(
        &self,
        stack: &str,
        blueprint: Option<&Blueprint>,
        options: &PlanOptions,
    ) -> Result<Planned> {
        for _ in 0..ROUNDS {
            let planned = self.plan(stack, blueprint, options).await?;
            if !self.appeared(&planned.plan).await? {
                return Ok(planned);
            }
        }
        Err(Error::Unsettled { stack: stack.into(), rounds: ROUNDS })
    }

    /// Observes the stack of a saved plan, and returns the plan if the stack has not changed since.
    ///
    /// # Errors
    /// The cloud cannot be read, it is not the plan's, or the stack has changed.
    pub async fn recheck(&self, saved: Saved) -> Result<Planned> {
        if *self.cloud.place() != saved.place {
            let (planned, here) = (Box::new(saved.place), Box::new(self.cloud.place().clone()));
            return Err(Error::OtherPlace { planned, here });
        }
        for _ in 0..ROUNDS {
            let observation = self.observe(&saved.plan.stack).await?;
            let moved = saved.moved(&observation, self.kinds);
            if !moved.is_empty() {
                return Err(Error::Moved(moved));
            }
            if !self.appeared(&saved.plan).await? {
                let findings = check(&saved.plan, self.kinds);
                return Ok(Planned { observation, plan: saved.plan, findings });
            }
        }
        Err(Error::Unsettled { stack: saved.plan.stack, rounds: ROUNDS })
    }

    /// The steps of a plan, each with the steps it waits for.
    ///
    /// # Errors
    /// Live resources depend on each other, so that none can be deleted first.
    pub fn steps(&self, plan: &Plan) -> Result<Steps> {
        steps(plan, self.kinds).map_err(Error::Cycle)
    }

    async fn facts(&self, blueprint: &Blueprint) -> Result<Facts> {
        let doing = format!("read the account's facts in {}", self.cloud.place().region);
        Ok(self.cloud.facts(&desired::query(blueprint)).await.doing(doing)?)
    }

    fn expand(&self, blueprint: &Blueprint, facts: &Facts) -> Result<Graph<Id, Resource>> {
        let resources = desired::desired(blueprint, facts, self.kinds).map_err(Error::Blueprint)?;
        desired::graph(resources, self.kinds).map_err(Error::Graph)
    }

    /// Plans, and checks the plan. While a name seems taken the stack is observed again: AWS may list
    /// a resource of the stack's own before its tags, and until then it looks like another owner's.
    async fn checked(
        &self,
        stack: &str,
        desired: &Graph<Id, Resource>,
        snapshot: Snapshot,
        options: &PlanOptions,
    ) -> Result<Planned> {
        let mut snapshot = snapshot;
        let decide = |seen: &Snapshot| {
            let plan = crate::plan::plan(stack, desired, &seen.observation, options, self.kinds);
            let taken = capacity::taken(&plan, &seen.others, self.kinds);
            (plan, taken)
        };
        let (mut plan, mut findings) = decide(&snapshot);
        for pause_s in consistency::PAUSES_S {
            if findings.is_empty() {
                break;
            }
            self.cloud.pause(pause_s).await;
            snapshot = self.snapshot(stack).await?;
            (plan, findings) = decide(&snapshot);
        }
        findings.extend(self.excesses(&plan, &snapshot.others).await?);
        findings.extend(check(&plan, self.kinds));
        Ok(Planned { observation: snapshot.observation, plan, findings })
    }

    /// Kinds of which the account's quota allows too few.
    async fn excesses(&self, plan: &Plan, others: &Foreign) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for excess in capacity::excesses(plan, others, self.kinds) {
            let allowed =
                self.cloud.quota(&excess.quota).await.doing("read the account's quotas")?;
            findings.extend(excess.finding(allowed));
        }
        Ok(findings)
    }

    async fn appeared(&self, plan: &Plan) -> Result<bool> {
        let what = "checking for resources of an interrupted run";
        let _phase = self.observer.phase(what.to_string());
        let found = consistency::appeared(plan, self.cloud, self.kinds).await;
        Ok(found.doing(format!("read {}", plan.stack))?)
    }
}
