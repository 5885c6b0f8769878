//! `tenfold` plans, applies and destroys the AWS infrastructure of an API that has to scale, from
//! one YAML blueprint.
//!
//! Data flows one way: a blueprint is expanded into desired resources; the live resources are
//! observed; the difference is a plan; the plan is turned into steps; the executor runs them.
//! `ARCHITECTURE.md` describes the modules.
pub mod actions;
#[cfg(feature = "aws")]
pub mod aws;
pub mod blueprint;
pub mod cli;
pub mod cloud;
pub mod desired;
pub mod diagnostic;
pub mod engine;
pub mod error;
pub mod exec;
pub mod facts;
pub mod graph;
pub mod kinds;
pub mod names;
pub mod plan;
pub mod policy;
pub mod reference;
pub mod render;
pub mod resource;
pub mod sandbox;
pub mod shards;
pub mod spec;
pub mod suggest;
pub mod tags;
#[cfg(test)]
mod testing;
