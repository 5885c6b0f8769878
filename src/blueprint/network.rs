//! `network`: the VPC, its subnets, NAT gateways and endpoints.

use ipnet::Ipv4Net;
use serde::Serialize;
use std::collections::BTreeSet;

use super::language::code;
use super::language::decode::{Decoder, Value};
use super::language::fields::Fields;
use super::language::names::is_aws_id;
use super::language::serialize::as_text;
use crate::suggest;

/// The VPC of the stack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Network {
    /// The CIDR block of the VPC, with a prefix of 16 to 19 and no host bits. Default: `10.0.0.0/16`.
    #[serde(serialize_with = "as_text")]
    pub cidr: Ipv4Net,
    /// The number of Availability Zones, 2 to 6. Default: 3, with the `dev` preset 2.
    pub zones: u8,
    /// Default: per zone, with the `dev` preset single.
    pub nat: Nat,
    /// Additional interface endpoints by the short name of the service (`logs`, `ecr.api`).
    pub endpoints: BTreeSet<String>,
    /// None: off. Default: on, with the `dev` preset off.
    pub flow_logs: Option<FlowLogs>,
    /// An existing network. tenfold then creates no network, and the fields above do not apply.
    pub existing: Option<ExistingNetwork>,
}

/// The NAT gateways through which private subnets reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nat {
    PerZone,
    Single,
    None,
}

/// Flow logs of the VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowLogs {
    /// Days that flow logs are kept, 1 to 3653. Default: 90, with the `dev` preset 7.
    pub retention_days: u32,
}

/// A VPC that is not part of the stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExistingNetwork {
    /// `vpc-…`
    pub vpc: String,
    pub subnets: ExistingSubnets,
}

/// The IDs of existing subnets by role. A role that no component uses may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExistingSubnets {
    pub public: Vec<String>,
    pub app: Vec<String>,
    pub data: Vec<String>,
}

/// Common interface endpoints by the short name of the service, for suggestions.
const ENDPOINTS: &[&str] = &[
    "acm-pca",
    "application-autoscaling",
    "athena",
    "autoscaling",
    "bedrock-runtime",
    "cloudformation",
    "cloudtrail",
    "codeartifact.api",
    "codeartifact.repositories",
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "elasticache",
    "elasticfilesystem",
    "elasticloadbalancing",
    "email-smtp",
    "events",
    "execute-api",
    "glue",
    "kinesis-firehose",
    "kinesis-streams",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "rds",
    "rds-data",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "states",
    "sts",
    "synthetics",
    "xray",
];

/// The network of a blueprint without `network`.
pub(super) fn default(decoder: &Decoder<'_>) -> Network {
    Network {
        cidr: default_cidr(),
        zones: decoder.preset(3, 2),
        nat: decoder.preset(Nat::PerZone, Nat::Single),
        endpoints: BTreeSet::new(),
        flow_logs: decoder.preset(Some(FlowLogs { retention_days: 90 }), None),
        existing: None,
    }
}

fn default_cidr() -> Ipv4Net {
    Ipv4Net::new_assert([10, 0, 0, 0].into(), 16)
}

pub(super) fn decode(value: Value<'_>) -> Option<Network> {
    value.fields(|fields| {
        let defaults = default(value.decoder);
        let existing = existing(fields);
        let logs = FlowLogs { retention_days: value.decoder.preset(90, 7) };
        Network {
            cidr: fields.or("cidr", defaults.cidr, cidr),
            zones: fields.optional("zones", zones).unwrap_or(defaults.zones),
            nat: fields.or("nat", defaults.nat, |value| {
                value.word(&[
                    ("per_zone", Nat::PerZone),
                    ("single", Nat::Single),
                    ("none", Nat::None),
                ])
            }),
            endpoints: fields.or("endpoints", defaults.endpoints, |value| {
                value.list(endpoint).map(BTreeSet::from_iter)
            }),
            flow_logs: fields
                .switch("flow_logs", defaults.flow_logs, |value| flow_logs(value, logs)),
            existing,
        }
    })
}

fn zones(value: Value<'_>) -> Option<u8> {
    value.count(2..=6).and_then(|zones| u8::try_from(zones).ok())
}

/// The short name of a service. Accepts unknown names because AWS adds services, but warns of names
/// that look like a misspelt one of `ENDPOINTS`.
fn endpoint(value: Value<'_>) -> Option<String> {
    let is_name = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.'))
    };
    let name = value.shaped(is_name, "the short name of a service", "secretsmanager")?;
    if name == "s3" {
        let report =
            value.warning(code::NOT_NEEDED, "`s3` needs no interface endpoint", "not needed");
        value.report(
            report.help("remove `s3`: every network has a gateway endpoint of S3, which is free"),
        );
        return None;
    }
    if !ENDPOINTS.contains(&name.as_str())
        && let Some(near) = suggest::nearest(&name, ENDPOINTS.iter().copied())
    {
        let summary = format!("unknown endpoint `{name}`");
        let report = value.warning(code::UNCERTAIN_WORD, summary, "may not exist");
        value.report(report.help(format!("did you mean `{near}`?")));
    }
    Some(name)
}

fn flow_logs(value: Value<'_>, default: FlowLogs) -> Option<FlowLogs> {
    if value.is_true() {
        return Some(default);
    }
    value.fields(|fields| FlowLogs {
        retention_days: fields
            .or("retention", default.retention_days, |value| value.days(1..=3653)),
    })
}

/// The CIDR block of a VPC. A subnet gets at most a sixteenth of the block, and a load balancer needs
/// eight free addresses in each subnet: a prefix longer than 19 leaves too few.
fn cidr(value: Value<'_>) -> Option<Ipv4Net> {
    let text = value.text()?;
    let Ok(block) = text.parse::<Ipv4Net>() else {
        return value.malformed("an IPv4 CIDR block", "write it like `10.0.0.0/16`");
    };
    let prefix = block.prefix_len();
    if block.trunc() != block {
        let summary = format!("`{text}` has host bits set");
        let report = value.error(code::HOST_BITS, summary, "an address within the block");
        value.report(report.help(format!("write {}", block.trunc())));
        return None;
    }
    if prefix > 19 {
        let summary = format!("a /{prefix} is too small for a network");
        let report = value.error(code::CIDR_SIZE, summary, "must be a /16 to /19");
        let help = format!(
            "write {}/19 or a larger block: public subnets of this block would have {} addresses, and a load balancer needs eight free addresses in each",
            block.network(),
            1_u64 << 24_u8.saturating_sub(prefix),
        );
        value.report(report.help(help));
        return None;
    }
    if prefix < 16 {
        let summary = format!("a /{prefix} is too large for a VPC");
        let report = value.error(code::CIDR_SIZE, summary, "must be a /16 to /19");
        value.report(report.help(format!("write {}/16", block.network())));
        return None;
    }
    if !is_private(&block) {
        let report = value.error(
            code::PUBLIC_CIDR,
            format!("`{text}` is not a private block"),
            "public addresses",
        );
        value.report(report.help(
            "write a block within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
        ));
        return None;
    }
    Some(block)
}

fn is_private(block: &Ipv4Net) -> bool {
    let private =
        [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16), ([100, 64, 0, 0], 10)];
    private
        .iter()
        .any(|(address, prefix)| Ipv4Net::new_assert((*address).into(), *prefix).contains(block))
}

/// `vpc` and `subnets`: a network that tenfold uses and does not change.
fn existing(fields: &mut Fields<'_>) -> Option<ExistingNetwork> {
    let vpc =
        fields.optional("vpc", |value| value.shaped(is_aws_id("vpc"), "a VPC ID", "vpc-0a1b2c3d"));
    if !fields.has("vpc") {
        let subnets = fields.get("subnets")?;
        let report =
            subnets.error(code::MISSING_KEY, "`subnets` is set without `vpc`", "needs `vpc`");
        subnets.report(
            report.help("add `vpc: vpc-…`, or remove `subnets`: tenfold then creates subnets"),
        );
        return None;
    }
    for key in ["cidr", "zones", "nat", "endpoints", "flow_logs"] {
        if fields.has(key) {
            fields.clash(
                code::EXISTING_NETWORK,
                format!("both `{key}` and `vpc` are set"),
                (key, "applies to a new network"),
                ("vpc", "an existing network"),
                format!("remove `{key}`: tenfold never changes an existing network"),
            );
        }
    }
    let example = "subnets: { public: [subnet-…, subnet-…], app: [subnet-…, subnet-…] }";
    let subnets = fields.required("subnets", example, |value| {
        value.fields(|fields| ExistingSubnets {
            public: fields.or("public", Vec::new(), subnets),
            app: fields.or("app", Vec::new(), subnets),
            data: fields.or("data", Vec::new(), subnets),
        })
    })?;
    Some(ExistingNetwork { vpc: vpc?, subnets })
}

fn subnets(value: Value<'_>) -> Option<Vec<String>> {
    value.items(16, |value| value.shaped(is_aws_id("subnet"), "a subnet ID", "subnet-0a1b2c3d"))
}
