//! Kinds of EC2 Auto Scaling and Application Auto Scaling.
pub mod auto_scaling_group;
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod lifecycle_hook;
pub mod scalable_policy;
pub mod scalable_target;
pub mod scaling_policy;
pub mod scheduled_action;
