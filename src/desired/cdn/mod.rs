//! `cdn`: a distribution with its functions, origins, behaviors and logs.
mod origin;
mod route;

use super::build::{Build, Handle};
use super::rate_limit::firewall;
use super::shared::domain::{Place, Target};
use super::shared::{domain, logs};
use crate::blueprint::Cdn;
use crate::blueprint::cdn::{Geo, HttpVersion, PriceClass};
use crate::kinds::cloudfront::distribution::{
    Config, Distribution, GeoRestriction, HOSTED_ZONE, Origin, Restrictions, ViewerCertificate,
};
use crate::kinds::cloudfront::edge_function::EdgeFunction;
use crate::kinds::cloudfront::monitoring_subscription::MonitoringSubscription;
use crate::kinds::cloudfront::{edge_function, monitoring_subscription as metrics};
use crate::kinds::logs::log_delivery::LogDelivery;
use crate::kinds::logs::log_delivery_destination::LogDeliveryDestination;
use crate::kinds::logs::log_delivery_source::LogDeliverySource;
use crate::names::marker;
use crate::reference::secret_arn;
use crate::tags::{SECRET, Tags};
use route::Functions;
use std::collections::{BTreeMap, BTreeSet};

/// The limits of CloudFront for the name of a function, and of CloudWatch Logs for that of a
/// source.
const FUNCTION_NAME: usize = 64;
const DELIVERY_NAME: usize = 60;

pub fn expand(build: &mut Build, name: &str, wanted: &Cdn) {
    let component = format!("cdn.{name}");
    let functions = functions(build, &component, name, wanted);
    let origins = origin::expand(build, &component, name, wanted);
    let (default, behaviors) = route::expand(build, &component, name, wanted, &functions);
    let Some(default) = default else { return };
    let host = domain::host(build, "cdn", name, &wanted.domain);
    let certificate = host.as_deref().and_then(|host| {
        domain::certificate(build, &component, name, &wanted.domain, host, Place::Edge)
    });
    let tags = tags(build, &component, name, &origins);
    let web_acl_id = firewall::of_distribution(build).unwrap_or_default();
    let config = Config {
        aliases: host.iter().filter(|_| certificate.is_some()).cloned().collect(),
        cache_behaviors: behaviors,
        comment: marker(&build.blueprint.stack, &component, name),
        default_cache_behavior: default,
        default_root_object: wanted.root.clone().unwrap_or_default(),
        enabled: true,
        http_version: http_version(wanted.http_version).into(),
        ipv6_enabled: wanted.ipv6,
        origins,
        price_class: price_class(wanted.price_class).into(),
        restrictions: Restrictions { geo_restriction: geo(&wanted.geo) },
        viewer_certificate: viewer_certificate(certificate, wanted),
        web_acl_id,
    };
    let spec = Distribution { distribution_config: config, tags };
    let distribution = build.add(&component, name, &spec);
    if let Some(host) = &host {
        let target = Target {
            dns_name: distribution.output("domain_name"),
            hosted_zone_id: HOSTED_ZONE.into(),
            ipv6: wanted.ipv6,
        };
        domain::alias(build, &component, name, &wanted.domain, host, &target);
    }
    if wanted.detailed_metrics {
        detailed_metrics(build, &component, name, &distribution);
    }
    if wanted.access_logs.is_some() {
        access_logs(build, &component, name, &distribution);
    }
}

fn http_version(of: HttpVersion) -> &'static str {
    match of {
        HttpVersion::Http1 => "http1.1",
        HttpVersion::Http2 => "http2",
        HttpVersion::Http3 => "http2and3",
    }
}

fn price_class(of: PriceClass) -> &'static str {
    match of {
        PriceClass::Cheapest => "PriceClass_100",
        PriceClass::Most => "PriceClass_200",
        PriceClass::All => "PriceClass_All",
    }
}

fn geo(of: &Geo) -> GeoRestriction {
    let (restriction, locations) = match of {
        Geo::Everywhere => ("none", BTreeSet::new()),
        Geo::Allow(countries) => ("whitelist", countries.clone()),
        Geo::Block(countries) => ("blacklist", countries.clone()),
    };
    GeoRestriction { restriction_type: restriction.into(), locations }
}

/// Without a domain CloudFront uses its own certificate, which has no TLS policy.
fn viewer_certificate(arn: Option<String>, wanted: &Cdn) -> ViewerCertificate {
    match arn {
        None => ViewerCertificate {
            cloud_front_default_certificate: Some(true),
            ..ViewerCertificate::default()
        },
        Some(arn) => ViewerCertificate {
            cloud_front_default_certificate: None,
            acm_certificate_arn: Some(arn),
            minimum_protocol_version: Some(wanted.tls_policy.clone()),
            ssl_support_method: Some("sni-only".into()),
        },
    }
}

fn functions(build: &mut Build, component: &str, name: &str, wanted: &Cdn) -> Functions {
    let mut all = BTreeMap::new();
    for (function, of) in &wanted.functions {
        let own = format!("{name}-{function}");
        let spec = EdgeFunction {
            name: build.name(&own, FUNCTION_NAME),
            auto_publish: true,
            function_code: crate::reference::literal(&of.code),
            function_config: edge_function::Config {
                comment: marker(&build.blueprint.stack, component, &own),
                runtime: "cloudfront-js-2.0".into(),
            },
        };
        let arn = build.add(component, &own, &spec).output("arn");
        all.insert(function.clone(), (of.on, arn));
    }
    all
}

fn detailed_metrics(build: &mut Build, component: &str, name: &str, distribution: &Handle) {
    let config = metrics::Config { realtime_metrics_subscription_status: "Enabled".into() };
    let spec = MonitoringSubscription {
        distribution_id: distribution.output("id"),
        monitoring_subscription: metrics::Subscription {
            realtime_metrics_subscription_config: config,
        },
    };
    build.add(component, name, &spec);
}

/// The fields of a log record: for each request the client, the request and the response,
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html>.
const RECORD: &[&str] = &[
    "date",
    "time",
    "x-edge-location",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "cs-uri-query",
    "cs-protocol",
    "cs-protocol-version",
    "cs(User-Agent)",
    "sc-status",
    "sc-bytes",
    "cs-bytes",
    "time-taken",
    "time-to-first-byte",
    "x-edge-result-type",
    "x-edge-response-result-type",
    "x-edge-detailed-result-type",
    "x-edge-request-id",
    "ssl-protocol",
    "ssl-cipher",
];

/// The tags by which `tenfold` finds the distribution, and one with the ARN of the secret that the
/// distribution sends to its origins: CloudFront returns the secret's value, not its ARN.
fn tags(build: &Build, component: &str, name: &str, origins: &BTreeSet<Origin>) -> Tags {
    let mut tags = build.tags(component, name);
    let headers = origins.iter().flat_map(|origin| &origin.origin_custom_headers);
    let secret = headers.into_iter().find_map(|header| secret_arn(&header.header_value));
    if let Some(arn) = secret {
        tags.set(SECRET, arn);
    }
    tags
}

fn access_logs(build: &mut Build, component: &str, name: &str, distribution: &Handle) {
    let own = format!("cdn-{name}");
    let source = LogDeliverySource {
        name: build.name(&own, DELIVERY_NAME),
        resource_arn: distribution.output("arn"),
        log_type: "ACCESS_LOGS".into(),
        tags: build.tags(component, &own),
    };
    let source = build.add(component, &own, &source);
    let (partition, folder) = (&build.facts.partition, logs::edge_folder(name));
    let destination = LogDeliveryDestination {
        name: build.name(&own, DELIVERY_NAME),
        destination_resource_arn: format!("arn:{partition}:s3:::{}/{folder}", logs::bucket_name()),
        output_format: "parquet".into(),
        tags: build.tags(component, &own),
    };
    let destination = build.add(component, &own, &destination);
    let delivery = LogDelivery {
        delivery_source_name: source.output("name"),
        delivery_destination_arn: destination.output("arn"),
        record_fields: RECORD.iter().map(|field| (*field).to_string()).collect(),
        s3_suffix_path: "{yyyy}/{MM}/{dd}/{HH}".into(),
        s3_enable_hive_compatible_path: false,
        tags: build.tags(component, &own),
    };
    build.add(component, &own, &delivery);
}
