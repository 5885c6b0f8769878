pub mod convert;

use super::{Condition, ListenerRule, Ranked, displaced, outputs};
use crate::aws::{Aws, TwoValues, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elb::calls::to_elb;
use crate::kinds::elb::listener::Listener;
use crate::kinds::elb::listener::calls::convert as actions;
use crate::reference::secret_arn;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::{NAME, STACK, Tags};
use aws_sdk_elasticloadbalancingv2::types::{self, RulePriorityPair};
use futures::future::try_join_all;
use std::collections::BTreeSet;
use tokio::sync::Mutex;

/// Rules change priorities one after the other: of two rules that swap at the same time, each would
/// move the other from the priority that it has just received.
static PRIORITIES: Mutex<()> = Mutex::const_new(());

impl Calls for ListenerRule {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let listeners = listing.of::<Listener>().await?;
        let found = listeners.iter().map(|of| async {
            let rules = of_listener(&of.handle, aws).await?;
            Ok(rules.into_iter().map(|rule| (of.handle.clone(), rule)).collect::<Vec<_>>())
        });
        let found: Vec<_> = try_join_all(found).await?.into_iter().flatten().collect();
        let arns: Vec<String> = found.iter().filter_map(|(_, r)| r.rule_arn.clone()).collect();
        let mut tags = aws.elb_tags(&arns).await?;
        let own = |tags: &Tags| tags::owner::<ListenerRule>(tags, listing.stack).is_some();
        let live = found.into_iter().filter_map(|(listener, rule)| {
            let tags = tags.remove(rule.rule_arn.as_deref()?).filter(own)?;
            Some((listener, rule, tags))
        });
        let live: Vec<_> = live.collect();
        let secrets = live.iter().flat_map(|(_, _, tags)| tags.clone().take_secrets()).collect();
        let secrets = aws.two_values(secrets).await?;
        let live = live.into_iter();
        let live =
            live.filter_map(|(of, rule, tags)| read(tags, of, rule, &secrets, listing.stack));
        Ok(live.collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        match self.create_rule(aws).await {
            Err(error) if error.is("PriorityInUse") => {
                let _lock = PRIORITIES.lock().await;
                self.take_priority(None, &error, aws).await?;
                self.create_rule(aws).await
            }
            created => created,
        }
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.handle, &live.spec);
        let (before, after) = (was.all_tags(), self.all_tags());
        // As long as the rule contains a secret's value, the tag says that the value has to be
        // concealed.
        let has_secrets = !self.secrets().is_empty();
        if has_secrets {
            aws.retag_elb(arn, &before, &after).await?;
        }
        if self.conditions != was.conditions || self.actions != was.actions {
            let conditions = convert::to_sdk(&self.revealed(aws).await?);
            let call = || {
                let call = aws.elb.modify_rule().rule_arn(arn);
                let call = call.set_conditions(Some(conditions.clone()));
                call.set_actions(Some(actions::to_sdk(&self.actions))).send()
            };
            aws.safe("elasticloadbalancing:ModifyRule", call).await?;
        }
        if self.priority != was.priority {
            let _lock = PRIORITIES.lock().await;
            let message = format!(
                "a rule that is not the stack's has priority {}: delete it or give it another one",
                self.priority
            );
            self.take_priority(Some(arn), &CloudError::refused(message), aws).await?;
        }
        if !has_secrets {
            aws.retag_elb(arn, &before, &after).await?;
        }
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.delete_rule().rule_arn(&live.handle).send();
        aws.delete("elasticloadbalancing:DeleteRule", call).await
    }
}

impl ListenerRule {
    /// The ARNs of the secrets whose value a request has to contain.
    fn secrets(&self) -> BTreeSet<String> {
        let values = self.conditions.iter().filter_map(Condition::origin_secrets).flatten();
        values.filter_map(|value| secret_arn(value)).map(str::to_string).collect()
    }

    /// The tags, with those that name the secrets.
    fn all_tags(&self) -> Tags {
        self.tags.with_secrets(&self.secrets())
    }

    /// The conditions with the values of the secrets in them, for use in a call only.
    async fn revealed(&self, aws: &Aws) -> Result<BTreeSet<Condition>> {
        let secrets = aws.two_values(self.secrets()).await?;
        let reveal = |condition: &Condition| match condition.origin_secrets() {
            Some(values) => Ok(condition.with_origin_secrets(secrets.reveal(values)?)),
            None => Ok(condition.clone()),
        };
        self.conditions.iter().map(reveal).collect()
    }

    async fn create_rule(&self, aws: &Aws) -> Result<Outputs> {
        let conditions = convert::to_sdk(&self.revealed(aws).await?);
        let tags = self.all_tags();
        let call = || {
            aws.elb
                .create_rule()
                .listener_arn(&self.listener_arn)
                .priority(self.priority)
                .set_conditions(Some(conditions.clone()))
                .set_actions(Some(actions::to_sdk(&self.actions)))
                .set_tags(Some(to_elb(&tags)))
                .send()
        };
        let created = aws.once("elasticloadbalancing:CreateRule", call).await?;
        let created = created.rules.and_then(|mut rules| rules.pop());
        Ok(outputs(created.and_then(|rule| rule.rule_arn).unwrap_or_default()))
    }

    /// Moves the stack's rule that still has the wanted priority to another one, and in the same
    /// call sets the priority of this rule, `own`, if it exists: AWS sets all priorities of a call
    /// at once. The other rule's own change then moves that rule to its desired priority.
    ///
    /// # Errors
    /// `taken` if the rule that has the priority is not the stack's. That rule stays as it is.
    async fn take_priority(&self, own: Option<&str>, taken: &CloudError, aws: &Aws) -> Result<()> {
        let rules = of_listener(&self.listener_arn, aws).await?;
        // The priority of the default rule is not a number.
        let ranked = |rule: types::Rule| Some((rule.rule_arn?, rule.priority?.parse().ok()?));
        let rules: Vec<Ranked> = rules.into_iter().filter_map(ranked).collect();
        let mut pairs: Vec<Ranked> =
            own.map(|arn| (arn.into(), self.priority)).into_iter().collect();
        if let Some((other, priority)) = displaced(own, self.priority, &rules) {
            if !self.is_sibling(&other, aws).await? {
                return Err(taken.clone());
            }
            pairs.push((other, priority));
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let pair = |(arn, priority): &Ranked| {
            RulePriorityPair::builder().rule_arn(arn).priority(*priority).build()
        };
        let pairs = || Some(pairs.iter().map(pair).collect());
        let call = || aws.elb.set_rule_priorities().set_rule_priorities(pairs()).send();
        aws.safe("elasticloadbalancing:SetRulePriorities", call).await?;
        Ok(())
    }

    /// Whether an ARN is that of another rule of the same stack.
    async fn is_sibling(&self, arn: &str, aws: &Aws) -> Result<bool> {
        let tags = aws.elb_tags(&[arn.to_string()]).await?.remove(arn).unwrap_or_default();
        let same = |key| self.tags.get(key).is_some() && self.tags.get(key) == tags.get(key);
        Ok(same(STACK) && !same(NAME))
    }
}

/// The rules of a listener, without the default one; none if the listener was deleted.
async fn of_listener(arn: &str, aws: &Aws) -> Result<Vec<types::Rule>> {
    let call = |marker| aws.elb.describe_rules().listener_arn(arn).set_marker(marker).send();
    let found = aws
        .pages("elasticloadbalancing:DescribeRules", call, |page| (page.next_marker, page.rules))
        .await;
    let mut rules = found.found()?.unwrap_or_default();
    rules.retain(|rule| rule.is_default != Some(true));
    Ok(rules)
}

fn read(
    mut tags: Tags,
    listener_arn: String,
    rule: types::Rule,
    secrets: &TwoValues,
    stack: &str,
) -> Option<Live<ListenerRule>> {
    let owner = tags::owner::<ListenerRule>(&tags, stack)?;
    let arn = rule.rule_arn?;
    tags.take_secrets();
    // Even if the tag that names the secret was removed outside tenfold.
    let conceal = |condition: Condition| match condition.origin_secrets() {
        Some(values) => condition.with_origin_secrets(secrets.conceal(values)),
        None => condition,
    };
    let spec = ListenerRule {
        listener_arn,
        priority: rule.priority?.parse().ok()?,
        conditions: convert::from_sdk(rule.conditions).into_iter().map(conceal).collect(),
        actions: actions::from_sdk(rule.actions),
        tags,
    };
    Some(owner.live(arn.clone(), spec, outputs(arn)))
}
