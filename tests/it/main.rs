//! All tests that need more than one module: one binary, because each that links the SDK costs.
#![allow(clippy::unwrap_used)]

mod blueprint;
mod combinations;
#[cfg(feature = "aws")]
mod conformance;
#[cfg(feature = "aws")]
mod expansion;
#[cfg(feature = "aws")]
mod given;
#[cfg(feature = "aws")]
mod localstack;
mod made_up;
mod million_calls;
mod planning;
#[cfg(feature = "aws")]
mod rotation;
mod scripts;
#[cfg(feature = "aws")]
mod shard_clients;
#[cfg(feature = "aws")]
mod sharding;
mod sharding_sizes;
#[cfg(feature = "aws")]
mod shell;
mod support;
#[cfg(feature = "aws")]
mod techniques;
mod tidy;
#[cfg(feature = "aws")]
mod web;
