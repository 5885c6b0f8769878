//! The log bucket of a stack: access logs of load balancers and CDNs, and the network's flow log.
use crate::desired::bucket::{private, tls_only};
use crate::desired::build::{Build, Handle};
use crate::kinds::ec2::flow_log::FlowLog;
use crate::kinds::ec2::vpc::Vpc;
use crate::kinds::s3::bucket::{AbortUpload, Lifecycle, LifecycleRule};
use crate::kinds::s3::bucket_policy::BucketPolicy;
use crate::policy::Policy;
use serde_json::{Value, json};

const COMPONENT: &str = "logs";
/// The folder of the network's flow log.
const NETWORK: &str = "network";
/// Longest time between two records of one connection, in seconds.
const AGGREGATION_S: i32 = 600;

/// The folder of a load balancer's access log.
pub fn folder(balancer: &str) -> String {
    format!("load-balancers/{balancer}")
}

/// The folder of a distribution's access log.
pub fn edge_folder(cdn: &str) -> String {
    format!("cdn/{cdn}")
}

/// A reference to the log bucket's name, through its policy: services cannot write to the bucket
/// before the policy exists.
pub fn bucket_name() -> String {
    Handle::of::<BucketPolicy>(COMPONENT).output("bucket")
}

/// Adds the bucket if anything writes to it, and the flow log if it is configured.
pub fn expand(build: &mut Build) {
    let mut rules = Vec::new();
    for (name, balancer) in &build.blueprint.load_balancers {
        if let Some(logs) = &balancer.access_logs {
            rules.push(rule(&folder(name), logs.retention_days));
        }
    }
    for (name, cdn) in &build.blueprint.cdn {
        if let Some(logs) = &cdn.access_logs {
            rules.push(rule(&edge_folder(name), logs.retention_days));
        }
    }
    let flow_logs = build.blueprint.network.as_ref().and_then(|network| {
        let made = network.existing.is_none();
        network.flow_logs.as_ref().filter(|_| made)
    });
    rules.extend(flow_logs.map(|logs| rule(NETWORK, logs.retention_days)));
    if rules.is_empty() {
        return;
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let bucket = bucket(build, rules);
    policy(build, &bucket);
    if flow_logs.is_some() {
        flow_log(build);
    }
}

fn rule(folder: &str, retention_days: u32) -> LifecycleRule {
    LifecycleRule {
        id: folder.replace('/', "-"),
        status: "Enabled".into(),
        prefix: format!("{folder}/"),
        expiration_in_days: i32::try_from(retention_days).ok(),
        noncurrent_version_expiration: None,
        abort_incomplete_multipart_upload: Some(AbortUpload { days_after_initiation: 7 }),
    }
}

fn bucket(build: &mut Build, rules: Vec<LifecycleRule>) -> Handle {
    let mut spec = private(build, COMPONENT, COMPONENT);
    // Log files are written once and expire: old versions would cost money and have no use.
    spec.versioning_configuration.status = "Suspended".into();
    spec.lifecycle_configuration = Some(Lifecycle { rules });
    build.add(COMPONENT, COMPONENT, &spec)
}

/// Allows load balancers, distributions and flow logs of this account to write to their own
/// folders, over TLS.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html>,
/// <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html>,
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html>
fn policy(build: &mut Build, bucket: &Handle) {
    let account = build.facts.account.clone();
    let arn = bucket.output("arn");
    let own = json!({ "StringEquals": { "aws:SourceAccount": account } });
    let allow = |id: &str, service: &str, action: &str, resource: String| {
        json!({
            "Sid": id, "Effect": "Allow", "Principal": { "Service": service },
            "Action": action, "Resource": resource, "Condition": own,
        })
    };
    let delivery = "delivery.logs.amazonaws.com";
    let balancers = format!("{arn}/load-balancers/*/AWSLogs/{account}/*");
    let network = format!("{arn}/{NETWORK}/AWSLogs/{account}/*");
    let mut statements: Vec<Value> = vec![
        allow(
            "LoadBalancersWrite",
            "logdelivery.elasticloadbalancing.amazonaws.com",
            "s3:PutObject",
            balancers,
        ),
        allow("FlowLogsWrite", delivery, "s3:PutObject", network),
        allow("FlowLogsLook", delivery, "s3:GetBucketAcl", arn.clone()),
        tls_only(&arn),
    ];
    if build.blueprint.cdn.values().any(|cdn| cdn.access_logs.is_some()) {
        let edge = format!("{arn}/cdn/*/AWSLogs/{account}/CloudFront/*");
        statements.push(allow("DistributionsWrite", delivery, "s3:PutObject", edge));
    }
    let spec = BucketPolicy {
        bucket: bucket.output("name"),
        policy_document: Policy::new(json!({ "Version": "2012-10-17", "Statement": statements })),
    };
    build.add(COMPONENT, COMPONENT, &spec);
}

fn flow_log(build: &mut Build) {
    let partition = &build.facts.partition;
    let spec = FlowLog {
        resource_id: Handle::of::<Vpc>("main").output("id"),
        resource_type: "VPC".into(),
        traffic_type: "ALL".into(),
        log_destination_type: "s3".into(),
        log_destination: format!("arn:{partition}:s3:::{}/{NETWORK}/", bucket_name()),
        max_aggregation_interval: AGGREGATION_S,
        log_format: None,
        tags: build.tags("network", "main"),
    };
    build.add("network", "main", &spec);
}
