//! Kinds of Amazon ElastiCache.
pub mod cache_parameter_group;
pub mod cache_subnet_group;
pub mod cache_user;
pub mod cache_user_group;
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod replication_group;
