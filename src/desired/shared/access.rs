//! Security groups, and rules that refer to groups rather than to addresses.
use crate::desired::build::{Build, Handle};
use crate::kinds::ec2::security_group::SecurityGroup;
use crate::kinds::ec2::security_group_rule::{Direction, SecurityGroupRule};
use std::collections::BTreeSet;

/// The limit of EC2 for the name of a group.
const GROUP_NAME: usize = 255;

pub const HTTP: u16 = 80;
pub const HTTPS: u16 = 443;

/// The other end of a rule.
pub enum Peer<'a> {
    Group(&'a str),
    Cidr(String),
    PrefixList(&'a str),
}

/// Adds a group that allows no traffic until rules are added.
pub fn group(build: &mut Build, vpc_id: &str, component: &str, name: &str) -> Handle {
    let spec = SecurityGroup {
        group_name: build.name(name, GROUP_NAME),
        // A create-only property, so it contains nothing that can change.
        group_description: format!("tenfold {component}"),
        vpc_id: vpc_id.into(),
        security_group_egress: BTreeSet::new(),
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

/// Allows inbound TCP from a peer on one port.
pub fn allow_in(
    build: &mut Build,
    component: &str,
    name: &str,
    group: &Handle,
    port: u16,
    peer: &Peer,
) {
    rule(build, component, name, Direction::Ingress, group, port, peer);
}

/// Allows outbound TCP to a peer on one port.
pub fn allow_out(
    build: &mut Build,
    component: &str,
    name: &str,
    group: &Handle,
    port: u16,
    peer: &Peer,
) {
    rule(build, component, name, Direction::Egress, group, port, peer);
}

/// Allows TCP from one group to another on one port: an egress rule and an ingress rule.
pub fn connect(
    build: &mut Build,
    component: &str,
    (from_name, from): (&str, &Handle),
    (to_name, to): (&str, &Handle),
    port: u16,
) {
    let to_id = to.output("id");
    let from_id = from.output("id");
    let name = format!("{from_name}-to-{to_name}-{port}");
    allow_out(build, component, &name, from, port, &Peer::Group(&to_id));
    let name = format!("{to_name}-from-{from_name}-{port}");
    allow_in(build, component, &name, to, port, &Peer::Group(&from_id));
}

fn rule(
    build: &mut Build,
    component: &str,
    name: &str,
    direction: Direction,
    group: &Handle,
    port: u16,
    peer: &Peer,
) {
    let inward = direction == Direction::Ingress;
    let mut rule = SecurityGroupRule {
        direction,
        group_id: group.output("id"),
        ip_protocol: "tcp".into(),
        from_port: Some(port.into()),
        to_port: Some(port.into()),
        cidr_ip: None,
        cidr_ipv6: None,
        source_security_group_id: None,
        destination_security_group_id: None,
        source_prefix_list_id: None,
        destination_prefix_list_id: None,
        description: name.to_string(),
        tags: build.tags(component, name),
    };
    match peer {
        Peer::Group(id) if inward => rule.source_security_group_id = Some(id.to_string()),
        Peer::Group(id) => rule.destination_security_group_id = Some(id.to_string()),
        Peer::PrefixList(id) if inward => rule.source_prefix_list_id = Some(id.to_string()),
        Peer::PrefixList(id) => rule.destination_prefix_list_id = Some(id.to_string()),
        Peer::Cidr(cidr) if cidr.contains(':') => rule.cidr_ipv6 = Some(cidr.clone()),
        Peer::Cidr(cidr) => rule.cidr_ip = Some(cidr.clone()),
    }
    build.add(component, name, &rule);
}

/// A peer as part of a name: `10.0.0.0/16` becomes `10-0-0-0-16`.
pub fn slug(text: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let slug: String = text.chars().map(word).collect();
    slug.trim_matches('-').to_string()
}
