//! The origins of a distribution: load balancers, inside their network or over the internet, APIs
//! and buckets.
use crate::blueprint::Cdn;
use crate::blueprint::cdn::Origin as To;
use crate::desired::build::{Build, Handle};
use crate::desired::shared::access::{self, Peer};
use crate::desired::shared::origin_secret;
use crate::desired::{bucket, load_balancer, secret};
use crate::kinds::apigateway::rest_api::RestApi;
use crate::kinds::cloudfront::distribution::{
    CustomHeader, CustomOrigin, Origin, S3Origin, VpcOriginConfig,
};
use crate::kinds::cloudfront::origin_access_control::{Config as Signing, OriginAccessControl};
use crate::kinds::cloudfront::vpc_origin::{Endpoint, VpcOrigin};
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::kinds::secretsmanager::secret::Secret;
use crate::names::ORIGIN_HEADER;
use crate::names::marker;
use std::collections::BTreeSet;

/// The limit of CloudFront for the names of VPC origins and access controls.
const ORIGIN_NAME: usize = 64;
/// How many letters and digits the secret between a distribution and its origins has.
const SECRET_LENGTH: i32 = 48;
/// How long CloudFront waits for a response, and how long it keeps an idle connection, in seconds.
/// A load balancer keeps an idle connection at least as long.
const READ_S: i32 = 30;
const KEEPALIVE_S: i32 = 60;

/// The ID by which behaviors refer to an origin.
pub fn id(to: &To) -> String {
    let (section, name) = to.component();
    format!("{}-{name}", section.replace('_', "-"))
}

pub fn expand(build: &mut Build, component: &str, name: &str, wanted: &Cdn) -> BTreeSet<Origin> {
    let all: BTreeSet<&To> = wanted.routes.iter().map(|route| &route.to).collect();
    let mut origins = BTreeSet::new();
    for to in all {
        origins.extend(match to {
            To::LoadBalancer(of) if build.blueprint.public_cdns(of).is_empty() => {
                load_balancer(build, component, name, to, of)
            }
            To::LoadBalancer(of) => public_balancer(build, component, name, to, of),
            To::Api(of) => Some(api(build, component, name, to, of)),
            To::Bucket(of) => bucket(build, component, name, to, of),
        });
    }
    origins
}

fn base(to: &To, domain_name: String) -> Origin {
    Origin {
        id: id(to),
        domain_name,
        origin_path: String::new(),
        connection_attempts: 2,
        connection_timeout: 5,
        origin_custom_headers: BTreeSet::new(),
        origin_access_control_id: String::new(),
        s3_origin_config: None,
        custom_origin_config: None,
        vpc_origin_config: None,
    }
}

/// A VPC origin, and a rule that allows only its traffic. The rule refers to the security group
/// that CloudFront creates with the VPC origin, so it exists before the distribution sends
/// requests.
fn load_balancer(
    build: &mut Build,
    component: &str,
    name: &str,
    to: &To,
    of: &str,
) -> Option<Origin> {
    let wanted = build.blueprint.load_balancers.get(of)?;
    let balancer = Handle::of::<LoadBalancer>(of);
    let port = load_balancer::port(wanted);
    let policy = if wanted.is_tls() { "https-only" } else { "http-only" };
    let own = format!("{name}-{of}");
    let spec = VpcOrigin {
        vpc_origin_endpoint_config: Endpoint {
            name: build.name(&own, ORIGIN_NAME),
            arn: balancer.output("arn"),
            http_port: access::HTTP.into(),
            https_port: access::HTTPS.into(),
            origin_protocol_policy: policy.into(),
            origin_ssl_protocols: ["TLSv1.2".to_string()].into(),
        },
        tags: build.tags(component, &own),
    };
    let vpc_origin = build.add(component, &own, &spec);
    let group = load_balancer::group(of);
    let rule = format!("{}-{port}-from-cdn-{name}", group.name);
    let peer = vpc_origin.output("security_group");
    access::allow_in(build, component, &rule, &group, port, &Peer::Group(&peer));
    Some(Origin {
        vpc_origin_config: Some(VpcOriginConfig {
            vpc_origin_id: vpc_origin.output("id"),
            origin_keepalive_timeout: KEEPALIVE_S,
            origin_read_timeout: READ_S,
        }),
        ..base(to, balancer.output("dns_name"))
    })
}

/// An API as an origin. It accepts only requests with the secret that CloudFront sends.
fn api(build: &mut Build, component: &str, name: &str, to: &To, of: &str) -> Origin {
    let api = Handle::of::<RestApi>(of);
    Origin {
        origin_path: api.output("stage_path"),
        custom_origin_config: Some(over_internet("https-only")),
        origin_custom_headers: [secret_header(build, component, name)].into(),
        ..base(to, api.output("invoke_host"))
    }
}

/// An internet-facing load balancer as an origin. It also accepts only requests with the secret.
/// With TLS the origin uses the load balancer's own domain: its certificate does not cover the DNS
/// name that AWS gives it.
fn public_balancer(
    build: &mut Build,
    component: &str,
    name: &str,
    to: &To,
    of: &str,
) -> Option<Origin> {
    let wanted = build.blueprint.load_balancers.get(of)?;
    let own_name = Handle::of::<LoadBalancer>(of).output("dns_name");
    let (policy, domain_name) = match &wanted.domain {
        Some(domain) if wanted.is_tls() => ("https-only", domain.clone()),
        _ => ("http-only", own_name),
    };
    Some(Origin {
        custom_origin_config: Some(over_internet(policy)),
        origin_custom_headers: [secret_header(build, component, name)].into(),
        ..base(to, domain_name)
    })
}

fn over_internet(policy: &str) -> CustomOrigin {
    CustomOrigin {
        http_port: access::HTTP.into(),
        https_port: access::HTTPS.into(),
        origin_protocol_policy: policy.into(),
        origin_ssl_protocols: ["TLSv1.2".to_string()].into(),
        origin_keepalive_timeout: KEEPALIVE_S,
        origin_read_timeout: READ_S,
    }
}

/// The header with the secret that identifies this distribution to its origins.
fn secret_header(build: &mut Build, component: &str, name: &str) -> CustomHeader {
    let own = origin_secret::name(name);
    if !build.has::<Secret>(&own) {
        let description = format!("Secret that {component} sends to its origins");
        secret::generated(build, (component, &own), description, SECRET_LENGTH);
    }
    CustomHeader { header_name: ORIGIN_HEADER.into(), header_value: origin_secret::value(name) }
}

fn bucket(build: &mut Build, component: &str, name: &str, to: &To, of: &str) -> Option<Origin> {
    let domain_name = bucket::domain_name(build, of)?;
    let own = format!("{name}-{of}");
    let spec = OriginAccessControl {
        origin_access_control_config: Signing {
            name: build.name(&own, ORIGIN_NAME),
            description: marker(&build.blueprint.stack, component, &own),
            origin_access_control_origin_type: "s3".into(),
            signing_behavior: "always".into(),
            signing_protocol: "sigv4".into(),
        },
    };
    let control = build.add(component, &own, &spec);
    Some(Origin {
        origin_access_control_id: control.output("id"),
        s3_origin_config: Some(S3Origin::default()),
        ..base(to, domain_name)
    })
}
