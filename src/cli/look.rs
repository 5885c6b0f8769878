//! Looks at a stack and decides: what plan, apply, destroy, show and graph begin with.
use super::Session;
use super::error::Error;
use crate::blueprint::Blueprint;
use crate::cloud::Cloud;
use crate::engine::owners;
use crate::facts::Facts;
use crate::graph::Graph;
use crate::plan::check::check;
use crate::plan::finding::{Finding, Severity};
use crate::plan::steps::{Steps, steps};
use crate::plan::{Plan, PlanOptions, capacity};
use crate::resource::{Foreign, Id, Observation, Resource, Survey};
use crate::{desired, kinds, tags};
use std::path::PathBuf;

/// A stack, by its blueprint or by its name alone.
pub struct Stack {
    pub name: String,
    pub region: String,
    pub account: Option<String>,
    pub blueprint: Option<Blueprint>,
}

/// A stack as wanted and as it is, and what follows from that.
pub struct Look {
    pub cloud: Box<dyn Cloud>,
    pub observation: Observation,
    pub plan: Plan,
    pub findings: Vec<Finding>,
}

impl Look {
    /// # Errors
    /// The plan has errors, which have been shown.
    pub fn refuse_errors(&self) -> Result<(), Error> {
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        match self.findings.iter().filter(is_error).count() {
            0 => Ok(()),
            errors => Err(Error::Findings(errors)),
        }
    }

    /// What is to be done after what.
    ///
    /// # Errors
    /// Live resources hold each other, so that none can go first.
    pub fn steps(&self) -> Result<Steps, Error> {
        steps(&self.plan, kinds::registry()).map_err(Error::Cycle)
    }
}

impl Session {
    /// The stack of the blueprints, or of the name where one is given.
    pub fn stack(&self, files: &[PathBuf], name: Option<&str>) -> Result<Stack, Error> {
        match name {
            Some(name) => Ok(Stack {
                name: name.into(),
                region: self.global.region_without_blueprint()?,
                account: None,
                blueprint: None,
            }),
            None => {
                let blueprint = self.blueprint(files)?;
                Ok(Stack {
                    name: blueprint.stack.clone(),
                    region: blueprint.region.clone(),
                    account: blueprint.account.clone(),
                    blueprint: Some(blueprint),
                })
            }
        }
    }

    /// The blueprint, once its warnings have been said.
    pub fn blueprint(&self, files: &[PathBuf]) -> Result<Blueprint, Error> {
        let blueprint = super::blueprint::read(&self.global, files)?;
        if !self.output.json && !blueprint.warnings.is_empty() {
            self.output.talk(&blueprint.warnings.to_text(true));
        }
        Ok(blueprint)
    }

    /// All that is there of a stack.
    pub async fn observe(&self, cloud: &dyn Cloud, stack: &str) -> Result<Observation, Error> {
        Ok(self.survey(cloud, stack).await?.observation)
    }

    /// All that is there of a stack. One that was named must be there: names are mistyped.
    ///
    /// # Errors
    /// It cannot be looked at, or no blueprint says that it may be empty.
    pub async fn observe_named(
        &self,
        cloud: &dyn Cloud,
        wanted: &Stack,
    ) -> Result<Observation, Error> {
        let observation = self.observe(cloud, &wanted.name).await?;
        if wanted.blueprint.is_none() && observation.values().all(Vec::is_empty) {
            let place = Box::new(cloud.place().clone());
            return Err(Error::NoStack { name: wanted.name.clone(), place });
        }
        Ok(observation)
    }

    /// All that is there of a stack, and what else was seen.
    async fn survey(&self, cloud: &dyn Cloud, stack: &str) -> Result<Survey, Error> {
        let _busy = self.output.busy(format!("looking at {stack}"));
        let found = cloud.survey(stack).await;
        let mut found = found.map_err(Error::cloud(format!("look at {stack}")))?;
        owners::fill(&mut found.observation);
        of_this_region(&found.observation, &cloud.place().region)?;
        Ok(found)
    }

    /// The resources that a blueprint becomes.
    pub async fn desired(
        &self,
        cloud: &dyn Cloud,
        blueprint: &Blueprint,
    ) -> Result<Graph<Id, Resource>, Error> {
        let facts = self.facts(cloud, blueprint).await?;
        graph(blueprint, &facts)
    }

    async fn facts(&self, cloud: &dyn Cloud, blueprint: &Blueprint) -> Result<Facts, Error> {
        let query = desired::query(blueprint);
        let doing = format!("learn about {}", cloud.place().region);
        cloud.facts(&query).await.map_err(Error::cloud(doing))
    }

    /// Looks, and plans. Without a blueprint nothing is desired.
    pub async fn look(&self, stack: &Stack, ask: &PlanOptions) -> Result<Look, Error> {
        let cloud = self.cloud_of(stack).await?;
        let wanted = stack.blueprint.as_ref().filter(|_| !ask.destroy);
        let facts = async {
            match wanted {
                Some(blueprint) => self.facts(cloud.as_ref(), blueprint).await.map(Some),
                None => Ok(None),
            }
        };
        let survey = self.survey(cloud.as_ref(), &stack.name);
        let (facts, Survey { observation, others }) = futures::try_join!(facts, survey)?;
        let desired = match (wanted, &facts) {
            (Some(blueprint), Some(facts)) => graph(blueprint, facts)?,
            _ => Graph::default(),
        };
        let plan = crate::plan::plan(&stack.name, &desired, &observation, ask, kinds::registry());
        let mut findings = room(cloud.as_ref(), &plan, &others).await?;
        findings.extend(check(&plan, kinds::registry()));
        Ok(Look { cloud, observation, plan, findings })
    }

    /// Looks and plans until nothing more comes to be seen: what is about to be made may be there.
    pub async fn look_closely(&self, stack: &Stack, ask: &PlanOptions) -> Result<Look, Error> {
        loop {
            let look = self.look(stack, ask).await?;
            if !self.appeared(&look.plan, look.cloud.as_ref()).await? {
                return Ok(look);
            }
        }
    }

    /// Whether something comes to be seen of which a plan did not know.
    pub async fn appeared(&self, plan: &Plan, cloud: &dyn Cloud) -> Result<bool, Error> {
        let _busy = self.output.busy("looking for what an earlier run may have made".to_string());
        let found = crate::engine::consistency::appeared(plan, cloud, kinds::registry()).await;
        found.map_err(Error::cloud(format!("look at {}", plan.stack)))
    }
}

/// What is not of a region, a role or a distribution, is seen from every one: a stack of another
/// region must not be taken for what is left of one here.
fn of_this_region(observation: &Observation, here: &str) -> Result<(), Error> {
    let mut all = observation.values().flatten();
    match all.find_map(|live| Some((tags::elsewhere(&live.spec, here)?, &live.id))) {
        Some((region, seen)) => {
            Err(Error::OtherRegion { region, seen: seen.clone(), here: here.into() })
        }
        None => Ok(()),
    }
}

/// What the account has no room for: names that are taken, and more than its quotas allow.
async fn room(cloud: &dyn Cloud, plan: &Plan, others: &Foreign) -> Result<Vec<Finding>, Error> {
    let mut findings = capacity::taken(plan, others, kinds::registry());
    for excess in capacity::excesses(plan, others, kinds::registry()) {
        let allowed = cloud.quota(&excess.quota).await;
        let allowed = allowed.map_err(Error::cloud("learn what the account may have"))?;
        findings.extend(excess.finding(allowed));
    }
    Ok(findings)
}

fn graph(blueprint: &Blueprint, facts: &Facts) -> Result<Graph<Id, Resource>, Error> {
    let resources =
        desired::desired(blueprint, facts, kinds::registry()).map_err(Error::Blueprint)?;
    desired::graph(resources, kinds::registry()).map_err(Error::Graph)
}
