//! Kinds of AWS Systems Manager Parameter Store.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod parameter;
pub mod shard_map;
