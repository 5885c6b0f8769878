//! VPC endpoints: private access to services of AWS.
use super::parts::{COMPONENT, Network};
use crate::blueprint::network::{Nat, Network as Wanted};
use crate::blueprint::service::connection::Section;
use crate::desired::build::{Build, Handle};
use crate::desired::shared::access;
use crate::kinds::ec2::vpc_endpoint::{EndpointType, VpcEndpoint};
use std::collections::BTreeSet;

/// The services that instances need without a NAT gateway: Session Manager, and those that a boot
/// script and the CloudWatch agent call.
const WITHOUT_NAT: &[&str] = &["ec2messages", "logs", "monitoring", "ssm", "ssmmessages"];
/// The security group of all interface endpoints.
const GROUP: &str = "endpoints";

/// Adds the gateway endpoint of S3, which is free of charge, and the interface endpoints that are
/// configured or needed. Returns the security group of the interface endpoints.
pub fn expand(build: &mut Build, network: &Network, wanted: &Wanted) -> Option<Handle> {
    let gateway = VpcEndpoint {
        vpc_id: network.vpc.clone(),
        service_name: service(build, "s3"),
        vpc_endpoint_type: EndpointType::Gateway,
        route_table_ids: network.route_tables.iter().cloned().collect(),
        subnet_ids: BTreeSet::new(),
        security_group_ids: BTreeSet::new(),
        private_dns_enabled: false,
        policy_document: None,
        tags: build.tags(COMPONENT, "s3"),
    };
    build.add(COMPONENT, "s3", &gateway);
    let mut names: BTreeSet<String> = wanted.endpoints.iter().cloned().collect();
    if wanted.nat == Nat::None {
        names.extend(WITHOUT_NAT.iter().chain(&used(build)).map(ToString::to_string));
    }
    if names.is_empty() {
        return None;
    }
    let group = access::group(build, &network.vpc, COMPONENT, GROUP);
    for name in &names {
        interface(build, network, name, &group);
    }
    Some(group)
}

/// The services of AWS that the stack's services call for the components they use. Parameter Store
/// is part of `ssm`, which every instance needs.
fn used(build: &Build) -> Vec<&'static str> {
    let services = || build.blueprint.services.values();
    let uses = |sections: &[Section]| {
        services().flat_map(|service| &service.uses).any(|one| sections.contains(&one.to.section))
    };
    let keeps_secrets = [Section::Caches, Section::Databases, Section::Secrets];
    let queues = uses(&[Section::Queues]) || services().any(|one| !one.consumes.is_empty());
    let secrets = uses(&keeps_secrets) || services().any(|one| !one.secrets.is_empty());
    let all = [("sqs", queues), ("secretsmanager", secrets)];
    all.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name).collect()
}

fn interface(build: &mut Build, network: &Network, name: &str, group: &Handle) {
    let own = name.replace('.', "-");
    let spec = VpcEndpoint {
        vpc_id: network.vpc.clone(),
        service_name: service(build, name),
        vpc_endpoint_type: EndpointType::Interface,
        route_table_ids: BTreeSet::new(),
        subnet_ids: network.app.iter().cloned().collect(),
        security_group_ids: [group.output("id")].into(),
        private_dns_enabled: true,
        policy_document: None,
        tags: build.tags(COMPONENT, &own),
    };
    build.add(COMPONENT, &own, &spec);
}

fn service(build: &Build, name: &str) -> String {
    format!("com.amazonaws.{}.{name}", build.facts.region)
}
