//! Tests that need neither a cloud nor the tenfold binary.
mod blueprint;
mod expansion;
mod made_up;
mod planning;
mod shard_clients;
