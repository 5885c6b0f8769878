//! A configuration from the SDK's shapes to the spec's.
use super::{behavior, origin};
use crate::kinds::cloudfront::distribution::{
    Config, GeoRestriction, Restrictions, ViewerCertificate,
};
use aws_sdk_cloudfront::types;

/// Nothing where it lacks what every distribution has.
pub fn config(of: types::DistributionConfig) -> Option<Config> {
    let behaviors = of.cache_behaviors.and_then(|of| of.items).unwrap_or_default();
    let word = |word: Option<String>| word.unwrap_or_default();
    Some(Config {
        aliases: of.aliases.and_then(|of| of.items).into_iter().flatten().collect(),
        cache_behaviors: behaviors.into_iter().map(behavior::from_path).collect(),
        comment: of.comment,
        default_cache_behavior: behavior::from_default(of.default_cache_behavior?),
        default_root_object: word(of.default_root_object),
        enabled: of.enabled,
        http_version: word(of.http_version.map(|of| of.as_str().to_lowercase())),
        ipv6_enabled: of.is_ipv6_enabled.unwrap_or_default(),
        origins: of.origins?.items.into_iter().map(origin::from).collect(),
        price_class: word(of.price_class.map(|of| of.as_str().into())),
        restrictions: Restrictions {
            geo_restriction: geo(of.restrictions.and_then(|of| of.geo_restriction)),
        },
        viewer_certificate: of.viewer_certificate.map(certificate).unwrap_or_default(),
        web_acl_id: word(of.web_acl_id),
    })
}

fn geo(of: Option<types::GeoRestriction>) -> GeoRestriction {
    match of {
        Some(of) => GeoRestriction {
            restriction_type: of.restriction_type.as_str().into(),
            locations: of.items.into_iter().flatten().collect(),
        },
        None => GeoRestriction { restriction_type: "none".into(), locations: Default::default() },
    }
}

/// With CloudFront's own certificate the rest is what CloudFront chooses.
fn certificate(of: types::ViewerCertificate) -> ViewerCertificate {
    if of.cloud_front_default_certificate == Some(true) {
        let cloud_front_default_certificate = Some(true);
        return ViewerCertificate { cloud_front_default_certificate, ..Default::default() };
    }
    ViewerCertificate {
        cloud_front_default_certificate: None,
        acm_certificate_arn: of.acm_certificate_arn,
        minimum_protocol_version: of.minimum_protocol_version.map(|of| of.as_str().into()),
        ssl_support_method: of.ssl_support_method.map(|of| of.as_str().into()),
    }
}
