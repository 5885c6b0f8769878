//! Kinds of Amazon CloudWatch.
pub mod alarm;
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod composite_alarm;
pub mod dashboard;
mod marker;
