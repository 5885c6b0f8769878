//! `network`: a VPC with subnets and routes to the internet, or an existing VPC.
mod cidr;
mod endpoints;
mod parts;

pub use parts::Network;

use super::build::{Build, Handle};
use super::code;
use super::property::pointer;
use crate::blueprint::Blueprint;
use crate::blueprint::network::{ExistingNetwork, Nat, Network as Wanted};
use crate::facts::{Facts, Zone};
use crate::kinds::ec2::default_security_group::DefaultSecurityGroup;
use crate::kinds::ec2::elastic_ip::ElasticIp;
use crate::kinds::ec2::internet_gateway::InternetGateway;
use crate::kinds::ec2::nat_gateway::NatGateway;
use crate::kinds::ec2::route_table::{Route, RouteTable};
use crate::kinds::ec2::subnet::Subnet;
use crate::kinds::ec2::vpc::Vpc;
use crate::resource::Pin;
use parts::COMPONENT;
use std::collections::BTreeSet;

const ANYWHERE: &str = "0.0.0.0/0";

pub fn expand(build: &mut Build, wanted: &Wanted) -> Network {
    match &wanted.existing {
        Some(existing) => use_existing(build, existing),
        None => create(build, wanted),
    }
}

/// Checks the subnets of an existing network. `tenfold` never changes such a network.
fn use_existing(build: &mut Build, existing: &ExistingNetwork) -> Network {
    let subnets = &existing.subnets;
    for (role, ids) in [("public", &subnets.public), ("app", &subnets.app), ("data", &subnets.data)]
    {
        let path = format!("network.subnets.{role}");
        for id in ids {
            let problem = match build.facts.subnets.get(id) {
                None => Some(format!("{id} does not exist in this account and region")),
                Some(found) if found.vpc != existing.vpc => {
                    Some(format!("{id} is in {}, not in {}", found.vpc, existing.vpc))
                }
                Some(_) => None,
            };
            if let Some(problem) = problem {
                let help = "use subnets of that VPC, or set the VPC that they are in";
                build.report(build.blueprint.at(&path, code::SUBNET, problem, help));
            }
        }
    }
    Network {
        vpc: existing.vpc.clone(),
        cidr: None,
        public: subnets.public.clone(),
        app: subnets.app.clone(),
        data: subnets.data.clone(),
        route_tables: Vec::new(),
        endpoints: None,
    }
}

fn create(build: &mut Build, wanted: &Wanted) -> Network {
    let zones = choose_zones(build, usize::from(wanted.zones));
    let vpc = build.add(
        COMPONENT,
        "main",
        &Vpc {
            cidr_block: wanted.cidr.to_string(),
            enable_dns_support: true,
            enable_dns_hostnames: true,
            tags: build.tags(COMPONENT, "main"),
        },
    );
    build.add(
        COMPONENT,
        "main",
        &DefaultSecurityGroup {
            vpc_id: vpc.output("id"),
            security_group_ingress: BTreeSet::new(),
            security_group_egress: BTreeSet::new(),
        },
    );
    let tags = build.tags(COMPONENT, "main");
    let gateway =
        build.add(COMPONENT, "main", &InternetGateway { vpc_id: Some(vpc.output("id")), tags });
    let holds_data = ["caches", "databases"].iter().any(|section| build.blueprint.has(section));
    let mut subnets = |role: &str, block: fn(ipnet::Ipv4Net, u32) -> ipnet::Ipv4Net| {
        let one = |(index, zone): (u32, &Zone)| {
            let name = format!("{role}-{}", index + 1);
            let cidr = block(wanted.cidr, index);
            subnet(build, &vpc, &name, cidr, zone).output("id")
        };
        (0..).zip(&zones).map(one).collect::<Vec<String>>()
    };
    let (public, app) = (subnets("public", cidr::public), subnets("app", cidr::app));
    let data = if holds_data { subnets("data", cidr::data) } else { Vec::new() };
    let egress = Egress::InternetGateway(gateway.output("id"));
    let mut route_tables = vec![table(build, &vpc, "public", &public, egress)];
    route_tables.extend(app_tables(build, &vpc, wanted.nat, &public, &app));
    if holds_data {
        route_tables.push(table(build, &vpc, "data", &data, Egress::None));
    }
    let mut network = Network {
        vpc: vpc.output("id"),
        cidr: Some(wanted.cidr.to_string()),
        public,
        app,
        data,
        route_tables,
        endpoints: None,
    };
    network.endpoints = endpoints::expand(build, &network, wanted);
    network
}

fn subnet(
    build: &mut Build,
    vpc: &Handle,
    name: &str,
    cidr: ipnet::Ipv4Net,
    zone: &Zone,
) -> Handle {
    let spec = Subnet {
        vpc_id: vpc.output("id"),
        cidr_block: cidr.to_string(),
        availability_zone: zone.name.clone(),
        map_public_ip_on_launch: false,
        tags: build.tags(COMPONENT, name),
    };
    // The zones that fit can change; the zone of a subnet cannot.
    let pin = Pin { property: pointer(&spec, |spec| spec.availability_zone.clear()), source: None };
    build.add_pinned(COMPONENT, name, &spec, vec![pin])
}

/// The route of a table to addresses outside the VPC.
enum Egress {
    InternetGateway(String),
    Nat(String),
    None,
}

fn table(
    build: &mut Build,
    vpc: &Handle,
    name: &str,
    subnets: &[String],
    egress: Egress,
) -> String {
    let route = |gateway_id, nat_gateway_id| Route {
        destination_cidr_block: ANYWHERE.into(),
        gateway_id,
        nat_gateway_id,
    };
    let routes = match egress {
        Egress::InternetGateway(id) => BTreeSet::from([route(Some(id), None)]),
        Egress::Nat(id) => BTreeSet::from([route(None, Some(id))]),
        Egress::None => BTreeSet::new(),
    };
    let spec = RouteTable {
        vpc_id: vpc.output("id"),
        routes,
        subnet_ids: subnets.iter().cloned().collect(),
        tags: build.tags(COMPONENT, name),
    };
    build.add(COMPONENT, name, &spec).output("id")
}

/// Adds the route tables of the app subnets and their NAT gateways.
fn app_tables(
    build: &mut Build,
    vpc: &Handle,
    nat: Nat,
    public: &[String],
    app: &[String],
) -> Vec<String> {
    match nat {
        Nat::None => vec![table(build, vpc, "app", app, Egress::None)],
        Nat::Single => {
            let nat = public.first().map(|subnet| nat_gateway(build, "nat-1", subnet));
            vec![table(build, vpc, "app", app, nat.map_or(Egress::None, Egress::Nat))]
        }
        Nat::PerZone => {
            let zone = |(index, (public, app)): (usize, (&String, &String))| {
                let nat = nat_gateway(build, &format!("nat-{}", index + 1), public);
                let subnets = std::slice::from_ref(app);
                table(build, vpc, &format!("app-{}", index + 1), subnets, Egress::Nat(nat))
            };
            public.iter().zip(app).enumerate().map(zone).collect()
        }
    }
}

fn nat_gateway(build: &mut Build, name: &str, subnet: &str) -> String {
    let tags = build.tags(COMPONENT, name);
    let address = build.add(COMPONENT, name, &ElasticIp { domain: "vpc".into(), tags });
    let spec = NatGateway {
        subnet_id: subnet.into(),
        allocation_id: Some(address.output("id")),
        connectivity_type: "public".into(),
        tags: build.tags(COMPONENT, name),
    };
    build.add(COMPONENT, name, &spec).output("id")
}

/// The first zones, by zone ID, that offer every service at least one of its instance types. Zones
/// that lack fewer instance types come first.
fn choose_zones(build: &mut Build, wanted: usize) -> Vec<Zone> {
    let Build { blueprint, facts, .. } = build;
    let fit: Vec<(usize, &Zone)> = facts
        .zones
        .iter()
        .filter_map(|zone| Some((missing(blueprint, facts, zone)?, zone)))
        .collect();
    let mut best = fit.clone();
    best.sort_by_key(|(missing, _)| *missing);
    best.truncate(wanted);
    best.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
    if best.len() < wanted {
        let region = &facts.region;
        let summary =
            format!("the network needs {wanted} zones, and {region} has {} that fit", best.len());
        let help = "set fewer zones, or choose instance types that more zones offer";
        build.report(build.blueprint.at("network.zones", code::ZONES, summary, help));
    }
    best.into_iter().map(|(_, zone)| zone.clone()).collect()
}

/// How many of the configured instance types a zone lacks; none if a service could not run there.
fn missing(blueprint: &Blueprint, facts: &Facts, zone: &Zone) -> Option<usize> {
    let offers =
        |kind: &&String| facts.offerings.get(*kind).is_some_and(|zones| zones.contains(&zone.id));
    let lacks = blueprint.services.values().map(|service| {
        let lacks = service.instances.iter().filter(|kind| !offers(kind)).count();
        (lacks < service.instances.len()).then_some(lacks)
    });
    lacks.sum()
}
