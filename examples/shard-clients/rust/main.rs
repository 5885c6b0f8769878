//! `cargo run --example locate-shard -- examples/shard-clients/map.json tenant-1`
#![allow(clippy::print_stdout)]

mod shardmap;

use shardmap::{ShardMap, slot};

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [path, key] = words.as_slice() else { return Err("usage: locate-shard MAP KEY".into()) };
    let document = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let map = ShardMap::parse(&document)?;
    let shard = map.locate(key).ok_or("nobody owns the slot of this key")?;
    let (slot, port, database) = (slot(key, map.slots), shard.port, &shard.db);
    println!("slot {slot}, {}: {}:{port}/{database}", shard.id, shard.writer);
    for reader in &shard.readers {
        println!("reader: {reader}:{port}/{database}");
    }
    println!("secret: {}", shard.secret_arn);
    println!("by version {} of the map, good for {} s", map.version, map.ttl_seconds);
    Ok(())
}
