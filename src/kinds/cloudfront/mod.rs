//! Kinds of Amazon CloudFront.
pub mod cache_policy;
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod distribution;
pub mod edge_function;
pub mod monitoring_subscription;
pub mod origin_access_control;
pub mod vpc_origin;
