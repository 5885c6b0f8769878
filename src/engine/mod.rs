//! The pipeline of a run: observe, plan, carry out, and wait until AWS reflects the changes.
pub mod consistency;
pub mod owners;
