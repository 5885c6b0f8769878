//! Kinds of AWS IAM.
pub mod instance_profile;
pub mod role;
