//! Databases of many shards. From 17 shards on a map is kept in a bucket of the stack: it is larger
//! than a parameter can be.
use crate::support::{REGION, Stack, facts};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tenfold::blueprint::{self, Blueprint, Options, SourceFile};
use tenfold::cloud::Cloud;
use tenfold::facts::Facts;
use tenfold::graph::Graph;
use tenfold::plan::{Data, Plan, PlanOptions};
use tenfold::reference;
use tenfold::resource::{Id, Outputs, Resource};
use tenfold::sandbox::{Sandbox, runtime};
use tenfold::shards::Map;
use tenfold::spec::Mint;
use tenfold::{desired, kinds};

const STACK: &str = "ledger";
const ACCOUNT: &str = "123456789012";
const BUCKET: Option<&str> = Some("${bucket.main-map.name}");

fn load(shards: usize, more: &str) -> Blueprint {
    let text = format!(
        "stack: {STACK}\nregion: {REGION}\nnetwork: {{}}\nservices:\n  api: {{ uses: [databases.main] }}\n\
         databases:\n  main: {{ version: \"17\", shards: {shards}, shard_key: tenant_id }}\n{more}"
    );
    blueprint::load(&[SourceFile::new("ledger.yaml", text)], &Options::default())
        .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)))
}

fn expand(blueprint: &Blueprint, facts: &Facts) -> Vec<Resource> {
    desired::desired(blueprint, facts, kinds::registry())
        .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)))
}

fn stack(sandbox: &Sandbox) -> Stack<'_> {
    Stack { cloud: sandbox, name: STACK, only: None }
}

fn graph(resources: Vec<Resource>) -> Graph<Id, Resource> {
    desired::graph(resources, kinds::registry()).unwrap()
}

/// Carries a plan out. Quotas are not checked: an account has 40 database instances by default.
async fn run(sandbox: &Sandbox, plan: &Plan) {
    stack(sandbox).run(plan).await.unwrap_or_else(|error| panic!("{error}"));
}

async fn read_map(sandbox: &Sandbox) -> Map {
    let found = sandbox.list(STACK, "shard-map").await.unwrap();
    let [live] = found.as_slice() else { panic!("{found:?}") };
    let document = sandbox.act(live, "map", &json!({})).await.unwrap();
    Map::parse(&document.to_string()).unwrap()
}

fn sandbox(folder: &Path) -> Sandbox {
    Sandbox::open(&folder.join("sandbox.json"), REGION).unwrap()
}

/// Applies a database with so many shards, reads its map and plans again.
async fn applies(sandbox: &Sandbox, shards: usize, bucket: Option<&str>) {
    let blueprint = load(shards, "");
    let facts = sandbox.facts(&desired::query(&blueprint)).await.unwrap();
    let mut resources = expand(&blueprint, &facts);
    // They are two thirds of the resources, and the map does not depend on them.
    resources.retain(|resource| resource.id.kind != "log-group");
    let is_map = |resource: &&Resource| resource.id.kind == "shard-map";
    let found = resources.iter().find(is_map).unwrap().spec.get("Bucket");
    assert_eq!(found.and_then(Value::as_str), bucket);
    let options = PlanOptions::default();
    let wanted = graph(resources);
    run(sandbox, &stack(sandbox).plan(&wanted, &options).await).await;
    let map = read_map(sandbox).await;
    assert_eq!(map.shards.len(), shards);
    assert!(map.shards.iter().all(|shard| map.owned(&shard.id) > 0));
    let replanned = stack(sandbox).plan(&wanted, &options).await;
    let differences: Vec<&Id> = replanned.effective().map(|change| &change.id).collect();
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn map_of_16_shards_needs_no_bucket() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(applies(&sandbox(folder.path()), 16, None));
}

#[test]
fn map_of_17_shards_is_kept_in_a_bucket_until_both_are_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async {
        let sandbox = sandbox(folder.path());
        applies(&sandbox, 17, BUCKET).await;
        let data = Data { all: true, ..Data::default() };
        let options = PlanOptions { destroy: true, data, ..PlanOptions::default() };
        run(&sandbox, &stack(&sandbox).plan(&Graph::default(), &options).await).await;
        assert!(stack(&sandbox).observe().await.is_empty());
    });
}

#[test]
fn map_of_40_shards_is_kept_in_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(applies(&sandbox(folder.path()), 40, BUCKET));
}

#[test]
fn map_of_200_shards_is_kept_in_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(applies(&sandbox(folder.path()), 200, BUCKET));
}

/// The executor cannot create a resource that refers to an output which no kind returns.
#[test]
fn every_reference_leads_to_an_output() {
    for shards in [1, 17, 200] {
        let blueprint = load(shards, "monitoring: {}\n");
        let resources = expand(&blueprint, &facts(&desired::query(&blueprint)));
        let outputs: BTreeMap<&Id, Outputs> =
            resources.iter().map(|resource| (&resource.id, outputs(resource))).collect();
        for resource in &resources {
            for found in reference::within(&resource.spec) {
                let known = outputs.get(&found.id).and_then(|of| of.get(&found.output));
                assert!(known.is_some(), "{}, {shards} shards: {found:?}", resource.id);
            }
        }
    }
}

fn outputs(resource: &Resource) -> Outputs {
    let mut mint = Mint {
        region: REGION,
        account: ACCOUNT,
        before: &Outputs::new(),
        digits: &mut || "0123456789abcdef0".into(),
    };
    kinds::registry().get(&resource.id.kind).outputs(&resource.spec, &resource.id, &mut mint)
}
