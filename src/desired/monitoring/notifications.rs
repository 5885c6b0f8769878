//! Notifications: a topic of the stack, encrypted with a key that alarms may use, and its
//! subscriptions.
use crate::blueprint::Monitoring;
use crate::blueprint::monitoring::Recipient;
use crate::desired::build::{Build, Handle};
use crate::kinds::kms::key::{Key, alias};
use crate::kinds::sns::subscription;
use crate::kinds::sns::subscription::Subscription;
use crate::kinds::sns::topic::Topic;
use crate::policy::Policy;
use crate::reference::literal;
use serde_json::json;
use std::collections::BTreeSet;

const COMPONENT: &str = "monitoring";
const ALERTS: &str = "alerts";
/// The services of AWS that publish notifications.
const PUBLISHERS: [&str; 3] =
    ["cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"];
/// The limit of SNS for the name of a topic.
const TOPIC_NAME: usize = 256;

/// Returns the actions of alarms. If `notify` contains only existing topics, the stack has no
/// topic.
pub fn expand(build: &mut Build, wanted: &Monitoring) -> BTreeSet<String> {
    let existing = wanted.notify.iter().filter_map(|recipient| match recipient {
        Recipient::Topic(arn) => Some(literal(arn)),
        _ => None,
    });
    let mut actions: BTreeSet<String> = existing.collect();
    let endpoints = wanted.notify.iter().filter_map(|recipient| match recipient {
        Recipient::Email(address) => Some(("email", address)),
        Recipient::Https(address) => Some(("https", address)),
        Recipient::Topic(_) => None,
    });
    let endpoints: Vec<(&str, &String)> = endpoints.collect();
    if endpoints.is_empty() && !actions.is_empty() {
        return actions;
    }
    let key = key(build);
    let topic = topic(build, &key);
    for (protocol, endpoint) in endpoints {
        let spec = Subscription {
            topic_arn: topic.output("arn"),
            protocol: protocol.into(),
            endpoint: literal(endpoint),
            pending_confirmation: None,
        };
        build.add(COMPONENT, &subscription::name(protocol, endpoint), &spec);
    }
    actions.insert(topic.output("arn"));
    actions
}

/// With the AWS managed key for SNS, alarms could not publish and there would be no notifications.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services>
fn key(build: &mut Build) -> Handle {
    let (account, partition) = (&build.facts.account, &build.facts.partition);
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Account", "Effect": "Allow",
                "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
                "Action": "kms:*", "Resource": "*",
            },
            {
                "Sid": "Publishers", "Effect": "Allow", "Principal": { "Service": PUBLISHERS },
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*",
                "Condition": { "StringEquals": { "aws:SourceAccount": account } },
            },
        ],
    });
    let spec = Key {
        alias_name: alias(&build.blueprint.stack, ALERTS),
        description: format!("Notifications of {}", build.blueprint.stack),
        enable_key_rotation: true,
        key_policy: Policy::new(document),
        tags: build.tags(COMPONENT, ALERTS),
    };
    build.add(COMPONENT, ALERTS, &spec)
}

/// Adds the topic. Only alarms and events of this account may publish.
fn topic(build: &mut Build, key: &Handle) -> Handle {
    let (account, region, partition) =
        (&build.facts.account, &build.facts.region, &build.facts.partition);
    let name = build.name(ALERTS, TOPIC_NAME);
    let arn = format!("arn:{partition}:sns:{region}:{account}:{name}");
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Publishers", "Effect": "Allow", "Principal": { "Service": PUBLISHERS },
            "Action": "sns:Publish", "Resource": arn,
            "Condition": { "StringEquals": { "aws:SourceAccount": account } },
        }],
    });
    let spec = Topic {
        topic_name: name,
        display_name: format!("{} alerts", build.blueprint.stack),
        kms_master_key_id: Some(key.output("arn")),
        policy_document: Policy::new(document),
        tags: build.tags(COMPONENT, ALERTS),
    };
    build.add(COMPONENT, ALERTS, &spec)
}
