//! A shard map in both clouds: it grows, refuses what would lose rows, and holds after every cut.
use crate::localstack::{REGION, Stack, account, cloud, endpoint, requests_are_valid};
use aws_sdk_ssm::config::AppName;
use serde_json::{Value, json};
use tenfold::aws::{Aws, Fault, Options, connect};
use tenfold::cloud::Cloud;
use tenfold::graph::Graph;
use tenfold::kinds::cloud::AwsCloud;
use tenfold::plan::check::check;
use tenfold::plan::finding::Severity;
use tenfold::plan::{Action, Data, Plan, PlanOptions};
use tenfold::resource::{Id, Live, Resource};
use tenfold::sandbox::Sandbox;
use tenfold::shards::Map;
use tenfold::{desired, kinds};

const STACK: &str = "shop";
const POINTER: &str = "/tenfold/shop/databases/ledger/map/current";

fn version(number: u64) -> String {
    format!("/tenfold/shop/databases/ledger/map/v/{number}")
}

/// The map of shards with these weights.
fn spec(weights: &[u32]) -> Value {
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

fn graph(spec: Value) -> Graph<Id, Resource> {
    let id = Id::new("shard-map", "ledger");
    let resource = Resource { id, component: "databases.ledger".into(), spec, pins: Vec::new() };
    desired::graph(vec![resource], kinds::registry()).unwrap()
}

fn shards(weights: &[u32]) -> Graph<Id, Resource> {
    graph(spec(weights))
}

fn stack(cloud: &dyn Cloud) -> Stack<'_> {
    let only = Some(["shard-map".to_string()].into());
    Stack { cloud, name: STACK, only }
}

async fn plan(stack: &Stack<'_>, wanted: &Graph<Id, Resource>) -> Plan {
    stack.plan(wanted, &PlanOptions::default()).await
}

async fn apply(stack: &Stack<'_>, wanted: &Graph<Id, Resource>) -> Result<(), String> {
    stack.run(&plan(stack, wanted).await).await.map(drop)
}

async fn live(cloud: &dyn Cloud) -> Live {
    let mut found = cloud.list(STACK, "shard-map").await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// The map that holds, as `tenfold shards map` reads it.
async fn map(cloud: &dyn Cloud) -> Map {
    let answer = cloud.act(&live(cloud).await, "map", &json!({})).await.unwrap();
    Map::parse(&answer.to_string()).unwrap()
}

/// From three shards to four, and back in vain.
async fn grows(cloud: &dyn Cloud) {
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
    // The newcomer owns nothing yet, the others do.
    assert_eq!(plan(&stack, &three).await.changes[0].action, Action::Update);
    let refused = plan(&stack, &shards(&[1, 1])).await;
    assert_eq!(refused.changes[0].action, Action::Refuse);
    let findings = check(&refused, kinds::registry());
    assert_eq!(findings[0].severity, Severity::Error);
    assert!(findings[0].message.starts_with("s002 owns 1365 slots"), "{findings:?}");
}

#[test]
fn a_map_grows_in_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    tenfold::sandbox::runtime().unwrap().block_on(async {
        let sandbox = Sandbox::open(&folder.path().join("sandbox.json"), REGION).unwrap();
        grows(&sandbox).await;
    });
}

#[tokio::test]
async fn a_map_grows_on_localstack() {
    let account = account();
    let cloud = cloud(&account).await;
    grows(&cloud).await;
    requests_are_valid(&account);
}

async fn connected(account: &str, faults: Vec<Fault>) -> Aws {
    let options = Options {
        region: REGION.into(),
        endpoint: Some(endpoint().into()),
        emulator_key: Some(account.into()),
        faults,
        ..Options::default()
    };
    connect(&options).await.unwrap()
}

/// A witness, who sees parameters as they are, and whose changes are seen at once.
async fn witness(account: &str) -> Aws {
    let mut aws = connected(account, Vec::new()).await;
    let named = aws.ssm.config().to_builder().app_name(AppName::new("witness").unwrap());
    aws.ssm = aws_sdk_ssm::Client::from_conf(named.build());
    aws
}

async fn put(aws: &Aws, name: &str, value: &str) {
    let put = aws.ssm.put_parameter().name(name).value(value).overwrite(true);
    put.r#type(aws_sdk_ssm::types::ParameterType::String).send().await.unwrap();
}

async fn get(aws: &Aws, name: &str) -> Option<String> {
    aws.ssm.get_parameter().name(name).send().await.ok()?.parameter?.value
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_continued() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    let (three, four) = (shards(&[1, 1, 1]), shards(&[1, 1, 1, 1]));
    apply(&stack, &three).await.unwrap();
    let first = get(&aws, POINTER).await.unwrap();
    apply(&stack, &four).await.unwrap();
    // The version was written, and nothing points to it yet.
    put(&aws, POINTER, &first).await;
    apply(&stack, &four).await.unwrap();
    assert_eq!(map(&cloud).await.version, 2);
    assert_eq!(get(&aws, &version(3)).await, None, "what was there is taken");
    // Another run had other plans: the next version follows its.
    put(&aws, POINTER, &first).await;
    apply(&stack, &shards(&[1, 1, 2])).await.unwrap();
    assert_eq!(map(&cloud).await.version, 3);
    // Nothing points anywhere.
    aws.ssm.delete_parameter().name(POINTER).send().await.unwrap();
    assert!(!plan(&stack, &shards(&[1, 1, 2])).await.is_empty());
    apply(&stack, &shards(&[1, 1, 2])).await.unwrap();
    assert_eq!(map(&cloud).await.version, 3);
    assert!(plan(&stack, &shards(&[1, 1, 2])).await.is_empty());
}

#[tokio::test]
async fn a_map_that_nothing_points_to_goes_with_its_versions() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    apply(&stack, &shards(&[1])).await.unwrap();
    aws.ssm.delete_parameter().name(POINTER).send().await.unwrap();
    let refused = cloud.act(&live(&cloud).await, "map", &json!({})).await.unwrap_err();
    assert!(refused.message.contains("nothing points to a map"), "{refused}");
    let ask = PlanOptions {
        destroy: true,
        data: Data { all: true, ..Data::default() },
        ..PlanOptions::default()
    };
    let down = stack.plan(&Graph::default(), &ask).await;
    assert_eq!(down.count(Action::Delete), 1);
    stack.run(&down).await.unwrap();
    assert_eq!(get(&aws, &version(1)).await, None);
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    put(&aws, &version(1), "something else").await;
    let refused = apply(&stack, &shards(&[1])).await.unwrap_err();
    assert!(refused.contains("is taken by something else"), "{refused}");
    assert_eq!(get(&aws, &version(1)).await.as_deref(), Some("something else"));
    aws.ssm.delete_parameter().name(version(1)).send().await.unwrap();
    apply(&stack, &shards(&[1])).await.unwrap();
    // A map that was altered is believed by nobody.
    let document = get(&aws, &version(1)).await.unwrap();
    put(&aws, &version(1), &document.replace("\"ttl_seconds\":5", "\"ttl_seconds\":6")).await;
    let broken = cloud.list(STACK, "shard-map").await.unwrap_err();
    assert!(broken.message.contains("version 1 was altered"), "{broken}");
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_version() {
    for at in 1..=8 {
        let account = account();
        let fault = format!("lose@{at}").parse().unwrap();
        let losing = AwsCloud::new(connected(&account, vec![fault]).await);
        let wanted = shards(&[1, 1]);
        // The very first answer, whose account this is, is asked for before there is a cloud.
        apply(&stack(&losing), &wanted).await.unwrap();
        assert_eq!(map(&losing).await.version, 1, "lose@{at}");
        assert!(plan(&stack(&losing), &wanted).await.is_empty());
    }
}

#[tokio::test]
async fn old_versions_go() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    for weight in 1..=12 {
        apply(&stack, &shards(&[weight, 1])).await.unwrap();
    }
    assert_eq!(map(&cloud).await.version, 12);
    assert_eq!(get(&aws, &version(2)).await, None);
    assert!(get(&aws, &version(3)).await.is_some());
}

#[tokio::test]
async fn a_large_map_lies_in_a_bucket() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    let mut large = spec(&[1; 30]);
    let refused = apply(&stack, &graph(large.clone())).await.unwrap_err();
    assert!(refused.contains("the stack has no bucket to put it into"), "{refused}");
    let bucket = format!("maps-{account}");
    aws.s3.create_bucket().bucket(&bucket).send().await.unwrap();
    large["Bucket"] = json!(bucket);
    let large = graph(large);
    apply(&stack, &large).await.unwrap();
    assert!(plan(&stack, &large).await.is_empty());
    assert_eq!(map(&cloud).await.shards.len(), 30);
    assert!(get(&aws, POINTER).await.unwrap().contains("\"location\":\"s3\""));
    let objects = async || {
        let listed = aws.s3.list_objects_v2().bucket(&bucket).send().await.unwrap();
        listed.key_count.unwrap_or_default()
    };
    assert_eq!(objects().await, 1);
    let ask = PlanOptions {
        destroy: true,
        data: Data { all: true, ..Data::default() },
        ..PlanOptions::default()
    };
    let down = stack.plan(&Graph::default(), &ask).await;
    stack.run(&down).await.unwrap();
    assert_eq!((objects().await, get(&aws, POINTER).await), (0, None));
    assert!(cloud.list(STACK, "shard-map").await.unwrap().is_empty());
}
