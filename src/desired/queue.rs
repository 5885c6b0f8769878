//! `queues`: a queue, and the one for what keeps failing.
use super::build::{Build, Handle, int};
use crate::blueprint::queue::{DeadLetter, Queue as Wanted};
use crate::kinds::sqs::queue::{Queue, RedriveAllowPolicy, RedrivePolicy};
use crate::policy::Policy;
use crate::reference::literal;
use serde_json::{Value, json};

/// The limit of SQS for names, the ending of ordered queues among them.
const QUEUE_NAME: usize = 80;
/// What the names of ordered queues end in.
const FIFO: &str = ".fifo";
/// How long a receive waits for a message, in seconds: the longest, which costs least.
const LONG_POLL_S: i32 = 20;
/// How long a data key of KMS is used again, in seconds.
const KEY_REUSE_S: i32 = 300;

/// How a queue is reached, made or not: texts, or references to what is made.
pub struct Reach {
    pub name: String,
    pub url: String,
    pub arn: String,
}

/// The resource name of the queue for what keeps failing.
pub fn dead_letter_name(name: &str) -> String {
    format!("{name}-dead")
}

pub fn reach(build: &Build, name: &str, wanted: &Wanted) -> Reach {
    let Some(existing) = &wanted.existing else {
        let own = Handle::of::<Queue>(name);
        let [name, url, arn] = ["name", "url", "arn"].map(|output| own.output(output));
        return Reach { name, url, arn };
    };
    let facts = build.facts;
    let arn = match existing.starts_with("arn:") {
        true => existing.clone(),
        false => arn(build, existing),
    };
    let parts: Vec<&str> = arn.split(':').collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let suffix = if facts.partition == "aws-cn" { ".cn" } else { "" };
    let (region, account, name) = (part(3), part(4), part(5));
    let url = format!("https://sqs.{region}.amazonaws.com{suffix}/{account}/{name}");
    Reach { name: literal(name), url: literal(&url), arn: literal(&arn) }
}

pub fn expand(build: &mut Build, name: &str, wanted: &Wanted) {
    if wanted.existing.is_some() {
        return;
    }
    let own = physical_name(build, name, wanted.fifo);
    let own_arn = arn(build, &own);
    let redrive = wanted.dead_letter.as_ref().map(|letter| {
        let dead = dead_letter(build, name, wanted, letter, own_arn);
        RedrivePolicy {
            dead_letter_target_arn: dead.output("arn"),
            max_receive_count: int(letter.after),
        }
    });
    let spec = Queue {
        delay_seconds: int(wanted.delay_s),
        redrive_policy: redrive,
        ..queue(build, name, name, own, wanted, wanted.retention_s)
    };
    build.add(&component(name), name, &spec);
}

fn component(name: &str) -> String {
    format!("queues.{name}")
}

fn physical_name(build: &Build, name: &str, fifo: bool) -> String {
    match fifo {
        true => format!("{}{FIFO}", build.name(name, QUEUE_NAME - FIFO.len())),
        false => build.name(name, QUEUE_NAME),
    }
}

/// Known before the queue is there: so two queues can name each other.
fn arn(build: &Build, physical_name: &str) -> String {
    let facts = build.facts;
    format!("arn:{}:sqs:{}:{}:{physical_name}", facts.partition, facts.region, facts.account)
}

fn dead_letter(
    build: &mut Build,
    name: &str,
    wanted: &Wanted,
    letter: &DeadLetter,
    source_arn: String,
) -> Handle {
    let dead = dead_letter_name(name);
    let own = physical_name(build, &dead, wanted.fifo);
    let spec = Queue {
        redrive_allow_policy: Some(RedriveAllowPolicy {
            redrive_permission: "byQueue".into(),
            source_queue_arns: [source_arn].into(),
        }),
        ..queue(build, name, &dead, own, wanted, letter.retention_s)
    };
    build.add(&component(name), &dead, &spec)
}

/// What the two have in common.
fn queue(
    build: &Build,
    name: &str,
    resource: &str,
    queue_name: String,
    wanted: &Wanted,
    retention_s: u32,
) -> Queue {
    let fifo = |text: &str| wanted.fifo.then(|| text.to_string());
    Queue {
        queue_name,
        fifo_queue: wanted.fifo.then_some(true),
        content_based_deduplication: wanted.fifo.then_some(false),
        // High throughput, which costs nothing: order is kept within a group.
        deduplication_scope: fifo("messageGroup"),
        fifo_throughput_limit: fifo("perMessageGroupId"),
        visibility_timeout: int(wanted.visibility_s),
        message_retention_period: int(retention_s),
        delay_seconds: 0,
        maximum_message_size: int(wanted.max_message_bytes),
        receive_message_wait_time_seconds: LONG_POLL_S,
        redrive_policy: None,
        redrive_allow_policy: None,
        sqs_managed_sse_enabled: wanted.kms_key.is_none(),
        kms_master_key_id: wanted.kms_key.as_deref().map(literal),
        kms_data_key_reuse_period_seconds: wanted.kms_key.as_ref().map(|_| KEY_REUSE_S),
        policy: Some(policy(&build.facts.account)),
        tags: build.tags(&component(name), resource),
    }
}

/// Nobody without TLS, and nobody of another account; services of AWS may be let in elsewhere. A
/// queue's policy speaks of that queue alone, so the resource need not be told.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html>
fn policy(account: &str) -> Policy {
    let deny = |id: &str, condition: Value| {
        json!({
            "Sid": id, "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*",
            "Condition": condition,
        })
    };
    let statements = [
        deny("TlsOnly", json!({ "Bool": { "aws:SecureTransport": "false" } })),
        deny(
            "OwnAccountOnly",
            json!({
                "StringNotEquals": { "aws:PrincipalAccount": account },
                "BoolIfExists": { "aws:PrincipalIsAWSService": "false" },
            }),
        ),
    ];
    Policy::new(json!({ "Version": "2012-10-17", "Statement": statements }))
}
