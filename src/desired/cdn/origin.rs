//! Where a distribution gets its answers: load balancers, within their network or by the internet,
//! APIs, buckets.
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
/// Letters and digits of the secret between a distribution and its origins.
const PROOF_LENGTH: i32 = 48;
/// How long CloudFront waits for an answer, and keeps a connection that is idle, in seconds. A
/// balancer keeps it no shorter.
const READ_S: i32 = 30;
const KEEPALIVE_S: i32 = 60;

/// The id by which behaviors name an origin.
pub fn id(to: &To) -> String {
    let (section, name) = to.place();
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

fn plain(to: &To, domain_name: String) -> Origin {
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

/// A way into the network, and the rule that lets in what comes by it and nothing else: it names
/// the group that CloudFront makes there, so it stands once the way does and before the
/// distribution sends anything.
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
    let way = build.add(component, &own, &spec);
    let group = load_balancer::group(of);
    let rule = format!("{}-{port}-from-cdn-{name}", group.name);
    let peer = way.output("security_group");
    access::allow_in(build, component, &rule, &group, port, &Peer::Group(&peer));
    Some(Origin {
        vpc_origin_config: Some(VpcOriginConfig {
            vpc_origin_id: way.output("id"),
            origin_keepalive_timeout: KEEPALIVE_S,
            origin_read_timeout: READ_S,
        }),
        ..plain(to, balancer.output("dns_name"))
    })
}

/// An API lets in nobody but who knows a secret, which CloudFront sends along.
fn api(build: &mut Build, component: &str, name: &str, to: &To, of: &str) -> Origin {
    let api = Handle::of::<RestApi>(of);
    Origin {
        origin_path: api.output("stage_path"),
        custom_origin_config: Some(by_internet("https-only")),
        origin_custom_headers: [proof(build, component, name)].into(),
        ..plain(to, api.output("invoke_host"))
    }
}

/// A balancer that faces the internet lets in nobody else either. Over TLS it goes by the name
/// that its certificate covers, which AWS's is not.
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
        custom_origin_config: Some(by_internet(policy)),
        origin_custom_headers: [proof(build, component, name)].into(),
        ..plain(to, domain_name)
    })
}

fn by_internet(policy: &str) -> CustomOrigin {
    CustomOrigin {
        http_port: access::HTTP.into(),
        https_port: access::HTTPS.into(),
        origin_protocol_policy: policy.into(),
        origin_ssl_protocols: ["TLSv1.2".to_string()].into(),
        origin_keepalive_timeout: KEEPALIVE_S,
        origin_read_timeout: READ_S,
    }
}

/// The header by which origins tell that a request comes from this distribution.
fn proof(build: &mut Build, component: &str, name: &str) -> CustomHeader {
    let own = origin_secret::name(name);
    if !build.has::<Secret>(&own) {
        let description = format!("What {component} proves itself by to its origins");
        secret::generated(build, (component, &own), description, PROOF_LENGTH);
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
        ..plain(to, domain_name)
    })
}
