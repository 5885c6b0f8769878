//! Carries a plan out, shows how it goes and says what it came to.
use super::error::Error;
use super::look::Look;
use super::progress::Progress;
use super::{Session, interrupt};
use crate::exec::{self, Interrupt, Outcome, known_outputs};
use crate::kinds;
use crate::plan::steps::{Key, Steps};
use crate::render::plan::Aim;
use crate::render::{self, stack};
use std::collections::BTreeSet;
use std::process::ExitCode;

impl Session {
    /// Shows a plan to whoever is to confirm it.
    pub fn tell_plan(&self, look: &Look, aim: Aim) {
        let Look { cloud, plan, findings, .. } = look;
        let verbose = self.global.verbose;
        self.output.tell(&render::plan::plan(plan, cloud.place(), findings, aim, verbose));
    }

    /// Does what a plan says. What there is to say of the end has been said then.
    ///
    /// # Errors
    /// It could not all be done.
    pub async fn carry_out(&self, look: &Look, steps: Steps) -> Result<ExitCode, Error> {
        if look.plan.is_empty() && !self.output.json {
            return Ok(ExitCode::SUCCESS);
        }
        let outcome = self.walk(look, steps).await;
        let unseen = self.unseen(look, &outcome).await;
        if look.plan.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        let virtual_s = look.cloud.virtual_time_s();
        self.output.talk("\n");
        self.output.tell(&render::outcome::outcome(&outcome, virtual_s));
        self.output.tell(&render::outcome::not_yet_visible(&unseen));
        self.output.tell(&render::outcome::kept(&look.plan));
        if outcome.is_complete() {
            self.output.tell(&render::plan::remaining_work(&look.plan));
        }
        let addresses = stack::addresses(&look.plan, &outcome.outputs);
        if !self.output.json && !addresses.0.is_empty() {
            self.output.talk("\n");
            self.output.data(&render::text(&addresses))?;
        }
        if outcome.is_complete() { Ok(ExitCode::SUCCESS) } else { Err(Error::Unfinished) }
    }

    /// What a look does not tell yet, of what was done. Whoever wants to stop is not kept waiting.
    async fn unseen(&self, look: &Look, outcome: &Outcome) -> BTreeSet<Key> {
        if outcome.interrupted != Interrupt::None {
            return BTreeSet::new();
        }
        let _busy = self.output.busy("looking whether all of it is seen".to_string());
        crate::engine::consistency::wait_until_visible(
            &look.plan,
            &outcome.done,
            look.cloud.as_ref(),
            kinds::registry(),
        )
        .await
    }

    async fn walk(&self, look: &Look, steps: Steps) -> Outcome {
        let options = exec::Options { parallelism: self.global.parallelism.into() };
        let mut progress = Progress::new(self.output);
        let mut hear = |event| progress.hear(&event);
        let (cloud, stack) = (look.cloud.as_ref(), look.plan.stack.as_str());
        let (known, hears) = (known_outputs(&look.plan), interrupt::listen());
        exec::run(steps, known, cloud, stack, options, hears, &mut hear).await
    }
}
