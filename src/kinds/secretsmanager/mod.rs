//! Kinds of AWS Secrets Manager.
pub mod secret;
