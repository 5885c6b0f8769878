//! Sharding: each key belongs permanently to one of a fixed number of slots, and a published map
//! says which shard owns which slots. Only the map changes. Pure.
pub mod locate;
pub mod map;
pub mod moves;
pub mod pointer;
pub mod ranges;
pub mod slot;

pub use map::{Map, Shard, State};
pub use slot::slot;
