//! Private ways to AWS's own services.
use super::parts::{COMPONENT, Network};
use crate::blueprint::network::{Nat, Network as Wanted};
use crate::blueprint::service::connection::Section;
use crate::desired::build::{Build, Handle};
use crate::desired::shared::access;
use crate::kinds::ec2::vpc_endpoint::{EndpointType, VpcEndpoint};
use std::collections::BTreeSet;

/// What instances cannot do without where there is no NAT gateway: Session Manager, and the
/// services that a boot script and the agent on an instance call.
const WITHOUT_NAT: &[&str] = &["ec2messages", "logs", "monitoring", "ssm", "ssmmessages"];
/// The group in front of all of them.
const GROUP: &str = "endpoints";

/// Adds the gateway endpoint of S3, which costs nothing, and the interface endpoints asked for or
/// needed. Gives back the group in front of the latter.
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

/// What services call for what they use. Parameters are among what all need.
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
