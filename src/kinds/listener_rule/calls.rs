use super::{Held, ListenerRule, calls_convert as convert, outputs, way_for};
use crate::aws::{Aws, Listing, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kind::{Calls, Progress};
use crate::kinds::listener::{Listener, calls_convert as actions};
use crate::resource::{Condition, Id, Live, Outputs};
use crate::tags::{NAME, STACK, Tags};
use aws_sdk_elasticloadbalancingv2::types::{self, RulePriorityPair};
use futures::future::try_join_all;
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
        let live = found.into_iter().filter_map(|(listener, rule)| {
            let tags = tags.remove(rule.rule_arn.as_deref()?)?;
            read(tags, listener, rule, listing.stack)
        });
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
        if self.conditions != was.conditions || self.actions != was.actions {
            let call = || {
                let call = aws.elb.modify_rule().rule_arn(arn);
                let call = call.set_conditions(Some(convert::to_elb(&self.conditions)));
                call.set_actions(Some(actions::to_elb(&self.actions))).send()
            };
            aws.safe("elasticloadbalancing:ModifyRule", call).await?;
        }
        if self.priority != was.priority {
            let _places = PLACES.lock().await;
            let message = format!("priority {} is held by a rule of others", self.priority);
            self.take_place(Some(arn), &CloudError::refused(message), aws).await?;
        }
        aws.retag_elb(arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.delete_rule().rule_arn(&live.handle).send();
        aws.safe("elasticloadbalancing:DeleteRule", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl ListenerRule {
    async fn make(&self, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elb
                .create_rule()
                .listener_arn(&self.listener_arn)
                .priority(self.priority)
                .set_conditions(Some(convert::to_elb(&self.conditions)))
                .set_actions(Some(actions::to_elb(&self.actions)))
                .set_tags(Some(tags::to_elb(&self.tags)))
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
        let rules: Vec<Held> = rules.into_iter().filter_map(held).collect();
        let mut pairs: Vec<Held> = own.map(|arn| (arn.into(), self.priority)).into_iter().collect();
        if let Some((holder, place)) = way_for(own, self.priority, &rules) {
            if !self.is_sibling(&holder, aws).await? {
                return Err(taken.clone());
            }
            pairs.push((holder, place));
        }
        if pairs.is_empty() {
            return Ok(());
        }
        let pair = |(arn, priority): &Held| {
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
    tags: Tags,
    listener_arn: String,
    rule: types::Rule,
    stack: &str,
) -> Option<Live<ListenerRule>> {
    let owner = tags::owner::<ListenerRule>(&tags, stack)?;
    let arn = rule.rule_arn?;
    let spec = ListenerRule {
        listener_arn,
        priority: rule.priority?.parse().ok()?,
        conditions: convert::from_elb(rule.conditions),
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
