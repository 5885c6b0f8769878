//! Kinds of AWS WAF.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod ip_set;
pub mod web_acl;
pub mod web_acl_association;
pub mod web_acl_logging;

/// The scope of ACLs and IP sets for CloudFront distributions.
pub const CLOUDFRONT: &str = "CLOUDFRONT";
/// The scope of ACLs and IP sets for load balancers and APIs of a region.
pub const REGIONAL: &str = "REGIONAL";

/// The scope of a WAF resource, by its ARN.
pub fn scope_of(arn: &str) -> &'static str {
    if arn.contains(":global/") { CLOUDFRONT } else { REGIONAL }
}
