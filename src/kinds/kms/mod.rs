//! Kinds of AWS KMS.
pub mod key;
