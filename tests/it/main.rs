//! All tests that need more than one module: one binary, because each that links the SDK costs.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "aws")]
mod localstack;
mod offline;
mod sandbox;
mod support;
mod tidy;
