//! An endpoint that receives the messages of a topic,
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::names;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Subscription {
    pub topic_arn: String,
    /// `email`, `https` and so on.
    pub protocol: String,
    pub endpoint: String,
    /// Whether the endpoint has yet to confirm the subscription. Read-only; absent once it has
    /// confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_confirmation: Option<bool>,
}

/// The name of a subscription, derived from its endpoint: AWS stores neither a name nor tags of one.
pub fn name(protocol: &str, endpoint: &str) -> String {
    let letter =
        |one: char| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' };
    let words: String = endpoint.chars().map(letter).collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    names::name(&[protocol, &words.join("-")], LONGEST_NAME)
}

const LONGEST_NAME: usize = 60;

impl Spec for Subscription {
    const INFO: KindInfo = KindInfo {
        name: "subscription",
        type_name: "AWS::SNS::Subscription",
        create_only: &["TopicArn", "Protocol", "Endpoint"],
        directives: &["PendingConfirmation"],
        // One for each topic of the stack, and a stack has one topic.
        reads: Reads { fixed: 1, each: 0 },
        ..KindInfo::PLAIN
    };

    fn remaining_work(&self, live: Option<(&Self, &Outputs)>) -> Vec<String> {
        let must_confirm =
            ["email", "email-json", "http", "https"].contains(&self.protocol.as_str());
        let pending = match live {
            Some((live, _)) => live.pending_confirmation == Some(true),
            None => must_confirm,
        };
        let what = match self.protocol.starts_with("email") {
            true => "receives no alarms until the recipient follows the link in AWS's e-mail",
            false => "receives no alarms until it confirms the subscription",
        };
        pending.then(|| format!("{} {what}", self.endpoint)).into_iter().collect()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = match mint.before.get("arn") {
            Some(before) => before.clone(),
            None => format!("{}:{}", self.topic_arn, (mint.digits)()),
        };
        outputs(arn)
    }
}

fn outputs(arn: String) -> Outputs {
    Outputs::from([("arn".into(), arn)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(pending_confirmation: Option<bool>) -> Subscription {
        Subscription {
            topic_arn: "arn".into(),
            protocol: "email".into(),
            endpoint: "ops@example.com".into(),
            pending_confirmation,
        }
    }

    #[test]
    fn reports_an_email_address_that_has_to_confirm() {
        let wanted = subscription(None);
        assert_eq!(wanted.remaining_work(None).len(), 1);
        let live = |state| (subscription(state), Outputs::new());
        let (pending, confirmed) = (live(Some(true)), live(None));
        assert_eq!(wanted.remaining_work(Some((&pending.0, &pending.1))).len(), 1);
        assert!(wanted.remaining_work(Some((&confirmed.0, &confirmed.1))).is_empty());
    }

    #[test]
    fn derives_a_name_from_the_endpoint() {
        assert_eq!(name("email", "Ops.Team@example.com"), "email-ops-team-example-com");
        assert_eq!(name("https", "https://x.example/hook/"), "https-https-x-example-hook");
        assert!(name("https", &"x".repeat(300)).len() <= LONGEST_NAME);
    }
}
