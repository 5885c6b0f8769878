//! The example client in Rust finds every key in the shard that tenfold finds it in.
use crate::support::root;
use serde_json::Value;
use std::fs;
use tenfold::shards::locate::locate;
use tenfold::shards::{Map, slot};

#[allow(dead_code)]
#[path = "../../../examples/shard-clients/rust/shardmap.rs"]
mod shardmap;

fn read(name: &str) -> String {
    fs::read_to_string(root().join("examples/shard-clients").join(name)).unwrap()
}

#[test]
fn slots_match_the_published_vectors() {
    let known: Value = serde_json::from_str(&read("vectors.json")).unwrap();
    let slots = u32::try_from(known["slots"].as_u64().unwrap()).unwrap();
    for vector in known["vectors"].as_array().unwrap() {
        let (key, expected) = (vector["key"].as_str().unwrap(), vector["slot"].as_u64().unwrap());
        assert_eq!(u64::from(slot(key, slots)), expected, "{key}");
        assert_eq!(shardmap::slot(key, slots.into()), expected, "{key}");
    }
}

#[test]
fn rust_client_finds_the_same_shards() {
    let document = read("map.json");
    let map = Map::parse(&document).unwrap();
    assert_eq!(map.text(), document.trim_end(), "the example is as it would be published");
    let client = shardmap::ShardMap::parse(&document).unwrap();
    for number in 0..1000 {
        let key = format!("tenant-{number}");
        let (ours, theirs) = (locate(&map, &key).unwrap(), client.locate(&key).unwrap());
        assert_eq!((&ours.shard.id, &ours.shard.writer), (&theirs.id, &theirs.writer), "{key}");
    }
    let newer = document.replace("\"min_client_format\":1", "\"min_client_format\":2");
    assert!(shardmap::ShardMap::parse(&newer).is_err());
}
