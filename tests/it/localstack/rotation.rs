//! Rotation of the secret that a CDN sends to its public origins, on LocalStack: the origins get the new
//! value first and still accept the previous one, and no value is ever printed.
use crate::localstack::shell::Shell;
use crate::localstack::{cloud, requests_are_valid};
use crate::support;
use crate::support::Stack;
use serde_json::Value;
use std::collections::BTreeSet;
use tenfold::cloud::Cloud;
use tenfold::graph::Graph;
use tenfold::plan::steps::{Verb, steps};
use tenfold::plan::{Data, Plan, PlanOptions};
use tenfold::resource::{Id, Resource};
use tenfold::{desired, kinds};

const BLUEPRINT: &str = "
stack: hand
region: us-east-1
preset: dev
network: { flow_logs: false, nat: none }
cdn:
  edge:
    access_logs: false
    routes:
      - { paths: [/v1/*], to: load_balancers.open }
      - { paths: [/*], to: rate_limits.public }
rate_limits:
  public: { to: load_balancers.main, rate: 100/s, routes: [{ paths: [/*], key: false }] }
load_balancers:
  main: { access_logs: false }
  open: { scheme: internet-facing, insecure: true, access_logs: false }
services:
  api:
    port: 8080
    routes: [{ load_balancer: open, paths: [/v1/*] }, { load_balancer: main }]
    scale: { min: 1, max: 2 }
";

/// Far more plans than LocalStack lets reads lag (`TENFOLD_LS_READ_LAG`, 3 calls by default).
const MOST_LAGGING_READS: u32 = 30;

async fn wanted(cloud: &dyn Cloud) -> Graph<Id, Resource> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("blueprint.yaml");
    std::fs::write(&file, BLUEPRINT).unwrap();
    let blueprint = support::load(&file);
    let facts = cloud.facts(&desired::query(&blueprint)).await.unwrap();
    let resources = desired::desired(&blueprint, &facts, kinds::registry());
    let resources = resources.unwrap_or_else(|reports| panic!("{}", reports.to_text(false)));
    desired::graph(resources, kinds::registry()).unwrap()
}

fn value(shell: &Shell) -> String {
    let get = ["secretsmanager", "get-secret-value", "--secret-id", "tenfold/hand/origin-edge"];
    shell.aws(&get)["SecretString"].as_str().expect("a value").to_string()
}

/// The header values that the listener rules accept, and how many the API's web ACL accepts.
async fn taken(shell: &Shell, stack: &Stack<'_>) -> (BTreeSet<String>, usize) {
    let observation = stack.observe().await;
    let listener = &observation[&"listener.open-80".parse().unwrap()][0].handle;
    let found = shell.aws(&["elbv2", "describe-rules", "--listener-arn", listener]);
    let rules = found["Rules"].as_array().unwrap().iter();
    let conditions = rules.filter_map(|rule| rule["Conditions"].as_array()).flatten();
    let values = conditions.filter_map(|of| of["HttpHeaderConfig"]["Values"].as_array()).flatten();
    let values = values.map(|value| value.as_str().unwrap().to_string()).collect();
    let live = &observation[&"web-acl.api-public".parse().unwrap()][0].outputs;
    let which = ["--scope", "REGIONAL", "--name", &live["name"], "--id", &live["id"]];
    let acl = shell.aws(&[&["wafv2", "get-web-acl"], &which[..]].concat());
    (values, acl.to_string().matches("SearchString").count())
}

/// Reads may lag behind the rotation, so that the first plans may be empty.
async fn plan_of_rotation(stack: &Stack<'_>, wanted: &Graph<Id, Resource>) -> Plan {
    for _ in 0..MOST_LAGGING_READS {
        let plan = stack.plan(wanted, &PlanOptions::default()).await;
        if !plan.is_empty() {
            return plan;
        }
    }
    panic!("the rotation is not visible after {MOST_LAGGING_READS} plans");
}

fn updates(plan: &Plan) -> Vec<String> {
    plan.effective().map(|change| format!("{:?} {}", change.action, change.id)).collect()
}

/// The distribution is updated after everything that checks its header.
fn distribution_is_updated_last(plan: &Plan) {
    let steps = steps(plan, kinds::registry()).unwrap();
    let order = steps.order().unwrap();
    let edge = order.iter().find(|key| key.id.kind == "distribution").unwrap();
    assert_eq!(edge.verb, Verb::Update);
    let needs: BTreeSet<&str> = steps.needs(edge).map(|key| key.id.kind.as_str()).collect();
    assert_eq!(needs, BTreeSet::from(["listener-rule", "web-acl"]));
}

#[tokio::test]
async fn origins_accept_both_secret_values_during_a_rotation() {
    let shell = Shell::new();
    let cloud = cloud(&shell.account).await;
    let stack = Stack { cloud: &cloud, name: "hand", only: None };
    let wanted = wanted(&cloud).await;
    let ask = PlanOptions::default();
    stack.run(&stack.plan(&wanted, &ask).await).await.unwrap();
    assert_eq!(updates(&stack.plan(&wanted, &ask).await), Vec::<String>::new());
    let mut before = value(&shell);
    assert_eq!(taken(&shell, &stack).await, (BTreeSet::from([before.clone()]), 1));
    for _ in 0..2 {
        let secret = stack.observe().await[&"secret.origin-edge".parse().unwrap()][0].clone();
        let answer = cloud.act(&secret, "rotate", &Value::Null).await.unwrap().to_string();
        let now = value(&shell);
        assert!(now != before && now.len() == before.len());
        let plan = plan_of_rotation(&stack, &wanted).await;
        let changed = [
            "Update distribution.edge",
            "Update listener-rule.api-1-1",
            "Update web-acl.api-public",
        ];
        let mut found = updates(&plan);
        found.sort();
        assert_eq!(found, changed);
        distribution_is_updated_last(&plan);
        let said = format!("{answer} {plan:?}");
        assert!(!said.contains(&now) && !said.contains(&before));
        stack.run(&plan).await.unwrap();
        assert_eq!(updates(&stack.plan(&wanted, &ask).await), Vec::<String>::new());
        assert_eq!(taken(&shell, &stack).await, (BTreeSet::from([now.clone(), before]), 2));
        before = now;
    }
    let data = Data { all: true, ..Data::default() };
    let down = stack.plan(&Graph::default(), &PlanOptions { destroy: true, data, ..ask }).await;
    stack.run(&down).await.unwrap();
    assert!(stack.observe().await.is_empty());
    requests_are_valid(&shell.account);
}
