//! `queues`: a queue and its dead-letter queue.
use super::build::{Build, Handle, int};
use crate::blueprint::queue::{DeadLetter, Queue as Wanted};
use crate::kinds::sqs::queue::{Queue, RedriveAllowPolicy, RedrivePolicy};
use crate::policy::Policy;
use crate::reference::literal;
use serde_json::{Value, json};

/// The limit of SQS for names, including the suffix of FIFO queues.
const QUEUE_NAME: usize = 80;
/// The suffix of the names of FIFO queues.
const FIFO: &str = ".fifo";
/// How long a receive call waits for a message, in seconds: the longest wait, which needs the
/// fewest calls and so costs least.
const LONG_POLL_S: i32 = 20;
/// How long SQS reuses a data key of KMS, in seconds.
const KEY_REUSE_S: i32 = 300;

/// Name, URL and ARN of a queue: references to outputs if the stack creates it, text if it exists.
pub struct Address {
    pub name: String,
    pub url: String,
    pub arn: String,
}

/// The resource name of the dead-letter queue.
fn dead_letter_name(name: &str) -> String {
    format!("{name}-dead")
}

pub fn address(build: &Build, name: &str, wanted: &Wanted) -> Address {
    let Some(existing) = &wanted.existing else {
        let own = Handle::of::<Queue>(name);
        let [name, url, arn] = ["name", "url", "arn"].map(|output| own.output(output));
        return Address { name, url, arn };
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
    Address { name: literal(name), url: literal(&url), arn: literal(&arn) }
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

/// The ARN, without a reference to the queue: so two queues can contain each other's ARN.
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

/// The properties that a queue and its dead-letter queue have in common.
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
        // High throughput at no extra cost: SQS keeps the order within a message group.
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

/// Denies requests without TLS and from principals of other accounts. Services of AWS are exempt
/// from the second rule; other statements may allow them. A queue's policy applies to that queue
/// only, so the resource is `*`.
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
