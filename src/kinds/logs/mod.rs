//! Kinds of Amazon CloudWatch Logs.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod log_delivery;
pub mod log_delivery_destination;
pub mod log_delivery_source;
pub mod log_group;
pub mod metric_filter;
pub mod query_definition;
