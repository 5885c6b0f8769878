//! Every kind against LocalStack: a resource is created, listed as it was sent, changed property by
//! property, replaced or refused, and deleted twice.
use crate::localstack::fixture::{Change, Expect, Fixture, changed, fixture, graph};
use crate::localstack::{REGION, account, cloud, namesakes, requests_are_valid};
use crate::support::Stack;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tenfold::error::Class;
use tenfold::graph::Graph;
use tenfold::kinds;
use tenfold::plan::{Action, Data, Plan, PlanOptions};
use tenfold::resource::{Id, Live, Progress};

type Checked = Result<(), String>;

fn nothing_left_to_do(plan: &Plan, after: &str) -> Checked {
    let left: Vec<String> = plan
        .effective()
        .map(|change| format!("{:?} {} {:#?}", change.action, change.id, change.properties))
        .collect();
    let empty = left.is_empty();
    empty.then_some(()).ok_or_else(|| format!("after {after} this is left:\n{}", left.join("\n")))
}

async fn change_and_back(stack: &Stack<'_>, fixture: &Fixture, change: &Change) -> Checked {
    let what = format!("setting {:?}", change.set);
    let wanted = graph(&changed(fixture, change), stack.name);
    let plan = stack.plan(&wanted, &PlanOptions::default()).await;
    let found = plan.changes.iter().find(|c| c.id == fixture.subject).map(|c| c.action);
    let expected = match change.expect {
        Expect::Update => Action::Update,
        Expect::Replace => Action::Replace,
        Expect::Refuse => Action::Refuse,
        Expect::None => Action::None,
    };
    if found != Some(expected) {
        return Err(format!("{what} plans {found:?}, not {expected:?}"));
    }
    if matches!(change.expect, Expect::Refuse | Expect::None) {
        return Ok(());
    }
    stack.run(&plan).await.map_err(|error| format!("{what}: {error}"))?;
    nothing_left_to_do(&stack.plan(&wanted, &PlanOptions::default()).await, &what)?;
    if change.stays {
        return Ok(());
    }
    let before = graph(&fixture.resources, stack.name);
    let back = stack.plan(&before, &PlanOptions::default()).await;
    stack.run(&back).await.map_err(|error| format!("undoing {what}: {error}"))?;
    nothing_left_to_do(
        &stack.plan(&before, &PlanOptions::default()).await,
        &format!("undoing {what}"),
    )
}

/// Deletes all resources, then each of them again: deleting a deleted resource succeeds.
async fn delete_twice(stack: &Stack<'_>) -> Checked {
    let observation = stack.observe().await;
    let ask = PlanOptions {
        destroy: true,
        data: Data { all: true, ..Data::default() },
        ..PlanOptions::default()
    };
    let plan = stack.plan(&Graph::default(), &ask).await;
    stack.run(&plan).await.map_err(|error| format!("deleting: {error}"))?;
    let all = Stack { only: None, ..*stack };
    let left: Vec<String> = all.observe().await.keys().map(Id::to_string).collect();
    if !left.is_empty() {
        return Err(format!("after deleting there are still {}", left.join(", ")));
    }
    for live in observation.values().flatten() {
        deleted(stack, live).await.map_err(|why| format!("deleting {} again: {why}", live.id))?;
    }
    Ok(())
}

/// Reads lag, so that a deleted resource may be reported a few times more.
async fn deleted(stack: &Stack<'_>, live: &Live) -> Checked {
    let mut said = Ok(Progress::Done);
    for _ in 0..8 {
        said = stack.cloud.delete(live).await;
        match &said {
            Ok(Progress::Done) => return Ok(()),
            Err(error) if error.class != Class::InUse => break,
            _ => stack.cloud.pause(1.0).await,
        }
    }
    Err(format!("{said:?}"))
}

async fn conforms(kind: &str) -> Checked {
    let account = account();
    let cloud = cloud(&account).await;
    let name = "con-form";
    let mut fixture = fixture(kind, name, &account).await;
    let used = fixture.resources.iter().map(|wanted| wanted.id.kind.clone()).collect();
    let stack = Stack { cloud: &cloud, name, only: Some(used) };
    let wanted = graph(&fixture.resources, name);
    let plan = stack.plan(&wanted, &PlanOptions::default()).await;
    stack.run(&plan).await.map_err(|error| format!("creating: {error}"))?;
    nothing_left_to_do(&stack.plan(&wanted, &PlanOptions::default()).await, "creating")?;
    outputs_are_those_of_the_sandbox(&stack, &fixture.subject).await?;
    namesakes::are_foreign(&account, "con", &fixture).await?;
    let mut failures = Vec::new();
    for change in std::mem::take(&mut fixture.changes) {
        failures.extend(change_and_back(&stack, &fixture, &change).await.err());
        if change.stays {
            fixture.resources = changed(&fixture, &change);
        }
    }
    failures.extend(delete_twice(&stack).await.err());
    requests_are_valid(&account);
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// A kind's outputs have the same names in the sandbox and on AWS.
async fn outputs_are_those_of_the_sandbox(stack: &Stack<'_>, subject: &Id) -> Checked {
    let observation = stack.observe().await;
    let live = &observation[subject][0];
    let mut mint = tenfold::spec::Mint {
        region: REGION,
        account: "111122223333",
        before: &Default::default(),
        digits: &mut || "0123456789abcdef0".into(),
    };
    let minted = kinds::registry().get(&subject.kind).outputs(&live.spec, subject, &mut mint);
    let names = |outputs: &tenfold::resource::Outputs| outputs.keys().cloned().collect::<Vec<_>>();
    let (real, made_up) = (names(&live.outputs), names(&minted));
    (real == made_up).then_some(()).ok_or(format!("outputs {real:?}, in the sandbox {made_up:?}"))
}

/// One test for each fixture, so that each has a name, can be selected and runs beside the others:
/// `cargo test conformance::role`.
macro_rules! fixtures {
    ($($test:ident: $fixture:literal,)*) => {
        const FIXTURES: &[&str] = &[$($fixture),*];
        $(
            #[tokio::test]
            async fn $test() {
                conforms($fixture).await.unwrap_or_else(|error| panic!("{error}"));
            }
        )*
    };
}

fixtures! {
    alarm: "alarm",
    api_account: "api-account",
    api_domain: "api-domain",
    api_key: "api-key",
    auto_scaling_group: "auto-scaling-group",
    bucket: "bucket",
    bucket_policy: "bucket-policy",
    cache_parameter_group: "cache-parameter-group",
    cache_policy: "cache-policy",
    cache_subnet_group: "cache-subnet-group",
    cache_user: "cache-user",
    cache_user_group: "cache-user-group",
    certificate: "certificate",
    composite_alarm: "composite-alarm",
    dashboard: "dashboard",
    db_instance: "db-instance",
    db_instance_fast: "db-instance-fast",
    db_instance_replica: "db-instance-replica",
    db_parameter_group: "db-parameter-group",
    db_subnet_group: "db-subnet-group",
    default_security_group: "default-security-group",
    distribution: "distribution",
    dns_record: "dns-record",
    edge_function: "edge-function",
    elastic_ip: "elastic-ip",
    flow_log: "flow-log",
    instance_profile: "instance-profile",
    internet_gateway: "internet-gateway",
    ip_set: "ip-set",
    key: "key",
    launch_template: "launch-template",
    lifecycle_hook: "lifecycle-hook",
    listener: "listener",
    listener_rule: "listener-rule",
    load_balancer: "load-balancer",
    log_delivery: "log-delivery",
    log_delivery_destination: "log-delivery-destination",
    log_delivery_source: "log-delivery-source",
    log_group: "log-group",
    metric_filter: "metric-filter",
    monitoring_subscription: "monitoring-subscription",
    nat_gateway: "nat-gateway",
    origin_access_control: "origin-access-control",
    parameter: "parameter",
    query_definition: "query-definition",
    queue: "queue",
    queue_fifo: "queue-fifo",
    replication_group: "replication-group",
    rest_api: "rest-api",
    role: "role",
    route_table: "route-table",
    scalable_policy: "scalable-policy",
    scalable_target: "scalable-target",
    scaling_policy: "scaling-policy",
    scheduled_action: "scheduled-action",
    secret: "secret",
    security_group: "security-group",
    security_group_rule: "security-group-rule",
    security_group_rule_egress: "security-group-rule-egress",
    shard_map: "shard-map",
    subnet: "subnet",
    subscription: "subscription",
    target_group: "target-group",
    topic: "topic",
    usage_plan: "usage-plan",
    usage_plan_key: "usage-plan-key",
    vpc: "vpc",
    vpc_endpoint: "vpc-endpoint",
    vpc_endpoint_gateway: "vpc-endpoint-gateway",
    vpc_link: "vpc-link",
    vpc_origin: "vpc-origin",
    web_acl: "web-acl",
    web_acl_association: "web-acl-association",
    web_acl_logging: "web-acl-logging",
}

#[test]
fn every_fixture_has_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kinds");
    let entries = fs::read_dir(folder).expect("the fixtures").flatten();
    let names = entries.map(|entry| entry.path().file_stem().unwrap().display().to_string());
    let found: BTreeSet<String> = names.collect();
    let listed = FIXTURES.iter().map(ToString::to_string).collect();
    assert_eq!(found, listed, "the folder of fixtures, and the list in this file");
}
