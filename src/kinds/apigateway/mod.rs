//! Kinds of Amazon API Gateway.
pub mod api_account;
pub mod api_domain;
pub mod api_key;
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod rest_api;
pub mod usage_plan;
pub mod usage_plan_key;
pub mod vpc_link;
