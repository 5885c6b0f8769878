//! `services`: Auto Scaling groups of EC2 instances that run a program.
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

/// An entry of `services`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    /// Instance types in order of preference; never empty, all of one architecture. Default:
    /// `m7g.large`, with the `dev` preset `t4g.small`.
    pub instances: Vec<String>,
    /// The CPU architecture of `instances`.
    pub architecture: Architecture,
    /// The image that instances boot. Default: the newest Amazon Linux 2023.
    pub image: Image,
    /// The script that an instance runs at its first boot, as written.
    pub user_data: Option<String>,
    /// TCP port on which the program listens; none if no route leads to the service.
    pub port: Option<u16>,
    /// Default: HTTP.
    pub protocol: Protocol,
    /// Which requests load balancers forward to the service.
    pub routes: Vec<Route>,
    /// When an instance counts as healthy.
    pub health: Health,
    /// How a load balancer distributes requests over the instances.
    pub target_group: TargetGroup,
    /// EBS volumes of each instance by name; always contains `root`.
    pub volumes: BTreeMap<String, Volume>,
    /// Environment variables of the program.
    pub environment: BTreeMap<String, String>,
    /// Components that the service may access; environment variables contain their addresses.
    pub uses: Vec<Use>,
    /// Queues whose messages the service processes.
    pub consumes: Consumes,
    /// Environment variable to the name of the secret whose value the variable gets.
    pub secrets: BTreeMap<String, String>,
    /// Statements of the instance role's policy.
    pub permissions: Vec<Permission>,
    /// ARNs of policies attached to the instance role in addition to the default ones; at most 8.
    pub managed_policies: Vec<String>,
    /// ARN of the policy that is the permissions boundary of the instance role.
    pub permissions_boundary: Option<String>,
    /// IDs of security groups in addition to the service's own.
    pub security_groups: Vec<String>,
    /// How many instances the service has.
    pub scale: Scale,
    /// How a new version replaces instances.
    pub rollout: Rollout,
    /// Seconds that an instance has to finish work before it is terminated, 30 to 7200. Default:
    /// none, or what the consumed queues need.
    pub drain_s: Option<u32>,
    /// Lifecycle hooks by name; at most 49.
    pub hooks: BTreeMap<String, Hook>,
    /// None: all instances are On-Demand Instances.
    pub spot: Option<Spot>,
    /// Age in seconds at which an instance is replaced, 1 to 365 days; none: never. Default: 14
    /// days.
    pub lifetime_s: Option<u32>,
    /// Whether new instances are protected from scale-in. Default: false.
    pub protect_from_scale_in: bool,
    /// Refuses to delete the group while it has instances. Default: true, with the `dev` preset
    /// false.
    pub deletion_protection: bool,
    /// Applied in this order to choose the instance that is terminated first; at most 6.
    pub termination_policies: Vec<TerminationPolicy>,
    /// Whether EC2's detailed monitoring is on. Default: true.
    pub detailed_monitoring: bool,
    /// Network hops that a response of the instance metadata service may take, 1 to 64. Default: 1.
    pub metadata_hop_limit: u32,
    /// Name of the EC2 key pair for SSH.
    pub key_name: Option<String>,
    /// Default: the private subnets for applications.
    pub subnets: SubnetRole,
    /// Whether instances get a public IPv4 address. Default: only in public subnets.
    pub public_ip: bool,
    /// Changes to the default alarms.
    pub alarms: Alarms,
    /// Metrics counted in the service's log, by name.
    pub metrics: BTreeMap<String, LogMetric>,
}

/// The protocol between a load balancer and the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    Http,
    Https,
    Http2,
    Grpc,
}

/// The subnets that contain the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubnetRole {
    App,
    Public,
}

/// Rules of Auto Scaling that choose the instance to terminate.
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

pub(super) fn decode(value: Value<'_>) -> Option<Service> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let default_instance = decoder.preset("m7g.large", "t4g.small").to_string();
        let instances = fields.or("instances", vec![default_instance], image::instances);
        let image = fields.or("image", Image::Newest, image::decode);
        let protocol = fields.or("protocol", Protocol::Http, protocol);
        let subnets = fields.or("subnets", SubnetRole::App, |value| {
            value.word(&[("app", SubnetRole::App), ("public", SubnetRole::Public)])
        });
        let consumes = fields.or("consumes", Consumes::new(), consume::decode);
        // By default, a consumer of queues scales by their backlog and not by its CPU usage.
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

/// The default of `drain`, in seconds: a consumer of queues gets the time to finish the messages
/// that it is processing.
fn default_drain(consumes: &Consumes) -> Option<u32> {
    consume::slowest_ms(consumes).map(|ms| ms.div_ceil(1000).clamp(120, hook::MAX_TIMEOUT_S))
}

/// The longest handler time of any consumer, in milliseconds, by the name of the queue.
pub(super) fn slowest_handlers(services: &BTreeMap<String, Service>) -> BTreeMap<String, u32> {
    let mut slowest = BTreeMap::new();
    for (queue, consume) in services.values().flat_map(|service| &service.consumes) {
        let longest: &mut u32 = slowest.entry(queue.clone()).or_default();
        *longest = consume.handler_time_ms.max(*longest);
    }
    slowest
}

impl Service {
    /// The largest number of instances that `scale` and its schedule allow.
    pub fn max_instances(&self) -> u32 {
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

/// Defaults to true in public subnets: there an instance reaches the internet only through a public
/// address.
fn public_ip(fields: &mut Fields<'_>, subnets: SubnetRole) -> bool {
    let public_ip = fields.optional("public_ip", Value::boolean);
    if public_ip == Some(true)
        && subnets == SubnetRole::App
        && let Some(value) = fields.get("public_ip")
    {
        let summary = "instances in private subnets cannot have public addresses";
        let report = value.error(code::EITHER_OR, summary, "needs public subnets");
        value.report(report.help("add `subnets: public`, or remove `public_ip`"));
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
