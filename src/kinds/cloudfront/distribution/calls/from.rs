//! Converts a configuration from the SDK's types to the spec's.
use super::{behavior, origin};
use crate::kinds::cloudfront::distribution::{
    Config, GeoRestriction, Restrictions, ViewerCertificate,
};
use aws_sdk_cloudfront::types;

/// The configuration, or `None` if it lacks a part that every distribution has.
pub fn config(config: types::DistributionConfig) -> Option<Config> {
    let behaviors = config.cache_behaviors.and_then(|list| list.items).unwrap_or_default();
    let text = |text: Option<String>| text.unwrap_or_default();
    Some(Config {
        aliases: config.aliases.and_then(|list| list.items).into_iter().flatten().collect(),
        cache_behaviors: behaviors.into_iter().map(behavior::path_from_sdk).collect(),
        comment: config.comment,
        default_cache_behavior: behavior::default_from_sdk(config.default_cache_behavior?),
        default_root_object: text(config.default_root_object),
        enabled: config.enabled,
        http_version: text(config.http_version.map(|value| value.as_str().to_lowercase())),
        ipv6_enabled: config.is_ipv6_enabled.unwrap_or_default(),
        origins: config.origins?.items.into_iter().map(origin::from_sdk).collect(),
        price_class: text(config.price_class.map(|value| value.as_str().into())),
        restrictions: Restrictions {
            geo_restriction: geo_restriction(
                config.restrictions.and_then(|restrictions| restrictions.geo_restriction),
            ),
        },
        viewer_certificate: config.viewer_certificate.map(certificate).unwrap_or_default(),
        web_acl_id: text(config.web_acl_id),
    })
}

fn geo_restriction(live: Option<types::GeoRestriction>) -> GeoRestriction {
    match live {
        Some(live) => GeoRestriction {
            restriction_type: live.restriction_type.as_str().into(),
            locations: live.items.into_iter().flatten().collect(),
        },
        None => GeoRestriction { restriction_type: "none".into(), locations: Default::default() },
    }
}

/// With CloudFront's default certificate, CloudFront chooses the other properties.
fn certificate(live: types::ViewerCertificate) -> ViewerCertificate {
    if live.cloud_front_default_certificate == Some(true) {
        let cloud_front_default_certificate = Some(true);
        return ViewerCertificate { cloud_front_default_certificate, ..Default::default() };
    }
    ViewerCertificate {
        cloud_front_default_certificate: None,
        acm_certificate_arn: live.acm_certificate_arn,
        minimum_protocol_version: live.minimum_protocol_version.map(|value| value.as_str().into()),
        ssl_support_method: live.ssl_support_method.map(|value| value.as_str().into()),
    }
}
