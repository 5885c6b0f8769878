//! `tenfold`: one YAML blueprint becomes the AWS infrastructure of an API that has to scale.
//!
//! Data flows one way: a blueprint becomes desired resources; the cloud is observed; the
//! difference is a plan; the plan is steps; the executor walks them. `ARCHITECTURE.md` is the map.
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
