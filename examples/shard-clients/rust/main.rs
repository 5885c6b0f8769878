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
    let (slot, id) = (slot(key, map.slots), &shard.id);
    println!("slot {slot}, {id}: {}:{}/{}", shard.writer, shard.port, shard.db);
    Ok(())
}
