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

fn wanted(shards: &[(&str, u32)]) -> ShardMap {
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

/// What a cloud in memory would tell, made anew or changed from what it told before.
fn told(spec: &ShardMap, before: &Outputs) -> Outputs {
    let mut digits = || "0".repeat(17);
    let (region, account) = ("us-east-1", "111122223333");
    let mut mint = Mint { region, account, before, digits: &mut digits };
    spec.outputs(&Id::new("shard-map", "ledger"), &mut mint)
}

const THREE: &[(&str, u32)] = &[("s000", 1), ("s001", 1), ("s002", 1)];
const FOUR: &[(&str, u32)] = &[("s000", 1), ("s001", 1), ("s002", 1), ("s003", 1)];

#[test]
fn a_map_is_read_back_as_it_was_asked_for() {
    let spec = wanted(THREE);
    let outputs = told(&spec, &Outputs::new());
    let map = document(&outputs).expect("a map");
    assert!(spec.describes(&map));
    assert_eq!(ShardMap::read(&map, &spec.path, spec.tags.clone()), spec);
    assert_eq!(outputs["name"], "/tenfold/shop/databases/ledger/map/current");
    assert_eq!(told(&spec, &outputs), outputs, "what is as it should be is not written again");
}

#[test]
fn another_shard_leaves_slots_to_move_and_moves_none() {
    let (three, four) = (wanted(THREE), wanted(FOUR));
    let before = told(&three, &Outputs::new());
    let after = told(&four, &before);
    let (old, new) = (document(&before).expect("a map"), document(&after).expect("a map"));
    assert_eq!((new.version, &new.ranges), (2, &old.ranges));
    assert_eq!(four.refuse(&three, &before), None);
    assert!(four.remaining_work(None).is_empty(), "a new map has no past");
    let left = four.remaining_work(Some((&three, &before)));
    assert_eq!(left[..2], ["1024 slots to move", "s000 → s003 342 slots [1024-1365]"]);
    assert_eq!(four.remaining_work(Some((&four, &after))), left);
}

#[test]
fn what_would_lose_rows_is_refused() {
    let three = wanted(THREE);
    let outputs = told(&three, &Outputs::new());
    let refused = |spec: &ShardMap| spec.refuse(&three, &outputs).unwrap_or_default();
    let said = refused(&wanted(&THREE[..2]));
    assert!(said.starts_with("s002 owns 1365 slots and cannot be removed"), "{said}");
    assert!(refused(&ShardMap { slots: 1024, ..three.clone() }).contains("from 4096 to 1024"));
    let other = ShardMap { shard_key: "user_id".into(), ..three.clone() };
    assert!(refused(&other).contains("the shard key cannot change from tenant_id to user_id"));
    let none = ShardMap { shard_key: String::new(), ..three.clone() };
    assert!(refused(&none).contains("cannot change from tenant_id to none, because"));
    let idle = wanted(&[("s000", 0), ("s001", 0), ("s002", 0)]);
    assert!(refused(&idle).contains("no shard has a weight"));
    assert!(three.refuse(&three, &Outputs::new()).is_some(), "nobody knows who owns what");
}

#[test]
fn a_shard_goes_once_it_is_drained() {
    let (three, draining) = (wanted(THREE), wanted(&[("s000", 1), ("s001", 1), ("s002", 0)]));
    let outputs = told(&draining, &told(&three, &Outputs::new()));
    let without = wanted(&THREE[..2]);
    assert!(without.refuse(&draining, &outputs).is_some());
    let left = draining.remaining_work(Some((&three, &outputs)));
    assert_eq!(left[0], "1365 slots to move");
    let mut map = document(&outputs).expect("a map");
    map.ranges.truncate(2);
    map.ranges[1].1 = 4095;
    map.shards[2].state = crate::shards::State::Retired;
    let drained = Outputs::from([("document".to_string(), map.text())]);
    assert_eq!(without.refuse(&draining, &drained), None);
}

#[test]
fn the_document_can_be_asked_for() {
    let spec = wanted(THREE);
    let outputs = told(&spec, &Outputs::new());
    let mut digits = String::new;
    let (region, account) = ("us-east-1", "111122223333");
    let mut mint = Mint { region, account, before: &outputs, digits: &mut digits };
    let map = spec.simulate("map", &Value::Null, &mut mint).expect("an answer");
    assert_eq!(map["ranges"][2], json!([2731, 4095, "s002"]));
    assert_eq!(spec.simulate("other", &Value::Null, &mut mint), None);
}

#[test]
fn a_map_that_is_new_stands_for_two_parameters() {
    let parameters = wanted(THREE).template();
    let names: Vec<&str> =
        parameters.iter().filter_map(|(_, parameter)| parameter["Name"].as_str()).collect();
    let path = "/tenfold/shop/databases/ledger/map";
    assert_eq!(names, [format!("{path}/v/1"), format!("{path}/current")]);
    assert_eq!(parameters[1].1["Tags"]["tenfold:stack"], "shop");
}
