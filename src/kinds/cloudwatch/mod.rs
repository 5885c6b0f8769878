//! Kinds of Amazon CloudWatch.
pub mod alarm;
pub mod composite_alarm;
pub mod dashboard;
