//! Databases of many shards. From 17 shards on a map is kept in a bucket of the stack: it is larger
//! than a parameter can be.
use crate::support::{REGION, facts};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tenfold::blueprint::{self, Blueprint, Options, SourceFile};
use tenfold::cloud::Cloud;
use tenfold::exec::{self, Interrupt};
use tenfold::facts::Facts;
use tenfold::plan::steps::steps;
use tenfold::plan::{Data, Plan, PlanOptions, plan};
use tenfold::reference;
use tenfold::resource::{Id, Outputs, Resource};
use tenfold::sandbox::{Sandbox, runtime};
use tenfold::shards::Map;
use tenfold::spec::Mint;
use tenfold::{desired, kinds};
use tokio::sync::watch;

const STACK: &str = "ledger";
const ACCOUNT: &str = "123456789012";
const BUCKET: Option<&str> = Some("${bucket.main-map.name}");

fn load(shards: usize, more: &str) -> Blueprint {
    let text = format!(
        "stack: {STACK}\nregion: {REGION}\nnetwork: {{}}\nservices:\n  api: {{ uses: [databases.main] }}\n\
         databases:\n  main: {{ version: \"17\", shards: {shards}, shard_key: tenant_id }}\n{more}"
    );
    let options = Options {
        sets: Vec::new(),
        vars: BTreeMap::new(),
        env: BTreeMap::new(),
        region: None,
        read: &|_, _| Err("no such file".into()),
    };
    blueprint::load(&[SourceFile::new("ledger.yaml", text)], &options)
        .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)))
}

fn expand(blueprint: &Blueprint, facts: &Facts) -> Vec<Resource> {
    desired::desired(blueprint, facts, kinds::registry())
        .unwrap_or_else(|reports| panic!("{}", reports.to_text(false)))
}

async fn planned(sandbox: &Sandbox, resources: Vec<Resource>, options: &PlanOptions) -> Plan {
    let graph = desired::graph(resources, kinds::registry()).unwrap();
    let observation = sandbox.observe(STACK).await.unwrap();
    plan(STACK, &graph, &observation, options, kinds::registry())
}

/// Runs a plan to its end. Quotas are not checked: an account has 40 database instances by default.
async fn run(sandbox: &Sandbox, plan: &Plan) {
    let steps = steps(plan, kinds::registry()).unwrap_or_else(|cycle| panic!("{cycle:?}"));
    let (_keep, interrupt) = watch::channel(Interrupt::None);
    let options = exec::Options::default();
    let known = exec::known(plan);
    let outcome = exec::run(steps, known, sandbox, STACK, options, interrupt, &mut |_| ()).await;
    assert!(outcome.is_complete(), "{:?}", outcome.failed);
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
    run(sandbox, &planned(sandbox, resources.clone(), &options).await).await;
    let map = read_map(sandbox).await;
    assert_eq!(map.shards.len(), shards);
    assert!(map.shards.iter().all(|shard| map.owned(&shard.id) > 0));
    let replanned = planned(sandbox, resources, &options).await;
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
        run(&sandbox, &planned(&sandbox, Vec::new(), &options).await).await;
        assert!(sandbox.observe(STACK).await.unwrap().is_empty());
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
