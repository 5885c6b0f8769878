//! Kinds of AWS WAF.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod ip_set;
pub mod web_acl;
pub mod web_acl_association;
pub mod web_acl_logging;
