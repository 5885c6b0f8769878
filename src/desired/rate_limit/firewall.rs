//! WAF at the outermost entry points, and the ACLs that restrict an API behind a CDN to that CDN.
use super::firewall_rules::{self as rules, NAME};
use crate::blueprint::rate_limit::firewall::Firewall;
use crate::desired::build::{Build, Handle, int};
use crate::desired::shared::{log_group, origin_secret};
use crate::facts::EDGE_REGION;
use crate::kinds::apigateway::rest_api::RestApi;
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::kinds::waf::web_acl::{
    Action, Block, Body, CLOUDFRONT, Empty, Field, REGIONAL, Rule, SingleHeader, Visibility, WebAcl,
};
use crate::kinds::waf::web_acl_association::WebAclAssociation;
use crate::kinds::waf::web_acl_logging::{Filter, WebAclLogging};
use std::collections::BTreeMap;

/// Headers that identify or authenticate a client.
const REDACTED: &[&str] = &["authorization", "cookie", "x-api-key"];

/// The ARN of the web ACL for a distribution, which is the outermost entry point; none if the
/// blueprint has no firewall.
pub fn of_distribution(build: &mut Build) -> Option<String> {
    let (name, firewall) = firewalls(build).into_iter().next()?;
    Some(web_acl(build, &name, &firewall, CLOUDFRONT).output("arn"))
}

/// Adds firewalls to the regional entry points if no CDN is in front of them. APIs behind a CDN
/// accept only its requests.
pub fn expand(build: &mut Build) {
    if build.blueprint.entry_points("cdn").is_empty() {
        for (name, firewall) in firewalls(build) {
            let acl = web_acl(build, &name, &firewall, REGIONAL);
            attach(build, &name, &acl);
        }
    }
    for api in build.blueprint.entry_points("rate_limits") {
        let cdns = build.blueprint.leads_to("cdn", &format!("rate_limits.{api}"));
        if !cdns.is_empty() {
            restrict_to_cdns(build, &api, &cdns);
        }
    }
}

fn firewalls(build: &Build) -> Vec<(String, Firewall)> {
    let firewall = |(name, entry): (&String, &crate::blueprint::RateLimit)| {
        Some((name.clone(), entry.firewall.clone()?))
    };
    build.blueprint.rate_limits.iter().filter_map(firewall).collect()
}

/// Associates an ACL with the API of its entry, or else with the internet-facing load balancers.
fn attach(build: &mut Build, name: &str, acl: &Handle) {
    let component = component(name);
    if build.blueprint.is_api(name) {
        associate(build, &component, name, &stage(name), acl);
        return;
    }
    for balancer in build.blueprint.entry_points("load_balancers") {
        let arn = Handle::of::<LoadBalancer>(balancer.as_str()).output("arn");
        associate(build, &component, &format!("{name}-{balancer}"), &arn, acl);
    }
}

/// A reference to the ARN of an API's stage.
fn stage(api: &str) -> String {
    Handle::of::<RestApi>(api).output("stage_arn")
}

fn associate(build: &mut Build, component: &str, name: &str, resource_arn: &str, acl: &Handle) {
    let spec =
        WebAclAssociation { resource_arn: resource_arn.into(), web_acl_arn: acl.output("arn") };
    build.add(component, name, &spec);
}

fn component(name: &str) -> String {
    format!("rate_limits.{name}")
}

/// Adds the ACL of a firewall, once: all distributions share it.
fn web_acl(build: &mut Build, name: &str, firewall: &Firewall, scope: &str) -> Handle {
    let acl = Handle::of::<WebAcl>(name);
    if build.has::<WebAcl>(name) {
        return acl;
    }
    let component = component(name);
    let all = rules::all(build, &component, name, firewall, scope);
    let body = Body {
        content_type: "APPLICATION_JSON".into(),
        content: "{\"message\":\"Too many requests\"}".into(),
    };
    let bodies = match firewall.limits.is_empty() {
        true => BTreeMap::new(),
        false => BTreeMap::from([(rules::TOO_MANY.to_string(), body)]),
    };
    add(build, &component, name, scope, Action::Allow(Empty {}), all, bodies);
    log(build, (&component, name), firewall, &acl, scope);
    acl
}

fn add(
    build: &mut Build,
    component: &str,
    name: &str,
    scope: &str,
    default_action: Action,
    rules: Vec<Rule>,
    custom_response_bodies: BTreeMap<String, Body>,
) -> Handle {
    let physical = build.name(name, NAME);
    let spec = WebAcl {
        visibility_config: Visibility::full(&physical),
        name: physical,
        scope: scope.into(),
        default_action,
        rules,
        custom_response_bodies,
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

/// Logs the requests that the ACL blocked or counted. AWS requires the prefix of the log group's
/// name. The logs of an ACL of CloudFront must be in CloudFront's region.
fn log(
    build: &mut Build,
    (component, name): (&str, &str),
    firewall: &Firewall,
    acl: &Handle,
    scope: &str,
) {
    let Some(days) = firewall.logs_days else { return };
    let own = format!("waf-{name}");
    let group_name = format!("aws-waf-logs-{}-{name}", build.blueprint.stack);
    let at_edge = scope != REGIONAL && build.facts.region != EDGE_REGION;
    let region = at_edge.then_some(EDGE_REGION);
    let group = log_group::add_in(build, (component, &own), group_name, int(days), region);
    let header = |name: &&str| Field::SingleHeader(SingleHeader { name: name.to_string() });
    let spec = WebAclLogging {
        resource_arn: acl.output("arn"),
        log_destination_configs: vec![group.output("arn")],
        redacted_fields: REDACTED.iter().map(header).collect(),
        logging_filter: Filter::keep(&["BLOCK", "COUNT"]),
    };
    build.add(component, name, &spec);
}

/// Restricts an API to the distributions in front of it, by the secrets that they send.
fn restrict_to_cdns(build: &mut Build, api: &str, cdns: &[String]) {
    let component = component(api);
    let name = format!("api-{api}");
    let rules = cdns
        .iter()
        .zip(0..)
        .map(|(cdn, priority)| rules::from_cdn(cdn, priority, origin_secret::value(cdn)));
    let rules = rules.collect();
    let block = Action::Block(Block::default());
    let acl = add(build, &component, &name, REGIONAL, block, rules, BTreeMap::new());
    associate(build, &component, &name, &stage(api), &acl);
}
