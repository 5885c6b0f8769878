//! `load_balancers`: a load balancer, its security group and its listeners.
mod parts;
pub mod routes;

pub use parts::{group, port};

use super::build::{Build, Handle};
use super::code;
use super::network::Network;
use super::shared::access::{HTTPS, Peer, slug};
use super::shared::domain::{Place, Target};
use super::shared::{access, domain, logs};
use crate::blueprint::load_balancer::{
    Desync, IngressSource, IpAddresses, LoadBalancer as Wanted, Scheme, Xff,
};
use crate::kinds::elb::listener::{Action, Certificates, FixedResponse, Listener, Redirect};
use crate::kinds::elb::load_balancer::{Attributes, LoadBalancer, OfLoadBalancer};
use crate::names;
use parts::{BALANCER_NAME, ports};

pub fn expand(build: &mut Build, network: &Network, name: &str, wanted: &Wanted) {
    let component = format!("load_balancers.{name}");
    let group = add_group(build, network, &component, name, wanted);
    let internal = wanted.scheme == Scheme::Internal;
    let subnets = if internal { &network.app } else { &network.public };
    if subnets.len() < 2 {
        let role = if internal { "app" } else { "public" };
        let summary = format!("a load balancer needs two {role} subnets, in two zones");
        let help = format!("set two or more `network.subnets.{role}`");
        let path = format!("load_balancers.{name}");
        build.report(build.blueprint.at_key(&path, code::TWO_SUBNETS, summary, help));
    }
    let scheme = if internal { "internal" } else { "internet-facing" };
    let stack = &build.blueprint.stack;
    let own_groups = [group.output("id")].into_iter();
    let spec = LoadBalancer {
        name: names::successor(&[stack, name], scheme, BALANCER_NAME),
        type_name: "application".into(),
        scheme: scheme.into(),
        ip_address_type: match wanted.ip_addresses {
            IpAddresses::Ipv4 => "ipv4".into(),
            IpAddresses::Dualstack => "dualstack".into(),
        },
        subnets: subnets.iter().cloned().collect(),
        security_groups: own_groups.chain(wanted.security_groups.iter().cloned()).collect(),
        load_balancer_attributes: attributes(name, wanted),
        tags: build.tags(&component, name),
    };
    let balancer = build.add(&component, name, &spec);
    let certificates = certificates(build, &component, name, wanted);
    listeners(build, &component, name, &balancer, wanted, &certificates);
    alias(build, &component, name, &balancer, wanted);
}

fn add_group(
    build: &mut Build,
    network: &Network,
    component: &str,
    name: &str,
    wanted: &Wanted,
) -> Handle {
    let own = group(name).name;
    let group = access::group(build, &network.vpc, component, &own);
    let behind_cdn = !build.blueprint.public_cdns(name).is_empty();
    if behind_cdn {
        allow_cloudfront(build, component, name, &group, port(wanted));
    }
    // Behind a CDN only CloudFront may connect, unless the blueprint sets `allow`.
    let sources = match (&wanted.allow, behind_cdn) {
        (None, true) => Vec::new(),
        _ => wanted.sources(),
    };
    for port in ports(wanted) {
        for source in &sources {
            let (peer, from) = match source {
                IngressSource::Cidr(cidr) => (Peer::Cidr(cidr.to_string()), cidr.to_string()),
                IngressSource::PrefixList(id) => (Peer::PrefixList(id), id.clone()),
                IngressSource::SecurityGroup(id) => (Peer::Group(id), id.clone()),
                IngressSource::Network => match &network.cidr {
                    Some(cidr) => (Peer::Cidr(cidr.clone()), "network".to_string()),
                    None => {
                        let summary = "the addresses of an existing network are not known";
                        let help = "list them: `allow: [10.0.0.0/16]`";
                        let path = format!("load_balancers.{name}");
                        let report = build.blueprint.at_key(&path, code::ADDRESSES, summary, help);
                        build.report(report);
                        continue;
                    }
                },
            };
            let rule = format!("{own}-{port}-from-{}", slug(&from));
            access::allow_in(build, component, &rule, &group, port, &peer);
        }
    }
    group
}

/// Allows CloudFront on one port only: its prefix list uses up nearly all of the rules that a
/// security group can have.
fn allow_cloudfront(build: &mut Build, component: &str, name: &str, group: &Handle, port: u16) {
    let Some(list) = build.facts.edge_addresses.clone() else {
        let summary = "this region has no managed prefix list of CloudFront's addresses";
        let path = format!("load_balancers.{name}.scheme");
        let help =
            "remove `scheme`: CloudFront reaches internal load balancers inside their network";
        return build.report(build.blueprint.at(&path, code::ADDRESSES, summary, help));
    };
    let rule = format!("{}-{port}-from-cloudfront", group.name);
    access::allow_in(build, component, &rule, group, port, &Peer::PrefixList(&list));
}

fn attributes(name: &str, wanted: &Wanted) -> Attributes<OfLoadBalancer> {
    let desync = match wanted.desync {
        Desync::Monitor => "monitor",
        Desync::Defensive => "defensive",
        Desync::Strictest => "strictest",
    };
    let xff = match wanted.xff {
        Xff::Append => "append",
        Xff::Preserve => "preserve",
        Xff::Remove => "remove",
    };
    let logs = wanted.access_logs.is_some();
    let (bucket, prefix) = (logs::bucket_name(), logs::folder(name));
    let text = |value: &dyn ToString| value.to_string();
    let mut all = vec![
        ("client_keep_alive.seconds", text(&wanted.client_keep_alive_s)),
        ("deletion_protection.enabled", text(&wanted.deletion_protection)),
        ("idle_timeout.timeout_seconds", text(&wanted.idle_timeout_s)),
        ("routing.http.desync_mitigation_mode", desync.into()),
        ("routing.http.drop_invalid_header_fields.enabled", text(&wanted.drop_invalid_headers)),
        ("routing.http.preserve_host_header.enabled", text(&wanted.preserve_host)),
        ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", text(&wanted.tls_headers)),
        ("routing.http.xff_client_port.enabled", text(&wanted.xff_client_port)),
        ("routing.http.xff_header_processing.mode", xff.into()),
        ("routing.http2.enabled", text(&wanted.http2)),
        ("waf.fail_open.enabled", text(&wanted.waf_fail_open)),
        ("zonal_shift.config.enabled", text(&wanted.zonal_shift)),
        ("access_logs.s3.enabled", text(&logs)),
    ];
    if logs {
        all.extend([("access_logs.s3.bucket", bucket), ("access_logs.s3.prefix", prefix)]);
    }
    Attributes::new(all)
}

/// With a certificate: HTTPS on 443, and on 80 a redirect to it. Without one: HTTP on 80.
fn listeners(
    build: &mut Build,
    component: &str,
    name: &str,
    balancer: &Handle,
    wanted: &Wanted,
    certificates: &Certificates,
) {
    let behind_cdn = !build.blueprint.public_cdns(name).is_empty();
    let otherwise = if behind_cdn { forbidden() } else { not_found() };
    for port in ports(wanted) {
        let own = format!("{name}-{port}");
        let tls = port == HTTPS;
        let redirect = wanted.is_tls() && !tls;
        let spec = Listener {
            load_balancer_arn: balancer.output("arn"),
            port: port.into(),
            protocol: if tls { "HTTPS" } else { "HTTP" }.into(),
            ssl_policy: tls.then(|| wanted.tls_policy.clone()),
            certificates: if tls { certificates.clone() } else { Certificates::default() },
            default_actions: vec![if redirect { to_https() } else { otherwise.clone() }],
            tags: build.tags(component, &own),
        };
        build.add(component, &own, &spec);
    }
}

/// The configured certificates, or else a new one for the load balancer's domain.
fn certificates(build: &mut Build, component: &str, name: &str, wanted: &Wanted) -> Certificates {
    let mut all = wanted.certificates.clone();
    let settings = wanted.domain_settings();
    if let (true, Some(host)) = (all.is_empty() && wanted.is_tls(), &wanted.domain) {
        all.extend(domain::certificate(build, component, name, &settings, host, Place::Region));
    }
    let mut all = all.into_iter();
    Certificates::new(all.next(), all)
}

fn alias(build: &mut Build, component: &str, name: &str, balancer: &Handle, wanted: &Wanted) {
    let Some(host) = &wanted.domain else { return };
    let target = Target {
        dns_name: balancer.output("dns_name"),
        hosted_zone_id: balancer.output("zone_id"),
        ipv6: wanted.ip_addresses == IpAddresses::Dualstack,
    };
    domain::alias(build, component, name, &wanted.domain_settings(), host, &target);
}

fn to_https() -> Action {
    Action::Redirect { redirect_config: Redirect::to_https() }
}

/// For requests that match no route.
fn not_found() -> Action {
    fixed_response("404", "Not found")
}

/// For requests that bypass the CDN or match no route: a listener cannot distinguish the two.
fn forbidden() -> Action {
    fixed_response("403", "Forbidden")
}

fn fixed_response(status: &str, message: &str) -> Action {
    let fixed_response_config = FixedResponse {
        status_code: status.into(),
        content_type: "text/plain".into(),
        message_body: message.into(),
    };
    Action::FixedResponse { fixed_response_config }
}
