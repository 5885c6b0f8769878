//! Sharding: a fixed number of slots that keys fall into for ever, and a published map of which
//! shard owns which slots. Only the map changes. Pure.
pub mod locate;
pub mod map;
pub mod moves;
pub mod pointer;
pub mod ranges;
pub mod slot;

pub use map::{Map, Shard, State};
pub use slot::slot;
