//! A shard map on LocalStack: interrupted runs, foreign parameters, lost responses, large maps.
use crate::localstack::{account, cloud, connected, requests_are_valid};
use crate::support::sharding::{STACK, apply, graph, grows, live, map, plan, shards, spec, stack};
use aws_sdk_ssm::config::AppName;
use serde_json::json;
use tenfold::aws::Aws;
use tenfold::cloud::Cloud;
use tenfold::graph::Graph;
use tenfold::kinds::cloud::AwsCloud;
use tenfold::plan::{Action, Data, PlanOptions};

const POINTER: &str = "/tenfold/shop/databases/ledger/map/current";

fn version(number: u64) -> String {
    format!("/tenfold/shop/databases/ledger/map/v/{number}")
}

#[tokio::test]
async fn shard_map_grows_and_refuses_to_shrink() {
    let account = account();
    let cloud = cloud(&account).await;
    grows(&cloud).await;
    requests_are_valid(&account);
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
async fn an_interrupted_run_is_continued() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    let (three, four) = (shards(&[1, 1, 1]), shards(&[1, 1, 1, 1]));
    apply(&stack, &three).await.unwrap();
    let first = get(&aws, POINTER).await.unwrap();
    apply(&stack, &four).await.unwrap();
    // The version was written, but the pointer was not.
    put(&aws, POINTER, &first).await;
    apply(&stack, &four).await.unwrap();
    assert_eq!(map(&cloud).await.version, 2);
    assert_eq!(get(&aws, &version(3)).await, None, "the version that exists is reused");
    // Another run wrote a different map: the next version follows it.
    put(&aws, POINTER, &first).await;
    apply(&stack, &shards(&[1, 1, 2])).await.unwrap();
    assert_eq!(map(&cloud).await.version, 3);
    // The pointer is deleted.
    aws.ssm.delete_parameter().name(POINTER).send().await.unwrap();
    assert!(!plan(&stack, &shards(&[1, 1, 2])).await.is_empty());
    apply(&stack, &shards(&[1, 1, 2])).await.unwrap();
    assert_eq!(map(&cloud).await.version, 3);
    assert!(plan(&stack, &shards(&[1, 1, 2])).await.is_empty());
}

#[tokio::test]
async fn deleting_a_map_without_pointer_deletes_its_versions() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    apply(&stack, &shards(&[1])).await.unwrap();
    aws.ssm.delete_parameter().name(POINTER).send().await.unwrap();
    let refused = cloud.act(&live(&cloud).await, "map", &json!({})).await.unwrap_err();
    assert!(refused.message.contains("is current: run `tenfold apply`"), "{refused}");
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
async fn foreign_and_altered_parameters_are_not_overwritten() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    put(&aws, &version(1), "something else").await;
    let refused = apply(&stack, &shards(&[1])).await.unwrap_err();
    assert!(refused.contains("is not a version of this map"), "{refused}");
    assert_eq!(get(&aws, &version(1)).await.as_deref(), Some("something else"));
    aws.ssm.delete_parameter().name(version(1)).send().await.unwrap();
    apply(&stack, &shards(&[1])).await.unwrap();
    // A map that was altered is refused.
    let document = get(&aws, &version(1)).await.unwrap();
    put(&aws, &version(1), &document.replace("\"ttl_seconds\":5", "\"ttl_seconds\":6")).await;
    let broken = cloud.list(STACK, "shard-map").await.unwrap_err();
    assert!(broken.message.contains("version 1 was altered"), "{broken}");
}

#[tokio::test]
async fn a_lost_response_creates_no_second_version() {
    for at in 1..=8 {
        let account = account();
        let fault = format!("lose@{at}").parse().unwrap();
        let losing = AwsCloud::new(connected(&account, vec![fault]).await);
        let wanted = shards(&[1, 1]);
        // The first call, GetCallerIdentity, is made before the cloud is connected.
        apply(&stack(&losing), &wanted).await.unwrap();
        assert_eq!(map(&losing).await.version, 1, "lose@{at}");
        assert!(plan(&stack(&losing), &wanted).await.is_empty());
    }
}

#[tokio::test]
async fn only_the_last_ten_versions_are_kept() {
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
async fn a_large_map_is_stored_in_a_bucket() {
    let account = account();
    let (cloud, aws) = (cloud(&account).await, witness(&account).await);
    let stack = stack(&cloud);
    let mut large = spec(&[1; 30]);
    let refused = apply(&stack, &graph(large.clone())).await.unwrap_err();
    assert!(refused.contains("the stack has no bucket for it"), "{refused}");
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
