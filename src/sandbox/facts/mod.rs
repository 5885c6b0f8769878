//! Facts of the simulated account: plausible and deterministic.
mod api_gateway;
mod cache;
mod database;
mod hosted_zone;

use super::state::{Entry, State};
use crate::facts::{Facts, Image, InstanceType, Query, Subnet, Zone};
use crate::names::hash;
use crate::resource::{Id, Place};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ARM: &str = "arm64";
const X86: &str = "x86_64";

pub fn facts(place: &Place, query: &Query, state: &State) -> Facts {
    let zones = zones(&place.region);
    let zone_ids: BTreeSet<String> = zones.iter().map(|zone| zone.id.clone()).collect();
    let known = |name: &String| Some((name.clone(), instance_type(name)?));
    let instance_types: BTreeMap<_, _> = query.instance_types.iter().filter_map(known).collect();
    let offerings = instance_types.keys().map(|name| (name.clone(), zone_ids.clone())).collect();
    let mut images = BTreeMap::new();
    let mut image_parameters = BTreeMap::new();
    for parameter in query.image_parameters.iter().filter(|name| name.starts_with('/')) {
        let configured = state.known.image_parameters.get(parameter).cloned();
        let id =
            configured.unwrap_or_else(|| aws_id("ami", &format!("{}{parameter}", place.region)));
        let named_arm = parameter.contains("arm64") || parameter.contains("aarch64");
        images.insert(id.clone(), image(if named_arm { ARM } else { X86 }));
        image_parameters.insert(parameter.clone(), id);
    }
    // The architecture of an image given by ID is unknown here; it is assumed to fit the
    // instance types.
    let all_arm = !instance_types.is_empty()
        && instance_types.values().all(|kind| kind.architectures.contains(ARM));
    for id in query.images.iter().filter(|id| is_id("ami", id)) {
        images.entry(id.clone()).or_insert_with(|| image(if all_arm { ARM } else { X86 }));
    }
    Facts {
        account: place.account.clone(),
        region: place.region.clone(),
        partition: partition(&place.region).to_string(),
        subnets: subnets(place, query, state, &zones),
        hosted_zones: hosted_zone::hosted_zones(&query.zones, state),
        zones,
        offerings,
        image_parameters,
        images,
        instance_types,
        cache_versions: cache::versions(&query.cache_engines),
        database_classes: database::offers(place, query),
        api_gateway: query.api_gateway.then(api_gateway::facts),
        edge_addresses: query.edge_addresses.then(|| aws_id("pl", &place.region)),
    }
}

fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// Six zones in us-east-1, as on AWS; three in other regions, which is the most common number.
fn zones(region: &str) -> Vec<Zone> {
    let count = if region == "us-east-1" { 6 } else { 3 };
    let short = short(region);
    let zone = |(at, letter): (usize, char)| Zone {
        name: format!("{region}{letter}"),
        id: format!("{short}-az{}", at + 1),
    };
    ('a'..='f').take(count).enumerate().map(zone).collect()
}

/// The abbreviation of a region in zone IDs, such as `use1` or `apse2`:
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html>.
fn short(region: &str) -> String {
    let abbreviate = |(at, word): (usize, &str)| match word {
        _ if at == 0 => word.to_string(),
        "gov" => "g".to_string(),
        "northeast" => "ne".to_string(),
        "northwest" => "nw".to_string(),
        "southeast" => "se".to_string(),
        "southwest" => "sw".to_string(),
        _ if word.chars().all(|c| c.is_ascii_digit()) => word.to_string(),
        _ => word.chars().take(1).collect(),
    };
    region.split('-').enumerate().map(abbreviate).collect()
}

/// Derives an instance type from its name: `m7g.2xlarge` is Arm by the `g` after the generation
/// and has eight vCPUs. None if the name does not have the shape of an instance type.
fn instance_type(name: &str) -> Option<InstanceType> {
    let (family, size) = name.split_once('.')?;
    let digit = family.find(|c: char| c.is_ascii_digit())?;
    let (class, rest) = family.split_at(digit);
    let attributes = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let letters = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if class.is_empty() || !letters(class) || !letters(attributes) {
        return None;
    }
    let arm = attributes.contains('g') || family == "a1";
    let architectures = BTreeSet::from([if arm { ARM } else { X86 }.to_string()]);
    Some(InstanceType { architectures, vcpus: vcpus(class, size)? })
}

fn vcpus(class: &str, size: &str) -> Option<u32> {
    match size {
        "nano" | "micro" | "small" | "medium" if class == "t" => Some(2),
        "medium" => Some(1),
        "large" => Some(2),
        "xlarge" => Some(4),
        "metal" => Some(64),
        _ => match (size.strip_prefix("metal-"), size.strip_suffix("xlarge")) {
            (Some(metal), _) => metal.strip_suffix("xl")?.parse().ok().map(|n: u32| n * 4),
            (None, Some(times)) => times.parse().ok().map(|n: u32| n * 4),
            _ => None,
        },
    }
}

fn image(architecture: &str) -> Image {
    Image { architecture: architecture.into(), root_device: "/dev/xvda".into() }
}

/// An identifier in AWS's format, the same for the same text.
fn aws_id(prefix: &str, text: &str) -> String {
    format!("{prefix}-0{}", hash(text, 16))
}

fn is_id(prefix: &str, text: &str) -> bool {
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit()))
}

/// Existing subnets: those that the sandbox's file lists, those that stacks of this sandbox created,
/// and any other ID that has the format of a subnet ID, spread over the zones of one VPC.
fn subnets(
    place: &Place,
    query: &Query,
    state: &State,
    zones: &[Zone],
) -> BTreeMap<String, Subnet> {
    let created = |wanted: &String| {
        let by_id = |entry: &&Entry| {
            entry.region == place.region && entry.outputs.get("id") == Some(wanted)
        };
        let entry = state.entries().iter().find(by_id)?;
        let text = |name: &str| entry.spec.get(name).and_then(Value::as_str).map(str::to_string);
        Some(Subnet { vpc: text("VpcId")?, zone: text("AvailabilityZone")? })
    };
    let generated = |at: usize| {
        let zone = zones.get(at % zones.len().max(1))?.name.clone();
        Some(Subnet { vpc: aws_id("vpc", &Id::new("vpc", &place.region).to_string()), zone })
    };
    let wanted = query.subnets.iter().filter(|id| is_id("subnet", id)).enumerate();
    let found = wanted.filter_map(|(at, id)| {
        let configured = state.known.subnets.get(id).cloned();
        Some((id.clone(), configured.or_else(|| created(id)).or_else(|| generated(at))?))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviates_regions_as_zone_ids_do() {
        for (region, expected) in [
            ("us-east-1", "use1"),
            ("eu-west-3", "euw3"),
            ("ap-southeast-2", "apse2"),
            ("eu-central-1", "euc1"),
            ("us-gov-west-1", "usgw1"),
            ("ca-central-1", "cac1"),
        ] {
            assert_eq!(short(region), expected);
        }
        assert_eq!(zones("us-east-1").len(), 6);
        assert_eq!(zones("eu-west-1")[2].name, "eu-west-1c");
    }

    #[test]
    fn derives_an_instance_type_from_its_name() {
        let read = |name| {
            let found = instance_type(name)?;
            Some((found.architectures.into_iter().next()?, found.vcpus))
        };
        for (name, architecture, vcpus) in [
            ("t4g.small", ARM, 2),
            ("m7g.2xlarge", ARM, 8),
            ("c7gn.medium", ARM, 1),
            ("g4dn.xlarge", X86, 4),
            ("m7i-flex.large", X86, 2),
            ("m7i.metal-24xl", X86, 96),
        ] {
            assert_eq!(read(name), Some((architecture.to_string(), vcpus)), "{name}");
        }
        for name in ["", "t4g", "t4g.", "t4g.tiny", "large.t4g", "T4G.small"] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
