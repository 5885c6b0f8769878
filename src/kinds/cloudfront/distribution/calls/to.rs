//! Converts a configuration from the spec's types to the SDK's. Settings that the spec does not
//! model keep their live values.
use super::{behavior, origin};
use crate::error::Result;
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use crate::kinds::cloudfront::distribution::{Config, GeoRestriction, ViewerCertificate};
use aws_sdk_cloudfront::types;
use std::collections::BTreeMap;

/// The configuration of a new distribution. CloudFront creates only one distribution per caller
/// reference.
pub fn initial(spec: &Config, reference: &str) -> Result<types::DistributionConfig> {
    let minimal = types::DistributionConfig::builder()
        .caller_reference(reference)
        .comment(&spec.comment)
        .enabled(spec.enabled)
        .default_cache_behavior(behavior::default_to_sdk(&spec.default_cache_behavior, None)?)
        .origins(origin::all_to_sdk(&spec.origins)?)
        .build()
        .map_err(unbuilt)?;
    changed(spec, minimal)
}

/// The live configuration with the spec's values.
pub fn changed(
    spec: &Config,
    mut config: types::DistributionConfig,
) -> Result<types::DistributionConfig> {
    let behaviors = config.cache_behaviors.take().and_then(|list| list.items).unwrap_or_default();
    let by_path: BTreeMap<_, _> =
        behaviors.iter().map(|behavior| (behavior.path_pattern.as_str(), behavior)).collect();
    let behaviors = spec.cache_behaviors.iter().map(|behavior| {
        let path = behavior.path_pattern.as_deref().unwrap_or_default();
        behavior::path_to_sdk(behavior, by_path.get(path).copied())
    });
    let (quantity, items) = counted(behaviors.collect::<Result<Vec<_>>>()?);
    let behaviors = types::CacheBehaviors::builder().quantity(quantity).set_items(items);
    let (quantity, items) = counted(spec.aliases.iter().cloned().collect());
    let aliases = types::Aliases::builder().quantity(quantity).set_items(items);
    let live_default = config.default_cache_behavior.take();
    let default = behavior::default_to_sdk(&spec.default_cache_behavior, live_default)?;
    let geo = geo_restriction(&spec.restrictions.geo_restriction)?;
    config.aliases = Some(aliases.build().map_err(unbuilt)?);
    config.cache_behaviors = Some(behaviors.build().map_err(unbuilt)?);
    config.comment = spec.comment.clone();
    config.default_cache_behavior = Some(default);
    config.default_root_object = Some(spec.default_root_object.clone());
    config.enabled = spec.enabled;
    config.http_version = Some(spec.http_version.as_str().into());
    config.is_ipv6_enabled = Some(spec.ipv6_enabled);
    config.origins = Some(origin::all_to_sdk(&spec.origins)?);
    config.price_class = Some(spec.price_class.as_str().into());
    config.restrictions = Some(types::Restrictions::builder().geo_restriction(geo).build());
    config.viewer_certificate = Some(certificate(&spec.viewer_certificate));
    config.web_acl_id = Some(spec.web_acl_id.clone());
    Ok(config)
}

fn geo_restriction(spec: &GeoRestriction) -> Result<types::GeoRestriction> {
    let (quantity, items) = counted(spec.locations.iter().cloned().collect());
    types::GeoRestriction::builder()
        .restriction_type(spec.restriction_type.as_str().into())
        .quantity(quantity)
        .set_items(items)
        .build()
        .map_err(unbuilt)
}

fn certificate(spec: &ViewerCertificate) -> types::ViewerCertificate {
    types::ViewerCertificate::builder()
        .set_cloud_front_default_certificate(spec.cloud_front_default_certificate)
        .set_acm_certificate_arn(spec.acm_certificate_arn.clone())
        .set_minimum_protocol_version(spec.minimum_protocol_version.as_deref().map(Into::into))
        .set_ssl_support_method(spec.ssl_support_method.as_deref().map(Into::into))
        .build()
}
