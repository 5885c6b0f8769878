//! A shard map that grows, in the sandbox and on LocalStack.
use super::Stack;
use serde_json::{Value, json};
use tenfold::cloud::Cloud;
use tenfold::graph::Graph;
use tenfold::plan::check::check;
use tenfold::plan::finding::Severity;
use tenfold::plan::{Action, Plan, PlanOptions};
use tenfold::resource::{Id, Live, Resource};
use tenfold::shards::Map;
use tenfold::{desired, kinds};

pub const STACK: &str = "shop";
/// The spec of a map whose shards have these weights.
pub fn spec(weights: &[u32]) -> Value {
    let shard = |(at, weight): (usize, &u32)| {
        let secret =
            format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-{at:032}");
        json!({
            "Id": format!("s{at:03}"), "Weight": weight, "Port": 5432, "Database": "app",
            "Writer": format!("shop-ledger-s{at:03}.c123456789ab.us-east-1.rds.amazonaws.com"),
            "Readers": [format!("shop-ledger-s{at:03}-r1.c123456789ab.us-east-1.rds.amazonaws.com")],
            "SecretArn": secret,
        })
    };
    json!({
        "Path": "/tenfold/shop/databases/ledger/map", "Slots": 4096, "ShardKey": "tenant_id",
        "Hash": "sha256-be64-and",
        "Shards": weights.iter().enumerate().map(shard).collect::<Vec<Value>>(),
        "Tags": [
            { "Key": "tenfold:component", "Value": "databases.ledger" },
            { "Key": "tenfold:name", "Value": "ledger" },
            { "Key": "tenfold:stack", "Value": STACK },
        ],
    })
}

pub fn graph(spec: Value) -> Graph<Id, Resource> {
    let id = Id::new("shard-map", "ledger");
    let resource = Resource { id, component: "databases.ledger".into(), spec, pins: Vec::new() };
    desired::graph(vec![resource], kinds::registry()).unwrap()
}

pub fn shards(weights: &[u32]) -> Graph<Id, Resource> {
    graph(spec(weights))
}

pub fn stack(cloud: &dyn Cloud) -> Stack<'_> {
    let only = Some(["shard-map".to_string()].into());
    Stack { cloud, name: STACK, only }
}

pub async fn plan(stack: &Stack<'_>, wanted: &Graph<Id, Resource>) -> Plan {
    stack.plan(wanted, &PlanOptions::default()).await
}

pub async fn apply(stack: &Stack<'_>, wanted: &Graph<Id, Resource>) -> Result<(), String> {
    stack.run(&plan(stack, wanted).await).await.map(drop)
}

pub async fn live(cloud: &dyn Cloud) -> Live {
    let mut found = cloud.list(STACK, "shard-map").await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// The current map, as `tenfold shards map` reads it.
pub async fn map(cloud: &dyn Cloud) -> Map {
    let answer = cloud.act(&live(cloud).await, "map", &json!({})).await.unwrap();
    Map::parse(&answer.to_string()).unwrap()
}

/// From three shards to four; back to two is refused.
pub async fn grows(cloud: &dyn Cloud) {
    let stack = stack(cloud);
    let (three, four) = (shards(&[1, 1, 1]), shards(&[1, 1, 1, 1]));
    apply(&stack, &three).await.unwrap();
    let first = map(cloud).await;
    assert_eq!(tenfold::shards::slot("tenant-1", first.slots), 3854);
    let grown = plan(&stack, &four).await;
    assert_eq!(grown.remaining_work[0].work, "1024 slots to move");
    assert_eq!(grown.remaining_work[0].parts[0], "s000 → s003 342 slots [1024-1365]");
    stack.run(&grown).await.unwrap();
    let second = map(cloud).await;
    assert_eq!((second.version, &second.ranges), (2, &first.ranges), "an apply moves nothing");
    assert_eq!(second.prev_sha256, Some(first.sha256()));
    let again = plan(&stack, &four).await;
    assert!(again.is_empty() && again.remaining_work == grown.remaining_work);
    // The fourth shard owns no slots yet, the others do.
    assert_eq!(plan(&stack, &three).await.changes[0].action, Action::Update);
    let refused = plan(&stack, &shards(&[1, 1])).await;
    assert_eq!(refused.changes[0].action, Action::Refuse);
    let findings = check(&refused, kinds::registry());
    assert_eq!(findings[0].severity, Severity::Error);
    assert!(findings[0].message.starts_with("s002 owns 1365 slots"), "{findings:?}");
}
