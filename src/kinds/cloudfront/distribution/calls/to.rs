//! A configuration from the spec's shapes to the SDK's. What is not modelled stays as it is.
use super::{behavior, origin};
use crate::error::Result;
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use crate::kinds::cloudfront::distribution::{Config, GeoRestriction, ViewerCertificate};
use aws_sdk_cloudfront::types;
use std::collections::BTreeMap;

/// A configuration for a new distribution. AWS makes one of two with the same reference.
pub fn fresh(of: &Config, reference: &str) -> Result<types::DistributionConfig> {
    let bare = types::DistributionConfig::builder()
        .caller_reference(reference)
        .comment(&of.comment)
        .enabled(of.enabled)
        .default_cache_behavior(behavior::default(&of.default_cache_behavior, None)?)
        .origins(origin::origins(&of.origins)?)
        .build()
        .map_err(unbuilt)?;
    changed(of, bare)
}

/// A live configuration brought to the spec.
pub fn changed(
    of: &Config,
    mut to: types::DistributionConfig,
) -> Result<types::DistributionConfig> {
    let behaviors = to.cache_behaviors.take().and_then(|of| of.items).unwrap_or_default();
    let by_path: BTreeMap<_, _> =
        behaviors.iter().map(|of| (of.path_pattern.as_str(), of)).collect();
    let behaviors = of.cache_behaviors.iter().map(|of| {
        let path = of.path_pattern.as_deref().unwrap_or_default();
        behavior::at_path(of, by_path.get(path).copied())
    });
    let (quantity, items) = counted(behaviors.collect::<Result<Vec<_>>>()?);
    let behaviors = types::CacheBehaviors::builder().quantity(quantity).set_items(items);
    let (quantity, items) = counted(of.aliases.iter().cloned().collect());
    let aliases = types::Aliases::builder().quantity(quantity).set_items(items);
    let default = behavior::default(&of.default_cache_behavior, to.default_cache_behavior.take())?;
    let geo = geo(&of.restrictions.geo_restriction)?;
    to.aliases = Some(aliases.build().map_err(unbuilt)?);
    to.cache_behaviors = Some(behaviors.build().map_err(unbuilt)?);
    to.comment = of.comment.clone();
    to.default_cache_behavior = Some(default);
    to.default_root_object = Some(of.default_root_object.clone());
    to.enabled = of.enabled;
    to.http_version = Some(of.http_version.as_str().into());
    to.is_ipv6_enabled = Some(of.ipv6_enabled);
    to.origins = Some(origin::origins(&of.origins)?);
    to.price_class = Some(of.price_class.as_str().into());
    to.restrictions = Some(types::Restrictions::builder().geo_restriction(geo).build());
    to.viewer_certificate = Some(certificate(&of.viewer_certificate));
    to.web_acl_id = Some(of.web_acl_id.clone());
    Ok(to)
}

fn geo(of: &GeoRestriction) -> Result<types::GeoRestriction> {
    let (quantity, items) = counted(of.locations.iter().cloned().collect());
    types::GeoRestriction::builder()
        .restriction_type(of.restriction_type.as_str().into())
        .quantity(quantity)
        .set_items(items)
        .build()
        .map_err(unbuilt)
}

fn certificate(of: &ViewerCertificate) -> types::ViewerCertificate {
    types::ViewerCertificate::builder()
        .set_cloud_front_default_certificate(of.cloud_front_default_certificate)
        .set_acm_certificate_arn(of.acm_certificate_arn.clone())
        .set_minimum_protocol_version(of.minimum_protocol_version.as_deref().map(Into::into))
        .set_ssl_support_method(of.ssl_support_method.as_deref().map(Into::into))
        .build()
}
