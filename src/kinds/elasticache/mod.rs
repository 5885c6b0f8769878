//! Kinds of Amazon ElastiCache.
pub mod cache_parameter_group;
pub mod cache_subnet_group;
pub mod cache_user;
pub mod cache_user_group;
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod replication_group;

/// The dimension of a cache's shards.
pub const SHARDS: &str = "elasticache:replication-group:NodeGroups";
/// The dimension of the replicas of each shard.
pub const REPLICAS: &str = "elasticache:replication-group:Replicas";
/// Application Auto Scaling's namespace for ElastiCache.
pub const CACHES: &str = "elasticache";
