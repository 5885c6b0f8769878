//! The secret between a CDN and what it reaches by the internet, on LocalStack: another value comes
//! to the origins first, each takes the one before it too, and none is ever told.
use crate::localstack::{REGION, Stack, account, cloud, endpoint, requests_are_valid};
use crate::support;
use serde_json::Value;
use std::collections::BTreeSet;
use tenfold::aws::{Aws, Options, connect};
use tenfold::cloud::Cloud;
use tenfold::desired;
use tenfold::graph::Graph;
use tenfold::kinds;
use tenfold::plan::steps::{Verb, steps};
use tenfold::plan::{Ask, Data, Plan};
use tenfold::resource::{Id, Resource};

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

async fn wanted(cloud: &dyn Cloud) -> Graph<Id, Resource> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("blueprint.yaml");
    std::fs::write(&file, BLUEPRINT).unwrap();
    let blueprint = support::load(&file);
    let facts = cloud.facts(&desired::query(&blueprint)).await.unwrap();
    let resources = desired::desired(&blueprint, &facts, &kinds::spec);
    let resources = resources.unwrap_or_else(|reports| panic!("{}", reports.to_text(false)));
    desired::graph(resources, &kinds::spec).unwrap()
}

async fn clients(account: &str) -> Aws {
    let options = Options {
        region: REGION.into(),
        endpoint: Some(endpoint().into()),
        emulator_key: Some(account.into()),
        ..Options::default()
    };
    connect(&options).await.unwrap()
}

async fn value(aws: &Aws) -> String {
    let get = aws.secrets.get_secret_value().secret_id("tenfold/hand/origin-edge");
    get.send().await.unwrap().secret_string.unwrap()
}

/// What the rules of the public balancer take of the header, and what the web ACL of the API does.
async fn taken(aws: &Aws, stack: &Stack<'_>) -> (BTreeSet<String>, usize) {
    let observation = stack.observe().await;
    let listener = &observation[&"listener.open-80".parse().unwrap()][0].handle;
    let rules = aws.elb.describe_rules().listener_arn(listener).send().await.unwrap();
    let conditions = rules.rules().iter().flat_map(|rule| rule.conditions());
    let headers = conditions.filter_map(|of| of.http_header_config.as_ref());
    let values = headers.flat_map(|of| of.values()).cloned().collect();
    let live = &observation[&"web-acl.api-public".parse().unwrap()][0].outputs;
    let get = aws.waf.get_web_acl().name(&live["name"]).id(&live["id"]);
    let acl = get.scope("REGIONAL".into()).send().await.unwrap().web_acl.unwrap();
    let searches = format!("{:?}", acl.rules()).matches("search_string").count();
    (values, searches)
}

fn updates(plan: &Plan) -> Vec<String> {
    plan.effective().map(|change| format!("{:?} {}", change.action, change.id)).collect()
}

/// The distribution waits for all that let it in.
fn edge_comes_last(plan: &Plan) {
    let steps = steps(plan, &kinds::spec).unwrap();
    let order = steps.order().unwrap();
    let edge = order.iter().find(|key| key.id.kind == "distribution").unwrap();
    assert_eq!(edge.verb, Verb::Update);
    let needs: BTreeSet<&str> = steps.needs(edge).map(|key| key.id.kind.as_str()).collect();
    assert_eq!(needs, BTreeSet::from(["listener-rule", "web-acl"]));
}

#[tokio::test]
async fn a_secret_is_changed_without_a_gap() {
    let account = account();
    let cloud = cloud(&account).await;
    let aws = clients(&account).await;
    let stack = Stack { cloud: &cloud, name: "hand", only: None };
    let wanted = wanted(&cloud).await;
    let ask = Ask::default();
    stack.run(&stack.plan(&wanted, &ask).await).await.unwrap();
    assert_eq!(updates(&stack.plan(&wanted, &ask).await), Vec::<String>::new());
    let mut before = value(&aws).await;
    assert_eq!(taken(&aws, &stack).await, (BTreeSet::from([before.clone()]), 1));
    for _ in 0..2 {
        let secret = stack.observe().await[&"secret.origin-edge".parse().unwrap()][0].clone();
        let told = cloud.act(&secret, "rotate", &Value::Null).await.unwrap().to_string();
        let now = value(&aws).await;
        assert!(now != before && now.len() == before.len());
        let plan = stack.plan(&wanted, &ask).await;
        let changed = [
            "Update distribution.edge",
            "Update listener-rule.api-1-1",
            "Update web-acl.api-public",
        ];
        let mut found = updates(&plan);
        found.sort();
        assert_eq!(found, changed);
        edge_comes_last(&plan);
        let said = format!("{told} {plan:?}");
        assert!(!said.contains(&now) && !said.contains(&before));
        stack.run(&plan).await.unwrap();
        assert_eq!(updates(&stack.plan(&wanted, &ask).await), Vec::<String>::new());
        assert_eq!(taken(&aws, &stack).await, (BTreeSet::from([now.clone(), before]), 2));
        before = now;
    }
    let data = Data { all: true, ..Data::default() };
    let down = stack.plan(&Graph::default(), &Ask { destroy: true, data, ..ask }).await;
    stack.run(&down).await.unwrap();
    assert!(stack.observe().await.is_empty());
    requests_are_valid(&account);
}
