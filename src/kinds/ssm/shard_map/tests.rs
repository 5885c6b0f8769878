use super::*;
use crate::tags::{NAME, STACK};

fn shard(id: &str, weight: u32) -> Shard {
    Shard {
        id: id.into(),
        weight,
        writer: format!("shop-ledger-{id}.c1.us-east-1.rds.amazonaws.com"),
        readers: BTreeSet::new(),
        port: 5432,
        database: "app".into(),
        secret_arn: format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{id}"),
    }
}

fn map_of(shards: &[(&str, u32)]) -> ShardMap {
    ShardMap {
        path: "/tenfold/shop/databases/ledger/map".into(),
        slots: 4096,
        shard_key: "tenant_id".into(),
        hash: crate::shards::slot::HASH.into(),
        shards: shards.iter().map(|(id, weight)| shard(id, *weight)).collect(),
        bucket: None,
        tags: [(STACK, "shop"), (NAME, "ledger")].into_iter().collect(),
    }
}

/// The outputs that the sandbox returns, for a new map or for one that has outputs `before`.
fn simulated(spec: &ShardMap, before: &Outputs) -> Outputs {
    let mut digits = || "0".repeat(17);
    let (region, account) = ("us-east-1", "111122223333");
    let mut mint = Mint { region, account, before, digits: &mut digits };
    spec.outputs(&Id::new("shard-map", "ledger"), &mut mint)
}

const THREE: &[(&str, u32)] = &[("s000", 1), ("s001", 1), ("s002", 1)];
const FOUR: &[(&str, u32)] = &[("s000", 1), ("s001", 1), ("s002", 1), ("s003", 1)];

#[test]
fn reads_back_the_spec_of_a_published_map() {
    let spec = map_of(THREE);
    let outputs = simulated(&spec, &Outputs::new());
    let map = document(&outputs).expect("a map");
    assert!(spec.describes(&map));
    assert_eq!(ShardMap::read(&map, &spec.path, spec.tags.clone()), spec);
    assert_eq!(outputs["name"], "/tenfold/shop/databases/ledger/map/current");
    assert_eq!(simulated(&spec, &outputs), outputs, "an unchanged map is not published again");
}

#[test]
fn adding_a_shard_moves_no_slots_by_itself() {
    let (three, four) = (map_of(THREE), map_of(FOUR));
    let before = simulated(&three, &Outputs::new());
    let after = simulated(&four, &before);
    let (old, new) = (document(&before).expect("a map"), document(&after).expect("a map"));
    assert_eq!((new.version, &new.ranges), (2, &old.ranges));
    assert_eq!(four.refusal(&three, &before), None);
    assert!(four.remaining_work(None).is_empty(), "a new map has no slots to move");
    let left = four.remaining_work(Some((&three, &before)));
    assert_eq!(left[..2], ["1024 slots to move", "s000 → s003 342 slots [1024-1365]"]);
    assert_eq!(four.remaining_work(Some((&four, &after))), left);
}

#[test]
fn refuses_changes_that_would_lose_rows() {
    let three = map_of(THREE);
    let outputs = simulated(&three, &Outputs::new());
    let refused = |spec: &ShardMap| spec.refusal(&three, &outputs).unwrap_or_default();
    let reason = refused(&map_of(&THREE[..2]));
    assert!(reason.starts_with("s002 owns 1365 slots and cannot be removed"), "{reason}");
    assert!(refused(&ShardMap { slots: 1024, ..three.clone() }).contains("from 4096 to 1024"));
    let other = ShardMap { shard_key: "user_id".into(), ..three.clone() };
    assert!(refused(&other).contains("the shard key cannot change from tenant_id to user_id"));
    let none = ShardMap { shard_key: String::new(), ..three.clone() };
    assert!(refused(&none).contains("cannot change from tenant_id to none, because"));
    let idle = map_of(&[("s000", 0), ("s001", 0), ("s002", 0)]);
    assert!(refused(&idle).contains("no shard has a weight"));
    assert!(
        three.refusal(&three, &Outputs::new()).is_some(),
        "without a document the owners are unknown"
    );
}

#[test]
fn removes_a_shard_only_once_it_is_drained() {
    let (three, draining) = (map_of(THREE), map_of(&[("s000", 1), ("s001", 1), ("s002", 0)]));
    let outputs = simulated(&draining, &simulated(&three, &Outputs::new()));
    let without = map_of(&THREE[..2]);
    assert!(without.refusal(&draining, &outputs).is_some());
    let left = draining.remaining_work(Some((&three, &outputs)));
    assert_eq!(left[0], "1365 slots to move");
    let mut map = document(&outputs).expect("a map");
    map.ranges.truncate(2);
    map.ranges[1].1 = 4095;
    map.shards[2].state = crate::shards::State::Retired;
    let drained = Outputs::from([("document".to_string(), map.text())]);
    assert_eq!(without.refusal(&draining, &drained), None);
}

#[test]
fn simulates_the_action_map() {
    let spec = map_of(THREE);
    let outputs = simulated(&spec, &Outputs::new());
    let mut digits = String::new;
    let (region, account) = ("us-east-1", "111122223333");
    let mut mint = Mint { region, account, before: &outputs, digits: &mut digits };
    let map = spec.simulate("map", &Value::Null, &mut mint).expect("a document");
    assert_eq!(map["ranges"][2], json!([2731, 4095, "s002"]));
    assert_eq!(spec.simulate("other", &Value::Null, &mut mint), None);
}

#[test]
fn template_of_a_new_map_has_two_parameters() {
    let parameters = map_of(THREE).template();
    let names: Vec<&str> =
        parameters.iter().filter_map(|(_, parameter)| parameter["Name"].as_str()).collect();
    let path = "/tenfold/shop/databases/ledger/map";
    assert_eq!(names, [format!("{path}/v/1"), format!("{path}/current")]);
    assert_eq!(parameters[1].1["Tags"]["tenfold:stack"], "shop");
}
