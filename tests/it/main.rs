//! All tests that need more than one module: one binary, because each that links the SDK costs.
#![allow(clippy::unwrap_used)]

mod blueprint;
mod combinations;
mod conformance;
mod expansion;
mod given;
mod localstack;
mod made_up;
mod million_calls;
mod planning;
mod rotation;
mod scripts;
mod shard_clients;
mod sharding;
mod shell;
mod support;
mod techniques;
mod tidy;
mod web;
