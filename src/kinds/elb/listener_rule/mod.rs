//! A rule that routes requests by their properties,
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
    /// The rule with the lowest number is evaluated first. Each number is unique within a listener.
    pub priority: i32,
    /// A request has to match all of them.
    pub conditions: BTreeSet<Condition>,
    pub actions: Vec<Action>,
    /// CloudFormation cannot tag a rule; the API can.
    pub tags: Tags,
}

/// AWS's highest priority number.
const LAST: i32 = 50_000;

impl Spec for ListenerRule {
    const INFO: KindInfo = KindInfo {
        name: "listener-rule",
        type_name: "AWS::ElasticLoadBalancingV2::ListenerRule",
        create_only: &["ListenerArn"],
        // The rules of each listener (counted: one for HTTP and one for HTTPS), all their tags, and
        // the current and the previous value of the secret of a CDN in front of them.
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

/// The ARN of a rule and its priority.
type Ranked = (String, i32);

/// The rule that has the priority `wanted`, and the priority to which it moves to free that one:
/// the current priority of the rule `own` if that exists, otherwise the last free one. `None` if no
/// other rule has the priority.
fn displaced(own: Option<&str>, wanted: i32, rules: &[Ranked]) -> Option<Ranked> {
    let (other, _) = rules.iter().find(|(arn, at)| *at == wanted && Some(&**arn) != own)?;
    let current = rules.iter().find(|(arn, _)| Some(&**arn) == own).map(|(_, at)| *at);
    let free = |at: &i32| rules.iter().all(|(_, taken)| taken != at);
    let target = current.or_else(|| (1..=LAST).rev().find(free))?;
    Some((other.clone(), target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_the_rule_that_has_the_priority() {
        let rules = [("a".into(), 10), ("b".into(), 20), ("c".into(), LAST)];
        assert_eq!(displaced(Some("a"), 20, &rules), Some(("b".into(), 10)));
        assert_eq!(displaced(Some("a"), 10, &rules), None);
        assert_eq!(displaced(Some("a"), 30, &rules), None);
        assert_eq!(displaced(None, 20, &rules), Some(("b".into(), LAST - 1)));
        assert_eq!(displaced(None, LAST, &rules), Some(("c".into(), LAST - 1)));
    }
}
