//! Which requests go where,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html>.
#[cfg(feature = "aws")]
mod calls;
mod condition;

pub use condition::{Condition, HttpHeader, KeyValue, QueryString, Values};

use super::listener::Action;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ListenerRule {
    pub listener_arn: String,
    /// The lowest goes first; each is held by one rule of a listener at most.
    pub priority: i32,
    /// All must hold.
    pub conditions: BTreeSet<Condition>,
    pub actions: Vec<Action>,
    /// CloudFormation cannot tag a rule; AWS can.
    pub tags: Tags,
}

/// AWS's highest priority number.
const LAST: i32 = 50_000;

impl Spec for ListenerRule {
    const INFO: KindInfo = KindInfo {
        name: "listener-rule",
        type_name: "AWS::ElasticLoadBalancingV2::ListenerRule",
        create_only: &["ListenerArn"],
        // For each listener its rules, here one for HTTP and one for HTTPS, and all their tags; what
        // the secret of a CDN before them holds and held.
        reads: Reads { fixed: 5, each: 0 },
        times: Times { create_s: 1, update_s: 1, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let rule = json!({
            "ListenerArn": self.listener_arn,
            "Priority": self.priority,
            "Conditions": self.conditions,
            "Actions": self.actions,
        });
        vec![(Self::INFO.type_name, rule)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = match mint.before.get("arn") {
            Some(before) => before.clone(),
            None => {
                let of = self.listener_arn.replace(":listener/", ":listener-rule/");
                format!("{of}/{}", (mint.digits)())
            }
        };
        outputs(arn)
    }
}

fn outputs(arn: String) -> Outputs {
    Outputs::from([("arn".into(), arn)])
}

/// A rule and the priority it has.
type Place = (String, i32);

/// How the priority `wanted` becomes free: the rule that holds it and where that one goes, which
/// is the place of the rule that wants it, if it has one, else the last that is free.
fn way_for(own: Option<&str>, wanted: i32, rules: &[Place]) -> Option<Place> {
    let (holder, _) = rules.iter().find(|(arn, at)| *at == wanted && Some(&**arn) != own)?;
    let place = rules.iter().find(|(arn, _)| Some(&**arn) == own).map(|(_, at)| *at);
    let free = |at: &i32| rules.iter().all(|(_, taken)| taken != at);
    let place = place.or_else(|| (1..=LAST).rev().find(free))?;
    Some((holder.clone(), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_that_is_held_is_made_free() {
        let rules = [("a".into(), 10), ("b".into(), 20), ("c".into(), LAST)];
        assert_eq!(way_for(Some("a"), 20, &rules), Some(("b".into(), 10)));
        assert_eq!(way_for(Some("a"), 10, &rules), None);
        assert_eq!(way_for(Some("a"), 30, &rules), None);
        assert_eq!(way_for(None, 20, &rules), Some(("b".into(), LAST - 1)));
        assert_eq!(way_for(None, LAST, &rules), Some(("c".into(), LAST - 1)));
    }
}
