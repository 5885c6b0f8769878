#[cfg(feature = "aws")]
pub mod convert;

use super::{Condition as Of, ListenerRule, Place, outputs, way_for};
use crate::aws::{Aws, TwoValues, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elb::listener::Listener;
use crate::kinds::elb::listener::calls::convert as actions;
use crate::reference::secret_arn;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::{NAME, STACK, Tags};
use aws_sdk_elasticloadbalancingv2::types::{self, RulePriorityPair};
use futures::future::try_join_all;
use std::collections::BTreeSet;
use tokio::sync::Mutex;

/// Rules change places one after the other: of two that swap at once, each would push the other
/// from the place it has just come to.
static PLACES: Mutex<()> = Mutex::const_new(());

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
        let held = aws.two_values(secrets).await?;
        let live = live.into_iter();
        let live = live.filter_map(|(of, rule, tags)| read(tags, of, rule, &held, listing.stack));
        Ok(live.collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        match self.make(aws).await {
            Err(error) if error.is("PriorityInUse") => {
                let _places = PLACES.lock().await;
                self.take_place(None, &error, aws).await?;
                self.make(aws).await
            }
            made => made,
        }
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.handle, &live.spec);
        let (before, after) = (was.all_tags(), self.all_tags());
        // While a value stands there, the tag says that it is to be concealed.
        let proves = !self.secrets().is_empty();
        if proves {
            aws.retag_elb(arn, &before, &after).await?;
        }
        if self.conditions != was.conditions || self.actions != was.actions {
            let conditions = convert::to_elb(&self.revealed(aws).await?);
            let call = || {
                let call = aws.elb.modify_rule().rule_arn(arn);
                let call = call.set_conditions(Some(conditions.clone()));
                call.set_actions(Some(actions::to_elb(&self.actions))).send()
            };
            aws.safe("elasticloadbalancing:ModifyRule", call).await?;
        }
        if self.priority != was.priority {
            let _places = PLACES.lock().await;
            let message = format!("priority {} is held by a rule of others", self.priority);
            self.take_place(Some(arn), &CloudError::refused(message), aws).await?;
        }
        if !proves {
            aws.retag_elb(arn, &before, &after).await?;
        }
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.delete_rule().rule_arn(&live.handle).send();
        aws.safe("elasticloadbalancing:DeleteRule", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl ListenerRule {
    /// The secrets that requests must know.
    fn secrets(&self) -> BTreeSet<String> {
        let values = self.conditions.iter().filter_map(Of::proofs).flatten();
        values.filter_map(|value| secret_arn(value)).map(str::to_string).collect()
    }

    /// The tags with those that name the secrets.
    fn all_tags(&self) -> Tags {
        self.tags.with_secrets(&self.secrets())
    }

    /// The conditions with the values of secrets in them, for the call alone.
    async fn revealed(&self, aws: &Aws) -> Result<BTreeSet<Of>> {
        let held = aws.two_values(self.secrets()).await?;
        let reveal = |of: &Of| match of.proofs() {
            Some(values) => Ok(of.with_proofs(held.reveal(values)?)),
            None => Ok(of.clone()),
        };
        self.conditions.iter().map(reveal).collect()
    }

    async fn make(&self, aws: &Aws) -> Result<Outputs> {
        let conditions = convert::to_elb(&self.revealed(aws).await?);
        let tags = self.all_tags();
        let call = || {
            aws.elb
                .create_rule()
                .listener_arn(&self.listener_arn)
                .priority(self.priority)
                .set_conditions(Some(conditions.clone()))
                .set_actions(Some(actions::to_elb(&self.actions)))
                .set_tags(Some(tags::to_elb(&tags)))
                .send()
        };
        let made = aws.once("elasticloadbalancing:CreateRule", call).await?;
        let made = made.rules.and_then(|mut made| made.pop());
        Ok(outputs(made.and_then(|rule| rule.rule_arn).unwrap_or_default()))
    }

    /// Frees the wanted priority from the rule of this stack that still holds it, and in the same
    /// call gives it to this rule, if it exists: AWS sets all priorities of a call at once. The
    /// other rule's own change brings that to where it belongs. Anybody else's rule stays, and
    /// the answer is `taken`.
    async fn take_place(&self, own: Option<&str>, taken: &CloudError, aws: &Aws) -> Result<()> {
        let rules = of_listener(&self.listener_arn, aws).await?;
        // The default rule has no number.
        let held = |rule: types::Rule| Some((rule.rule_arn?, rule.priority?.parse().ok()?));
        let rules: Vec<Place> = rules.into_iter().filter_map(held).collect();
        let mut pairs: Vec<Place> =
            own.map(|arn| (arn.into(), self.priority)).into_iter().collect();
        if let Some((holder, place)) = way_for(own, self.priority, &rules) {
            if !self.is_sibling(&holder, aws).await? {
                return Err(taken.clone());
            }
            pairs.push((holder, place));
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let pair = |(arn, priority): &Place| {
            RulePriorityPair::builder().rule_arn(arn).priority(*priority).build()
        };
        let pairs = || Some(pairs.iter().map(pair).collect());
        let call = || aws.elb.set_rule_priorities().set_rule_priorities(pairs()).send();
        aws.safe("elasticloadbalancing:SetRulePriorities", call).await?;
        Ok(())
    }

    /// Whether it is another rule of the same stack.
    async fn is_sibling(&self, arn: &str, aws: &Aws) -> Result<bool> {
        let tags = aws.elb_tags(&[arn.to_string()]).await?.remove(arn).unwrap_or_default();
        let same = |key| self.tags.get(key).is_some() && self.tags.get(key) == tags.get(key);
        Ok(same(STACK) && !same(NAME))
    }
}

/// The rules of a listener; of one that has gone, none.
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
    held: &TwoValues,
    stack: &str,
) -> Option<Live<ListenerRule>> {
    let owner = tags::owner::<ListenerRule>(&tags, stack)?;
    let arn = rule.rule_arn?;
    tags.take_secrets();
    // Even where somebody took the tag away that names the secret.
    let conceal = |of: Of| match of.proofs() {
        Some(values) => of.with_proofs(held.conceal(values)),
        None => of,
    };
    let spec = ListenerRule {
        listener_arn,
        priority: rule.priority?.parse().ok()?,
        conditions: convert::from_elb(rule.conditions).into_iter().map(conceal).collect(),
        actions: actions::from_elb(rule.actions),
        tags,
    };
    Some(Live {
        id: owner.id,
        handle: arn.clone(),
        component: owner.component,
        spec,
        outputs: outputs(arn),
        condition: Condition::Ready,
    })
}
