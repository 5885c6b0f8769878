//! Queues: how long messages wait, and those that nobody could handle,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>.
use super::find::{names, of_kind, output, own_name};
use super::rule::{Measure, Rule, Signal, Subject};
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::Build;
use crate::resource::Resource;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const AGE: Rule = Rule {
    name: "age",
    about: "Messages wait much longer than they should",
    measure: Measure::Plain("ApproximateAgeOfOldestMessage", "Maximum"),
    threshold: 900.0,
    severity: Severity::Page,
    ..Rule::USUAL
};

const IN_FLIGHT: Rule = Rule {
    name: "in_flight",
    about: "Nearly as many messages are being handled as can be",
    measure: Measure::Plain("ApproximateNumberOfMessagesNotVisible", "Maximum"),
    threshold: 100_000.0,
    severity: Severity::Page,
    ..Rule::USUAL
};

const DEAD_LETTERS: Rule = Rule {
    name: "dead_letters",
    about: "Messages could not be handled: look at them, then redrive the queue",
    measure: Measure::Plain("ApproximateNumberOfMessagesVisible", "Maximum"),
    need: 1,
    of: 1,
    ..Rule::USUAL
};

/// Of a queue that keeps an order AWS lets fewer messages be handled at once.
const IN_FLIGHT_IN_ORDER: f64 = 18_000.0;

pub fn signals(build: &Build) -> Vec<Signal> {
    let queues: Vec<&Resource> = of_kind(build, "queue").collect();
    let redrive = |queue: &Resource| queue.spec.get("RedrivePolicy").cloned().unwrap_or_default();
    let is_dead_letter =
        |queue: &Resource| queues.iter().any(|other| names(&redrive(other), queue));
    let within = within(build);
    let mut found = Vec::new();
    for queue in &queues {
        let name = own_name(&queue.component);
        let prefix = format!("queue-{name}");
        let subject = Subject::new(&queue.component, prefix, format!("queue {name}"), "AWS/SQS");
        let mut subject = subject.node(vec![("QueueName", output(queue, "name"))]);
        if is_dead_letter(queue) {
            found.push((subject, DEAD_LETTERS));
            continue;
        }
        if let Some(within_s) = within.get(name) {
            subject.thresholds.insert("age", within_s * 3.0);
        }
        if queue.spec.get("FifoQueue") == Some(&json!(true)) {
            subject.thresholds.insert("in_flight", IN_FLIGHT_IN_ORDER);
        }
        found.extend([(subject.clone(), AGE), (subject, IN_FLIGHT)]);
    }
    found
}

/// The longest that any service which consumes a queue lets a message wait, in seconds.
fn within(build: &Build) -> BTreeMap<String, f64> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    let services = json!(build.blueprint.services);
    let consumed = services.as_object().into_iter().flatten();
    let consumed = consumed.filter_map(|(_, service)| service.get("consumes")?.as_object());
    for (queue, consumer) in consumed.flatten() {
        if let Some(within_s) = consumer.get("within_s").and_then(Value::as_f64) {
            let longest = found.entry(queue.clone()).or_default();
            *longest = longest.max(within_s);
        }
    }
    found
}
