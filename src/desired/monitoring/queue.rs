//! Alarms of queues: waiting messages, messages in flight and dead letters,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>.
use super::rule::{Measure, Rule, Signal, Subject, component_name};
use crate::blueprint::monitoring::alarms::Severity;
use crate::desired::build::{Added, Build};
use crate::kinds::sqs::queue::Queue;
use std::collections::BTreeMap;

const AGE: Rule = Rule {
    name: "age",
    description: "Messages wait much longer than they should",
    measure: Measure::Plain("ApproximateAgeOfOldestMessage", "Maximum"),
    threshold: 900.0,
    severity: Severity::Page,
    ..Rule::DEFAULT
};

const IN_FLIGHT: Rule = Rule {
    name: "in_flight",
    description: "The number of messages in flight is close to the limit",
    measure: Measure::Plain("ApproximateNumberOfMessagesNotVisible", "Maximum"),
    threshold: 100_000.0,
    severity: Severity::Page,
    ..Rule::DEFAULT
};

const DEAD_LETTERS: Rule = Rule {
    name: "dead_letters",
    description: "Messages could not be handled: inspect them, then redrive the queue",
    measure: Measure::Plain("ApproximateNumberOfMessagesVisible", "Maximum"),
    datapoints: 1,
    periods: 1,
    ..Rule::DEFAULT
};

/// FIFO queues have a lower limit of messages in flight.
const IN_FLIGHT_FIFO: f64 = 18_000.0;

pub fn signals(build: &Build) -> Vec<Signal> {
    let queues: Vec<Added<Queue>> = build.all().collect();
    let redrives_to = |arn: &str| {
        let mut policies = queues.iter().filter_map(|queue| queue.spec.redrive_policy.as_ref());
        policies.any(|policy| policy.dead_letter_target_arn == arn)
    };
    let within = within(build);
    let mut found = Vec::new();
    for queue in &queues {
        let name = component_name(queue.component());
        let prefix = format!("queue-{name}");
        let subject = Subject::new(queue.component(), prefix, format!("queue {name}"), "AWS/SQS");
        let mut subject = subject.node(vec![("QueueName", queue.output("name"))]);
        if redrives_to(&queue.output("arn")) {
            found.push((subject, DEAD_LETTERS));
            continue;
        }
        if let Some(within_s) = within.get(name) {
            subject.thresholds.insert("age", within_s * 3.0);
        }
        if queue.spec.fifo_queue == Some(true) {
            subject.thresholds.insert("in_flight", IN_FLIGHT_FIFO);
        }
        found.extend([(subject.clone(), AGE), (subject, IN_FLIGHT)]);
    }
    found
}

/// By queue: the longest time in seconds that any of its consumers lets a message wait.
fn within<'a>(build: &Build<'a>) -> BTreeMap<&'a str, f64> {
    let mut found: BTreeMap<&str, f64> = BTreeMap::new();
    let services = build.blueprint.services.values();
    for (queue, consume) in services.flat_map(|service| &service.consumes) {
        let longest = found.entry(queue.as_str()).or_default();
        *longest = longest.max(consume.within_s.into());
    }
    found
}
