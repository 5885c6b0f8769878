//! `services`: groups of instances that run a program.
pub mod connection;
pub mod consume;
pub mod environment;
pub mod health;
pub mod hook;
pub mod image;
pub mod log_metric;
pub mod permission;
pub mod rollout;
pub mod scale;
pub mod spot;
pub mod target_group;
pub mod user_data;
pub mod volume;

use serde::Serialize;
use std::collections::BTreeMap;

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::is_arn;
use super::load_balancer::route::Route;
use super::load_balancer::{extra_security_groups, route};
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use connection::Use;
use consume::Consumes;
use health::Health;
use hook::Hook;
use log_metric::LogMetric;
use permission::Permission;
use rollout::Rollout;
use scale::Scale;
use volume::Volume;

pub use image::{Architecture, Image};
pub use spot::{Spot, SpotStrategy};
pub use target_group::{Algorithm, Stickiness, TargetGroup};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    /// Instance types, the preferred first; never empty, all of one architecture.
    pub instances: Vec<String>,
    pub architecture: Architecture,
    pub image: Image,
    /// What an instance runs at its first boot, as written.
    pub user_data: Option<String>,
    /// Where the program listens; none if nothing is routed to it.
    pub port: Option<u16>,
    pub protocol: Protocol,
    pub routes: Vec<Route>,
    pub health: Health,
    pub target_group: TargetGroup,
    /// By name; `root` is always there.
    pub volumes: BTreeMap<String, Volume>,
    pub environment: BTreeMap<String, String>,
    /// What it may reach, and is told of.
    pub uses: Vec<Use>,
    /// The queues that it works off.
    pub consumes: Consumes,
    /// By variable, the secret whose value it gets.
    pub secrets: BTreeMap<String, String>,
    pub permissions: Vec<Permission>,
    /// ARNs of policies attached to the instance role beside the default ones.
    pub managed_policies: Vec<String>,
    /// ARN of the policy that bounds the instance role.
    pub permissions_boundary: Option<String>,
    /// Ids of security groups beside its own.
    pub security_groups: Vec<String>,
    pub scale: Scale,
    pub rollout: Rollout,
    /// Time an instance has to finish work before it goes.
    pub drain_s: Option<u32>,
    pub hooks: BTreeMap<String, Hook>,
    pub spot: Option<Spot>,
    /// Age at which an instance is replaced; none: never.
    pub lifetime_s: Option<u32>,
    pub protect_from_scale_in: bool,
    /// Refuses to delete the group while it has instances.
    pub deletion_protection: bool,
    /// In the order they decide which instance goes first.
    pub termination_policies: Vec<TerminationPolicy>,
    pub detailed_monitoring: bool,
    pub metadata_hop_limit: u32,
    pub key_name: Option<String>,
    pub subnets: SubnetRole,
    pub public_ip: bool,
    pub alarms: Alarms,
    /// What its log says, counted.
    pub metrics: BTreeMap<String, LogMetric>,
}

/// How a load balancer speaks to the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    Http,
    Https,
    Http2,
    Grpc,
}

/// Where instances live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubnetRole {
    App,
    Public,
}

/// Which instance goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminationPolicy {
    Default,
    AllocationStrategy,
    OldestLaunchTemplate,
    OldestInstance,
    NewestInstance,
    ClosestToNextInstanceHour,
}

const DAY_S: u32 = 86_400;

pub(crate) fn decode(value: Value<'_>) -> Option<Service> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let usual_instance = decoder.preset("m7g.large", "t4g.small").to_string();
        let instances = fields.or("instances", vec![usual_instance], image::instances);
        let image = fields.or("image", Image::Newest, image::decode);
        let protocol = fields.or("protocol", Protocol::Http, protocol);
        let subnets = fields.or("subnets", SubnetRole::App, |value| {
            value.word(&[("app", SubnetRole::App), ("public", SubnetRole::Public)])
        });
        let consumes = fields.or("consumes", Consumes::new(), consume::decode);
        // Whoever works off a queue follows its backlog, unless told otherwise.
        let by_cpu = !fields.has("consumes");
        let scale = fields
            .or("scale", scale::default(decoder, by_cpu), |value| scale::decode(value, by_cpu));
        let spot = fields.optional("spot", spot::decode);
        refuse_large_base(fields, spot.as_ref(), &scale);
        Service {
            architecture: architecture(&instances),
            instances,
            user_data: fields.optional("user_data", user_data::decode),
            port: fields.optional("port", health::port),
            routes: fields.or("routes", Vec::new(), |value| value.list(route::decode)),
            health: fields
                .or("health", health::default(protocol), |value| health::decode(value, protocol)),
            target_group: target_group::decode(fields),
            volumes: fields
                .or("volumes", volume::default(&image), |value| volume::decode(value, &image)),
            image,
            protocol,
            environment: fields.or("environment", BTreeMap::new(), environment::decode),
            uses: fields.or("uses", Vec::new(), |value| value.items(50, connection::decode)),
            secrets: fields.or("secrets", BTreeMap::new(), connection::secrets),
            permissions: fields
                .or("permissions", Vec::new(), |value| value.list(permission::decode)),
            managed_policies: fields
                .or("managed_policies", Vec::new(), |value| value.items(8, policy)),
            permissions_boundary: fields.optional("permissions_boundary", policy),
            security_groups: fields.or("security_groups", Vec::new(), extra_security_groups),
            scale,
            rollout: fields.or("rollout", rollout::default(decoder), rollout::decode),
            drain_s: fields.switch("drain", default_drain(&consumes), hook::timeout),
            consumes,
            hooks: fields.or("hooks", BTreeMap::new(), |value| {
                value.at_most(49, value.node.map().map_or(0, BTreeMap::len));
                value.named(hook::decode)
            }),
            spot,
            lifetime_s: fields
                .switch("lifetime", Some(14 * DAY_S), |value| value.seconds(DAY_S..=365 * DAY_S)),
            protect_from_scale_in: fields.or("protect_from_scale_in", false, Value::boolean),
            deletion_protection: {
                fields.or("deletion_protection", decoder.preset(true, false), Value::boolean)
            },
            termination_policies: fields.or(
                "termination_policies",
                vec![TerminationPolicy::Default],
                |value| value.items(6, termination_policy),
            ),
            detailed_monitoring: fields.or("detailed_monitoring", true, Value::boolean),
            metadata_hop_limit: fields.or("metadata_hop_limit", 1, |value| value.count(1..=64)),
            key_name: fields.optional("key_name", |value| value.text().map(str::to_string)),
            public_ip: public_ip(fields, subnets),
            subnets,
            alarms: fields.or("alarms", Alarms::new(), |value| alarms::decode(value, "services")),
            metrics: fields.or("metrics", BTreeMap::new(), |value| value.named(log_metric::decode)),
        }
    })
}

/// Who works off a queue gets the time to finish what it has begun.
fn default_drain(consumes: &Consumes) -> Option<u32> {
    consume::slowest_ms(consumes).map(|ms| ms.div_ceil(1000).clamp(120, hook::LONGEST_S))
}

/// By queue, the longest that any consumer takes for a message, in milliseconds.
pub(crate) fn slowest_handlers(services: &BTreeMap<String, Service>) -> BTreeMap<String, u32> {
    let mut slowest = BTreeMap::new();
    for (queue, consume) in services.values().flat_map(|service| &service.consumes) {
        let most: &mut u32 = slowest.entry(queue.clone()).or_default();
        *most = consume.handler_time_ms.max(*most);
    }
    slowest
}

impl Service {
    /// The most instances it may ever have.
    pub fn most(&self) -> u32 {
        let windows = self.scale.schedule.values().filter_map(|window| window.max);
        windows.chain([self.scale.max]).max().unwrap_or_default()
    }
}

fn architecture(instances: &[String]) -> Architecture {
    instances.first().map_or(Architecture::Arm64, |first| image::architecture(first))
}

fn protocol(value: Value<'_>) -> Option<Protocol> {
    value.word(&[
        ("http", Protocol::Http),
        ("https", Protocol::Https),
        ("http2", Protocol::Http2),
        ("grpc", Protocol::Grpc),
    ])
}

fn policy(value: Value<'_>) -> Option<String> {
    value.shaped(is_arn("iam"), "the ARN of an IAM policy", "arn:aws:iam::111122223333:policy/name")
}

fn termination_policy(value: Value<'_>) -> Option<TerminationPolicy> {
    value.word(&[
        ("default", TerminationPolicy::Default),
        ("allocation_strategy", TerminationPolicy::AllocationStrategy),
        ("oldest_launch_template", TerminationPolicy::OldestLaunchTemplate),
        ("oldest_instance", TerminationPolicy::OldestInstance),
        ("newest_instance", TerminationPolicy::NewestInstance),
        ("closest_to_next_instance_hour", TerminationPolicy::ClosestToNextInstanceHour),
    ])
}

/// In a public subnet an instance has no other way out.
fn public_ip(fields: &mut Fields<'_>, subnets: SubnetRole) -> bool {
    let public_ip = fields.optional("public_ip", Value::boolean);
    if public_ip == Some(true)
        && subnets == SubnetRole::App
        && let Some(value) = fields.get("public_ip")
    {
        let summary = "a public address in a private subnet";
        let report = value.error(code::EITHER_OR, summary, "leads nowhere from there");
        value.report(report.help("write `subnets: public` beside it, or remove it"));
    }
    public_ip.unwrap_or(subnets == SubnetRole::Public)
}

fn refuse_large_base(fields: &Fields<'_>, spot: Option<&Spot>, scale: &Scale) {
    if let Some(spot) = spot
        && spot.on_demand_base > scale.max
    {
        fields.clash(
            code::BASE_ABOVE_MAX,
            "`on_demand_base` is above `max`",
            ("spot.on_demand_base", &format!("is {}", spot.on_demand_base)),
            ("scale.max", &format!("is {}", scale.max)),
            format!("write an `on_demand_base` of at most {}", scale.max),
        );
    }
}
